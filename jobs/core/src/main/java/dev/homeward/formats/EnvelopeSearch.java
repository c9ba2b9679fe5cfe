package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.formats.scan.JsonScanner;
import dev.homeward.formats.scan.JsonText;
import dev.homeward.formats.scan.PackedText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Looks for records of a known format inside of a JSON object, below the keys under which tools
 * that fetch, ship or export logs put them; the outermost that are found count. Answers and prompts
 * are not looked into: an answer of an API that somebody keeps below a key of his own is not taken
 * out of what stands beside it.
 */
final class EnvelopeSearch {
  /** Small letters; of CloudWatch, Azure, Google, Elastic, Splunk, Datadog, Loki, Docker, APIs. */
  private static final Set<String> KEYS =
      Set.of(
          "data",
          "items",
          "records",
          "record",
          "results",
          "result",
          "rows",
          "row",
          "logs",
          "log",
          "entries",
          "entry",
          "events",
          "event",
          "logevents",
          "hits",
          "_source",
          "values",
          "value",
          "list",
          "documents",
          "requests",
          "message",
          "@message",
          "msg",
          "line",
          "body",
          "_raw",
          "raw",
          "payload",
          "jsonpayload",
          "json_payload",
          "textpayload",
          "detail",
          "attributes",
          "log_processed",
          "parsed",
          "json",
          "structured",
          "trace",
          "traces",
          "spend_logs",
          "awslogs",
          "kinesis",
          "log_line",
          "page",
          "pages");

  private static final int DEEPEST = 5;
  private static final int MOST_ITEMS = 50;
  private static final int MOST_LOOKED_AT = 2_000;

  /**
   * An object and how it was reached.
   *
   * @param streamed keys that lead to the first array on the way; 0 where there is none yet; -1
   *     where a text on the way stands before it
   */
  private record Inner(byte[] bytes, int from, int to, List<String> path, int streamed) {}

  /**
   * A format and where its records are.
   *
   * @param path keys that lead to them
   * @param streamed how many of them lead to the first array, or 0 if none is reached by objects
   *     alone
   */
  record Found(LogFormat format, List<String> path, int streamed, Set<String> names) {}

  private final Function<Set<String>, Optional<LogFormat>> formats;
  private int lookedAt;

  private EnvelopeSearch(Function<Set<String>, Optional<LogFormat>> formats) {
    this.formats = formats;
  }

  /** Whether records are looked for below such a key. */
  static boolean isKey(String name) {
    return KEYS.contains(name.toLowerCase(Locale.ROOT));
  }

  /**
   * Looks into the object that stands in {@code bytes[from, to)}, which may be cut off.
   *
   * @param formats the format that an object with such names has
   */
  static Optional<Found> in(
      byte[] bytes, int from, int to, Function<Set<String>, Optional<LogFormat>> formats) {
    return new EnvelopeSearch(formats).level(List.of(new Inner(bytes, from, to, List.of(), 0)), 0);
  }

  private Optional<Found> level(List<Inner> objects, int depth) {
    if (depth > DEEPEST || objects.isEmpty()) {
      return Optional.empty();
    }
    List<Inner> below = new ArrayList<>();
    for (Inner object : objects) {
      if (lookedAt++ > MOST_LOOKED_AT) {
        return Optional.empty();
      }
      if (depth > 0) {
        HeadNames names = HeadNames.of(object.bytes, object.from, object.to);
        Optional<LogFormat> format = formats.apply(names.paths);
        if (format.isPresent()) {
          int streamed = Math.max(object.streamed, 0);
          return Optional.of(new Found(format.get(), object.path, streamed, names.paths));
        }
      }
      new Members(object, below).read();
    }
    return level(below, depth + 1);
  }

  /** Reads what stands below the keys of one object; as much as there is of it. */
  private static final class Members {
    private final Inner object;
    private final List<Inner> into;
    private final JsonScanner p = new JsonScanner();

    Members(Inner object, List<Inner> into) {
      this.object = object;
      this.into = into;
    }

    void read() {
      p.reset(object.bytes, object.from, object.to);
      try {
        if (p.nextToken() == JsonToken.START_OBJECT) {
          members();
        }
      } catch (IOException e) {
        // Cut off or damaged: what stands before that was looked at.
        return;
      }
    }

    private void members() throws IOException {
      String field = null;
      while (p.nextToken() == JsonToken.FIELD_NAME) {
        String name = p.currentName();
        String key = field != null && name.equals("value") ? field : name;
        if (isKey(key)) {
          value(key);
        } else {
          JsonToken token = p.nextToken();
          // A column of CloudWatch Insights: {"field": K, "value": V}.
          field = name.equals("field") && token == JsonToken.VALUE_STRING ? p.getText() : field;
          p.skipChildren();
        }
      }
    }

    private void value(String key) throws IOException {
      List<String> path = new ArrayList<>(object.path);
      path.add(key);
      JsonToken token;
      int text = p.position();
      try {
        token = p.nextToken();
      } catch (IOException e) {
        cutText(text, path);
        throw e;
      }
      boolean first = token == JsonToken.START_ARRAY && object.streamed == 0;
      items(token, path, first ? path.size() : object.streamed);
    }

    private void items(JsonToken token, List<String> path, int streamed) throws IOException {
      switch (token) {
        case START_OBJECT -> {
          int start = p.position() - 1;
          try {
            p.skipChildren();
          } catch (IOException e) {
            into.add(new Inner(object.bytes, start, object.to, path, streamed));
            throw e;
          }
          into.add(new Inner(object.bytes, start, p.position(), path, streamed));
        }
        case START_ARRAY -> {
          int items = 0;
          for (JsonToken item = p.nextToken(); item != JsonToken.END_ARRAY; item = p.nextToken()) {
            if (items++ < MOST_ITEMS) {
              items(item, path, streamed);
            } else {
              p.skipChildren();
            }
          }
        }
        case VALUE_STRING -> text(p.from(), p.to(), path, streamed);
        default -> {
          // A number or a word holds nothing.
        }
      }
    }

    private void cutText(int from, List<String> path) {
      int quote = from;
      while (quote < object.to && object.bytes[quote] != '"') {
        quote++;
      }
      if (quote < object.to) {
        text(quote + 1, object.to, path, object.streamed);
      }
    }

    private void text(int from, int to, List<String> path, int streamed) {
      byte[] copy = Arrays.copyOfRange(object.bytes, from, to);
      int end = JsonText.unescape(copy, 0, copy.length);
      if (PackedText.is(copy, 0, end)) {
        copy = PackedText.beginning(copy, 0, end, FormatDetection.HEAD_BYTES);
        end = copy.length;
      }
      int start = JsonText.objectStart(copy, 0, end);
      if (start >= 0) {
        // An array inside of a text is not streamed: the text is read whole.
        into.add(new Inner(copy, start, end, path, streamed == 0 ? -1 : streamed));
      }
    }
  }
}
