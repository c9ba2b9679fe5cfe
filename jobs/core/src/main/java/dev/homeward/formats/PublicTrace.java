package dev.homeward.formats;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Public traces that carry arrivals and lengths only: the Azure LLM inference trace ({@code
 * TIMESTAMP,ContextTokens,GeneratedTokens}; no zone: UTC) and BurstGPT ({@code Timestamp} in
 * seconds from a local midnight; {@code Response tokens} of 0 is a failed call). The user names the
 * workload and, for Azure, the hosted model.
 *
 * <p>BurstGPT does not say its first day: 2023-01-01 in UTC stands for it, so only differences of
 * times mean something. Its {@code Elapsed time} is the whole call.
 */
final class PublicTrace implements CsvAdapter {
  /** 2023-01-01T00:00:00Z. */
  private static final long BURST_EPOCH_MICROS = 1_672_531_200_000_000L;

  private final ReadContext context;
  private final boolean azure;
  private int time;
  private int input;
  private int output;
  private int model;
  private int session;
  private int elapsed;

  PublicTrace(ReadContext context, boolean azure) {
    this.context = context;
    this.azure = azure;
  }

  @Override
  public void header(String[] columns) {
    time = LogReader.column(columns, azure ? "TIMESTAMP" : "Timestamp");
    input = LogReader.column(columns, azure ? "ContextTokens" : "Request tokens");
    output = LogReader.column(columns, azure ? "GeneratedTokens" : "Response tokens");
    model = LogReader.column(columns, "Model");
    session = LogReader.column(columns, "Session ID");
    elapsed = LogReader.column(columns, "Elapsed time");
  }

  @Override
  public boolean read(String[] fields, CallDraft into) throws RejectedRecord {
    if (time < 0 || input < 0 || output < 0) {
      throw new RejectedRecord(
          Reason.NOT_A_RECORD, "the header lacks the columns of time, input or output");
    }
    into.startedAtMicros =
        azure
            ? Times.parse(fields[time], "TIMESTAMP")
            : Math.addExact(BURST_EPOCH_MICROS, micros(fields[time], "Timestamp"));
    into.inputTokens = tokens(fields[input], "input tokens");
    into.outputTokens = tokens(fields[output], "output tokens");
    into.cacheReadTokens = 0;
    into.cacheWrite5mTokens = 0;
    into.cacheWrite1hTokens = 0;
    if (!azure && into.outputTokens == 0) {
      into.status = CallStatus.FAILURE;
    }
    into.requestModel = model >= 0 && !fields[model].isEmpty() ? fields[model] : null;
    if (context.hostedModel().isPresent()) {
      into.requestModel = context.hostedModel().get();
      into.flags |= CallFlags.GIVEN_BY_USER;
    }
    if (into.requestModel == null) {
      throw new RejectedRecord(Reason.MISSING_MODEL, "Model is missing");
    }
    if (session >= 0 && !fields[session].isEmpty()) {
      into.session = Ids.hash(fields[session]);
    }
    if (elapsed >= 0 && !fields[elapsed].isEmpty()) {
      into.durationMicros = micros(fields[elapsed], "Elapsed time");
    }
    context
        .workload()
        .ifPresent(
            name -> {
              into.attributes.add("workload", name);
              into.flags |= CallFlags.GIVEN_BY_USER;
            });
    return true;
  }

  private static long tokens(String text, String field) throws RejectedRecord {
    long value = Json.whole(LiteLlmSpendLog.csvDecimal(text, field), field);
    Json.checkTokens(value, field);
    return value;
  }

  private static long micros(String seconds, String field) throws RejectedRecord {
    BigDecimal value = LiteLlmSpendLog.csvDecimal(seconds, field);
    if (value.signum() < 0 || value.precision() - value.scale() > 11 || value.scale() > 40) {
      throw new RejectedRecord(Reason.INVALID_TIME, field + " is not a count of seconds");
    }
    return value.movePointRight(6).setScale(0, RoundingMode.DOWN).longValueExact();
  }
}
