package dev.homeward.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.BilledTape;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfiler;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.decision.Alternative;
import dev.homeward.decision.CachedReplays;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.MoneyBasis;
import dev.homeward.decision.PrefixCaches;
import dev.homeward.decision.ReplayRequest;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.economics.Assumptions;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.Fleet;
import dev.homeward.keeping.Replayed;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing;
import dev.homeward.report.PlanSummary;
import dev.homeward.report.Realised;
import dev.homeward.report.ReviewHistory;
import dev.homeward.report.Reviewed;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;

/** A review of made-up calls in memory: decided as a review is, on two boxes, without files. */
final class MadeReview {
  static final long MICROS_PER_DAY = 86_400_000_000L;

  private static final Catalog CATALOG = Catalog.standard();
  private static final PriceBook PRICES = PriceBook.standard();
  private static final ReviewPeriod PERIOD = period();
  private final Policy policy =
      Policy.parse("{\"hardware\":[\"rtx-4090\",\"rtx-pro-6000\"],\"enough-evidence\":\"tier\"}");

  private final Assumptions assumptions = Assumptions.defaults();
  private final Pricer pricer = new Pricer(PRICES, Optional.empty());
  private final Map<WorkloadKey, Tape> tapes = new TreeMap<>();

  private static ReviewPeriod period() {
    long from = Instant.parse("2026-10-01T00:00:00Z").getEpochSecond() * 1_000_000L;
    return ReviewPeriod.of(
        from,
        from + 31 * MICROS_PER_DAY - 1,
        Optional.of(YearMonth.of(2026, 10)),
        ZoneOffset.UTC,
        (a, b) -> new long[] {a, b - 1});
  }

  /** Adds a workload of calls around 13 o'clock. */
  MadeReview add(String name, String model, String dataClass, int calls, int prompt, int output) {
    Random random = new Random(name.hashCode());
    long[] starts = new long[calls];
    for (int i = 0; i < calls; i++) {
      long day = (long) i * 31 / calls;
      double hour = Math.max(0, Math.min(23.9, 13 + 3 * random.nextGaussian()));
      starts[i] = PERIOD.fromMicros() + day * MICROS_PER_DAY + (long) (hour * 3.6e9);
    }
    Arrays.sort(starts);
    Tape tape =
        new Tape(
            new WorkloadKey(name, model, dataClass),
            calls,
            new String[] {"openai"},
            new String[0],
            new String[0]);
    for (int i = 0; i < calls; i++) {
      tape.startedAtMicros[i] = starts[i];
      tape.durationMicros[i] = CallDraft.ABSENT;
      tape.ttftMicros[i] = CallDraft.ABSENT;
      tape.loggedNanoUsd[i] = CallDraft.ABSENT;
      tape.session[i] = CallDraft.ABSENT;
      tape.status[i] = (byte) CallStatus.SUCCESS.ordinal();
      tape.owner[i] = -1;
      tape.region[i] = -1;
      tape.inputTokens[i] = Math.max(1, (int) (prompt * Math.exp(0.5 * random.nextGaussian())));
      tape.outputTokens[i] = Math.max(1, (int) (output * Math.exp(0.5 * random.nextGaussian())));
    }
    tapes.put(tape.key, tape);
    return this;
  }

  /** The review of them. */
  Reviewed reviewed() {
    List<WorkloadCase> cases = new ArrayList<>();
    for (Tape tape : tapes.values()) {
      cases.add(
          WorkloadCase.of(
              WorkloadProfiler.profile(tape),
              pricer.price(tape),
              PERIOD,
              policy,
              CATALOG.hostedModels().byId(tape.key.hostedModel()),
              assumptions));
    }
    CachedReplays replays = new CachedReplays(this::replay, settings(), pricer);
    DecideStep.Decision decision =
        new DecideStep(CATALOG, pricer, policy, Evaluations.none(), assumptions)
            .decide(cases, replays);
    return new Reviewed(
        "made0123456789ab",
        "test",
        PERIOD,
        decision,
        new Reviewed.Settings(CATALOG, PRICES, policy, Evaluations.none(), assumptions),
        summary(decision),
        Optional.empty(),
        hours(decision),
        (key, day) -> {
          throw new IllegalStateException("The page reads no calls");
        },
        replays.entries().stream().map(MoneyBasis.Answered::of).toList(),
        new Reviewed.Beside(
            Optional.of(new Reviewed.Since("2026-09", List.of("one <b>change</b>"))),
            List.of(
                month("2026-09", OptionalDouble.empty()),
                month("2026-10", OptionalDouble.of(90)))));
  }

  private static ReviewHistory.Month month(String month, OptionalDouble realised) {
    return new ReviewHistory.Month(
        month,
        "<i>" + month,
        "id",
        "small-team",
        OptionalDouble.of(1),
        1000,
        4,
        OptionalDouble.of(1234.5),
        Map.of("MOVE", 1L, "KEEP_API", 3L),
        1,
        OptionalDouble.of(100),
        OptionalDouble.of(-5),
        OptionalDouble.of(200),
        OptionalDouble.of(0.9),
        OptionalDouble.of(5200),
        Map.of("rtx-4090", 2),
        realised.isPresent() ? OptionalDouble.of(100) : OptionalDouble.empty(),
        realised);
  }

  private static List<Replayed.Chosen> hours(DecideStep.Decision decision) {
    List<Replayed.Chosen> hours = new ArrayList<>();
    decision
        .ranking()
        .forEach(
            w ->
                w.chosen()
                    .flatMap(Alternative::fleet)
                    .ifPresent(
                        fleet ->
                            hours.add(
                                new Replayed.Chosen(
                                    Replayed.Key.of(w.workload().key()),
                                    new Replayed.On("", "", "", ""),
                                    Fleet.of(fleet)))));
    return hours;
  }

  private static ObjectNode summary(DecideStep.Decision decision) {
    ObjectNode n = Codec.object();
    n.put(
        "calls", decision.ranking().stream().mapToLong(w -> w.workload().profile().calls()).sum());
    n.put(
        "api_forecast_monthly_usd",
        decision.ranking().stream()
            .mapToDouble(w -> w.workload().apiForecastUsd().orElse(0))
            .sum());
    PlanSummary.write(decision, n);
    Realised.write(
        List.of(
            new Realised(
                Map.of(
                    Realised.Column.WORKLOAD,
                    "moved",
                    Realised.Column.DATA_CLASS,
                    "internal",
                    Realised.Column.PROMISED_IN,
                    "2026-09",
                    Realised.Column.PROMISED_SAVING_USD,
                    new BigDecimal("100.00"),
                    Realised.Column.REALISED_SAVING_USD,
                    new BigDecimal("90.00")))),
        n);
    ObjectNode quality = n.putObject("data_quality");
    quality.put("records", n.get("calls").asLong());
    quality.put("rejected", 0);
    quality.put("untagged_share", 0);
    quality.putArray("unpriced");
    return n;
  }

  private ReplaySettings settings() {
    return new ReplaySettings(
        PERIOD.observedFromMicros(),
        PERIOD.observedToMicros(),
        PrefixCaches.expected(assumptions.serving()),
        new ReplayOptions.Lengths(1, 1, new ReplayOptions.Speculation(0, 1, 0)),
        0,
        false);
  }

  private List<List<Sizing.ReplayedFleet>> replay(List<ReplayRequest> requests) {
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
