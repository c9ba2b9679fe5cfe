package dev.homeward.formats.gateway;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;

/** What the logs of gateways have in common once a record is read: checks, and the last words. */
final class GatewayCall {
  private final ReadContext context;
  final Usage usage = new Usage();
  CallDraft draft;

  /** Microseconds; ABSENT if the record does not say. */
  long firstToken;

  boolean streamed;

  GatewayCall(ReadContext context) {
    this.context = context;
  }

  void reset(CallDraft into) {
    draft = into;
    usage.clear();
    firstToken = CallDraft.ABSENT;
    streamed = true;
  }

  /** A status of HTTP: 400 and above is a failure. */
  void httpStatus(long code) {
    if (code >= 400) {
      draft.status = CallStatus.FAILURE;
    }
  }

  /**
   * Ends a record whose input contains what was cached.
   *
   * @param timeField what the source calls the start, for messages
   */
  boolean inclusive(String timeField, String inputName, String outputName) throws RejectedRecord {
    finish(timeField);
    usage.fillInclusive(draft, inputName, outputName);
    return true;
  }

  /** Ends a record whose input is what was not cached. */
  boolean disjoint(String timeField, String inputName, String outputName) throws RejectedRecord {
    finish(timeField);
    usage.fillDisjoint(draft, inputName, outputName);
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
