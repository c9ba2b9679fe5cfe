package dev.homeward.ingest;

import dev.homeward.calls.CallIds;
import dev.homeward.calls.Duplicates;
import dev.homeward.calls.Nested;
import dev.homeward.calls.Overlaps;
import dev.homeward.keeping.Codec;
import dev.homeward.logs.FileCounts;
import dev.homeward.logs.LogSettings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The second step of ingest: finds copies among the ids that were sent to one place, and calls that
 * repeat others among the spans, and tells the writers which of their calls they are.
 */
public final class CopiesStep {
  private CopiesStep() {}

  /** The notes for the writers of the parts, from the blocks of one place or of several. */
  public static List<Block> find(Iterator<Block> blocks, BlockLayout layout, LogSettings settings) {
    List<byte[]> ofIds = new ArrayList<>();
    CallIds prints = new CallIds(16);
    CallIds spans = new CallIds(16);
    TreeMap<String, FileCounts> counts = new TreeMap<>();
    while (blocks.hasNext()) {
      Block block = blocks.next();
      if (block.place() == layout.counts()) {
        FileCounts.merge(counts, FileCounts.read(block.bytes()));
      } else if (layout.traces() && block.place() >= layout.spans()) {
        spans.decode(block.bytes());
      } else if (layout.severalSources() && block.place() >= layout.prints()) {
        prints.decode(block.bytes());
      } else {
        ofIds.add(block.bytes());
      }
    }
    CallIds ids = ids(ofIds);
    List<Block> notes = new ArrayList<>();
    boolean[] copies = Duplicates.find(ids);
    CallIds[] of = new CallIds[layout.parts()];
    for (int row = 0; row < copies.length; row++) {
      if (copies[row]) {
        int part = ids.target(row);
        of[part] = of[part] == null ? new CallIds(16) : of[part];
        of[part].addFrom(ids, row);
      }
    }
    TreeMap<String, Long> twins = new TreeMap<>();
    for (Overlaps.Twins pair : Overlaps.find(prints)) {
      String first = settings.sources().get(prints.source(pair.first()));
      String second = settings.sources().get(prints.source(pair.second()));
      if (!pair.again()) {
        twins.merge(first + "+" + second, 1L, Long::sum);
      }
      if (settings.found().yielding().contains(second)) {
        int part = prints.target(pair.second());
        of[part] = of[part] == null ? new CallIds(16) : of[part];
        of[part].addFrom(prints, pair.second());
      }
    }
    if (!twins.isEmpty()) {
      Note note = new Note();
      note.twins = twins;
      notes.add(new Block(0, Codec.bytes(note)));
    }
    for (int part = 0; part < of.length; part++) {
      if (of[part] != null) {
        Note note = new Note();
        note.copies = of[part].encode();
        notes.add(new Block(part, Codec.bytes(note)));
      }
    }
    nested(spans, layout, notes);
    if (!counts.isEmpty()) {
      FileCounts.trimSamplesOfAll(counts);
      Map<String, long[]> linesBefore = linesBefore(counts);
      for (int part = 0; part < layout.parts(); part++) {
        Note note = new Note();
        note.linesBefore = linesBefore;
        note.counts = part == 0 ? counts : note.counts;
        notes.add(new Block(part, Codec.bytes(note)));
      }
    }
    return notes;
  }

  /** The ids of all blocks, which are given up one by one. */
  private static CallIds ids(List<byte[]> blocks) {
    CallIds ids = new CallIds(blocks.stream().mapToInt(CallIds::rowsOf).reduce(0, Math::addExact));
    for (int i = 0; i < blocks.size(); i++) {
      ids.decode(blocks.get(i));
      blocks.set(i, null);
    }
    return ids;
  }

  private static void nested(CallIds spans, BlockLayout layout, List<Block> notes) {
    Nested.Found found = Nested.find(spans.spans());
    CallIds[] of = new CallIds[layout.parts()];
    TreeMap<String, FileCounts> more = new TreeMap<>();
    for (int row = 0; row < spans.size(); row++) {
      if (found.repeats()[row]) {
        int part = spans.target(row);
        of[part] = of[part] == null ? new CallIds(16) : of[part];
        of[part].addFrom(spans, row);
      }
      if (found.saysMore()[row]) {
        more.computeIfAbsent(spans.file(row), f -> new FileCounts()).nestedMore++;
      }
    }
    for (int part = 0; part < of.length; part++) {
      if (of[part] != null) {
        Note note = new Note();
        note.nested = of[part].encode();
        note.counts = more;
        more = new TreeMap<>();
        notes.add(new Block(part, Codec.bytes(note)));
      }
    }
  }

  /** Lines before each range of the files that have several; the samples are moved behind them. */
  private static Map<String, long[]> linesBefore(TreeMap<String, FileCounts> counts) {
    Map<String, long[]> before = new TreeMap<>();
    counts.forEach(
        (file, count) -> {
          if (count.linesByRange.size() > 1) {
            long[] lines = new long[count.linesByRange.lastKey() + 1];
            for (int range = 1; range < lines.length; range++) {
              lines[range] = lines[range - 1] + count.linesByRange.getOrDefault(range - 1, 0L);
            }
            before.put(file, lines);
            count.samples.replaceAll(s -> s.moved(lines[s.range()]));
          }
        });
    return before;
  }
}
