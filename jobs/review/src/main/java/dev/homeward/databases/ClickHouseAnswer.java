package dev.homeward.databases;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The rows of an answer of ClickHouse, in its format TabSeparated, each with a mark at its end. A
 * query that fails in the middle cannot take back that it began with 200: it writes why into the
 * answer, in one of three ways by its version, and from 24.11 on breaks the connection. All of them
 * are told here, and so is an answer that just ends: a row without its mark.
 */
final class ClickHouseAnswer implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int LONGEST_ROW = 1 << 24;
  private static final int LONGEST_REASON = 4_000;
  private static final String EXCEPTION = "__exception__";
  private static final String MARK = ".";
  private static final Pattern REASON = Pattern.compile("Code: \\d+[.,].*", Pattern.DOTALL);

  private final InputStream in;
  private final ClickHouseFailure failure;
  private final String[] cells;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private final ByteArrayOutputStream row = new ByteArrayOutputStream();

  /**
   * @param columns how many cells a row has before its mark
   */
  ClickHouseAnswer(InputStream in, int columns, ClickHouseFailure failure) {
    this.in = in;
    this.failure = failure;
    this.cells = new String[columns];
  }

  /** Steps to the next row; false at the end. */
  boolean next() {
    try {
      if (!line()) {
        return false;
      }
      if (!split()) {
        throw failure.inTheMiddle(reason());
      }
      return true;
    } catch (IOException e) {
      throw failure.inTheMiddle(e);
    }
  }

  /** A cell of the row; empty where it is NULL. */
  String cell(int column) {
    return cells[column];
  }

  /** Reads up to the end of the line; false if nothing follows. */
  private boolean line() throws IOException {
    row.reset();
    while (true) {
      if (at == end) {
        end = in.read(buffer, 0, buffer.length);
        at = 0;
        if (end < 0) {
          end = 0;
          return row.size() > 0;
        }
      }
      int from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      row.write(buffer, from, at - from);
      if (row.size() > LONGEST_ROW) {
        throw new IOException("a row is longer than %,d bytes".formatted(LONGEST_ROW));
      }
      if (at < end) {
        at++;
        return true;
      }
    }
  }

  /** Takes the line apart; false if it is no whole row. */
  private boolean split() {
    String text = row.toString(StandardCharsets.UTF_8);
    int column = 0;
    int from = 0;
    for (int tab = text.indexOf('\t'); tab >= 0; tab = text.indexOf('\t', from)) {
      if (column == cells.length) {
        return false;
      }
      cells[column++] = plain(text.substring(from, tab));
      from = tab + 1;
    }
    String last = text.substring(from);
    return column == cells.length && (last.equals(MARK) || last.equals(MARK + "\r"));
  }

  private static String plain(String cell) {
    if (cell.indexOf('\\') < 0) {
      return cell;
    }
    if (cell.equals("\\N")) {
      return "";
    }
    StringBuilder text = new StringBuilder(cell.length());
    int from = 0;
    for (int at = cell.indexOf('\\');
        at >= 0 && at + 1 < cell.length();
        at = cell.indexOf('\\', from)) {
      text.append(cell, from, at).append(escaped(cell.charAt(at + 1)));
      from = at + 2;
    }
    text.append(cell, from, cell.length());
    return text.toString();
  }

  private static char escaped(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case '0' -> '\0';
      default -> c;
    };
  }

  /** What the server says in place of a row; empty if it just ended. */
  private String reason() {
    StringBuilder said = new StringBuilder();
    try {
      do {
        String line = row.toString(StandardCharsets.UTF_8).strip();
        var found = REASON.matcher(line);
        if (found.find()) {
          return found.group();
        }
        said.append(line.startsWith(EXCEPTION) || line.isEmpty() ? "" : line + " ");
      } while (said.length() < LONGEST_REASON && line());
    } catch (IOException e) {
      // The connection is broken on purpose after the reason.
      return said.toString().strip();
    }
    return said.toString().contains("Exception") ? said.toString().strip() : "";
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      // What was wanted of it was read.
      return;
    }
  }
}
