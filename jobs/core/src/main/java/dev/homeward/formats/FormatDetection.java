package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Tells the format of a log by its first bytes, never by its name. */
public final class FormatDetection {
  /** Bytes of a file, decompressed, that are enough to tell. */
  public static final int HEAD_BYTES = 1 << 18;

  private static final int LINES_LOOKED_AT = 50;

  /**
   * What was found.
   *
   * @param format the format; empty if none matches
   * @param why what told it, or what to do instead
   */
  public record Detected(Optional<LogFormat> format, String why) {}

  private FormatDetection() {}

  /** The format of a file that begins with these bytes. */
  public static Detected detect(byte[] head, int length) {
    if (length == 0) {
      return none("the file is empty");
    }
    if (length >= 4 && head[0] == 'P' && head[1] == 'A' && head[2] == 'R' && head[3] == '1') {
      return found(LogFormat.CANONICAL_PARQUET, "Parquet");
    }
    for (int i = 0; i < length; i++) {
      if (head[i] == 0) {
        return none("it is a binary file (a zero byte at offset %d)".formatted(i));
      }
    }
    String text = new String(head, 0, length, StandardCharsets.UTF_8);
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    String[] lines = text.split("\r?\n", LINES_LOOKED_AT + 1);
    for (int i = 0; i < Math.min(lines.length, LINES_LOOKED_AT); i++) {
      if (lines[i].isBlank()) {
        continue;
      }
      if (lines[i].charAt(0) != '{') {
        if (i == 0) {
          return csv(lines[i]);
        }
        continue;
      }
      Detected detected = json(keys(lines[i]));
      if (detected.format().isPresent() || detected.why().startsWith("Azure")) {
        return detected;
      }
    }
    return none("no line of its beginning looks like a known record");
  }

  private static Detected csv(String header) {
    if (header.contains("\"request_id\"") || header.startsWith("request_id,")) {
      return found(LogFormat.LITELLM_SPENDLOGS_CSV, "CSV header with request_id");
    }
    if (header.startsWith("TIMESTAMP,ContextTokens,GeneratedTokens")) {
      return found(LogFormat.AZURE_LLM_TRACE, "CSV header TIMESTAMP,ContextTokens,GeneratedTokens");
    }
    if (header.startsWith("Timestamp,") && header.contains("Request tokens")) {
      return found(LogFormat.BURSTGPT, "CSV header Timestamp, …, Request tokens");
    }
    if ((header.contains("started_at") || header.contains("started_at_us"))
        && header.contains("input_tokens")) {
      return found(LogFormat.CANONICAL_CSV, "CSV header with started_at and input_tokens");
    }
    return none("its first line is neither JSON nor a known CSV header");
  }

  private static Detected json(Set<String> keys) {
    if (keys.contains("startTime") && keys.contains("call_type") && keys.contains("request_id")) {
      return found(LogFormat.LITELLM_SPENDLOGS, "JSON with request_id, call_type, startTime");
    }
    if (keys.contains("sessionId") && (keys.contains("cwd") || keys.contains("requestId"))) {
      return found(LogFormat.CLAUDE_CODE, "JSON with sessionId and cwd or requestId");
    }
    if (keys.contains("started_at") || keys.contains("started_at_us")) {
      return found(LogFormat.CANONICAL_JSONL, "JSON with started_at");
    }
    if (keys.contains("category")
        && keys.contains("properties")
        && keys.contains("operationName")) {
      return none(
          "Azure OpenAI's RequestResponse log has no token counts; use the category"
              + " AzureOpenAIRequestUsage or API Management's LLM log");
    }
    return none("JSON with unknown keys");
  }

  // Reads as many top-level keys as the line, which may be cut off, holds.
  private static Set<String> keys(String line) {
    Set<String> keys = new LinkedHashSet<>();
    try (JsonParser p = Json.FACTORY.createParser(line)) {
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

  private static Detected found(LogFormat format, String why) {
    return new Detected(Optional.of(format), why);
  }

  private static Detected none(String why) {
    return new Detected(Optional.empty(), why);
  }
}
