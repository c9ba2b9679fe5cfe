package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
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
  private static final Pattern SHOWABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_. -]{0,39}");

  /**
   * What was found.
   *
   * @param format the format; empty if none matches
   * @param why what told it, or why none matches and what to do instead
   */
  public record Detected(Optional<LogFormat> format, String why) {}

  private FormatDetection() {}

  /** The format of a file that begins with these bytes. */
  public static Detected detect(byte[] head, int length) {
    if (length == 0) {
      return none("the file is empty");
    }
    Optional<String> notText = notText(head, length);
    if (startsWith(head, length, 'P', 'A', 'R', '1')) {
      return new Detected(Optional.of(LogFormat.CANONICAL_PARQUET), "Parquet");
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
      case '{' -> json(head, lines);
      case '[' ->
          none(
              "it is one JSON array, not one object a line; convert it with jq -c '.[]' FILE >"
                  + " FILE.jsonl");
      default -> {
        // A damaged first line must not hide a log of JSON lines.
        boolean laterJson = lines.stream().skip(1).anyMatch(line -> head[line[0]] == '{');
        Detected csv = csv(head, first);
        yield csv.format().isEmpty() && laterJson ? json(head, lines) : csv;
      }
    };
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
    int from = LineReader.afterBom(head, length);
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

  private static Detected json(byte[] head, List<int[]> lines) {
    Set<String> seen = new LinkedHashSet<>();
    for (int[] line : lines) {
      if (head[line[0]] != '{') {
        continue;
      }
      Set<String> keys = keys(head, line[0], line[1]);
      Optional<Detected> found = find(LogFormat.Framing.JSON_LINES, keys, "JSON lines with ");
      if (found.isPresent()) {
        return found.get();
      }
      if (keys.containsAll(Set.of("category", "properties", "operationName"))) {
        return none(
            "Azure OpenAI's RequestResponse log has no token counts; use the category"
                + " AzureOpenAIRequestUsage or API Management's LLM log instead");
      }
      seen.addAll(keys);
    }
    int end = lines.get(lines.size() - 1)[1];
    if (lines.size() > 1 && keys(head, lines.get(0)[0], lines.get(0)[1]).isEmpty()) {
      Set<String> keys = keys(head, lines.get(0)[0], end);
      if (!keys.isEmpty()) {
        return none(
            "its JSON spans several lines a record; convert it with jq -c . FILE > FILE.jsonl");
      }
    }
    return none(nearest(LogFormat.Framing.JSON_LINES, seen, "JSON lines", "keys"));
  }

  private static Detected csv(byte[] head, int[] line) {
    CsvRecord record = new CsvRecord();
    int end = line[1] > line[0] && head[line[1] - 1] == '\r' ? line[1] - 1 : line[1];
    try {
      if (record.begin(head, line[0], end) == CsvRecord.State.COMPLETE && record.size() > 1) {
        Set<String> columns = new LinkedHashSet<>(List.of(record.texts()));
        return find(LogFormat.Framing.CSV, columns, "CSV with the columns ")
            .orElseGet(() -> none(nearest(LogFormat.Framing.CSV, columns, "CSV", "columns")));
      }
    } catch (RejectedRecord e) {
      return none("its first line is not UTF-8 text");
    }
    return none("its first line is neither JSON nor a known CSV header");
  }

  private static Optional<Detected> find(
      LogFormat.Framing framing, Set<String> names, String what) {
    for (LogFormat format : LogFormat.values()) {
      if (format.framing() == framing && format.signature().share(names) == 1) {
        String why = what + String.join(", ", format.signature().nearest(names));
        return Optional.of(new Detected(Optional.of(format), why));
      }
    }
    return Optional.empty();
  }

  private static String nearest(
      LogFormat.Framing framing, Set<String> names, String what, String kind) {
    LogFormat nearest = null;
    for (LogFormat format : LogFormat.values()) {
      double share = format.framing() == framing ? format.signature().share(names) : 0;
      if (share > (nearest == null ? 0 : nearest.signature().share(names))) {
        nearest = format;
      }
    }
    List<String> shown =
        names.stream().filter(n -> SHOWABLE.matcher(n).matches()).limit(NAMES_SHOWN).toList();
    String has =
        shown.isEmpty()
            ? "%s without known %s".formatted(what, kind)
            : "%s with the %s %s%s is no known log"
                .formatted(
                    what, kind, String.join(", ", shown), names.size() > shown.size() ? ", …" : "");
    if (nearest == null) {
      return has;
    }
    List<String> missing =
        nearest.signature().nearest(names).stream().filter(n -> !names.contains(n)).toList();
    return "%s; the nearest is %s, which also has %s"
        .formatted(has, nearest.word(), String.join(", ", missing));
  }

  // Reads as many top-level keys as the bytes, which may be cut off or damaged, hold.
  private static Set<String> keys(byte[] head, int from, int to) {
    Set<String> keys = new LinkedHashSet<>();
    try (JsonParser p = Json.FACTORY.createParser(head, from, to - from)) {
      p.nextToken();
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        keys.add(p.currentName());
        p.nextToken();
        p.skipChildren();
      }
    } catch (IOException e) {
      return keys;
    }
    return keys;
  }

  private static Detected none(String why) {
    return new Detected(Optional.empty(), why);
  }
}
