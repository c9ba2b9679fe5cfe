package dev.homeward.formats.records;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts ids of single runs out of names, {@code invoke_agent 171105b7-...}: each would make a
 * workload of every run. What looks like no id of a run stays: versions, dates, numbers of a few
 * digits, names of models.
 */
public final class RunIds {
  private static final String APART = "(?<![A-Za-z0-9])";
  private static final String END = "(?![A-Za-z0-9])";

  /** What can only be an id, or the time of a run. */
  private static final Pattern ID =
      Pattern.compile(
          // UUIDs.
          APART
              + "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
              + END
              // A day with a time.
              + "|(?<!\\d)\\d{4}-\\d{2}-\\d{2}[T_ ]\\d{2}[:.-]?\\d{2}(?:[:.-]?\\d{2}(?:[.,]\\d{1,9})?)?"
              + "(?:Z|[+-]\\d{2}:?\\d{2})?"
              + END
              // Times since 1970 and the like.
              + "|"
              + APART
              + "\\d{10,}"
              + END
              // The end of a pod's name in Kubernetes, whose letters have no vowels.
              + "|-[bcdfghjklmnpqrstvwxz2456789]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$");

  private static final Pattern WORD = Pattern.compile(APART + "[A-Za-z0-9]{8,}" + END);

  private static final Pattern HEX = Pattern.compile("[0-9a-f]+|[0-9A-F]+");
  private static final Pattern ULID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");

  /** What stands before an id in a name: run_..., thread-... */
  private static final Pattern MARK =
      Pattern.compile(
          APART
              + "(?:run|thread|trace|session|conversation|conv|request|req|msg|task|job|exec|execution"
              + "|workflow|wf)[-_:=#]$",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern EDGE =
      Pattern.compile("^[\\s_:/#.=,;@|~-]+|[\\s_:/#.=,;@|~(\\[{-]+$");
  private static final Pattern EMPTY = Pattern.compile("\\(\\s*\\)|\\[\\s*\\]|\\{\\s*\\}");

  /** Names that say what is done, and nothing of who does it. */
  private static final Set<String> GENERIC =
      Set.of(
          "",
          "invoke_agent",
          "create_agent",
          "agent",
          "agent run",
          "agent_run",
          "agentrun",
          "chain",
          "chat",
          "conversation",
          "execution",
          "graph",
          "invoke",
          "job",
          "langgraph",
          "pipeline",
          "request",
          "run",
          "runnablesequence",
          "session",
          "task",
          "thread",
          "trace",
          "workflow");

  private RunIds() {}

  /** The name without ids of runs; empty if it is nothing but one. */
  public static String cut(String name) {
    if (name == null || !hasDigits(name)) {
      return name;
    }
    String rest = ID.matcher(name).replaceAll("");
    Matcher word = WORD.matcher(rest);
    StringBuilder kept = new StringBuilder();
    int from = 0;
    while (word.find()) {
      boolean marked = MARK.matcher(rest.substring(0, word.start())).find();
      if (isId(word.group(), marked)) {
        kept.append(rest, from, word.start());
        from = word.end();
      }
    }
    rest = kept.append(rest, from, rest.length()).toString();
    if (rest.length() == name.length()) {
      return name;
    }
    return EDGE.matcher(EMPTY.matcher(rest).replaceAll("")).replaceAll("").strip();
  }

  /** Whether a name, as {@link #cut} left it, says what is done but not by whom. */
  public static boolean isGeneric(String name) {
    return name == null || GENERIC.contains(name.toLowerCase(Locale.ROOT));
  }

  // Every id has some: a name without them is not looked at any further.
  private static boolean hasDigits(String name) {
    int digits = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      digits += c >= '0' && c <= '9' ? 1 : 0;
    }
    return digits >= 2 && name.length() >= 8;
  }

  private static boolean isId(String word, boolean marked) {
    int changes = 0;
    boolean upper = false;
    boolean lower = false;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      upper |= Character.isUpperCase(c);
      lower |= Character.isLowerCase(c);
      changes += i > 0 && Character.isDigit(c) != Character.isDigit(word.charAt(i - 1)) ? 1 : 0;
    }
    if (changes < 2) {
      return false;
    }
    boolean random = word.length() >= 20 && upper && lower;
    return HEX.matcher(word).matches()
        || ULID.matcher(word).matches()
        || random
        || (marked && word.length() >= 10);
  }
}
