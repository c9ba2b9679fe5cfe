package dev.homeward.ingest;

import dev.homeward.calls.CallDays;
import dev.homeward.calls.CallDraft;
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
import dev.homeward.units.TimeUnits;
import java.io.Closeable;
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
  /** Rows that are held at once, some 280 bytes each at the most. */
  private static final int MOST_ROWS = 750_000;

  private static final Number[] TOKENS = {
    Number.INPUT, Number.CACHE_READ, Number.CACHE_WRITE_5M, Number.CACHE_WRITE_1H, Number.OUTPUT
  };

  private WriteStep() {}

  /**
   * Writes the part.
   *
   * @param blocks its calls
   * @param notes what {@link CopiesStep} says of them
   * @param path the file; not written if no call is left
   */
  public static Written write(
      Files storage, Iterator<byte[]> blocks, Iterator<byte[]> notes, String path) {
    List<byte[]> mine = new ArrayList<>();
    blocks.forEachRemaining(mine::add);
    CallIds copies = new CallIds(16);
    CallIds nested = new CallIds(16);
    Written result = new Written();
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
    PartCuts pieces = new PartCuts(mine, MOST_ROWS);
    List<IngestResult.Slice> slices = new ArrayList<>();
    long kept = 0;
    try (PartFile out = new PartFile(storage, path)) {
      for (int piece = 0; piece < pieces.pieces(); piece++) {
        CallTable table = pieces.piece(piece);
        table.moveLines(linesBefore);
        int[] order = kept(table, copies, nested, result);
        if (order.length > 0) {
          out.write(table, order);
          addSlices(table, order, slices);
          kept += order.length;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
    if (kept > 0) {
      result.parts.put(path, new IngestResult.Part(path, kept, slices));
    }
    return result;
  }

  /** The rows that are no copies, in order. */
  private static int[] kept(CallTable table, CallIds copies, CallIds nested, Written result) {
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
    addHours(table, order, kept, result.days);
    return Arrays.copyOf(order, kept);
  }

  /** Counts the calls by hour; they are in the order of time within each key. */
  private static void addHours(CallTable table, int[] order, int kept, CallDays days) {
    int from = 0;
    while (from < kept) {
      int first = order[from];
      long micros = table.number(Number.STARTED_AT, first);
      String file = table.text(Text.SOURCE_FILE, first);
      long line = table.number(Number.SOURCE_LINE, first);
      long hourFrom = Math.floorDiv(micros, TimeUnits.MICROS_PER_HOUR) * TimeUnits.MICROS_PER_HOUR;
      long last = micros;
      int to = from + 1;
      for (; to < kept; to++) {
        long next = table.number(Number.STARTED_AT, order[to]);
        if (next < last || next - hourFrom >= TimeUnits.MICROS_PER_HOUR) {
          break;
        }
        if (next == micros) {
          // Of calls that start together the first line of the first file.
          String other = table.text(Text.SOURCE_FILE, order[to]);
          long otherLine = table.number(Number.SOURCE_LINE, order[to]);
          int c = other.compareTo(file);
          line = c < 0 || c == 0 && otherLine < line ? otherLine : line;
          file = c < 0 ? other : file;
        }
        last = next;
      }
      days.addHour((long) to - from, micros, last, file, line);
      from = to;
    }
  }

  /** The file, which is begun with the first call. */
  private static final class PartFile implements Closeable {
    private final Files storage;
    private final String path;
    private CallsFile.Writer writer;

    PartFile(Files storage, String path) {
      this.storage = storage;
      this.path = path;
    }

    void write(CallTable table, int[] order) throws IOException {
      if (writer == null) {
        writer = CallsFile.writer(storage.parquetOutput(path));
      }
      writer.write(table, order);
    }

    @Override
    public void close() throws IOException {
      if (writer != null) {
        writer.close();
      }
    }
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

  private static IngestResult.Tokens tokens(CallTable table, int[] order, int from, int to) {
    long[] sums = new long[TOKENS.length];
    for (int i = from; i < to; i++) {
      for (int kind = 0; kind < TOKENS.length; kind++) {
        long tokens = table.number(TOKENS[kind], order[i]);
        sums[kind] += tokens == CallDraft.ABSENT ? 0 : tokens;
      }
    }
    return new IngestResult.Tokens(sums[0], sums[1], sums[2] + sums[3], sums[4]);
  }

  private static void addSlices(CallTable table, int[] order, List<IngestResult.Slice> slices) {
    int from = 0;
    for (int i = 1; i <= order.length; i++) {
      if (i == order.length || !table.sameKey(order[i], order[from])) {
        WorkloadKey key = table.key(order[from]);
        IngestResult.Slice slice =
            new IngestResult.Slice(
                key.workload(),
                key.hostedModel(),
                key.dataClass(),
                i - from,
                table.number(Number.STARTED_AT, order[from]),
                table.number(Number.STARTED_AT, order[i - 1]),
                tokens(table, order, from, i));
        int last = slices.size() - 1;
        if (last >= 0 && slices.get(last).key().equals(key)) {
          slices.set(last, slices.get(last).plus(slice));
        } else {
          slices.add(slice);
        }
        from = i;
      }
    }
  }
}
