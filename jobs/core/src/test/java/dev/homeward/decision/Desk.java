package dev.homeward.decision;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfiler;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.Discounts;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** A review of made-up tapes in memory: what a decision needs, without files or Spark. */
final class Desk implements Replays {
  static final Catalog CATALOG = Catalog.standard();
  static final ReviewPeriod PERIOD = period();

  /** List prices of the program's own book. */
  static final Pricer PRICER = new Pricer(PriceBook.standard(), Optional.empty());

  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final Assumptions assumptions;
  private final Policy policy;
  private final Pricer pricer;
  private final Map<WorkloadKey, Tape> tapes = new TreeMap<>();
  private final List<WorkloadCase> cases = new ArrayList<>();

  /** Requests that came. */
  long asked;

  Desk(Assumptions assumptions, Policy policy) {
    this.assumptions = assumptions;
    this.policy = policy;
    this.pricer =
        new Pricer(
            PriceBook.standard(),
            assumptions.api().priceForecastDate(),
            Discounts.of(assumptions.api().apiDiscountsPercent()));
  }

  private static ReviewPeriod period() {
    long from = Instant.parse("2026-10-01T00:00:00Z").getEpochSecond() * 1_000_000L;
    return ReviewPeriod.of(
        from,
        from + 31 * MICROS_PER_DAY - 1,
        Optional.of(YearMonth.of(2026, 10)),
        ZoneOffset.UTC,
        (a, b) -> new long[] {a, b - 1});
  }

  /** Adds a workload of random office-hour calls and gives its case. */
  WorkloadCase add(String name, String model, int calls, int prompt, int output, long seed) {
    Random random = new Random(seed);
    long[] starts = new long[calls];
    for (int i = 0; i < calls; i++) {
      long day = (long) i * 31 / calls;
      double hour = Math.max(0, Math.min(23.9, 13 + 3 * random.nextGaussian()));
      starts[i] = PERIOD.fromMicros() + day * MICROS_PER_DAY + (long) (hour * 3.6e9);
    }
    java.util.Arrays.sort(starts);
    Tape tape = tape(new WorkloadKey(name, model, "internal"), starts);
    for (int i = 0; i < calls; i++) {
      tape.inputTokens[i] = Math.max(1, (int) (prompt * Math.exp(0.5 * random.nextGaussian())));
      tape.outputTokens[i] = Math.max(1, (int) (output * Math.exp(0.5 * random.nextGaussian())));
    }
    return add(tape);
  }

  /** Calls of openai at these starts, tokens to be filled in. */
  static Tape tape(WorkloadKey key, long[] starts) {
    return tape(key, starts, "openai");
  }

  static Tape tape(WorkloadKey key, long[] starts, String provider) {
    Tape tape = new Tape(key, starts.length, new String[] {provider}, new String[0], new String[0]);
    for (int i = 0; i < starts.length; i++) {
      tape.startedAtMicros[i] = starts[i];
      tape.durationMicros[i] = CallDraft.ABSENT;
      tape.ttftMicros[i] = CallDraft.ABSENT;
      tape.loggedNanoUsd[i] = CallDraft.ABSENT;
      tape.session[i] = CallDraft.ABSENT;
      tape.status[i] = (byte) CallStatus.SUCCESS.ordinal();
      tape.owner[i] = -1;
      tape.region[i] = -1;
    }
    return tape;
  }

  WorkloadCase add(Tape tape) {
    var spend = pricer.price(tape);
    tapes.put(tape.key, tape);
    WorkloadCase workload =
        WorkloadCase.of(
            WorkloadProfiler.profile(tape),
            spend,
            PERIOD,
            policy,
            CATALOG.hostedModels().byId(tape.key.hostedModel()),
            assumptions);
    cases.add(workload);
    return workload;
  }

  /** What its calls cost under its assumptions. */
  Pricer pricer() {
    return pricer;
  }

  List<WorkloadCase> cases() {
    return cases;
  }

  Tape tape(WorkloadCase workload) {
    return tapes.get(workload.key());
  }

  ReplaySettings settings() {
    return settings(assumptions, PERIOD);
  }

  /** What replays of a log under these assumptions have in common. */
  static ReplaySettings settings(Assumptions assumptions, ReviewPeriod period) {
    Assumptions.Serving serving = assumptions.serving();
    return new ReplaySettings(
        period.observedFromMicros(),
        period.observedToMicros(),
        PrefixCaches.expected(serving),
        new ReplayOptions.Lengths(
            serving.promptTokenRatio(),
            serving.outputTokenRatio(),
            new ReplayOptions.Speculation(
                serving.speculativeDecoding().draftTokens(),
                serving.speculativeDecoding().acceptedTokens(),
                serving.speculativeDecoding().draftShare())),
        0,
        serving.sessions() == Assumptions.Loop.CLOSED);
  }

  @Override
  public List<List<Sizing.ReplayedFleet>> of(List<ReplayRequest> requests) {
    asked += requests.size();
    List<List<Sizing.ReplayedFleet>> answers = new ArrayList<>();
    for (ReplayRequest request : requests) {
      List<BilledTape> of = new ArrayList<>();
      List<ServiceLevel> levels = new ArrayList<>();
      for (WorkloadCase workload : request.workloads()) {
        of.add(pricer.billed(tapes.get(workload.key())));
        levels.add(workload.serviceLevel());
      }
      ReplaySettings settings = request.prefixCache().map(settings()::with).orElse(settings());
      answers.add(
          settings.size(of, levels, request.deployment(), request.volume(), request.bounds()));
    }
    return answers;
  }
}
