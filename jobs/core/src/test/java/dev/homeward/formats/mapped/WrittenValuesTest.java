package dev.homeward.formats.mapped;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers, times and lengths of time as people and spreadsheets write them. */
final class WrittenValuesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1200|.|1200",
        "1,200|.|1200",
        "1,234,567.5|.|1234567.5",
        "12,34,567|.|1234567",
        "1.200|,|1200",
        "1.234.567,5|,|1234567.5",
        "1 234,5|,|1234.5",
        "1'234.5|.|1234.5",
        "0,0123|,|0.0123",
        "$0.02|.|0.02",
        "0,02 €|,|0.02",
        "USD 1.5|.|1.5",
        "1.2k|.|1200",
        "1,2k|,|1200",
        "3M|.|3000000",
        "4e-05|.|0.00004",
        "-5|.|-5",
        ".5|.|0.5",
        "12.0|.|12.0"
      })
  void numbersAreReadWithTheirMark(String text, char mark, BigDecimal expected) {
    BigDecimal number = WrittenNumber.parse(text, mark);
    assertEquals(0, expected.compareTo(number), text + " is " + number);
  }

  /** The mark that is not the decimals' groups by three, or it is no number: never another one. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0,0123|.",
        "0.0123|,",
        "1,23|.",
        "1.5|,",
        "0,123|.",
        "1,2345|.",
        "1,234,5|.",
        "1,,234|.",
        "1.2.3|.",
        "12 apples|.",
        "=1+2|.",
        "0x10|.",
        "1e999999999|.",
        "NaN|.",
        "Infinity|.",
        "--5|.",
        "k|.",
        "$|."
      })
  void whatIsNoNumberIsNone(String text, char mark) {
    assertNull(WrittenNumber.parse(text, mark), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2026-05-04T13:05:07.250Z|ISO|2026-05-04T13:05:07.250Z",
        "2026-05-04 13:05|ISO|2026-05-04T13:05:00Z",
        "2026-05-04T15:05:07+02:00|ISO|2026-05-04T13:05:07Z",
        "2026-05-04 13:05:07 UTC|ISO|2026-05-04T13:05:07Z",
        "2026/5/4 9:05|ISO|2026-05-04T09:05:00Z",
        "20260504T130507Z|ISO|2026-05-04T13:05:07Z",
        "4 May 2026 13:05|ISO|2026-05-04T13:05:00Z",
        "May 4, 2026, 1:05:07 PM|ISO|2026-05-04T13:05:07Z",
        "Mon, 04 May 2026 13:05:07 GMT|ISO|2026-05-04T13:05:07Z",
        "04-May-26 13:05|ISO|2026-05-04T13:05:00Z",
        "4. Mai 2026 13:05|ISO|2026-05-04T13:05:00Z",
        "04.05.2026 13:05:07|DAY_FIRST|2026-05-04T13:05:07Z",
        "4/5/26 13:05|DAY_FIRST|2026-05-04T13:05:00Z",
        "05/04/2026 1:05 PM|MONTH_FIRST|2026-05-04T13:05:00Z",
        "5/4/2026 12:05:07 a.m.|MONTH_FIRST|2026-05-04T00:05:07Z",
        "2026-05-04|ISO|2026-05-04T00:00:00Z"
      })
  void timesAreReadAsWritten(String text, WrittenTime.Format format, Instant expected) {
    WrittenTime time = new WrittenTime();
    assertTrue(time.parse(text, format), text);
    assertEquals(expected, Instant.EPOCH.plus(time.micros, ChronoUnit.MICROS));
    assertEquals(text.contains(":") || text.contains("T1305"), time.clock);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "31.02.2026",
        "2026-13-01",
        "2026-05-04 25:00",
        "2026-05-04 10:61",
        "tomorrow",
        "gpt-4.1",
        "1.2.3",
        "2026-05-04 13:05 EST",
        "2026-05-04T13:05:07+99:00",
        "13:05 PM tomorrow",
        ""
      })
  void whatIsNoTimeIsNone(String text) {
    for (WrittenTime.Format format :
        List.of(WrittenTime.Format.ISO, WrittenTime.Format.DAY_FIRST)) {
      assertFalse(new WrittenTime().parse(text, format), text);
    }
  }

  /** 1,777,899,907 s after 1970 is 2026-05-04T13:05:07Z; day 46,146 of spreadsheets is that day. */
  @ParameterizedTest
  @CsvSource({
    "1777899907, SECONDS",
    "1777899907000, MILLISECONDS",
    "1777899907000000, MICROSECONDS",
    "1777899907000000000, NANOSECONDS",
    "46146.5452199074, SPREADSHEET_DAYS"
  })
  void countsAreReadInTheirUnit(BigDecimal number, WrittenTime.Format format) {
    WrittenTime time = new WrittenTime();
    assertTrue(time.count(number, format));
    assertEquals(Instant.parse("2026-05-04T13:05:07Z").toEpochMilli(), time.micros / 1000);
  }

  @ParameterizedTest
  @CsvSource({
    "2.31, SECONDS, 2310000",
    "850, MILLISECONDS, 850000",
    "850ms, SECONDS, 850000",
    "2.5 s, MILLISECONDS, 2500000",
    "1m 3s, MILLISECONDS, 63000000",
    "0:02.5, MILLISECONDS, 2500000",
    "00:01:02, MILLISECONDS, 62000000"
  })
  void spansKeepTheirOwnUnit(String text, MappedUnit unit, BigDecimal expected) {
    assertEquals(0, expected.compareTo(WrittenSpan.micros(text, '.', unit)));
  }

  @Test
  void namesComeApartIntoWords() {
    for (String name :
        List.of(
            "prompt_tokens", "promptTokens", "Prompt Tokens", "PROMPT-TOKENS", "prompttokens")) {
      assertEquals(List.of("prompt", "tokens"), ColumnWords.of(name), name);
    }
    assertEquals(List.of("latency", "ms"), ColumnWords.of("Latency (ms)"));
    assertEquals(List.of("kosten", "eur"), ColumnWords.of("Kosten [€]"));
    assertEquals(List.of("ttft"), ColumnWords.of("TTFT"));
    assertEquals(List.of("timestamp"), ColumnWords.of("timestamp"));
    assertEquals(List.of("modele"), ColumnWords.of("Modèle"));
    assertEquals(List.of("llm", "model"), ColumnWords.of("LLMModel"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prompt", "Prompt Text", "completion", "messages", "user", "user_id", "User Email",
            "api_key",
        "apiKey", "authorization", "client_ip", "password", "question", "answer", "system",
            "first_name",
        "customer_name", "end_user", "x@y.z", "Antwort"
      })
  void privateNamesAreTold(String name) {
    assertTrue(PrivateNames.isPrivate(name), name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prompt_tokens",
        "completion tokens",
        "app",
        "environment",
        "region",
        "team",
        "tenant",
        "model",
        "temperature",
        "feature",
        "input_cost_usd",
        "response_time_ms",
        "Kostenstelle"
      })
  void namesOfThingsArePrivateToNobody(String name) {
    assertFalse(PrivateNames.isPrivate(name), name);
  }
}
