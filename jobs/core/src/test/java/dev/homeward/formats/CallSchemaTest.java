package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.CallColumns;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.formats.scan.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.parquet.schema.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** schemas/call.schema.json, the adapter, calls/ and docs/formats.md say the same. */
final class CallSchemaTest {
  private static final JsonNode SCHEMA =
      Documents.readResource("dev/homeward/schemas/call.schema.json");

  @Test
  void theGoldenLineFitsTheSchema() throws IOException {
    JsonNode golden = new ObjectMapper().readTree(Reading.resource("canonical-jsonl.golden.jsonl"));
    assertEquals(List.of(), Schemas.problems("call.schema.json", golden, "golden"));
  }

  @Test
  void theAdapterKnowsEveryFieldOfTheSchemaAndNoOther() {
    for (String field : properties()) {
      // A known field complains about its value or another field's absence.
      Reading reading =
          Reading.of(LogFormat.CANONICAL_JSONL, "{\"%s\":%s}".formatted(field, "true"));
      assertTrue(
          reading.rejections.stream().noneMatch(r -> r.reason() == Reason.UNKNOWN_FIELD), field);
    }
    for (String field : List.of("Started_at", "model", "prompt_tokens", "input", "start")) {
      assertEquals(
          Reason.UNKNOWN_FIELD,
          Reading.onlyRejection(LogFormat.CANONICAL_JSONL, "{\"%s\":\"a\"}".formatted(field))
              .reason());
    }
  }

  @Test
  void everyColumnOfCallsIsAFieldSoThatAReviewCanBeReadAgain() {
    Set<String> columns = new TreeSet<>();
    for (Type column : CallColumns.SCHEMA.getFields()) {
      columns.add(column.getName());
    }
    columns.removeAll(properties());
    assertEquals(Set.of(), columns);
  }

  @Test
  void theSchemaRejectsWhatTheAdapterRejects() throws IOException {
    for (String record :
        List.of(
            "{\"request_model\":\"m\"}",
            "{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":7}",
            "{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"inputs\":7}",
            "{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"input_tokens\":-7,\"output_tokens\":1}",
            "{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"output_tokens\":7}",
            "{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"m\",\"status\":\"fine\"}")) {
      Reading.onlyRejection(LogFormat.CANONICAL_JSONL, record);
      JsonNode node = new ObjectMapper().readTree(record);
      assertNotEquals(List.of(), Schemas.problems("call.schema.json", node, "record"), record);
    }
  }

  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void everyFormatHasARowInTheDocs(LogFormat format) throws IOException {
    Path docs = Path.of(System.getProperty("homeward.root", "../..")).resolve("docs/formats.md");
    assertTrue(
        Files.readAllLines(docs).stream().anyMatch(l -> l.startsWith("| `" + format.word() + "`")),
        "docs/formats.md needs a row that begins with | `" + format.word() + "` |");
  }

  @ParameterizedTest
  @EnumSource(Reason.class)
  void everyReasonIsExplainedInTheDocs(Reason reason) throws IOException {
    Path docs = Path.of(System.getProperty("homeward.root", "../..")).resolve("docs/formats.md");
    assertTrue(Files.readString(docs).contains("| `" + reason.word() + "` |"), reason.word());
  }

  /** The schema of a foreign format is no law: it says which fields are read, and of what types. */
  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void everyForeignFormatHasASchemaThatItsGoldenFileFits(LogFormat format) throws IOException {
    if (format.word().startsWith("canonical")) {
      return;
    }
    String schema = "logs/" + format.word() + ".schema.json";
    boolean csv = format.framing() == LogFormat.Framing.CSV;
    String golden = new String(Reading.golden(format), StandardCharsets.UTF_8);
    String[] lines = golden.replace("\uFEFF", "").split("\n");
    int fitting = 0;
    for (String line : lines) {
      JsonNode record = csv ? row(lines[0]) : new ObjectMapper().readTree(line);
      fitting += Schemas.problems(schema, record, format.word()).isEmpty() ? 1 : 0;
    }
    assertTrue(fitting > 0, schema);
  }

  private static JsonNode row(String header) {
    ObjectNode row = new ObjectMapper().createObjectNode();
    for (String column : header.strip().split(",")) {
      row.put(column, "1");
    }
    return row;
  }

  private static Set<String> properties() {
    Set<String> names = new TreeSet<>();
    SCHEMA.get("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }
}
