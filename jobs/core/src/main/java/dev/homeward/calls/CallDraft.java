package dev.homeward.calls;

import java.util.ArrayList;
import java.util.List;

/**
 * One call, or one bucket of calls of a usage report, as a log adapter read it, before policy has
 * said whose it is. Mutable and reused from record to record: an adapter clears it, fills what the
 * record says and leaves the rest absent.
 *
 * <p>Token kinds are disjoint: {@link #inputTokens} is the uncached part only and {@link
 * #reasoningTokens} is contained in {@link #outputTokens}. Absent numbers are {@link #ABSENT};
 * absent texts are null. This is the one place where absence is a sentinel, because the inner loop
 * of ingest allocates nothing a field.
 */
public final class CallDraft {
  /** Not said by the record. Unknown is never 0. */
  public static final long ABSENT = Long.MIN_VALUE;

  // Identity: copies of one call share id; see Duplicates.
  /** 128-bit hash of the call's id within its source; meaningful only when {@link #hasId}. */
  public long idHigh;

  public long idLow;
  public boolean hasId;

  /** Hash of a second part of the id (a request id); 0 if the format has none. */
  public long idSecond;

  /** A copy that yields to any other copy of the same id (a sidechain of Claude Code). */
  public boolean weakCopy;

  /** The id itself, only when the user asked to keep ids. */
  public String id;

  // Place in a trace: what stands above another call of its trace repeats it; see Nested.
  /** Hash of the trace; {@link #ABSENT} where the source has none. */
  public long trace;

  /** Hash of the span within the trace. */
  public long span;

  /** Hash of the span above; {@link #ABSENT} where there is none. */
  public long parentSpan;

  public String provider;
  public String region;

  /**
   * Address of the server that answered, a host name or a URL; null where the record does not say.
   * It helps to tell where a call was served and is not kept.
   */
  public String serverAddress;

  /**
   * Where the call was served, such as {@code bedrock/us}; found from the rest of the record when
   * it is named, null until then.
   */
  public String servedBy;

  public String requestModel;
  public String responseModel;
  public Operation operation = Operation.CHAT;
  public ServiceTier serviceTier = ServiceTier.STANDARD;

  /** Start of the call, microseconds since 1970-01-01T00:00:00Z. */
  public long startedAtMicros;

  /** Start to last token, microseconds. */
  public long durationMicros;

  /** Start to first token, microseconds. */
  public long ttftMicros;

  public long inputTokens;
  public long cacheReadTokens;
  public long cacheWrite5mTokens;
  public long cacheWrite1hTokens;
  public long outputTokens;
  public long reasoningTokens;

  /** Of the input tokens, cached or not: sound. */
  public long audioInputTokens;

  /** Of {@link #outputTokens}: sound. */
  public long audioOutputTokens;

  /** Searches of the web that the call made and that are charged by piece. */
  public long webSearches;

  /** Units that are not tokens (images, web searches), as a count. */
  public long otherUnits;

  /** What the log says the call cost, nano-dollars. */
  public long loggedNanoUsd;

  public CallStatus status = CallStatus.SUCCESS;

  /** Hash of the session or conversation id; {@link #ABSENT} if none. Never the id itself. */
  public long session;

  /** Bits of {@link CallFlags}. */
  public int flags;

  /**
   * Width of the bucket that begins at {@link #startedAtMicros}, microseconds; {@link #ABSENT}
   * where the draft is one call. Tokens and dollars of a bucket are sums over its calls.
   */
  public long bucketMicros;

  /** Calls in the bucket; {@link #ABSENT} where the report does not say. */
  public long bucketCalls;

  /** One-based line of the record in its file (first line, where it spans several). */
  public long sourceLine;

  /** Names by which policy rules find the workload, class and owner: see {@link Attributes}. */
  public final Attributes attributes = new Attributes();

  public CallDraft() {
    clear();
  }

  /** Whether this is a bucket of calls rather than one call. */
  public boolean isBucket() {
    return bucketMicros != ABSENT;
  }

  /** Whether it has a place in a trace. */
  public boolean isInTrace() {
    return trace != ABSENT && span != ABSENT;
  }

  /** Takes over what another draft says, attributes and all. */
  public void set(CallDraft other) {
    idHigh = other.idHigh;
    idLow = other.idLow;
    hasId = other.hasId;
    idSecond = other.idSecond;
    weakCopy = other.weakCopy;
    id = other.id;
    trace = other.trace;
    span = other.span;
    parentSpan = other.parentSpan;
    provider = other.provider;
    region = other.region;
    serverAddress = other.serverAddress;
    servedBy = other.servedBy;
    requestModel = other.requestModel;
    responseModel = other.responseModel;
    operation = other.operation;
    serviceTier = other.serviceTier;
    startedAtMicros = other.startedAtMicros;
    durationMicros = other.durationMicros;
    ttftMicros = other.ttftMicros;
    inputTokens = other.inputTokens;
    cacheReadTokens = other.cacheReadTokens;
    cacheWrite5mTokens = other.cacheWrite5mTokens;
    cacheWrite1hTokens = other.cacheWrite1hTokens;
    outputTokens = other.outputTokens;
    reasoningTokens = other.reasoningTokens;
    audioInputTokens = other.audioInputTokens;
    audioOutputTokens = other.audioOutputTokens;
    webSearches = other.webSearches;
    otherUnits = other.otherUnits;
    loggedNanoUsd = other.loggedNanoUsd;
    status = other.status;
    session = other.session;
    flags = other.flags;
    bucketMicros = other.bucketMicros;
    bucketCalls = other.bucketCalls;
    sourceLine = other.sourceLine;
    attributes.clear();
    for (int i = 0; i < other.attributes.size(); i++) {
      attributes.add(other.attributes.source(i), other.attributes.value(i));
    }
  }

  /** Makes everything absent again. */
  public void clear() {
    idHigh = 0;
    idLow = 0;
    hasId = false;
    idSecond = 0;
    weakCopy = false;
    id = null;
    trace = ABSENT;
    span = ABSENT;
    parentSpan = ABSENT;
    provider = null;
    region = null;
    serverAddress = null;
    servedBy = null;
    requestModel = null;
    responseModel = null;
    operation = Operation.CHAT;
    serviceTier = ServiceTier.STANDARD;
    startedAtMicros = ABSENT;
    durationMicros = ABSENT;
    ttftMicros = ABSENT;
    inputTokens = ABSENT;
    cacheReadTokens = ABSENT;
    cacheWrite5mTokens = ABSENT;
    cacheWrite1hTokens = ABSENT;
    outputTokens = ABSENT;
    reasoningTokens = ABSENT;
    audioInputTokens = ABSENT;
    audioOutputTokens = ABSENT;
    webSearches = ABSENT;
    otherUnits = ABSENT;
    loggedNanoUsd = ABSENT;
    status = CallStatus.SUCCESS;
    session = ABSENT;
    flags = 0;
    bucketMicros = ABSENT;
    bucketCalls = ABSENT;
    sourceLine = 0;
    attributes.clear();
  }

  /**
   * The names a record carries, as (source, value) pairs in the order read. Sources are {@code
   * project}, {@code tag}, {@code metadata.KEY}, {@code key-alias}, {@code team}, {@code service},
   * {@code path}, {@code workload}, {@code data-class}, {@code owner}. User ids, keys and addresses
   * are never put here.
   */
  public static final class Attributes {
    private final List<String> sources = new ArrayList<>();
    private final List<String> values = new ArrayList<>();

    public void add(String source, String value) {
      sources.add(source);
      values.add(value);
    }

    public int size() {
      return sources.size();
    }

    public String source(int index) {
      return sources.get(index);
    }

    public String value(int index) {
      return values.get(index);
    }

    public void clear() {
      sources.clear();
      values.clear();
    }
  }
}
