package dev.homeward.calibration;

import dev.homeward.measured.BenchPoint;
import dev.homeward.measured.CallersPoint;
import dev.homeward.measured.FirstRecord;
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

  /** Whether a file is one of measurements, by its keys or columns. */
  public static boolean mayRead(Path file) {
    if (!file.getFileName().toString().matches("(?i).*\\.(csv|jsonl?)")) {
      return false;
    }
    FirstRecord first = FirstRecord.of(file);
    return LlamaBenchFiles.mayRead(first.names())
        || !first.isJson()
            && (MachineBenchCsv.mayRead(first.names())
                || ManyCallersCsv.mayRead(first.names())
                || ServingPointsCsv.mayRead(first.names()));
  }

  /**
   * Reads files of measurements, told apart by their keys or columns: llama.cpp's benches, other
   * JSON as results of load generators, other files as CSV of serving points.
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
      FirstRecord first = FirstRecord.of(file);
      if (LlamaBenchFiles.mayRead(first.names())) {
        all.benches.addAll(LlamaBenchFiles.read(file, all.problems));
      } else if (first.isJson()) {
        all.serving.addAll(ServingResultJson.read(file, server, all.problems));
      } else if (MachineBenchCsv.mayRead(first.names())) {
        all.benches.addAll(MachineBenchCsv.read(file, all.problems));
      } else if (ManyCallersCsv.mayRead(first.names())) {
        all.callers.addAll(ManyCallersCsv.read(file, all.problems));
      } else {
        all.serving.addAll(ServingPointsCsv.read(file, all.problems));
      }
    }
    return all;
  }
}
