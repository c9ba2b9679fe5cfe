package dev.homeward.databases;

import com.github.luben.zstd.ZstdOutputStream;
import dev.homeward.files.Files;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;

/**
 * The rows of a day as CSV, compressed. The file is begun with the first row: a day without one
 * leaves none.
 */
final class RowFile implements Closeable {
  private static final int LEVEL = 1;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Files files;
  private final String path;
  private final List<String> header;
  private final StringBuilder line = new StringBuilder();
  private OutputStream out;
  private long rows;

  /**
   * @param folder where the file will lie
   * @param table whose rows they are; a part of the file's name
   */
  RowFile(Files files, String folder, String table, LocalDate day, List<String> header) {
    this.files = files;
    this.path =
        files.child(folder, table.replaceAll("[^A-Za-z0-9_-]", "_") + "-" + day + ".csv.zst");
    this.header = List.copyOf(header);
  }

  /** Adds the next cell of the row; null is an empty one. */
  void cell(String value) {
    if (value != null) {
      boolean quoted =
          value.indexOf(',') >= 0
              || value.indexOf('"') >= 0
              || value.indexOf('\n') >= 0
              || value.indexOf('\r') >= 0;
      line.append(quoted ? '"' + value.replace("\"", "\"\"") + '"' : value);
    }
    line.append(',');
  }

  /** Ends the row. */
  void end() {
    try {
      if (out == null) {
        begin();
      }
      out.write(ended());
      rows++;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
  }

  private void begin() throws IOException {
    String first = line.toString();
    line.setLength(0);
    out = new BufferedOutputStream(new ZstdOutputStream(files.create(path), LEVEL), BUFFER_BYTES);
    header.forEach(this::cell);
    out.write(ended());
    line.append(first);
  }

  private byte[] ended() {
    line.setCharAt(line.length() - 1, '\n');
    byte[] bytes = line.toString().getBytes(StandardCharsets.UTF_8);
    line.setLength(0);
    return bytes;
  }

  /** How many rows were written. */
  long rows() {
    return rows;
  }

  @Override
  public void close() {
    if (out != null) {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot write " + path, e);
      }
    }
  }
}
