package dev.homeward.pricing;

import dev.homeward.calls.Tape;
import dev.homeward.calls.Tapes;
import dev.homeward.calls.TokenSums;
import dev.homeward.catalog.Providers;
import dev.homeward.units.NanoUsd;
import dev.homeward.units.TimeUnits;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the log holds of a hosted model at a provider on a UTC day: the side of the log in a
 * comparison with what the provider billed.
 *
 * @param provider one word; empty where the log names none
 */
public record DailyUse(String hostedModel, String provider, LocalDate day, Use use) {

  /**
   * Calls that reached a model, added up.
   *
   * @param withoutUsage of {@code calls}: without token counts, so that {@code tokens} is too low
   * @param tokens of the calls that have token counts
   * @param apiCost at the price book of the day; empty where some tokens have no price
   * @param loggedCost the log's own figures; empty where a call has none
   */
  public record Use(
      long calls,
      long withoutUsage,
      TokenSums tokens,
      Optional<NanoUsd> apiCost,
      Optional<NanoUsd> loggedCost) {
    /** No call. */
    public static final Use NONE =
        new Use(0, 0, TokenSums.ZERO, Optional.of(NanoUsd.ZERO), Optional.of(NanoUsd.ZERO));

    public Use plus(Use o) {
      return new Use(
          calls + o.calls,
          withoutUsage + o.withoutUsage,
          tokens.plus(o.tokens),
          apiCost.flatMap(c -> o.apiCost.map(c::plus)),
          loggedCost.flatMap(c -> o.loggedCost.map(c::plus)));
    }

    /** The price book's figure, else the log's own. */
    public Optional<NanoUsd> cost() {
      return apiCost.or(() -> loggedCost);
    }
  }

  /** A tape by day and provider. */
  public static List<DailyUse> of(Tape tape, Pricer pricer) {
    List<DailyUse> uses = new ArrayList<>();
    int from = 0;
    while (from < tape.size) {
      long day = Math.floorDiv(tape.startedAtMicros[from], TimeUnits.MICROS_PER_DAY);
      int to = from + 1;
      while (to < tape.size && tape.startedAtMicros[to] < (day + 1) * TimeUnits.MICROS_PER_DAY) {
        to++;
      }
      for (int provider = -1; provider < tape.providers.length; provider++) {
        int[] calls = new int[to - from];
        int size = 0;
        for (int i = from; i < to; i++) {
          if (tape.provider[i] == provider && tape.reachedModel(i)) {
            calls[size++] = i;
          }
        }
        if (size > 0) {
          String name = provider < 0 ? null : tape.providers[provider];
          uses.add(
              new DailyUse(
                  tape.key.hostedModel(),
                  Providers.canonical(name),
                  LocalDate.ofEpochDay(day),
                  use(Tapes.select(tape, calls, size), pricer)));
        }
      }
      from = to;
    }
    return uses;
  }

  private static Use use(Tape calls, Pricer pricer) {
    WorkloadSpend spend = pricer.price(calls);
    TokenSums tokens = TokenSums.ZERO;
    long withoutUsage = 0;
    for (int i = 0; i < calls.size; i++) {
      if (!calls.hasUsage(i)) {
        withoutUsage++;
        continue;
      }
      tokens =
          tokens.plus(
              new TokenSums(
                  calls.inputTokens[i],
                  calls.cacheReadTokens[i],
                  calls.cacheWrite5mTokens[i],
                  calls.cacheWrite1hTokens[i],
                  calls.outputTokens[i],
                  calls.reasoningTokens[i]));
    }
    boolean allPriced = spend.unpricedCalls() == withoutUsage;
    return new Use(
        calls.size,
        withoutUsage,
        tokens,
        allPriced ? spend.apiCost() : Optional.empty(),
        spend.loggedCalls() == calls.size ? spend.loggedCost() : Optional.empty());
  }
}
