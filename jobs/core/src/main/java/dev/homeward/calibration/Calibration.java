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
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Fits efficiency sets to measurements: one for each engine with serving points, for all
 * accelerators that it was measured on; one for each engine and accelerator of the benches.
 */
public final class Calibration {
  private final Catalog catalog;
  private final List<ServingCase> serving;
  private final List<Benches.Case> benches;
  private final Map<String, Integer> unknown = new TreeMap<>();
  private final Set<String> heldOut;

  /**
   * @param accelerator id for benches that do not say theirs; {@code ""} if none
   * @param version of the engine for benches that do not say theirs; {@code ""} for today's
   * @param heldOut models, as the files or the catalog name them, to test on and not to fit to
   */
  public Calibration(
      CatalogNames names,
      MeasuredFiles files,
      String accelerator,
      String version,
      Set<String> heldOut) {
    this.catalog = names.catalog();
    ServingCases cases = new ServingCases(names);
    this.serving = cases.of(files.serving());
    this.unknown.putAll(cases.unknown());
    Benches bench = new Benches(names, accelerator, version);
    this.benches = bench.of(files.benches());
    this.unknown.putAll(bench.unknown());
    this.heldOut = heldOut;
  }

  /**
   * A fitted set.
   *
   * @param engine id
   * @param accelerators ids
   * @param fit the parameters as they are written, rounded
   * @param lines errors in sample and held out
   */
  public record Fitted(
      String engine, List<String> accelerators, Result fit, List<ServingFits.Line> lines) {}

  /** Names that the catalog lacks, with the number of points left out for each. */
  public Map<String, Integer> unknown() {
    return unknown;
  }

  /** All serving points that the catalog knows, those that do not count with their reason. */
  public List<ServingCase> serving() {
    return serving;
  }

  /** The fitted sets, engines in order. */
  public List<Fitted> fit(String reference, String date) {
    List<Fitted> sets = new ArrayList<>();
    TreeSet<String> engines = new TreeSet<>();
    serving.stream().filter(ServingCase::counts).forEach(c -> engines.add(c.engine().id()));
    for (String id : engines) {
      sets.add(serving(catalog.engine(id), reference, date));
    }
    TreeMap<String, List<Benches.Case>> benched = new TreeMap<>();
    for (Benches.Case c : benches) {
      BenchObservation o = c.observation();
      benched
          .computeIfAbsent(
              o.engine().id() + " " + o.placement().accelerator().id(), key -> new ArrayList<>())
          .add(c);
    }
    for (List<Benches.Case> cases : benched.values()) {
      sets.add(benches(cases, reference, date));
    }
    return sets;
  }

  private Fitted serving(Engine engine, String reference, String date) {
    List<ServingCase> cases =
        serving.stream().filter(c -> c.counts() && c.engine().id().equals(engine.id())).toList();
    List<ServingCase> train =
        cases.stream().filter(c -> !isHeldOut(c.point().model(), c.model().id())).toList();
    TreeSet<String> chips = new TreeSet<>();
    train.forEach(c -> chips.add(c.accelerator().id()));
    Source source =
        source(
            train.stream().map(c -> c.point().source()).toList(), reference, date, engine.name());
    ServingFits fits = new ServingFits(catalog, source);
    Result fit = rounded(withCallTime(engine, fits.fit(engine, train), train));
    List<ServingFits.Line> lines = new ArrayList<>(ServingFits.lines(fit, "all", "all", train));
    firstTokens(engine, fit, train).ifPresent(lines::add);
    for (String model : modelsHeldOut(cases)) {
      lines.addAll(
          ServingFits.lines(
              fit,
              "all",
              model,
              cases.stream().filter(c -> c.model().id().equals(model)).toList()));
    }
    return new Fitted(engine.id(), List.copyOf(chips), fit, lines);
  }

  /** The error of times to first token at low concurrency; empty where none counts. */
  static Optional<ServingFits.Line> firstTokens(
      Engine engine, Result fit, List<ServingCase> cases) {
    double absolute = 0;
    double signed = 0;
    int n = 0;
    for (ServingCase c : FirstTokens.of(cases)) {
      OptionalDouble replayed = FirstTokens.replayedSeconds(engine, fit.efficiency(), c);
      if (replayed.isPresent()) {
        double error = replayed.getAsDouble() / (c.point().ttftMillis().getAsDouble() / 1e3) - 1;
        absolute += Math.abs(error);
        signed += error;
        n++;
      }
    }
    return n == 0
        ? Optional.empty()
        : Optional.of(new ServingFits.Line("all", "all, TTFT", n, absolute / n, signed / n));
  }

  private TreeSet<String> modelsHeldOut(List<ServingCase> cases) {
    TreeSet<String> models = new TreeSet<>();
    for (ServingCase c : cases) {
      if (isHeldOut(c.point().model(), c.model().id())) {
        models.add(c.model().id());
      }
    }
    return models;
  }

  private Fitted benches(List<Benches.Case> cases, String reference, String date) {
    Engine engine = cases.get(0).observation().engine();
    String chip = cases.get(0).observation().placement().accelerator().id();
    List<BenchObservation> train = new ArrayList<>();
    List<BenchObservation> test = new ArrayList<>();
    List<String> sources = new ArrayList<>();
    for (Benches.Case c : cases) {
      boolean out = isHeldOut(c.name(), c.observation().placement().model().id());
      if (!out && c.warmingUp()) {
        continue;
      }
      (out ? test : train).add(c.observation());
      if (!out) {
        sources.add(c.point().source());
      }
    }
    Source source = source(sources, reference, date, engine.name());
    Result fit = rounded(EfficiencyFit.fit(train, catalog.priors(engine), source));
    List<ServingFits.Line> lines = new ArrayList<>();
    benchLines(fit, "all", train, lines);
    benchLines(fit, "held out", test, lines);
    return new Fitted(engine.id(), List.of(chip), fit, lines);
  }

  private static void benchLines(
      Result fit, String tested, List<BenchObservation> all, List<ServingFits.Line> lines) {
    for (boolean decode : new boolean[] {false, true}) {
      List<BenchObservation> some = all.stream().filter(o -> (o.steps() > 0) == decode).toList();
      if (!some.isEmpty()) {
        lines.add(ServingFits.test("all", tested + (decode ? ", decode" : ", prefill"), fit, some));
      }
    }
  }

  private boolean isHeldOut(String name, String id) {
    return heldOut.contains(name) || heldOut.contains(id);
  }

  static Result withCallTime(Engine engine, Result fit, List<ServingCase> train) {
    return new Result(
        FirstTokens.withCallTime(engine, fit.efficiency(), train),
        fit.spreads(),
        fit.meanAbsoluteError(),
        fit.bias());
  }

  private static Result rounded(Result fit) {
    return new Result(
        EfficiencyFit.rounded(fit.efficiency()),
        fit.spreads(),
        fit.meanAbsoluteError(),
        fit.bias());
  }

  private static Source source(List<String> points, String reference, String date, String engine) {
    TreeSet<String> files = new TreeSet<>();
    points.forEach(point -> files.add(point.replaceAll(":\\d+$", "")));
    return new Source(
        Confidence.MEASURED,
        String.format(
            Locale.ROOT,
            "fitted to %d points of %s in %s (%s)",
            points.size(),
            engine,
            String.join(", ", files),
            reference),
        date);
  }
}
