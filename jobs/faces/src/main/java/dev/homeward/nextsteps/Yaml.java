package dev.homeward.nextsteps;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes YAML with comments, which no library writes. Texts stand in double quotes with everything
 * but printable ASCII escaped, so that no text is taken for anything else.
 */
final class Yaml {
  private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");

  /** Words that are a boolean or nothing to some reader. */
  private static final Pattern WORD =
      Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null", Pattern.CASE_INSENSITIVE);

  private static final int INDENT = 2;

  private final StringBuilder text = new StringBuilder();

  private Yaml() {}

  /**
   * A value with a comment at the end of its first line.
   *
   * @param comment one line
   */
  record Said(Object value, String comment) {}

  /** A document: maps, lists, texts, numbers, booleans, and {@link Said} around any of them. */
  static String of(Map<String, ?> document) {
    Yaml yaml = new Yaml();
    yaml.map(document, 0, false);
    return yaml.text.toString();
  }

  private void map(Map<?, ?> map, int indent, boolean behindDash) {
    boolean first = behindDash;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!first) {
        text.append(" ".repeat(indent));
      }
      first = false;
      text.append(key(entry.getKey().toString())).append(':');
      value(entry.getValue(), indent);
    }
  }

  private void value(Object value, int indent) {
    Object of = value instanceof Said said ? said.value() : value;
    String comment = value instanceof Said said ? "  # " + Comments.line(said.comment()) : "";
    if (of instanceof Map<?, ?> map && !map.isEmpty()) {
      text.append(comment).append('\n');
      map(map, indent + INDENT, false);
    } else if (of instanceof List<?> list && !list.isEmpty()) {
      text.append(comment).append('\n');
      list.forEach(item -> item(item, indent + INDENT));
    } else {
      text.append(' ').append(scalar(of)).append(comment).append('\n');
    }
  }

  private void item(Object item, int indent) {
    text.append(" ".repeat(indent)).append("- ");
    Object of = item instanceof Said said ? said.value() : item;
    if (of instanceof Map<?, ?> map && !map.isEmpty()) {
      map(map, indent + INDENT, true);
    } else {
      String comment = item instanceof Said said ? "  # " + Comments.line(said.comment()) : "";
      text.append(scalar(of)).append(comment).append('\n');
    }
  }

  private static String scalar(Object value) {
    if (value instanceof Map) {
      return "{}";
    }
    if (value instanceof List) {
      return "[]";
    }
    return value instanceof Number || value instanceof Boolean
        ? value.toString()
        : quoted(value.toString());
  }

  private static String key(String key) {
    return PLAIN_KEY.matcher(key).matches() && !WORD.matcher(key).matches() ? key : quoted(key);
  }

  /** The text in double quotes. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (c >= 0x20 && c < 0x7F) {
                quoted.appendCodePoint(c);
              } else {
                // Halves of a character are none: what stands for one that cannot be read.
                int whole = c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c;
                quoted.append(
                    whole <= 0xFFFF ? "\\u%04x".formatted(whole) : "\\U%08x".formatted(whole));
              }
            });
    return quoted.append('"').toString();
  }
}
