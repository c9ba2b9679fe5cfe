package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.DocumentReader;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.LineReader;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells the format of a log by its first bytes, never by its name. */
public final class FormatDetection {
  /** Bytes of a file, decompressed, that are enough to tell. */
  public static final int HEAD_BYTES = 1 << 18;

  private static final int LINES_LOOKED_AT = 200;
  private static final int NAMES_SHOWN = 6;
  private static final int MOST_NAMES = 10_000;
  private static final int DEEPEST_NAME = 4;
  private static final Pattern SHOWABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_. -]{0,39}");

  /**
   * What was found.
   *
   * @param format the format; empty if none matches
   * @param layout how its JSON objects stand; LINES where it is no JSON
   * @param why what told it, or why none matches and what to do instead
   */
  public record Detected(Optional<LogFormat> format, JsonLayout layout, String why) {}

  private FormatDetection() {}

  /** The format of a file that begins with these bytes. */
  public static Detected detect(byte[] head, int length) {
    if (length == 0) {
      return none("the file is empty");
    }
    Optional<String> notText = notText(head, length);
    if (startsWith(head, length, 'P', 'A', 'R', '1')) {
      return found(LogFormat.CANONICAL_PARQUET, JsonLayout.LINES, "Parquet");
    }
    if (notText.isPresent()) {
      return none(notText.get());
    }
    List<int[]> lines = lines(head, length);
    if (lines.isEmpty()) {
      return none("its beginning holds blank lines only");
    }
    int[] first = lines.get(0);
    return switch (head[first[0]]) {
      case '{' -> json(head, length, lines);
      case '[' -> document(head, length).orElseGet(() -> unknown(firstRecord(head, length)));
      default -> {
        // A damaged first line must not hide a log of JSON lines.
        boolean laterJson = lines.stream().skip(1).anyMatch(line -> head[line[0]] == '{');
        Detected csv = csv(head, first);
        yield csv.format().isEmpty() && laterJson ? json(head, length, lines) : csv;
      }
    };
  }

  /** How the JSON objects of a file that begins with these bytes stand, where no format is told. */
  public static JsonLayout layout(byte[] head, int length) {
    List<int[]> lines = lines(head, length);
    if (lines.isEmpty() || head[lines.get(0)[0]] == '[') {
      return lines.isEmpty() ? JsonLayout.LINES : JsonLayout.DOCUMENT;
    }
    for (int[] line : lines) {
      if (isAtMargin(head, line) && names(head, line[0], line[1]).whole) {
        return JsonLayout.LINES;
      }
    }
    return lines.size() > 1 && head[lines.get(0)[0]] == '{' && !firstRecord(head, length).isEmpty()
        ? JsonLayout.DOCUMENT
        : JsonLayout.LINES;
  }

  private static boolean isAtMargin(byte[] head, int[] line) {
    int before = line[0] - 1;
    return head[line[0]] == '{' && (before < 0 || head[before] == '\n' || head[before] < 0);
  }

  private static Optional<String> notText(byte[] head, int length) {
    if (startsWith(head, length, 0x1F, 0x8B)
        || startsWith(head, length, 0x28, 0xB5, 0x2F, 0xFD)
        || startsWith(head, length, 'B', 'Z', 'h')) {
      return Optional.of("it is compressed inside of what was read; unpack it once");
    }
    if (startsWith(head, length, 'P', 'K', 3, 4)) {
      return Optional.of("it is a zip archive; unpack it first");
    }
    if (startsWith(head, length, 0xFF, 0xFE) || startsWith(head, length, 0xFE, 0xFF)) {
      return Optional.of("it is UTF-16 text; convert it to UTF-8");
    }
    int controls = 0;
    for (int i = 0; i < length; i++) {
      if (head[i] == 0) {
        return Optional.of("it is a binary file (a zero byte at offset %d)".formatted(i));
      }
      boolean white = head[i] == '\n' || head[i] == '\r' || head[i] == '\t' || head[i] == '\f';
      controls += head[i] >= 0 && head[i] < ' ' && !white ? 1 : 0;
    }
    return controls > length / 50
        ? Optional.of("it is a binary file (%d control bytes)".formatted(controls))
        : Optional.empty();
  }

  private static boolean startsWith(byte[] head, int length, int... magic) {
    if (length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (head[i] != (byte) magic[i]) {
        return false;
      }
    }
    return true;
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

  private static Detected json(byte[] head, int length, List<int[]> lines) {
    Set<String> seen = new LinkedHashSet<>();
    for (int[] line : lines) {
      if (!isAtMargin(head, line)) {
        continue;
      }
      Keys names = names(head, line[0], line[1]);
      if (names.whole || lines.size() == 1) {
        Optional<Detected> found = find(LogFormat.Framing.JSON, JsonLayout.LINES, names.paths);
        if (found.isPresent()) {
          return found.get();
        }
      }
      seen.addAll(names.paths);
    }
    return document(head, length)
        .or(() -> damagedLines(head, lines))
        .orElseGet(() -> unknown(seen));
  }

  /** The format of objects that span lines, or stand in an array. */
  private static Optional<Detected> document(byte[] head, int length) {
    return find(LogFormat.Framing.JSON, JsonLayout.DOCUMENT, firstRecord(head, length));
  }

  private static Set<String> firstRecord(byte[] head, int length) {
    DocumentReader reader =
        new DocumentReader(new ByteArrayInputStream(head, 0, length), HEAD_BYTES);
    try {
      while (reader.next()) {
        Keys names = names(reader.bytes(), reader.from(), reader.to());
        if (!names.paths.isEmpty()) {
          return names.paths;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read an array of bytes", e);
    }
    return Set.of();
  }

  /** The format of lines none of which is whole. */
  private static Optional<Detected> damagedLines(byte[] head, List<int[]> lines) {
    for (int[] line : lines) {
      Optional<Detected> found =
          find(LogFormat.Framing.JSON, JsonLayout.LINES, names(head, line[0], line[1]).paths);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Detected unknown(Set<String> paths) {
    if (paths.containsAll(Set.of("category", "properties", "operationName"))) {
      return none(
          "Azure OpenAI's RequestResponse log has no token counts; use the category"
              + " AzureOpenAIRequestUsage or API Management's LLM log instead");
    }
    Set<String> keys = new LinkedHashSet<>();
    paths.stream().filter(path -> path.indexOf('/') < 0).forEach(keys::add);
    return none(nearest(LogFormat.Framing.JSON, paths, keys, "JSON", "keys"));
  }

  private static Detected csv(byte[] head, int[] line) {
    CsvRecord record = new CsvRecord();
    int end = line[1] > line[0] && head[line[1] - 1] == '\r' ? line[1] - 1 : line[1];
    try {
      if (record.begin(head, line[0], end) == CsvRecord.State.COMPLETE && record.size() > 1) {
        Set<String> columns = new LinkedHashSet<>(List.of(record.texts()));
        return find(LogFormat.Framing.CSV, JsonLayout.LINES, columns)
            .orElseGet(
                () -> none(nearest(LogFormat.Framing.CSV, columns, columns, "CSV", "columns")));
      }
    } catch (RejectedRecord e) {
      return none("its first line is not UTF-8 text");
    }
    return none("its first line is neither JSON nor a known CSV header");
  }

  private static Optional<Detected> find(
      LogFormat.Framing framing, JsonLayout layout, Set<String> names) {
    for (LogFormat format : LogFormat.values()) {
      if (format.framing() == framing && format.signature().share(names) == 1) {
        String what =
            framing == LogFormat.Framing.CSV
                ? "CSV with the columns "
                : layout == JsonLayout.LINES ? "JSON lines with " : "JSON over several lines with ";
        String why = what + String.join(", ", format.signature().nearest(names));
        return Optional.of(found(format, layout, why));
      }
    }
    return Optional.empty();
  }

  private static String nearest(
      LogFormat.Framing framing, Set<String> names, Set<String> show, String what, String kind) {
    LogFormat nearest = null;
    for (LogFormat format : LogFormat.values()) {
      double share = format.framing() == framing ? format.signature().share(names) : 0;
      if (share > (nearest == null ? 0 : nearest.signature().share(names))) {
        nearest = format;
      }
    }
    List<String> shown =
        show.stream().filter(n -> SHOWABLE.matcher(n).matches()).limit(NAMES_SHOWN).toList();
    String has =
        shown.isEmpty()
            ? "%s without known %s".formatted(what, kind)
            : "%s with the %s %s%s is no known log"
                .formatted(
                    what, kind, String.join(", ", shown), show.size() > shown.size() ? ", …" : "");
    if (nearest == null) {
      return has;
    }
    List<String> missing =
        nearest.signature().nearest(names).stream().filter(n -> !names.contains(n)).toList();
    return "%s; the nearest is %s, which also has %s"
        .formatted(has, nearest.word(), String.join(", ", missing));
  }

  /** Names of an object: the keys on the way to a value, joined by slashes; arrays do not show. */
  private static final class Keys {
    final Set<String> paths = new LinkedHashSet<>();

    /** Whether the bytes hold exactly one undamaged object. */
    boolean whole;
  }

  // Reads as many names as the bytes, which may be cut off or damaged, hold.
  private static Keys names(byte[] head, int from, int to) {
    Keys names = new Keys();
    try (JsonParser p = Json.FACTORY.createParser(head, from, to - from)) {
      if (p.nextToken() == JsonToken.START_OBJECT) {
        object(p, "", 1, names.paths);
        names.whole = p.nextToken() == null;
      }
    } catch (IOException e) {
      return names;
    }
    return names;
  }

  private static void object(JsonParser p, String above, int depth, Set<String> paths)
      throws IOException {
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String path = above + p.currentName();
      if (paths.size() < MOST_NAMES) {
        paths.add(path);
      }
      p.nextToken();
      below(p, path + '/', depth, paths);
    }
  }

  private static void below(JsonParser p, String above, int depth, Set<String> paths)
      throws IOException {
    if (depth >= DEEPEST_NAME) {
      p.skipChildren();
    } else if (p.currentToken() == JsonToken.START_OBJECT) {
      object(p, above, depth + 1, paths);
    } else if (p.currentToken() == JsonToken.START_ARRAY) {
      while (p.nextToken() != JsonToken.END_ARRAY) {
        below(p, above, depth, paths);
      }
    }
  }

  private static Detected found(LogFormat format, JsonLayout layout, String why) {
    return new Detected(Optional.of(format), layout, why);
  }

  private static Detected none(String why) {
    return new Detected(Optional.empty(), JsonLayout.LINES, why);
  }
}
