package dev.homeward.ingest;

import dev.homeward.calls.CallDays;
import dev.homeward.logs.FileCounts;
import java.util.TreeMap;

/**
 * What the writing of a part of calls/ gives, or of several, added up in any order. Every part
 * tells of every file that it has calls of: kept side by side, that would be parts times files.
 */
public final class Written {
  /** The files, by path; of a part without a call there is none. */
  TreeMap<String, IngestResult.Part> parts = new TreeMap<>();

  /** When the calls were made. */
  CallDays days = new CallDays();

  TreeMap<String, FileCounts> counts = new TreeMap<>();

  /** Calls that two sources have, by the sources. */
  TreeMap<String, Long> twins = new TreeMap<>();

  /** Adds what the writing of other parts gave. */
  public void add(Written other) {
    parts.putAll(other.parts);
    days.add(other.days);
    FileCounts.merge(counts, other.counts);
    other.twins.forEach((pair, n) -> twins.merge(pair, n, Long::sum));
  }
}
