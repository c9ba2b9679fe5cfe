package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What tools put around records makes no difference: a format's golden file gives the same calls in
 * every envelope. What differs is only on which line a call stands.
 */
final class EnvelopeTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** Tables of one's own are told by a mapping, in no envelope but an array: OwnTableTest. */
  private static Stream<LogFormat> told() {
    return Stream.of(LogFormat.values()).filter(format -> !format.isMapped());
  }

  private static Stream<LogFormat> json() {
    return told().filter(f -> f.framing() == LogFormat.Framing.JSON);
  }

  private static Stream<LogFormat> csv() {
    return told().filter(f -> f.framing() == LogFormat.Framing.CSV);
  }

  @ParameterizedTest
  @MethodSource("json")
  void everyJsonFormatGivesTheSameCallsInEveryEnvelope(LogFormat format) {
    List<String> records = new ArrayList<>();
    for (String line : text(Reading.golden(format)).split("\n")) {
      if (!line.isBlank()) {
        records.add(node(line).toString());
      }
    }
    String plain = String.join("\n", records);
    Reading expected = Reading.of(format, Reading.GIVEN, bytes(plain));
    assertEquals(List.of(), expected.rejections);
    for (Wrapping wrapping : Wrapping.values()) {
      String file = wrapping.file(records);
      Detecting read = Detecting.of(bytes(file), Reading.GIVEN);
      String where = format.word() + " in " + wrapping;
      if (read.detected.format().equals(Optional.of(LogFormat.LANGFUSE_TRACE))
          && format == LogFormat.LANGFUSE_OBSERVATIONS) {
        continue;
      }
      assertEquals(Optional.of(format), read.detected.format(), where);
      assertEquals(List.of(), read.reading.rejections, where);
      assertEquals(described(expected), described(read.reading), where);
      if (records.size() > 1) {
        assertEquals(wrapping.kind, read.detected.envelope().kind(), where);
      }
      assertEquals(wrapping.path, read.detected.envelope().path(), where);
    }
  }

  @ParameterizedTest
  @MethodSource("csv")
  void everyTableGivesTheSameCallsWithEverySeparatorAndInADump(LogFormat format)
      throws RejectedRecord {
    List<String[]> rows = rows(text(Reading.golden(format)));
    Reading expected = Reading.of(format, Reading.GIVEN, Reading.golden(format));
    for (char separator : new char[] {',', '\t', ';', '|'}) {
      String file =
          rows.stream()
              .map(
                  row ->
                      Arrays.stream(row)
                          .map(field -> field.isEmpty() ? "" : quoted(field))
                          .collect(Collectors.joining(String.valueOf(separator))))
              .collect(Collectors.joining("\r\n"));
      Detecting read = Detecting.of(bytes("sep=" + separator + "\r\n" + file), Reading.GIVEN);
      assertEquals(Optional.of(format), read.detected.format());
      assertEquals(separator, read.detected.envelope().separator());
      assertEquals(List.of(), read.reading.rejections, format.word());
      assertEquals(described(expected), described(read.reading), format.word() + separator);
    }
    Detecting dump = Detecting.of(bytes(dump(rows)), Reading.GIVEN);
    assertEquals(Optional.of(format), dump.detected.format());
    assertEquals(List.of(), dump.reading.rejections, format.word());
    assertEquals(described(expected), described(dump.reading), format.word());
    for (String database : List.of("PostgreSQL", "MySQL", "SQLite", "columns")) {
      Detecting inserts = Detecting.of(bytes(inserts(rows, database)), Reading.GIVEN);
      String where = format.word() + " of " + database;
      assertEquals(Optional.of(format), inserts.detected.format(), where);
      assertEquals(Envelope.Kind.INSERTS, inserts.detected.envelope().kind(), where);
      assertEquals(List.of(), inserts.reading.rejections, where);
      assertEquals(described(expected), described(inserts.reading), where);
    }
    // 4 lines before, COPY of another table with one row and its end, COPY and its end, one after.
    assertEquals(rows.size() - 1 + 4 + 3 + 2 + 1, dump.reading.records(), "each line counts once");
  }

  /** The same table as statements, in the words of several databases. */
  private static String inserts(List<String[]> rows, String database) {
    boolean mySql = database.equals("MySQL");
    char quote = mySql ? '`' : '"';
    String names =
        Arrays.stream(rows.get(0))
            .map(name -> quote + name + quote)
            .collect(Collectors.joining(", "));
    StringBuilder dump = new StringBuilder("-- " + database + " dump 10.13\n\n");
    dump.append("INSERT INTO other VALUES (1, 'it''s; no (table)');\n");
    String table = mySql ? "`db`.`logs`" : "public.\"The Table\"";
    if (!database.equals("columns")) {
      dump.append("CREATE TABLE ").append(mySql ? "IF NOT EXISTS " : "").append(table);
      dump.append(" (\n  ");
      dump.append(names.replace(", ", " varchar(10) DEFAULT 'a,b' NOT NULL,\n  "));
      dump.append(" text,\n  PRIMARY KEY (").append(quote).append(rows.get(0)[0]);
      dump.append(quote).append(")\n);\n");
    }
    String begin =
        "INSERT INTO " + table + (database.equals("columns") ? " (" + names + ")" : "") + " VALUES";
    List<String> values = new ArrayList<>();
    for (String[] row : rows.subList(1, rows.size())) {
      values.add(
          Arrays.stream(row)
              .map(field -> literal(field, database))
              .collect(Collectors.joining(mySql ? "," : ", ", "(", ")")));
    }
    if (mySql) {
      dump.append(begin).append(' ').append(String.join(",", values)).append(";\n");
    } else if (database.equals("PostgreSQL")) {
      // --rows-per-insert
      dump.append(begin).append("\n\t").append(String.join(",\n\t", values)).append(";\n");
    } else {
      values.forEach(row -> dump.append(begin).append(row).append(";\n"));
    }
    return dump.append("-- done\n").toString();
  }

  private static String literal(String field, String database) {
    if (field.isEmpty()) {
      return "NULL";
    }
    if (field.matches("-?[0-9]{1,9}")) {
      return field;
    }
    String text = field.replace("'", "''");
    return switch (database) {
      case "MySQL" ->
          "'" + text.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"") + "'";
      case "PostgreSQL" ->
          field.indexOf('\\') >= 0
              ? "E'" + text.replace("\\", "\\\\") + "'"
              : "'" + text + "'::text";
      default -> "'" + text + "'";
    };
  }

  private static String dump(List<String[]> rows) {
    StringBuilder dump = new StringBuilder("--\n-- PostgreSQL database dump\n--\nSET x = 1;\n");
    dump.append("COPY public.other (id, name) FROM stdin;\n1\t{\"a\": \"b\"}\n\\.\n");
    dump.append("COPY public.\"The Table\" (");
    dump.append(
        Arrays.stream(rows.get(0)).map(EnvelopeTest::quoted).collect(Collectors.joining(", ")));
    dump.append(") FROM stdin;\n");
    for (String[] row : rows.subList(1, rows.size())) {
      dump.append(
          Arrays.stream(row)
              .map(
                  field ->
                      field.isEmpty()
                          ? "\\N"
                          : field.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t"))
              .collect(Collectors.joining("\t")));
      dump.append('\n');
    }
    return dump.append("\\.\n-- done\n").toString();
  }

  /** LiteLLM's daily table has no form of its own in CSV: its columns are its keys. */
  @Test
  void aTableOfAFormatInJsonIsReadByItsColumns() {
    String file =
        "id\tuser_id\tdate\tapi_requests\tspend\tprompt_tokens\tcompletion_tokens\tmodel\n"
            + "d1\tu1\t2026-02-03\t7\t0,25\t1000\t50\tgpt-4o-mini\n"
            + "d2\tu1\t2026-02-04\t8\t\t2000\t60\tgpt-4o-mini\n";
    Detecting read = Detecting.of(file.replace('\t', ';').replace("0,25", "0.25"));
    assertEquals(Optional.of(LogFormat.LITELLM_DAILY_SPEND), read.detected.format());
    assertEquals(2, read.reading.buckets.size(), read.reading.rejections.toString());
    CallDraft first = read.reading.buckets.get(0);
    assertEquals(1000, first.inputTokens);
    assertEquals(250_000_000, first.loggedNanoUsd);
    assertEquals(CallDraft.ABSENT, read.reading.buckets.get(1).loggedNanoUsd);
  }

  /** A spreadsheet in Germany or France. */
  @Test
  void aCommaBetweenDigitsIsADecimalOneWhereFieldsStandBetweenSemicolons() {
    String header =
        "request_id;call_type;startTime;endTime;model;spend;prompt_tokens;completion_tokens";
    String row =
        "r1;acompletion;2026-02-03 09:00:00;2026-02-03 09:00:01;gpt-4o-mini;0,0123;1000;50";
    Detecting read = Detecting.of(header + "\n" + row + "\n");
    assertEquals(12_300_000, read.reading.calls.get(0).loggedNanoUsd);
    assertEquals(
        Reason.INVALID_NUMBER,
        Detecting.of(
                header.replace(';', ',')
                    + "\n"
                    + row.replace(';', ',').replace("0,0123", "\"0,0123\""))
            .reading
            .rejections
            .get(0)
            .reason());
  }

  /** Groups of logs hold lines of other programs, and a batch may hold no event at all. */
  @Test
  void whatIsNoRecordInAnEnvelopeIsNoCall() {
    String record = text(Reading.golden(LogFormat.BEDROCK)).split("\n")[0];
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    all.withArray("events").addObject().put("message", "START RequestId: 1");
    all.withArray("events").addObject().put("message", record);
    all.withArray("events").addObject().put("message", record.substring(0, record.length() / 2));
    all.withArray("events").addObject().put("noMessage", 1);
    Detecting read = Detecting.of(all.toPrettyString() + "{\"events\":[]}{\"nextToken\":null}");
    assertEquals(List.of("events", "message"), read.detected.envelope().path());
    assertEquals(1, read.reading.calls.size());
    assertEquals(4, read.reading.ignored);
    assertEquals(
        List.of(Reason.TRUNCATED), read.reading.rejections.stream().map(r -> r.reason()).toList());
    assertEquals(6, read.reading.records());
  }

  @Test
  void anEnvelopeThatIsCutOffKeepsWhatStandsBeforeAndSaysSo() {
    String record = text(Reading.golden(LogFormat.BEDROCK)).split("\n")[0];
    String page = "{\n \"data\": [\n  " + record + ",\n  " + record;
    Detecting read = Detecting.of(page);
    assertEquals(2, read.reading.calls.size());
    assertEquals(3, read.reading.calls.get(0).sourceLine);
    assertEquals(4, read.reading.calls.get(1).sourceLine);
    assertEquals(
        List.of(Reason.TRUNCATED), read.reading.rejections.stream().map(r -> r.reason()).toList());
  }

  /** Far more than the largest record: only its items are held. */
  @Test
  void aPageIsReadItemByItem() {
    String record = text(Reading.golden(LogFormat.BEDROCK)).split("\n")[0];
    StringBuilder page =
        new StringBuilder("{\"noise\":\"").append("x".repeat(300)).append("\",\"data\":[");
    int items = 1_000;
    for (int i = 0; i < items; i++) {
      page.append(i == 0 ? "" : ",").append(record);
    }
    byte[] bytes = bytes(page.append("]}").toString());
    FormatDetection.Detected detected =
        FormatDetection.detect(bytes, Math.min(bytes.length, FormatDetection.HEAD_BYTES));
    Reading reading = new Reading();
    try {
      LogReader.read(
          LogFormat.BEDROCK,
          detected.envelope(),
          Reading.NOTHING_GIVEN,
          new ByteArrayInputStream(bytes),
          0,
          Long.MAX_VALUE,
          reading,
          record.length() + 10);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    assertEquals(items, reading.calls.size(), reading.rejections.toString());
  }

  /** Lines in an envelope are still lines: cut anywhere, they give the same records. */
  @Test
  void wrappedLinesMayBeCutAnywhere() {
    String[] golden = text(Reading.golden(LogFormat.LITELLM_SPENDLOGS)).split("\n");
    List<String> records = List.of(golden[0], golden[golden.length - 1], "{\"broken\":");
    for (Wrapping wrapping :
        new Wrapping[] {Wrapping.EXPORT_TASK, Wrapping.DOCKER, Wrapping.PAGES_IN_LINES}) {
      byte[] bytes = bytes(wrapping.file(records));
      Detecting whole = Detecting.of(bytes, Reading.GIVEN);
      assertTrue(LogFormat.LITELLM_SPENDLOGS.isSplittable(whole.detected.envelope()));
      for (int cut = 1; cut < bytes.length; cut += 13) {
        Reading parts = new Reading();
        for (int[] range : new int[][] {{0, cut}, {cut, bytes.length}}) {
          int from = Math.max(0, range[0] - 1);
          try {
            LogReader.read(
                LogFormat.LITELLM_SPENDLOGS,
                whole.detected.envelope(),
                Reading.GIVEN,
                new ByteArrayInputStream(bytes, from, bytes.length - from),
                range[0],
                range[1],
                parts);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        }
        assertEquals(described(whole.reading), described(parts), wrapping + " cut at " + cut);
        assertEquals(whole.reading.records(), parts.records(), wrapping + " cut at " + cut);
      }
    }
  }

  /** Spans of one trace as Tempo's API gives them, in its older and its newer form. */
  @Test
  void tracesOfTempoAreRead() {
    String spans = text(Reading.golden(LogFormat.OTLP)).split("\n")[0];
    List<String> plain = described(Reading.of(LogFormat.OTLP, Reading.GIVEN, bytes(spans)));
    assertTrue(!plain.isEmpty());
    String batches = spans.replace("\"resourceSpans\"", "\"batches\"");
    for (String file :
        new String[] {
          batches, "{\"trace\":" + spans + "}", "{\"trace\":" + batches + ",\"metrics\":{}}"
        }) {
      assertEquals(plain, described(Detecting.of(bytes(file), Reading.GIVEN).reading), file);
    }
  }

  /** A query of Log Analytics writes all numbers as texts. */
  @Test
  void countsOfLogAnalyticsMayBeTexts() {
    Detecting read =
        Detecting.of(
            "[{\"TableName\":\"PrimaryResult\",\"TimeGenerated\":\"2026-02-03T09:00:00Z\","
                + "\"ModelName\":\"gpt-4o\",\"PromptTokens\":\"2000\",\"CompletionTokens\":\"150\"}]");
    assertEquals(2000, read.reading.calls.get(0).inputTokens);
    assertEquals(150, read.reading.calls.get(0).outputTokens);
  }

  /**
   * What BigQuery's interface gives of Vertex AI's log: everything is a text, times are seconds.
   */
  @Test
  void valuesOfBigQueryBecomeWhatTheirColumnsAre() {
    Detecting read =
        Detecting.of(
            """
            {"schema":{"fields":[{"name":"endpoint","type":"STRING"},
              {"name":"logging_time","type":"TIMESTAMP"},{"name":"request_id","type":"NUMERIC"},
              {"name":"model","type":"STRING"},{"name":"full_response","type":"JSON"},
              {"name":"metadata","type":"RECORD","fields":[
                {"name":"request_latency_ms","type":"FLOAT"},
                {"name":"ok","type":"BOOLEAN"},
                {"name":"labels","type":"STRING","mode":"REPEATED"}]}]},
             "rows":[
              {"f":[{"v":"projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-pro"},
               {"v":"1.770109203E9"},{"v":"77"},{"v":"gemini-2.5-pro"},
               {"v":"{\\"usageMetadata\\":{\\"promptTokenCount\\":1200,\\"candidatesTokenCount\\":40}}"},
               {"v":{"f":[{"v":"3000.0"},{"v":"true"},{"v":[{"v":"a"},{"v":"b"}]}]}}]},
              {"f":[{"v":null},{"v":null},{"v":null},{"v":null},{"v":null},{"v":null}]}]}
            """);
    assertEquals(Optional.of(LogFormat.VERTEX), read.detected.format());
    assertEquals(1, read.reading.calls.size(), read.reading.rejections.toString());
    assertEquals(
        List.of(Reason.MISSING_TIME),
        read.reading.rejections.stream().map(r -> r.reason()).toList());
    CallDraft call = read.reading.calls.get(0);
    // 2026-02-03T09:00:03Z less three seconds.
    assertEquals(1_770_109_200_000_000L, call.startedAtMicros);
    assertEquals(1200, call.inputTokens);
    assertEquals(40, call.outputTokens);
    assertEquals("europe-west4", call.region);
  }

  /** Counts of a query's rows are numbers; a second table and damage cost themselves. */
  @Test
  void rowsOfLogAnalyticsAreRecords() {
    String table =
        """
        {"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},
          {"name":"ModelName","type":"string"},{"name":"PromptTokens","type":"long"},
          {"name":"CompletionTokens","type":"long"}],"rows":[
          ["2026-02-03T09:00:00Z","gpt-4o",2000,150],
          ["2026-02-03T09:00:01Z","gpt-4o",1000,50]]},
         {"name":"Statistics","columns":[{"name":"cpu","type":"real"}],"rows":[[1.5]]}]}
        """;
    Detecting read = Detecting.of(table);
    assertEquals(Optional.of(LogFormat.APIM_LLM_LOG), read.detected.format());
    assertEquals(2, read.reading.calls.size(), read.reading.rejections.toString());
    assertEquals(2000, read.reading.calls.get(0).inputTokens);
    assertEquals(4, read.reading.calls.get(0).sourceLine);
    assertEquals(1, read.reading.rejections.size(), "the row of statistics is no call");
    Detecting cut = Detecting.of(table.substring(0, table.indexOf("1000,50")));
    assertEquals(1, cut.reading.calls.size());
    assertEquals(
        List.of(Reason.TRUNCATED), cut.reading.rejections.stream().map(r -> r.reason()).toList());
  }

  /** What OpenTelemetry's console exporter prints in Node.js, between other lines. */
  @Test
  void objectsThatNodePrintsAreRead() {
    String span =
        """
        {
          resource: {
            attributes: {
              'service.name': 'desk',
              'telemetry.sdk.language': 'nodejs',
              hosts: [ [Object] ]
            }
          },
          instrumentationScope: { name: 'openai', version: '0.1', schemaUrl: undefined },
          traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
          parentSpanContext: undefined,
          traceState: undefined,
          name: 'chat gpt-4o',
          id: 'eee19b7ec3c1b174',
          kind: 2,
          timestamp: 1770109200000000,
          duration: 3000000.25,
          attributes: [Object: null prototype] {
            'gen_ai.operation.name': 'chat',
            'gen_ai.request.model': 'gpt-4o',
            'gen_ai.usage.input_tokens': 2000,
            'gen_ai.usage.output_tokens': 150n,
            'gen_ai.prompt': "it's a \\"prompt\\" {" +
              'in\\n two pieces }'... 20 more characters,
            'gen_ai.response.finish_reasons': [ 'stop', ... 2 more items ]
          },
          status: { code: 1 },
          events: [],
          links: [],
          at: 2026-02-03T09:00:00.000Z,
          more: Map(1) {},
          self: <ref *1> [Circular *1]
        }
        """;
    Detecting read =
        Detecting.of("Listening on 3000\n" + span + "GET /chat 200\n{\n  traceId: 'cut',\n" + span);
    assertEquals(Optional.of(LogFormat.OTEL_SPANS), read.detected.format(), read.detected.why());
    assertEquals(Envelope.Kind.NODE_TEXT, read.detected.envelope().kind());
    assertEquals(2, read.reading.calls.size(), read.reading.rejections.toString());
    assertEquals(1, read.reading.rejections.size());
    CallDraft call = read.reading.calls.get(0);
    assertEquals(2000, call.inputTokens);
    assertEquals(150, call.outputTokens);
    assertEquals(1_770_109_200_000_000L, call.startedAtMicros);
    assertEquals(3_000_000, call.durationMicros);
    assertEquals(2, call.sourceLine);
  }

  /** Packed texts: damaged, of something else, and larger than anything should be. */
  @Test
  void packedTextsThatAreDamagedAreSaidToBe() {
    String record = text(Reading.golden(LogFormat.BEDROCK)).split("\n")[0];
    String good = Wrapping.LAMBDA_EVENTS.file(List.of(record));
    int middle = good.length() / 2;
    String damaged = good.substring(0, middle) + "!!" + good.substring(middle + 2);
    Detecting read = Detecting.of(good + "\n" + damaged + "\n" + good);
    assertEquals(2, read.reading.calls.size());
    assertEquals(
        List.of(Reason.TRUNCATED), read.reading.rejections.stream().map(r -> r.reason()).toList());
  }

  /** A quote that is never closed costs the rows up to the next statement. */
  @Test
  void aStatementThatIsDamagedCostsItself() {
    String create =
        "CREATE TABLE logs (id integer, created_at integer, type integer, model_name text,"
            + " prompt_tokens integer, completion_tokens integer, quota integer);\n";
    String row = "INSERT INTO logs VALUES (%d, 1770109200, 2, 'gpt-4o', 2000, 150, 500);\n";
    Detecting read =
        Detecting.of(
            create
                + row.formatted(1)
                + "INSERT INTO logs VALUES (2, 1770109200, 2, 'gpt-4o, 2000, 150, 500);\n"
                + row.formatted(3)
                + "INSERT INTO logs VALUES (4, 1770109200);\n"
                + row.formatted(5));
    assertEquals(Optional.of(LogFormat.ONEAPI_LOGS_CSV), read.detected.format());
    assertEquals(3, read.reading.calls.size(), read.reading.rejections.toString());
    assertEquals(
        List.of(Reason.MALFORMED_CSV, Reason.MALFORMED_CSV),
        read.reading.rejections.stream().map(r -> r.reason()).toList());
    assertEquals(2, read.reading.calls.get(0).sourceLine);
    assertEquals(6, read.reading.calls.get(2).sourceLine);
    byte[] nameless = bytes(row.formatted(1));
    String why = FormatDetection.detect(nameless, nameless.length).why();
    assertTrue(why.contains("--column-inserts"), why);
  }

  /** Messages as a program keeps them that leaves the type out. */
  @Test
  void anAnswerWithoutATypeIsACall() {
    Detecting read =
        Detecting.of(
            "{\"timestamp\":\"2026-02-03T09:00:00Z\",\"message\":{\"role\":\"assistant\",\"id\":\"msg_1\","
                + "\"model\":\"claude-sonnet-4-5\",\"usage\":{\"input_tokens\":100,\"output_tokens\":50}}}\n"
                + "{\"timestamp\":\"2026-02-03T09:00:00Z\",\"message\":{\"role\":\"user\"}}\n");
    assertEquals(Optional.of(LogFormat.ANTHROPIC_MESSAGE), read.detected.format());
    assertEquals(1, read.reading.calls.size());
    assertEquals(1, read.reading.ignored);
    assertEquals(100, read.reading.calls.get(0).inputTokens);
  }

  /** An answer that somebody keeps beside names of his own is not taken out of its record. */
  @Test
  void aRecordInsideOfOneThatIsNoEnvelopeIsLeftAlone() {
    String answer = text(Reading.golden(LogFormat.OPENAI_CHAT)).split("\n")[0];
    byte[] bytes = bytes("{\"app\":\"mine\",\"response\":" + answer + "}\n");
    assertEquals(Optional.empty(), FormatDetection.detect(bytes, bytes.length).format());
  }

  @Test
  void deepAndHostileEnvelopesEnd() {
    String record = text(Reading.golden(LogFormat.BEDROCK)).split("\n")[0];
    String deep = "{\"data\":".repeat(5_000) + record + "}".repeat(5_000);
    String arrays = "{\"data\":" + "[".repeat(5_000) + record + "]".repeat(5_000) + "}";
    String keys = "{" + "\"data\":{\"a\":1},".repeat(20_000) + "\"b\":1}";
    for (String text : new String[] {deep, arrays, keys, "{\"data\":\"", "{\"message\":\"{\\\"a"}) {
      byte[] bytes = bytes(text);
      int head = Math.min(bytes.length, FormatDetection.HEAD_BYTES);
      FormatDetection.Detected detected = FormatDetection.detect(bytes, head);
      assertTrue(detected.format().isEmpty(), detected.why());
      for (String path : new String[] {"data", "message"}) {
        Envelope envelope = new Envelope(Envelope.Kind.DOCUMENT, List.of(path), 1, ',');
        Reading reading = new Reading();
        Detecting.read(
            new FormatDetection.Detected(Optional.of(LogFormat.BEDROCK), envelope, "", ""),
            bytes,
            Reading.NOTHING_GIVEN,
            reading);
        assertTrue(reading.records() > 0);
      }
    }
  }

  private static List<String> described(Reading reading) {
    List<String> all = new ArrayList<>();
    Stream.concat(reading.calls.stream(), reading.buckets.stream())
        .forEach(
            call -> {
              call.sourceLine = 0;
              all.add(Reading.describe(call));
            });
    return all;
  }

  private static List<String[]> rows(String csv) throws RejectedRecord {
    List<String[]> rows = new ArrayList<>();
    CsvRecord record = new CsvRecord();
    CsvRecord.State state = CsvRecord.State.COMPLETE;
    for (String line : csv.replace("\uFEFF", "").replace("\r", "").split("\n")) {
      byte[] bytes = bytes(line);
      state =
          state == CsvRecord.State.OPEN
              ? record.more(bytes, 0, bytes.length)
              : record.begin(bytes, 0, bytes.length);
      if (state == CsvRecord.State.COMPLETE) {
        rows.add(record.texts());
      }
    }
    return rows;
  }

  private static String quoted(String field) {
    return '"' + field.replace("\"", "\"\"") + '"';
  }

  private static JsonNode node(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
