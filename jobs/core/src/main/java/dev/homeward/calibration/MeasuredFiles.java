package dev.homeward.calibration;

import dev.homeward.measured.BenchPoint;
import dev.homeward.measured.CallersPoint;
import dev.homeward.measured.CsvHeader;
import dev.homeward.measured.LlamaBenchFiles;
import dev.homeward.measured.MachineBenchCsv;
import dev.homeward.measured.ManyCallersCsv;
import dev.homeward.measured.ServingPoint;
import dev.homeward.measured.ServingPointsCsv;
import dev.homeward.measured.ServingResultJson;
import dev.homeward.units.InvalidInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What files of measurements hold.
 *
 * @param serving points of servers under steady load
 * @param benches points of llama.cpp's benches
 * @param callers closed loops of many callers
 * @param problems rows that could not be used, one line each
 */
public record MeasuredFiles(
    List<ServingPoint> serving,
    List<BenchPoint> benches,
    List<CallersPoint> callers,
    List<String> problems) {

  /**
   * Whether a file is one of measurements: a llama.cpp bench by its name, a table by its columns.
   */
  public static boolean mayRead(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (LlamaBenchFiles.mayRead(file)) {
      return name.endsWith(".csv") || name.endsWith(".jsonl") || name.endsWith(".json");
    }
    if (!name.endsWith(".csv")) {
      return false;
    }
    List<String> header = CsvHeader.of(file);
    return MachineBenchCsv.mayRead(header)
        || ManyCallersCsv.mayRead(header)
        || ServingPointsCsv.mayRead(header);
  }

  /**
   * Reads files of measurements: llama.cpp's benches by their names, other JSON as results of load
   * generators, other files as CSV of serving points.
   *
   * @param server what served, for results that do not say
   * @throws InvalidInput naming the first file that is missing or of no known kind
   */
  public static MeasuredFiles read(List<Path> files, ServingResultJson.Server server) {
    MeasuredFiles all =
        new MeasuredFiles(
            new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new InvalidInput("Cannot read %s: no such file".formatted(file));
      }
      if (LlamaBenchFiles.mayRead(file)) {
        all.benches.addAll(LlamaBenchFiles.read(file, all.problems));
      } else if (file.getFileName().toString().matches("(?i).*\\.jsonl?")) {
        all.serving.addAll(ServingResultJson.read(file, server, all.problems));
      } else if (MachineBenchCsv.mayRead(CsvHeader.of(file))) {
        all.benches.addAll(MachineBenchCsv.read(file, all.problems));
      } else if (ManyCallersCsv.mayRead(CsvHeader.of(file))) {
        all.callers.addAll(ManyCallersCsv.read(file, all.problems));
      } else {
        all.serving.addAll(ServingPointsCsv.read(file, all.problems));
      }
    }
    return all;
  }
}
