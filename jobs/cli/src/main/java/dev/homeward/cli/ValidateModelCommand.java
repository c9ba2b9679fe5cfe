package dev.homeward.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.calibration.AccuracyReport;
import dev.homeward.calibration.CatalogNames;
import dev.homeward.calibration.MeasuredFiles;
import dev.homeward.calibration.RunCheck;
import dev.homeward.catalog.Catalog;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.measured.LlamaBenchFiles;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code homeward validate-model}: holds the model of serving against measurements. */
@Command(
    name = "validate-model",
    mixinStandardHelpOptions = true,
    description = {
      "Recomputes the tables of docs/accuracy.md from a folder of measurements: serving points (CSV named",
      "serving_points*.csv), llama.cpp benches (files named llama_bench*, *batched_bench*), and the runs of runs.yaml."
    },
    footer = {
      "",
      "Example: homeward validate-model --data measured --accelerator h200-sxm",
      "Layout of the files: docs/accuracy.md"
    })
final class ValidateModelCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Folder of measurements, searched whole.")
  private Path data;

  @Option(
      names = "--runs",
      paramLabel = "FILE",
      description = "Runs that were measured call by call; default DIR/runs.yaml if it is there.")
  private Path runs;

  @Mixin private MeasurementFlags flags;

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(data)) {
      throw new InvalidInput("Cannot read %s: no such folder".formatted(data));
    }
    CatalogNames names = flags.names();
    MeasuredFiles measured = MeasuredFiles.read(measurements(), flags.server());
    AccuracyReport report = new AccuracyReport(names);
    report.serving(measured);
    report.benches(measured, flags.accelerator());
    List<String> problems = new ArrayList<>(measured.problems());
    report.runs(runs(names.catalog(), problems));
    if (report.text().isEmpty()) {
      throw new InvalidInput(
          "Cannot validate: %s holds no serving points, benches or runs".formatted(data));
    }
    System.out.print(report.text());
    problems.forEach(problem -> System.out.println("left out: " + problem));
    System.out.flush();
    return 0;
  }

  private List<Path> measurements() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(Files::isRegularFile)
          .filter(
              f ->
                  LlamaBenchFiles.mayRead(f) && f.toString().endsWith(".csv")
                      || f.getFileName().toString().matches("serving_points.*\\.csv")
                      || LlamaBenchFiles.mayRead(f) && f.toString().endsWith(".jsonl"))
          .sorted()
          .toList();
    }
  }

  private List<RunCheck.RunComparison> runs(Catalog catalog, List<String> problems) {
    Path file = runs != null ? runs : data.resolve("runs.yaml");
    if (runs == null && !Files.exists(file)) {
      return List.of();
    }
    JsonNode document = Documents.read(file);
    Schemas.check("runs.schema.json", document, file.toString());
    RunCheck check = new RunCheck(catalog);
    List<RunCheck.RunComparison> outcomes = new ArrayList<>();
    for (JsonNode run : document.get("runs")) {
      outcomes.add(check.check(run(run), problems));
    }
    return outcomes;
  }

  private RunCheck.BenchRun run(JsonNode run) {
    return new RunCheck.BenchRun(
        run.get("name").asText(),
        data.resolve(run.get("calls").asText()),
        Optional.ofNullable(run.get("power")).map(node -> data.resolve(node.asText())),
        run.get("accelerator").asText(),
        run.get("model").asText(),
        run.get("quantization").asText(),
        run.get("engine").asText(),
        run.path("slots").asInt(0),
        run.path("context").asInt(0),
        run.has("idle-watts")
            ? OptionalDouble.of(run.get("idle-watts").asDouble())
            : OptionalDouble.empty(),
        run.has("kv-tokens")
            ? OptionalLong.of(run.get("kv-tokens").asLong())
            : OptionalLong.empty());
  }
}
