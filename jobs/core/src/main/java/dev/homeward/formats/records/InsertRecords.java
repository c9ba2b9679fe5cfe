package dev.homeward.formats.records;

import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.LineReader;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.SqlLines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Reads a dump of a database as statements that insert rows: {@code pg_dump --inserts}, {@code
 * mysqldump}, and {@code .dump} of SQLite. The columns stand in the statement, or in the one that
 * created the table.
 *
 * <pre>
 * CREATE TABLE logs (id integer, model_name text, prompt_tokens integer);
 * INSERT INTO logs VALUES (1, 'gpt-4o', 2000), (2, 'gpt-4o', NULL);
 * </pre>
 *
 * Rows of tables with the format's columns are read, those of other tables are no calls, and so is
 * every line on which no row begins. A row that is damaged costs what stands before the next
 * statement that inserts.
 */
public final class InsertRecords {
  private static final Set<String> NO_COLUMNS =
      Set.of(
          "primary",
          "key",
          "unique",
          "constraint",
          "index",
          "foreign",
          "check",
          "fulltext",
          "spatial",
          "like",
          "exclude",
          "period");

  private static final String CREATE = "create table ";
  private static final int LONGEST_WORD = 100;
  private static final int MOST_COLUMNS = 2_000;
  private static final int MOST_TABLES = 10_000;

  private final SqlLines sql;
  private final Predicate<Set<String>> isFormat;
  private final TableRows rows;
  private final Sink sink;
  private final int maxRecordBytes;
  private final Map<String, String[]> tables = new TreeMap<>();
  private final CsvRecord record = new CsvRecord();
  private final ByteArrayOutputStream field = new ByteArrayOutputStream();
  private int rowsOnLine;

  // The table at hand: its columns, and whether it is one of the format.
  private String[] columns;
  private boolean known;
  private RejectedRecord missing;

  /**
   * @param isFormat whether a table with these columns is one of the format
   */
  public InsertRecords(
      LineReader lines,
      Predicate<Set<String>> isFormat,
      TableRows rows,
      Sink sink,
      int maxRecordBytes) {
    this.sql = new SqlLines(lines, this::endOfLine);
    this.isFormat = isFormat;
    this.rows = rows;
    this.sink = sink;
    this.maxRecordBytes = maxRecordBytes;
  }

  /** The columns of the tables that were created or inserted into, by name, in order. */
  public Map<String, String[]> tables() {
    return tables;
  }

  private void endOfLine() {
    if (rowsOnLine == 0) {
      sink.ignored();
    }
    rowsOnLine = 0;
  }

  public void read() throws IOException {
    boolean there = sql.advance();
    while (there) {
      if (sql.comes("--") && (sql.holds("MySQL dump") || sql.holds("MariaDB dump"))) {
        sql.escapeByBackslash();
      }
      if (sql.isTooLong()) {
        rowsOnLine++;
        reject(
            Reason.RECORD_TOO_LARGE,
            "longer than %d bytes".formatted(maxRecordBytes),
            maxRecordBytes);
      } else if (sql.comes(CREATE)) {
        create();
      } else if (sql.isInsert()) {
        insert();
      }
      // Where a statement ended, another may follow on its line.
      if (sql.peek() == ';') {
        sql.take();
        sql.skipSpaceOnLine();
      }
      there = sql.comes(CREATE) || sql.isInsert() || sql.advance();
    }
  }

  private void create() throws IOException {
    sql.word();
    sql.skipSpace();
    sql.word();
    sql.skipSpace();
    if (sql.comes("if not exists ")) {
      for (int word = 0; word < 3; word++) {
        sql.word();
        sql.skipSpace();
      }
    }
    String table = sql.lastName();
    sql.skipSpace();
    if (sql.peek() != '(') {
      return;
    }
    sql.take();
    List<String> names = new ArrayList<>();
    do {
      sql.skipSpace();
      boolean quoted = sql.peek() == '"' || sql.peek() == '`' || sql.peek() == '[';
      String name = sql.name();
      if (quoted || !NO_COLUMNS.contains(name.toLowerCase(Locale.ROOT))) {
        names.add(name);
      }
    } while (names.size() < MOST_COLUMNS && isPart());
    note(table, names);
  }

  /** Passes over the rest of a part of a list; whether another part follows. */
  private boolean isPart() throws IOException {
    int depth = 0;
    while (true) {
      int c = sql.peek();
      if (c == SqlLines.END || c == ';' || c == ')' && depth == 0) {
        return false;
      }
      sql.take();
      if (c == ',' && depth == 0) {
        return true;
      }
      if (c == '\'' || c == '"' || c == '`') {
        field.reset();
        sql.quoted(c, field, maxRecordBytes, false);
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
  }

  private void note(String table, List<String> names) {
    boolean distinct = names.stream().distinct().count() == names.size();
    if (distinct && !names.isEmpty() && tables.size() < MOST_TABLES) {
      tables.put(table, names.toArray(String[]::new));
    }
  }

  private void insert() throws IOException {
    String word;
    do {
      word = sql.word();
      sql.skipSpace();
    } while (!word.equals("into") && !word.isEmpty());
    String table = sql.lastName();
    sql.skipSpace();
    if (sql.peek() == '(') {
      sql.take();
      List<String> names = new ArrayList<>();
      do {
        sql.skipSpace();
        names.add(sql.name());
      } while (names.size() < MOST_COLUMNS && isPart());
      sql.take();
      note(table, names);
      sql.skipSpace();
    }
    // "OVERRIDING SYSTEM VALUE VALUES", "VALUES"
    for (word = sql.word(); !word.isEmpty() && !word.equals("values"); word = sql.word()) {
      sql.skipSpace();
    }
    table(tables.get(table));
    do {
      sql.skipSpace();
      if (sql.peek() != '(') {
        return;
      }
      sql.take();
    } while (row());
  }

  private void table(String[] names) {
    if (names == columns) {
      return;
    }
    columns = names;
    known = names != null && isFormat.test(Set.of(names));
    missing = null;
    if (known) {
      try {
        rows.header(names);
      } catch (RejectedRecord e) {
        missing = e;
      }
    }
  }

  /** A row whose bracket was taken; whether another one follows. */
  private boolean row() throws IOException {
    rowsOnLine++;
    long line = sql.line();
    record.clear();
    int bytes = 0;
    boolean another;
    do {
      sql.skipSpace();
      field.reset();
      boolean whole = value();
      bytes += field.size();
      if (!whole || bytes > maxRecordBytes) {
        damaged(line, bytes);
        return false;
      }
      record.add(field.toByteArray());
      another = sql.peek() == ',';
      sql.take();
    } while (another);
    end(line, bytes);
    sql.skipSpace();
    boolean follows = sql.peek() == ',';
    if (follows) {
      sql.take();
    }
    return follows;
  }

  /** Takes a value up to the comma or bracket behind it; false if the row ends before that. */
  private boolean value() throws IOException {
    int depth = 0;
    boolean text = false;
    StringBuilder word = new StringBuilder();
    while (true) {
      int c = sql.peek();
      if (c == SqlLines.END || c == ';') {
        return false;
      }
      if (depth == 0 && (c == ',' || c == ')')) {
        if (!text && !word.toString().equalsIgnoreCase("null")) {
          field.writeBytes(word.toString().getBytes(StandardCharsets.UTF_8));
        }
        return true;
      }
      sql.take();
      if (c == '\'') {
        boolean escaped = word.toString().equalsIgnoreCase("e");
        // Of replace('...','\n',char(10)) and '...'::jsonb the first text is the value.
        ByteArrayOutputStream into = text ? new ByteArrayOutputStream() : field;
        text = true;
        if (!sql.quoted(c, into, maxRecordBytes, escaped)) {
          return false;
        }
      } else if (c != ' ' && c != SqlLines.LINE && word.length() < LONGEST_WORD) {
        word.append((char) c);
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
  }

  private void end(long line, int bytes) throws IOException {
    if (!known) {
      sink.ignored();
    } else if (missing != null) {
      reject(missing.reason(), missing.getMessage(), bytes);
    } else if (record.size() != columns.length) {
      reject(
          Reason.MALFORMED_CSV,
          "%d values where the table has %d columns".formatted(record.size(), columns.length),
          bytes);
    } else {
      rows.row(record, line, bytes);
    }
  }

  private void damaged(long line, int bytes) {
    if (known) {
      sink.rejected(
          new Rejection(
              Reason.MALFORMED_CSV, line, "the row does not end", Samples.ofLength(bytes)));
    } else {
      sink.ignored();
    }
  }

  private void reject(Reason reason, String detail, int length) {
    sink.rejected(new Rejection(reason, sql.line(), detail, Samples.ofLength(length)));
  }
}
