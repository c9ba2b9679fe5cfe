package dev.homeward.replay;

import java.io.Serializable;

/**
 * How a replay is to run.
 *
 * @param replicas model instances, at least 1
 * @param inFlightCap calls a replica may hold, waiting and running; a call that finds all replicas
 *     full goes to the API; {@link #NO_CAP} never overflows
 * @param prefixCache which prompt tokens the engine finds in its prefix cache
 * @param serviceLevel for attainment
 * @param hoursPerDay hours a day the box is up, 1-24; calls outside overflow
 * @param startHour first hour of that, 0-23, of the day that begins at {@code dayOffsetMicros}
 * @param dayOffsetMicros offset of the business day from the UTC day
 * @param closedLoop whether calls of one session keep their think time: the next one is sent so
 *     long after the last one's replayed end as the log says it was after its logged end. Otherwise
 *     every call is sent when the log says
 * @param releaseAfterMicros idle time after which a replica is given back and no longer paid for;
 *     {@link #NEVER} if it is kept
 * @param coldStartMicros from asking for a replica to its first step, once it was given back
 */
public record ReplayOptions(
    int replicas,
    int inFlightCap,
    PrefixCache prefixCache,
    ServiceLevel serviceLevel,
    int hoursPerDay,
    int startHour,
    long dayOffsetMicros,
    boolean closedLoop,
    long releaseAfterMicros,
    long coldStartMicros)
    implements Serializable {

  /** A replica is kept however long it idles. */
  public static final long NEVER = Long.MAX_VALUE;

  /** No bound on calls in flight: nothing overflows. */
  public static final int NO_CAP = Integer.MAX_VALUE;

  /** Always up, open loop. */
  public static ReplayOptions always(
      int replicas, int inFlightCap, PrefixCache prefixCache, ServiceLevel level) {
    return new ReplayOptions(replicas, inFlightCap, prefixCache, level, 24, 0, 0, false, NEVER, 0);
  }

  /** The same with other replicas and cap. */
  public ReplayOptions with(int otherReplicas, int otherCap) {
    return new ReplayOptions(
        otherReplicas,
        otherCap,
        prefixCache,
        serviceLevel,
        hoursPerDay,
        startHour,
        dayOffsetMicros,
        closedLoop,
        releaseAfterMicros,
        coldStartMicros);
  }

  /** The same with another service level. */
  public ReplayOptions with(ServiceLevel level) {
    return new ReplayOptions(
        replicas,
        inFlightCap,
        prefixCache,
        level,
        hoursPerDay,
        startHour,
        dayOffsetMicros,
        closedLoop,
        releaseAfterMicros,
        coldStartMicros);
  }

  /** The same with sessions that keep their think time, or without. */
  public ReplayOptions withClosedLoop(boolean closed) {
    return new ReplayOptions(
        replicas,
        inFlightCap,
        prefixCache,
        serviceLevel,
        hoursPerDay,
        startHour,
        dayOffsetMicros,
        closed,
        releaseAfterMicros,
        coldStartMicros);
  }

  /** The same with replicas that are given back when idle. */
  public ReplayOptions withRelease(long afterMicros, long startMicros) {
    return new ReplayOptions(
        replicas,
        inFlightCap,
        prefixCache,
        serviceLevel,
        hoursPerDay,
        startHour,
        dayOffsetMicros,
        closedLoop,
        afterMicros,
        startMicros);
  }

  /**
   * Which prompt tokens are local prefix-cache hits.
   *
   * @param rule how they are found
   * @param share of every prompt, or of the logged cache reads of calls without a session; in [0,
   *     1]
   * @param inSession share of the logged cache reads of a session's call that is found if the
   *     replica still holds it, in [0, 1]
   */
  public record PrefixCache(Rule rule, double share, double inSession) implements Serializable {
    /** How hits are found. */
    public enum Rule {
      /** A share of every prompt. */
      SHARE_OF_PROMPT,
      /** What the log says was read from the provider's cache. */
      AS_LOGGED,
      /**
       * Of what the log says was read from the provider's cache: in sessions, as much as the
       * replica still holds of the session's earlier calls; without a session, a share.
       */
      REPLAYED
    }

    /** Every prompt token is computed. */
    public static final PrefixCache OFF = ofPrompts(0);

    /** Cache reads of the log are local prefix hits. */
    public static final PrefixCache AS_LOGGED = new PrefixCache(Rule.AS_LOGGED, 0, 0);

    public PrefixCache {
      if (!(share >= 0 && share <= 1) || !(inSession >= 0 && inSession <= 1)) {
        throw new IllegalArgumentException(
            "Invalid shares of prompts in the cache: %s, %s (from 0 to 1)"
                .formatted(share, inSession));
      }
    }

    /** A share of every prompt. */
    public static PrefixCache ofPrompts(double share) {
      return new PrefixCache(Rule.SHARE_OF_PROMPT, share, 0);
    }

    /** What replicas still hold of sessions, and a share of what was read without a session. */
    public static PrefixCache replayed(double inSession, double withoutSession) {
      return new PrefixCache(Rule.REPLAYED, withoutSession, inSession);
    }

    /** Hits of a prompt whatever the replica holds, before they are cut to whole blocks. */
    int granted(int promptTokens, int loggedHits, boolean inASession) {
      return switch (rule) {
        case SHARE_OF_PROMPT -> (int) (promptTokens * share);
        case AS_LOGGED -> loggedHits;
        case REPLAYED -> inASession ? 0 : (int) (loggedHits * share);
      };
    }

    /** Hits of a prompt of a session if the replica holds them. */
    int findable(int loggedHits) {
      return (int) (loggedHits * inSession);
    }
  }

  /**
   * What becomes of a call's tokens: those of the local model for one of the hosted one (tokenizers
   * differ, and so do answers), and how many a step puts out.
   *
   * @param prompt factor on prompts
   * @param output factor on outputs
   * @param speculation drafts that are checked in a step
   */
  public record Lengths(double prompt, double output, Speculation speculation)
      implements Serializable {
    /** As logged, one token a step. */
    public static final Lengths AS_LOGGED = new Lengths(1, 1, Speculation.NONE);

    public Lengths {
      if (!(prompt > 0 && prompt <= 100) || !(output > 0 && output <= 100)) {
        throw new IllegalArgumentException(
            "Invalid ratios of tokens: %s, %s (above 0, at most 100)".formatted(prompt, output));
      }
    }

    static int scaled(int tokens, double factor) {
      return factor == 1 ? tokens : Math.toIntExact((long) Math.ceil(tokens * factor));
    }
  }

  /**
   * Speculative decoding: each step checks so many drafted tokens of every sequence and puts out
   * those accepted, the mean of which is taken for each step.
   *
   * @param draftTokens checked in a step beside the next token
   * @param acceptedTokens put out in a step, from 1 to draftTokens + 1
   * @param draftShare time of drafting over that of the step's own products
   */
  public record Speculation(int draftTokens, double acceptedTokens, double draftShare)
      implements Serializable {
    /** One token a step. */
    public static final Speculation NONE = new Speculation(0, 1, 0);

    public Speculation {
      if (draftTokens < 0
          || draftTokens > 64
          || !(acceptedTokens >= 1 && acceptedTokens <= draftTokens + 1)
          || !(draftShare >= 0 && draftShare <= 10)) {
        throw new IllegalArgumentException(
            "Invalid speculation: %d drafted, %s put out a step, drafting %s of a step"
                .formatted(draftTokens, acceptedTokens, draftShare));
      }
    }

    /** Tokens that a step computes for each decoding sequence. */
    int width() {
      return 1 + draftTokens;
    }

    /** Steps that put out so many tokens, the prompt's own step included. */
    int steps(int outputTokens) {
      return outputTokens <= 1 || acceptedTokens == 1
          ? outputTokens
          : 1 + (int) Math.ceil((outputTokens - 1) / acceptedTokens);
    }
  }
}
