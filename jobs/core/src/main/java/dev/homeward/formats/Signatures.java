package dev.homeward.formats;

/** Names that tell formats which write the same record in several ways; see {@link LogFormat}. */
final class Signatures {
  private Signatures() {}

  static Signature canonical() {
    return Signature.of("started_at", "request_model")
        .or("started_at", "input_tokens")
        .or("started_at", "response_model")
        .or("started_at_us", "request_model")
        .or("started_at_us", "input_tokens")
        .or("started_at_us", "response_model");
  }

  static Signature spendLog() {
    return Signature.of("request_id", "startTime", "call_type")
        .or("request_id", "startTime", "prompt_tokens");
  }

  static Signature langSmith() {
    return Signature.of("run_type", "start_time", "prompt_tokens")
        .or("run_type", "start_time", "extra/metadata/usage_metadata")
        .or("run_type", "start_time", "outputs/usage_metadata")
        .or("run_type", "start_time", "outputs/llm_output/token_usage")
        .or("run_type", "start_time", "outputs/generations/message/kwargs");
  }

  static Signature weave() {
    return Signature.of("op_name", "trace_id", "started_at", "summary/usage");
  }

  static Signature mlflow() {
    return Signature.of("info/trace_id", "data/spans/attributes")
        .or("info/request_id", "data/spans/attributes")
        .or("trace_metadata", "spans/attributes")
        .or("request_metadata", "spans/attributes")
        .or("spans/attributes/mlflow.traceRequestId");
  }

  static Signature jaeger() {
    return Signature.of("data/traceID", "data/spans/spanID")
        .or("traceID", "spans/spanID")
        .or("traceID", "spanID", "operationName");
  }

  static Signature phoenix() {
    return Signature.of("context/span_id", "span_kind", "attributes")
        .or("context.trace_id", "span_kind", "start_time");
  }

  static Signature phoenixTable() {
    return Signature.of("context.span_id", "span_kind", "start_time")
        .or("context.trace_id", "span_kind", "start_time");
  }

  static Signature otelSpans() {
    return Signature.of("context/trace_id", "context/span_id", "start_time", "attributes")
        .or("traceId", "id", "timestamp", "duration", "attributes")
        .or("_spanContext/traceId", "startTime", "attributes")
        .or("spanContext/traceId", "startTime", "attributes")
        .or("traceId", "spanId", "startTime", "attributes")
        .or("traceId", "spanId", "startTimeUnixNano", "attributes")
        .or("SpanContext/TraceID", "StartTime", "Attributes");
  }

  static Signature openRouterGeneration() {
    return Signature.of("id", "native_tokens_prompt", "created_at");
  }

  static Signature focus() {
    return Signature.of("BilledCost", "ChargePeriodStart", "ChargePeriodEnd", "ChargeCategory");
  }
}
