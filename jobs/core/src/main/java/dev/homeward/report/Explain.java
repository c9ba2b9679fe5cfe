package dev.homeward.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.Decisions;
import dev.homeward.keeping.Fleet;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NanoUsd;
import dev.homeward.units.NearestNames;
import dev.homeward.units.PlainNumber;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * The arithmetic of a verdict, line by line, from a review's decisions.json, so that a finance lead
 * can redo it by hand.
 */
public final class Explain {
  /** Shares below this are shown as none. */
  private static final double ROUNDED = 0.0005;

  private final StringBuilder text;
  private final Decisions.Workload w;

  private Explain(StringBuilder text, Decisions.Workload workload) {
    this.text = text;
    this.w = workload;
  }

  /**
   * The explanation of every key of a workload.
   *
   * @throws InvalidInput if the review has no such workload
   */
  public static String of(Decisions decisions, String workload) {
    StringBuilder text = new StringBuilder();
    for (Decisions.Workload w : decisions.workloads()) {
      if (w.cell("workload").equals(workload)) {
        new Explain(text, w).workload(decisions);
      }
    }
    if (text.length() == 0) {
      throw unknown(decisions, workload);
    }
    return text.toString();
  }

  /**
   * The same for programs: what decisions.json has of every key of a workload.
   *
   * @throws InvalidInput if the review has no such workload
   */
  public static JsonNode document(Decisions decisions, String workload) {
    List<Decisions.Workload> keys =
        decisions.workloads().stream().filter(w -> w.cell("workload").equals(workload)).toList();
    if (keys.isEmpty()) {
      throw unknown(decisions, workload);
    }
    return Codec.tree(
        new Decisions(
            decisions.reviewMonth(),
            decisions.monthHours(),
            decisions.coverage(),
            keys,
            decisions
                .planFleets()
                .map(
                    fleets ->
                        fleets.stream()
                            .filter(
                                fleet ->
                                    fleet.workloads().stream()
                                        .anyMatch(key -> key.workload().equals(workload)))
                            .toList())));
  }

  private static InvalidInput unknown(Decisions decisions, String workload) {
    TreeSet<String> names = new TreeSet<>();
    decisions.workloads().forEach(w -> names.add(w.cell("workload")));
    return new InvalidInput(
        "Unknown workload: %s (nearest in this review: %s)"
            .formatted(workload, String.join(", ", NearestNames.of(workload, names, 3))));
  }

  private void workload(Decisions decisions) {
    line("%s / %s / %s", w.cell("workload"), w.cell("hosted_model"), w.cell("data_class"));
    if (w.cell("workload").equals(WorkloadKey.OTHERS)) {
      line(
          "The small workloads of this model and class, as if they were one: others.csv names them.");
    }
    line(
        "rank %s: %s, compliance %s, confidence %s",
        w.cell("rank"), w.cell("verdict"), w.cell("compliance"), w.cell("confidence"));
    for (Decisions.Reason reason : w.reasons()) {
      line("  because %s (%s)", reason.sentence(), reason.code());
    }
    line("");
    line(
        "Period %s, %.2f hours; the log covers %.6f of it; %s calls reached a model.",
        w.cell("review_month"), decisions.monthHours(), decisions.coverage(), w.cell("calls"));
    line("");
    api(decisions.coverage());
    for (Decisions.Violation v : w.violations()) {
      line(
          "Violation: %,d calls went to %s%s.",
          v.calls(),
          v.provider().isEmpty() ? "an unnamed provider" : v.provider(),
          v.region().isEmpty() ? "" : " in " + v.region());
    }
    line("");
    if (w.chosen().isPresent()) {
      chosen(w.chosen().get());
    } else {
      line("No local alternative passed the gates.");
    }
    line("");
    text.append(AlternativesText.of(w.alternatives()));
    otherApiModels(w.otherApiModels().orElse(List.of()));
    line("");
  }

  private void otherApiModels(List<Decisions.OtherModel> models) {
    if (models.isEmpty()) {
      return;
    }
    line("");
    line(
        "Other API models for the same calls, at announced prices. Tokens are as logged: a model"
            + " that reasons puts out more. Quality and tokenizers are not judged%s:",
        w.kind().equals("EMBEDDINGS") ? "; what is indexed must be embedded anew" : "");
    for (Decisions.OtherModel m : models) {
      line(
          "  %-22s %-9s $%.2f a month, $%.2f less%s%s",
          m.hostedModel(),
          m.tier(),
          m.monthlyUsd(),
          m.lessUsd(),
          m.toBeEvaluated() ? "; a tier lower: to be evaluated" : "",
          m.callsAtStandardTierInstead() == 0
              ? ""
              : String.format(
                  Locale.ROOT,
                  "; %,d calls at standard, for want of a price of their service tier",
                  m.callsAtStandardTierInstead()));
    }
  }

  private void api(double coverage) {
    if (w.priceProblem().isPresent()) {
      line("API cost unknown: %s", w.priceProblem().get());
      return;
    }
    bill("API cost of the logged calls, at the prices of their day", w.apiLines());
    logged();
    line("  for the month: / %.6f coverage = $%s", coverage, w.cell("api_monthly_usd"));
    bill(
        w.pricedOn()
            .map(
                on ->
                    "The same calls on %s at announced prices (tokens as logged: a model that reasons puts out more; its quality is not judged: tier %s, now %s)"
                        .formatted(on.hostedModel(), on.tier(), on.tierNow().orElse("not known")))
            .orElse("The same at announced prices"),
        w.forecastLines());
    line("  for the month: / %.6f coverage = $%s", coverage, w.cell("api_forecast_usd"));
  }

  // What the log itself says, beside the sum of the bill.
  private void logged() {
    String logged = w.cell("logged_cost_usd");
    BigDecimal priced =
        w.apiLines().stream()
            .map(l -> new NanoUsd(l.nanoUsd()).dollars())
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    if (logged.isEmpty() || priced.signum() <= 0) {
      return;
    }
    double share = new BigDecimal(logged).doubleValue() / priced.doubleValue() - 1;
    line(
        "  the log itself says $%s, %s (summary.json, logged_and_priced: of how many calls)",
        logged,
        Math.abs(share) < ROUNDED
            ? "the same"
            : String.format(
                Locale.ROOT, "%.1f %% %s", 100 * Math.abs(share), share < 0 ? "less" : "more"));
  }

  private void bill(String title, List<Decisions.BillLine> lines) {
    line("%s:", title);
    BigDecimal sum = BigDecimal.ZERO;
    for (Decisions.BillLine l : lines) {
      NanoUsd amount = new NanoUsd(l.nanoUsd());
      sum = sum.add(amount.dollars());
      line(
          "  %-14s %,18d tokens x $%s a million%s%s = $%s",
          l.kind(),
          l.tokens(),
          BigDecimal.valueOf(l.microUsdPerMillion(), 6).stripTrailingZeros().toPlainString(),
          l.tier().equals("standard") ? "" : " (" + l.tier() + ")",
          l.longContext() ? " (long context)" : "",
          amount.toString(6));
    }
    line("  sum = $%s", sum.setScale(6, RoundingMode.HALF_EVEN).toPlainString());
  }

  private void chosen(Decisions.Weighed a) {
    replayed(a);
    localCost(a);
    saving(a);
    w.cashFlow().ifPresent(this::cash);
    a.evidence().ifPresent(this::evidence);
    if (w.evaluation().isPresent()) {
      String forecast = w.cell("api_forecast_usd");
      LadderText.evaluation(
              w.evaluation().get(),
              forecast.isEmpty()
                  ? OptionalDouble.empty()
                  : OptionalDouble.of(Double.parseDouble(forecast)))
          .forEach(l -> line("%s", l));
    } else {
      w.tasksNeeded().ifPresent(this::tasksNeeded);
    }
    w.flip().ifPresent(this::flip);
    prefixes(a);
    w.outlook().ifPresent(this::outlook);
    line("");
    w.plan().ifPresent(p -> place("In the plan (plan.csv)", p));
    w.waiting().ifPresent(p -> place("If every evaluation were passed (waiting.csv)", p));
    waysToComply();
    LadderText.rungs(w).forEach(l -> line("%s", l));
  }

  // Its part of a fleet that others may share, so that the row can be redone by hand.
  private void place(String where, Decisions.Move p) {
    String api = w.cell("api_forecast_usd");
    line(
        "%s it is move %d%s: %s%s a month.",
        where,
        p.order(),
        p.on()
            .map(
                on ->
                    ", %s at %s under %s on %s"
                        .formatted(on.localModel(), on.quantization(), on.engine(), on.hardware()))
            .orElse(""),
        api.isEmpty() || p.on().isEmpty()
            ? "saves "
            : "$%s at the API - %s for its part = "
                .formatted(api, usd(Double.parseDouble(api) - p.marginalSavingUsd())),
        usd(p.marginalSavingUsd()));
    p.outlook()
        .ifPresent(
            o ->
                line(
                    "  Over the horizon its part is %s in the middle of all futures, %s to %s in"
                        + " eight of ten; the fleet saves in %.0f %% of them.",
                    usd(o.p50Usd()), usd(o.p10Usd()), usd(o.p90Usd()), 100 * o.probabilitySaves()));
  }

  // Data that must leave the API may leave it in more than one way.
  private void waysToComply() {
    if (w.waysToComply().isEmpty()) {
      return;
    }
    line("It must leave the API. Ways to comply, cheapest first:");
    for (Decisions.Way way : w.waysToComply().get()) {
      line("  %s", way.inWords());
    }
  }

  private void replayed(Decisions.Weighed a) {
    line(
        "Best local alternative: %s at %s under %s on %s, %s replicas on %d boxes.",
        w.cell("local_model"),
        w.cell("quantization"),
        w.cell("engine"),
        w.cell("hardware"),
        w.cell("replicas"),
        a.boxes().orElseThrow());
    line(
        "Replayed: TTFT p50 %s ms, p95 %s ms; TPOT p50 %s ms; E2E p95 %s ms; busy %s of its time;"
            + " limits: %s.",
        w.cell("ttft_p50_ms"),
        w.cell("ttft_p95_ms"),
        w.cell("tpot_p50_ms"),
        w.cell("e2e_p95_ms"),
        w.cell("utilization"),
        w.serviceLevel().isEmpty() ? "none" : w.serviceLevel());
    if (a.stepTimeResidual().isPresent()) {
      line(
          "Step times are %s, two in three within %.0f %%: %s.",
          a.stepTimeKind().orElseThrow(),
          100 * a.stepTimeResidual().getAsDouble(),
          a.stepTimeSource().orElseThrow());
    }
    Fleet.Work calls = a.replay().orElseThrow().work();
    line(
        "%d of %d calls go to the API (%d find the fleet full or down, %d are too long).",
        calls.overflowCalls() + calls.tooLongCalls(),
        calls.calls(),
        calls.overflowCalls(),
        calls.tooLongCalls());
  }

  private void localCost(Decisions.Weighed a) {
    line("Local cost a month:");
    for (Decisions.Cost l : a.costLines().orElseThrow()) {
      line("  %-24s $%.6f = %s", l.name(), l.monthlyUsd(), l.arithmetic());
    }
    line("  sum = $%.6f", a.localMonthlyUsd().orElseThrow());
    if (a.overflowUsd().isPresent()) {
      line("Overflow at API prices a month: $%.6f", a.overflowUsd().getAsDouble());
    } else {
      line("Overflow at API prices a month: not known, some of its calls have no price");
    }
  }

  private void saving(Decisions.Weighed a) {
    if (a.savingUsd().isPresent()) {
      double agreements = a.agreementUsd().orElse(0);
      line(
          "Saving a month = $%s forecast - $%.2f local - $%.2f overflow%s = $%.2f",
          w.cell("api_forecast_usd"),
          a.localMonthlyUsd().orElseThrow(),
          a.overflowUsd().orElseThrow(),
          agreements == 0
              ? ""
              : String.format(Locale.ROOT, " + $%.2f that agreements change", agreements),
          a.savingUsd().getAsDouble());
    }
    if (!w.cell("billing_mode").equals("metered")) {
      line(
          "Billed as %s: the cash saving counts as $0.00 until whole seats or units are cancelled.",
          w.cell("billing_mode"));
    }
  }

  private void cash(Decisions.Cash f) {
    line(
        "Cash: -$%.2f at the start, %s$%.2f a month for %d months, $%.2f at the end;"
            + " NPV $%s, payback %s.",
        f.initialUsd(),
        f.monthlyNetUsd() < 0 ? "-" : "",
        Math.abs(f.monthlyNetUsd()),
        f.months(),
        f.residualUsd(),
        w.cell("npv_usd"),
        w.cell("payback_months").isEmpty()
            ? "not within the horizon"
            : w.cell("payback_months") + " months");
  }

  private void evidence(Decisions.Evidence e) {
    line(
        "Evaluation: %s, local %.4f, hosted %.4f on %d tasks; the difference lies between %.4f and"
            + " %.4f (%s): %s.",
        e.metric(),
        e.localScore(),
        e.hostedScore(),
        e.n(),
        e.low(),
        e.high(),
        e.method(),
        e.proven() ? "good enough" : "open");
  }

  private void tasksNeeded(long tasks) {
    if (tasks == 0) {
      line("No sample size would prove it while the scores stay as they are: below the bar.");
    } else {
      line(
          "An evaluation of about %,d tasks would settle it: both models on the same tasks.",
          tasks);
    }
  }

  private void flip(Decisions.Flip flip) {
    if (flip.nearest().isPresent()) {
      double ratio = flip.nearest().getAsDouble();
      line(
          "The answer flips at %s times today's volume (%s calls)%s.",
          PlainNumber.of(ratio),
          PlainNumber.of(ratio * Double.parseDouble(w.cell("calls"))),
          flip.extrapolated()
              ? String.format(
                  Locale.ROOT,
                  ", on the line beyond %s times, the most that was replayed",
                  PlainNumber.of(flip.replayedTo()))
              : ", by replay");
    } else {
      line("The answer never flips: %s.", flip.why());
    }
    List<String> intervals = new ArrayList<>();
    for (Decisions.Interval i : flip.saves()) {
      intervals.add(PlainNumber.of(i.from()) + " to " + PlainNumber.of(i.to()));
    }
    line(
        "It saves at %s times today's volume (replayed from %s to %s).",
        intervals.isEmpty() ? "no" : String.join(", ", intervals),
        PlainNumber.of(flip.replayedFrom()),
        PlainNumber.of(flip.replayedTo()));
  }

  // What the log read from the API's prompt cache, what the box finds in its own, and what if less.
  private void prefixes(Decisions.Weighed a) {
    Optional<Fleet.Prefix> replayed = a.replay().orElseThrow().work().prefix();
    if (replayed.isEmpty() || replayed.get().loggedTokens() == 0) {
      return;
    }
    Fleet.Prefix p = replayed.get();
    double logged = p.loggedTokens();
    line(
        "Prefix cache: of %,d prompt tokens the API had %.0f %% in its cache, %.0f %% of these in"
            + " sessions; the engine finds %.0f %% of them in its own (%s).",
        a.replay().get().work().promptTokens(),
        100 * logged / a.replay().get().work().promptTokens(),
        100 * p.inSessionTokens() / logged,
        100 * p.foundTokens() / logged,
        a.replay().get().options().prefixCacheInSession().isPresent()
            ? "replayed, and a share assumed where the log has no sessions"
            : "as prefix-cache says");
    if (w.prefixCache().isPresent()) {
      Decisions.PrefixCache c = w.prefixCache().get();
      line("If only half of that were found: %s.", said(c.half(), logged));
      c.low().ifPresent(low -> line("At the low end of its range, %s.", said(low, logged)));
      c.high().ifPresent(high -> line("At the high end, %s.", said(high, logged)));
    }
  }

  private static String said(Decisions.PrefixCase c, double logged) {
    if (c.savingUsd().isEmpty()) {
      return "no fleet serves it within the limits";
    }
    return String.format(
        Locale.ROOT,
        "%.0f %% of the log's, a saving of %s a month with %d %s",
        100 * c.foundTokens().orElseThrow() / logged,
        usd(c.savingUsd().getAsDouble()),
        c.boxes().orElseThrow(),
        c.boxes().getAsInt() == 1 ? "box" : "boxes");
  }

  private void outlook(Decisions.Futures o) {
    line(
        "Over the horizon it saves %s a month in the middle of all futures, %s to %s in eight"
            + " of ten; it saves in %.0f %% of them.",
        usd(o.p50Usd()), usd(o.p10Usd()), usd(o.p90Usd()), 100 * o.probabilitySaves());
    w.growth()
        .ifPresent(
            g ->
                line(
                    "Growth a month: %.1f %%, %.1f to %.1f in eight of ten (%s).",
                    100 * g.p50(), 100 * g.p10(), 100 * g.p90(), g.source()));
    sensitivities(o);
  }

  // In dollars, because a share of the variance is no share of the cost: where rent is fixed, hours
  // of people are nearly all that varies, however few they are.
  private void sensitivities(Decisions.Futures o) {
    double half = (o.p90Usd() - o.p10Usd()) / 2;
    List<Decisions.Cause> causes = new ArrayList<>(o.varianceShares());
    causes.sort((x, y) -> Double.compare(y.share(), x.share()));
    List<String> words = new ArrayList<>();
    for (Decisions.Cause cause : causes) {
      if (cause.share() >= 0.01) {
        words.add(cause.sentence() + " " + usd(Math.sqrt(cause.share()) * half));
      }
    }
    OptionalDouble cost =
        w.chosen().map(Decisions.Weighed::localMonthlyUsd).orElse(OptionalDouble.empty());
    if (!words.isEmpty()) {
      line(
          "By how much each thing moves it up or down, in eight of ten futures: %s; all together"
              + " %s%s.",
          String.join(", ", words),
          usd(half),
          cost.isPresent() && cost.getAsDouble() > 0
              ? String.format(
                  Locale.ROOT,
                  ", %s %% of what it costs locally",
                  PlainNumber.of(100 * half / cost.getAsDouble()))
              : "");
    }
  }

  private static String usd(double usd) {
    return String.format(Locale.ROOT, usd < 0 ? "-$%.2f" : "$%.2f", Math.abs(usd));
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
