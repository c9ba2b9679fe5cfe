package dev.homeward.formats.trace;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import dev.homeward.units.TimeUnits;

/**
 * Public traces that carry arrivals and lengths only: the Azure LLM inference traces of 2023 and
 * 2024 ({@code TIMESTAMP,ContextTokens,GeneratedTokens}) and BurstGPT ({@code Timestamp} in seconds
 * from a local midnight; {@code Response tokens} of 0 is a failed call). Their times have no zone
 * and are taken as UTC. They do not tell cached input: all input counts as uncached. The user names
 * the workload and, for Azure, the hosted model.
 *
 * <p>BurstGPT does not say its first day: {@link ReadContext#traceEpoch} stands for it, so only
 * differences of times mean something. Its {@code Elapsed time} is the whole call.
 *
 * <pre>
 * 2023-11-16 18:17:03.9799600,4808,10
 * 5,ChatGPT,472,18,490,Conversation log
 * 47107,s1,6.2,GPT-4,11000,500,11500,Conversation log
 * </pre>
 */
public final class PublicTrace implements CsvAdapter {

  private final ReadContext context;
  private final boolean azure;
  private final SourceTimes times;
  private final long epochMicros;
  private String[] header;
  private int time;
  private int input;
  private int output;
  private int model;
  private int session;
  private int elapsed;
  private int kind;

  private PublicTrace(ReadContext context, boolean azure) {
    this.context = context;
    this.azure = azure;
    this.times = new SourceTimes(context);
    this.epochMicros =
        Math.multiplyExact(context.traceEpoch().toEpochDay(), TimeUnits.MICROS_PER_DAY);
  }

  public static PublicTrace azure(ReadContext context) {
    return new PublicTrace(context, true);
  }

  public static PublicTrace burstGpt(ReadContext context) {
    return new PublicTrace(context, false);
  }

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    time = CsvRecords.needed(columns, azure ? "TIMESTAMP" : "Timestamp");
    input = CsvRecords.needed(columns, azure ? "ContextTokens" : "Request tokens");
    output = CsvRecords.needed(columns, azure ? "GeneratedTokens" : "Response tokens");
    model = CsvRecords.column(columns, "Model");
    session = CsvRecords.column(columns, "Session ID");
    elapsed = CsvRecords.column(columns, "Elapsed time");
    kind = CsvRecords.column(columns, "Log Type");
  }

  @Override
  public boolean read(CsvRecord record, CallDraft into) throws RejectedRecord {
    if (record.isEmpty(time)) {
      throw new RejectedRecord(Reason.MISSING_TIME, header[time] + " is missing");
    }
    if (azure) {
      into.startedAtMicros = times.assumed(record.text(time), header[time], into);
    } else {
      into.flags |= CallFlags.ZONE_ASSUMED;
      into.startedAtMicros = epochMicros + Times.ofSeconds(record.text(time), header[time]);
    }
    into.inputTokens = Json.tokens(record.text(input), header[input]);
    into.outputTokens = Json.tokens(record.text(output), header[output]);
    into.flags |= CallFlags.NO_CACHE_SPLIT;
    into.cacheReadTokens = 0;
    into.cacheWrite5mTokens = 0;
    into.cacheWrite1hTokens = 0;
    if (!azure && into.outputTokens == 0) {
      into.status = CallStatus.FAILURE;
    }
    if (context.hostedModel().isPresent()) {
      into.requestModel = context.hostedModel().get();
      into.flags |= CallFlags.GIVEN_BY_USER;
    } else if (model >= 0 && !record.isEmpty(model)) {
      into.requestModel = record.text(model);
    } else {
      throw new RejectedRecord(
          Reason.MISSING_MODEL, "no model is named, and --hosted-model is not given");
    }
    if (session >= 0 && !record.isEmpty(session)) {
      into.session = Ids.hash(record.text(session));
    }
    if (elapsed >= 0 && !record.isEmpty(elapsed)) {
      into.durationMicros = Times.ofSeconds(record.text(elapsed), header[elapsed]);
    }
    if (kind >= 0) {
      CallNames.add(into, "metadata.log_type", record.text(kind));
    }
    CallNames.addGivenWorkload(into, context);
    return true;
  }
}
