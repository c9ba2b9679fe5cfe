package dev.homeward.cli;

import dev.homeward.calibration.CatalogNames;
import dev.homeward.catalog.Catalog;
import dev.homeward.measured.ServingResultJson;
import dev.homeward.units.InvalidInput;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Options of the commands that read measurements: what the catalog calls what the files name. */
final class MeasurementFlags {
  @Option(
      names = "--accelerator",
      paramLabel = "ID",
      defaultValue = "",
      description =
          "Accelerator of benches and results that do not say theirs, an id of accelerators.yaml.")
  private String accelerator;

  @Option(
      names = "--engine",
      paramLabel = "ID",
      defaultValue = "vllm",
      description = "What served the results of load generators; default ${DEFAULT-VALUE}.")
  private String engine;

  @Option(
      names = "--engine-version",
      paramLabel = "TEXT",
      defaultValue = "",
      description =
          "Build of llama.cpp in benches that do not say theirs: a month (2025-02) or a build (b4589);"
              + " default today's.")
  private String engineVersion;

  @Option(
      names = "--weights",
      paramLabel = "ID",
      defaultValue = "fp16",
      description = "Weight format of those; default ${DEFAULT-VALUE}.")
  private String weights;

  @Option(
      names = "--accelerators",
      paramLabel = "N",
      defaultValue = "1",
      description = "Accelerators of one replica of those; default ${DEFAULT-VALUE}.")
  private int accelerators;

  @Option(
      names = "--model",
      paramLabel = "NAME=ID",
      description = "What the catalog calls a model that a file names otherwise; repeatable.")
  private Map<String, String> models = new TreeMap<>();

  @Option(
      names = "--hardware",
      paramLabel = "FILE",
      description =
          "Catalog entries of your own, efficiency sets of calibrate included; repeatable.")
  private List<Path> hardware = List.of();

  String accelerator() {
    return accelerator;
  }

  /** The build of benches that do not say theirs; {@code ""} for today's. */
  String engineVersion() {
    return engineVersion;
  }

  /** What served the results that do not say. */
  ServingResultJson.Server server() {
    if (accelerators < 1) {
      throw new InvalidInput("Invalid --accelerators: %d (at least 1)".formatted(accelerators));
    }
    return new ServingResultJson.Server(engine, accelerator, weights, accelerators, "");
  }

  CatalogNames names() {
    return new CatalogNames(Catalog.with(hardware), models);
  }
}
