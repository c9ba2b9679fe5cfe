package dev.homeward.ingest;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.units.TimeUnits;
import java.io.Serializable;

/**
 * Which part of the second half of ingest gets which block: the calls of a part of calls/, then the
 * ids, the prints, the spans of traces, and the counts.
 *
 * @param parts parts of calls/
 * @param severalSources whether calls of several sources are compared
 * @param traces whether there may be calls that stand in traces
 */
public record BlockLayout(int parts, boolean severalSources, boolean traces)
    implements Serializable {

  /** First place of the prints; those of the ids begin at {@link #parts}. */
  int prints() {
    return 2 * parts;
  }

  /** First place of the spans. */
  int spans() {
    return (severalSources ? 3 : 2) * parts;
  }

  /** The place of the counts. */
  int counts() {
    return spans() + (traces ? parts : 0);
  }

  /** Places in all; those below {@link #parts} take calls, the others what finds copies. */
  public int all() {
    return counts() + 1;
  }

  int partOf(WorkloadKey key, long startMicros) {
    long day = Math.floorDiv(startMicros, TimeUnits.MICROS_PER_DAY);
    return spread(key.hashCode() * 31L + day);
  }

  /** Which of the parts of ids, or of prints, an id belongs to. */
  int placeOf(long id) {
    return spread(id);
  }

  private int spread(long hash) {
    long mixed = hash * 0x9E3779B97F4A7C15L;
    return (int) ((mixed >>> 33) % parts);
  }
}
