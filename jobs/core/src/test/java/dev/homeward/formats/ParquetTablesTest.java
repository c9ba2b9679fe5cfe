package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.formats.mapped.TableReading;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of other formats in Parquet, as warehouses and crawlers write them. */
final class ParquetTablesTest {
  private static final long MICROS = 1_770_109_200_100_000L;

  @TempDir private Path folder;

  /** Bedrock's log as a crawler writes it: objects are groups, and a list of names a map. */
  @Test
  void groupsAreObjects() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { optional binary schemaType (UTF8); optional binary timestamp (UTF8);"
                + " optional binary requestId (UTF8); optional binary modelId (UTF8);"
                + " optional binary region (UTF8); optional binary operation (UTF8);"
                + " optional group input { optional int64 inputTokenCount;"
                + " optional int64 cacheReadInputTokenCount; optional binary inputBodyJson (UTF8); }"
                + " optional group output { optional double outputTokenCount; }"
                + " optional group requestMetadata (MAP) { repeated group key_value {"
                + " required binary key (UTF8); optional binary value (UTF8); } } }");
    Group row = new SimpleGroupFactory(schema).newGroup();
    row.append("schemaType", "ModelInvocationLog").append("timestamp", "2026-02-03T09:00:00Z");
    row.append("requestId", "q1").append("modelId", "amazon.nova-pro-v1:0");
    row.append("region", "eu-central-1").append("operation", "Converse");
    row.addGroup("input")
        .append("inputTokenCount", 200L)
        .append("cacheReadInputTokenCount", 5000L)
        .append("inputBodyJson", "{\"messages\":[\"secret\"]}");
    row.addGroup("output").append("outputTokenCount", 90.0);
    row.addGroup("requestMetadata")
        .addGroup("key_value")
        .append("key", "team")
        .append("value", "claims");

    CallDraft call = read(schema, List.of(row), LogFormat.BEDROCK, List.of()).calls.get(0);
    assertEquals(200, call.inputTokens);
    assertEquals(5000, call.cacheReadTokens);
    assertEquals(90, call.outputTokens);
    assertEquals("eu-central-1", call.region);
    assertTrue(
        Reading.attributes(call).stream().anyMatch(name -> name.endsWith("=claims")),
        Reading.attributes(call).toString());
  }

  /** Timestamps, decimals, lists and JSON in texts; pandas writes NaN where a table has nothing. */
  @Test
  void typesOfATableAreWhatItsJsonSays() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { optional binary request_id (UTF8); optional binary call_type (UTF8);"
                + " optional binary model (UTF8); optional binary custom_llm_provider (UTF8);"
                + " optional int64 startTime (TIMESTAMP(MICROS,false));"
                + " optional int64 endTime (TIMESTAMP(MILLIS,true)); optional double prompt_tokens;"
                + " optional double completion_tokens; optional double request_duration_ms;"
                + " optional int64 spend (DECIMAL(18,6)); optional binary metadata (JSON);"
                + " optional group request_tags (LIST) { repeated group list {"
                + " optional binary element (UTF8); } } }");
    Group row = new SimpleGroupFactory(schema).newGroup();
    row.append("request_id", "r1").append("call_type", "acompletion").append("model", "gpt-4o");
    row.append("custom_llm_provider", "openai").append("startTime", MICROS);
    row.append("endTime", MICROS / 1000 + 4000).append("prompt_tokens", 12000.0);
    row.append("completion_tokens", 300.0).append("request_duration_ms", Double.NaN);
    row.append("spend", 12_300L);
    row.append(
        "metadata", "{\"usage_object\":{\"prompt_tokens_details\":{\"cached_tokens\":9000}}}");
    row.addGroup("request_tags").addGroup("list").append("element", "app:ledger");

    CallDraft call =
        read(schema, List.of(row), LogFormat.LITELLM_SPENDLOGS, List.of()).calls.get(0);
    assertEquals(MICROS, call.startedAtMicros);
    assertEquals(4_000_000, call.durationMicros);
    assertEquals(3000, call.inputTokens);
    assertEquals(9000, call.cacheReadTokens);
    assertEquals(300, call.outputTokens);
    assertEquals(12_300_000, call.loggedNanoUsd);
    assertTrue(Reading.attributes(call).contains("tag=app:ledger"));
  }

  /** A format that is only read as CSV. */
  @Test
  void aTableOfAFormatInCsvIsReadByItsColumns() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int64 TIMESTAMP (TIMESTAMP(MICROS,true));"
                + " required int32 ContextTokens; required int32 GeneratedTokens; }");
    Group row =
        new SimpleGroupFactory(schema)
            .newGroup()
            .append("TIMESTAMP", MICROS)
            .append("ContextTokens", 10)
            .append("GeneratedTokens", 5);
    CallDraft call = read(schema, List.of(row), LogFormat.AZURE_LLM_TRACE, List.of()).calls.get(0);
    assertEquals(MICROS, call.startedAtMicros);
    assertEquals(10, call.inputTokens);
    assertEquals(5, call.outputTokens);
  }

  /**
   * A table of one's own in Parquet, plain and nested: by its columns, and by a mapping file that
   * says another thing of one of them. 0.6 cents are $0.006; 1,200 - 400 tokens were not cached.
   */
  @Test
  void aTableOfOnesOwnIsReadByItsColumnsAndByAMapping() throws IOException {
    MessageType plain =
        MessageTypeParser.parseMessageType(
            "message m { required int64 called_at (TIMESTAMP(MICROS,true));"
                + " required binary llm (UTF8); required int32 prompt_toks;"
                + " required int32 cached_toks; required int32 completion_toks;"
                + " required int64 total_toks; optional double cost_cents;"
                + " optional binary cost_center (UTF8); }");
    SimpleGroupFactory rows = new SimpleGroupFactory(plain);
    Group row =
        rows.newGroup()
            .append("called_at", MICROS)
            .append("llm", "gpt-4o")
            .append("prompt_toks", 1200)
            .append("cached_toks", 400)
            .append("completion_toks", 300)
            .append("total_toks", 1500L)
            .append("cost_cents", 0.6)
            .append("cost_center", "CC-7");
    LocalInputFile file = written(plain, List.of(row));
    OwnTable table = OwnTable.of(file);
    TableReading told = table.reading(false).orElseThrow();
    assertTrue(told.isClear(), told.questions().toString());
    CallDraft call = mapped(table, file, told.mapping());
    assertEquals(MICROS, call.startedAtMicros);
    assertEquals(800, call.inputTokens);
    assertEquals(400, call.cacheReadTokens);
    assertEquals(300, call.outputTokens);
    assertEquals(6_000_000, call.loggedNanoUsd);

    MessageType nested =
        MessageTypeParser.parseMessageType(
            "message m { required int64 t; required group who { required binary app (UTF8); }"
                + " required group usage { required binary engine (UTF8);"
                + " required group n { required int64 i; required int64 o; } } }");
    Group deep = new SimpleGroupFactory(nested).newGroup();
    deep.append("t", MICROS / 1000);
    deep.addGroup("who").append("app", "ledger");
    Group usage = deep.addGroup("usage").append("engine", "gpt-4o-mini");
    usage.addGroup("n").append("i", 77L).append("o", 7L);
    LocalInputFile other = written(nested, List.of(deep));
    OwnTable own = OwnTable.of(other);
    CallDraft second =
        mapped(
            own,
            other,
            "columns:\n  started_at: { column: t, format: milliseconds }\n"
                + "  request_model: usage/engine\n  input_tokens: usage/n/i\n"
                + "  output_tokens: usage/n/o\nattributes:\n  workload: who/app\n");
    assertEquals(MICROS / 1000 * 1000, second.startedAtMicros);
    assertEquals("gpt-4o-mini", second.requestModel);
    assertEquals(77, second.inputTokens);
    assertEquals(7, second.outputTokens);
    assertTrue(Reading.attributes(second).contains("workload=ledger"));
    Mapping missing =
        Mapping.parse(
            "columns:\n  started_at: t\n  request_model: nowhere\n  input_tokens: usage/n/i\n"
                + "  output_tokens: usage/n/o\n",
            "mapping.yaml");
    assertEquals(List.of("nowhere"), own.missing(missing));
  }

  private static CallDraft mapped(OwnTable table, LocalInputFile file, String mapping)
      throws IOException {
    Mapping parsed = Mapping.parse(mapping, "mapping.yaml");
    assertEquals(List.of(), table.missing(parsed));
    Reading reading = new Reading();
    ReadContext context =
        new ReadContext(Optional.empty(), Optional.empty(), false).with(parsed.text());
    ParquetLog.read(table.format(), table.envelope(parsed), file, context, reading);
    assertEquals(List.of(), reading.rejections);
    return reading.calls.get(0);
  }

  /** A lake of log lines: the record is JSON in a text. */
  @Test
  void recordsMayBeJsonInAColumn() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { optional int64 ingested; optional binary message (UTF8); }");
    String record =
        new String(Reading.golden(LogFormat.BEDROCK), StandardCharsets.UTF_8).split("\n")[0];
    SimpleGroupFactory rows = new SimpleGroupFactory(schema);
    List<Group> groups =
        List.of(
            rows.newGroup().append("ingested", 1L).append("message", "START RequestId"),
            rows.newGroup().append("ingested", 1L).append("message", record),
            rows.newGroup().append("ingested", 1L));
    Reading reading = read(schema, groups, LogFormat.BEDROCK, List.of("message"));
    assertEquals(1, reading.calls.size());
    assertEquals(2, reading.ignored);
  }

  @Test
  void whatIsNoLogIsToldByItsColumns() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int64 id; required binary request_id (UTF8); }");
    Group row =
        new SimpleGroupFactory(schema).newGroup().append("id", 1L).append("request_id", "r");
    FormatDetection.Detected told =
        ParquetLog.detect(new LocalInputFile(write(schema, List.of(row))));
    assertEquals(Optional.empty(), told.format());
    assertTrue(
        told.why().startsWith("Parquet with the columns id, request_id is no known log"),
        told.why());
    FormatDetection.Detected empty =
        ParquetLog.detect(new LocalInputFile(write(schema, List.of())));
    assertEquals("it is Parquet without a row", empty.why());
  }

  /** A time that no calendar has must not end the reading. */
  @Test
  void aTimeOutOfAllRangeRejectsItsRow() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { optional binary request_id (UTF8); optional binary call_type (UTF8);"
                + " optional int64 startTime (TIMESTAMP(MILLIS,true)); }");
    SimpleGroupFactory rows = new SimpleGroupFactory(schema);
    List<Group> groups =
        List.of(
            rows.newGroup()
                .append("request_id", "a")
                .append("call_type", "acompletion")
                .append("startTime", Instant.parse("2026-02-03T09:00:00Z").toEpochMilli()),
            rows.newGroup()
                .append("request_id", "b")
                .append("call_type", "acompletion")
                .append("startTime", Long.MAX_VALUE));
    Reading reading = read(schema, groups, LogFormat.LITELLM_SPENDLOGS, List.of());
    assertEquals(2, reading.records());
    assertEquals(
        Reason.INVALID_TIME, reading.rejections.get(reading.rejections.size() - 1).reason());
  }

  private Reading read(MessageType schema, List<Group> rows, LogFormat format, List<String> path)
      throws IOException {
    LocalInputFile file = new LocalInputFile(write(schema, rows));
    FormatDetection.Detected detected = ParquetLog.detect(file);
    assertEquals(Optional.of(format), detected.format(), detected.why());
    assertEquals(path, detected.envelope().path());
    Reading reading = new Reading();
    ParquetLog.read(format, detected.envelope(), file, Reading.GIVEN, reading);
    assertEquals(rows.size(), reading.records());
    return reading;
  }

  private LocalInputFile written(MessageType schema, List<Group> rows) throws IOException {
    return new LocalInputFile(write(schema, rows));
  }

  private Path write(MessageType schema, List<Group> rows) throws IOException {
    Path file = folder.resolve("log-" + System.identityHashCode(rows) + ".parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file)).withType(schema).build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    }
    return file;
  }
}
