package dev.homeward.formats;

import dev.homeward.formats.EnvelopeSearch.Found;
import dev.homeward.formats.scan.DocumentReader;
import dev.homeward.formats.scan.JsonTable;
import dev.homeward.formats.scan.JsonText;
import dev.homeward.formats.scan.LineReader;
import dev.homeward.formats.scan.NodeText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells the format of a log, and how its records stand in the file, by its first bytes, never by
 * its name.
 */
public final class FormatDetection {
  /** Bytes of a file, decompressed, that are enough to tell. */
  public static final int HEAD_BYTES = 1 << 18;

  private static final int LINES_LOOKED_AT = 200;
  private static final int OBJECTS_LOOKED_AT = 50;
  private static final String GIVE_IT =
      "Maybe give its format with --format WORD (docs/formats.md lists the words)";

  /**
   * What was found.
   *
   * @param format the format; empty if none matches
   * @param envelope how its records stand in the file
   * @param why what told it, or why none matches and what to do instead
   * @param advice what else may help where none matches; empty where {@code why} says what to do
   */
  public record Detected(Optional<LogFormat> format, Envelope envelope, String why, String advice) {

    /** How its JSON objects stand; LINES where it is no JSON. */
    public JsonLayout layout() {
      return envelope.layout();
    }
  }

  private final byte[] head;
  private final int length;
  private final Candidates candidates;
  private final List<int[]> lines;

  private FormatDetection(byte[] head, int length, List<LogFormat> formats) {
    this.head = head;
    this.length = length;
    this.candidates = new Candidates(formats);
    this.lines = lines(head, length);
  }

  /** The format of a file that begins with these bytes. */
  public static Detected detect(byte[] head, int length) {
    return detect(head, length, List.of(LogFormat.values()));
  }

  /** The same, where only these formats are asked for. */
  public static Detected detect(byte[] head, int length, List<LogFormat> formats) {
    if (length == 0) {
      return none("the file is empty", "");
    }
    if (isParquet(head, length)) {
      Envelope parquet = Envelope.of(Envelope.Kind.PARQUET);
      return new Detected(Optional.of(LogFormat.CANONICAL_PARQUET), parquet, "Parquet", "");
    }
    Optional<String> notText = NotText.why(head, length);
    if (notText.isPresent()) {
      return none(notText.get(), "");
    }
    FormatDetection detection = new FormatDetection(head, length, formats);
    if (detection.lines.isEmpty()) {
      return none("its beginning holds blank lines only", "");
    }
    return detection.text();
  }

  /** Whether a file that begins with these bytes is Parquet, whose columns tell its format. */
  public static boolean isParquet(byte[] head, int length) {
    return NotText.startsWith(head, length, 'P', 'A', 'R', '1');
  }

  private Detected text() {
    return switch (head[lines.get(0)[0]]) {
      case '{' -> json().orElseGet(() -> unknownJson(jsonNames()));
      case '[' ->
          document()
              .or(this::wrappedDocument)
              .or(this::prefixed)
              .orElseGet(() -> unknownJson(firstNames()));
      default -> {
        TableHead table = new TableHead(head, length, lines, candidates);
        // A damaged first line must not hide a log of JSON lines.
        boolean laterJson = lines.stream().skip(1).anyMatch(line -> head[line[0]] == '{');
        yield table
            .known()
            .or(table::dump)
            .or(table::inserts)
            .or(this::nodeText)
            .or(() -> laterJson ? json() : Optional.empty())
            .or(this::prefixed)
            .or(table::withJson)
            .orElseGet(() -> laterJson ? unknownJson(jsonNames()) : table.unknown());
      }
    };
  }

  /**
   * How records of a format that the user names stand in a file that begins with these bytes; not
   * of Parquet, whose columns tell.
   */
  public static Envelope envelope(byte[] head, int length, LogFormat format) {
    Detected detected = length == 0 ? none("", "") : detect(head, length, List.of(format));
    if (detected.format().isPresent() && detected.format().get() == format) {
      return detected.envelope();
    }
    if (format.framing() == LogFormat.Framing.CSV) {
      FormatDetection detection = new FormatDetection(head, length, List.of());
      return Envelope.table(
          detection.lines.isEmpty()
              ? ','
              : new TableHead(head, length, detection.lines, detection.candidates).separator());
    }
    return Envelope.of(layout(head, length));
  }

  /** How the JSON objects of a file that begins with these bytes stand, where no format is told. */
  public static JsonLayout layout(byte[] head, int length) {
    FormatDetection detection = new FormatDetection(head, length, List.of());
    List<int[]> lines = detection.lines;
    if (lines.isEmpty() || head[lines.get(0)[0]] == '[') {
      return lines.isEmpty() ? JsonLayout.LINES : JsonLayout.DOCUMENT;
    }
    for (int[] line : lines) {
      if (isAtMargin(head, line) && HeadNames.of(head, line[0], line[1]).isWhole()) {
        return JsonLayout.LINES;
      }
    }
    boolean several =
        lines.size() > 1 || HeadNames.of(head, lines.get(0)[0], lines.get(0)[1]).isFollowed();
    return several && head[lines.get(0)[0]] == '{' && !detection.firstNames().isEmpty()
        ? JsonLayout.DOCUMENT
        : JsonLayout.LINES;
  }

  private static boolean isAtMargin(byte[] head, int[] line) {
    int before = line[0] - 1;
    return head[line[0]] == '{' && (before < 0 || head[before] == '\n' || head[before] < 0);
  }

  /** Start (of its text) and end of the first lines that are not blank. */
  private static List<int[]> lines(byte[] head, int length) {
    List<int[]> lines = new ArrayList<>();
    int from = LineReader.afterBom(head, 0, length);
    while (from < length && lines.size() < LINES_LOOKED_AT) {
      int end = from;
      while (end < length && head[end] != '\n') {
        end++;
      }
      int start = from;
      while (start < end && head[start] <= ' ' && head[start] >= 0) {
        start++;
      }
      if (start < end) {
        lines.add(new int[] {start, end});
      }
      from = end + 1;
    }
    return lines;
  }

  // --- JSON

  private Optional<Detected> json() {
    Optional<Detected> lists = jsonTable().or(this::nodeText);
    if (lists.isPresent()) {
      return lists;
    }
    if (beginsWithDocument()) {
      Optional<Detected> found = document().or(this::wrappedDocument);
      if (found.isPresent()) {
        return found;
      }
    }
    for (int[] line : lines) {
      if (!isAtMargin(head, line)) {
        continue;
      }
      HeadNames names = HeadNames.of(head, line[0], line[1]);
      if (names.isWhole() || lines.size() == 1 && !names.isFollowed()) {
        Optional<Detected> found = found(Envelope.Kind.LINES, names.paths);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return document()
        .or(this::wrappedLines)
        .or(this::wrappedDocument)
        .or(this::damagedLines)
        .or(this::prefixed);
  }

  /** The format of rows that are lists, below the names of their columns. */
  private Optional<Detected> jsonTable() {
    if (!JsonTable.is(firstNames())) {
      return Optional.empty();
    }
    try {
      JsonTable rows = new JsonTable(new ByteArrayInputStream(head, 0, length), HEAD_BYTES);
      for (int i = 0; i < OBJECTS_LOOKED_AT && rows.next(); i++) {
        HeadNames names = HeadNames.of(rows.bytes(), rows.from(), rows.to());
        Optional<Detected> plain = found(Envelope.Kind.JSON_TABLE, names.paths);
        if (plain.isPresent()) {
          return plain;
        }
        Optional<Found> wrapped = wrapped(rows.bytes(), rows.from(), rows.to());
        if (wrapped.isPresent()) {
          return Optional.of(found(Envelope.Kind.JSON_TABLE, wrapped.get()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read an array of bytes", e);
    }
    return Optional.empty();
  }

  /** The format of objects as Node.js prints them. */
  private Optional<Detected> nodeText() {
    if (lines.stream().noneMatch(line -> NodeText.begins(head, line[0], length))) {
      return Optional.empty();
    }
    byte[] json;
    try (InputStream in = new NodeText(new ByteArrayInputStream(head, 0, length))) {
      json = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read an array of bytes", e);
    }
    FormatDetection inJson = new FormatDetection(json, json.length, candidates.formats());
    return inJson
        .document()
        .or(inJson::wrappedDocument)
        .map(
            found -> {
              Envelope plain = found.envelope();
              Envelope printed =
                  new Envelope(Envelope.Kind.NODE_TEXT, plain.path(), plain.streamed(), ',');
              return new Detected(
                  found.format(),
                  printed,
                  found.why().replace(plain.what(), printed.what()),
                  found.advice());
            });
  }

  /**
   * Whether the first object goes over several lines: then a later line that is an object is a part
   * of it, and not the first good one after a damaged one.
   */
  private boolean beginsWithDocument() {
    int[] first = lines.get(0);
    HeadNames line = HeadNames.of(head, first[0], first[1]);
    if (!line.isCut() || lines.size() == 1) {
      return false;
    }
    HeadNames whole = HeadNames.of(head, first[0], length);
    return whole.isWhole() || whole.isFollowed() || length == HEAD_BYTES && whole.isCut();
  }

  /** The format of objects that span lines, or stand in an array or in a row. */
  private Optional<Detected> document() {
    DocumentReader reader = objects();
    try {
      for (int i = 0; i < OBJECTS_LOOKED_AT && reader.next(); i++) {
        HeadNames names = HeadNames.of(reader.bytes(), reader.from(), reader.to());
        Optional<Detected> found = found(Envelope.Kind.DOCUMENT, names.paths);
        if (found.isPresent()) {
          return found;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read an array of bytes", e);
    }
    return Optional.empty();
  }

  private DocumentReader objects() {
    return new DocumentReader(new ByteArrayInputStream(head, 0, length), HEAD_BYTES);
  }

  /** The names of the first object that has any. */
  private Set<String> firstNames() {
    DocumentReader reader = objects();
    try {
      while (reader.next()) {
        HeadNames names = HeadNames.of(reader.bytes(), reader.from(), reader.to());
        if (!names.paths.isEmpty()) {
          return names.paths;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read an array of bytes", e);
    }
    return Set.of();
  }

  /** Names of the objects on the first lines, or of the first object over several lines. */
  private Set<String> jsonNames() {
    Set<String> seen = new LinkedHashSet<>();
    for (int[] line : lines) {
      if (isAtMargin(head, line)) {
        seen.addAll(HeadNames.of(head, line[0], line[1]).paths);
      }
    }
    return seen.isEmpty() ? firstNames() : seen;
  }

  private Optional<Detected> wrappedLines() {
    for (int[] line : lines) {
      if (!isAtMargin(head, line)) {
        continue;
      }
      HeadNames names = HeadNames.of(head, line[0], line[1]);
      boolean cut = lines.size() == 1 && !names.isFollowed();
      if (!names.isWhole() && !cut) {
        continue;
      }
      Optional<Found> found = wrapped(head, line[0], line[1]);
      if (found.isPresent()) {
        // One line, of which nobody knows how long it is, is read item by item.
        boolean document = lines.size() == 1 && found.get().streamed() > 0;
        return Optional.of(
            found(document ? Envelope.Kind.DOCUMENT : Envelope.Kind.LINES, found.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<Detected> wrappedDocument() {
    DocumentReader reader = objects();
    try {
      for (int i = 0; i < OBJECTS_LOOKED_AT && reader.next(); i++) {
        Optional<Found> found = wrapped(reader.bytes(), reader.from(), reader.to());
        if (found.isPresent()) {
          return Optional.of(found(Envelope.Kind.DOCUMENT, found.get()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read an array of bytes", e);
    }
    return Optional.empty();
  }

  private Optional<Found> wrapped(byte[] bytes, int from, int to) {
    return EnvelopeSearch.in(bytes, from, to, candidates::json);
  }

  /** The format of lines none of which is whole. */
  private Optional<Detected> damagedLines() {
    for (int[] line : lines) {
      Optional<Detected> found =
          found(Envelope.Kind.LINES, HeadNames.of(head, line[0], line[1]).paths);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** The format of lines that end in JSON. */
  private Optional<Detected> prefixed() {
    for (int[] line : lines) {
      int start = JsonText.objectStart(head, line[0], line[1]);
      if (start <= line[0]) {
        continue;
      }
      HeadNames names = HeadNames.of(head, start, line[1]);
      if (!names.isWhole() && lines.size() > 1) {
        continue;
      }
      Optional<Detected> plain = found(Envelope.Kind.PREFIXED_LINES, names.paths);
      if (plain.isPresent()) {
        return plain;
      }
      Optional<Found> found = wrapped(head, start, line[1]);
      if (found.isPresent()) {
        return Optional.of(found(Envelope.Kind.PREFIXED_LINES, found.get()));
      }
    }
    return Optional.empty();
  }

  // --- Parquet

  /** The format of a Parquet file with these columns. */
  static Optional<Detected> ofColumns(Set<String> columns, Candidates candidates) {
    return candidates
        .parquet(columns)
        .map(format -> found(format, Envelope.of(Envelope.Kind.PARQUET), columns));
  }

  /** The format of JSON in a column of a Parquet file, one of whose rows this is as JSON. */
  static Optional<Detected> inRow(byte[] row, int length, Candidates candidates) {
    return EnvelopeSearch.in(row, 0, length, candidates::json)
        .map(found -> found(Envelope.Kind.PARQUET, found));
  }

  // --- what was found

  private Optional<Detected> found(Envelope.Kind kind, Set<String> names) {
    return candidates.json(names).map(format -> found(format, Envelope.of(kind), names));
  }

  private static Detected found(Envelope.Kind kind, Found found) {
    int streamed = kind == Envelope.Kind.DOCUMENT ? found.streamed() : 0;
    return found(found.format(), new Envelope(kind, found.path(), streamed, ','), found.names());
  }

  static Detected found(LogFormat format, Envelope envelope, Set<String> names) {
    String told = String.join(", ", Candidates.telling(format, names));
    String columns =
        envelope.kind() == Envelope.Kind.TABLE && envelope.path().isEmpty() ? "the columns " : "";
    return new Detected(
        Optional.of(format),
        envelope,
        "%s with %s%s".formatted(envelope.what(), columns, told),
        "");
  }

  private static Detected unknownJson(Set<String> paths) {
    return Hints.ofNames(paths)
        .map(FormatDetection::refused)
        .orElseGet(() -> noneKnown(Candidates.unknownJson(paths)));
  }

  /** No format that is known: maybe the user knows better. */
  static Detected noneKnown(String why) {
    return none(why, GIVE_IT);
  }

  /** No log, for a reason that says what to do. */
  public static Detected refused(String why) {
    return none(why, "");
  }

  static Detected none(String why, String advice) {
    return new Detected(Optional.empty(), Envelope.of(JsonLayout.LINES), why, advice);
  }
}
