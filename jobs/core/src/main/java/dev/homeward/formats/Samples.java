package dev.homeward.formats;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A glimpse of a rejected record that is safe to keep: numbers, and short values of a few keys that
 * never hold what somebody wrote. No prompt, completion, key, user or address gets through, because
 * texts are allowed by key and not forbidden by key.
 */
final class Samples {
  private static final int LOOK_AT = 16_384;
  private static final int LONGEST = 200;
  private static final Pattern FIELD =
      Pattern.compile(
          "\"([A-Za-z_][A-Za-z0-9_.]{0,40})\"\\s*:\\s*"
              + "(-?[0-9][0-9.eE+-]{0,24}(?=[,}\\]\\s])|true|false|null|\"[A-Za-z0-9_.:/+ -]{0,48}\")");
  private static final Set<String> TEXT_KEYS =
      Set.of(
          "call_type",
          "model",
          "model_group",
          "custom_llm_provider",
          "status",
          "cache_hit",
          "type",
          "startTime",
          "endTime",
          "completionStartTime",
          "timestamp",
          "started_at",
          "request_model",
          "response_model",
          "provider",
          "operation",
          "service_tier");
  private static final Set<String> NUMBER_KEYS =
      Set.of(
          "prompt_tokens",
          "completion_tokens",
          "total_tokens",
          "input_tokens",
          "output_tokens",
          "cached_tokens",
          "cache_read_input_tokens",
          "cache_creation_input_tokens",
          "cache_read_tokens",
          "cache_write_5m_tokens",
          "cache_write_1h_tokens",
          "reasoning_tokens",
          "spend",
          "request_duration_ms",
          "duration_us",
          "ttft_us",
          "started_at_us");

  private Samples() {}

  static String ofJson(byte[] bytes, int length) {
    String head = new String(bytes, 0, Math.min(length, LOOK_AT), StandardCharsets.ISO_8859_1);
    StringBuilder sample = new StringBuilder();
    Matcher field = FIELD.matcher(head);
    while (field.find() && sample.length() < LONGEST - 60) {
      String value = field.group(2);
      boolean text = value.charAt(0) == '"';
      if (text ? TEXT_KEYS.contains(field.group(1)) : NUMBER_KEYS.contains(field.group(1))) {
        sample.append(field.group(1)).append('=').append(value.replace("\"", "")).append(' ');
      }
    }
    return finish(sample, length);
  }

  static String ofCsv(String[] header, String[] fields, int length) {
    StringBuilder sample = new StringBuilder();
    for (int i = 0; i < Math.min(header.length, fields.length); i++) {
      boolean allowed = TEXT_KEYS.contains(header[i]) || NUMBER_KEYS.contains(header[i]);
      if (allowed && fields[i].length() <= 48 && sample.length() < LONGEST - 60) {
        sample.append(header[i]).append('=').append(printable(fields[i])).append(' ');
      }
    }
    return finish(sample, length);
  }

  static String ofLength(int length) {
    return finish(new StringBuilder(), length);
  }

  private static String finish(StringBuilder sample, int length) {
    sample.append('(').append(length).append(" bytes)");
    return sample.length() <= LONGEST ? sample.toString() : sample.substring(0, LONGEST);
  }

  private static String printable(String text) {
    return text.replaceAll("[^A-Za-z0-9_.:/+ -]", "?");
  }
}
