package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.homeward.SharedData;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AdaptersTest {
  private static final ReadContext CONTEXT =
      new ReadContext(Optional.empty(), Optional.of("gpt-4o-mini"), true);
  private static final String SPEND_LOG =
      "{\"request_id\":\"r1\",\"call_type\":\"acompletion\",\"spend\":1.5e-7,\"prompt_tokens\":1000,"
          + "\"completion_tokens\":20,\"startTime\":\"2026-05-04T13:05:07.250Z\",\"endTime\":\"2026-05-04T13:05:09.250Z\","
          + "\"completionStartTime\":\"2026-05-04T13:05:07.750Z\",\"model\":\"gpt-4o\",\"custom_llm_provider\":\"openai\","
          + "\"cache_hit\":\"False\",\"request_tags\":[\"app:x\",\"User-Agent: y\"],\"messages\":[{\"content\":\"secret\"}],"
          + "\"metadata\":{\"usage_object\":{\"prompt_tokens_details\":{\"cached_tokens\":600}}}}";

  @Test
  void liteLlmInputIncludesTheCacheAndIsMadeDisjoint() {
    Read read = read(LogFormat.LITELLM_SPENDLOGS, SPEND_LOG);
    Row call = read.calls.get(0);
    assertEquals(400, call.input);
    assertEquals(600, call.cacheRead);
    assertEquals(20, call.output);
    assertEquals(150, call.loggedNanos, "1.5e-7 dollars");
    assertEquals(500_000, call.ttft);
    assertEquals(2_000_000, call.duration);
    assertEquals(List.of("tag=app:x"), call.attributes);
  }

  @Test
  void aProxyCacheHitIsFlaggedAndNotStreamedRowsHaveNoTimeToFirstToken() {
    Row call =
        read(
                LogFormat.LITELLM_SPENDLOGS,
                SPEND_LOG
                    .replace("\"cache_hit\":\"False\"", "\"cache_hit\":\"True\"")
                    .replace("13:05:07.750Z", "13:05:09.250Z"))
            .calls
            .get(0);
    assertTrue((call.flags & CallFlags.PROXY_CACHE_HIT) != 0);
    assertEquals(CallDraft.ABSENT, call.ttft);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"prompt_tokens\":1000|\"prompt_tokens\":-3|negative_tokens|prompt_tokens is -3 (must be 0 or more)",
        "\"prompt_tokens\":1000|\"prompt_tokens\":500|cache_exceeds_input|prompt_tokens 500 includes cache reads 600 and writes 0",
        "\"prompt_tokens\":1000|\"prompt_tokens\":\"x\"|wrong_type|prompt_tokens is a text (must be a number)",
        "\"prompt_tokens\":1000|\"prompt_tokens\":1e99|invalid_number|prompt_tokens is not a whole number of 64 bits",
        "\"prompt_tokens\":1000|\"prompt_tokens\":99999999999|tokens_too_large|prompt_tokens is 99999999999 (more than 2147483647)",
        "2026-05-04T13:05:07.250Z|2026-13-04T13:05:07Z|invalid_time|startTime is not a timestamp",
        "\"endTime\":\"2026-05-04T13:05:09|\"endTime\":\"2026-05-03T13:05:09|end_before_start|endTime is before startTime",
        "\"spend\":1.5e-7|\"spend\":-1|invalid_number|spend is not an amount between 0 and 1e9 dollars",
        "\"call_type\"|\"spend\":1,\"call_type\"|malformed_json|not JSON at byte 0",
      })
  void aBadRecordIsRejectedWithItsReason(String from, String to, String reason, String detail) {
    Read read = read(LogFormat.LITELLM_SPENDLOGS, SPEND_LOG.replace(from, to) + "\n" + SPEND_LOG);
    assertEquals(1, read.rejected.size(), read.rejected.toString());
    assertEquals(1, read.calls.size(), "the good record after it is read");
    Rejection rejection = read.rejected.get(0);
    assertEquals(reason, rejection.reason().word());
    if (!reason.equals("malformed_json")) {
      assertEquals(detail, rejection.detail());
    }
    assertFalse(rejection.sample().contains("secret"), rejection.sample());
  }

  @Test
  void aTruncatedQuoteInCsvCostsOneLine() {
    String header = "started_at,request_model,workload,input_tokens,output_tokens\n";
    String good = "2026-05-04T13:05:07Z,gpt-4o,\"a \"\"b\"\"\",10,5\n";
    String csv = header + good + "2026-05-04T13:05:07Z,gpt-4o,\"open,10,5\n" + good + good;
    Read read = read(LogFormat.CANONICAL_CSV, csv);
    assertEquals(3, read.calls.size());
    assertEquals(1, read.rejected.size());
    assertEquals(3, read.rejected.get(0).line());
    assertEquals("workload=a \"b\"", read.calls.get(0).attributes.get(0));
    assertEquals(5, read.calls.get(2).line);
  }

  @Test
  void aMisspeltCanonicalFieldIsAnErrorUnlessItBeginsWithX() {
    String base =
        "{\"started_at\":\"2026-05-04T13:05:07Z\",\"request_model\":\"gpt-4o\",\"input_tokens\":1,";
    String output = "\"output_tokens\":7,";
    assertEquals(
        1, read(LogFormat.CANONICAL_JSONL, base + output + "\"x_mine\":{\"a\":[1]}}").calls.size());
    Read wrong = read(LogFormat.CANONICAL_JSONL, base + "\"ouput_tokens\":7}");
    assertEquals(Reason.UNKNOWN_FIELD, wrong.rejected.get(0).reason());
  }

  /** A file cut into ranges anywhere gives the same records, line numbers aside. */
  @Test
  void splittingAFileAnywhereGivesTheSameRecords() throws IOException {
    String text =
        SPEND_LOG
            + "\r\n\n"
            + SPEND_LOG.replace("r1", "r2")
            + "\n{bad\n"
            + SPEND_LOG.replace("r1", "r3");
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Read whole = read(LogFormat.LITELLM_SPENDLOGS, text);
    assertEquals(3, whole.calls.size());
    for (int cut = 1; cut < bytes.length; cut++) {
      Read parts = new Read();
      range(bytes, 0, cut, parts);
      range(bytes, cut, bytes.length, parts);
      assertEquals(whole.ids(), parts.ids(), "cut at " + cut);
      assertEquals(whole.rejected.size(), parts.rejected.size(), "cut at " + cut);
      assertEquals(whole.ignored, parts.ignored, "cut at " + cut);
    }
  }

  /** 30,000 damaged records: each ends in exactly one place, and nothing is thrown. */
  @Test
  void everyMutatedRecordIsAccountedFor() {
    String claude =
        "{\"type\":\"assistant\",\"sessionId\":\"s\",\"cwd\":\"/a/b\",\"requestId\":\"q\",\"timestamp\":\"2026-05-04T13:05:07Z\","
            + "\"message\":{\"id\":\"m\",\"model\":\"claude-opus-4-6\",\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}}";
    String canonical =
        "{\"started_at\":\"2026-05-04T13:05:07Z\",\"request_model\":\"gpt-4o\",\"input_tokens\":1,\"output_tokens\":1,\"tags\":[\"a\"]}";
    String trace = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10";
    Map<LogFormat, String> seeds =
        Map.of(
            LogFormat.LITELLM_SPENDLOGS, SPEND_LOG,
            LogFormat.CLAUDE_CODE, claude,
            LogFormat.CANONICAL_JSONL, canonical,
            LogFormat.AZURE_LLM_TRACE, trace);
    Random random = new Random(20261120);
    for (Map.Entry<LogFormat, String> seed : new java.util.TreeMap<>(seeds).entrySet()) {
      for (int i = 0; i < 7_500; i++) {
        byte[] bytes = mutate(seed.getValue().getBytes(StandardCharsets.UTF_8), random);
        int lines = 0;
        for (int b = 0; b < bytes.length; b++) {
          lines += bytes[b] == '\n' ? 1 : 0;
        }
        lines += bytes.length > 0 && bytes[bytes.length - 1] != '\n' ? 1 : 0;
        Read read = read(seed.getKey(), bytes);
        assertEquals(
            lines,
            read.calls.size() + read.rejected.size() + read.ignored,
            () -> seed.getKey() + ": " + new String(bytes, StandardCharsets.ISO_8859_1));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "litellm_spendlogs.jsonl, LITELLM_SPENDLOGS",
    "litellm_spendlogs_pgcopy.csv, LITELLM_SPENDLOGS_CSV",
    "claude_code_session.jsonl, CLAUDE_CODE",
    "azure_llm_trace.csv, AZURE_LLM_TRACE",
    "burstgpt.csv, BURSTGPT"
  })
  void theExampleOfAFormatReadsBackToTheCanonicalCall(String file, LogFormat format)
      throws IOException {
    Path path = SharedData.path("formats").resolve(file);
    byte[] bytes = Files.readAllBytes(path);
    assertEquals(Optional.of(format), FormatDetection.detect(bytes, bytes.length).format());
    JsonNode expected =
        new ObjectMapper()
            .readTree(SharedData.path("formats").resolve("_expected_canonical.jsonl").toFile());
    Row call =
        read(format, bytes).calls.stream()
            .max((a, b) -> Long.compare(a.tokens(), b.tokens()))
            .orElseThrow();
    if (format == LogFormat.AZURE_LLM_TRACE || format == LogFormat.BURSTGPT) {
      // Traces say the total only.
      assertEquals(
          expected.get("uncached_input").longValue()
              + expected.get("cache_read").longValue()
              + expected.get("cache_write_5m").longValue(),
          call.input);
    } else {
      assertEquals(expected.get("uncached_input").longValue(), call.input);
      assertEquals(expected.get("cache_read").longValue(), call.cacheRead);
      assertEquals(expected.get("cache_write_5m").longValue(), call.cacheWrite5m);
      assertEquals(expected.get("cache_write_1h").longValue(), call.cacheWrite1h);
    }
    assertEquals(expected.get("output_total").longValue(), call.output);
    if (file.startsWith("litellm")) {
      Instant start = Instant.parse(expected.get("event_time_utc").textValue());
      assertEquals(start.toEpochMilli() * 1000, call.started);
      assertEquals(expected.get("ttft_ms").longValue() * 1000, call.ttft);
      assertEquals(expected.get("duration_ms").longValue() * 1000, call.duration);
      assertEquals(expected.get("reasoning_subset_of_output").longValue(), call.reasoning);
      assertEquals("19650000", Long.toString(call.loggedNanos));
      assertTrue(call.attributes.contains("tag=app:" + expected.get("workload").textValue()));
      assertTrue(call.attributes.contains("metadata.data_class=confidential"));
    }
  }

  @Test
  void theAzureTraceHas8819Calls() throws IOException {
    byte[] bytes =
        Files.readAllBytes(SharedData.path("traces/azure-2023/AzureLLMInferenceTrace_code.csv"));
    Read read = read(LogFormat.AZURE_LLM_TRACE, bytes);
    assertEquals(8819, read.calls.size());
    assertEquals(0, read.rejected.size());
  }

  @Test
  void burstGptFailuresAreKeptApart() throws IOException {
    byte[] bytes = Files.readAllBytes(SharedData.path("traces/burstgpt/burstgpt_1_first400.csv"));
    Read read = read(LogFormat.BURSTGPT, bytes);
    long zeroResponses =
        Files.readAllLines(SharedData.path("traces/burstgpt/burstgpt_1_first400.csv")).stream()
            .skip(1)
            .filter(line -> line.split(",")[3].equals("0"))
            .count();
    assertEquals(
        zeroResponses, read.calls.stream().filter(c -> c.status == CallStatus.FAILURE).count());
    assertEquals(400, read.calls.size());
  }

  /** Distinct answers by (message id, request id), counted with a tree and a map instead. */
  @Test
  void claudeCodeLinesWithUsageAreTheCallsOfTheFixture() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path path = SharedData.path("fixtures/claude-code/tool_heavy.jsonl");
    int lines = 0;
    for (String line : Files.readAllLines(path)) {
      JsonNode node = json.readTree(line);
      if (node.path("message").has("usage")
          && !node.path("message").path("model").asText().equals("<synthetic>")) {
        lines++;
      }
    }
    Read read = read(LogFormat.CLAUDE_CODE, Files.readAllBytes(path));
    assertEquals(lines, read.calls.size());
    assertEquals(0, read.rejected.size());
    assertTrue(lines > 0);
  }

  @Test
  void binaryAndUnknownTextAreNamedAsSuch() {
    byte[] binary = {'M', 'Z', 0, 1, 2};
    assertEquals(
        "it is a binary file (a zero byte at offset 2)",
        FormatDetection.detect(binary, binary.length).why());
    byte[] text = "hello\nworld\n".getBytes(StandardCharsets.UTF_8);
    assertEquals(
        "its first line is neither JSON nor a known CSV header",
        FormatDetection.detect(text, text.length).why());
  }

  static Read read(LogFormat format, String text) {
    return read(format, text.getBytes(StandardCharsets.UTF_8));
  }

  static Read read(LogFormat format, byte[] bytes) {
    Read read = new Read();
    try {
      LogReader.read(format, CONTEXT, new ByteArrayInputStream(bytes), 0, Long.MAX_VALUE, read);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return read;
  }

  private static void range(byte[] bytes, int from, int to, Read into) throws IOException {
    int start = from == 0 ? 0 : from - 1;
    LogReader.read(
        LogFormat.LITELLM_SPENDLOGS,
        CONTEXT,
        new ByteArrayInputStream(bytes, start, bytes.length - start),
        from,
        to,
        into);
  }

  private static byte[] mutate(byte[] bytes, Random random) {
    byte[] copy = bytes.clone();
    switch (random.nextInt(5)) {
      case 0 -> copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy = java.util.Arrays.copyOf(copy, random.nextInt(copy.length));
      case 2 -> {
        for (int i = 0; i < 5; i++) {
          copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
        }
      }
      case 3 -> {
        String deep = "[".repeat(1 + random.nextInt(3000));
        int at = random.nextInt(copy.length);
        copy =
            (new String(copy, 0, at, StandardCharsets.ISO_8859_1)
                    + deep
                    + new String(copy, at, copy.length - at, StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1);
      }
      default -> {
        String[] odd = {
          "null",
          "NaN",
          "-1",
          "1e400",
          "\"\\ud800\"",
          "{}",
          "true",
          "9223372036854775808",
          "1E-999999999"
        };
        copy =
            new String(copy, StandardCharsets.ISO_8859_1)
                .replaceFirst(
                    ":\\s*\\d+",
                    ":" + java.util.regex.Matcher.quoteReplacement(odd[random.nextInt(odd.length)]))
                .getBytes(StandardCharsets.ISO_8859_1);
      }
    }
    return copy;
  }

  /** A call's figures, copied out of the draft. */
  record Row(
      String id,
      long line,
      long started,
      long duration,
      long ttft,
      long input,
      long cacheRead,
      long cacheWrite5m,
      long cacheWrite1h,
      long output,
      long reasoning,
      long loggedNanos,
      CallStatus status,
      int flags,
      List<String> attributes) {
    long tokens() {
      return input + output;
    }
  }

  static final class Read implements Sink {
    final List<Row> calls = new ArrayList<>();
    final List<Rejection> rejected = new ArrayList<>();
    int ignored;

    List<String> ids() {
      return calls.stream().map(Row::id).toList();
    }

    @Override
    public void call(CallDraft d) {
      List<String> attributes = new ArrayList<>();
      for (int i = 0; i < d.attributes.size(); i++) {
        attributes.add(d.attributes.source(i) + "=" + d.attributes.value(i));
      }
      calls.add(
          new Row(
              d.id,
              d.sourceLine,
              d.startedAtMicros,
              d.durationMicros,
              d.ttftMicros,
              d.inputTokens,
              d.cacheReadTokens,
              d.cacheWrite5mTokens,
              d.cacheWrite1hTokens,
              d.outputTokens,
              d.reasoningTokens,
              d.loggedNanoUsd,
              d.status,
              d.flags,
              attributes));
    }

    @Override
    public void ignored() {
      ignored++;
    }

    @Override
    public void rejected(Rejection rejection) {
      rejected.add(rejection);
    }
  }

  @Test
  void timesAgreeWithJavaTime() throws RejectedRecord {
    Random random = new Random(7);
    Map<String, Long> seen = new HashMap<>();
    for (int i = 0; i < 5000; i++) {
      long micros = random.nextLong(4_000_000_000_000_000L);
      Instant instant = Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
      seen.put(instant.toString(), micros);
    }
    for (Map.Entry<String, Long> entry : seen.entrySet()) {
      assertEquals(entry.getValue(), Times.parse(entry.getKey(), "t"));
      assertEquals(
          entry.getValue(), Times.parse(entry.getKey().replace("T", " ").replace("Z", ""), "t"));
    }
    assertEquals(
        Instant.parse("2026-05-04T11:05:07Z").toEpochMilli() * 1000,
        Times.parse("2026-05-04T13:05:07+02:00", "t"));
  }
}
