package dev.homeward.formats.records;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.util.Set;

/**
 * A glimpse of a rejected record that is safe to keep: numbers, times and words of closed sets
 * under known keys. No prompt, completion, key, user or address gets through, because nothing is
 * shown that is not allowed by its key and by its value.
 */
public final class Samples {
  private static final int LOOK_AT_BYTES = 65_536;
  private static final int LONGEST = 200;
  private static final int LONGEST_VALUE = 32;

  /** Shown where they hold a number, a boolean or a null. */
  private static final Set<String> NUMBERS =
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
          "started_at_us",
          "logged_usd",
          "logged_nano_usd",
          "costUSD",
          "isSidechain",
          "ContextTokens",
          "GeneratedTokens",
          "Request tokens",
          "Response tokens",
          "Total tokens",
          "Elapsed time",
          "Timestamp");

  /** Shown where they hold digits and the signs of a timestamp only. */
  private static final Set<String> TIMES =
      Set.of("startTime", "endTime", "completionStartTime", "timestamp", "started_at", "TIMESTAMP");

  /** Shown where they hold one of {@link #KNOWN_WORDS}. */
  private static final Set<String> WORDS =
      Set.of("call_type", "status", "cache_hit", "type", "operation", "service_tier");

  private static final Set<String> KNOWN_WORDS =
      Set.of(
          "success",
          "failure",
          "True",
          "False",
          "acompletion",
          "completion",
          "aembedding",
          "embedding",
          "aresponses",
          "anthropic_messages",
          "assistant",
          "user",
          "chat",
          "embeddings",
          "standard",
          "batch",
          "flex",
          "priority");

  private static final Set<String> OPENED = Set.of("metadata", "usage_object", "message", "usage");

  private Samples() {}

  public static String ofJson(byte[] bytes, int from, int to) {
    StringBuilder sample = new StringBuilder();
    int length = Math.min(to - from, LOOK_AT_BYTES);
    try (JsonParser p = Json.FACTORY.createParser(bytes, from, length)) {
      while (p.nextToken() != null) {
        if (p.currentToken() != JsonToken.FIELD_NAME) {
          continue;
        }
        String key = p.currentName();
        JsonToken token = p.nextToken();
        if (token == null) {
          break;
        } else if (token.isStructStart()) {
          if (!OPENED.contains(key)) {
            p.skipChildren();
          }
        } else if (token == JsonToken.VALUE_STRING) {
          if (TIMES.contains(key) || WORDS.contains(key)) {
            add(sample, key, p.getText());
          }
        } else if (NUMBERS.contains(key)) {
          add(sample, key, p.getText());
        }
      }
    } catch (IOException e) {
      // A damaged record shows what stands before the damage.
      sample.append("… ");
    }
    return finish(sample, to - from);
  }

  static String ofCsv(String[] header, CsvRecord record, long length) {
    StringBuilder sample = new StringBuilder();
    for (int i = 0; i < Math.min(header.length, record.size()); i++) {
      boolean known =
          NUMBERS.contains(header[i]) || TIMES.contains(header[i]) || WORDS.contains(header[i]);
      if (!known || record.isEmpty(i)) {
        continue;
      }
      try {
        add(sample, header[i], record.text(i));
      } catch (RejectedRecord e) {
        // Not UTF-8, hence not shown.
      }
    }
    return finish(sample, length);
  }

  /** Of an item of a record: what kinds of counts it had, none of its texts. */
  static String ofDraft(CallDraft draft) {
    StringBuilder sample = new StringBuilder();
    addCount(sample, "input_tokens", draft.inputTokens);
    addCount(sample, "cache_read_tokens", draft.cacheReadTokens);
    addCount(sample, "reasoning_tokens", draft.reasoningTokens);
    addCount(sample, "started_at_us", draft.startedAtMicros);
    return sample.toString().strip();
  }

  private static void addCount(StringBuilder sample, String key, long value) {
    if (value != CallDraft.ABSENT) {
      add(sample, key, Long.toString(value));
    }
  }

  public static String ofLength(long length) {
    return finish(new StringBuilder(), length);
  }

  private static void add(StringBuilder sample, String key, String value) {
    boolean shown =
        value.length() <= LONGEST_VALUE
            && (WORDS.contains(key) && KNOWN_WORDS.contains(value)
                || TIMES.contains(key) && isTime(value)
                || NUMBERS.contains(key)
                    && (isOf(value, "0123456789-+.eE")
                        || value.equals("true")
                        || value.equals("false")
                        || value.equals("null")));
    if (sample.length() + key.length() + LONGEST_VALUE + 2 < LONGEST - 24) {
      sample.append(key).append('=').append(shown ? value : "?").append(' ');
    }
  }

  /** Digits and the signs of a timestamp, but no address of a machine. */
  private static boolean isTime(String value) {
    return isOf(value, "0123456789-:.TZ +")
        && value.indexOf('.') == value.lastIndexOf('.')
        && !value.contains("::");
  }

  private static boolean isOf(String value, String allowed) {
    for (int i = 0; i < value.length(); i++) {
      if (allowed.indexOf(value.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static String finish(StringBuilder sample, long length) {
    return sample.append('(').append(length).append(" bytes)").toString();
  }
}
