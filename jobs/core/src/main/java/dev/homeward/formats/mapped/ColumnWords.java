package dev.homeward.formats.mapped;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The words of a column's name, in lower case and without accents: {@code promptTokens}, {@code
 * Prompt Tokens}, {@code PROMPT_TOKENS} and {@code prompttokens} are prompt, tokens. What stands in
 * brackets, and a unit at the end, is told apart: {@code Latency (ms)}, {@code latency_ms}, {@code
 * Kosten [€]}.
 */
final class ColumnWords {
  private static final int LONGEST = 100;
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");
  private static final Pattern BRACKETS = Pattern.compile("[(\\[{]([^)\\]}]*)[)\\]}]");

  /** Words that names are glued from, longest first, so that {@code inputtokens} comes apart. */
  private static final List<String> GLUED =
      longestFirst(
          "input",
          "output",
          "prompt",
          "completion",
          "completions",
          "token",
          "tokens",
          "total",
          "cost",
          "model",
          "name",
          "request",
          "response",
          "cached",
          "cache",
          "read",
          "write",
          "creation",
          "reasoning",
          "thinking",
          "usd",
          "eur",
          "cents",
          "time",
          "start",
          "started",
          "end",
          "ended",
          "latency",
          "duration",
          "count",
          "num",
          "llm",
          "in",
          "out",
          "ms",
          "seconds",
          "sec",
          "at",
          "date",
          "generated",
          "session",
          "conversation",
          "provider",
          "project",
          "team",
          "price",
          "spend",
          "status",
          "to",
          "first",
          "millis",
          "usage",
          "used",
          "eingabe",
          "ausgabe",
          "user",
          "id",
          "key",
          "api",
          "context");

  /** Words that the list above would cut apart although they are one. */
  private static final Set<String> WHOLE =
      Set.of(
          "timestamp",
          "datetime",
          "dateadded",
          "input",
          "output",
          "endpoint",
          "context",
          "attempt",
          "intent",
          "content",
          "domain",
          "outcome",
          "token",
          "username",
          "userid",
          "apikey",
          "hostname",
          "international",
          "internal",
          "uncached",
          "usecase",
          "runtime",
          "uptime",
          "timezone",
          "tokenizer",
          "format",
          "at",
          "feature",
          "satellite",
          "ktokens",
          "ktok",
          "mtok",
          "inference",
          "data",
          "status",
          "rating",
          "operation",
          "application",
          "duration",
          "information",
          "location",
          "organization",
          "organisation",
          "region",
          "session",
          "version");

  private static final Set<String> TOKEN =
      Set.of(
          "token", "tokens", "tok", "toks", "tkn", "tkns", "tks", "jetons", "ktok", "ktoks",
          "ktokens", "mtok", "mtokens", "ptok", "ptoks", "ctok", "ctoks");

  private static final Set<String> MEASURE =
      Set.of(
          "ms",
          "millis",
          "milliseconds",
          "msec",
          "seconds",
          "sec",
          "secs",
          "usd",
          "eur",
          "cents",
          "dollars",
          "length",
          "len",
          "size",
          "bytes",
          "chars",
          "characters",
          "count",
          "num",
          "cost",
          "price",
          "time",
          "at",
          "latency",
          "duration",
          "date",
          "timestamp");

  private ColumnWords() {}

  /** The words of a name, or of several keys. */
  static List<String> of(String name) {
    return words(name);
  }

  static boolean isToken(String word) {
    return TOKEN.contains(word);
  }

  /** Whether a word says that a column holds a number or a time, whatever else its name says. */
  static boolean isMeasure(String word) {
    return MEASURE.contains(word);
  }

  /** A name as it is compared: case, white space and marks between words do not count. */
  static String plain(String path) {
    StringBuilder plain = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (Character.isLetterOrDigit(c) || c == '/' || c > 0x7F) {
        plain.append(Character.toLowerCase(c));
      } else if (c == '.') {
        plain.append('/');
      }
    }
    return plain.toString();
  }

  private static List<String> words(String name) {
    String cut = name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    String text = MARKS.matcher(Normalizer.normalize(cut, Normalizer.Form.NFD)).replaceAll("");
    text =
        text.replace("€", " eur ")
            .replace("$", " usd ")
            .replace("£", " gbp ")
            .replace("¢", " cents ");
    text = text.replace('µ', 'u').replace('μ', 'u');
    List<String> words = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      boolean end = i == text.length() || !Character.isLetterOrDigit(text.charAt(i));
      if (end || isHump(text, i, from)) {
        if (i > from) {
          add(text.substring(from, i).toLowerCase(Locale.ROOT), words);
        }
        from = end ? i + 1 : i;
      }
    }
    return words;
  }

  /**
   * Whether a word begins at a capital: {@code inputTokens}, {@code LLMModel}, not {@code TTFT}.
   */
  private static boolean isHump(String text, int i, int from) {
    if (i <= from || i >= text.length() || !Character.isUpperCase(text.charAt(i))) {
      return false;
    }
    boolean afterLower = !Character.isUpperCase(text.charAt(i - 1));
    boolean beforeLower = i + 1 < text.length() && Character.isLowerCase(text.charAt(i + 1));
    return afterLower || beforeLower;
  }

  private static void add(String word, List<String> words) {
    if (WHOLE.contains(word) || TOKEN.contains(word) || word.length() < 6 || !unglue(word, words)) {
      words.add(word);
    }
  }

  /** Takes a word apart into at least two known ones; false if it cannot be. */
  private static boolean unglue(String word, List<String> words) {
    // How the letters up to each place come apart, in as few words as possible.
    String[] last = new String[word.length() + 1];
    int[] parts = new int[word.length() + 1];
    Arrays.fill(parts, Integer.MAX_VALUE);
    parts[0] = 0;
    for (int end = 1; end <= word.length(); end++) {
      for (String known : GLUED) {
        int begin = end - known.length();
        if (begin >= 0 && parts[begin] < parts[end] - 1 && word.startsWith(known, begin)) {
          parts[end] = parts[begin] + 1;
          last[end] = known;
        }
      }
    }
    int count = parts[word.length()];
    if (count < 2 || count > 4) {
      return false;
    }
    List<String> found = new ArrayList<>();
    for (int end = word.length(); end > 0; end -= last[end].length()) {
      found.add(0, last[end]);
    }
    words.addAll(found);
    return true;
  }

  private static List<String> longestFirst(String... words) {
    List<String> sorted = new ArrayList<>(List.of(words));
    sorted.sort((a, b) -> Integer.compare(b.length(), a.length()));
    return List.copyOf(sorted);
  }

  /** The unit of time that a name ends in, or has in brackets; empty if it says none. */
  static Optional<MappedUnit> timeUnit(String path) {
    List<String> words = of(path);
    for (int i = words.size() - 1; i >= Math.max(0, words.size() - 2); i--) {
      MappedUnit unit = timeWord(words.get(i), BRACKETS.matcher(path).find() || i > 0);
      if (unit != null) {
        return Optional.of(unit);
      }
    }
    return Optional.empty();
  }

  private static MappedUnit timeWord(String word, boolean mayBeShort) {
    return switch (word) {
      case "ms", "millis", "millisecond", "milliseconds", "msec", "msecs", "millisekunden" ->
          MappedUnit.MILLISECONDS;
      case "sec", "secs", "second", "seconds", "sekunden", "sek", "secondes", "segundos" ->
          MappedUnit.SECONDS;
      case "s" -> mayBeShort ? MappedUnit.SECONDS : null;
      case "us", "micros", "microseconds", "usec" -> MappedUnit.MICROSECONDS;
      case "ns", "nanos", "nanoseconds" -> MappedUnit.NANOSECONDS;
      case "min", "mins", "minutes", "minuten" -> MappedUnit.MINUTES;
      default -> null;
    };
  }

  /** Thousands or millions, where a name of a count says so. */
  static Optional<MappedUnit> countUnit(String path) {
    for (String word : of(path)) {
      switch (word) {
        case "k",
            "ktok",
            "ktoks",
            "ktokens",
            "thousand",
            "thousands",
            "tsd",
            "1k",
            "1000",
            "kilo" -> {
          return Optional.of(MappedUnit.THOUSANDS);
        }
        case "mtok", "mtokens", "million", "millions", "mio", "mn", "1m" -> {
          return Optional.of(MappedUnit.MILLIONS);
        }
        default -> {}
      }
    }
    return Optional.empty();
  }
}
