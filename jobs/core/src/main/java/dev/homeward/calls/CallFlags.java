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

  private CallFlags() {}
}
