package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.formats.mapped.Question;
import dev.homeward.formats.mapped.TableReading;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.units.InvalidInput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Columns as people call them: the mapping that is proposed for a table must read it as it stands,
 * CSV and JSON lines alike, or ask. What each column holds is known from how the table is made.
 */
final class OwnTableNamesTest {
  private static final List<String> MODELS = List.of("gpt-4o", "claude-sonnet-4-5");
  private static final int ROWS = 12;

  /** 2026-10-13T14:05:00Z. */
  private static final long FIRST_SECOND = 1_791_900_300L;

  private static String time(String style, int row) {
    return switch (style) {
      case "seconds" -> Long.toString(FIRST_SECOND + 86_400L * row);
      case "millis" -> Long.toString((FIRST_SECOND + 86_400L * row) * 1000);
      case "iso" -> "2026-10-%02dT14:05:00Z".formatted(13 + row);
      case "german" -> "%d.10.2026 14:05".formatted(13 + row);
      default -> throw new IllegalArgumentException(style);
    };
  }

  private static String csv(String style, String... names) {
    StringBuilder text = new StringBuilder(String.join(",", names)).append(",cost_center\n");
    for (int i = 0; i < ROWS; i++) {
      text.append(time(style, i)).append(',').append(MODELS.get(i % 2)).append(',');
      text.append(900 + i).append(',').append(40 + i).append(",CC-").append(i % 3).append('\n');
    }
    return text.toString();
  }

  private static String json(String style, String... names) {
    StringBuilder text = new StringBuilder();
    boolean number = !style.equals("iso") && !style.equals("german");
    for (int i = 0; i < ROWS; i++) {
      String time = number ? time(style, i) : "\"" + time(style, i) + "\"";
      text.append(
          "{\"%s\":%s,\"%s\":\"%s\",\"%s\":%d,\"%s\":%d,\"cost_center\":\"CC-%d\"}%n"
              .formatted(
                  names[0],
                  time,
                  names[1],
                  MODELS.get(i % 2),
                  names[2],
                  900 + i,
                  names[3],
                  40 + i,
                  i % 3));
    }
    return text.toString();
  }

  private static Optional<TableReading> told(String text) {
    return OwnTable.of(text.getBytes(StandardCharsets.UTF_8)).reading(false);
  }

  private static Reading read(String text, String mapping) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    OwnTable table = OwnTable.of(bytes);
    Mapping parsed = Mapping.parse(mapping, "mapping.yaml");
    assertEquals(List.of(), table.missing(parsed));
    Reading reading = new Reading();
    ReadContext context =
        new ReadContext(Optional.empty(), Optional.empty(), false).with(parsed.text());
    LogReader.read(
        table.format(),
        table.envelope(parsed),
        context,
        new ByteArrayInputStream(bytes),
        0,
        Long.MAX_VALUE,
        reading);
    return reading;
  }

  private static void isRead(String text, String mapping) throws IOException {
    Reading reading = read(text, mapping);
    assertEquals(List.of(), reading.rejections);
    assertEquals(ROWS, reading.calls.size());
    for (int i = 0; i < ROWS; i++) {
      CallDraft call = reading.calls.get(i);
      assertEquals((FIRST_SECOND + 86_400L * i) * 1_000_000, call.startedAtMicros);
      assertEquals(MODELS.get(i % 2), call.requestModel);
      assertEquals(900 + i, call.inputTokens);
      assertEquals(40 + i, call.outputTokens);
      assertTrue(Reading.attributes(call).contains("owner=CC-" + i % 3));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ts, llm, prompt_toks, completionTokens",
    "created, deployment, promptTokens, completion_toks",
    "when, engine, tokens_in, tokens_out",
    "t, model_name, tok_in, tok_out",
    "@timestamp, LLM used, promptTok, complTok",
    "Datum, Modell, Eingabe-Tokens, Ausgabe-Tokens",
    "time, deployment_id, prefill_tokens, decode_tokens",
    "logged_at, mdl, ptoks, ctoks",
    "created_ts, gpt_model, n_prompt, n_completion",
    "dt, modelDeploymentName, in, out",
  })
  void theProposedMappingReadsTheTable(String time, String model, String in, String out)
      throws IOException {
    for (String style : List.of("seconds", "millis", "iso", "german")) {
      for (String text :
          List.of(csv(style, time, model, in, out), json(style, time, model, in, out))) {
        TableReading told = told(text).orElseThrow(() -> new AssertionError(text));
        assertTrue(told.isClear(), () -> style + " " + told.questions());
        isRead(text, told.mapping());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"prompt_len, response_len", "input_length, output_length", "input_size, output_size"})
  void whatMayCountCharactersIsAsked(String in, String out) throws IOException {
    String text = csv("iso", "ts", "llm", in, out);
    TableReading told = told(text).orElseThrow();
    assertEquals(
        List.of(
            "Do %s and %s count tokens? Their names may mean characters or bytes."
                .formatted(in, out)),
        told.open().stream().map(Question::text).toList());
    assertThrows(InvalidInput.class, () -> Mapping.parse(told.mapping(), "mapping.yaml"));
    isRead(
        text,
        told.mapping()
            .replace("input_tokens: \"?\"", "input_tokens: " + in)
            .replace("output_tokens: \"?\"", "output_tokens: " + out));
    // Sizes of something else, without a time, are no calls.
    assertTrue(told(csv("iso", "label", "llm", in, out).replaceAll("2026-[^,]*", "a")).isEmpty());
  }

  @Test
  void aColumnNamedByAPersonStaysPrivate() {
    String mapping =
        told(csv("iso", "@timestamp", "llm", "in", "out").replace("cost_center", "@bob"))
            .orElseThrow()
            .mapping();
    assertTrue(mapping.contains("started_at: \"@timestamp\""), mapping);
    assertFalse(mapping.contains("bob"), mapping);
  }
}
