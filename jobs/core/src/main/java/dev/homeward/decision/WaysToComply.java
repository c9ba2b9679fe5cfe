package dev.homeward.decision;

import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.Situation;
import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.decision.WayToComply.How;
import dev.homeward.economics.Assumptions;
import dev.homeward.replay.Sizing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a workload that must leave the API can do instead: a verdict of MUST_MOVE alone is no advice
 * where a box costs a hundred times what the calls cost.
 */
final class WaysToComply {
  /** Whose machines and hours count for a machine that is there. */
  private static final String SERVERS = "existing-servers";

  private final CandidatePlanner candidates;
  private final List<HardwareProfile> servers;
  private final Weigher weigher;

  /** The weigher of a machine that is run already. */
  private final Weigher marginal;

  /**
   * @param weigher of the review's own assumptions
   * @param in a weigher of other assumptions
   */
  WaysToComply(
      Catalog catalog,
      CandidatePlanner candidates,
      Assumptions assumptions,
      Weigher weigher,
      Function<Assumptions, Weigher> in) {
    Situation situation = Situation.of(SERVERS);
    this.candidates = candidates;
    this.servers = situation.boxes().stream().map(catalog::hardware).toList();
    this.weigher = weigher;
    this.marginal = in.apply(assumptions.in(situation));
  }

  /** The rows, those that must move with what can be done. */
  List<RankedWorkload> add(List<RankedWorkload> rows, Replays replays) {
    return rows.stream()
        .map(
            row ->
                row.verdict() == Verdict.MUST_MOVE ? row.withWays(ways(row, rows, replays)) : row)
        .toList();
  }

  private List<WayToComply> ways(RankedWorkload row, List<RankedWorkload> rows, Replays replays) {
    List<WayToComply> ways = new ArrayList<>();
    row.moved()
        .filter(m -> row.workload().apiForecastUsd().isPresent())
        .ifPresent(m -> ways.add(inThePlan(row, m, rows)));
    Alternative chosen = row.chosen().orElseThrow();
    ways.add(
        WayToComply.of(
            How.ALONE,
            chosen.cost().orElseThrow().monthlyUsd(),
            "a box of its own: $%.2f a month, %s on %s",
            chosen.cost().get().monthlyUsd(),
            chosen.model().id(),
            chosen.hardware().id()));
    smaller(row, chosen).ifPresent(ways::add);
    onAMachineThatIsThere(row, replays).ifPresent(ways::add);
    ways.sort(Comparator.comparingDouble(WayToComply::monthlyUsd));
    ways.add(
        WayToComply.of(
            How.NOT_SENT,
            0,
            "or such data is not sent any more: the calls cost %s a month at the API",
            row.workload().apiForecastUsd().isPresent()
                ? "$%.2f".formatted(row.workload().apiForecastUsd().getAsDouble())
                : "an unknown sum"));
    return ways;
  }

  private static WayToComply inThePlan(
      RankedWorkload row, RankedWorkload.Moved m, List<RankedWorkload> rows) {
    List<String> others =
        rows.stream()
            .filter(
                r ->
                    !r.workload().key().equals(row.workload().key())
                        && r.moved().filter(o -> o.on().equals(m.on())).isPresent())
            .map(r -> r.workload().key().workload())
            .distinct()
            .toList();
    double usd = row.workload().apiForecastUsd().orElseThrow() - m.marginalSavingUsd();
    return WayToComply.of(
        How.IN_THE_PLAN,
        usd,
        "in the plan: $%.2f a month, %s on %s%s",
        usd,
        m.on().model(),
        m.on().hardware(),
        others.isEmpty()
            ? ""
            : ", which it shares with "
                + others.stream().limit(3).collect(Collectors.joining(", "))
                + (others.size() > 3 ? " and %d more".formatted(others.size() - 3) : ""));
  }

  private static Optional<WayToComply> smaller(RankedWorkload row, Alternative chosen) {
    return row.alternatives().stream()
        .filter(
            a ->
                a.isViable()
                    && a.cost().isPresent()
                    && a.standing().compareTo(chosen.standing()) < 0
                    && a.cost().get().monthlyUsd() < chosen.cost().orElseThrow().monthlyUsd())
        .findFirst()
        .map(
            a ->
                WayToComply.of(
                    How.SMALLER_MODEL,
                    a.cost().get().monthlyUsd(),
                    "a smaller model, if an evaluation shows that it will do: $%.2f a month, %s on %s%s",
                    a.cost().get().monthlyUsd(),
                    a.model().id(),
                    a.hardware().id(),
                    a.explanation().isEmpty() ? "" : ", " + a.explanation()));
  }

  private Optional<WayToComply> onAMachineThatIsThere(RankedWorkload row, Replays replays) {
    Standing lowest = row.chosen().orElseThrow().standing();
    List<Candidate> tried =
        candidates.plan(row.workload(), servers).stream()
            .filter(
                c ->
                    c.deployment().isPresent()
                        && (c.standing().covers(lowest) || weigher.isProven(row.workload(), c))
                        && !weigher.isRefuted(row.workload(), c)
                        && weigher.tooSlow(row.workload(), c).isEmpty())
            .sorted(Comparator.comparingDouble(c -> marginal.leastUsd(row.workload(), c)))
            .toList();
    List<ReplayRequest> requests =
        tried.stream()
            .map(c -> ReplayRequest.of(row.workload(), c, row.workload().volumeFactor(), 1))
            .toList();
    List<List<Sizing.ReplayedFleet>> answers =
        requests.isEmpty() ? List.of() : replays.of(requests);
    Alternative best = null;
    for (int i = 0; i < answers.size(); i++) {
      for (Sizing.ReplayedFleet fleet : answers.get(i)) {
        Alternative a = marginal.weigh(row.workload(), tried.get(i), fleet);
        if (a.isViable()
            && (best == null
                || a.cost().orElseThrow().monthlyUsd() < best.cost().orElseThrow().monthlyUsd())) {
          best = a;
        }
      }
    }
    return Optional.ofNullable(best)
        .map(
            a ->
                WayToComply.of(
                    How.MACHINE_THERE,
                    a.cost().orElseThrow().monthlyUsd(),
                    "a machine that is run already, such as %s: $%.2f a month for its power and"
                        + " hours (situation %s), %s",
                    a.hardware().id(),
                    a.cost().get().monthlyUsd(),
                    SERVERS,
                    a.model().id()));
  }
}
