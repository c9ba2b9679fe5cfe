package dev.homeward.decision;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfiler;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.ApiQuote;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.units.InvalidInput;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Calls of one kind that come at random all day long, every day of a month of 30 days: what
 * articles compute with, and what somebody without a log can ask about. Decided as a log is, by
 * replays.
 *
 * <p>A day is replayed, or of many calls a part of a day with 50,000, and what it costs is scaled
 * to the month.
 *
 * @param hostedModel canonical id, such as {@code gpt-4o-mini}
 * @param perDay calls a day
 * @param inputTokens of a call, none of them cached
 * @param outputTokens of a call
 */
public record SteadyCalls(String hostedModel, int perDay, int inputTokens, int outputTokens) {
  /** The workload's name in what is decided. */
  public static final String NAME = "calls";

  private static final int DAYS = 30;
  private static final int MOST_REPLAYED = 50_000;
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final YearMonth MONTH = YearMonth.of(2026, 9);
  private static final int PASSED = 9_000;

  public SteadyCalls {
    if (perDay < 1 || inputTokens < 1 || outputTokens < 1) {
      throw new InvalidInput(
          "Invalid calls: %d a day, %d tokens in, %d out (each must be at least 1)"
              .formatted(perDay, inputTokens, outputTokens));
    }
  }

  /** Dollars of a month at list prices; empty if the price book does not know the model. */
  public Optional<Double> apiUsd() {
    Pricer pricer = pricer();
    ApiQuote quote = pricer.quote(pricer.billed(tape(1, 1)).use());
    return quote instanceof ApiQuote.Known known
        ? Optional.of(known.usd() * perDay * DAYS)
        : Optional.empty();
  }

  /**
   * The verdict on them, with every alternative.
   *
   * @param boxes ids of the hardware to try; none: what a review tries by default
   * @param goodEnough ids of local models that are taken to have passed an evaluation
   */
  public RankedWorkload decide(
      Assumptions assumptions, List<String> boxes, List<String> goodEnough) {
    Policy policy =
        boxes.isEmpty() ? Policy.defaults() : Policy.defaults().withHardware(NAME, boxes);
    int calls = Math.min(perDay, MOST_REPLAYED);
    double days = (double) calls / perDay;
    Tape tape = tape(calls, days);
    long from = tape.startedAtMicros[0];
    long to = from + (long) (MICROS_PER_DAY * days);
    ReviewPeriod period =
        new ReviewPeriod(
            MONTH,
            ZoneOffset.UTC,
            from,
            from + DAYS * MICROS_PER_DAY,
            from,
            to,
            (double) (to - from) / (DAYS * MICROS_PER_DAY));
    Catalog catalog = Catalog.standard();
    Pricer pricer = pricer();
    WorkloadCase workload =
        WorkloadCase.of(
            WorkloadProfiler.profile(tape),
            pricer.price(tape),
            period,
            policy,
            catalog.hostedModels().byId(hostedModel),
            assumptions);
    ReplaySettings settings =
        new ReplaySettings(
            from, to, ReplayOptions.PrefixCache.OFF, ReplayOptions.Lengths.AS_LOGGED, 0, false);
    Replays replays =
        requests ->
            requests.stream()
                .map(
                    r ->
                        settings.size(
                            List.of(pricer.billed(tape)),
                            List.of(workload.serviceLevel()),
                            r.deployment(),
                            r.volume(),
                            r.bounds()))
                .toList();
    return new DecideStep(catalog, pricer, policy, passed(goodEnough), assumptions)
        .decide(List.of(workload), replays)
        .ranking()
        .get(0);
  }

  private static Evaluations passed(List<String> models) {
    return new Evaluations(
        models.stream()
            .map(
                model ->
                    new Evaluations.Evidence(
                        NAME,
                        model,
                        "assumed good enough",
                        0.9,
                        0.9,
                        PASSED,
                        0,
                        0,
                        "assumed",
                        0,
                        ""))
            .toList());
  }

  private static Pricer pricer() {
    return new Pricer(PriceBook.standard(), Optional.<LocalDate>empty());
  }

  // Uniform starts are what calls of many independent callers look like.
  private Tape tape(int calls, double days) {
    long from = MONTH.atDay(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000L;
    Random random = new Random(1);
    long[] starts = new long[calls];
    for (int i = 0; i < calls; i++) {
      starts[i] = from + (long) (random.nextDouble() * MICROS_PER_DAY * days);
    }
    Arrays.sort(starts);
    String maker =
        Catalog.standard()
            .hostedModels()
            .byId(hostedModel)
            .orElseThrow(() -> new InvalidInput("Unknown hosted model: " + hostedModel))
            .provider();
    Tape tape =
        new Tape(
            new WorkloadKey(NAME, hostedModel, "internal"),
            calls,
            new String[] {maker},
            new String[0],
            new String[0]);
    System.arraycopy(starts, 0, tape.startedAtMicros, 0, calls);
    for (long[] unknown :
        new long[][] {tape.durationMicros, tape.ttftMicros, tape.loggedNanoUsd, tape.session}) {
      Arrays.fill(unknown, CallDraft.ABSENT);
    }
    Arrays.fill(tape.status, (byte) CallStatus.SUCCESS.ordinal());
    Arrays.fill(tape.owner, (short) -1);
    Arrays.fill(tape.region, (short) -1);
    Arrays.fill(tape.inputTokens, inputTokens);
    Arrays.fill(tape.outputTokens, outputTokens);
    return tape;
  }
}
