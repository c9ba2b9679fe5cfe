package dev.homeward.formats.records;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;

/** What no call can do without: a time and a model. */
public final class Required {
  private Required() {}

  /**
   * Rejects a record without a time.
   *
   * @param missing what to say then, with the source's name of the field
   */
  public static void time(long micros, String missing) throws RejectedRecord {
    if (micros == CallDraft.ABSENT) {
      throw new RejectedRecord(Reason.MISSING_TIME, missing);
    }
  }

  /**
   * Takes {@code --hosted-model} where the record names no model, and rejects it without either.
   *
   * @param missing what to say then, with the source's name of the field
   */
  public static void model(CallDraft draft, ReadContext context, String missing)
      throws RejectedRecord {
    if (draft.requestModel == null) {
      draft.requestModel = context.hostedModel().orElse(null);
    }
    if (draft.requestModel == null) {
      throw new RejectedRecord(Reason.MISSING_MODEL, missing);
    }
  }
}
