package dev.homeward.decision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Figure;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.HostedModel;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.Providers;
import dev.homeward.catalog.Quantization;
import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.decision.MoneyBasis.Answered;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.policy.PortfolioLimits;
import dev.homeward.pricing.ApiQuote;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** Gathers the {@link MoneyBasis} of a decision. */
public final class MoneyBasisMaker {
  /** Keys of the assumptions that a reader may set: no replay depends on them. */
  private static final List<String> SETTABLE =
      List.of(
          "horizon-months",
          "discount-rate-per-year",
          "residual-share",
          "electricity-usd-per-kwh",
          "pue",
          "space-usd-per-box-month",
          "engineer-usd-per-hour",
          "setup-hours-per-fleet",
          "setup-hours-shared",
          "setup-hours-per-workload",
          "setup-hours-per-box",
          "upkeep-hours-per-fleet-month",
          "upkeep-hours-shared-month",
          "upkeep-hours-per-workload-month",
          "upkeep-hours-per-box-month",
          "incident-hours-per-fleet-month",
          "incident-hours-per-box-month",
          "licence-usd-per-accelerator-month",
          "network-usd-per-fleet-month",
          "spot-interruptions-per-box-month",
          "spot-recovery-minutes",
          "redundancy",
          "local-availability",
          "api-price-factor",
          "growth-per-month",
          "growth-halves-after-months",
          "most-growth-per-month",
          "api-price-change-per-year",
          "people-factor",
          "tariff-factor",
          "token-factor");

  /** Those that are needed besides. */
  private static final List<String> READ =
      List.of(
          "electricity-tariff",
          "most-replicas",
          "prefix-cache",
          "prefix-found-in-session",
          "prefix-found-without-session",
          "volume-factor",
          "samples",
          "seed");

  /** Where cached tokens are a smaller part of prompts, no share of them is uncertain. */
  private static final double LEAST_PREFIX_PART = 0.03;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int USD_DIGITS = 12;
  private static final int SHARE_DIGITS = 9;

  private static final int MEETS = 1;
  private static final int SERVES_LOCALLY = 2;
  private static final int CUT = 4;
  private static final int AT_API = 8;
  private static final int PREFIX_OPEN = 16;
  private static final int IN_SESSION = 32;
  private static final int NOT_ALL_IN_SESSION = 64;

  private static final int PROVEN = 1;
  private static final int TOO_SLOW = 2;

  private final Assumptions assumptions;
  private final Policy policy;
  private final Pricer pricer;
  private final Weigher weigher;
  private final CandidatePlanner planner;
  private final DecideStep step;
  private final List<WorkloadCase> cases;
  private final Map<WorkloadKey, Integer> numbers = new HashMap<>();

  private final Map<String, Integer> boxNumbers = new HashMap<>();
  private final List<MoneyBasis.Box> boxes = new ArrayList<>();
  private final Map<RankedWorkload.On, Integer> servedNumbers = new HashMap<>();
  private final List<MoneyBasis.Served> served = new ArrayList<>();
  private final Map<List<Object>, Integer> variants = new LinkedHashMap<>();
  private final IdentityHashMap<Deployment, Double> leastSteps = new IdentityHashMap<>();
  private final IdentityHashMap<Deployment, IdentityHashMap<Deployment, Boolean>> compared =
      new IdentityHashMap<>();
  private final Map<List<List<Integer>>, Integer> lists = new LinkedHashMap<>();

  private MoneyBasisMaker(
      List<RankedWorkload> ranking,
      Catalog catalog,
      Pricer pricer,
      Policy policy,
      Evaluations evaluations,
      Assumptions assumptions) {
    this.assumptions = assumptions;
    this.policy = policy;
    this.pricer = pricer;
    this.cases =
        ranking.stream()
            .map(RankedWorkload::workload)
            .sorted(Comparator.comparing(WorkloadCase::key))
            .toList();
    for (WorkloadCase workload : cases) {
      numbers.put(workload.key(), numbers.size());
    }
    ApiBill bill = new ApiBill(cases, assumptions.api().apiAgreements());
    this.weigher = new Weigher(assumptions, policy, evaluations, bill, pricer);
    this.planner = new CandidatePlanner(catalog, policy, evaluations);
    this.step = new DecideStep(catalog, pricer, policy, evaluations, assumptions);
  }

  /**
   * The basis of a decision.
   *
   * @param answers the replays that are known; those of boxes that no workload may use are left out
   */
  public static MoneyBasis of(
      List<RankedWorkload> ranking,
      Catalog catalog,
      Pricer pricer,
      Policy policy,
      Evaluations evaluations,
      Assumptions assumptions,
      List<Answered> answers) {
    return new MoneyBasisMaker(ranking, catalog, pricer, policy, evaluations, assumptions)
        .make(answers);
  }

  private MoneyBasis make(List<Answered> answers) {
    List<MoneyBasis.Workload> workloads = cases.stream().map(this::workload).toList();
    ObjectNode keys = assumptions.document();
    Set<String> kept = new TreeSet<>(SETTABLE);
    kept.addAll(READ);
    keys.retain(kept);
    PortfolioLimits limits = policy.portfolio();
    List<MoneyBasis.Agreement> agreements = new ArrayList<>();
    for (var agreement : assumptions.api().apiAgreements()) {
      agreements.add(
          new MoneyBasis.Agreement(
              Providers.canonical(agreement.provider()),
              agreement.commitmentUsd(),
              agreement.tiers().stream()
                  .map(t -> new MoneyBasis.DiscountStep(t.fromMonthlyUsd(), t.percentOff()))
                  .toList()));
    }
    var period = cases.isEmpty() ? Optional.<WorkloadCase>empty() : Optional.of(cases.get(0));
    return new MoneyBasis(
        period.map(w -> w.period().hours()).orElse(0.0),
        period.map(w -> w.period().coverage()).orElse(1.0),
        keys,
        SETTABLE,
        new MoneyBasis.Limits(policy.leastProbability(), limits.budgetUsd(), limits.mostBoxes()),
        agreements,
        boxes,
        served,
        List.copyOf(variants.keySet()),
        List.copyOf(lists.keySet()),
        workloads,
        answers.stream().map(this::answer).flatMap(Optional::stream).toList());
  }

  private MoneyBasis.Workload workload(WorkloadCase w) {
    List<Candidate> all = planner.plan(w);
    List<Candidate> possible =
        all.stream().filter(c -> c.deployment().isPresent() && !weigher.isRefuted(w, c)).toList();
    boolean replayable = w.profile().calls() > w.profile().missingUsage();
    Map<String, List<Deployment>> places = new HashMap<>();
    for (Candidate c : possible) {
      places.computeIfAbsent(place(c), p -> new ArrayList<>()).add(c.deployment().orElseThrow());
    }
    List<List<Integer>> list = new ArrayList<>();
    for (Candidate c : possible) {
      list.add(
          List.of(
              variant(c.deployment().orElseThrow(), places.get(place(c))),
              c.standing().rung(),
              (weigher.isProven(w, c) ? PROVEN : 0)
                  + (weigher.tooSlow(w, c).isPresent() ? TOO_SLOW : 0)));
    }
    boolean agreements = !assumptions.api().apiAgreements().isEmpty();
    return new MoneyBasis.Workload(
        w.key().workload(),
        w.key().hostedModel(),
        w.key().dataClass(),
        w.key().toString().hashCode(),
        w.isMetered(),
        w.mustBeLocal(),
        w.mayOverflow(),
        w.hardestShareAtApi(),
        w.apiForecastUsd().isPresent()
            ? OptionalDouble.of(w.spend().apiForecast().orElseThrow().toUsd())
            : OptionalDouble.empty(),
        replayable,
        !all.isEmpty(),
        w.profile().calls(),
        w.profile().maxContext(),
        MoneyBasis.list(step.growth(w).perMonth()),
        agreements ? Optional.of(ApiBill.providers(w)) : Optional.empty(),
        w.policy().boxes(),
        w.policy().mostBoxes(),
        lists.computeIfAbsent(list, l -> lists.size()));
  }

  private static String place(Candidate c) {
    return c.model().id() + "/" + c.hardware().id();
  }

  // A deployment with those formats of its model on its box that it is no better than. Of many
  // contexts most make the same.
  private int variant(Deployment d, List<Deployment> formats) {
    List<Integer> noBetter = new ArrayList<>();
    for (Deployment other : formats) {
      if (!other.equals(d) && isNoBetter(d, other)) {
        noBetter.add(number(other));
      }
    }
    List<Object> variant =
        List.of(
            number(d),
            d.acceleratorsPerReplica(),
            leastSteps.computeIfAbsent(d, Deployment::leastStepSeconds),
            noBetter);
    return variants.computeIfAbsent(variant, v -> variants.size());
  }

  private boolean isNoBetter(Deployment d, Deployment other) {
    return compared
        .computeIfAbsent(d, x -> new IdentityHashMap<>())
        .computeIfAbsent(other, d::isNoBetterThan);
  }

  private int number(Deployment d) {
    Integer known = servedNumbers.get(on(d));
    return known != null ? known : add(d);
  }

  private int add(Deployment d) {
    List<Quantization> formats =
        planner.formats(d.model()).stream().sorted(FormatOrder.of(d.model())).toList();
    LocalModel model = d.model();
    served.add(
        new MoneyBasis.Served(
            model.id(),
            d.quantization().id(),
            d.engine().id(),
            boxNumbers.computeIfAbsent(d.hardware().id(), id -> add(d.hardware())),
            formats.stream().map(Quantization::id).toList().indexOf(d.quantization().id()),
            DecideStep.stepTimeDeviation(d.engine(), d.hardware(), model)));
    servedNumbers.put(on(d), served.size() - 1);
    return served.size() - 1;
  }

  private int add(HardwareProfile box) {
    Acquisition has = box.acquisition();
    boxes.add(
        new MoneyBasis.Box(
            box.id(),
            box.name(),
            has.mode().name().toLowerCase(Locale.ROOT).replace('_', '-'),
            switch (has.mode()) {
              case OWNED, BOUGHT -> "price";
              case ON_DEMAND, SPOT -> "hourly-usd";
              case RESERVED -> "monthly-usd";
            },
            has.usd().map(Figure::value).orElse(0.0),
            number(has.lowUsd()),
            number(has.highUsd()),
            has.hoursPerDay(),
            has.startHour(),
            has.includesPower(),
            has.releaseAfterMinutes(),
            box.idleWatts().value(),
            box.busyWatts().value(),
            box.acceleratorCount(),
            number(box.setupHours()),
            number(box.upkeepHoursPerMonth()),
            number(box.incidentHoursPerMonth()),
            policy.portfolio().owned().getOrDefault(box.id(), 0)));
    return boxes.size() - 1;
  }

  private static OptionalDouble number(Optional<Figure> figure) {
    return figure.map(f -> OptionalDouble.of(f.value())).orElse(OptionalDouble.empty());
  }

  private static RankedWorkload.On on(Deployment d) {
    return new RankedWorkload.On(
        d.model().id(), d.quantization().id(), d.engine().id(), d.hardware().id());
  }

  // Workloads, deployment, volume, prefix cache where it is not that of the settings (else 0), most
  // replicas, fleets.
  private Optional<List<Object>> answer(Answered a) {
    Integer on = servedNumbers.get(a.on());
    List<Integer> members = new ArrayList<>();
    for (WorkloadKey key : a.workloads()) {
      members.add(numbers.get(key));
    }
    // What rests on some days is replayed on all before it is chosen: only a what-if can do that.
    if (on == null
        || members.contains(null)
        || a.fleets().stream().anyMatch(fleet -> fleet.result().isSampled())) {
      return Optional.empty();
    }
    ReplayOptions.PrefixCache expected = PrefixCaches.expected(assumptions.serving());
    Object prefix =
        a.prefixCache()
            .filter(p -> !p.equals(expected))
            .<Object>map(p -> List.of(p.inSession(), p.share()))
            .orElse(0);
    List<Object> fleets = new ArrayList<>();
    for (Sizing.ReplayedFleet fleet : a.fleets()) {
      fleets.add(fleet(members.stream().map(cases::get).toList(), fleet));
    }
    return Optional.of(List.of(members, on, whole(a.volume()), prefix, a.mostReplicas(), fleets));
  }

  // Replicas, cap (0: none), flags; of one that serves: busy milliseconds of its replicas, busy
  // load, milliseconds up, utilization, dollars at the API (null: not known), hours of the clock.
  private List<Object> fleet(List<WorkloadCase> members, Sizing.ReplayedFleet fleet) {
    ReplayResult r = fleet.result();
    int cap = fleet.options().inFlightCap();
    int flags =
        (r.meetsServiceLevel() ? MEETS : 0)
            + (r.localCalls() > 0 ? SERVES_LOCALLY : 0)
            + (r.cut() ? CUT : 0)
            + (r.overflowCalls() + r.tooLongCalls() > 0 ? AT_API : 0)
            + prefix(r);
    List<Object> of = new ArrayList<>();
    of.add(fleet.options().replicas());
    of.add(cap == ReplayOptions.NO_CAP ? 0 : cap);
    of.add(flags);
    if (r.meetsServiceLevel()) {
      of.add(Math.round((double) r.busyNanos() / NANOS_PER_MILLI));
      of.add(rounded(r.busyLoad(), SHARE_DIGITS));
      boolean stopped = fleet.options().releaseAfterMicros() != ReplayOptions.NEVER;
      of.add(stopped ? Math.round((double) r.upNanos() / NANOS_PER_MILLI) : 0);
      of.add(rounded(r.utilization(), SHARE_DIGITS));
      of.add(atApiUsd(members, r).map(usd -> rounded(usd, USD_DIGITS)).orElse(null));
      if (!assumptions.power().electricityTariff().isEmpty()) {
        List<Float> clock = new ArrayList<>();
        for (float share : r.busyByClock()) {
          clock.add(share);
        }
        of.add(clock);
      }
    }
    return of;
  }

  private int prefix(ReplayResult r) {
    if (r.prefix().isEmpty()
        || r.prefix().get().loggedTokens() <= LEAST_PREFIX_PART * r.promptTokens()) {
      return 0;
    }
    ReplayResult.PrefixUse p = r.prefix().get();
    return PREFIX_OPEN
        + (p.inSessionTokens() > 0 ? IN_SESSION : 0)
        + (p.inSessionTokens() < p.loggedTokens() ? NOT_ALL_IN_SESSION : 0);
  }

  // What the logged calls at the API cost at announced prices, as Weigher.overflowUsd asks for it.
  private Optional<Double> atApiUsd(List<WorkloadCase> members, ReplayResult r) {
    if (!r.apiUse().isNone() && members.stream().anyMatch(w -> w.instead().isPresent())) {
      WorkloadCase one = members.get(0);
      return members.size() > 1
          ? Optional.empty()
          : pricer
              .on(one.instead().orElseThrow(), r.apiUse(), one.hosted().map(HostedModel::provider))
              .map(on -> on.usd().toUsd());
    }
    return pricer.quote(r.apiUse()) instanceof ApiQuote.Known known
        ? Optional.of(known.usd())
        : Optional.empty();
  }

  private static Object whole(double value) {
    return value == Math.rint(value) ? (Object) (long) value : (Object) value;
  }

  private static Object rounded(double value, int decimals) {
    BigDecimal number =
        BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return number.signum() == 0 ? (Object) 0 : number;
  }
}
