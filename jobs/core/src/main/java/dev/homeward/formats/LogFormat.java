package dev.homeward.formats;

import static dev.homeward.formats.Reads.csv;
import static dev.homeward.formats.Reads.items;
import static dev.homeward.formats.Reads.json;
import static dev.homeward.formats.Reads.parquet;
import static dev.homeward.formats.Signatures.canonical;
import static dev.homeward.formats.Signatures.focus;
import static dev.homeward.formats.Signatures.jaeger;
import static dev.homeward.formats.Signatures.langSmith;
import static dev.homeward.formats.Signatures.mlflow;
import static dev.homeward.formats.Signatures.openRouterGeneration;
import static dev.homeward.formats.Signatures.otelSpans;
import static dev.homeward.formats.Signatures.phoenix;
import static dev.homeward.formats.Signatures.phoenixTable;
import static dev.homeward.formats.Signatures.spendLog;
import static dev.homeward.formats.Signatures.weave;

import dev.homeward.formats.agent.ClaudeCode;
import dev.homeward.formats.agent.Codex;
import dev.homeward.formats.canonical.Canonical;
import dev.homeward.formats.cloud.ApimLlmLog;
import dev.homeward.formats.cloud.Bedrock;
import dev.homeward.formats.cloud.VertexLog;
import dev.homeward.formats.gateway.CloudflareAiGateway;
import dev.homeward.formats.gateway.EnvoyAiGateway;
import dev.homeward.formats.gateway.Helicone;
import dev.homeward.formats.gateway.KongAi;
import dev.homeward.formats.gateway.LiteLlmPayload;
import dev.homeward.formats.gateway.LiteLlmSpendLog;
import dev.homeward.formats.gateway.OpenRouterActivity;
import dev.homeward.formats.gateway.OpenRouterGeneration;
import dev.homeward.formats.gateway.Portkey;
import dev.homeward.formats.mapped.MappedCsv;
import dev.homeward.formats.mapped.MappedRecords;
import dev.homeward.formats.provider.AnthropicMessage;
import dev.homeward.formats.provider.OpenAiObject;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.JsonItemsAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.trace.LengthTrace;
import dev.homeward.formats.trace.PublicTrace;
import dev.homeward.formats.tracer.LangSmithRuns;
import dev.homeward.formats.tracer.LangfuseObservation;
import dev.homeward.formats.tracer.LangfuseTrace;
import dev.homeward.formats.tracer.Otlp;
import dev.homeward.formats.tracer.SpanExport;
import dev.homeward.formats.tracer.SpanTable;
import dev.homeward.formats.tracer.WeaveCalls;
import dev.homeward.formats.usage.Focus;
import dev.homeward.formats.usage.UsagePages;
import dev.homeward.formats.usage.UsageRows;
import dev.homeward.units.InvalidInput;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The log formats Homeward reads, one line each: its word, the source that writes it, from where
 * that source sees the calls, its adapter, the names that tell it, and what is special about it.
 * Where several signatures fit a file, the first line wins: the more special format stands first.
 * The last section of docs/formats.md says how to add one.
 */
public enum LogFormat {
  CANONICAL_JSONL(
      "canonical-jsonl", "canonical", Vantage.GATEWAY, json(Canonical::new), canonical()),
  CANONICAL_CSV("canonical-csv", "canonical", Vantage.GATEWAY, csv(Canonical::new), canonical()),
  CANONICAL_PARQUET(
      "canonical-parquet", "canonical", Vantage.GATEWAY, parquet(Canonical::new), Signature.none()),
  /** Tables of one's own, read by a mapping: see {@link #isMapped}. */
  MAPPED_JSON("mapped-json", "mapped", Vantage.TRACER, json(MappedRecords::new), Signature.none()),
  MAPPED_CSV("mapped-csv", "mapped", Vantage.TRACER, csv(MappedCsv::new), Signature.none()),
  LITELLM_SPENDLOGS(
      "litellm-spendlogs", "litellm", Vantage.GATEWAY, json(LiteLlmSpendLog::new), spendLog()),
  LITELLM_SPENDLOGS_CSV(
      "litellm-spendlogs-csv", "litellm", Vantage.GATEWAY, csv(LiteLlmSpendLog::new), spendLog()),
  CLAUDE_CODE(
      "claude-code",
      "claude",
      Vantage.TRACER,
      json(ClaudeCode::new),
      Signature.of("type", "sessionId", "uuid")
          .or("type", "sessionId", "message")
          .or("type", "leafUuid", "summary")
          .or("timestamp", "sessionId", "message/usage/input_tokens")),
  LITELLM_PAYLOAD(
      "litellm-logging-payload",
      "litellm",
      Vantage.GATEWAY,
      json(LiteLlmPayload::new),
      Signature.of("call_type", "startTime", "response_cost", "prompt_tokens")
          .or("litellm_call_id", "startTime", "prompt_tokens")),
  OPENAI_BATCH(
      "openai-batch",
      "openai",
      Vantage.PROVIDER,
      json(OpenAiObject::new),
      Signature.of("custom_id", "response", "error")),
  OPENAI_CHAT(
      "openai-chat",
      "openai",
      Vantage.PROVIDER,
      json(OpenAiObject::new),
      Signature.of("object", "created", "choices")),
  OPENAI_RESPONSE(
      "openai-response",
      "openai",
      Vantage.PROVIDER,
      json(OpenAiObject::new),
      Signature.of("object", "created_at", "status", "model")
          .or("type", "response/object", "response/created_at")),
  ANTHROPIC_MESSAGE(
      "anthropic-message",
      "anthropic",
      Vantage.PROVIDER,
      json(AnthropicMessage::new),
      Signature.of("type", "role", "usage/input_tokens")
          .or("timestamp", "message/role", "message/usage/input_tokens")
          .or("created_at", "message/role", "message/usage/input_tokens")
          .or("custom_id", "result/type")),
  CODEX(
      "codex",
      "codex",
      Vantage.TRACER,
      json(Codex::new),
      Signature.of("timestamp", "type", "payload/model")
          .or("timestamp", "type", "payload/id", "payload/cli_version")
          .or("timestamp", "type", "payload/info/last_token_usage")
          .or("timestamp", "type", "payload/info/total_token_usage")
          .or("timestamp", "type", "payload/response_id", "payload/usage"),
      Trait.STATEFUL),
  OTLP(
      "otlp",
      "otlp",
      Vantage.TRACER,
      items(Otlp::new),
      Signature.of("resourceSpans").or("batches/resource", "batches/scopeSpans")),
  OTLP_LOGS("otlp-logs", "otlp", Vantage.TRACER, Told.OTLP_LOGS),
  OTEL_RECORDS("otel-records", "otel", Vantage.TRACER, Told.OTEL_RECORDS, Trait.STATEFUL),
  CURSOR_USAGE_CSV("cursor-usage-csv", "cursor", Vantage.GATEWAY, Told.CURSOR),
  GEMINI_CLI("gemini-cli", "gemini-cli", Vantage.TRACER, Told.GEMINI_CLI, Trait.STATEFUL),
  OPENCODE("opencode", "opencode", Vantage.TRACER, Told.OPENCODE),
  AMP("amp", "amp", Vantage.TRACER, Told.AMP),
  PI("pi", "pi", Vantage.TRACER, Told.PI, Trait.STATEFUL),
  LANGCHAIN_EVENTS("langchain-events", "langchain", Vantage.TRACER, Told.LANGCHAIN),
  LANGFUSE_TRACE(
      "langfuse-trace",
      "langfuse",
      Vantage.TRACER,
      items(LangfuseTrace::new),
      Signature.of("trace", "observations")
          .or("data/id", "data/traceId", "data/type", "data/startTime")),
  LANGFUSE_OBSERVATIONS(
      "langfuse-observations",
      "langfuse",
      Vantage.TRACER,
      json(LangfuseObservation::new),
      Signature.of("trace_id", "type", "start_time").or("traceId", "type", "startTime")),
  LANGFUSE_OBSERVATIONS_CSV(
      "langfuse-observations-csv",
      "langfuse",
      Vantage.TRACER,
      csv(LangfuseObservation::new),
      Signature.of("trace_id", "type", "start_time", "usage_details")),
  LANGSMITH_RUNS(
      "langsmith-runs", "langsmith", Vantage.TRACER, items(LangSmithRuns::new), langSmith()),
  WEAVE_CALLS("weave-calls", "weave", Vantage.TRACER, items(WeaveCalls::new), weave()),
  MLFLOW_TRACES("mlflow-traces", "mlflow", Vantage.TRACER, items(SpanExport::new), mlflow()),
  JAEGER("jaeger", "jaeger", Vantage.TRACER, items(SpanExport::new), jaeger()),
  PHOENIX_SPANS("phoenix-spans", "phoenix", Vantage.TRACER, items(SpanExport::new), phoenix()),
  PHOENIX_SPANS_CSV(
      "phoenix-spans-csv", "phoenix", Vantage.TRACER, csv(SpanTable::new), phoenixTable()),
  OTEL_SPANS("otel-spans", "otel", Vantage.TRACER, items(SpanExport::new), otelSpans()),
  BEDROCK(
      "bedrock",
      "bedrock",
      Vantage.PROVIDER,
      json(Bedrock::new),
      Signature.of("schemaType", "modelId", "timestamp")),
  APIM_LLM_LOG(
      "apim-llm-log",
      "apim",
      Vantage.GATEWAY,
      json(ApimLlmLog::new),
      Signature.of("TimeGenerated", "PromptTokens", "CompletionTokens")
          .or("time", "properties/promptTokens", "properties/completionTokens")
          .or("time", "properties/PromptTokens", "properties/CompletionTokens")),
  APIM_LLM_LOG_CSV(
      "apim-llm-log-csv",
      "apim",
      Vantage.GATEWAY,
      csv(ApimLlmLog::new),
      Signature.of("TimeGenerated", "PromptTokens", "CompletionTokens")),
  VERTEX(
      "vertex",
      "vertex",
      Vantage.PROVIDER,
      json(VertexLog::new),
      Signature.of("logging_time", "endpoint", "full_response")),
  HELICONE(
      "helicone",
      "helicone",
      Vantage.GATEWAY,
      json(Helicone::new),
      Signature.of("request_id", "request_created_at", "prompt_tokens")),
  PORTKEY(
      "portkey",
      "portkey",
      Vantage.GATEWAY,
      json(Portkey::new),
      Signature.of("created_at", "ai_model", "req_units")),
  CLOUDFLARE_AI_GATEWAY(
      "cloudflare-ai-gateway",
      "cloudflare",
      Vantage.GATEWAY,
      json(CloudflareAiGateway::new),
      Signature.of("created_at", "tokens_in", "tokens_out")),
  KONG_AI(
      "kong-ai",
      "kong",
      Vantage.GATEWAY,
      json(KongAi::new),
      Signature.of("started_at", "ai", "response")),
  ENVOY_AI_GATEWAY(
      "envoy-ai-gateway",
      "envoy",
      Vantage.GATEWAY,
      json(EnvoyAiGateway::new),
      Signature.of("start_time", "gen_ai.usage.input_tokens")),
  ONEAPI_LOGS("oneapi-logs", "oneapi", Vantage.GATEWAY, Told.ONE_API),
  ONEAPI_LOGS_CSV("oneapi-logs-csv", "oneapi", Vantage.GATEWAY, Told.ONE_API_CSV),
  APISIX("apisix", "apisix", Vantage.GATEWAY, Told.APISIX),
  HIGRESS("higress", "higress", Vantage.GATEWAY, Told.HIGRESS),
  OPENROUTER_ACTIVITY_CSV(
      "openrouter-activity-csv",
      "openrouter",
      Vantage.GATEWAY,
      csv(OpenRouterActivity::new),
      Signature.of("generation_id", "created_at", "tokens_prompt")),
  OPENROUTER_GENERATION(
      "openrouter-generation",
      "openrouter",
      Vantage.GATEWAY,
      json(OpenRouterGeneration::new),
      openRouterGeneration()),
  OPENAI_USAGE(
      "openai-usage",
      "openai",
      Vantage.PROVIDER,
      items(UsagePages::openAiUsage),
      Signature.of("data/results/num_model_requests").or("results/num_model_requests"),
      Trait.AGGREGATE),
  OPENAI_USAGE_CSV(
      "openai-usage-csv",
      "openai",
      Vantage.PROVIDER,
      csv(UsageRows::openAiCsv),
      Signature.of("start_time", "end_time", "start_time_iso", "num_model_requests"),
      Trait.AGGREGATE),
  OPENAI_COSTS_CSV(
      "openai-costs-csv", "openai", Vantage.PROVIDER, Told.OPENAI_COSTS, Trait.AGGREGATE),
  OPENAI_COSTS(
      "openai-costs",
      "openai",
      Vantage.PROVIDER,
      items(UsagePages::openAiCosts),
      Signature.of("data/results/amount/value").or("results/amount/value"),
      Trait.AGGREGATE),
  ANTHROPIC_USAGE(
      "anthropic-usage",
      "anthropic",
      Vantage.PROVIDER,
      items(UsagePages::anthropicUsage),
      Signature.of("data/starting_at", "data/results/uncached_input_tokens"),
      Trait.AGGREGATE),
  ANTHROPIC_COST(
      "anthropic-cost",
      "anthropic",
      Vantage.PROVIDER,
      items(UsagePages::anthropicCost),
      Signature.of("data/starting_at", "data/results/amount"),
      Trait.AGGREGATE),
  ANTHROPIC_USAGE_CSV(
      "anthropic-usage-csv", "anthropic", Vantage.PROVIDER, Told.ANTHROPIC_USAGE, Trait.AGGREGATE),
  ANTHROPIC_COST_CSV(
      "anthropic-cost-csv", "anthropic", Vantage.PROVIDER, Told.ANTHROPIC_COST, Trait.AGGREGATE),
  LITELLM_DAILY_SPEND(
      "litellm-daily-spend",
      "litellm",
      Vantage.GATEWAY,
      json(UsageRows::liteLlmDaily),
      Signature.of("date", "api_requests", "spend", "prompt_tokens"),
      Trait.AGGREGATE),
  OPENROUTER_USAGE(
      "openrouter-usage",
      "openrouter",
      Vantage.GATEWAY,
      json(UsageRows::openRouter),
      Signature.of("date", "requests", "usage", "prompt_tokens"),
      Trait.AGGREGATE),
  OPENROUTER_USAGE_CSV(
      "openrouter-usage-csv",
      "openrouter",
      Vantage.GATEWAY,
      Told.OPENROUTER_USAGE,
      Trait.AGGREGATE),
  FOCUS("focus", "focus", Vantage.PROVIDER, json(Focus::new), focus(), Trait.AGGREGATE),
  FOCUS_CSV("focus-csv", "focus", Vantage.PROVIDER, csv(Focus::new), focus(), Trait.AGGREGATE),
  QWEN_BAILIAN_TRACE(
      "qwen-bailian-trace",
      "qwen",
      Vantage.GATEWAY,
      items(LengthTrace::bailian),
      Signature.of("chat_id", "timestamp", "input_length", "output_length"),
      Trait.NEEDS_WORKLOAD,
      Trait.NEEDS_MODEL,
      Trait.STATEFUL),
  MOONCAKE_TRACE(
      "mooncake-trace",
      "mooncake",
      Vantage.GATEWAY,
      items(LengthTrace::mooncake),
      Signature.of("timestamp", "input_length", "output_length", "hash_ids"),
      Trait.NEEDS_WORKLOAD,
      Trait.NEEDS_MODEL),
  AZURE_LLM_TRACE(
      "azure-llm-trace",
      "azure",
      Vantage.GATEWAY,
      csv(PublicTrace::azure),
      Signature.of("TIMESTAMP", "ContextTokens", "GeneratedTokens"),
      Trait.NEEDS_WORKLOAD,
      Trait.NEEDS_MODEL),
  BURSTGPT(
      "burstgpt",
      "burstgpt",
      Vantage.GATEWAY,
      csv(PublicTrace::burstGpt),
      Signature.of("Timestamp", "Model", "Request tokens", "Response tokens"),
      Trait.NEEDS_WORKLOAD);

  /** How records stand in a file. */
  public enum Framing {
    /** JSON objects, one a line or in documents: see {@link JsonLayout}. */
    JSON,
    /** Header and records, quoted newlines allowed: read whole. */
    CSV,
    /** A Parquet file with flat columns: read whole. */
    PARQUET
  }

  /**
   * From where a source sees the calls. Where two sources of a log saw the same call, the one whose
   * vantage stands first here counts. A usage report sees no calls; it has its writer's vantage.
   */
  public enum Vantage {
    /** Every call passed through it. */
    GATEWAY,
    /** What the provider wrote or answered. */
    PROVIDER,
    /** What an application says of its own calls, often sampled. */
    TRACER
  }

  private enum Trait {
    /** Its records do not say whose they are, so that {@code --workload} must. */
    NEEDS_WORKLOAD,
    /** Its records do not say which model answered, so that {@code --hosted-model} must. */
    NEEDS_MODEL,
    /** Its records are buckets of a usage report, not calls. */
    AGGREGATE,
    /** A record means something only after the ones before it: a file is never split. */
    STATEFUL
  }

  private final String word;
  private final String source;
  private final Vantage vantage;
  private final Reads reads;
  private final Signature signature;
  private final Set<Trait> traits;

  LogFormat(
      String word,
      String source,
      Vantage vantage,
      Reads reads,
      Signature signature,
      Trait... traits) {
    this.word = word;
    this.source = source;
    this.vantage = vantage;
    this.reads = reads;
    this.signature = signature;
    this.traits = Set.of(traits);
  }

  LogFormat(String word, String source, Vantage vantage, Told told, Trait... traits) {
    this(word, source, vantage, told.reads(), told.signature(), traits);
  }

  /** The word of {@code --format} and of reports. */
  public String word() {
    return word;
  }

  public Framing framing() {
    return reads.framing();
  }

  /** Whether its records do not say whose they are, so that {@code --workload} must. */
  public boolean needsWorkload() {
    return traits.contains(Trait.NEEDS_WORKLOAD);
  }

  /** Whether its records are Homeward's own. */
  public boolean isCanonical() {
    return source.equals("canonical");
  }

  /** Whether it is read by a mapping of its columns, given or derived, and told by nothing else. */
  public boolean isMapped() {
    return this == MAPPED_JSON || this == MAPPED_CSV;
  }

  /** Whether its records do not say which model answered, so that {@code --hosted-model} must. */
  public boolean needsHostedModel() {
    return traits.contains(Trait.NEEDS_MODEL);
  }

  /** Whether its records are buckets of a usage report rather than calls. */
  public boolean isAggregate() {
    return traits.contains(Trait.AGGREGATE);
  }

  /** Whether a plain file of this format in lines may be cut anywhere and read in parts. */
  public boolean isSplittable(JsonLayout layout) {
    return isSplittable(Envelope.of(layout));
  }

  /** Whether a plain file whose records stand in this envelope may be. */
  public boolean isSplittable(Envelope envelope) {
    return framing() == Framing.JSON && envelope.isLines() && !traits.contains(Trait.STATEFUL);
  }

  /** From where its source sees the calls. */
  public Vantage vantage() {
    return vantage;
  }

  /** The program that writes it, whatever the file's form: files of one source are one log. */
  public String source() {
    return source;
  }

  Signature signature() {
    return signature;
  }

  /** The adapter of one call a record, or null if this format has none such. */
  JsonAdapter jsonAdapter(ReadContext context) {
    return reads.json() == null ? null : reads.json().apply(context);
  }

  /** The adapter of several calls a record; only where {@link #jsonAdapter} gives null. */
  JsonItemsAdapter itemsAdapter(ReadContext context) {
    return reads.items().apply(context);
  }

  CsvAdapter csvAdapter(ReadContext context) {
    return reads.csv().apply(context);
  }

  /**
   * The format of {@code --format}.
   *
   * @throws InvalidInput naming the word and the known ones
   */
  public static LogFormat parse(String word) {
    for (LogFormat format : values()) {
      if (format.word.equals(word)) {
        return format;
      }
    }
    throw new InvalidInput(
        "Invalid --format: %s (one of auto, %s)"
            .formatted(
                word,
                Arrays.stream(values()).map(LogFormat::word).collect(Collectors.joining(", "))));
  }
}
