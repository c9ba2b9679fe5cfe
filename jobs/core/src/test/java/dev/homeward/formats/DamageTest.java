package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged input: every record is accounted for, nothing escapes, nothing private is shown. */
final class DamageTest {
  private static final int MUTANTS_PER_FORMAT = 4_000;
  private static final long SEED = 20_261_005;

  @ParameterizedTest
  @CsvSource({
    "CANONICAL_JSONL, canonical-jsonl.golden.jsonl",
    "LITELLM_SPENDLOGS, litellm-spendlogs.golden.jsonl",
    "CLAUDE_CODE, claude-code.golden.jsonl"
  })
  void everyMutatedJsonLineIsAccountedFor(LogFormat format, String file) throws IOException {
    Random random = new Random(SEED);
    String[] records = new String(Reading.golden(file), StandardCharsets.UTF_8).split("\n");
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    for (int i = 0; i < MUTANTS_PER_FORMAT; i++) {
      String record = records[random.nextInt(records.length)];
      byte[] mutant = mutate(record.getBytes(StandardCharsets.UTF_8), random);
      for (int b = 0; b < mutant.length; b++) {
        mutant[b] = mutant[b] == '\n' ? (byte) ' ' : mutant[b];
      }
      log.write(mutant);
      log.write('\n');
    }
    Reading reading = Reading.of(format, Reading.GIVEN, log.toByteArray());
    assertEquals(MUTANTS_PER_FORMAT, reading.records(), "seed " + SEED);
    assertSafe(reading);
    assertTrue(reading.rejections.size() > MUTANTS_PER_FORMAT / 20, "damage was found");
  }

  @ParameterizedTest
  @CsvSource({
    "CANONICAL_CSV, canonical-csv.golden.csv",
    "LITELLM_SPENDLOGS_CSV, litellm-spendlogs-csv.golden.csv",
    "AZURE_LLM_TRACE, azure-llm-trace.golden.csv",
    "BURSTGPT, burstgpt.golden.csv"
  })
  void mutatedCsvNeverEndsTheReading(LogFormat format, String file) {
    Random random = new Random(SEED);
    byte[] golden = Reading.golden(file);
    Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    for (int i = 0; i < MUTANTS_PER_FORMAT; i++) {
      byte[] mutant = mutate(golden, random);
      Reading reading = Reading.of(format, Reading.GIVEN, mutant);
      assertEquals(lines(mutant), reading.records(), "lines accounted for, seed " + SEED);
      assertSafe(reading);
      reading.rejections.forEach(r -> reasons.add(r.reason()));
    }
    assertTrue(reasons.size() >= 4, "seed " + SEED + ": " + reasons);
  }

  @Test
  void aMutatedCsvRecordCostsItselfOnly() throws IOException {
    String golden =
        new String(Reading.golden("litellm-spendlogs-csv.golden.csv"), StandardCharsets.UTF_8);
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
        Layout.LINES,
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

  private static int lines(byte[] bytes) {
    int lines = bytes[bytes.length - 1] == '\n' ? 0 : 1;
    for (byte b : bytes) {
      lines += b == '\n' ? 1 : 0;
    }
    return lines;
  }

  private static void assertSafe(Reading reading) {
    for (Rejection r : reading.rejections) {
      assertTrue(r.sample().length() <= 200, r.sample());
      for (String secret : new String[] {"someone", "a prompt", "an answer", "10.0.0.1", "a@b"}) {
        assertFalse((r.detail() + r.sample()).contains(secret), r.toString());
      }
    }
  }

  private static byte[] mutate(byte[] record, Random random) {
    byte[] mutant = record.clone();
    int changes = 1 + random.nextInt(3);
    for (int c = 0; c < changes; c++) {
      int at = random.nextInt(mutant.length);
      switch (random.nextInt(6)) {
        case 0 -> mutant[at] = (byte) random.nextInt(256);
        case 1 ->
            mutant[at] =
                "\"{}[],:-.0e\\\0\n\r".getBytes(StandardCharsets.UTF_8)[random.nextInt(15)];
        case 2 -> mutant = java.util.Arrays.copyOf(mutant, Math.max(1, at));
        case 3 -> {
          byte[] twice = java.util.Arrays.copyOf(mutant, mutant.length + at);
          System.arraycopy(mutant, 0, twice, mutant.length, at);
          mutant = twice;
        }
        case 4 -> {
          // A digit becomes a long number.
          String text = new String(mutant, StandardCharsets.ISO_8859_1);
          String big =
              "9".repeat(1 + random.nextInt(30)) + (random.nextBoolean() ? "e999999999" : "");
          mutant = text.replaceFirst("[0-9]+", big).getBytes(StandardCharsets.ISO_8859_1);
        }
        default -> mutant[at] ^= (byte) (1 << random.nextInt(8));
      }
    }
    return mutant;
  }
}
