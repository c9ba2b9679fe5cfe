package dev.homeward.calls;

/**
 * The calls of one workload key in a time window as parallel arrays, sorted by start time, ties by
 * source file and line. This is what profile, pricing and replay read: no object a call.
 *
 * <p>All arrays have length {@link #size}. Times are microseconds since 1970-01-01T00:00:00Z or
 * {@link CallDraft#ABSENT}. Tokens are disjoint kinds; a call without usage has {@link
 * #ABSENT_TOKENS} in all of them and the flag MISSING_USAGE. Arrays are shared, not copied: a
 * reader does not write into them.
 */
public final class Tape {
  /** Not said by the log. */
  public static final int ABSENT_TOKENS = -1;

  public final WorkloadKey key;
  public final int size;
  public final long[] startedAtMicros;
  public final long[] durationMicros;
  public final long[] ttftMicros;
  public final int[] inputTokens;
  public final int[] cacheReadTokens;
  public final int[] cacheWrite5mTokens;
  public final int[] cacheWrite1hTokens;
  public final int[] outputTokens;
  public final int[] reasoningTokens;
  public final long[] loggedNanoUsd;
  public final long[] session;
  public final int[] flags;

  /**
   * Ordinals of {@link ServiceTier}, {@link BillingMode}, {@link CallStatus}, {@link Operation}.
   */
  public final byte[] serviceTier;

  public final byte[] billingMode;
  public final byte[] status;
  public final byte[] operation;

  /**
   * Indexes into {@link #providers}, {@link #owners}, {@link #regions} and {@link #places}; -1 for
   * none.
   */
  public final short[] provider;

  public final short[] owner;
  public final short[] region;
  public final short[] servedBy;
  public final String[] providers;
  public final String[] owners;
  public final String[] regions;

  /** Where calls were served, as in the column served_by. */
  public final String[] places;

  /** Sound and searches by kind and call; null where no call has any, as in nearly every tape. */
  private int[][] extras;

  /** An empty tape whose calls were served by their providers, as named. */
  public Tape(WorkloadKey key, int size, String[] providers, String[] owners, String[] regions) {
    this(key, size, providers, owners, regions, null);
  }

  /** An empty tape of this size, to be filled by the one who makes it. */
  public Tape(
      WorkloadKey key,
      int size,
      String[] providers,
      String[] owners,
      String[] regions,
      String[] places) {
    this.key = key;
    this.size = size;
    this.startedAtMicros = new long[size];
    this.durationMicros = new long[size];
    this.ttftMicros = new long[size];
    this.inputTokens = new int[size];
    this.cacheReadTokens = new int[size];
    this.cacheWrite5mTokens = new int[size];
    this.cacheWrite1hTokens = new int[size];
    this.outputTokens = new int[size];
    this.reasoningTokens = new int[size];
    this.loggedNanoUsd = new long[size];
    this.session = new long[size];
    this.flags = new int[size];
    this.serviceTier = new byte[size];
    this.billingMode = new byte[size];
    this.status = new byte[size];
    this.operation = new byte[size];
    this.provider = new short[size];
    this.owner = new short[size];
    this.region = new short[size];
    this.providers = providers;
    this.owners = owners;
    this.regions = regions;
    this.servedBy = places == null ? provider : new short[size];
    this.places = places == null ? providers : places;
  }

  /** Whether any call has sound or searches. */
  public boolean hasExtras() {
    return extras != null;
  }

  /** Uncached input tokens that are sound, part of {@link #inputTokens}. */
  public int audioInputTokens(int index) {
    return extras == null ? 0 : extras[0][index];
  }

  /** Output tokens that are sound, part of {@link #outputTokens}. */
  public int audioOutputTokens(int index) {
    return extras == null ? 0 : extras[1][index];
  }

  /** Searches of the web that the call made. */
  public int webSearches(int index) {
    return extras == null ? 0 : extras[2][index];
  }

  /** Fills in what most calls do not have; whoever makes the tape does. */
  public void setExtras(int index, int audioInput, int audioOutput, int searches) {
    if (extras == null) {
      if ((audioInput | audioOutput | searches) == 0) {
        return;
      }
      extras = new int[3][size];
    }
    extras[0][index] = audioInput;
    extras[1][index] = audioOutput;
    extras[2][index] = searches;
  }

  /**
   * Whether a model worked on this call: not an answer of the proxy's own cache, and not a failure
   * that consumed nothing. Only such calls count as {@code calls} in the ranking.
   */
  public boolean reachedModel(int index) {
    if ((flags[index] & CallFlags.PROXY_CACHE_HIT) != 0) {
      return false;
    }
    return status[index] == CallStatus.SUCCESS.ordinal()
        || (hasUsage(index) && totalInputTokens(index) + outputTokens[index] > 0);
  }

  /** Whether the log said how many tokens the call took. */
  public boolean hasUsage(int index) {
    return inputTokens[index] != ABSENT_TOKENS;
  }

  /** Uncached, cache-read and cache-write input together. Call only where {@link #hasUsage}. */
  public int totalInputTokens(int index) {
    return Math.addExact(
        Math.addExact(inputTokens[index], cacheReadTokens[index]),
        Math.addExact(cacheWrite5mTokens[index], cacheWrite1hTokens[index]));
  }
}
