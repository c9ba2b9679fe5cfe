package dev.homeward.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.calibration.AccuracyReport;
import dev.homeward.calibration.Benches;
import dev.homeward.calibration.CatalogNames;
import dev.homeward.calibration.InUse;
import dev.homeward.calibration.ManyCallers;
import dev.homeward.calibration.MeasuredFiles;
import dev.homeward.calibration.RunCheck;
import dev.homeward.calibration.ServingCases;
import dev.homeward.catalog.Catalog;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
      "Holds the parameters in use against a folder of measurements: serving points and tables of"
          + " machines (CSV, told by",
      "their columns), llama.cpp benches (files named llama_bench*, *batched_bench*), and the runs"
          + " of runs.yaml."
    },
    footer = {
      "",
      "With --json it prints an object a line: engine, version, accelerator, model, format, kind,"
          + " points, errors.",
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

  @Option(
      names = "--refit",
      description =
          "Fit the parameters again, with models and accelerators held out in turn, beside testing"
              + " those in use.")
  private boolean refit;

  @Mixin private MeasurementFlags flags;
  @Mixin private OutputFlags output;

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(data)) {
      throw new InvalidInput("Cannot read %s: no such folder".formatted(data));
    }
    CatalogNames names = flags.names();
    MeasuredFiles measured = MeasuredFiles.read(measurements(), flags.server());
    List<String> problems = new ArrayList<>(measured.problems());
    Benches benches = new Benches(names, flags.accelerator(), flags.engineVersion());
    ServingCases serving = new ServingCases(names);
    InUse inUse = new InUse(names.catalog());
    inUse.benches(benches.of(measured.benches()));
    inUse.serving(serving.of(measured.serving()));
    ManyCallers callers = new ManyCallers(names);
    inUse.callers(callers.of(measured.callers()));
    List<RunCheck.RunComparison> runs = runs(names.catalog(), problems);
    inUse.runs(runs);
    if (inUse.groups().isEmpty()) {
      throw new InvalidInput(
          "Cannot validate: %s holds no serving points, benches or runs that can be told"
              .formatted(data));
    }
    boolean json = output.json();
    System.out.print(json ? inUse.json() : inUse.markdown());
    AccuracyReport report = new AccuracyReport(names);
    if (!json) {
      report.runs(runs);
    }
    if (refit && !json) {
      report.serving(measured);
      report.benches(measured, flags.accelerator(), flags.engineVersion());
    }
    System.out.print(report.text());
    PrintStream notes = json ? System.err : System.out;
    problems.forEach(problem -> notes.println("left out: " + problem));
    benches
        .unknown()
        .forEach((what, n) -> notes.printf("left out: %d points, unknown %s%n", n, what));
    serving.unknown().forEach((what, n) -> notes.printf("left out: %d points, %s%n", n, what));
    callers.leftOut().forEach((what, n) -> notes.printf("left out: %d points, %s%n", n, what));
    inUse.leftOut().forEach((what, n) -> notes.printf("left out: %d points, %s%n", n, what));
    System.out.flush();
    return 0;
  }

  private List<Path> measurements() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files.filter(Files::isRegularFile).filter(MeasuredFiles::mayRead).sorted().toList();
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
    for (RunCheck.BenchRun run : RunCheck.runs(document, data)) {
      try {
        outcomes.add(check.check(run, problems));
      } catch (InvalidInput e) {
        // One run that cannot be replayed is named, the others are reported.
        problems.add(e.getMessage());
      }
    }
    return outcomes;
  }
}
