package dev.homeward.formats;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.FormatDetection.Detected;
import dev.homeward.formats.records.CopyRecords;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.InsertRecords;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Sink;
import dev.homeward.formats.records.TableRows;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.JsonText;
import dev.homeward.formats.scan.LineReader;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The beginning of a file that may be a table: CSV with any separator, or a dump of PostgreSQL. */
final class TableHead {
  private static final char[] SEPARATORS = {',', '\t', ';', '|'};
  private static final int ROWS_LOOKED_AT = 20;
  private static final String DUMP = "-- PostgreSQL database dump";
  private static final String[] INSERTS = {"insert into ", "insert ignore ", "replace into "};
  private static final String[] CREATES = {"create table "};

  private final byte[] head;
  private final int length;
  private final List<int[]> lines;
  private final Candidates candidates;

  /** The line of the header among the lines. */
  private final int headerLine;

  /**
   * @param lines start and end of the first lines that are not blank
   */
  TableHead(byte[] head, int length, List<int[]> lines, Candidates candidates) {
    this.head = head;
    this.length = length;
    this.lines = lines;
    this.candidates = candidates;
    int[] first = lines.get(0);
    boolean separator = CsvRecords.isSeparatorLine(head, first[0], end(first));
    this.headerLine = separator && lines.size() > 1 ? 1 : 0;
  }

  private int end(int[] line) {
    return line[1] > line[0] && head[line[1] - 1] == '\r' ? line[1] - 1 : line[1];
  }

  /** The format whose columns the header names. */
  Optional<Detected> known() {
    for (char separator : SEPARATORS) {
      Set<String> columns = columns(separator);
      if (columns.size() > 1) {
        Optional<LogFormat> format = candidates.table(columns);
        if (format.isPresent()) {
          return Optional.of(
              FormatDetection.found(format.get(), Envelope.table(separator), columns));
        }
      }
    }
    return Optional.empty();
  }

  /** Why it is none. */
  Detected unknown() {
    if (lines.stream().anyMatch(line -> isStatement(line, INSERTS))) {
      return FormatDetection.none(
          "it is a dump of a database that inserts into no known table, or does not name its"
              + " columns; dump the table with them (pg_dump --column-inserts, mysqldump"
              + " --complete-insert) or export it as CSV or JSON",
          "");
    }
    if (isDump()) {
      return FormatDetection.none(
          "it is a dump of PostgreSQL in whose beginning no known table is copied; dump the table"
              + " alone, as COPY (pg_dump --data-only --table '\"LiteLLM_SpendLogs\"')",
          "");
    }
    Optional<String> known = Hints.ofLine(head, lines.get(0)[0], lines.get(0)[1]);
    if (known.isPresent()) {
      return FormatDetection.refused(known.get());
    }
    char separator = separator();
    Set<String> columns = columns(separator);
    Optional<String> hint = Hints.ofColumns(columns);
    if (hint.isPresent()) {
      return FormatDetection.refused(hint.get());
    }
    if (columns.size() > 1) {
      String what = Envelope.table(separator).what();
      return FormatDetection.noneKnown(Candidates.unknownTable(columns, what));
    }
    return isUtf8()
        ? FormatDetection.noneKnown("its first line is neither JSON nor a known CSV header")
        : FormatDetection.none("its first line is not UTF-8 text", "");
  }

  private boolean isUtf8() {
    try {
      record(',').texts();
      return true;
    } catch (RejectedRecord e) {
      return false;
    }
  }

  /** The separator with which the header has most columns. */
  char separator() {
    char best = ',';
    for (char separator : SEPARATORS) {
      if (columns(separator).size() > columns(best).size()) {
        best = separator;
      }
    }
    return best;
  }

  private int[] header() {
    return lines.get(headerLine);
  }

  private CsvRecord record(char separator) {
    CsvRecord record = new CsvRecord(separator);
    boolean complete = record.begin(head, header()[0], end(header())) == CsvRecord.State.COMPLETE;
    if (!complete) {
      record.clear();
    }
    return record;
  }

  private Set<String> columns(char separator) {
    try {
      return new LinkedHashSet<>(List.of(CsvRecords.names(record(separator).texts())));
    } catch (RejectedRecord e) {
      return Set.of();
    }
  }

  // --- dumps

  private boolean isDump() {
    return lines.stream()
        .limit(5)
        .anyMatch(
            line ->
                new String(head, line[0], line[1] - line[0], StandardCharsets.ISO_8859_1)
                    .startsWith(DUMP));
  }

  /** The format of the first table that is copied and has one. */
  Optional<Detected> dump() {
    int from = 0;
    while (from < length) {
      int end = from;
      while (end < length && head[end] != '\n') {
        end++;
      }
      String[] names = CopyRecords.columns(head, from, end);
      if (names != null) {
        Set<String> columns = new LinkedHashSet<>(Arrays.asList(names));
        Optional<LogFormat> format = candidates.table(columns);
        if (format.isPresent()) {
          return Optional.of(
              FormatDetection.found(format.get(), Envelope.of(Envelope.Kind.COPY), columns));
        }
      }
      from = end + 1;
    }
    return Optional.empty();
  }

  /** The format of the first table into which statements insert rows. */
  Optional<Detected> inserts() {
    if (lines.stream().noneMatch(line -> isStatement(line, INSERTS))
        && lines.stream().noneMatch(line -> isStatement(line, CREATES))) {
      return Optional.empty();
    }
    Inserted inserted = new Inserted();
    InsertRecords records;
    try {
      LineReader all =
          new LineReader(new ByteArrayInputStream(head, 0, length), 0, Long.MAX_VALUE, length);
      records = new InsertRecords(all, columns -> true, inserted, NOTHING, length);
      records.read();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read an array of bytes", e);
    }
    // Rows may stand further down than where the tables are created.
    records.tables().values().forEach(inserted::header);
    return inserted.found;
  }

  private boolean isStatement(int[] line, String... words) {
    String begin =
        new String(head, line[0], Math.min(line[1] - line[0], 20), StandardCharsets.ISO_8859_1)
            .toLowerCase(Locale.ROOT);
    return Arrays.stream(words).anyMatch(begin::startsWith);
  }

  /** Looks at the rows of tables until a format is found. */
  private final class Inserted implements TableRows {
    private Optional<Detected> found = Optional.empty();
    private String[] columns = {};

    @Override
    public void header(String[] names) {
      columns = names;
      if (found.isEmpty()) {
        Set<String> all = new LinkedHashSet<>(Arrays.asList(names));
        found =
            candidates
                .table(all)
                .map(
                    format ->
                        FormatDetection.found(format, Envelope.of(Envelope.Kind.INSERTS), all));
      }
    }

    @Override
    public void row(CsvRecord record, long line, long bytes) {
      for (int column = 0; column < columns.length && found.isEmpty(); column++) {
        int to = record.end(column);
        int from =
            EnvelopeSearch.isKey(columns[column])
                ? JsonText.objectStart(record.bytes(), record.start(column), to)
                : -1;
        if (from >= 0) {
          Envelope inserts = Envelope.of(Envelope.Kind.INSERTS);
          found = inText(record.bytes(), from, to, inserts, columns[column]);
        }
      }
    }
  }

  private static final Sink NOTHING =
      new Sink() {
        @Override
        public void call(CallDraft draft) {
          // Rows are looked at before they are calls.
        }

        @Override
        public void bucket(CallDraft draft) {
          // The same of buckets.
        }

        @Override
        public void ignored() {
          // Nothing is counted.
        }

        @Override
        public void rejected(Rejection rejection) {
          // Whoever reads the file says it.
        }
      };

  // --- JSON in a column

  /** The format of the JSON that one column holds, as CloudWatch Insights and others export it. */
  Optional<Detected> withJson() {
    for (char separator : SEPARATORS) {
      CsvRecord header = record(separator);
      for (int column = 0; column < header.size(); column++) {
        String name = name(header, column);
        if (EnvelopeSearch.isKey(name)) {
          Optional<Detected> found = inColumn(separator, column, name, header.size());
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static String name(CsvRecord header, int column) {
    try {
      return header.text(column);
    } catch (RejectedRecord e) {
      return "";
    }
  }

  private Optional<Detected> inColumn(char separator, int column, String name, int columns) {
    CsvRecord record = new CsvRecord(separator);
    int rows = 0;
    CsvRecord.State state = CsvRecord.State.COMPLETE;
    for (int i = headerLine + 1; i < lines.size() && rows < ROWS_LOOKED_AT; i++) {
      int[] line = lines.get(i);
      state =
          state == CsvRecord.State.OPEN
              ? record.more(head, line[0], end(line))
              : record.begin(head, line[0], end(line));
      boolean last = i == lines.size() - 1 && state == CsvRecord.State.OPEN;
      if (last) {
        // The head ends in the middle of a record: what there is of it is looked at.
        record.add(null);
      } else if (state != CsvRecord.State.COMPLETE) {
        continue;
      }
      rows++;
      if (column >= record.size() || !last && record.size() != columns) {
        continue;
      }
      int to = record.end(column);
      int from = JsonText.objectStart(record.bytes(), record.start(column), to);
      if (from >= 0) {
        Optional<Detected> found =
            inText(record.bytes(), from, to, Envelope.table(separator), name);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Detected> inText(byte[] bytes, int from, int to, Envelope table, String name) {
    HeadNames names = HeadNames.of(bytes, from, to);
    Optional<LogFormat> plain = candidates.json(names.paths);
    if (plain.isPresent()) {
      Envelope envelope = table.inColumn(name, List.of());
      return Optional.of(FormatDetection.found(plain.get(), envelope, names.paths));
    }
    return EnvelopeSearch.in(bytes, from, to, candidates::json)
        .map(
            found ->
                FormatDetection.found(
                    found.format(), table.inColumn(name, found.path()), found.names()));
  }
}
