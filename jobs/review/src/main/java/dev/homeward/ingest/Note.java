package dev.homeward.ingest;

import dev.homeward.logs.FileCounts;
import java.util.Map;
import java.util.TreeMap;

/**
 * A message to the writer of a part: which of its calls are copies, and numbers of lines and
 * counts.
 */
final class Note {
  /** Calls of the part that are copies; null if none is. */
  byte[] copies;

  /** Calls of the part that repeat calls below them; null if none does. */
  byte[] nested;

  /** Calls that two sources have, by the sources. */
  TreeMap<String, Long> twins = new TreeMap<>();

  /** Lines before each byte range, of files read in several. */
  Map<String, long[]> linesBefore = Map.of();

  /** What became of the records of each file, as far as reading them tells. */
  TreeMap<String, FileCounts> counts = new TreeMap<>();
}
