package dev.homeward.report;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.decision.Alternative;
import dev.homeward.decision.Evaluation;
import dev.homeward.decision.HostedChoice;
import dev.homeward.decision.PlannedFleet;
import dev.homeward.decision.PrefixCurves;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.VolumeCurve;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.economics.LocalCost;
import dev.homeward.economics.Outlook;
import dev.homeward.keeping.Decisions;
import dev.homeward.keeping.Fleet;
import dev.homeward.keeping.Replayed;
import dev.homeward.pricing.PricedLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What a review decided as decisions.json keeps it: what explain reads. */
public final class DecisionsFile {
  private DecisionsFile() {}

  /** The decisions of a review, and the fleets of its plan. */
  public static Decisions of(
      List<RankedWorkload> ranking, List<PlannedFleet> fleets, ReviewPeriod period) {
    List<Decisions.Workload> workloads = new ArrayList<>();
    List<Map<RankingColumn, Object>> rows = RankingRows.of(ranking);
    for (int i = 0; i < ranking.size(); i++) {
      workloads.add(workload(ranking.get(i), rows.get(i)));
    }
    return new Decisions(
        period.month().toString(),
        period.hours(),
        period.coverage(),
        workloads,
        Optional.of(planFleets(ranking, fleets)));
  }

  private static List<Decisions.PlanFleet> planFleets(
      List<RankedWorkload> ranking, List<PlannedFleet> fleets) {
    List<Decisions.PlanFleet> kept = new ArrayList<>();
    for (PlannedFleet fleet : fleets) {
      ranking.stream()
          .filter(w -> fleet.workloads().get(0).equals(w.workload().key()))
          .flatMap(w -> w.moved().stream())
          .findFirst()
          .ifPresent(
              m ->
                  kept.add(
                      new Decisions.PlanFleet(
                          new Decisions.On(
                              m.on().model(),
                              m.on().quantization(),
                              m.on().engine(),
                              m.on().hardware()),
                          fleet.workloads().stream().map(Replayed.Key::of).toList(),
                          Fleet.of(fleet.replayed()).withoutClock())));
    }
    return kept;
  }

  private static Decisions.Workload workload(RankedWorkload w, Map<RankingColumn, Object> row) {
    Map<String, String> cells = new LinkedHashMap<>();
    row.forEach((column, value) -> cells.put(column.columnName(), RankingRows.text(column, value)));
    WorkloadCase c = w.workload();
    return new Decisions.Workload(
        cells,
        c.serviceLevelText(),
        c.kind().name(),
        c.spend().problem(),
        c.spend().beforeFirstPrice(),
        c.spend().standardTierCalls(),
        c.spend().unpricedCalls(),
        c.spend().loggedCalls(),
        lines(c.spend().lines()),
        lines(c.spend().forecastLines()),
        w.reasons().stream().map(r -> new Decisions.Reason(r.word(), r.sentence())).toList(),
        w.cashFlow()
            .map(
                f ->
                    new Decisions.Cash(
                        f.initialUsd(), f.monthlyNetUsd(), f.residualUsd(), f.months())),
        w.chosen().map(DecisionsFile::alternative),
        w.tasksNeeded(),
        w.evaluation().map(DecisionsFile::evaluation),
        c.violations().stream()
            .map(seen -> new Decisions.Violation(seen.provider(), seen.region(), seen.calls()))
            .toList(),
        w.flip().map(DecisionsFile::flip),
        w.curve().map(DecisionsFile::volumes),
        w.outlook().map(DecisionsFile::outlook),
        w.growth()
            .map(
                g ->
                    new Decisions.Growth(
                        Math.expm1(g.perMonth().p10()),
                        Math.expm1(g.perMonth().p50()),
                        Math.expm1(g.perMonth().p90()),
                        g.source())),
        w.curve().flatMap(VolumeCurve::prefixes).map(DecisionsFile::prefixCache),
        w.moved().map(DecisionsFile::move),
        w.waiting().map(DecisionsFile::move),
        w.waysToComply().isEmpty()
            ? Optional.empty()
            : Optional.of(
                w.waysToComply().stream()
                    .map(
                        way ->
                            new Decisions.Way(
                                way.how().name().toLowerCase(Locale.ROOT),
                                way.monthlyUsd(),
                                way.inWords()))
                    .toList()),
        w.alternatives().stream().map(DecisionsFile::alternative).toList(),
        c.instead()
            .map(
                model ->
                    new Decisions.OnModel(
                        model.id(), model.tier().word(), c.hosted().map(now -> now.tier().word()))),
        Optional.of(c.hostedChoices().stream().map(choice -> otherModel(c, choice)).toList()));
  }

  private static Decisions.OtherModel otherModel(WorkloadCase workload, HostedChoice choice) {
    return new Decisions.OtherModel(
        choice.model().id(),
        choice.model().tier().word(),
        choice.lowerTier(),
        choice.monthlyUsd(),
        workload.apiForecastUsd().orElseThrow() - choice.monthlyUsd(),
        choice.standardTierCalls());
  }

  private static Decisions.Move move(RankedWorkload.Moved m) {
    RankedWorkload.On on = m.on();
    return new Decisions.Move(
        m.order(),
        m.marginalSavingUsd(),
        Optional.of(new Decisions.On(on.model(), on.quantization(), on.engine(), on.hardware())),
        m.outlook().map(DecisionsFile::outlook));
  }

  private static Decisions.Evaluation evaluation(Evaluation e) {
    return new Decisions.Evaluation(
        e.localModel(),
        e.tasks(),
        e.hours(),
        e.screening().tasks(),
        e.screening().refutesFrom(),
        e.screening().provesFrom(),
        e.hardestShare());
  }

  private static Decisions.Flip flip(RankedWorkload.Flip f) {
    return new Decisions.Flip(
        f.nearest(),
        f.extrapolated(),
        f.fromVolume(),
        f.toVolume(),
        f.saves().stream().map(i -> new Decisions.Interval(i.from(), i.to())).toList(),
        f.why());
  }

  private static List<Decisions.Volume> volumes(VolumeCurve curve) {
    List<Decisions.Volume> volumes = new ArrayList<>();
    for (VolumeCurve.Point p : curve.points()) {
      volumes.add(
          new Decisions.Volume(
              p.volume(),
              p.boxes(),
              p.replicas(),
              p.busyBoxHours(),
              p.overflowShare(),
              p.savingUsd()));
    }
    return volumes;
  }

  private static Decisions.PrefixCache prefixCache(PrefixCurves p) {
    return new Decisions.PrefixCache(
        p.promptTokens(),
        p.expected().loggedTokens(),
        p.expected().inSessionTokens(),
        p.expected().foundTokens(),
        prefixCase(p.half()),
        p.low().map(DecisionsFile::prefixCase),
        p.high().map(DecisionsFile::prefixCase));
  }

  private static Decisions.PrefixCase prefixCase(PrefixCurves.Share s) {
    return new Decisions.PrefixCase(s.foundTokens(), s.boxes(), s.savingUsd());
  }

  private static Decisions.Futures outlook(Outlook o) {
    List<Decisions.Cause> shares = new ArrayList<>();
    o.varianceShares()
        .forEach(
            (input, share) ->
                shares.add(
                    new Decisions.Cause(
                        input.name().toLowerCase(Locale.ROOT), input.sentence(), share)));
    return new Decisions.Futures(o.p10Usd(), o.p50Usd(), o.p90Usd(), o.probabilitySaves(), shares);
  }

  private static List<Decisions.BillLine> lines(List<PricedLine> lines) {
    return lines.stream()
        .map(
            line ->
                new Decisions.BillLine(
                    line.kind(),
                    line.row().tier(),
                    line.row().validFrom().toString(),
                    line.longContext(),
                    line.tokens(),
                    line.microUsdPerMillion(),
                    line.amount().nanos(),
                    line.row().source().reference()))
        .toList();
  }

  private static Decisions.Weighed alternative(Alternative a) {
    var steps = a.engine().efficiencyOn(a.hardware().accelerator());
    Optional<LocalCost> cost = a.cost();
    return new Decisions.Weighed(
        a.model().id(),
        a.quantization().id(),
        a.engine().id(),
        a.hardware().id(),
        OptionalInt.of(a.standing().rung()),
        a.replicasPerBox(),
        number(steps.map(s -> a.model().isMixture() ? s.mixtureResidual() : s.residual())),
        steps.map(s -> s.source().kind().word()),
        steps.map(s -> s.source().reference()),
        a.fellOut().map(code -> code.word()),
        a.explanation().isEmpty() ? Optional.empty() : Optional.of(a.explanation()),
        a.evidence()
            .map(
                e ->
                    new Decisions.Evidence(
                        e.metric(),
                        e.hostedScore(),
                        e.localScore(),
                        e.n(),
                        e.low(),
                        e.high(),
                        e.method(),
                        a.isProven())),
        cost.map(c -> OptionalInt.of(c.boxes())).orElse(OptionalInt.empty()),
        number(cost.map(LocalCost::monthlyUsd)),
        cost.isPresent() ? a.overflowUsd() : OptionalDouble.empty(),
        number(cost.map(c -> a.agreementUsd())),
        number(cost.map(LocalCost::energyKwh)),
        cost.map(
            c ->
                c.lines().stream()
                    .map(l -> new Decisions.Cost(l.name(), l.arithmetic(), l.monthlyUsd()))
                    .toList()),
        a.savingUsd(),
        a.fleet().map(f -> Fleet.of(f).withoutClock()));
  }

  private static OptionalDouble number(Optional<Double> value) {
    return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }
}
