package dev.homeward.workers;

import dev.homeward.calls.CallTable;
import dev.homeward.calls.CallsFile;
import dev.homeward.calls.Tape;
import dev.homeward.calls.Tapes;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.files.Files;
import dev.homeward.units.TimeUnits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.parquet.io.InputFile;

/** Reads calls from the parts of calls/ that hold them. */
public final class TapeReader {
  private TapeReader() {}

  /** Opens a file of calls/. */
  public interface Opener {
    InputFile open(String part) throws IOException;
  }

  /** The tape of one workload key. */
  public static Tape read(
      Files storage, WorkloadKey key, List<String> parts, long fromMicros, long toMicros) {
    return read(Map.of(key, parts), storage::parquetInput, fromMicros, toMicros).get(key);
  }

  /**
   * Reads the calls of one workload key a day at a time, from the start of the span on.
   *
   * @param day takes the calls of each day, if any
   */
  public static void eachDay(
      WorkloadKey key,
      List<String> parts,
      Opener opener,
      long fromMicros,
      long toMicros,
      Consumer<CallTable> day) {
    for (long from = fromMicros; from < toMicros; from += TimeUnits.MICROS_PER_DAY) {
      long to = Math.min(toMicros, from + TimeUnits.MICROS_PER_DAY);
      CallTable calls = tables(Map.of(key, parts), opener, from, to).get(key);
      if (calls.size() > 0) {
        day.accept(calls);
      }
    }
  }

  /**
   * The tapes of some workload keys; every file is opened once.
   *
   * @param parts files by key
   */
  public static Map<WorkloadKey, Tape> read(
      Map<WorkloadKey, List<String>> parts, Opener opener, long fromMicros, long toMicros) {
    Map<WorkloadKey, Tape> tapes = new LinkedHashMap<>();
    tables(parts, opener, fromMicros, toMicros)
        .forEach((key, table) -> tapes.put(key, Tapes.of(key, table, fromMicros, toMicros)));
    return tapes;
  }

  private static Map<WorkloadKey, CallTable> tables(
      Map<WorkloadKey, List<String>> parts, Opener opener, long fromMicros, long toMicros) {
    Map<WorkloadKey, CallTable> tables = new LinkedHashMap<>();
    TreeMap<String, Map<WorkloadKey, CallTable>> byFile = new TreeMap<>();
    parts.forEach(
        (key, files) -> {
          CallTable table = new CallTable(1024);
          tables.put(key, table);
          files.forEach(file -> byFile.computeIfAbsent(file, f -> new HashMap<>()).put(key, table));
        });
    byFile.forEach(
        (file, keys) -> {
          try {
            CallsFile.read(opener.open(file), keys, fromMicros, toMicros);
          } catch (UncheckedIOException e) {
            throw new UncheckedIOException("Cannot read calls from " + file, e.getCause());
          } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
          }
        });
    return tables;
  }
}
