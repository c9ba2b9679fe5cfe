package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.formats.mapped.Question;
import dev.homeward.formats.mapped.TableReading;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Tables as people make them who have never heard of Homeward: what their columns tell, what must
 * be asked, and what is read. Expected values are worked out from the text of each table.
 */
final class OwnTableTest {
  private static TableReading told(String text) {
    return OwnTable.of(text.getBytes(StandardCharsets.UTF_8)).reading(false).orElseThrow();
  }

  private static Reading read(String text, String mapping) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    OwnTable table = OwnTable.of(bytes);
    Mapping parsed = Mapping.parse(mapping, "mapping.yaml");
    assertEquals(List.of(), table.missing(parsed));
    Reading reading = new Reading();
    ReadContext context =
        new ReadContext(Optional.empty(), Optional.empty(), false).with(parsed.text());
    try {
      LogReader.read(
          table.format(),
          table.envelope(parsed),
          context,
          new ByteArrayInputStream(bytes),
          0,
          Long.MAX_VALUE,
          reading);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reading;
  }

  /** A table that says all of itself. */
  private static Reading read(String text) {
    TableReading told = told(text);
    assertTrue(told.isClear(), () -> told.questions().toString());
    Reading reading = read(text, told.mapping());
    assertEquals(List.of(), reading.rejections);
    return reading;
  }

  /** A table that asks one thing, and the same with the answer in place of the question mark. */
  private static Reading readAnswered(String text, String key, String answer) {
    TableReading told = told(text);
    assertEquals(1, told.open().size(), () -> told.open().toString());
    String open = key + ": \"?\"";
    assertTrue(told.mapping().contains(open), told::mapping);
    Reading reading = read(text, told.mapping().replace(open, key + ": " + answer));
    assertEquals(List.of(), reading.rejections);
    return reading;
  }

  private static long micros(String instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant));
  }

  private static List<String> open(TableReading told) {
    return told.open().stream().map(Question::text).toList();
  }

  private static final String PLAIN =
      """
      timestamp,model,prompt_tokens,completion_tokens,app,cost
      2026-05-04 10:00:00,gpt-4o,1200,300,triage,0.006
      2026-05-04 10:01:30,gpt-4o-mini,800,100,chat,0.00018
      """;

  @Test
  void thePlainestTableAsksNothingThatItNeeds() {
    Reading reading = read(PLAIN);
    assertEquals(2, reading.calls.size());
    CallDraft call = reading.calls.get(0);
    assertEquals(micros("2026-05-04T10:00:00Z"), call.startedAtMicros);
    assertEquals("gpt-4o", call.requestModel);
    assertEquals(1200, call.inputTokens);
    assertEquals(300, call.outputTokens);
    assertEquals(CallFlags.ZONE_ASSUMED | CallFlags.NO_CACHE_SPLIT, call.flags);
    assertEquals(List.of("workload=triage"), Reading.attributes(call));
    // A column called cost may hold cents: nothing is read of it until that is said.
    assertEquals(CallDraft.ABSENT, call.loggedNanoUsd);
    TableReading told = told(PLAIN);
    assertEquals(
        "timestamp = started_at, model = request_model, prompt_tokens = input_tokens,"
            + " completion_tokens = output_tokens, app = workload",
        told.columns());
    assertEquals(2, told.questions().size());
    assertTrue(told.questions().get(1).text().startsWith("Is cost in dollars or in cents"));
    String answered =
        told.mapping()
            .replace("# cost: { column: cost, unit: ? }", "cost: { column: cost, unit: usd }");
    assertEquals(180_000, read(PLAIN, answered).calls.get(1).loggedNanoUsd, "0.00018 dollars");
    String cents = answered.replace("unit: usd", "unit: cents");
    assertEquals(60_000, read(PLAIN, cents).calls.get(0).loggedNanoUsd, "0.006 cents");
  }

  @Test
  void aGermanSpreadsheetIsReadInItsOwnMarks() {
    Reading reading =
        read(
            """
            sep=;
            Datum;Uhrzeit;Modell;Eingabe-Tokens;Ausgabe-Tokens;Kosten ($);Abteilung;Dauer (s)
            04.05.2026;13:05:07;gpt-4o;1.200;300;0,0123;Einkauf;2,31
            14.05.2026;09:00:00;gpt-4o-mini;12.800;30;1.234,5;Vertrieb;0,5
            """);
    CallDraft first = reading.calls.get(0);
    assertEquals(micros("2026-05-04T13:05:07Z"), first.startedAtMicros);
    assertEquals(1200, first.inputTokens);
    assertEquals(12_300_000, first.loggedNanoUsd);
    assertEquals(2_310_000, first.durationMicros);
    assertEquals(List.of("team=Einkauf"), Reading.attributes(first));
    CallDraft second = reading.calls.get(1);
    assertEquals(12_800, second.inputTokens);
    assertEquals(1_234_500_000_000L, second.loggedNanoUsd);
  }

  @Test
  void anAmericanSpreadsheetWithThousandsAndDollarSigns() {
    Reading reading =
        read(
            """
            Request Time,LLM,Input Tokens,Output Tokens,Total Cost,Use Case,User Email,Prompt
            05/14/2026 1:05 PM,gpt-4o,"1,200",300,$0.0060,Triage,a@b.example,a prompt
            05/04/2026 12:00 AM,claude-sonnet-4-5,"21,200","1,300",$0.08,Triage,a@b.example,"a, prompt
            of two lines"
            """);
    assertEquals(2, reading.calls.size());
    assertEquals(micros("2026-05-14T13:05:00Z"), reading.calls.get(0).startedAtMicros);
    assertEquals(micros("2026-05-04T00:00:00Z"), reading.calls.get(1).startedAtMicros);
    assertEquals(21_200, reading.calls.get(1).inputTokens);
    assertEquals(1_300, reading.calls.get(1).outputTokens);
    assertEquals(80_000_000, reading.calls.get(1).loggedNanoUsd);
    for (CallDraft call : reading.calls) {
      assertEquals(List.of("workload=Triage"), Reading.attributes(call), "no prompt and no person");
    }
  }

  @Test
  void jsonLinesWithNestedUsageAndATotalThatSettlesTheCache() {
    String inside =
        """
        {"ts":1777899907,"model":"claude-sonnet-4-5","usage":{"input":1200,"output":300,"cached":400,"total":1500},"meta":{"feature":"triage","env":"prod"},"latency_ms":2310,"user_id":"someone","messages":[{"role":"user","content":"a prompt"}]}
        {"ts":1777899911.5,"model":"claude-sonnet-4-5","usage":{"input":900,"output":30,"cached":0,"total":930},"meta":{"feature":"chat","env":"prod"},"latency_ms":810,"user_id":"someone","messages":[]}
        """;
    Reading reading = read(inside);
    CallDraft call = reading.calls.get(0);
    assertEquals(micros("2026-05-04T13:05:07Z"), call.startedAtMicros);
    assertEquals(800, call.inputTokens, "1,200 contain the 400 cached ones: 1,200 + 300 = 1,500");
    assertEquals(400, call.cacheReadTokens);
    assertEquals(2_310_000, call.durationMicros);
    assertEquals(0, call.flags);
    assertEquals(List.of("workload=triage", "metadata.env=prod"), Reading.attributes(call));
    assertEquals(micros("2026-05-04T13:05:11.500Z"), reading.calls.get(1).startedAtMicros);
    String beside = inside.replace("\"total\":1500", "\"total\":1900");
    assertEquals(1200, read(beside).calls.get(0).inputTokens, "1,200 + 400 + 300 = 1,900");
  }

  @Test
  void whetherTheInputHoldsTheCacheIsAskedWhereNothingTells() {
    String table =
        """
        createdAt\tmodelName\tpromptTokens\tcompletionTokens\tcachedTokens\tlatency\tsuccess\trequestId\tprojectName
        2026-05-04T13:05:07.250Z\tgpt-5-mini\t1200\t300\t1000\t2.31\ttrue\treq_abc1\tx
        2026-05-04T13:05:09.250Z\tgpt-5-mini\t1200\t300\t1000\t1.1\tfalse\treq_abc2\tx
        """;
    assertEquals(
        List.of(
            "Does promptTokens contain cachedTokens, or are they counted beside each other? Cached"
                + " tokens cost a tenth."),
        open(told(table)));
    CallDraft inside = readAnswered(table, "cached-input", "inside").calls.get(0);
    assertEquals(200, inside.inputTokens);
    assertEquals(1000, inside.cacheReadTokens);
    Reading beside = readAnswered(table, "cached-input", "beside");
    assertEquals(1200, beside.calls.get(0).inputTokens);
    assertEquals(1000, beside.calls.get(0).cacheReadTokens);
    assertEquals(CallStatus.SUCCESS, beside.calls.get(0).status);
    assertEquals(CallStatus.FAILURE, beside.calls.get(1).status);
    // 300 tokens in 2.31 ms are more than any server writes: seconds.
    assertEquals(2_310_000, beside.calls.get(0).durationMicros);
    assertEquals(List.of("project=x"), Reading.attributes(beside.calls.get(0)));
    assertTrue(beside.calls.get(0).hasId);
  }

  @Test
  void moreCachedThanInputTellsThatTheyStandBeside() {
    CallDraft call =
        read("""
                started_at;ended_at;ai_model;tokens_in;tokens_out;cache_hits_tokens;cache write tokens
                2026-05-04T13:05:07Z;2026-05-04T13:05:09Z;claude-opus-4-1;20;300;4000;500
                """)
            .calls
            .get(0);
    assertEquals(20, call.inputTokens);
    assertEquals(4000, call.cacheReadTokens);
    assertEquals(500, call.cacheWrite5mTokens);
    assertEquals(2_000_000, call.durationMicros);
  }

  @Test
  void pipesThousandsOfTokensAndWordsOfAnotherKind() {
    CallDraft call =
        read("""
                when|llm|in (k tokens)|out (k tokens)|use case|price usd|environment|Conversation ID
                2026-05-04T13:05Z|gpt-4o|1.2|0.3|triage|0.01|prod|c-1
                """)
            .calls
            .get(0);
    assertEquals(1200, call.inputTokens);
    assertEquals(300, call.outputTokens);
    assertEquals(10_000_000, call.loggedNanoUsd);
    assertEquals(Ids.hash("c-1"), call.session);
    assertEquals(List.of("workload=triage", "metadata.environment=prod"), Reading.attributes(call));
  }

  @Test
  void recordsInsideOfADocumentAreFound() {
    String document =
        """
        {"exported":"2026-06-01","records":[
          {"time":1777899907123,"engine":"gpt-4o","tokens_in":5,"tokens_out":6,"team":"red"},
          {"time":1777899908123,"engine":"text-embedding-3-small","tokens_in":7,"tokens_out":null}
        ]}
        """;
    assertTrue(told(document).mapping().contains("records: records\n"));
    Reading reading = read(document);
    assertEquals(2, reading.calls.size());
    assertEquals(micros("2026-05-04T13:05:07.123Z"), reading.calls.get(0).startedAtMicros);
    assertEquals(List.of("team=red"), Reading.attributes(reading.calls.get(0)));
    assertEquals(Operation.EMBEDDINGS, reading.calls.get(1).operation);
    assertEquals(0, reading.calls.get(1).outputTokens);
  }

  @Test
  void jsonInAColumnOfCsvIsLookedInto() {
    CallDraft call =
        read("""
                id,created,model,usage,service
                req-a,2026-05-04T13:05:07Z,gpt-4o,"{""prompt_tokens"":1200,""completion_tokens"":300,""prompt_tokens_details"":{""cached_tokens"":1000}}",api
                req-b,2026-05-04T13:05:08Z,gpt-4o,"{""prompt_tokens"":1200,""completion_tokens"":300,""prompt_tokens_details"":{""cached_tokens"":0}}",api
                """)
            .calls
            .get(0);
    assertEquals(200, call.inputTokens, "details are parts, as OpenAI counts");
    assertEquals(1000, call.cacheReadTokens);
    assertEquals(List.of("service=api"), Reading.attributes(call));
  }

  @Test
  void daysWithoutAClockAreSpreadAndMarked() {
    String table =
        """
        day,model,input tokens,output tokens,department
        2026-05-04,gpt-4o,1200,300,red
        2026-05-04,gpt-4o,1300,310,red
        """;
    Reading reading = read(table);
    for (CallDraft call : reading.calls) {
      assertEquals(
          micros("2026-05-04T00:00:00Z") / 86_400_000_000L, call.startedAtMicros / 86_400_000_000L);
      assertTrue((call.flags & CallFlags.SYNTHESISED) != 0);
    }
    assertFalse(reading.calls.get(0).startedAtMicros == reading.calls.get(1).startedAtMicros);
    assertTrue(told(table).questions().get(0).text().startsWith("day holds days without a time"));
  }

  @Test
  void theOrderOfDayAndMonthIsAskedWhereNoDayTells() {
    String table =
        """
        date,model,input_tokens,output_tokens
        03/04/2026 10:00,gpt-4o,1200,300
        """;
    assertEquals(
        List.of(
            "Does date write the day or the month first? No day above 12 stands in the first 1 rows."),
        open(told(table)));
    assertEquals(
        micros("2026-04-03T10:00:00Z"),
        readAnswered(table, "format", "day-first").calls.get(0).startedAtMicros);
    assertEquals(
        micros("2026-03-04T10:00:00Z"),
        readAnswered(table, "format", "month-first").calls.get(0).startedAtMicros);
  }

  @Test
  void reasoningIsPartOfTheOutputOnlyWhereThatIsTold() {
    String table =
        """
        [{"started":"2026-05-04T13:05:07Z","model":"gemini-2.5-pro","tokens":{"prompt":10,"completion":20,"thinking":5}},
         {"started":"2026-05-04T13:06:07Z","model":"gemini-2.5-pro","tokens":{"prompt":10,"completion":20,"thinking":15}}]
        """;
    CallDraft beside = readAnswered(table, "reasoning", "beside").calls.get(0);
    assertEquals(25, beside.outputTokens);
    assertEquals(5, beside.reasoningTokens);
    assertEquals(20, readAnswered(table, "reasoning", "inside").calls.get(0).outputTokens);
    // More thoughts than output can only stand beside it.
    assertEquals(65, read(table.replace(":15}", ":45}")).calls.get(1).outputTokens);
    // What OpenAI counts is known.
    assertEquals(20, read(table.replace("gemini-2.5-pro", "gpt-5")).calls.get(0).outputTokens);
  }

  @Test
  void aTableOfSumsIsNotTakenForCalls() {
    TableReading told =
        told(
            """
            date,model,requests,input_tokens,output_tokens
            2026-05-04,gpt-4o,120,120000,30000
            """);
    assertEquals(1, told.open().size());
    assertTrue(told.open().get(0).text().startsWith("Is a row one call?"));
    assertTrue(told.mapping().contains("row: \"?\""));
  }

  @Test
  void recordsWithParentsAreAskedAbout() {
    TableReading told =
        told(
            """
            {"run_id":"a","parent_run_id":"b","start_time":"2026-05-04T13:05:07Z","model":"gpt-4o","prompt_tokens":5,"completion_tokens":6}
            """);
    assertTrue(told.open().get(0).text().contains("often repeats the counts of its children"));
  }

  @Test
  void whatIsNoTableOfCallsIsNone() {
    for (String text :
        List.of(
            "name,age\nbob,12\n",
            "timestamp,event,level\n2026-05-04 10:00:00,start,info\n",
            "2026-05-04 10:00:00,gpt-4o,1200,300\n2026-05-04 10:00:01,gpt-4o,1200,300\n",
            "{\"a\":1}\n{\"a\":2}\n",
            "not a table at all\n",
            "timestamp,model,prompt_tokens,completion_tokens\n")) {
      assertEquals(
          Optional.empty(), OwnTable.of(text.getBytes(StandardCharsets.UTF_8)).reading(true), text);
    }
  }

  @Test
  void aColumnCalledCachedCountsTokensBesideColumnsThatDo() {
    String table =
        """
        Datum;Modell;Eingabe-Tokens;Ausgabe-Tokens;davon Cache;Anwendung
        04.05.2026 13:05;gpt-4o;1.200;300;1.000;Triage
        """;
    CallDraft call = read(table).calls.get(0);
    assertEquals(200, call.inputTokens, "the cached ones are called a part");
    assertEquals(1000, call.cacheReadTokens);
    assertEquals(1, told(table.replace("davon Cache", "Cached")).open().size(), "a part or not?");
    // A flag of 0 and 1 is no count.
    String flag = table.replace("davon Cache", "cache hit").replace(";1.000;", ";1;");
    assertEquals(1200, read(flag).calls.get(0).inputTokens);
  }

  @Test
  void aTotalThatNothingExplainsIsFlagged() {
    String table =
        """
        time,model,prompt_tokens,completion_tokens,cached_tokens,total_tokens,agent name
        2026-05-04T10:00:00Z,gpt-4o,1200,300,1000,1500,writer 171105b7-5a0c-4b3e-9d1f-0123456789ab
        2026-05-04T10:00:01Z,gpt-4o,1200,300,1000,1500,writer
        """;
    Reading reading = read(table);
    assertEquals(0, reading.calls.get(0).flags);
    assertEquals(200, reading.calls.get(0).inputTokens);
    // The id of a run is no part of a workload's name.
    assertEquals(List.of("workload=writer"), Reading.attributes(reading.calls.get(0)));
    Reading other =
        read(table.replaceFirst(",1500,writer 1", ",1777,writer 1"), told(table).mapping());
    assertEquals(CallFlags.UNEXPLAINED, other.calls.get(0).flags);
    // One row whose total counts the cache beside the input is read so: the total is the judge.
    Reading beside =
        read(table.replaceFirst(",1500,writer 1", ",2500,writer 1"), told(table).mapping());
    assertEquals(1200, beside.calls.get(0).inputTokens);
    assertEquals(200, beside.calls.get(1).inputTokens);
  }

  @Test
  void twoColumnsOfOneKindAreAskedAbout() {
    TableReading told =
        told(
            """
            timestamp,model,input_tokens,prompt_tokens,output_tokens
            2026-05-04T10:00:00Z,gpt-4o,1200,1100,300
            """);
    assertEquals(
        List.of(
            "Which column is input_tokens? input_tokens and prompt_tokens hold different counts."),
        open(told));
    // The same counts under two names are no doubt.
    assertTrue(
        told("""
                timestamp,model,input_tokens,prompt_tokens,output_tokens
                2026-05-04T10:00:00Z,gpt-4o,1200,1200,300
                """)
            .isClear());
  }

  @Test
  void whatIsMissingIsAskedByName() {
    assertEquals(
        List.of("Which column names the model? None is called so or holds names of models."),
        open(told("time,input_tokens,output_tokens,team\n2026-05-04T10:00:00Z,5,6,red\n")));
    assertEquals(
        List.of("Which column says when a call was made? None holds times."),
        open(told("model,input_tokens,output_tokens\ngpt-4o,5,6\n")));
    assertEquals(
        List.of(
            "Which columns split total_tokens into input and output? They have different prices."),
        open(told("time,model,total_tokens\n2026-05-04T10:00:00Z,gpt-4o,11\n")));
    // Input and total give the output.
    assertEquals(
        6,
        read("time,model,prompt_tokens,total_tokens\n2026-05-04T10:00:00Z,gpt-4o,5,11\n")
            .calls
            .get(0)
            .outputTokens);
  }

  @Test
  void aModelIsFoundByItsNamesAlone() {
    assertEquals(
        "openai/gpt-4o-mini",
        read("at,what,tokens in,tokens out\n2026-05-04T10:00:00Z,openai/gpt-4o-mini,5,6\n")
            .calls
            .get(0)
            .requestModel);
  }

  // --- in other words than the tables above: nothing has to be asked

  @Test
  void aSpanishSpreadsheetWithDayAndClockApart() {
    Reading reading =
        read(
            """
            fecha;hora;modelo;tokens_entrada;tokens_salida;proyecto;coste_usd;duracion_s
            03/10/2026;08:15:02;gpt-4o;1200;300;reclamaciones;0,0060;2,5
            13/10/2026;09:20:00;gpt-4o-mini;12.500;1.250;buscador;0,002625;1,25
            """);
    CallDraft second = reading.calls.get(1);
    assertEquals(micros("2026-10-13T09:20:00Z"), second.startedAtMicros);
    assertEquals(12_500, second.inputTokens);
    assertEquals(1_250, second.outputTokens);
    assertEquals(2_625_000, second.loggedNanoUsd);
    assertEquals(1_250_000, second.durationMicros);
    assertEquals("gpt-4o-mini", second.requestModel);
    assertEquals(micros("2026-10-03T08:15:02Z"), reading.calls.get(0).startedAtMicros);
    assertEquals(6_000_000, reading.calls.get(0).loggedNanoUsd);
  }

  @Test
  void aFrenchTableBetweenTabs() {
    Reading reading =
        read(
            """
            Horodatage	Modèle	Jetons en entrée	Jetons en sortie	Application	Coût ($)
            2026-10-03T08:15:02Z	gpt-4o	1200	300	sinistres	0.0060
            2026-10-14T23:59:59Z	mistral-large-2402	800	90	sinistres	0.00854
            """);
    CallDraft second = reading.calls.get(1);
    assertEquals("mistral-large-2402", second.requestModel);
    assertEquals(800, second.inputTokens);
    assertEquals(90, second.outputTokens);
    assertEquals(8_540_000, second.loggedNanoUsd);
    assertTrue(Reading.attributes(second).contains("workload=sinistres"));
  }

  /** 0.55 cents are $0.0055; 1,200 + 300 = 1,500, so that the cache stands inside of the input. */
  @Test
  void nestedLinesWithPricesInCents() {
    Reading reading =
        read(
            """
            {"ts":1791015302123,"meta":{"project":"claims"},"llm":{"vendor":"openai","name":"gpt-4o"},"tokens":{"in":1200,"out":300,"cached_in":400,"sum":1500},"price_cents":0.55,"latency_s":2.5}
            {"ts":1791106402123,"meta":{"project":"search"},"llm":{"vendor":"anthropic","name":"claude-sonnet-4-5"},"tokens":{"in":5000,"out":100,"cached_in":4000,"sum":5100},"price_cents":12.5,"latency_s":1.5}
            """);
    CallDraft first = reading.calls.get(0);
    assertEquals(800, first.inputTokens);
    assertEquals(400, first.cacheReadTokens);
    assertEquals(5_500_000, first.loggedNanoUsd);
    assertEquals(2_500_000, first.durationMicros);
    assertEquals("openai", first.provider);
    assertEquals(125_000_000, reading.calls.get(1).loggedNanoUsd);
    assertEquals(1_791_106_402_123_000L, reading.calls.get(1).startedAtMicros);
  }

  /** A column for each kind, between bars, thousands with commas, cents. */
  @Test
  void aWideTableThatParsesUncachedHitAndWrittenApart() {
    Reading reading =
        read(
            """
            Call started|LLM|Provider|Prompt (uncached)|Prompt (cache hit)|Prompt (cache write)|Completion|Team|Charged (cents)
            2026-10-03 08:15:02 UTC|claude-sonnet-4-5|anthropic|1,200|400|100|300|claims|0.6
            2026-10-13 09:20:00 UTC|claude-sonnet-4-5|anthropic|12,500|2,000|0|1,250|search|3.2
            """);
    CallDraft second = reading.calls.get(1);
    assertEquals(12_500, second.inputTokens);
    assertEquals(2_000, second.cacheReadTokens);
    assertEquals(1_250, second.outputTokens);
    assertEquals(32_000_000, second.loggedNanoUsd);
    CallDraft first = reading.calls.get(0);
    assertEquals(100, first.cacheWrite5mTokens);
    assertEquals(6_000_000, first.loggedNanoUsd);
  }

  @Test
  void aPortugueseDocument() {
    Reading reading =
        read(
            """
            {"relatorio":"uso","chamadas":[
             {"data":"2026-10-03 08:15:02","modelo":"gpt-4o","uso":{"tokens_de_entrada":1200,"tokens_de_saida":300},"custo_em_usd":0.006,"equipe":"sinistros"},
             {"data":"2026-10-13 09:20:00","modelo":"gpt-4o-mini","uso":{"tokens_de_entrada":12500,"tokens_de_saida":1250},"custo_em_usd":0.002625,"equipe":"busca"}]}
            """);
    CallDraft second = reading.calls.get(1);
    assertEquals(12_500, second.inputTokens);
    assertEquals(1_250, second.outputTokens);
    assertEquals(2_625_000, second.loggedNanoUsd);
    assertEquals(micros("2026-10-13T09:20:00Z"), second.startedAtMicros);
  }

  /** A row a count is no row a call; what to do is said. */
  @Test
  void aTableWithARowForEachCountIsRefusedWithTheCure() {
    String text =
        "request,when,engine,metric,value\na1,2026-10-03T08:15:02Z,gpt-4o,prompt_tokens,1200\n";
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertEquals(Optional.empty(), OwnTable.of(bytes).reading(false));
    String why = FormatDetection.detect(bytes, bytes.length).why();
    assertTrue(why.contains("a row for each count"), why);
  }
}
