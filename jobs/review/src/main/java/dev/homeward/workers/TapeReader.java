package dev.homeward.workers;

import dev.homeward.calls.CallTable;
import dev.homeward.calls.CallsFile;
import dev.homeward.calls.Tape;
import dev.homeward.calls.TapeDays;
import dev.homeward.calls.TapeFiles;
import dev.homeward.calls.WorkloadKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.parquet.io.InputFile;

/** Reads calls from the parts of calls/ that hold them. */
public final class TapeReader {
  /** Calls of a part of a file that are held at once. */
  private static final int CALLS_AT_A_TIME = 1 << 14;

  private TapeReader() {}

  /** Opens a file of calls/. */
  public interface Opener {
    InputFile open(String part) throws IOException;
  }

  /**
   * Reads the calls of one workload key, of which no more are held at once than a row group has.
   *
   * @param step takes them, some at a time, in no order that means anything
   */
  public static void someAtATime(
      WorkloadKey key,
      List<String> parts,
      Opener opener,
      long fromMicros,
      long toMicros,
      Consumer<CallTable> step) {
    parts.forEach(
        name ->
            reading(
                name, opener, file -> CallsFile.eachGroup(file, key, fromMicros, toMicros, step)));
  }

  /**
   * The tapes of some workload keys.
   *
   * @param parts files by key
   */
  public static Map<WorkloadKey, Tape> read(
      Map<WorkloadKey, List<String>> parts, Opener opener, long fromMicros, long toMicros) {
    TapeFiles tapes = new TapeFiles(parts.keySet(), fromMicros, toMicros);
    Set<String> files = new TreeSet<>();
    parts.values().forEach(files::addAll);
    files.forEach(name -> reading(name, opener, file -> tapes.find(name, file)));
    tapes.found().forEach(name -> reading(name, opener, file -> tapes.read(name, file)));
    return tapes.tapes();
  }

  /** Where the calls of a workload key stand; each file is looked through once. */
  public static TapeDays days(WorkloadKey key, List<String> parts, Opener opener) {
    TapeDays days = new TapeDays(key);
    parts.forEach(name -> reading(name, opener, file -> days.find(name, file)));
    return days;
  }

  /** The tape of a UTC day. */
  public static Tape read(WorkloadKey key, TapeDays days, long day, Opener opener) {
    TapeFiles files = days.files(day);
    files.found().forEach(name -> reading(name, opener, file -> files.read(name, file)));
    return files.tapes().get(key);
  }

  /**
   * The calls of a file in parts; see {@link CallsFile#eachPart}.
   *
   * @param keys empty: of all keys
   */
  public static void eachPart(
      String name,
      Opener opener,
      Optional<Set<WorkloadKey>> keys,
      long fromMicros,
      long toMicros,
      Consumer<Tape> part) {
    reading(
        name,
        opener,
        file -> CallsFile.eachPart(file, CALLS_AT_A_TIME, keys, fromMicros, toMicros, part));
  }

  private static void reading(String name, Opener opener, Consumer<InputFile> step) {
    try {
      step.accept(opener.open(name));
    } catch (UncheckedIOException e) {
      throw new UncheckedIOException("Cannot read calls from " + name, e.getCause());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name, e);
    }
  }
}
