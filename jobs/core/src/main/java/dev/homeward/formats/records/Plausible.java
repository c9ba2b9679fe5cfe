package dev.homeward.formats.records;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.units.TimeUnits;

/** What must hold of a call or bucket of any format, checked once after its adapter. */
public final class Plausible {
  /** 2000-01-01T00:00:00Z and 2100-01-01T00:00:00Z: outside, a clock or a unit is wrong. */
  static final long EARLIEST_MICROS = 946_684_800_000_000L;

  static final long LATEST_MICROS = 4_102_444_800_000_000L;

  /** 31 days: no call takes longer, and no batch stays open longer. */
  static final long LONGEST_MICROS = 31 * TimeUnits.MICROS_PER_DAY;

  private Plausible() {}

  public static void check(CallDraft call) throws RejectedRecord {
    if (call.startedAtMicros < EARLIEST_MICROS || call.startedAtMicros >= LATEST_MICROS) {
      throw new RejectedRecord(
          Reason.INVALID_TIME, "the start is not between the years 2000 and 2099");
    }
    if (!call.isBucket() && (call.requestModel == null || call.requestModel.isBlank())) {
      throw new RejectedRecord(Reason.MISSING_MODEL, "the model's name is empty");
    }
    if (call.durationMicros != CallDraft.ABSENT && call.durationMicros > LONGEST_MICROS) {
      throw new RejectedRecord(Reason.INVALID_TIME, "the call takes longer than 31 days");
    }
    if (call.isBucket()) {
      checkBucket(call);
      return;
    }
    // Each kind is at most 2^31 - 1 here, so that this sum does not overflow.
    long tokens =
        known(call.inputTokens)
            + known(call.cacheReadTokens)
            + known(call.cacheWrite5mTokens)
            + known(call.cacheWrite1hTokens)
            + known(call.outputTokens);
    if (tokens > Integer.MAX_VALUE) {
      throw new RejectedRecord(
          Reason.TOKENS_TOO_LARGE, "%d tokens (more than %d)".formatted(tokens, Integer.MAX_VALUE));
    }
  }

  private static void checkBucket(CallDraft bucket) throws RejectedRecord {
    if (bucket.bucketMicros <= 0 || bucket.bucketMicros > LONGEST_MICROS) {
      throw new RejectedRecord(
          Reason.INVALID_TIME, "the bucket is not between nothing and 31 days wide");
    }
    if (bucket.bucketCalls != CallDraft.ABSENT && bucket.bucketCalls < 0) {
      throw new RejectedRecord(Reason.INVALID_NUMBER, "the bucket has a negative count of calls");
    }
  }

  private static long known(long tokens) {
    return tokens == CallDraft.ABSENT ? 0 : tokens;
  }
}
