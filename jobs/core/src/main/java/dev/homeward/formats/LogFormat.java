package dev.homeward.formats;

import dev.homeward.units.InvalidInput;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The log formats Homeward reads: one line a format. To add one, write its adapter, add its line
 * here and its rule to {@link FormatDetection}, and give it a golden file and a row in
 * docs/formats.md.
 */
public enum LogFormat {
  CANONICAL_JSONL("canonical-jsonl", Framing.JSON_LINES, false, false, Canonical::new, null),
  CANONICAL_CSV("canonical-csv", Framing.CSV, false, false, null, Canonical::new),
  CANONICAL_PARQUET("canonical-parquet", Framing.PARQUET, false, false, Canonical::new, null),
  LITELLM_SPENDLOGS(
      "litellm-spendlogs", Framing.JSON_LINES, false, false, LiteLlmSpendLog::new, null),
  LITELLM_SPENDLOGS_CSV(
      "litellm-spendlogs-csv", Framing.CSV, false, false, null, LiteLlmSpendLog::new),
  CLAUDE_CODE("claude-code", Framing.JSON_LINES, false, false, ClaudeCode::new, null),
  AZURE_LLM_TRACE("azure-llm-trace", Framing.CSV, true, true, null, c -> new PublicTrace(c, true)),
  BURSTGPT("burstgpt", Framing.CSV, true, false, null, c -> new PublicTrace(c, false));

  /** How records stand in a file. */
  public enum Framing {
    /** One JSON object a line: a plain file can be split at any byte. */
    JSON_LINES,
    /** Header and records, quoted newlines allowed: read whole. */
    CSV,
    /** A Parquet file with flat columns: read whole. */
    PARQUET
  }

  private final String word;
  private final Framing framing;
  private final boolean needsWorkload;
  private final boolean needsHostedModel;
  private final Function<ReadContext, JsonAdapter> json;
  private final Function<ReadContext, CsvAdapter> csv;

  LogFormat(
      String word,
      Framing framing,
      boolean needsWorkload,
      boolean needsHostedModel,
      Function<ReadContext, JsonAdapter> json,
      Function<ReadContext, CsvAdapter> csv) {
    this.word = word;
    this.framing = framing;
    this.needsWorkload = needsWorkload;
    this.needsHostedModel = needsHostedModel;
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
    return needsWorkload;
  }

  /** Whether its records do not say which model answered, so that {@code --hosted-model} must. */
  public boolean needsHostedModel() {
    return needsHostedModel;
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
