package dev.homeward.formats;

import dev.homeward.formats.FormatDetection.Detected;
import dev.homeward.formats.records.CopyRecords;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.JsonText;
import dev.homeward.formats.scan.RejectedRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The beginning of a file that may be a table: CSV with any separator, or a dump of PostgreSQL. */
final class TableHead {
  private static final char[] SEPARATORS = {',', '\t', ';', '|'};
  private static final int ROWS_LOOKED_AT = 20;
  private static final String DUMP = "-- PostgreSQL database dump";

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
        Optional<Detected> found = inText(record.bytes(), from, to, separator, name);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Detected> inText(byte[] bytes, int from, int to, char separator, String name) {
    Envelope table = Envelope.table(separator);
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
