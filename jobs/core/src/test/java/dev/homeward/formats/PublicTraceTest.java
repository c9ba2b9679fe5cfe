package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallStatus;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.scan.Reason;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PublicTraceTest {
  private static final DateTimeFormatter SEVEN_DIGITS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSS");

  @Test
  void theWholeAzureTraceReadsWithoutARejection() {
    byte[] bytes = Reading.shared("traces/azure-2023/AzureLLMInferenceTrace_code.csv");
    Reading reading = Reading.of(LogFormat.AZURE_LLM_TRACE, Reading.GIVEN, bytes);
    assertEquals(8819, reading.calls.size());
    assertEquals(8820, reading.records(), "with the header");
    assertEquals(List.of(), reading.rejections);

    // The other route: split by comma, times by java.time.
    String[] lines = new String(bytes, StandardCharsets.US_ASCII).split("\r\n");
    assertEquals(8820, lines.length);
    for (int i = 1; i < lines.length; i++) {
      String[] fields = lines[i].split(",");
      CallDraft call = reading.calls.get(i - 1);
      long micros =
          ChronoUnit.MICROS.between(
              LocalDateTime.of(1970, 1, 1, 0, 0), LocalDateTime.parse(fields[0], SEVEN_DIGITS));
      assertEquals(micros, call.startedAtMicros, lines[i]);
      assertEquals(Long.parseLong(fields[1]), call.inputTokens);
      assertEquals(Long.parseLong(fields[2]), call.outputTokens);
      assertEquals(i + 1, call.sourceLine);
    }
  }

  @Test
  void burstGptsOldHeaderReadsAndItsEmptyRowsAreFailures() {
    byte[] bytes = Reading.shared("traces/burstgpt/burstgpt_1_first400.csv");
    Reading reading = Reading.of(LogFormat.BURSTGPT, Reading.NOTHING_GIVEN, bytes);
    String[] lines = new String(bytes, StandardCharsets.UTF_8).strip().split("\r?\n");
    long failures = 0;
    long input = 0;
    for (int i = 1; i < lines.length; i++) {
      String[] fields = lines[i].split(",");
      failures += fields[3].equals("0") ? 1 : 0;
      input += Long.parseLong(fields[2]);
    }
    assertEquals(lines.length - 1, reading.calls.size());
    assertEquals(List.of(), reading.rejections);
    assertEquals(
        failures, reading.calls.stream().filter(c -> c.status == CallStatus.FAILURE).count());
    assertEquals(input, reading.calls.stream().mapToLong(c -> c.inputTokens).sum());
  }

  @Test
  void theEpochOfATraceCanBeGiven() {
    LocalDate epoch = LocalDate.of(2024, 2, 29);
    ReadContext context =
        new ReadContext(
            Optional.empty(), Optional.of("hosted"), false, Optional.empty(), epoch, true);
    String csv =
        "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n61,GPT-4,5,6,11,API log\n";
    Reading reading = Reading.of(LogFormat.BURSTGPT, context, csv.getBytes(StandardCharsets.UTF_8));
    CallDraft call = reading.calls.get(0);
    assertEquals(
        (epoch.atStartOfDay(ZoneOffset.UTC).toEpochSecond() + 61) * 1_000_000,
        call.startedAtMicros);
    assertEquals("hosted", call.requestModel);
    assertEquals(List.of("metadata.log_type=API log"), Reading.attributes(call));
  }

  @Test
  void anAzureTraceWithoutAHostedModelRejectsEachRow() {
    Rejection rejection =
        Reading.onlyRejection(
            LogFormat.AZURE_LLM_TRACE,
            "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,4808,10");
    assertEquals(Reason.MISSING_MODEL, rejection.reason());
    assertEquals("no model is named, and --hosted-model is not given", rejection.detail());
  }
}
