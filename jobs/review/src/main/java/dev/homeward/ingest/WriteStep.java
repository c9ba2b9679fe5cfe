package dev.homeward.ingest;

import dev.homeward.calls.CallDays;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallIds;
import dev.homeward.calls.CallTable;
import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import dev.homeward.calls.CallsFile;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.files.Files;
import dev.homeward.keeping.Codec;
import dev.homeward.logs.FileCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The last step of ingest: the calls of one part, sorted and without copies, as a file. */
public final class WriteStep {
  private WriteStep() {}

  /** What the writing of a part gives. */
  public static final class WrittenPart {
    /** The file; null if no call was left. */
    IngestResult.Part part;

    /** When its calls were made. */
    CallDays days = new CallDays();

    TreeMap<String, FileCounts> counts = new TreeMap<>();

    /** Calls that two sources have, by the sources. */
    TreeMap<String, Long> twins = new TreeMap<>();
  }

  /**
   * Writes the part.
   *
   * @param blocks its calls
   * @param notes what {@link CopiesStep} says of them
   * @param path the file; not written if no call is left
   */
  public static WrittenPart write(
      Files storage, Iterator<byte[]> blocks, Iterator<byte[]> notes, String path) {
    List<byte[]> mine = new ArrayList<>();
    blocks.forEachRemaining(mine::add);
    CallTable table = new CallTable(mine.stream().mapToInt(CallTable::rowsOf).sum());
    for (int i = 0; i < mine.size(); i++) {
      table.decode(mine.get(i));
      mine.set(i, null);
    }
    CallIds copies = new CallIds(16);
    CallIds nested = new CallIds(16);
    WrittenPart result = new WrittenPart();
    Map<String, long[]> linesBefore = Map.of();
    while (notes.hasNext()) {
      Note note = Codec.read(notes.next(), Note.class);
      if (note.copies != null) {
        copies.decode(note.copies);
      }
      if (note.nested != null) {
        nested.decode(note.nested);
      }
      linesBefore = note.linesBefore.isEmpty() ? linesBefore : note.linesBefore;
      FileCounts.merge(result.counts, note.counts);
      note.twins.forEach((pair, n) -> result.twins.merge(pair, n, Long::sum));
    }
    table.moveLines(linesBefore);
    boolean[] isCopy = table.find(copies);
    boolean[] isNested = table.find(nested);
    count(table, isCopy, isNested, result.counts);
    int[] order = table.sortedRows();
    int kept = 0;
    for (int row : order) {
      if (!isCopy[row] && !isNested[row]) {
        order[kept++] = row;
      }
    }
    if (kept > 0) {
      order = Arrays.copyOf(order, kept);
      for (int row : order) {
        result.days.add(
            table.number(Number.STARTED_AT, row),
            table.text(Text.SOURCE_FILE, row),
            table.number(Number.SOURCE_LINE, row));
      }
      result.part = writePart(storage, table, order, path);
    }
    return result;
  }

  private static IngestResult.Part writePart(
      Files storage, CallTable table, int[] order, String path) {
    try {
      CallsFile.write(table, order, storage.parquetOutput(path));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
    return new IngestResult.Part(path, order.length, slices(table, order));
  }

  private static void count(
      CallTable table, boolean[] isCopy, boolean[] isNested, TreeMap<String, FileCounts> counts) {
    FileCounts[] of = new FileCounts[table.wordCount(Text.SOURCE_FILE)];
    for (int file = 0; file < of.length; file++) {
      of[file] = counts.computeIfAbsent(table.word(Text.SOURCE_FILE, file), n -> new FileCounts());
    }
    for (int row = 0; row < table.size(); row++) {
      FileCounts count = of[table.code(Text.SOURCE_FILE, row)];
      long tokens = table.totalTokens(row);
      if (isCopy[row] || isNested[row]) {
        count.duplicates += isCopy[row] ? 1 : 0;
        count.nested += isCopy[row] ? 0 : 1;
        count.tokensDuplicate = Math.addExact(count.tokensDuplicate, tokens);
      } else {
        long flags = table.number(Number.FLAGS, row);
        count.unexplained += (flags & CallFlags.UNEXPLAINED) == 0 ? 0 : 1;
        count.cacheInDoubt += (flags & CallFlags.CACHE_IN_DOUBT) == 0 ? 0 : 1;
        count.calls++;
        count.tokensKept = Math.addExact(count.tokensKept, tokens);
      }
    }
  }

  private static List<IngestResult.Slice> slices(CallTable table, int[] order) {
    List<IngestResult.Slice> slices = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= order.length; i++) {
      if (i == order.length || !table.sameKey(order[i], order[from])) {
        WorkloadKey key = table.key(order[from]);
        slices.add(
            new IngestResult.Slice(
                key.workload(),
                key.hostedModel(),
                key.dataClass(),
                i - from,
                table.number(Number.STARTED_AT, order[from]),
                table.number(Number.STARTED_AT, order[i - 1])));
        from = i;
      }
    }
    return slices;
  }
}
