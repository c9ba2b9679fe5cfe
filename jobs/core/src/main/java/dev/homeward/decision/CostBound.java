package dev.homeward.decision;

import dev.homeward.economics.Assumptions;
import dev.homeward.pricing.PricedLine;
import dev.homeward.replay.ReplayOptions.PrefixCache;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.units.TimeUnits;
import java.util.List;

/**
 * The least that a fleet can cost a month for one workload, before any replay: some boxes, idle,
 * and at the API what so many cannot have computed. Boxes compute at the most as many tokens as fit
 * into the log's span at their fastest; they are credited with the tokens that cost most at the
 * API, and with all that needs no computing. docs/method.md has the formula with an example.
 */
final class CostBound {
  /**
   * How much longer than the log a fleet may work: one in twenty calls may be as late as it likes,
   * and what it leaves to the end is done after it.
   */
  private static final double LONGER_THAN_LOG = 1.25;

  private static final double MORE_SECONDS = 600;

  /**
   * Prompt tokens of a call that may cost nothing: one that its first output token stands for, one
   * of rounding.
   */
  private static final int FREE_TOKENS = 2;

  private final double seconds;
  private final double tokens;
  private final boolean mayOverflow;

  /** What a month costs at the API if nothing is local; 0 where that says nothing. */
  private final double apiUsd;

  /** Of what the logged calls cost at the API, that of outputs, prompts and all that is free. */
  private final double outputUsd;

  private final double promptUsd;
  private final double freeUsd;
  private final double allUsd;

  /** Most dollars for a token that is computed. */
  private final double usdPerOutput;

  private final double usdPerPrompt;

  CostBound(WorkloadCase workload, Assumptions.Serving serving) {
    long within = workload.serviceLevel().completeWithinMicros();
    double observed =
        (workload.period().observedToMicros() - workload.period().observedFromMicros())
            / (double) TimeUnits.MICROS_PER_SECOND;
    this.seconds =
        within == ServiceLevel.NONE
            ? LONGER_THAN_LOG * observed + MORE_SECONDS
            : observed + within / (double) TimeUnits.MICROS_PER_SECOND;
    this.mayOverflow = workload.mayOverflow();
    PrefixCache cache = PrefixCaches.expected(serving);
    double computed =
        serving.promptTokenRatio()
            * (cache.rule() == PrefixCache.Rule.SHARE_OF_PROMPT ? 1 - cache.share() : 1);
    double steps = serving.outputTokenRatio() / serving.speculativeDecoding().acceptedTokens();
    double calls = workload.profile().calls() * workload.volumeFactor();
    double prompts =
        (workload.profile().inputTokens() + workload.profile().cacheWriteTokens())
            * workload.volumeFactor();
    double outputs = workload.profile().outputTokens() * workload.volumeFactor();
    this.tokens = Math.max(0, prompts * computed - FREE_TOKENS * calls) + outputs * steps;
    List<PricedLine> lines = workload.spend().forecastLines();
    boolean priced =
        workload.isMetered()
            && workload.instead().isEmpty()
            && workload.spend().unpricedCalls() == 0
            && !lines.isEmpty();
    this.apiUsd =
        priced ? workload.apiForecastUsd().orElse(0) * (1 - workload.hardestShareAtApi()) : 0;
    double promptPrice = 0;
    double outputPrice = 0;
    double promptSum = 0;
    double outputSum = 0;
    double others = 0;
    for (PricedLine line : lines) {
      double usd = line.amount().toUsd() * workload.volumeFactor();
      double each = line.tokens() == 0 ? 0 : line.amount().toUsd() / line.tokens();
      switch (line.kind()) {
        case "input", "cache_write_5m", "cache_write_1h" -> {
          promptSum += usd;
          promptPrice = Math.max(promptPrice, each);
        }
        case "output" -> {
          outputSum += usd;
          outputPrice = Math.max(outputPrice, each);
        }
        default -> others += usd;
      }
    }
    this.promptUsd = promptSum;
    this.outputUsd = outputSum;
    this.allUsd = promptSum + outputSum + others;
    this.usdPerPrompt = computed > 0 ? promptPrice / computed : Double.POSITIVE_INFINITY;
    this.usdPerOutput = outputPrice / steps;
    this.freeUsd = others + Math.min(promptSum, FREE_TOKENS * calls * usdPerPrompt);
  }

  /**
   * The least a month.
   *
   * @param idleUsd one box that makes no call
   * @param boxUsd one box more
   * @param tokenSeconds the least time of a box for a token
   */
  double usd(double idleUsd, double boxUsd, double tokenSeconds) {
    double boxTokens = seconds / tokenSeconds;
    if (boxUsd <= 0 || boxTokens <= 0 || !(tokens > boxTokens)) {
      return idleUsd;
    }
    double enough = Math.ceil(tokens / boxTokens);
    if (!mayOverflow) {
      return idleUsd + (enough - 1) * boxUsd;
    }
    // The cost of so many boxes falls and then rises: each of them serves what is worth less.
    double least = idleUsd + overflowUsd(boxTokens);
    for (double boxes = 2; boxes <= enough && apiUsd > 0; boxes++) {
      double usd = idleUsd + (boxes - 1) * boxUsd + overflowUsd(boxes * boxTokens);
      if (usd > least) {
        break;
      }
      least = usd;
    }
    return least;
  }

  // At the API for all that is beyond so many tokens, the dearest of which are local.
  private double overflowUsd(double local) {
    boolean outputsFirst = usdPerOutput >= usdPerPrompt;
    double first = outputsFirst ? usdPerOutput : usdPerPrompt;
    double firstUsd = outputsFirst ? outputUsd : promptUsd;
    double second = outputsFirst ? usdPerPrompt : usdPerOutput;
    double secondUsd = outputsFirst ? promptUsd : outputUsd;
    double served = freeUsd + Math.min(firstUsd, local * first);
    double rest = local - (first > 0 ? firstUsd / first : 0);
    served += Math.max(0, Math.min(secondUsd, rest * second));
    return allUsd <= 0 ? 0 : apiUsd * Math.max(0, 1 - served / allUsd);
  }
}
