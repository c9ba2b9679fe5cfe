package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.RunIds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids of single runs are cut out of names, and names that only look like them stay whole. */
final class RunIdsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "invoke_agent 171105b7-2d5e-4c88-b1f4-1e9a6b2d7f03 | invoke_agent",
        "171105b7-2d5e-4c88-b1f4-1e9a6b2d7f03 invoke_agent | invoke_agent",
        "invoice-triage (171105B7-2D5E-4C88-B1F4-1E9A6B2D7F03) | invoice-triage",
        "research/5b8efff798038103d269b633813fc60c | research",
        "research-171105b7 | research",
        "agent:01HZX3J8Q6W9Y2K4M7N5P8R1T3 | agent",
        "digest run_6fA9Zk2LmP0q | digest run",
        "digest 2026-02-03T09:00:00.123Z | digest",
        "digest_20260203090000 | digest",
        "digest 1770109200 | digest",
        "worker-7d9f8b6c5-x2x9z | worker",
        "171105b7-2d5e-4c88-b1f4-1e9a6b2d7f03 | ''"
      })
  void idsOfRunsAreCut(String name, String rest) {
    assertEquals(rest, RunIds.cut(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "invoice-triage",
        "chat gpt-4o-2024-08-06",
        "claude-sonnet-4-5-20250929",
        "us.anthropic.claude-sonnet-4-20250514-v1:0",
        "nightly-2026-02-03",
        "report 20260203",
        "team-42",
        "step-3-of-10",
        "cafe2024",
        "deadbeefcafe",
        "task-backfill2",
        "catalog2vec",
        "v1.2.3-rc1",
        "ледгер-бот 12",
        ""
      })
  void otherNamesStayWhole(String name) {
    assertEquals(name, RunIds.cut(name));
  }

  @Test
  void aHostileNameTakesNoLongTime() {
    String name = "run-".repeat(60) + "9a".repeat(60) + "(".repeat(60);
    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> RunIds.cut(name));
  }

  @Test
  void anAgentsNameIsTakenForATraceThatOnlySaysWhatItDoes() {
    assertEquals(
        List.of("service=ledger-bot"), services("invoke_agent", "attributes", "gen_ai.agent.name"));
    assertEquals(
        List.of("service=ledger-bot"),
        services("invoke_agent", "resourceAttributes", "service.name"));
    assertEquals(
        List.of("service=month end"), services("month end", "resourceAttributes", "service.name"));
    assertEquals(List.of("service=invoke_agent"), services("invoke_agent", "other", "x"));
  }

  @Test
  void aTraceNamedByNothingButAnIdNamesNothing() {
    assertEquals(List.of(), services("", "other", "x"));
  }

  @Test
  void rowsOfTheEnrichedExportTakeTheTracesName() {
    CallDraft call =
        Reading.onlyCall(
            LogFormat.LANGFUSE_OBSERVATIONS,
            """
            {"id":"a","trace_id":"t","type":"GENERATION","start_time":"2026-02-03T09:00:00Z",\
            "trace_name":"invoke_agent 9b7d44e0-6a2c-4f7e-8d0b-77e2c1a5f902","name":"chat",\
            "provided_model_name":"m","usage_details":{"input":1,"output":1},"metadata":\
            "{\\"attributes\\":{\\"gen_ai.agent.name\\":\\"ledger-bot\\"}}"}
            """);
    assertEquals(List.of("metadata.name=chat", "service=ledger-bot"), Reading.attributes(call));
  }

  @Test
  void spansLoseTheIdsOfTheirRuns() {
    CallDraft call =
        Reading.onlyCall(
            LogFormat.OTLP,
            """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":\
            {"stringValue":"worker-7d9f8b6c5-x2x9z"}}]},"scopeSpans":[{"spans":[{"traceId":"ab",\
            "spanId":"cd","startTimeUnixNano":"1770109200000000000","attributes":[\
            {"key":"gen_ai.request.model","value":{"stringValue":"m"}},\
            {"key":"gen_ai.usage.input_tokens","value":{"intValue":"1"}},\
            {"key":"gen_ai.usage.output_tokens","value":{"intValue":"1"}},\
            {"key":"traceloop.workflow.name","value":{"stringValue":\
            "digest 171105b7-2d5e-4c88-b1f4-1e9a6b2d7f03"}},\
            {"key":"gen_ai.agent.name","value":{"stringValue":"reader-171105b7"}}]}]}]}]}
            """);
    assertEquals(
        List.of("metadata.agent=reader", "workload=digest", "service=worker"),
        Reading.attributes(call));
  }

  @Test
  void aWorkflowThatOnlySaysWhatItDoesIsTheAgentsOrTheServices() {
    String workflow = "invoke_agent 171105b7-2d5e-4c88-b1f4-1e9a6b2d7f03";
    assertEquals(
        List.of("metadata.agent=reader", "workload=reader", "service=worker"),
        names(workflow, "worker", "reader"));
    assertEquals(List.of("service=worker"), names(workflow, "worker", ""));
    assertEquals(List.of("workload=invoke_agent"), names(workflow, "", ""));
    assertEquals(List.of("workload=digest", "service=worker"), names("digest", "worker", ""));
  }

  @Test
  void metadataThatNameAProgramLoseTheIdsOfItsRuns() {
    CallDraft call =
        Reading.onlyCall(
            LogFormat.OPENAI_CHAT,
            """
            {"id":"c","object":"chat.completion","created":1790841601,"model":"m","choices":[],\
            "usage":{"prompt_tokens":1,"completion_tokens":1},"metadata":{\
            "app":"digest 171105b7-2d5e-4c88-b1f4-1e9a6b2d7f03",\
            "agent":"171105b7-2d5e-4c88-b1f4-1e9a6b2d7f03",\
            "tenant":"acme 171105b7-2d5e-4c88-b1f4-1e9a6b2d7f03"}}
            """);
    assertEquals(
        List.of(
            "metadata.app=digest",
            "metadata.agent=171105b7-2d5e-4c88-b1f4-1e9a6b2d7f03",
            "metadata.tenant=acme 171105b7-2d5e-4c88-b1f4-1e9a6b2d7f03"),
        Reading.attributes(call));
  }

  private static List<String> names(String workflow, String service, String agent) {
    return Reading.attributes(
        Reading.onlyCall(
            LogFormat.OTLP,
            """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":\
            {"stringValue":"%s"}}]},"scopeSpans":[{"spans":[{"traceId":"ab",\
            "spanId":"cd","startTimeUnixNano":"1770109200000000000","attributes":[\
            {"key":"gen_ai.request.model","value":{"stringValue":"m"}},\
            {"key":"gen_ai.usage.input_tokens","value":{"intValue":"1"}},\
            {"key":"gen_ai.usage.output_tokens","value":{"intValue":"1"}},\
            {"key":"traceloop.workflow.name","value":{"stringValue":"%s"}},\
            {"key":"gen_ai.agent.name","value":{"stringValue":"%s"}}]}]}]}]}
            """
                .formatted(service.isEmpty() ? "unknown_service:node" : service, workflow, agent)));
  }

  private static List<String> services(String name, String where, String key) {
    CallDraft call =
        Reading.onlyCall(
            LogFormat.LANGFUSE_TRACE,
            """
            {"trace":{"id":"t","name":"%s 5a1e0c52-0b0f-4b6c-9a53-0d6f3b8a1c01","metadata":\
            {"%s":{"%s":"ledger-bot"}}},"observations":[{"id":"a","traceId":"t","type":"GENERATION",\
            "startTime":"2026-02-03T09:00:00Z","model":"m","usageDetails":{"input":1,"output":1}}]}
            """
                .formatted(name, where, key));
    return Reading.attributes(call).stream().filter(a -> a.startsWith("service=")).toList();
  }
}
