package dev.homeward.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.catalog.PriceImport;
import dev.homeward.keeping.Codec;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code homeward prices import FILE}: somebody else's price file to a book of your own. */
@Command(
    name = "prices",
    mixinStandardHelpOptions = true,
    description = "Works on price books.",
    subcommands = PricesCommand.Import.class,
    footer = {
      "",
      "Example: homeward prices import model_prices.json --from 2026-10-01 --out my-prices.yaml"
    })
final class PricesCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new InvalidInput(
        "Cannot run prices: say what to do (homeward prices import FILE --out FILE)");
  }

  /** Imports a LiteLLM price map or a genai-prices v2 file. */
  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description =
          "Reads a LiteLLM price map or a genai-prices v2 file into a price book of your own.",
      footer = {
        "",
        "Example: homeward prices import data.json --from 2026-08-21 --out my-prices.yaml"
      })
  static final class Import implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The price file.")
    private Path file;

    @Option(
        names = "--from",
        required = true,
        paramLabel = "YYYY-MM-DD",
        description = "First day of prices that carry no date.")
    private String from;

    @Option(
        names = "--out",
        required = true,
        paramLabel = "FILE",
        description = "The book to write.")
    private Path out;

    @Mixin private OutputFlags output;

    @Override
    public Integer call() {
      try {
        LocalDate.parse(from);
      } catch (DateTimeException e) {
        throw new InvalidInput("Invalid --from: %s (write it as 2026-08-21)".formatted(from), e);
      }
      PriceImport.Imported imported = PriceImport.read(file, from);
      try {
        Files.writeString(out, imported.book());
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot write " + out, e);
      }
      StringBuilder text = new StringBuilder();
      text.append(
          String.format(
              Locale.ROOT,
              "Wrote %d price rows to %s. Left out: %s%n",
              imported.rows(),
              out,
              imported.skipped()));
      imported.droppedInWords().forEach(l -> text.append("Not in the book: %s.%n".formatted(l)));
      ObjectNode document = Codec.object();
      document.put("book", out.toString()).put("rows", imported.rows());
      document.set("left_out", Codec.tree(imported.skipped()));
      document.set("not_in_the_book", Codec.tree(imported.dropped()));
      output.print(text.toString(), document);
      return 0;
    }
  }
}
