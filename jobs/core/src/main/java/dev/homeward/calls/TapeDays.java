package dev.homeward.calls;

import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.parquet.io.InputFile;

/**
 * Where the calls of one workload key stand in files of calls/, by UTC day. Each file is looked
 * through once; then any day is read from where it stands.
 */
public final class TapeDays {
  private final WorkloadKey key;

  /** By day since 1970-01-01, then by file. */
  private final TreeMap<Long, TreeMap<String, List<CallsFileReader.RowRun>>> days = new TreeMap<>();

  /** No file looked through. */
  public TapeDays(WorkloadKey key) {
    this.key = key;
  }

  /** Looks where calls stand in a file. */
  public void find(String name, InputFile file) {
    CallsFile.reading(
        file,
        reader -> {
          for (CallsFileReader.RowRun run :
              reader.runs(Optional.of(Set.of(key)), Long.MIN_VALUE, Long.MAX_VALUE)) {
            days.computeIfAbsent(day(run.firstMicros()), d -> new TreeMap<>())
                .computeIfAbsent(name, n -> new ArrayList<>())
                .add(run);
          }
        });
  }

  private static long day(long micros) {
    return Math.floorDiv(micros, TimeUnits.MICROS_PER_DAY);
  }

  /** The days of a window that have calls, also where these lie outside of it. */
  public List<Long> days(long fromMicros, long toMicros) {
    return fromMicros < toMicros
        ? List.copyOf(days.subMap(day(fromMicros), true, day(toMicros - 1), true).keySet())
        : List.of();
  }

  /**
   * Calls that start from one instant to before another, as if each day's were spread over it, or
   * over the part of it that is observed.
   *
   * @param spanFromMicros start of what is observed
   * @param spanToMicros its end
   */
  public double calls(long fromMicros, long toMicros, long spanFromMicros, long spanToMicros) {
    double calls = 0;
    for (long day : days(fromMicros, toMicros)) {
      long begin = Math.max(spanFromMicros, day * TimeUnits.MICROS_PER_DAY);
      long end = Math.min(spanToMicros, (day + 1) * TimeUnits.MICROS_PER_DAY);
      long from = Math.max(fromMicros, begin);
      long to = Math.min(toMicros, end);
      if (from < to) {
        long all =
            days.get(day).values().stream()
                .flatMap(List::stream)
                .mapToLong(CallsFileReader.RowRun::size)
                .sum();
        calls += (double) all * (to - from) / (end - begin);
      }
    }
    return calls;
  }

  /** The calls of a day, to be read from the files that hold them. */
  public TapeFiles files(long day) {
    TapeFiles files = new TapeFiles(Set.of(key), Long.MIN_VALUE, Long.MAX_VALUE);
    days.get(day).forEach(files::add);
    return files;
  }
}
