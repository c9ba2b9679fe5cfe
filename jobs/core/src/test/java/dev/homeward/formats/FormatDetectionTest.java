package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

final class FormatDetectionTest {
  @Test
  void whatIsNoLogIsExplained() {
    assertEquals("the file is empty", why(""));
    assertEquals("its beginning holds blank lines only", why("\n\r\n \n"));
    assertEquals("it is a binary file (a zero byte at offset 2)", why("ab\0c"));
    assertEquals("it is UTF-16 text; convert it to UTF-8", why(new byte[] {-1, -2, 65, 0}));
    assertEquals("it is a zip archive; unpack it first", why(new byte[] {'P', 'K', 3, 4, 0, 0}));
    assertEquals(
        "its first line is neither JSON nor a known CSV header", why("Dear log,\"\nhello"));
    assertEquals(
        "JSON with the keys request_id is no known log; the nearest is litellm-spendlogs, which also has startTime, call_type",
        why("[{\"request_id\":1}]"));
  }

  @Test
  void anUnknownLogIsToldTheNearestFormatAndWhatItLacks() {
    assertEquals(
        "JSON with the keys request_id, startTime, cost is no known log; the nearest is litellm-spendlogs, which also has call_type",
        why("{\"request_id\":1,\"startTime\":2,\"cost\":3}\n"));
    assertEquals(
        "CSV with the columns TIMESTAMP, ContextTokens is no known log; the nearest is azure-llm-trace, which also has GeneratedTokens",
        why("TIMESTAMP,ContextTokens\n1,2\n"));
    assertEquals("JSON with the keys a is no known log", why("{\"a\":1}"));
    assertEquals("JSON without known keys", why("{\"bob@example.com\":1}"));
  }

  @Test
  void objectsOverSeveralLinesAndInArraysAreDocuments() {
    String record =
        "{\n  \"request_id\": \"r\",\n  \"startTime\": \"t\",\n  \"call_type\": \"c\"\n}\n";
    String compact = record.replace("\n", "");
    for (String text :
        new String[] {
          record, record + record, "[" + record + "]", "[\n" + compact + ",\n" + compact + "\n]\n"
        }) {
      FormatDetection.Detected detected = detect(text);
      assertEquals(Optional.of(LogFormat.LITELLM_SPENDLOGS), detected.format(), text);
      assertEquals(JsonLayout.DOCUMENT, detected.layout(), text);
    }
    assertEquals(JsonLayout.LINES, detect(compact + "\n" + compact).layout());
    assertEquals(JsonLayout.LINES, detect("{\"request_id\":\n" + compact).layout());
  }

  private static FormatDetection.Detected detect(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return FormatDetection.detect(bytes, bytes.length);
  }

  @Test
  void aDamagedOrForeignFirstLineDoesNotHideTheFormat() {
    String good = "{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\"}";
    for (String first : new String[] {"garbage", "{\"x\":", "\uFEFF", "{\"type\":\"header\"}"}) {
      assertEquals(Optional.of(LogFormat.CANONICAL_JSONL), format(first + "\n" + good), first);
    }
    assertEquals(
        Optional.of(LogFormat.CANONICAL_JSONL), format(good.substring(0, good.length() - 3)));
  }

  /** No example is taken for another format; what is no log of calls is none. */
  @Test
  void everySharedExampleIsItsOwnFormatOrNone() throws IOException {
    Path folder =
        Path.of(System.getProperty("homeward.root", "."), "..", "shared", "data", "formats");
    Assumptions.assumeTrue(Files.isDirectory(folder), "no ../shared/data/formats");
    Map<String, LogFormat> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        byte[] head = Files.readAllBytes(file);
        int length = Math.min(head.length, FormatDetection.HEAD_BYTES);
        FormatDetection.detect(head, length)
            .format()
            .ifPresent(format -> found.put(file.getFileName().toString(), format));
      }
    }
    Map<String, LogFormat> known = new TreeMap<>();
    known.put("anthropic_cost_report.jsonl", LogFormat.ANTHROPIC_COST);
    known.put("anthropic_message.jsonl", LogFormat.ANTHROPIC_MESSAGE);
    known.put("anthropic_usage_report_messages.jsonl", LogFormat.ANTHROPIC_USAGE);
    known.put("azure_apim_llm_log.csv", LogFormat.APIM_LLM_LOG_CSV);
    known.put("azure_llm_trace.csv", LogFormat.AZURE_LLM_TRACE);
    known.put("bedrock_model_invocation_log.jsonl", LogFormat.BEDROCK);
    known.put("burstgpt.csv", LogFormat.BURSTGPT);
    known.put("claude_code_session.jsonl", LogFormat.CLAUDE_CODE);
    known.put("cloudflare_ai_gateway_log.jsonl", LogFormat.CLOUDFLARE_AI_GATEWAY);
    known.put("codex_session.jsonl", LogFormat.CODEX);
    known.put("envoy_ai_gateway_access_log.jsonl", LogFormat.ENVOY_AI_GATEWAY);
    known.put("focus_1_2_tokens.csv", LogFormat.FOCUS_CSV);
    known.put("focus_1_3_tokens.csv", LogFormat.FOCUS_CSV);
    known.put("helicone_request.jsonl", LogFormat.HELICONE);
    known.put("kong_ai_log.jsonl", LogFormat.KONG_AI);
    known.put("langfuse_observations.csv", LogFormat.LANGFUSE_OBSERVATIONS_CSV);
    known.put("langfuse_observations.jsonl", LogFormat.LANGFUSE_OBSERVATIONS);
    known.put("litellm_daily_user_spend.jsonl", LogFormat.LITELLM_DAILY_SPEND);
    known.put("litellm_spendlogs.jsonl", LogFormat.LITELLM_SPENDLOGS);
    known.put("litellm_spendlogs_pgcopy.csv", LogFormat.LITELLM_SPENDLOGS_CSV);
    known.put("litellm_standard_logging_payload.jsonl", LogFormat.LITELLM_PAYLOAD);
    known.put("mooncake_trace.jsonl", LogFormat.MOONCAKE_TRACE);
    known.put("openai_batch_output.jsonl", LogFormat.OPENAI_BATCH);
    known.put("openai_chat_completion.jsonl", LogFormat.OPENAI_CHAT);
    known.put("openai_chat_stream_chunks.jsonl", LogFormat.OPENAI_CHAT);
    known.put("openai_costs.jsonl", LogFormat.OPENAI_COSTS);
    known.put("openai_dashboard_usage.csv", LogFormat.OPENAI_USAGE_CSV);
    known.put("openai_response.jsonl", LogFormat.OPENAI_RESPONSE);
    known.put("openai_usage_completions.jsonl", LogFormat.OPENAI_USAGE);
    known.put("openinference_otlp.jsonl", LogFormat.OTLP);
    known.put("openllmetry_otlp.jsonl", LogFormat.OTLP);
    known.put("openrouter_activity.csv", LogFormat.OPENROUTER_ACTIVITY_CSV);
    known.put("openrouter_activity_api.jsonl", LogFormat.OPENROUTER_USAGE);
    known.put("otel_genai_otlp.jsonl", LogFormat.OTLP);
    known.put("portkey_log_export.jsonl", LogFormat.PORTKEY);
    known.put("qwen_bailian_trace.jsonl", LogFormat.QWEN_BAILIAN_TRACE);
    known.put("vertex_request_response_bq.jsonl", LogFormat.VERTEX);
    assertEquals(known, found);
  }

  @Test
  void azuresLogWithoutTokenCountsIsRefusedWithWhatToUseInstead() {
    byte[] bytes = Reading.shared("formats/azure_openai_requestresponse.jsonl");
    assertTrue(
        why(bytes).startsWith("Azure OpenAI's RequestResponse log has no token counts; use"));
  }

  private static Optional<LogFormat> format(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return FormatDetection.detect(bytes, bytes.length).format();
  }

  private static String why(String text) {
    return why(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String why(byte[] bytes) {
    FormatDetection.Detected detected = FormatDetection.detect(bytes, bytes.length);
    assertEquals(Optional.empty(), detected.format());
    return detected.why();
  }
}
