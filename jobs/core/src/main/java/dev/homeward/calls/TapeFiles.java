package dev.homeward.calls;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.parquet.io.InputFile;

/**
 * Reads the tapes of some workload keys from files of calls/: first where their calls stand, then
 * these, each to its place. No more memory is taken than the tapes have, and a row group of a file.
 */
public final class TapeFiles {
  private final Set<WorkloadKey> keys;
  private final long fromMicros;
  private final long toMicros;

  /** By file, in the order of its rows. */
  private final TreeMap<String, List<CallsFileReader.RowRun>> runs = new TreeMap<>();

  private final Map<WorkloadKey, TapeRows> tapes = new HashMap<>();
  private final Map<Place, Integer> targets = new HashMap<>();

  private record Place(String file, int group, int row) {}

  private record Found(String file, CallsFileReader.RowRun run) {}

  /**
   * @param fromMicros of calls that start in a window
   * @param toMicros its end, exclusive
   */
  public TapeFiles(Set<WorkloadKey> keys, long fromMicros, long toMicros) {
    this.keys = keys;
    this.fromMicros = fromMicros;
    this.toMicros = toMicros;
  }

  /** Looks where calls stand; each file is looked through once, before any is read. */
  public void find(String name, InputFile file) {
    CallsFile.reading(
        file,
        reader -> {
          List<CallsFileReader.RowRun> found = reader.runs(Optional.of(keys), fromMicros, toMicros);
          if (!found.isEmpty()) {
            runs.put(name, found);
          }
        });
  }

  /** Takes over where calls of one file stand, from somebody who has looked. */
  void add(String name, List<CallsFileReader.RowRun> found) {
    runs.put(name, found);
  }

  /** The files that hold calls of the window. */
  public List<String> found() {
    Map<WorkloadKey, List<Found>> byKey = new LinkedHashMap<>();
    keys.forEach(key -> byKey.put(key, new ArrayList<>()));
    runs.forEach((file, of) -> of.forEach(run -> byKey.get(run.key()).add(new Found(file, run))));
    byKey.forEach(
        (key, of) -> {
          of.sort(Comparator.comparingLong(found -> found.run().firstMicros()));
          int size = 0;
          for (Found found : of) {
            targets.put(new Place(found.file(), found.run().group(), found.run().from()), size);
            size = Math.addExact(size, found.run().size());
          }
          tapes.put(key, new TapeRows(key, size));
        });
    return List.copyOf(runs.keySet());
  }

  /** Reads the calls of one of the files that {@link #found} named. */
  public void read(String name, InputFile file) {
    CallsFile.reading(
        file,
        reader -> {
          CallsFileReader.RowCursor cursor = null;
          int group = -1;
          for (CallsFileReader.RowRun run : runs.get(name)) {
            if (run.group() != group) {
              group = run.group();
              cursor = reader.tapeCursor(group);
            }
            int target = targets.get(new Place(name, run.group(), run.from()));
            cursor.read(run.from(), run.to(), tapes.get(run.key()), target);
          }
        });
  }

  /** The tapes, once all files that hold calls are read; empty ones where there is no call. */
  public Map<WorkloadKey, Tape> tapes() {
    Map<WorkloadKey, Tape> done = new LinkedHashMap<>();
    keys.forEach(key -> done.put(key, tapes.get(key).tape()));
    return done;
  }
}
