package dev.homeward.calls;

/** Bits that say what is special about a call; stored in the {@code flags} column of calls/. */
public final class CallFlags {
  /** The record carries no token counts: kept, counted, and never taken as zero tokens. */
  public static final int MISSING_USAGE = 1;

  /** Answered by the proxy's own response cache: avoided volume, not served volume. */
  public static final int PROXY_CACHE_HIT = 1 << 1;

  /** The answer was streamed, so {@code ttft_us} is a real time to first token. */
  public static final int STREAMED = 1 << 2;

  /** Token counts are the log's own estimate. */
  public static final int ESTIMATED_USAGE = 1 << 3;

  /** The source had no time zone; the time was read in the stated source zone. */
  public static final int ZONE_ASSUMED = 1 << 4;

  /** The workload, model or class was given on the command line, not by the record. */
  public static final int GIVEN_BY_USER = 1 << 5;

  /** A retry or a fallback: an attempt before it, for the same answer, had failed. */
  public static final int RETRIED = 1 << 6;

  /** The answer was broken off before its end: what was used may be more than what is logged. */
  public static final int INTERRUPTED = 1 << 7;

  /** Made up inside a bucket of a usage report: neither arrival nor size was seen. */
  public static final int SYNTHESISED = 1 << 8;

  /** Stands for itself or for a call that sampling left out of the log. */
  public static final int SCALED = 1 << 9;

  /** The source does not tell cached input: all of it counts as uncached, an upper bound. */
  public static final int NO_CACHE_SPLIT = 1 << 10;

  /**
   * The record holds counts that no rule of its source explains: a total that its parts do not add
   * up to, or usage of a kind that is not known. They are left out.
   */
  public static final int UNEXPLAINED = 1 << 11;

  /**
   * Nothing says whether the input contains the cached tokens: read as the source's conventions
   * say, which some of its writers do not keep.
   */
  public static final int CACHE_IN_DOUBT = 1 << 12;

  /** Every bit that has a meaning. */
  public static final int ALL = (1 << 13) - 1;

  private CallFlags() {}
}
