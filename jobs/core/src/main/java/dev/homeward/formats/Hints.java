package dev.homeward.formats;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What known programs write and is no log of calls: what to give instead. */
final class Hints {
  private Hints() {}

  /** Of a JSON object by its names. */
  static Optional<String> ofNames(Set<String> paths) {
    if (paths.contains("resourceMetrics") || paths.contains("scopeMetrics/metrics")) {
      return Optional.of(
          "it holds OpenTelemetry's metrics, which are sums over many calls; give the program's"
              + " logs (resourceLogs) or traces (resourceSpans)");
    }
    if (paths.contains("stats/models")) {
      return Optional.of(
          "it is what one run of Gemini CLI printed, with sums over its calls; give its sessions,"
              + " ~/.gemini/tmp/*/chats, or its telemetry");
    }
    if (paths.containsAll(Set.of("sessionID", "messageID", "type"))) {
      return Optional.of(
          "it is a part of a message of OpenCode, and names neither time nor model; give the"
              + " messages (storage/message, or the table message)");
    }
    if (paths.containsAll(Set.of("projectID", "directory", "title"))) {
      return Optional.of(
          "it is a session of OpenCode without its messages; give storage/message, or what"
              + " opencode export writes");
    }
    return Optional.empty();
  }

  /** Of a table by its columns. */
  static Optional<String> ofColumns(Set<String> columns) {
    Set<String> small = new HashSet<>();
    columns.forEach(column -> small.add(column.strip().toLowerCase(Locale.ROOT)));
    boolean named =
        Stream.of("metric", "measure", "measurement", "counter", "token_type", "variable")
            .anyMatch(small::contains);
    boolean valued = Stream.of("value", "amount", "count", "tokens").anyMatch(small::contains);
    return named && valued
        ? Optional.of(
            "it has a row for each count of a call; make one row of each call, with a column for"
                + " each count (pivot), and give that")
        : Optional.empty();
  }

  /** Of a file that is no JSON, by its first line. */
  static Optional<String> ofLine(byte[] head, int from, int to) {
    String line = new String(head, from, Math.min(to - from, 4_096), StandardCharsets.ISO_8859_1);
    boolean apisix = line.contains("\"ai_chat\"") || line.contains("\"ai_stream\"");
    return apisix
        ? Optional.of(
            "it is an access log of APISIX as text, whose order of fields only its configuration"
                + " knows; log JSON: access_log_format_escape json and a format in the names"
                + " llm_model, llm_prompt_tokens, llm_completion_tokens, time_iso8601")
        : Optional.empty();
  }
}
