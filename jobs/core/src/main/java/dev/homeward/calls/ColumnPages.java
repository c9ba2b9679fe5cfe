package dev.homeward.calls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.deltastrings.DeltaByteArrayWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Writes the columns of a row group as Parquet pages of version 2, each column as a whole: values
 * are looked at in arrays, not one by one through a writer that learns from each anew whether it is
 * there and whether it came before. Places in a dictionary where that is smaller, else differences
 * to the value before. The bytes depend on the values alone.
 */
final class ColumnPages {
  /** Rows of a page. */
  static final int PAGE_ROWS = 20_000;

  private static final int DICTIONARY_BYTES = 1 << 20;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int ABSENT = -1;

  private final HybridRuns levels = new HybridRuns();
  private final HybridRuns runs = new HybridRuns();
  private final NumberDictionary dictionary = new NumberDictionary();
  private final DeltaBinaryPackingValuesWriterForLong numberDifferences =
      new DeltaBinaryPackingValuesWriterForLong(
          BUFFER_BYTES, BUFFER_BYTES, HeapByteBufferAllocator.getInstance());
  private final DeltaByteArrayWriter textDifferences =
      new DeltaByteArrayWriter(BUFFER_BYTES, BUFFER_BYTES, HeapByteBufferAllocator.getInstance());

  // The column at hand, by row of the group.
  private PageWriter out;
  private PrimitiveType type;
  private int count;
  private long[] numbers = {};

  /** Of each row the place of its value in the dictionary, if there is one; below 0: no value. */
  private int[] places = {};

  // The places, or the levels, of a page.
  private final int[] present = new int[PAGE_ROWS];

  private void begin(PageWriter writer, PrimitiveType columnType, int rows) {
    out = writer;
    type = columnType;
    count = rows;
    if (places.length < rows) {
      places = new int[rows];
      numbers = new long[rows];
    }
  }

  /** Writes a column of numbers; {@link CallDraft#ABSENT} is no value. */
  void numbers(
      PageWriter writer, PrimitiveType columnType, LongColumn column, int[] rows, int from, int to)
      throws IOException {
    begin(writer, columnType, to - from);
    if (column.isOne()) {
      oneNumber(column.get(0));
      return;
    }
    long[] all = column.array(0);
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    int there = 0;
    for (int i = 0; i < count; i++) {
      long number = all[rows[from + i]];
      numbers[i] = number;
      if (number == CallDraft.ABSENT) {
        places[i] = ABSENT;
      } else {
        places[i] = 0;
        least = Math.min(least, number);
        most = Math.max(most, number);
        there++;
      }
    }
    if (there == 0) {
      nothing();
    } else if (least == most && there == count) {
      oneNumber(least);
    } else if (dictionary.find(numbers, count, there, least, most, places)) {
      numbersOfDictionary();
    } else {
      numberDifferences();
    }
  }

  /** A number that all rows have. */
  private void oneNumber(long number) throws IOException {
    if (number == CallDraft.ABSENT) {
      nothing();
      return;
    }
    oneValue(statistics -> statistics.updateStats(number), 0);
    ByteBuffer plain = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.writeDictionaryPage(
        new DictionaryPage(BytesInput.from(plain.putLong(number).array()), 1, Encoding.PLAIN));
  }

  /** A text that all rows have. */
  private void oneText(Binary word) throws IOException {
    oneValue(statistics -> statistics.updateStats(word), word.length());
    dictionary(new Binary[] {word}, 1, Integer.BYTES + word.length());
  }

  private void oneValue(Consumer<Statistics<?>> bounds, int textBytes) throws IOException {
    for (int begin = 0; begin < count; begin += PAGE_ROWS) {
      int rows = Math.min(PAGE_ROWS, count - begin);
      Statistics<?> statistics = Statistics.createStats(type);
      bounds.accept(statistics);
      levels.clear();
      levels.repeat(1, rows, 1);
      runs.clear();
      runs.writeByte(0);
      runs.repeat(0, rows, 0);
      write(
          rows, rows, statistics, Encoding.RLE_DICTIONARY, runs.written(), (long) rows * textBytes);
    }
  }

  private void numbersOfDictionary() throws IOException {
    int width = HybridRuns.width(dictionary.size() - 1);
    for (int begin = 0; begin < count; begin += PAGE_ROWS) {
      int end = Math.min(begin + PAGE_ROWS, count);
      int there = levels(begin, end);
      long least = Long.MAX_VALUE;
      long most = Long.MIN_VALUE;
      for (int i = begin; i < end; i++) {
        if (numbers[i] != CallDraft.ABSENT) {
          least = Math.min(least, numbers[i]);
          most = Math.max(most, numbers[i]);
        }
      }
      Statistics<?> statistics = bounds(there, least, most);
      places(begin, end, there, width);
      write(end - begin, there, statistics, Encoding.RLE_DICTIONARY, runs.written(), 0);
    }
    ByteBuffer plain =
        ByteBuffer.allocate(Math.multiplyExact(dictionary.size(), Long.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int place = 0; place < dictionary.size(); place++) {
      plain.putLong(dictionary.number(place));
    }
    out.writeDictionaryPage(
        new DictionaryPage(BytesInput.from(plain.array()), dictionary.size(), Encoding.PLAIN));
  }

  private void numberDifferences() throws IOException {
    for (int begin = 0; begin < count; begin += PAGE_ROWS) {
      int end = Math.min(begin + PAGE_ROWS, count);
      int there = levels(begin, end);
      long least = Long.MAX_VALUE;
      long most = Long.MIN_VALUE;
      numberDifferences.reset();
      for (int i = begin; i < end; i++) {
        long number = numbers[i];
        if (number != CallDraft.ABSENT) {
          least = Math.min(least, number);
          most = Math.max(most, number);
          numberDifferences.writeLong(number);
        }
      }
      write(
          end - begin,
          there,
          bounds(there, least, most),
          numberDifferences.getEncoding(),
          numberDifferences.getBytes(),
          0);
    }
  }

  private Statistics<?> bounds(int there, long least, long most) {
    Statistics<?> statistics = Statistics.createStats(type);
    if (there > 0) {
      statistics.updateStats(least);
      statistics.updateStats(most);
    }
    return statistics;
  }

  /**
   * Writes a column of texts.
   *
   * @param codes of a row the place of its text among {@code words}; below 0: no text
   */
  void texts(
      PageWriter writer,
      PrimitiveType columnType,
      LongColumn codes,
      Binary[] words,
      int[] rows,
      int from,
      int to)
      throws IOException {
    begin(writer, columnType, to - from);
    if (codes.isOne()) {
      one(codes.get(0), words);
      return;
    }
    long[] all = codes.array(0);
    int[] placeOf = new int[words.length];
    Arrays.fill(placeOf, ABSENT);
    Binary[] used = new Binary[Math.min(words.length, count)];
    int size = 0;
    long dictionaryBytes = 0;
    long plainBytes = 0;
    int there = 0;
    for (int i = 0; i < count; i++) {
      int code = (int) Math.max(all[rows[from + i]], ABSENT);
      if (code < 0) {
        places[i] = ABSENT;
        continue;
      }
      int bytes = Integer.BYTES + words[code].length();
      if (placeOf[code] < 0) {
        placeOf[code] = size;
        used[size++] = words[code];
        dictionaryBytes += bytes;
      }
      places[i] = placeOf[code];
      plainBytes += bytes;
      there++;
    }
    int width = HybridRuns.width(size - 1);
    boolean smaller =
        dictionaryBytes <= DICTIONARY_BYTES
            && dictionaryBytes + (long) there * width / Byte.SIZE < plainBytes;
    if (there == 0) {
      nothing();
    } else if (size == 1 && there == count) {
      oneText(used[0]);
    } else if (smaller || size == 1) {
      textsOfDictionary(used, size);
      dictionary(used, size, (int) dictionaryBytes);
    } else {
      textDifferences(used);
    }
  }

  private void one(long code, Binary[] words) throws IOException {
    if (code < 0) {
      nothing();
    } else {
      oneText(words[(int) code]);
    }
  }

  private void textsOfDictionary(Binary[] words, int size) throws IOException {
    int width = HybridRuns.width(size - 1);
    int[] seenIn = new int[size];
    for (int begin = 0; begin < count; begin += PAGE_ROWS) {
      int end = Math.min(begin + PAGE_ROWS, count);
      int there = levels(begin, end);
      Statistics<?> statistics = Statistics.createStats(type);
      long bytes = 0;
      for (int i = begin; i < end; i++) {
        int place = places[i];
        if (place >= 0) {
          bytes += words[place].length();
          if (seenIn[place] != end) {
            seenIn[place] = end;
            statistics.updateStats(words[place]);
          }
        }
      }
      places(begin, end, there, width);
      write(end - begin, there, statistics, Encoding.RLE_DICTIONARY, runs.written(), bytes);
    }
  }

  private void dictionary(Binary[] words, int size, int bytes) throws IOException {
    ByteBuffer plain = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int place = 0; place < size; place++) {
      plain.putInt(words[place].length()).put(words[place].toByteBuffer());
    }
    out.writeDictionaryPage(
        new DictionaryPage(BytesInput.from(plain.array()), size, Encoding.PLAIN));
  }

  private void textDifferences(Binary[] words) throws IOException {
    for (int begin = 0; begin < count; begin += PAGE_ROWS) {
      int end = Math.min(begin + PAGE_ROWS, count);
      int there = levels(begin, end);
      Statistics<?> statistics = Statistics.createStats(type);
      long bytes = 0;
      textDifferences.reset();
      for (int i = begin; i < end; i++) {
        if (places[i] >= 0) {
          Binary word = words[places[i]];
          bytes += word.length();
          statistics.updateStats(word);
          textDifferences.writeBytes(word);
        }
      }
      write(
          end - begin,
          there,
          statistics,
          textDifferences.getEncoding(),
          textDifferences.getBytes(),
          bytes);
    }
  }

  /** Pages without any value. */
  private void nothing() throws IOException {
    for (int begin = 0; begin < count; begin += PAGE_ROWS) {
      int rows = Math.min(PAGE_ROWS, count - begin);
      levels.clear();
      levels.repeat(0, rows, 1);
      write(rows, 0, Statistics.createStats(type), Encoding.PLAIN, BytesInput.empty(), 0);
    }
  }

  /** The definition levels of rows: which of them have a value, and how many. */
  private int levels(int begin, int end) {
    int there = 0;
    for (int i = begin; i < end; i++) {
      present[i - begin] = 1 + (places[i] >> 31);
      there += present[i - begin];
    }
    levels.clear();
    levels.write(present, 0, end - begin, 1);
    return there;
  }

  /** The places of those rows that have a value. */
  private void places(int begin, int end, int there, int width) {
    runs.clear();
    runs.writeByte(width);
    if (there == end - begin) {
      runs.write(places, begin, end, width);
      return;
    }
    int at = 0;
    for (int i = begin; i < end; i++) {
      if (places[i] >= 0) {
        present[at++] = places[i];
      }
    }
    runs.write(present, 0, at, width);
  }

  private void write(
      int rows,
      int there,
      Statistics<?> statistics,
      Encoding encoding,
      BytesInput values,
      long textBytes)
      throws IOException {
    statistics.incrementNumNulls((long) rows - there);
    out.writePageV2(
        rows,
        rows - there,
        rows,
        BytesInput.empty(),
        levels.written(),
        encoding,
        values,
        statistics,
        new SizeStatistics(type, textBytes, List.of(), List.of()),
        null);
  }
}
