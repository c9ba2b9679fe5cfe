package dev.homeward.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.decision.Alternative;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.ReasonCode;
import dev.homeward.decision.VolumeCurve;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.keeping.Decisions;
import dev.homeward.keeping.Fleet;
import dev.homeward.keeping.Replayed;
import dev.homeward.pricing.PricedLine;
import dev.homeward.pricing.WorkloadSpend;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.report.DecisionsFile;
import dev.homeward.report.Explain;
import dev.homeward.report.Reviewed;
import dev.homeward.units.NanoUsd;
import dev.homeward.units.TimeUnits;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What a row of the ranking opens: the arithmetic, the curves and the alternatives of each. */
final class WorkloadsJson {
  private static final int HOURS_OF_WEEK = 7 * 24;

  private static final int CENTS = 2;

  /** Where explain begins to list alternatives, which the page has as a table. */
  private static final String ALTERNATIVES = "\nAlternatives weighed: ";

  private final Reviewed review;
  private final Map<WorkloadKey, Fleet.Hours> hours = new HashMap<>();

  /** Texts that many workloads share, by their place in the list. */
  private final Map<String, Integer> texts = new LinkedHashMap<>();

  WorkloadsJson(Reviewed review) {
    this.review = review;
    for (Replayed.Chosen chosen : review.hours()) {
      chosen.fleet().hours().ifPresent(h -> hours.put(chosen.key().key(), h));
    }
  }

  /** Adds them, in the order of the ranking, and the texts that they share. */
  void write(ObjectNode document) {
    List<RankedWorkload> ranking = review.decision().ranking();
    Decisions decisions =
        DecisionsFile.of(ranking, review.decision().plan().fleets(), review.period());
    ArrayNode all = document.putArray("workloads");
    for (int i = 0; i < ranking.size(); i++) {
      write(all.addObject(), ranking.get(i), decisions, i);
    }
    texts.keySet().forEach(document.putArray("texts")::add);
  }

  private int text(String text) {
    return texts.computeIfAbsent(text, t -> texts.size());
  }

  private void write(ObjectNode n, RankedWorkload w, Decisions decisions, int row) {
    WorkloadCase c = w.workload();
    ArrayNode reasons = n.putArray("reasons");
    w.reasons().forEach(r -> reasons.addObject().put("code", r.word()).put("text", r.sentence()));
    spend(n, c.spend(), c);
    latency(n.putObject("latency"), w);
    week(n, w);
    volumes(n, w);
    w.growth()
        .ifPresent(
            g ->
                n.putObject("growth_per_month")
                    .put("p10", Math.expm1(g.perMonth().p10()))
                    .put("p50", Math.expm1(g.perMonth().p50()))
                    .put("p90", Math.expm1(g.perMonth().p90()))
                    .put("source", g.source()));
    w.outlook().ifPresent(o -> ReportJson.outlook(n.putObject("outlook"), o));
    w.outlook().ifPresent(o -> ReportJson.causes(n.putArray("sensitivities"), o));
    w.waiting().ifPresent(m -> waiting(n.putObject("waiting"), m));
    perMillion(n, w);
    violations(n, c);
    ways(n, w);
    arithmetic(n, decisions, row);
    alternatives(n.putObject("alternatives"), w.alternatives());
  }

  private static void spend(ObjectNode n, WorkloadSpend spend, WorkloadCase c) {
    ObjectNode to = n.putObject("spend");
    spend.problem().ifPresent(problem -> to.put("problem", problem));
    Map<String, long[]> byKind = new TreeMap<>();
    for (PricedLine line : spend.lines()) {
      long[] sums = byKind.computeIfAbsent(line.kind(), k -> new long[2]);
      sums[0] = Math.addExact(sums[0], line.tokens());
      sums[1] = Math.addExact(sums[1], line.amount().nanos());
    }
    ArrayNode kinds = to.putArray("kinds");
    byKind.forEach(
        (kind, sums) ->
            kinds
                .addObject()
                .put("kind", kind)
                .put("units", sums[0])
                .put("usd", new NanoUsd(sums[1]).dollars()));
    if (spend.unpricedCalls() > 0) {
      to.put("unpriced_calls", spend.unpricedCalls());
    }
    if (c.profile().synthesised() > 0) {
      to.put("synthesised_calls", c.profile().synthesised());
    }
  }

  private static void latency(ObjectNode n, RankedWorkload w) {
    WorkloadProfile p = w.workload().profile();
    ServiceLevel level = w.workload().serviceLevel();
    n.put("kind", w.workload().kind().name().toLowerCase(java.util.Locale.ROOT));
    n.put("limits", w.workload().serviceLevelText());
    limit(n, "ttft_p95_limit_us", level.ttftP95Micros());
    limit(n, "tpot_p95_limit_us", level.tpotP95Micros());
    limit(n, "e2e_p95_limit_us", level.e2eP95Micros());
    limit(n, "complete_within_us", level.completeWithinMicros());
    micros(n, "log_ttft_p95_us", p.ttftP95Micros());
    micros(n, "log_tpot_p95_us", p.tpotP95Micros());
    micros(n, "log_e2e_p95_us", p.e2eP95Micros());
    w.chosen()
        .flatMap(Alternative::fleet)
        .ifPresent(
            fleet -> {
              ReplayResult r = fleet.result();
              percentiles(n, "ttft_us", r.ttftP50Micros(), r.ttftP95Micros(), r.ttftP99Micros());
              percentiles(n, "tpot_us", r.tpotP50Micros(), r.tpotP95Micros(), r.tpotP99Micros());
              percentiles(n, "e2e_us", r.e2eP50Micros(), r.e2eP95Micros(), r.e2eP99Micros());
              n.put("slo_attainment", r.sloAttainment());
              n.put("meets", r.meetsServiceLevel());
              n.put("utilization", r.utilization());
              n.put("peak_in_flight", r.peakInFlight());
              n.put("peak_queue", r.peakQueue());
              n.put("overflow_calls", r.overflowCalls());
              n.put("too_long_calls", r.tooLongCalls());
            });
  }

  private static void limit(ObjectNode n, String key, long micros) {
    if (micros != ServiceLevel.NONE) {
      n.put(key, micros);
    }
  }

  private static void micros(ObjectNode n, String key, OptionalLong micros) {
    micros.ifPresent(value -> n.put(key, value));
  }

  private static void percentiles(
      ObjectNode n, String key, OptionalLong p50, OptionalLong p95, OptionalLong p99) {
    if (p50.isPresent() && p95.isPresent() && p99.isPresent()) {
      n.putArray(key).add(p50.getAsLong()).add(p95.getAsLong()).add(p99.getAsLong());
    }
  }

  // Calls by hour of the week, Monday's first hour first, on the average over the weeks that the
  // log has of each; hours are counted from the first call.
  private void week(ObjectNode n, RankedWorkload w) {
    Fleet.Hours of = hours.get(w.workload().key());
    if (of == null) {
      return;
    }
    double[] calls = new double[HOURS_OF_WEEK];
    double[] busy = new double[HOURS_OF_WEEK];
    int[] weeks = new int[HOURS_OF_WEEK];
    long first = w.workload().profile().firstMicros();
    for (int hour = 0; hour < of.calls().length; hour++) {
      long middle = first + hour * TimeUnits.MICROS_PER_HOUR + TimeUnits.MICROS_PER_HOUR / 2;
      var at =
          Instant.ofEpochSecond(middle / TimeUnits.MICROS_PER_SECOND)
              .atZone(review.period().zone());
      int slot = (at.getDayOfWeek().getValue() - 1) * 24 + at.getHour();
      calls[slot] += of.calls()[hour] + of.overflow()[hour];
      busy[slot] += hour < of.busyShare().length ? of.busyShare()[hour] : 0;
      weeks[slot]++;
    }
    ArrayNode callsTo = n.putArray("week_calls");
    double busiest = 0;
    for (int slot = 0; slot < HOURS_OF_WEEK; slot++) {
      callsTo.add(rounded(weeks[slot] == 0 ? 0 : calls[slot] / weeks[slot], 1));
      busiest = Math.max(busiest, weeks[slot] == 0 ? 0 : busy[slot] / weeks[slot]);
    }
    n.put("busiest_hour", rounded(busiest, 4));
  }

  private static BigDecimal rounded(double value, int decimals) {
    return ReportJson.rounded(value, decimals);
  }

  private static void volumes(ObjectNode n, RankedWorkload w) {
    w.curve()
        .ifPresent(
            curve -> {
              double api = w.workload().apiForecastUsd().orElseThrow();
              ArrayNode volumes = n.putArray("volumes");
              for (VolumeCurve.Point p : curve.points()) {
                volumes
                    .addObject()
                    .put("volume", rounded(p.volume(), 6))
                    .put("boxes", p.boxes())
                    .put("api_usd", rounded(api * p.volume(), 4))
                    .put("local_usd", rounded(api * p.volume() - p.savingUsd(), 4))
                    .put("overflow_share", rounded(p.overflowShare(), 6));
              }
            });
    w.flip()
        .ifPresent(
            f -> {
              ObjectNode flip = n.putObject("flip");
              f.nearest().ifPresent(v -> flip.put("nearest", v));
              flip.put("extrapolated", f.extrapolated());
              if (!f.why().isEmpty()) {
                flip.put("why", f.why());
              }
              ArrayNode saves = flip.putArray("saves");
              f.saves().forEach(i -> saves.addArray().add(i.from()).add(i.to()));
            });
  }

  // Its place in the plan if every evaluation were passed.
  private static void waiting(ObjectNode n, RankedWorkload.Moved m) {
    n.put("hardware", m.on().hardware());
    n.put("local_model", m.on().model());
    m.outlook().ifPresent(o -> ReportJson.outlook(n, o));
  }

  // Dollars a million tokens: at the API, and on the best boxes of its own at today's volume.
  private static void perMillion(ObjectNode n, RankedWorkload w) {
    WorkloadProfile p = w.workload().profile();
    double tokens =
        (double) p.inputTokens() + p.cacheReadTokens() + p.cacheWriteTokens() + p.outputTokens();
    double monthly = tokens / w.workload().period().coverage() * w.workload().volumeFactor() / 1e6;
    if (tokens <= 0) {
      return;
    }
    ObjectNode to = n.putObject("usd_per_million_tokens");
    w.workload().apiForecastUsd().ifPresent(usd -> to.put("api", usd / monthly));
    w.chosen()
        .filter(a -> a.cost().isPresent() && a.overflowUsd().isPresent())
        .ifPresent(
            a ->
                to.put(
                    "local",
                    (a.cost().get().monthlyUsd() + a.overflowUsd().getAsDouble()) / monthly));
  }

  private static void violations(ObjectNode n, WorkloadCase c) {
    if (c.violations().isEmpty()) {
      return;
    }
    ArrayNode to = n.putArray("violations");
    for (WorkloadProfile.Seen seen : c.violations()) {
      to.addObject()
          .put("provider", seen.provider())
          .put("region", seen.region())
          .put("calls", seen.calls());
    }
  }

  private static void ways(ObjectNode n, RankedWorkload w) {
    if (!w.waysToComply().isEmpty()) {
      ArrayNode to = n.putArray("ways_to_comply");
      w.waysToComply().forEach(way -> to.add(way.inWords()));
    }
  }

  private void arithmetic(ObjectNode n, Decisions all, int row) {
    Decisions.Workload of = all.workloads().get(row);
    String explained =
        Explain.of(
            new Decisions(
                all.reviewMonth(), all.monthHours(), all.coverage(), List.of(of), all.planFleets()),
            of.cell("workload"));
    int end = explained.indexOf(ALTERNATIVES);
    ArrayNode lines = n.putArray("arithmetic");
    (end < 0 ? explained : explained.substring(0, end))
        .strip()
        .lines()
        .forEach(line -> lines.add(text(line)));
  }

  // What can be chosen with its cost; what fell out by reason and model, with the boxes.
  private void alternatives(ObjectNode n, List<Alternative> alternatives) {
    n.put("weighed", alternatives.size());
    ArrayNode viable = n.putArray("viable");
    Map<ReasonCode, Map<String, List<Alternative>>> fallen = new TreeMap<>();
    for (Alternative a : alternatives) {
      if (!a.isViable()) {
        fallen
            .computeIfAbsent(a.fellOut().orElseThrow(), c -> new LinkedHashMap<>())
            .computeIfAbsent(
                "%s %s".formatted(a.model().id(), a.engine().id()), m -> new ArrayList<>())
            .add(a);
        continue;
      }
      ArrayNode of = viable.addArray();
      of.add(text(a.model().id()));
      of.add(text(a.quantization().id()));
      of.add(text(a.engine().id()));
      of.add(text(a.hardware().id()));
      of.add(a.fleet().map(f -> f.options().replicas()).orElse(0));
      of.add(
          a.cost().isPresent() && a.totalUsd().isPresent()
              ? rounded(a.totalUsd().getAsDouble(), CENTS)
              : null);
      of.add(a.savingUsd().isPresent() ? rounded(a.savingUsd().getAsDouble(), CENTS) : null);
      if (!a.explanation().isEmpty()) {
        of.add(text(a.explanation()));
      }
    }
    ArrayNode groups = n.putArray("fallen");
    fallen.forEach(
        (code, byModel) -> {
          ObjectNode group = groups.addObject();
          group.put("code", code.word());
          group.put("text", text(code.sentence()));
          group.put("count", byModel.values().stream().mapToInt(List::size).sum());
          ArrayNode models = group.putArray("models");
          boolean bound = code == ReasonCode.NOT_CHEAPER || code == ReasonCode.LOSES_MORE;
          byModel.forEach((model, of) -> model(models.addArray(), model, of, bound));
        });
  }

  // The model, how many of it fell out, on which boxes, and what the first of them was told, unless
  // that is no more than how cheap the other one is.
  private void model(ArrayNode to, String model, List<Alternative> of, boolean bound) {
    to.add(text(model));
    to.add(of.size());
    to.add(
        text(
            String.join(
                ", ", of.stream().map(a -> a.hardware().id()).distinct().sorted().toList())));
    to.add(text(bound ? "" : of.get(0).explanation()));
  }
}
