package dev.homeward.formats;

import static dev.homeward.formats.Reads.csv;
import static dev.homeward.formats.Reads.items;
import static dev.homeward.formats.Reads.json;

import dev.homeward.formats.agent.Amp;
import dev.homeward.formats.agent.CursorUsage;
import dev.homeward.formats.agent.GeminiCli;
import dev.homeward.formats.agent.OpenCode;
import dev.homeward.formats.agent.OtelRecords;
import dev.homeward.formats.agent.OtlpLogs;
import dev.homeward.formats.agent.Pi;
import dev.homeward.formats.gateway.Apisix;
import dev.homeward.formats.gateway.HigressAi;
import dev.homeward.formats.gateway.OneApiLog;
import dev.homeward.formats.tracer.LangChainEvents;
import dev.homeward.formats.usage.ConsoleRows;
import dev.homeward.formats.usage.UsageRows;

/**
 * What reads a format, and the names that tell it: of formats whose names need more room than a
 * line of {@link LogFormat} has.
 */
record Told(Reads reads, Signature signature) {

  static final Told CURSOR =
      new Told(
          csv(CursorUsage::new),
          Signature.of("Date", "Model", "Input (w/o Cache Write)", "Cache Read", "Output Tokens"));

  static final Told OPENCODE =
      new Told(
          items(OpenCode::new),
          Signature.of("sessionID", "role", "modelID", "providerID", "time/created")
              .or("role", "modelID", "tokens/cache/read", "time/created")
              .or("model/providerID", "tokens/cache/read", "time/created")
              .or("id", "session_id", "time_created", "data")
              .or("id", "session_id", "data/tokens/cache")
              .or("info/sessionID", "info/role", "parts")
              .or("messages/info/sessionID", "messages/info/role"));

  static final Told GEMINI_CLI =
      new Told(
          items(GeminiCli::new),
          Signature.of("sessionId", "projectHash", "startTime")
              .or("sessionId", "projectHash", "messages")
              .or("type", "timestamp", "model", "tokens/cached", "tokens/thoughts"));

  static final Told AMP =
      new Told(
          items(Amp::new),
          Signature.of("id", "messages/usage/inputTokens", "messages/usage/outputTokens")
              .or("id", "usageLedger/events"));

  static final Told PI =
      new Told(
          json(Pi::new),
          Signature.of(
                  "type", "message/role", "message/usage/cacheRead", "message/usage/cacheWrite")
              .or("type", "id", "timestamp", "cwd", "version"));

  static final Told OTLP_LOGS = new Told(items(OtlpLogs::new), Signature.of("resourceLogs"));

  static final Told OTEL_RECORDS =
      new Told(
          json(OtelRecords::new),
          Signature.of("hrTime", "attributes", "instrumentationScope")
              .or("attributes/event.name", "attributes/session.id")
              .or("attributes/event.name", "attributes/model")
              .or("traceId", "spanId", "startTime", "attributes/gen_ai.operation.name")
              .or("traceId", "spanId", "endTime", "attributes/gen_ai.operation.name")
              .or("traceId", "spanId", "name", "attributes/gen_ai.operation.name"));

  static final Told ONE_API =
      new Told(
          json(OneApiLog::new),
          Signature.of("created_at", "model_name", "quota", "prompt_tokens", "completion_tokens"));

  static final Told ONE_API_CSV = new Told(csv(OneApiLog::new), ONE_API.signature());

  static final Told APISIX =
      new Told(
          json(Apisix::new),
          Signature.of("llm_summary/prompt_tokens", "llm_summary/completion_tokens")
              .or("llm_summary/model", "start_time")
              .or("llm_prompt_tokens", "llm_completion_tokens"));

  static final Told HIGRESS =
      new Told(
          json(HigressAi::new),
          Signature.of("ai_log", "start_time")
              .or("ai_log", "@timestamp")
              .or("ai_log/model", "ai_log/input_token")
              .or("model", "input_token", "output_token", "start_time"));

  static final Told LANGCHAIN =
      new Told(
          json(LangChainEvents::new),
          Signature.of("event", "run_id", "data/output/usage_metadata")
              .or("event", "run_id", "data/output/response_metadata")
              .or("event", "run_id", "response/llm_output")
              .or("event", "run_id", "response/generations")
              .or("event", "run_id", "usage_metadata/input_tokens")
              .or("generations", "llm_output")
              .or("generations", "llmOutput")
              .or("usage_metadata/input_tokens", "response_metadata"));

  static final Told OPENAI_COSTS =
      new Told(
          csv(ConsoleRows::openAiCosts),
          Signature.of("start_time", "end_time", "start_time_iso", "amount_value"));

  static final Told ANTHROPIC_USAGE =
      new Told(
          csv(ConsoleRows::anthropicUsage),
          Signature.of(
              "usage_date_utc",
              "model_version",
              "usage_input_tokens_no_cache",
              "usage_output_tokens"));

  static final Told ANTHROPIC_COST =
      new Told(
          csv(ConsoleRows::anthropicCost), Signature.of("usage_date_utc", "model", "cost_usd"));

  static final Told OPENROUTER_USAGE =
      new Told(
          csv(UsageRows::openRouterCsv),
          Signature.of("date", "requests", "usage", "prompt_tokens"));
}
