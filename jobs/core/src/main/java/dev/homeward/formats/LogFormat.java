package dev.homeward.formats;

import dev.homeward.units.InvalidInput;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The log formats Homeward reads: one line a format with its word, framing, what the user must add,
 * the names that tell it, and its adapter. To add one, write its adapter, add its line here, and
 * give it a schema or a note, a golden file and a row in docs/formats.md.
 */
public enum LogFormat {
  CANONICAL_JSONL(
      "canonical-jsonl", Framing.JSON_LINES, Needs.NOTHING, canonical(), Canonical::new, null),
  CANONICAL_CSV("canonical-csv", Framing.CSV, Needs.NOTHING, canonical(), null, Canonical::new),
  CANONICAL_PARQUET(
      "canonical-parquet", Framing.PARQUET, Needs.NOTHING, Signature.none(), Canonical::new, null),
  LITELLM_SPENDLOGS(
      "litellm-spendlogs",
      Framing.JSON_LINES,
      Needs.NOTHING,
      spendLog(),
      LiteLlmSpendLog::new,
      null),
  LITELLM_SPENDLOGS_CSV(
      "litellm-spendlogs-csv", Framing.CSV, Needs.NOTHING, spendLog(), null, LiteLlmSpendLog::new),
  CLAUDE_CODE(
      "claude-code",
      Framing.JSON_LINES,
      Needs.NOTHING,
      Signature.of("type", "sessionId", "uuid")
          .or("type", "sessionId", "message")
          .or("type", "leafUuid", "summary"),
      ClaudeCode::new,
      null),
  AZURE_LLM_TRACE(
      "azure-llm-trace",
      Framing.CSV,
      Needs.WORKLOAD_AND_MODEL,
      Signature.of("TIMESTAMP", "ContextTokens", "GeneratedTokens"),
      null,
      PublicTrace::azure),
  BURSTGPT(
      "burstgpt",
      Framing.CSV,
      Needs.WORKLOAD,
      Signature.of("Timestamp", "Model", "Request tokens", "Response tokens"),
      null,
      PublicTrace::burstGpt);

  /** How records stand in a file. */
  public enum Framing {
    /** One JSON object a line: a plain file can be split at any byte. */
    JSON_LINES,
    /** Header and records, quoted newlines allowed: read whole. */
    CSV,
    /** A Parquet file with flat columns: read whole. */
    PARQUET
  }

  private enum Needs {
    NOTHING,
    WORKLOAD,
    WORKLOAD_AND_MODEL
  }

  private final String word;
  private final Framing framing;
  private final Needs needs;
  private final Signature signature;
  private final Function<ReadContext, JsonAdapter> json;
  private final Function<ReadContext, CsvAdapter> csv;

  LogFormat(
      String word,
      Framing framing,
      Needs needs,
      Signature signature,
      Function<ReadContext, JsonAdapter> json,
      Function<ReadContext, CsvAdapter> csv) {
    this.word = word;
    this.framing = framing;
    this.needs = needs;
    this.signature = signature;
    this.json = json;
    this.csv = csv;
  }

  /** The word of {@code --format} and of reports. */
  public String word() {
    return word;
  }

  public Framing framing() {
    return framing;
  }

  /** Whether its records do not say whose they are, so that {@code --workload} must. */
  public boolean needsWorkload() {
    return needs != Needs.NOTHING;
  }

  /** Whether its records do not say which model answered, so that {@code --hosted-model} must. */
  public boolean needsHostedModel() {
    return needs == Needs.WORKLOAD_AND_MODEL;
  }

  Signature signature() {
    return signature;
  }

  private static Signature canonical() {
    return Signature.of("started_at", "request_model")
        .or("started_at", "input_tokens")
        .or("started_at", "response_model")
        .or("started_at_us", "request_model")
        .or("started_at_us", "input_tokens")
        .or("started_at_us", "response_model");
  }

  private static Signature spendLog() {
    return Signature.of("request_id", "startTime", "call_type")
        .or("request_id", "startTime", "prompt_tokens");
  }

  JsonAdapter jsonAdapter(ReadContext context) {
    return json.apply(context);
  }

  CsvAdapter csvAdapter(ReadContext context) {
    return csv.apply(context);
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
