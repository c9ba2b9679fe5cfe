package dev.homeward.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.HuggingFaceConfig;
import dev.homeward.catalog.Tier;
import dev.homeward.keeping.Codec;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code homeward models import config.json}: a local model of your own. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = "Works on local models.",
    subcommands = ModelsCommand.Import.class,
    footer = {
      "",
      "Example: homeward models import config.json --id my-model --tier medium --date 2026-11-20"
          + " --out my-models.yaml"
    })
final class ModelsCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new InvalidInput(
        "Cannot run models: say what to do (homeward models import FILE --id ID --tier TIER)");
  }

  /** Imports a Hugging Face config.json. */
  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description =
          "Reads a Hugging Face config.json into a catalog file of your own, for --hardware.",
      footer = {
        "",
        "Example: homeward models import config.json --id my-model --tier medium --date 2026-11-20"
            + " --out my-models.yaml"
      })
  static final class Import implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The config.json.")
    private Path file;

    @Option(names = "--id", required = true, paramLabel = "ID", description = "Id of the model.")
    private String id;

    @Option(
        names = "--tier",
        required = true,
        paramLabel = "TIER",
        description =
            "embedding, small, medium, large or frontier: which hosted models it may stand in for.")
    private String tier;

    @Option(
        names = "--date",
        required = true,
        paramLabel = "YYYY-MM-DD",
        description = "Day it was read.")
    private String date;

    @Option(
        names = "--quantization",
        split = ",",
        paramLabel = "ID",
        description =
            "Weight formats to offer, in place of what the file says (homeward catalog lists"
                + " them).")
    private List<String> quantizations = List.of();

    @Option(
        names = "--out",
        required = true,
        paramLabel = "FILE",
        description = "The file to write.")
    private Path out;

    @Mixin private OutputFlags output;

    @Override
    public Integer call() {
      Tier known =
          Arrays.stream(Tier.values())
              .filter(t -> t.word().equals(tier.toLowerCase(Locale.ROOT)))
              .findFirst()
              .orElseThrow(
                  () ->
                      new InvalidInput(
                          "Invalid --tier: %s (embedding, small, medium, large or frontier)"
                              .formatted(tier)));
      for (String quantization : quantizations) {
        Catalog.standard().quantization(quantization);
      }
      HuggingFaceConfig.Imported read =
          HuggingFaceConfig.read(file, id, known, date, quantizations);
      try {
        Files.writeString(out, read.yaml());
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot write " + out, e);
      }
      StringBuilder text = new StringBuilder();
      read.remarks().forEach(remark -> text.append("Note: %s.%n".formatted(remark)));
      text.append("Wrote %s to %s. Use it with --hardware %s%n".formatted(id, out, out));
      ObjectNode document = Codec.object().put("model", id).put("file", out.toString());
      document.set("notes", Codec.tree(read.remarks()));
      output.print(text.toString(), document);
      return 0;
    }
  }
}
