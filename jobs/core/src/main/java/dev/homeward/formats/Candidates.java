package dev.homeward.formats;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The formats that a file may have, and which of them some names fit. The first that fits counts.
 *
 * @param formats in the order of {@link LogFormat}
 */
record Candidates(List<LogFormat> formats) {
  private static final int NAMES_SHOWN = 6;
  private static final Pattern SHOWABLE = Pattern.compile("[A-Za-z_@][A-Za-z0-9_. -]{0,39}");

  /** Formats whose records are JSON objects. */
  Optional<LogFormat> json(Set<String> names) {
    return first(LogFormat.Framing.JSON, names);
  }

  /**
   * Formats of tables: those of CSV, then those of JSON objects whose keys are the columns, unless
   * the format has a form of its own in CSV, which says what it needs.
   */
  Optional<LogFormat> table(Set<String> columns) {
    return first(LogFormat.Framing.CSV, columns)
        .or(() -> first(LogFormat.Framing.JSON, columns).filter(format -> !hasCsv(format)));
  }

  /** Formats of the columns of Parquet, which have types as JSON has. */
  Optional<LogFormat> parquet(Set<String> columns) {
    if (formats.contains(LogFormat.CANONICAL_PARQUET)
        && LogFormat.CANONICAL_JSONL.signature().share(columns) == 1) {
      return Optional.of(LogFormat.CANONICAL_PARQUET);
    }
    return json(columns).or(() -> first(LogFormat.Framing.CSV, columns));
  }

  private static boolean hasCsv(LogFormat format) {
    for (LogFormat other : LogFormat.values()) {
      if (other.word().equals(format.word() + "-csv")) {
        return true;
      }
    }
    return false;
  }

  private Optional<LogFormat> first(LogFormat.Framing framing, Set<String> names) {
    return formats.stream()
        .filter(format -> format.framing() == framing && format.signature().share(names) == 1)
        .findFirst();
  }

  /** The names that tell a format. */
  static List<String> telling(LogFormat format, Set<String> names) {
    LogFormat signed = format == LogFormat.CANONICAL_PARQUET ? LogFormat.CANONICAL_JSONL : format;
    return signed.signature().nearest(names);
  }

  /** Why JSON with these names is no known log. */
  static String unknownJson(Set<String> paths) {
    if (paths.containsAll(Set.of("category", "properties", "operationName"))) {
      return "Azure OpenAI's RequestResponse log has no token counts; use the category"
          + " AzureOpenAIRequestUsage or API Management's LLM log instead";
    }
    Set<String> keys = new LinkedHashSet<>();
    paths.stream().filter(path -> path.indexOf('/') < 0).forEach(keys::add);
    return unknown(LogFormat.Framing.JSON, paths, keys, "JSON", "keys");
  }

  /** Why a table with these columns is no known log. */
  static String unknownTable(Set<String> columns, String what) {
    return unknown(LogFormat.Framing.CSV, columns, columns, what, "columns");
  }

  /**
   * Why Parquet with these columns is no known log.
   *
   * @param names columns, and what is inside of them
   */
  static String unknownParquet(Set<String> names, Set<String> columns) {
    return unknown(LogFormat.Framing.JSON, names, columns, "Parquet", "columns");
  }

  private static String unknown(
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
}
