package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.scan.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged input: every record is accounted for, nothing escapes, nothing private is shown. */
final class DamageTest {
  @Test
  void aMutatedCsvRecordCostsItselfOnly() throws IOException {
    String golden =
        new String(Reading.resource("litellm-spendlogs-csv.golden.csv"), StandardCharsets.UTF_8);
    int end = golden.indexOf('\n') + 1;
    String header = golden.substring(0, end);
    String record = golden.substring(end);
    // A quote is lost in the middle of three records; the record spans two lines.
    String damaged = record.replaceFirst("\"", "");
    Reading reading =
        Reading.of(LogFormat.LITELLM_SPENDLOGS_CSV, header + record + damaged + record);
    assertEquals(2, reading.calls.size());
    assertEquals(2, reading.rejections.size(), "both lines of the damaged record");
    assertEquals(4, reading.rejections.get(0).line());
    assertEquals(6, reading.calls.get(1).sourceLine);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{\"started_at\":\"2026-10-05T08:00:01Z\"'|TRUNCATED",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",}'|MALFORMED_JSON",
        "'12'|NOT_A_RECORD",
        "'\"text\"'|NOT_A_RECORD",
        "'{\"request_model\":\"m\"}'|MISSING_TIME",
        "'{\"started_at\":\"yesterday\",\"request_model\":\"m\"}'|INVALID_TIME",
        "'{\"started_at\":\"2026-02-29T08:00:01Z\",\"request_model\":\"m\"}'|INVALID_TIME",
        "'{\"started_at\":\"1970-01-01T00:00:01Z\",\"request_model\":\"m\"}'|INVALID_TIME",
        "'{\"started_at\":1700000000,\"request_model\":\"m\"}'|WRONG_TYPE",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\"}'|MISSING_MODEL",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":7}'|WRONG_TYPE",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"inputs\":7}'|UNKNOWN_FIELD",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":-7,\"output_tokens\":1}'|NEGATIVE_TOKENS",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":\"7\",\"output_tokens\":1}'|WRONG_TYPE",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":7.5,\"output_tokens\":1}'|INVALID_NUMBER",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":NaN,\"output_tokens\":1}'|INVALID_NUMBER",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":2147483648,\"output_tokens\":1}'|TOKENS_TOO_LARGE",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":2147483647,\"output_tokens\":1}'|TOKENS_TOO_LARGE",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":99999999999999999999,\"output_tokens\":1}'|TOKENS_TOO_LARGE",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":7}'|INCOMPLETE_USAGE",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"output_tokens\":7}'|INCOMPLETE_USAGE",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":7,\"output_tokens\":1,\"reasoning_tokens\":2}'|REASONING_EXCEEDS_OUTPUT",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"duration_us\":1,\"ttft_us\":2}'|END_BEFORE_START",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"status\":\"fine\"}'|INVALID_WORD",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"request_model\":\"n\"}'|MALFORMED_JSON",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"logged_usd\":1e2147483647}'|INVALID_NUMBER",
        "'{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"logged_usd\":\"-1\"}'|INVALID_NUMBER"
      })
  void eachDamageHasItsReason(String record, Reason reason) {
    assertEquals(reason, Reading.onlyRejection(LogFormat.CANONICAL_JSONL, record).reason());
  }

  @Test
  void deepNestingAndBrokenUtf8AreReasonsOfTheirOwn() {
    String deep = "{\"x_deep\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
    assertEquals(Reason.TOO_DEEP, Reading.onlyRejection(LogFormat.CANONICAL_JSONL, deep).reason());
    byte[] broken = "{\"request_model\":\"m?\"}".getBytes(StandardCharsets.UTF_8);
    broken[18] = (byte) 0xFF;
    Reading reading = Reading.of(LogFormat.CANONICAL_JSONL, Reading.NOTHING_GIVEN, broken);
    assertEquals(Reason.NOT_UTF8, reading.rejections.get(0).reason());
  }

  @Test
  void aRecordOverTheLimitIsReadPastAndTheNextIsRead() throws IOException {
    String good =
        "{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":1,\"output_tokens\":1}\n";
    String large = "{\"x_a\":\"" + "a".repeat(200_000) + "\"}\n";
    byte[] log = (good + large + good).getBytes(StandardCharsets.UTF_8);
    Reading reading = new Reading();
    LogReader.read(
        LogFormat.CANONICAL_JSONL,
        Envelope.of(JsonLayout.LINES),
        Reading.NOTHING_GIVEN,
        new ByteArrayInputStream(log),
        0,
        Long.MAX_VALUE,
        reading,
        100_000);
    assertEquals(2, reading.calls.size());
    assertEquals(3, reading.calls.get(1).sourceLine);
    assertEquals(Reason.RECORD_TOO_LARGE, reading.rejections.get(0).reason());
    assertEquals("longer than 100000 bytes", reading.rejections.get(0).detail());
  }

  @Test
  void aQuoteThatIsNeverClosedCostsOneLine() {
    String csv =
        "TIMESTAMP,ContextTokens,GeneratedTokens\n"
            + "\"2026-10-05 08:00:01,1,1\n"
            + "2026-10-05 08:00:02,1,1\n".repeat(1500);
    Reading reading =
        Reading.of(LogFormat.AZURE_LLM_TRACE, Reading.GIVEN, csv.getBytes(StandardCharsets.UTF_8));
    assertEquals(1500, reading.calls.size());
    assertEquals(1, reading.rejections.size());
    assertEquals("a quote is never closed", reading.rejections.get(0).detail());
    assertEquals(1502, reading.calls.get(1499).sourceLine);
  }

  @Test
  void aFileOfAnotherFormatRejectsEachRecordWithTheMissingColumn() {
    Reading reading = Reading.of(LogFormat.BURSTGPT, "a,b\n1,2\n3,4\n");
    assertEquals(2, reading.rejections.size());
    assertEquals(Reason.MISSING_COLUMN, reading.rejections.get(0).reason());
    assertEquals("the header has no column Timestamp", reading.rejections.get(0).detail());
  }

  @Test
  void aSampleShowsNumbersAndTimesButNeverTextsKeysOrUsers() {
    String record =
        "{\"status\":\"sk-secret-1\",\"api_key\":\"sk-secret-2\",\"user\":\"alice\","
            + "\"messages\":[{\"prompt_tokens\":1,\"content\":\"a \\\"prompt_tokens\\\": 77 secret\"}],"
            + "\"startTime\":\"2026-10-05T08:00:01Z\",\"model\":\"m\",\"prompt_tokens\":-5,"
            + "\"requester_ip_address\":\"10.1.2.3\",\"completion_tokens\":3,\"endTime\":\"secret\"}";
    Rejection rejection = Reading.onlyRejection(LogFormat.LITELLM_SPENDLOGS, record);
    assertEquals(Reason.INVALID_WORD, rejection.reason());
    assertEquals("status is neither success nor failure", rejection.detail());
    assertEquals(
        "status=? startTime=2026-10-05T08:00:01Z prompt_tokens=-5 completion_tokens=3 endTime=? (%d bytes)"
            .formatted(record.length()),
        rejection.sample());
  }

  /**
   * Found by damage: the smallest long stands for no value at all, and must not be read as such.
   */
  @Test
  void theSmallestLongIsNoCount() {
    for (String field : new String[] {"input_tokens", "output_tokens"}) {
      String record =
          "{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":1,"
              + "\"output_tokens\":1}";
      String damaged =
          record.replace(
              "\"%s\":1".formatted(field), "\"%s\":-9223372036854775808".formatted(field));
      assertEquals(
          Reason.NEGATIVE_TOKENS,
          Reading.onlyRejection(LogFormat.CANONICAL_JSONL, damaged).reason());
    }
  }

  /** Found by damage: an address under the key of a time is no time, and is not shown. */
  @Test
  void anAddressIsNoTime() {
    for (String address : new String[] {"10.0.0.1", "2001:10::1"}) {
      String record = "{\"request_model\":\"m\",\"started_at\":\"%s\"}".formatted(address);
      String sample = Reading.onlyRejection(LogFormat.CANONICAL_JSONL, record).sample();
      assertEquals("started_at=? (%d bytes)".formatted(record.length()), sample);
    }
  }

  /** Found by damage: an empty name of a model is no key of a workload. */
  @Test
  void anEmptyModelIsMissing() {
    String payload =
        "{\"call_type\":\"acompletion\",\"startTime\":1791187201.5,\"model\":\"\",\"prompt_tokens\":1,"
            + "\"completion_tokens\":1}";
    assertEquals(
        Reason.MISSING_MODEL, Reading.onlyRejection(LogFormat.LITELLM_PAYLOAD, payload).reason());
  }

  /** Found by damage: an amount with an exponent without end is not expanded. */
  @Test
  void anAmountWithAHugeExponentIsRefused() {
    String page =
        "{\"data\":[{\"starting_at\":\"2026-10-05T00:00:00Z\",\"ending_at\":\"2026-10-06T00:00:00Z\","
            + "\"results\":[{\"amount\":1e999999999}]}]}";
    assertEquals(
        Reason.INVALID_NUMBER, Reading.onlyRejection(LogFormat.ANTHROPIC_COST, page).reason());
  }
}
