package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.formats.mapped.Mapping;
import dev.homeward.formats.mapped.TableReading;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.scan.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tables that somebody made wrong, or with intent: a rejection with a reason, or a question. */
final class OwnTableHostileTest {
  private static final String MAPPING =
      """
      columns:
        started_at: time
        request_model: model
        input_tokens: in
        output_tokens: out
        cost: { column: cost, unit: usd }
      attributes: { workload: app }
      """;

  private static Reading read(String text, String mapping) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    OwnTable table = OwnTable.of(bytes);
    Mapping parsed = Mapping.parse(mapping, "mapping.yaml");
    Reading reading = new Reading();
    try {
      LogReader.read(
          table.format(),
          table.envelope(parsed),
          Reading.NOTHING_GIVEN.with(mapping),
          new ByteArrayInputStream(bytes),
          0,
          Long.MAX_VALUE,
          reading);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reading;
  }

  @Test
  void wrongValuesAreRejectedEachWithItsReason() {
    String header = "time,model,in,out,cost,app,Note\n";
    Object[][] rows = {
      {"tomorrow,m,1,2,0,a,n", Reason.INVALID_TIME},
      {",m,1,2,0,a,n", Reason.MISSING_TIME},
      {"2026-05-04T10:00:00Z,,1,2,0,a,n", Reason.MISSING_MODEL},
      {"2026-05-04T10:00:00Z,m,=1+2,2,0,a,n", Reason.INVALID_NUMBER},
      {"2026-05-04T10:00:00Z,m,-1,2,0,a,n", Reason.NEGATIVE_TOKENS},
      {"2026-05-04T10:00:00Z,m,1.5,2,0,a,n", Reason.INVALID_NUMBER},
      {"2026-05-04T10:00:00Z,m,9999999999,2,0,a,n", Reason.TOKENS_TOO_LARGE},
      {"2026-05-04T10:00:00Z,m,99999999999999999999999,2,0,a,n", Reason.TOKENS_TOO_LARGE},
      {"2026-05-04T10:00:00Z,m,1e999999999,2,0,a,n", Reason.INVALID_NUMBER},
      {"2026-05-04T10:00:00Z,m,1,,0,a,n", Reason.INCOMPLETE_USAGE},
      {"2026-05-04T10:00:00Z,m,1,2,-5,a,n", Reason.INVALID_NUMBER},
      {"2026-05-04T10:00:00Z,m,1,2,1e300,a,n", Reason.INVALID_NUMBER},
      {"2026-05-04T10:00:00Z,m,1,2,\"0,0123\",a,n", Reason.INVALID_NUMBER},
      {"1970-05-04T10:00:00Z,m,1,2,0,a,n", Reason.INVALID_TIME},
      {"2026-05-04T10:00:00Z,m,1,2", Reason.MALFORMED_CSV},
      {"2026-05-04T10:00:00Z," + "m".repeat(3000) + ",1,2,0,a,n", Reason.WRONG_TYPE},
    };
    for (Object[] row : rows) {
      Reading reading = read(header + row[0] + "\n", MAPPING);
      assertEquals(1, reading.rejections.size(), row[0].toString());
      Rejection rejection = reading.rejections.get(0);
      assertEquals(row[1], rejection.reason(), row[0] + ": " + rejection.detail());
      assertFalse(rejection.detail().contains("mmm"), "no text of the record");
    }
  }

  /** A formula is a text like others here; spreadsheets are kept from it where it is written. */
  @Test
  void formulasAndLongTextsNeverBecomeNumbersOrNames() {
    Reading reading =
        read(
            "time,model,in,out,cost,app,Note,Plan\n2026-05-04T10:00:00Z,m,1,2,0,=HYPERLINK(1),n,"
                + "x".repeat(100_000)
                + "\n",
            MAPPING);
    assertEquals(List.of("workload==HYPERLINK(1)"), Reading.attributes(reading.calls.get(0)));
  }

  @Test
  void wrongTypesOfJsonAreRejected() {
    String record =
        "{\"time\":\"2026-05-04T10:00:00Z\",\"model\":\"m\",\"in\":%s,\"out\":2,\"cost\":0,\"app\":%s}\n";
    assertEquals(
        Reason.WRONG_TYPE, read(record.formatted("[1]", "1"), MAPPING).rejections.get(0).reason());
    assertEquals(
        Reason.WRONG_TYPE, read(record.formatted("{}", "1"), MAPPING).rejections.get(0).reason());
    assertEquals(
        Reason.INVALID_NUMBER,
        read(record.formatted("true", "1"), MAPPING).rejections.get(0).reason());
    assertEquals(
        List.of("workload=a", "workload=b"),
        Reading.attributes(read(record.formatted("1", "[\"a\",{},\"b\"]"), MAPPING).calls.get(0)));
    String deep = "[".repeat(5000) + "]".repeat(5000);
    assertEquals(
        Reason.TOO_DEEP,
        read(record.formatted("1", "1,\"x\":" + deep), MAPPING).rejections.get(0).reason());
    String objects = "{\"a\":".repeat(100) + "1" + "}".repeat(100);
    assertEquals(1, read(record.formatted("1", "1,\"x\":" + objects), MAPPING).calls.size());
  }

  @Test
  void tenThousandColumnsAreReadAndAFewKept() {
    StringBuilder header = new StringBuilder("time,model,in tokens,out tokens");
    StringBuilder row = new StringBuilder("2026-05-04T10:00:00Z,gpt-4o,1,2");
    for (int i = 0; i < 10_000; i++) {
      header.append(",c").append(i);
      row.append(",v").append(i % 7);
    }
    String text = header + "\n" + row + "\n" + row + "\n";
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          TableReading told =
              OwnTable.of(text.getBytes(StandardCharsets.UTF_8)).reading(false).orElseThrow();
          assertTrue(told.isClear());
          Reading reading = read(text, told.mapping());
          assertEquals(2, reading.calls.size());
          int kept = reading.calls.get(0).attributes.size();
          assertTrue(kept >= 100 && kept <= 500, "attributes: " + kept);
        });
  }

  /** Any bytes: a table, or none, and never a failure; a mapping that is proposed can be read. */
  @Test
  void whateverTheBytesTheColumnsAreOnlyLookedAt() {
    long seed = 20_261_129;
    Random random = new Random(seed);
    String[] parts = {
      "timestamp",
      "model",
      "prompt_tokens",
      "input",
      "output tokens",
      "cost",
      "=1",
      "\"",
      ",",
      ";",
      "\t",
      "|",
      "\n",
      "{",
      "}",
      "[",
      "]",
      ":",
      "\"usage\"",
      "2026-05-04T10:00:00Z",
      "04.05.2026",
      "1.234,5",
      "gpt-4o",
      "1e999999",
      "\u0000",
      "\uFEFF",
      "é",
      "null",
      "cached",
      "user",
      "a prompt",
      "/",
      "?",
      "#",
      "%",
      "\\",
      "'",
      "\r",
      "12",
      "{\"a\":1}",
      "yes",
      "~",
      "- x"
    };
    for (int i = 0; i < 4_000; i++) {
      StringBuilder text = new StringBuilder();
      int length = 1 + random.nextInt(120);
      for (int p = 0; p < length; p++) {
        text.append(parts[random.nextInt(parts.length)]);
        if (random.nextInt(3) == 0) {
          text.append(",\n;".charAt(random.nextInt(3)));
        }
      }
      String where = "seed %d, text %d".formatted(seed, i);
      Optional<TableReading> told =
          OwnTable.of(text.toString().getBytes(StandardCharsets.UTF_8)).reading(i % 2 == 0);
      if (told.isPresent() && told.get().isClear()) {
        read(text.toString(), Mapping.parse(told.get().mapping(), where).text());
      }
    }
  }

  /** Names that would break a file of YAML stand in it as they are. */
  @Test
  void theMappingHoldsAnyName() {
    String[] names = {
      "yes",
      "null",
      "a: b",
      "# x",
      "{x}",
      "[x]",
      "\"\"q\"\"",
      "back\\slash",
      "- x",
      "1e3x",
      "é€",
      "@x",
      "~",
      "? x",
      "& x",
      "* x",
      "!x",
      "%x",
      "x #y",
      "'x'",
      "true"
    };
    for (String name : names) {
      String quoted = "\"" + name + "\"";
      String text =
          "time,model,in tokens,out tokens,%s\n2026-05-04T10:00:00Z,gpt-4o,1,2,v\n"
              .formatted(quoted);
      TableReading told =
          OwnTable.of(text.getBytes(StandardCharsets.UTF_8)).reading(false).orElseThrow();
      Reading reading = read(text, told.mapping());
      assertEquals(List.of(), reading.rejections, name);
      String kept = name.replace("\"\"", "\"");
      boolean hidden = name.contains("@");
      assertEquals(
          hidden ? List.of() : List.of("metadata." + kept),
          Reading.attributes(reading.calls.get(0)).stream()
              .map(a -> a.substring(0, a.length() - 2))
              .toList(),
          name + "\n" + told.mapping());
    }
  }
}
