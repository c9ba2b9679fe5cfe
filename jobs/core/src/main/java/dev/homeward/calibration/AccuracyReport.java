package dev.homeward.calibration;

import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.Source;
import dev.homeward.serving.BenchObservation;
import dev.homeward.serving.EfficiencyFit;
import dev.homeward.serving.EfficiencyFit.Result;
import dev.homeward.units.Confidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tables of docs/accuracy.md, computed anew from files of measurements. */
public final class AccuracyReport {
  private static final Source HERE = new Source(Confidence.MEASURED, "this report", "-");

  private final CatalogNames names;
  private final StringBuilder text = new StringBuilder();

  public AccuracyReport(CatalogNames names) {
    this.names = names;
  }

  /** The report so far, as Markdown. */
  public String text() {
    return text.toString();
  }

  /** Serving points: what counts, errors in sample and held out, first tokens. */
  public void serving(MeasuredFiles files) {
    if (files.serving().isEmpty()) {
      return;
    }
    Catalog catalog = names.catalog();
    ServingCases resolved = new ServingCases(names);
    List<ServingCase> cases = resolved.of(files.serving());
    line("## Serving points");
    line("");
    line("| points | |");
    line("|---|---|");
    line("| %d | in the files |", files.serving().size() + files.problems().size());
    line("| %d | could not be read: a cell is missing or impossible |", files.problems().size());
    resolved.unknown().forEach((what, n) -> line("| %d | unknown %s |", n, what));
    Map<String, Integer> reasons = new TreeMap<>();
    for (ServingCase c : cases) {
      String reason = c.exclusion().replaceAll(":.*", "");
      reasons.merge(reason.isEmpty() ? "**count**" : reason, 1, Integer::sum);
    }
    reasons.forEach((reason, n) -> line("| %d | %s |", n, reason));
    line("");
    line("Time per output token, mean of |predicted / measured - 1|:");
    line("");
    line("| engine | fitted to | tested on | points | error | bias |");
    line("|---|---|---|---|---|---|");
    TreeSet<String> engines = new TreeSet<>();
    cases.forEach(c -> engines.add(c.engine().id()));
    ServingFits fits = new ServingFits(catalog, HERE);
    for (String id : engines) {
      Engine engine = catalog.engine(id);
      List<ServingCase> all = cases.stream().filter(c -> c.engine().id().equals(id)).toList();
      List<ServingCase> counted = all.stream().filter(ServingCase::counts).toList();
      if (counted.isEmpty()) {
        continue;
      }
      fits.table(engine, counted).forEach(l -> row(id, l));
      Result fit = fits.fit(engine, counted);
      ServingFits.lines(fit, "all that count", "everything, nothing left out", all)
          .forEach(l -> row(id, l));
    }
    line("");
    firstTokens(cases, engines);
    excluded(cases, fits);
  }

  private void firstTokens(List<ServingCase> cases, TreeSet<String> engines) {
    line(
        "Time to first token, at most %d callers, the benchmark replayed:",
        FirstTokens.MOST_CALLERS);
    line("");
    line("| engine | points | error | bias |");
    line("|---|---|---|---|");
    for (String id : engines) {
      Engine engine = names.catalog().engine(id);
      List<ServingCase> counted =
          cases.stream().filter(c -> c.counts() && c.engine().id().equals(id)).toList();
      if (counted.isEmpty()) {
        continue;
      }
      Result fit =
          Calibration.withCallTime(
              engine, new ServingFits(names.catalog(), HERE).fit(engine, counted), counted);
      Calibration.firstTokens(engine, fit, counted)
          .ifPresentOrElse(
              l ->
                  line(
                      "| %s | %d | %s | %s |",
                      id, l.points(), percent(l.error()), signed(l.bias())),
              () -> line("| %s | 0 | | |", id));
    }
    line("");
  }

  // Every campaign and rule that left points out, and how the model does on them all the same.
  private void excluded(List<ServingCase> cases, ServingFits fits) {
    line("Points left out, and the error of the fit to all that count on them:");
    line("");
    line("| campaign | reason | points | error | bias |");
    line("|---|---|---|---|---|");
    Map<String, List<ServingCase>> groups = new TreeMap<>();
    for (ServingCase c : cases) {
      if (!c.counts() && !c.exclusion().equals("counted already")) {
        String key = c.observation().campaign() + " | " + c.exclusion().replaceAll(":.*", "");
        groups.computeIfAbsent(key, k -> new ArrayList<>()).add(c);
      }
    }
    Map<String, Result> byEngine = new TreeMap<>();
    groups.forEach(
        (key, group) -> {
          Engine engine = group.get(0).engine();
          Result fit =
              byEngine.computeIfAbsent(
                  engine.id(),
                  id ->
                      fits.fit(
                          engine,
                          cases.stream()
                              .filter(c -> c.counts() && c.engine().id().equals(id))
                              .toList()));
          ServingFits.Line l =
              ServingFits.test("", "", fit, group.stream().map(ServingCase::observation).toList());
          line("| %s | %d | %s | %s |", key, l.points(), percent(l.error()), signed(l.bias()));
        });
    line("");
  }

  /**
   * Benches, by engine and accelerator: fitted to one model, tested on the others, each in turn.
   */
  public void benches(MeasuredFiles files, String accelerator, String version) {
    Benches resolved = new Benches(names, accelerator, version);
    Map<String, List<Benches.Case>> groups = new TreeMap<>();
    for (Benches.Case c : resolved.of(files.benches())) {
      if (c.observation().placement().accelerators() == 1) {
        String group =
            c.observation().engine().id() + " on " + c.observation().placement().accelerator().id();
        groups.computeIfAbsent(group, key -> new ArrayList<>()).add(c);
      }
    }
    resolved.unknown().forEach((what, n) -> line("%d points left out: unknown %s", n, what));
    groups.forEach(this::benches);
  }

  private void benches(String group, List<Benches.Case> cases) {
    line("## Benches, %s", group);
    line("");
    line("| fitted to | tested on | points | error | bias |");
    line("|---|---|---|---|---|");
    TreeSet<String> models = new TreeSet<>();
    cases.forEach(c -> models.add(c.name()));
    Engine engine = cases.get(0).observation().engine();
    for (String model : models) {
      List<BenchObservation> train =
          cases.stream()
              .filter(c -> c.name().equals(model) && !c.warmingUp())
              .map(Benches.Case::observation)
              .toList();
      if (train.isEmpty()) {
        continue;
      }
      Result fit = EfficiencyFit.fit(train, names.catalog().priors(engine), HERE);
      for (String tested : models) {
        for (boolean decode : new boolean[] {false, true}) {
          for (boolean warming : new boolean[] {false, true}) {
            benchLine(model, tested, decode, warming, fit, cases);
          }
        }
      }
    }
    line("");
  }

  private void benchLine(
      String model,
      String tested,
      boolean decode,
      boolean warming,
      Result fit,
      List<Benches.Case> cases) {
    List<BenchObservation> some =
        cases.stream()
            .filter(
                c ->
                    c.name().equals(tested)
                        && c.warmingUp() == warming
                        && (c.observation().steps() > 0) == decode)
            .map(Benches.Case::observation)
            .toList();
    if (!some.isEmpty()) {
      ServingFits.Line l = ServingFits.test(model, tested, fit, some);
      line(
          "| %s | %s, %s%s | %d | %s | %s |",
          model,
          tested,
          decode ? "decode" : "prefill",
          warming ? ", with a warm-up in the time" : "",
          l.points(),
          percent(l.error()),
          signed(l.bias()));
    }
  }

  /** Runs call by call, with the catalog's parameters. */
  public void runs(List<RunCheck.RunComparison> outcomes) {
    if (outcomes.isEmpty()) {
      return;
    }
    line("## Runs, call by call");
    line("");
    line("| run | calls | figure | measured | replayed | error |");
    line("|---|---|---|---|---|---|");
    for (RunCheck.RunComparison o : outcomes) {
      String run = o.run().name();
      o.kvTokens().ifPresent(f -> figure(run, o.calls(), "KV cache, tokens", f, "%.0f", 1));
      figure(run, o.calls(), "makespan, s", o.makespan(), "%.1f", 1);
      figure(run, o.calls(), "TTFT p50, s", o.ttftP50(), "%.3f", 1);
      figure(run, o.calls(), "TPOT p50, ms", o.tpotP50(), "%.2f", 1000);
      line(
          "| %s | %d | E2E, median error of a call | | | %s |",
          run, o.calls(), percent(o.e2eMedianError()));
      o.watts().ifPresent(f -> figure(run, o.calls(), "mean watts", f, "%.0f", 1));
    }
    line("");
  }

  private void figure(
      String run, int calls, String what, RunCheck.Compared f, String format, double factor) {
    line(
        "| %s | %d | %s | %s | %s | %s |",
        run,
        calls,
        what,
        String.format(Locale.ROOT, format, f.measured() * factor),
        String.format(Locale.ROOT, format, f.replayed() * factor),
        signed(f.error()));
  }

  private void row(String engine, ServingFits.Line l) {
    line(
        "| %s | %s | %s | %d | %s | %s |",
        engine, l.fitted(), l.tested(), l.points(), percent(l.error()), signed(l.bias()));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String signed(double share) {
    return String.format(Locale.ROOT, "%+.1f %%", 100 * share);
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
