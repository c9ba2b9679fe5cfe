package dev.homeward.replay;

import dev.homeward.calls.ApiUse;
import dev.homeward.calls.BilledTape;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.Sessions;
import dev.homeward.calls.Tape;
import dev.homeward.serving.Deployment;
import dev.homeward.units.TimeUnits;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The calls of a tape that a deployment is offered, as arrays in arrival order: those that reached
 * a model, with usage, and short enough for a replica.
 *
 * <p>Made once for a tape and a deployment and used by every replay of the two.
 */
final class Offer {
  final int size;

  /** Those of them that are sent inside the window. */
  final int counted;

  final long originMicros;
  final long lastArrivalPicos;
  final long[] arrivalPicos;
  final int[] prompt;
  final int[] cached;
  final int[] output;

  /** Whether any of it was, or is, found in a prefix cache. */
  final boolean readsPrefixes;

  /** Prompt tokens that a call finds where the replica holds them; null where none finds any. */
  final Findable findable;

  /** Tokens of the call as it is counted; the work above differs with speculative decoding. */
  final int[] promptTokens;

  final int[] outputTokens;
  final ReplayOptions.Speculation speculation;

  /** A duration that the log does not tell. */
  static final long UNKNOWN = -1;

  /** Logged time from a call's start to its end, picoseconds, or {@link #UNKNOWN}. */
  final long[] durationPicos;

  private final Tape tape;
  private final double promptRatio;
  private final BilledTape billed;
  private final int[] rows;
  private Chains chains;

  /** Calls longer than a replica's context or cache, and what they take of the API. */
  final long tooLongCalls;

  final ApiUse tooLongUse;

  Offer(
      BilledTape billed,
      Deployment deployment,
      ReplayOptions.PrefixCache prefixCache,
      ReplayOptions.Lengths lengths,
      Replay.Window window) {
    Tape tape = billed.tape;
    Sessions sessions = billed.sessions();
    int block = deployment.engine().scheduling().blockTokens();
    long longest =
        Math.min(deployment.kvCache().maxContextTokens(), deployment.kvCache().kvTokens());
    long[] arrivals = new long[tape.size];
    int[] prompts = new int[tape.size];
    int[] hits = new int[tape.size];
    int[] outputs = new int[tape.size];
    int[] countedPrompts = new int[tape.size];
    int[] countedOutputs = new int[tape.size];
    this.speculation =
        deployment.engine().scheduling().checksDrafts()
            ? lengths.speculation()
            : ReplayOptions.Speculation.NONE;
    int[] rows = new int[tape.size];
    int n = 0;
    long tooLong = 0;
    int counted = 0;
    BilledTape.Sums sumsTooLong = billed.sums();
    long origin = window.originMicros();
    for (int i = 0; i < tape.size; i++) {
      if (!tape.reachedModel(i) || !tape.hasUsage(i)) {
        continue;
      }
      if (origin == Long.MIN_VALUE) {
        origin = tape.startedAtMicros[i];
      }
      // A prompt without tokens still costs a pass.
      int total =
          Math.max(1, ReplayOptions.Lengths.scaled(tape.totalInputTokens(i), lengths.prompt()));
      int output = ReplayOptions.Lengths.scaled(tape.outputTokens[i], lengths.output());
      boolean counts = window.holds(tape.startedAtMicros[i]);
      if ((long) total + output > longest) {
        tooLong += counts ? 1 : 0;
        if (counts) {
          sumsTooLong.add(i);
        }
        continue;
      }
      counted += counts ? 1 : 0;
      arrivals[n] = Math.multiplyExact(tape.startedAtMicros[i] - origin, TimeUnits.PICOS_PER_MICRO);
      // Steps that put out several tokens are fewer; the cells and the context that the others
      // would have added are there from the start, like a prefix that needs no computing: too much
      // in the
      // beginning, right in the end.
      int steps = speculation.steps(output);
      int atOnce = output - steps;
      countedPrompts[n] = total;
      countedOutputs[n] = output;
      prompts[n] = total + atOnce;
      int logged = ReplayOptions.Lengths.scaled(tape.cacheReadTokens[i], lengths.prompt());
      boolean inSession = sessions.session(i) != Sessions.NONE;
      int granted = prefixCache.granted(total, logged, inSession);
      hits[n] = atOnce + Math.min(granted / block * block, total - 1);
      outputs[n] = steps;
      rows[n] = i;
      n++;
    }
    this.size = n;
    this.counted = counted;
    this.originMicros = origin == Long.MIN_VALUE ? 0 : origin;
    this.arrivalPicos = Arrays.copyOf(arrivals, n);
    this.prompt = Arrays.copyOf(prompts, n);
    this.cached = Arrays.copyOf(hits, n);
    this.output = Arrays.copyOf(outputs, n);
    this.promptTokens = Arrays.copyOf(countedPrompts, n);
    this.outputTokens = Arrays.copyOf(countedOutputs, n);
    this.lastArrivalPicos = n == 0 ? 0 : arrivalPicos[n - 1];
    this.promptRatio = lengths.prompt();
    this.tape = tape;
    this.billed = billed;
    this.rows = Arrays.copyOf(rows, n);
    this.durationPicos = durations(tape, this.rows);
    this.tooLongCalls = tooLong;
    this.tooLongUse = sumsTooLong.use();
    this.readsPrefixes = readsPrefixes(prefixCache);
    this.findable = Findable.of(this, prefixCache);
  }

  // Another's calls, each with all that it could find in a prefix cache.
  private Offer(Offer of) {
    this.size = of.size;
    this.counted = of.counted;
    this.originMicros = of.originMicros;
    this.lastArrivalPicos = of.lastArrivalPicos;
    this.arrivalPicos = of.arrivalPicos;
    this.prompt = of.prompt;
    this.cached = of.cached.clone();
    for (int call = 0; of.findable != null && call < size; call++) {
      cached[call] = Math.min(cached[call] + of.findable.tokens[call], prompt[call] - 1);
    }
    this.output = of.output;
    this.promptTokens = of.promptTokens;
    this.outputTokens = of.outputTokens;
    this.speculation = of.speculation;
    this.durationPicos = of.durationPicos;
    this.tape = of.tape;
    this.promptRatio = of.promptRatio;
    this.billed = of.billed;
    this.rows = of.rows;
    this.tooLongCalls = of.tooLongCalls;
    this.tooLongUse = of.tooLongUse;
    this.readsPrefixes = of.readsPrefixes;
    this.findable = null;
  }

  /** The same calls where each finds in the prefix cache all that it could. */
  Offer findingAll() {
    return new Offer(this);
  }

  private boolean readsPrefixes(ReplayOptions.PrefixCache prefixCache) {
    boolean reads = prefixCache.rule() == ReplayOptions.PrefixCache.Rule.SHARE_OF_PROMPT;
    reads &= prefixCache.share() > 0;
    for (int call = 0; call < size && !reads; call++) {
      reads = tape.cacheReadTokens[rows[call]] > 0;
    }
    return reads;
  }

  /** Prompt tokens of a call that the log says were read from the provider's cache. */
  int loggedHits(int call) {
    return ReplayOptions.Lengths.scaled(tape.cacheReadTokens[rows[call]], promptRatio);
  }

  /** Tokens in the cache when a call ends: its last one is put out and not stored. */
  int lastContext(int call) {
    return prompt[call] + Math.max(0, output[call] - 1);
  }

  /** Whether a call belongs to a session. */
  boolean hasSession(int call) {
    return tape.session[rows[call]] != CallDraft.ABSENT;
  }

  /** What calls of sessions find of earlier calls' prompts, if their replica holds it. */
  static final class Findable {
    /** The session of each call, or {@link Sessions#NONE}. */
    final int[] session;

    /** Tokens of each call's prompt that an earlier call had. */
    final int[] tokens;

    /** Of those, the tokens that calls of all sessions of its workload have. */
    final int[] common;

    /** The workload of each session. */
    final int[] workload;

    final int workloads;

    /** Of these calls; null where none finds any. */
    private static Findable of(Offer offer, ReplayOptions.PrefixCache prefixCache) {
      return prefixCache.rule() == ReplayOptions.PrefixCache.Rule.REPLAYED
              && offer.billed.sessions().count() > 0
          ? new Findable(offer, prefixCache)
          : null;
    }

    private Findable(Offer offer, ReplayOptions.PrefixCache prefixCache) {
      Sessions sessions = offer.billed.sessions();
      this.session = new int[offer.size];
      this.tokens = new int[offer.size];
      this.common = new int[offer.size];
      this.workload = new int[sessions.count()];
      this.workloads = sessions.workloads();
      Arrays.setAll(workload, sessions::workload);
      for (int call = 0; call < offer.size; call++) {
        session[call] = sessions.session(offer.rows[call]);
        if (session[call] != Sessions.NONE) {
          int of = sessions.commonTokens(workload[session[call]]);
          int logged = prefixCache.findable(offer.loggedHits(call));
          tokens[call] = Math.min(logged, offer.promptTokens[call] - 1);
          common[call] =
              Math.min(tokens[call], ReplayOptions.Lengths.scaled(of, offer.promptRatio));
        }
      }
    }

    /** Sessions of the tape. */
    int sessions() {
      return workload.length;
    }
  }

  /** Sums of calls by line of the API's bill, for {@link #row rows}. */
  BilledTape.Sums sums() {
    return billed.sums();
  }

  private static long[] durations(Tape tape, int[] rows) {
    long[] picos = new long[rows.length];
    for (int call = 0; call < rows.length; call++) {
      long duration = tape.durationMicros[rows[call]];
      picos[call] =
          duration == CallDraft.ABSENT
              ? UNKNOWN
              : Math.multiplyExact(Math.max(0, duration), TimeUnits.PICOS_PER_MICRO);
    }
    return picos;
  }

  /** The tape's row of an offered call. */
  int row(int call) {
    return rows[call];
  }

  /** How the calls of closed sessions follow one another; made when it is first asked for. */
  synchronized Chains chains() {
    if (chains == null) {
      chains = new Chains(this);
    }
    return chains;
  }

  /**
   * A call follows the call of its session that ended last, if that had ended when it was sent.
   * Calls of a session that overlap were not waiting for one another, and are sent as the log says;
   * so are calls after one whose end the log does not tell.
   */
  static final class Chains {
    /** The call that is sent when this one has ended; -1 if none. */
    final int[] next;

    /** Whether a call is sent after the end of another. */
    final boolean[] chained;

    /** How long after that end, picoseconds. */
    final long[] thinkPicos;

    /** Chains of at least two calls. */
    final int count;

    private Chains(Offer offer) {
      this.next = new int[offer.size];
      this.chained = new boolean[offer.size];
      this.thinkPicos = new long[offer.size];
      Arrays.fill(next, -1);
      Map<Long, Integer> lastOf = new HashMap<>();
      int begun = 0;
      for (int call = 0; call < offer.size; call++) {
        long session = offer.tape.session[offer.rows[call]];
        if (session == CallDraft.ABSENT) {
          continue;
        }
        Integer last = lastOf.get(session);
        if (last != null && offer.durationPicos[last] != UNKNOWN) {
          long lastEnd = offer.arrivalPicos[last] + offer.durationPicos[last];
          if (lastEnd > offer.arrivalPicos[call]) {
            continue;
          }
          begun += chained[last] ? 0 : 1;
          chained[call] = true;
          next[last] = call;
          thinkPicos[call] = offer.arrivalPicos[call] - lastEnd;
        }
        lastOf.put(session, call);
      }
      this.count = begun;
    }
  }
}
