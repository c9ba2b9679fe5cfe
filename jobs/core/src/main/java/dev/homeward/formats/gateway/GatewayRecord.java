package dev.homeward.formats.gateway;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Totals;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;

/**
 * The common head of the adapters of gateways: what every one of them keeps while it reads a
 * record, and the checks and rules that end it. {@link GatewayJson} and {@link GatewayCsv} add the
 * loop over the fields, so that an adapter says only what each field means and how its source
 * counts cached input.
 */
abstract class GatewayRecord {
  final ReadContext context;
  final SourceTimes times;
  final Usage usage = new Usage();
  CallDraft draft;

  /** Start to first token, microseconds; ABSENT if the record does not say. */
  long firstToken;

  /** Whether the answer was streamed; a first token's time counts only then. */
  boolean streamed;

  GatewayRecord(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  /** A new record begins; an adapter with fields of its own resets them here too. */
  void begin(CallDraft into) {
    draft = into;
    usage.clear();
    firstToken = CallDraft.ABSENT;
    streamed = true;
  }

  /**
   * All fields were read: ends with {@link #inclusive}, {@link #disjoint} or {@link #cacheNotTold},
   * which say how the source counts cached input.
   *
   * @return false if the record is no call
   */
  abstract boolean end() throws RejectedRecord;

  /** Notes that the gateway answered from its own cache: volume avoided, not served. */
  void proxyCacheHit() {
    draft.flags |= CallFlags.PROXY_CACHE_HIT;
  }

  /** Notes an attempt after a failed one: a retry or a fallback, of which there were so many. */
  void retries(long count) {
    draft.flags |= count > 0 ? CallFlags.RETRIED : 0;
  }

  /** A status of HTTP: 400 and above is a failure. */
  void httpStatus(long code) {
    if (code >= 400) {
      draft.status = CallStatus.FAILURE;
    }
  }

  /**
   * Ends a record whose source does not tell cached input: all of it counts as uncached.
   *
   * @param timeField what the source calls the start, for messages
   */
  final boolean cacheNotTold(String timeField, String inputName, String outputName)
      throws RejectedRecord {
    draft.flags |= CallFlags.NO_CACHE_SPLIT;
    return inclusive(timeField, inputName, outputName);
  }

  /**
   * Ends a record whose input contains what was cached.
   *
   * @param timeField what the source calls the start, for messages
   */
  final boolean inclusive(String timeField, String inputName, String outputName)
      throws RejectedRecord {
    finish(timeField);
    usage.fillInclusive(draft, inputName, outputName);
    return true;
  }

  /** Ends a record whose input is what was not cached. */
  final boolean disjoint(String timeField, String inputName, String outputName)
      throws RejectedRecord {
    finish(timeField);
    usage.fillDisjoint(draft, inputName, outputName);
    return true;
  }

  /**
   * Ends a record whose input contains what was cached, unless its total says that it stands beside
   * it.
   *
   * @param total what the record gives as the sum of its tokens; ABSENT if it does not say
   */
  final boolean byTotal(long total, String timeField, String inputName, String outputName)
      throws RejectedRecord {
    finish(timeField);
    Totals.fill(draft, usage, total, inputName, outputName);
    return true;
  }

  private void finish(String timeField) throws RejectedRecord {
    if (draft.startedAtMicros == CallDraft.ABSENT) {
      throw new RejectedRecord(Reason.MISSING_TIME, timeField + " is missing");
    }
    if (draft.requestModel == null || draft.requestModel.isEmpty()) {
      draft.requestModel = draft.responseModel;
    }
    if (draft.requestModel == null || draft.requestModel.isEmpty()) {
      draft.requestModel = context.hostedModel().orElse(null);
    }
    if (draft.requestModel == null) {
      throw new RejectedRecord(
          Reason.MISSING_MODEL, "no model is named, and --hosted-model is not given");
    }
    if (firstToken != CallDraft.ABSENT && firstToken > 0 && streamed) {
      if (draft.durationMicros != CallDraft.ABSENT && firstToken > draft.durationMicros) {
        throw new RejectedRecord(
            Reason.END_BEFORE_START, "the first token comes after the end of the call");
      }
      draft.ttftMicros = firstToken;
      draft.flags |= CallFlags.STREAMED;
    }
    boolean failedUnused = draft.status == CallStatus.FAILURE && usage.input <= 0;
    if (failedUnused && usage.output <= 0) {
      // Gateways write zeros for what never reached a model, which is not to be told from unknown.
      usage.clear();
    }
    if (draft.operation == Operation.EMBEDDINGS
        && usage.output == CallDraft.ABSENT
        && usage.input != CallDraft.ABSENT) {
      usage.output = 0;
    }
    CallNames.addGivenWorkload(draft, context);
  }
}
