package dev.homeward.review;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.CallDays;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.Alternative;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.HostedChoice;
import dev.homeward.decision.Plan;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.Verdict;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.economics.Assumptions;
import dev.homeward.ingest.IngestResult;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.Fleet;
import dev.homeward.keeping.KeptFile;
import dev.homeward.keeping.Replayed;
import dev.homeward.logs.CopiedLog;
import dev.homeward.logs.FileCounts;
import dev.homeward.logs.LogInputs;
import dev.homeward.logs.RejectedLog;
import dev.homeward.logs.StrayFile;
import dev.homeward.page.ReportFace;
import dev.homeward.pricing.SpendOfDay;
import dev.homeward.report.ConsoleTable;
import dev.homeward.report.PlanSummary;
import dev.homeward.report.PlanText;
import dev.homeward.report.Reviewed;
import dev.homeward.settings.ReviewSettings;
import dev.homeward.units.Columns;
import dev.homeward.units.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What a review says besides its ranking: summary, manifest, data quality, the text on the console.
 */
record Report(
    ReviewInputs inputs,
    IngestResult ingested,
    ReviewPeriod period,
    DecideStep.Decision decision,
    ServedLocally home,
    List<SpendOfDay.OfWorkload> spendOfDays) {
  private static final int PROBLEMS_SHOWN = 5;

  public List<RankedWorkload> ranking() {
    return decision.ranking();
  }

  public Plan plan() {
    return decision.plan();
  }

  public boolean anythingFeasible() {
    return ranking().stream().anyMatch(w -> w.chosen().isPresent());
  }

  /** Summary and table for a terminal. */
  public String text() {
    StringBuilder text = new StringBuilder();
    period(text);
    settings(text);
    PlanText.now(decision).forEach(l -> line(text, "%s", l));
    PlanText.waiting(decision.waiting()).forEach(l -> line(text, "%s", l));
    home.moves().forEach(l -> line(text, "%s", l));
    PlanText.owners(ranking()).forEach(l -> line(text, "%s", l));
    Assumptions assumptions = inputs.settings().assumptions();
    line(
        text,
        "Situation: %s%s.",
        assumptions.situation().id(),
        assumptions.given().isEmpty()
            ? ""
            : ", with %d assumptions of your own".formatted(assumptions.given().size()));
    otherApiModels(text);
    data(text);
    prices().lines().forEach(l -> line(text, "      %s", l));
    problems(text);
    mustMove(text);
    text.append('\n').append(ConsoleTable.of(ranking()));
    return text.toString();
  }

  private void period(StringBuilder text) {
    line(
        text,
        "Review of %s (%s): %,d calls, %d workloads. API $%.2f a month at announced prices.",
        period.month(),
        period.zone(),
        calls(),
        ranking().size(),
        forecastUsd());
    if (period.isTooShort()) {
      line(text, "The log covers less than a minute: there are no monthly figures.");
    } else if (period.isSample()) {
      line(
          text,
          "The log covers %.4f of the month%s: money is scaled up, hardware is sized on what was"
              + " seen.",
          period.coverage(),
          period.isByTime() ? "" : ", by the calls that its hours of the week usually have");
    }
    if (!aside().isEmpty()) {
      line(
          text,
          "Far from all other calls, and not counted where the log begins or ends: %s%s.",
          aside().stream().limit(PROBLEMS_SHOWN).map(Report::said).collect(joining(", ")),
          aside().size() > PROBLEMS_SHOWN
              ? " and %d more".formatted(aside().size() - PROBLEMS_SHOWN)
              : "");
    }
  }

  // Which settings are whose: a review that did not find a policy is no review under it.
  private void settings(StringBuilder text) {
    List<String> defaults = new ArrayList<>();
    List<String> read = new ArrayList<>();
    inputs
        .settingsFiles()
        .forEach(
            (name, files) -> {
              read.addAll(files);
              if (files.isEmpty()) {
                defaults.add(name);
              }
            });
    line(
        text,
        "Settings: %s.",
        read.isEmpty()
            ? "defaults, no file was given or found"
                + inputs.settingsFolder().map(" in %s"::formatted).orElse("")
            : String.join(", ", read)
                + (defaults.isEmpty() ? "" : "; defaults for " + String.join(", ", defaults)));
  }

  private void data(StringBuilder text) {
    LogInputs.ownTables(inputs.files()).forEach(table -> line(text, "%s.", table));
    FileCounts total = ingested.total();
    line(
        text,
        "Data: %,d records%s = %,d calls + %,d duplicates%s + %,d no calls + %,d rejected%s%s.",
        total.records,
        madeUp(total),
        total.calls,
        total.duplicates,
        DataDoubts.nested(total),
        total.ignored,
        total.rejected,
        total.rejectedByReason.isEmpty() ? "" : " " + total.rejectedByReason,
        buckets(total));
    line(
        text,
        "      %,d proxy cache hits and %,d failures left out; %,d calls without usage; %.2f %% of"
            + " calls without a data class.",
        sum(Counted.CACHE_HITS),
        sum(Counted.FAILURES),
        sum(Counted.MISSING_USAGE),
        100 * untaggedShare());
    DataDoubts.of(total).forEach(doubt -> line(text, "      %s.", doubt));
    ingested.others().lines().forEach(l -> line(text, "      %s.", l));
    if (total.made > 0 && !ingested.usage().alone()) {
      line(text, "      Calls are made up where sampling left them out: confidence says so.");
    }
    home.lines().forEach(l -> line(text, "      %s", l));
    searches(text);
    for (String overlap : ingested.overlaps(inputs.files())) {
      line(text, "      %s.", overlap);
    }
    ingested.usage().lines().forEach(l -> line(text, "%s", l));
  }

  private void searches(StringBuilder text) {
    long searches = cases().stream().mapToLong(w -> w.spend().unpricedSearches().orElse(0)).sum();
    if (searches > 0) {
      line(
          text,
          "      %,d searches of the web have no price and are not in the API's cost.",
          searches);
    }
  }

  // Beside what may move: what another model would save while everything stays at an API.
  private void otherApiModels(StringBuilder text) {
    int workloads = 0;
    double less = 0;
    for (WorkloadCase w : cases()) {
      OptionalDouble least =
          w.hostedChoices().stream()
              .filter(choice -> !choice.lowerTier())
              .mapToDouble(HostedChoice::monthlyUsd)
              .min();
      if (least.isPresent()) {
        workloads++;
        less += w.apiForecastUsd().orElseThrow() - least.getAsDouble();
      }
    }
    if (workloads > 0) {
      line(
          text,
          "Instead of moving: API models of the same tier or above would cost $%.2f a month less"
              + " for %d workloads; nobody has judged their quality (homeward explain WORKLOAD"
              + " names them).",
          less,
          workloads);
    }
  }

  private PriceChecks prices() {
    return new PriceChecks(inputs.settings().prices(), period, cases());
  }

  private void problems(StringBuilder text) {
    int shown = 0;
    for (WorkloadCase w : cases()) {
      if (w.spend().problem().isPresent() && shown++ < PROBLEMS_SHOWN) {
        line(
            text,
            "      Not priced: %s, %,d calls: %s.",
            w.key(),
            w.profile().calls(),
            w.spend().problem().get());
      }
      if (w.isViolation()) {
        line(
            text,
            "      Violation: %s, %,d calls at %s.",
            w.key(),
            w.profile().calls(),
            w.profile().providers().isEmpty()
                ? "an unnamed provider"
                : String.join(", ", w.profile().providers()));
      }
    }
  }

  // What must move and the cheapest way to do it; explain lists the others.
  private void mustMove(StringBuilder text) {
    int shown = 0;
    for (RankedWorkload w : ranking()) {
      if (!w.waysToComply().isEmpty() && shown++ < PROBLEMS_SHOWN) {
        line(
            text,
            "      Must move: %s. Cheapest: %s; %s.",
            w.workload().key(),
            w.waysToComply().get(0).inWords(),
            w.waysToComply().get(w.waysToComply().size() - 1).inWords());
      }
    }
  }

  /** The calls of the sum that no record holds. */
  public static String madeUp(FileCounts total) {
    return total.made == 0 ? "" : String.format(Locale.ROOT, " + %,d calls made up", total.made);
  }

  /** What records of usage reports became. */
  public static String buckets(FileCounts total) {
    return total.buckets == 0
        ? ""
        : String.format(Locale.ROOT, " + %,d buckets of usage reports", total.buckets);
  }

  public ObjectNode summary() {
    FileCounts total = ingested.total();
    ObjectNode n = Codec.object();
    n.put("review_id", inputs.reviewId());
    n.put("review_month", period.month().toString());
    n.put("timezone", period.zone().getId());
    n.put("coverage", period.coverage());
    n.put("situation", inputs.settings().assumptions().situation().id());
    n.put("calls", calls());
    n.put("workloads", ranking().size());
    n.put("api_forecast_monthly_usd", forecastUsd());
    ObjectNode verdicts = n.putObject("verdicts");
    ObjectNode savings = n.putObject("saving_monthly_usd");
    for (Verdict verdict : Verdict.values()) {
      verdicts.put(verdict.name(), count(verdict));
      switch (verdict) {
        case MUST_MOVE, MOVE, MOVE_WITH_OVERFLOW, EVALUATE_FIRST ->
            savings.put(verdict.name(), saving(verdict));
        // What stays where it is saves nothing, however it adds up.
        case KEEP_API, INFEASIBLE -> {}
      }
    }
    PlanSummary.write(decision, n);
    ObjectNode quality = n.putObject("data_quality");
    quality.put("records", total.records);
    quality.put("calls", total.calls);
    quality.put("duplicates", total.duplicates);
    quality.put("nested", total.nested);
    quality.put("ignored", total.ignored);
    quality.put("rejected", total.rejected);
    total.rejectedByReason.forEach(quality.putObject("rejected_by_reason")::put);
    quality.put("buckets", total.buckets);
    quality.put("made_up", total.made);
    ingested.twins().forEach(quality.putObject("calls_of_two_sources")::put);
    ingested.usage().writeTo(n);
    if (!aside().isEmpty()) {
      ArrayNode far = quality.putArray("far_from_all_other_calls");
      for (CallDays.Stretch stretch : aside()) {
        far.addObject()
            .put("calls", stretch.calls())
            .put("first_day", ReviewPeriod.day(stretch.firstMicros()))
            .put("last_day", ReviewPeriod.day(stretch.lastMicros()))
            .put("first_file", stretch.file())
            .put("first_line", stretch.line());
      }
    }
    quality.put("proxy_cache_hits", sum(Counted.CACHE_HITS));
    quality.put("failures", sum(Counted.FAILURES));
    quality.put("missing_usage", sum(Counted.MISSING_USAGE));
    DataDoubts.write(total, quality);
    ingested.others().write(quality);
    quality.put("untagged_share", untaggedShare());
    ArrayNode unpriced = quality.putArray("unpriced");
    for (WorkloadCase w : cases()) {
      w.spend()
          .problem()
          .ifPresent(
              problem ->
                  unpriced
                      .addObject()
                      .put("workload", w.key().workload())
                      .put("hosted_model", w.key().hostedModel())
                      .put("calls", w.profile().calls())
                      .put("problem", problem));
    }
    prices().write(quality);
    home.write(n, quality);
    return n;
  }

  public ObjectNode manifest(ReviewOptions options) {
    ObjectNode n = Codec.object();
    n.put("review_id", inputs.reviewId());
    n.put("code_version", inputs.codeVersion());
    n.put("catalog_version", inputs.settings().catalog().version());
    n.put("price_book_version", inputs.settings().prices().version());
    RejectedLog.inputs(n.putArray("inputs"), inputs.files(), ingested.counts());
    if (!options.log().copies().isEmpty()) {
      CopiedLog.write(options.log().copies().values(), n.putArray("databases"));
    }
    StrayFile.write(inputs.passedOver(), n);
    n.putArray("added_later").add(KeptFile.LIKELY.path());
    n.putArray("made_again_later").add(ReportFace.JSON).add(ReportFace.HTML);
    ObjectNode config = n.putObject("configuration");
    config.put("month", period.month().toString());
    config.put("timezone", period.zone().getId());
    ObjectNode settings = config.putObject("settings_files");
    inputs.settingsFiles().forEach((name, files) -> files.forEach(settings.putArray(name)::add));
    config.put("policy", inputs.settings().policy().text());
    config.put("assumptions", inputs.settings().assumptions().text());
    config.put("evaluations", inputs.settings().evaluations().all().size());
    options.log().workload().ifPresent(w -> config.put("workload", w));
    options.log().hostedModel().ifPresent(m -> config.put("hosted_model", m));
    options.log().sourceTimezone().ifPresent(z -> config.put("source_timezone", z));
    config.put("keep_ids", options.log().keepIds());
    return n;
  }

  /** What the files need that people take away. */
  public Reviewed reviewed(Reviewed.Calls calls) {
    ReviewSettings s = inputs.settings();
    return new Reviewed(
        inputs.reviewId(),
        inputs.codeVersion(),
        period,
        decision,
        new Reviewed.Settings(
            s.catalog(), s.prices(), s.policy(), s.evaluations(), s.assumptions()),
        summary(),
        Optional.of(spendOfDays),
        chosenByHour(),
        calls);
  }

  /** The chosen fleets by hour, one JSON object a line. */
  public String hours() {
    return Codec.lines(chosenByHour());
  }

  private List<Replayed.Chosen> chosenByHour() {
    TreeMap<WorkloadKey, Alternative> byKey = new TreeMap<>();
    ranking().forEach(w -> w.chosen().ifPresent(a -> byKey.put(w.workload().key(), a)));
    List<Replayed.Chosen> lines = new ArrayList<>();
    byKey.forEach(
        (key, a) -> {
          Replayed.On on =
              new Replayed.On(
                  a.model().id(), a.quantization().id(), a.engine().id(), a.hardware().id());
          lines.add(
              new Replayed.Chosen(Replayed.Key.of(key), on, Fleet.of(a.fleet().orElseThrow())));
        });
    return lines;
  }

  private List<WorkloadCase> cases() {
    List<WorkloadCase> cases = new ArrayList<>();
    ranking().forEach(w -> cases.add(w.workload()));
    cases.sort(java.util.Comparator.comparing(WorkloadCase::key));
    return cases;
  }

  private enum Counted {
    CACHE_HITS,
    FAILURES,
    MISSING_USAGE
  }

  private long sum(Counted what) {
    long sum = 0;
    for (RankedWorkload w : ranking()) {
      var p = w.workload().profile();
      sum +=
          switch (what) {
            case CACHE_HITS -> p.cacheHits();
            case FAILURES -> p.failures();
            case MISSING_USAGE -> p.missingUsage();
          };
    }
    return sum;
  }

  private long calls() {
    return ranking().stream().mapToLong(w -> w.workload().profile().calls()).sum();
  }

  private double untaggedShare() {
    long untagged =
        ranking().stream()
            .filter(w -> w.workload().isUnclassified())
            .mapToLong(w -> w.workload().profile().calls())
            .sum();
    return calls() == 0 ? 0 : (double) untagged / calls();
  }

  private double forecastUsd() {
    return ranking().stream().mapToDouble(w -> w.workload().apiForecastUsd().orElse(0)).sum();
  }

  private double saving(Verdict verdict) {
    return ranking().stream()
        .filter(w -> w.verdict() == verdict)
        .mapToDouble(RankedWorkload::rankedByUsd)
        .sum();
  }

  private long count(Verdict verdict) {
    return ranking().stream().filter(w -> w.verdict() == verdict).count();
  }

  private static final int WIDTH = 120;
  private static final String INDENT = "            ";

  // Long lines are broken at spaces, so that they fit where the table fits.
  static void line(StringBuilder text, String format, Object... values) {
    String line = VisibleText.of(String.format(Locale.ROOT, format, values));
    Columns.wrapped(line, WIDTH, INDENT).forEach(l -> text.append(l).append('\n'));
  }

  /** What lies so far from all other calls that it did not decide the month. */
  private List<CallDays.Stretch> aside() {
    return ingested.callDays().bulk().aside();
  }

  private static String said(CallDays.Stretch aside) {
    String from = ReviewPeriod.day(aside.firstMicros());
    String to = ReviewPeriod.day(aside.lastMicros());
    return String.format(
        Locale.ROOT,
        "%,d %s of %s%s",
        aside.calls(),
        aside.calls() == 1 ? "call" : "calls",
        from.equals(to) ? from : from + " to " + to,
        aside.file().isEmpty()
            ? ""
            : aside.line() > 0
                ? " (%s:%d)".formatted(aside.file(), aside.line())
                : " (%s)".formatted(aside.file()));
  }
}
