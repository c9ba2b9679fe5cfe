package dev.homeward.calls;

import dev.homeward.units.TimeUnits;

/**
 * Makes calls that a log does not hold: those that a bucket of a usage report counts, and those
 * that sampling left out. The calls depend on the bucket or the sampled call alone, not on where or
 * in which order they are made.
 */
public final class MadeCalls {
  /** Sampled calls are repeated within this long of themselves: half an hour to both sides. */
  private static final long SPREAD_MICROS = TimeUnits.MICROS_PER_HOUR;

  private static final double TWO_TO_53 = 0x1p53;

  private MadeCalls() {}

  /** Takes a call; the draft is reused for the next one. */
  @FunctionalInterface
  public interface Taker {
    void call(CallDraft draft);
  }

  /**
   * Whether calls can be made of a bucket: it names the model and the number of calls, and no call
   * would have more tokens than a call can have.
   */
  public static boolean canBeMade(CallDraft bucket) {
    boolean named = isNamed(bucket.requestModel) || isNamed(bucket.responseModel);
    if (!named || bucket.bucketCalls == CallDraft.ABSENT || bucket.bucketCalls <= 0) {
      return false;
    }
    // What remains of a division adds at most one token a kind.
    long share = TokenSums.of(bucket).map(TokenSums::total).orElse(0L) / bucket.bucketCalls;
    return share <= Integer.MAX_VALUE - 8L;
  }

  private static boolean isNamed(String model) {
    return model != null && !model.isEmpty();
  }

  /**
   * Makes the calls of a bucket that says how many they are. Each has an equal share of every kind
   * of token and of the dollars; the remainder goes to the first calls, so that the sums are those
   * of the bucket. Starts are drawn uniformly over the bucket: a Poisson process, given its count.
   * Real lengths and bursts inside the bucket are unknown; these are smoother.
   *
   * @param bucket with its id, by which its calls are seeded
   * @return how many were made; 0 if none can be
   */
  public static long ofBucket(CallDraft bucket, Taker taker) {
    if (!canBeMade(bucket)) {
      return 0;
    }
    long calls = bucket.bucketCalls;
    CallDraft call = new CallDraft();
    call.set(bucket);
    call.bucketMicros = CallDraft.ABSENT;
    call.bucketCalls = CallDraft.ABSENT;
    // Copies of a bucket are found before its calls are made.
    call.hasId = false;
    call.flags |= CallFlags.SYNTHESISED;
    for (long i = 0; i < calls; i++) {
      double place = uniform(bucket.idLow ^ bucket.idHigh, i);
      call.startedAtMicros =
          bucket.startedAtMicros
              + Math.min(bucket.bucketMicros - 1, (long) (place * bucket.bucketMicros));
      call.inputTokens = share(bucket.inputTokens, calls, i);
      call.cacheReadTokens = share(bucket.cacheReadTokens, calls, i);
      call.cacheWrite5mTokens = share(bucket.cacheWrite5mTokens, calls, i);
      call.cacheWrite1hTokens = share(bucket.cacheWrite1hTokens, calls, i);
      call.outputTokens = share(bucket.outputTokens, calls, i);
      call.reasoningTokens = share(bucket.reasoningTokens, calls, i);
      call.audioInputTokens = share(bucket.audioInputTokens, calls, i);
      call.audioOutputTokens = share(bucket.audioOutputTokens, calls, i);
      call.webSearches = share(bucket.webSearches, calls, i);
      call.otherUnits = share(bucket.otherUnits, calls, i);
      call.loggedNanoUsd = share(bucket.loggedNanoUsd, calls, i);
      taker.call(call);
    }
    return calls;
  }

  /**
   * Makes the calls that sampling left out for one logged call: on average {@code 1 / rate - 1}
   * copies of it, with starts within half an hour of its own.
   *
   * @param rate share of the calls that the log holds, above 0 and at most 1
   * @param seed what tells this call from others
   * @return how many were made
   */
  public static long ofSample(CallDraft call, double rate, long seed, Taker taker) {
    double more = 1 / rate - 1;
    long whole = (long) more;
    long copies = whole + (uniform(seed, -1) < more - whole ? 1 : 0);
    CallDraft copy = new CallDraft();
    for (long i = 0; i < copies; i++) {
      copy.set(call);
      copy.startedAtMicros += (long) ((uniform(seed, i) - 0.5) * SPREAD_MICROS);
      copy.flags |= CallFlags.SCALED;
      copy.hasId = false;
      taker.call(copy);
    }
    return copies;
  }

  private static long share(long sum, long calls, long index) {
    if (sum == CallDraft.ABSENT) {
      return sum;
    }
    // Rounded down, also below 0: a credit's remainder goes to the first calls, too.
    return Math.floorDiv(sum, calls) + (index < Math.floorMod(sum, calls) ? 1 : 0);
  }

  /** In [0, 1): the finaliser of MurmurHash3 over seed and index. */
  private static double uniform(long seed, long index) {
    long h = seed + (index + 1) * 0x9E3779B97F4A7C15L;
    h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
    h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
    h ^= h >>> 33;
    return (h >>> 11) / TWO_TO_53;
  }
}
