package dev.homeward.cli;

import dev.homeward.calibration.Names;
import dev.homeward.catalog.Catalog;
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
      description = "Accelerator of benches that do not say theirs, an id of accelerators.yaml.")
  private String accelerator;

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

  Names names() {
    return new Names(Catalog.with(hardware), models);
  }
}
