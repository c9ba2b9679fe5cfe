package dev.homeward.calls;

import java.util.Arrays;

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

  /** A tape of this size, to be filled by the one who makes it. */
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
    if (owners.length == 0) {
      Arrays.fill(owner, (short) -1);
    }
    if (regions.length == 0) {
      Arrays.fill(region, (short) -1);
    }
  }

  /** The calls of another tape, whose arrays it takes over, under these names. */
  Tape(Tape calls, String[] providers, String[] owners, String[] regions, String[] places) {
    this.key = calls.key;
    this.size = calls.size;
    this.startedAtMicros = calls.startedAtMicros;
    this.durationMicros = calls.durationMicros;
    this.ttftMicros = calls.ttftMicros;
    this.inputTokens = calls.inputTokens;
    this.cacheReadTokens = calls.cacheReadTokens;
    this.cacheWrite5mTokens = calls.cacheWrite5mTokens;
    this.cacheWrite1hTokens = calls.cacheWrite1hTokens;
    this.outputTokens = calls.outputTokens;
    this.reasoningTokens = calls.reasoningTokens;
    this.loggedNanoUsd = calls.loggedNanoUsd;
    this.session = calls.session;
    this.flags = calls.flags;
    this.serviceTier = calls.serviceTier;
    this.billingMode = calls.billingMode;
    this.status = calls.status;
    this.operation = calls.operation;
    this.provider = calls.provider;
    this.owner = calls.owner;
    this.region = calls.region;
    this.servedBy = calls.servedBy;
    this.extras = calls.extras;
    this.providers = providers;
    this.owners = owners;
    this.regions = regions;
    this.places = places;
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

  /** Copies the calls [from, to), but for their names, to another tape from {@code at} on. */
  void copyTo(Tape target, int from, int to, int at) {
    int n = to - from;
    System.arraycopy(startedAtMicros, from, target.startedAtMicros, at, n);
    System.arraycopy(durationMicros, from, target.durationMicros, at, n);
    System.arraycopy(ttftMicros, from, target.ttftMicros, at, n);
    System.arraycopy(inputTokens, from, target.inputTokens, at, n);
    System.arraycopy(cacheReadTokens, from, target.cacheReadTokens, at, n);
    System.arraycopy(cacheWrite5mTokens, from, target.cacheWrite5mTokens, at, n);
    System.arraycopy(cacheWrite1hTokens, from, target.cacheWrite1hTokens, at, n);
    System.arraycopy(outputTokens, from, target.outputTokens, at, n);
    System.arraycopy(reasoningTokens, from, target.reasoningTokens, at, n);
    System.arraycopy(loggedNanoUsd, from, target.loggedNanoUsd, at, n);
    System.arraycopy(session, from, target.session, at, n);
    System.arraycopy(flags, from, target.flags, at, n);
    System.arraycopy(serviceTier, from, target.serviceTier, at, n);
    System.arraycopy(billingMode, from, target.billingMode, at, n);
    System.arraycopy(status, from, target.status, at, n);
    System.arraycopy(operation, from, target.operation, at, n);
    for (int i = 0; hasExtras() && i < n; i++) {
      int call = from + i;
      target.setExtras(at + i, audioInputTokens(call), audioOutputTokens(call), webSearches(call));
    }
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
