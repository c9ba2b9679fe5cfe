package dev.homeward.calibration;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.Engine;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Placement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How far the parameters in use (the program's own, with the user's over them) are off
 * measurements. Nothing is fitted here.
 */
public final class InUse {
  private final Catalog catalog;
  private final Map<Group, Errors> groups = new TreeMap<>();
  private final Map<String, Integer> leftOut = new TreeMap<>();

  public InUse(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * What is measured together.
   *
   * @param kind {@code prefill}, {@code decode}, {@code batched_prefill}, {@code batched_decode}
   *     (rates); {@code tpot}, {@code ttft}, {@code e2e}, {@code makespan}, {@code watts} (times of
   *     servers and runs); {@code output_rate} (tokens a second of many callers)
   */
  public record Group(
      String engine,
      String version,
      String accelerator,
      int accelerators,
      String model,
      String format,
      String kind)
      implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      return key().compareTo(other.key());
    }

    private String key() {
      return String.join(
          "|",
          engine,
          version,
          accelerator,
          String.format(Locale.ROOT, "%03d", accelerators),
          kind,
          model,
          format);
    }
  }

  /** Errors of a group: predicted over measured, less one. */
  public static final class Errors {
    private int points;
    private double absolute;
    private double signed;

    /** Points. */
    public int points() {
      return points;
    }

    /** Mean of |predicted / measured - 1|. */
    public double meanAbsolute() {
      return absolute / points;
    }

    /** Mean of predicted / measured - 1. */
    public double bias() {
      return signed / points;
    }

    private void add(double error) {
      points++;
      absolute += Math.abs(error);
      signed += error;
    }

    private void add(Errors other) {
      points += other.points;
      absolute += other.absolute;
      signed += other.signed;
    }
  }

  /** The groups with their errors, in order. */
  public Map<Group, Errors> groups() {
    return groups;
  }

  /** Why points were left out, with their number. */
  public Map<String, Integer> leftOut() {
    return leftOut;
  }

  /** Benches: the rate that is predicted against the rate that was measured. */
  public void benches(List<Benches.Case> cases) {
    for (Benches.Case c : cases) {
      Placement placement = c.observation().placement();
      Optional<Efficiency> set = usable(c.observation().engine(), placement);
      if (set.isEmpty()) {
        continue;
      }
      if (c.warmingUp()) {
        leftOut.merge("a warm-up is in the time", 1, Integer::sum);
        continue;
      }
      double predicted = c.observation().predict(set.get());
      add(c.observation().engine(), placement, c.kind(), c.observation().measured() / predicted);
    }
  }

  /** Servers under steady load, and their first tokens at low concurrency. */
  public void serving(List<ServingCase> cases) {
    for (ServingCase c : cases) {
      if (!c.counts()) {
        leftOut.merge(c.exclusion().replaceAll(":.*", ""), 1, Integer::sum);
        continue;
      }
      Placement placement = c.observation().placement();
      Optional<Efficiency> set = usable(c.engine(), placement);
      if (set.isPresent()) {
        double predicted = c.observation().predict(set.get());
        add(c.engine(), placement, "tpot", predicted / c.observation().measured());
      }
    }
    for (ServingCase c : FirstTokens.of(cases.stream().filter(ServingCase::counts).toList())) {
      Placement placement = c.observation().placement();
      c.engine()
          .efficiencyOn(placement.accelerator())
          .ifPresent(
              set ->
                  FirstTokens.replayedSeconds(c.engine(), set, c)
                      .ifPresent(
                          seconds ->
                              add(
                                  c.engine(),
                                  placement,
                                  "ttft",
                                  seconds / (c.point().ttftMillis().getAsDouble() / 1e3))));
    }
  }

  /** Closed loops: the rate that is replayed against the rate that was measured. */
  public void callers(List<ManyCallers.Compared> compared) {
    for (ManyCallers.Compared c : compared) {
      add(c.engine(), c.placement(), "output_rate", 1 + c.error());
    }
  }

  /** Runs call by call. */
  public void runs(List<RunCheck.RunComparison> outcomes) {
    for (RunCheck.RunComparison o : outcomes) {
      Engine engine = catalog.engine(o.run().engine());
      Group group =
          new Group(
              engine.line(),
              engine.version(),
              o.run().accelerator(),
              o.run().accelerators(),
              o.run().model(),
              o.run().quantization(),
              "");
      add(group, "ttft", 1 + o.ttftP50().error());
      add(group, "tpot", 1 + o.tpotP50().error());
      add(group, "e2e", 1 + o.e2eMedianError());
      add(group, "makespan", 1 + o.makespan().error());
      o.watts().ifPresent(watts -> add(group, "watts", 1 + watts.error()));
    }
  }

  // The set of an engine on a chip, where it loads the format and the weights fit at all.
  private Optional<Efficiency> usable(Engine engine, Placement placement) {
    String obstacle = "";
    Optional<Efficiency> set = engine.efficiencyOn(placement.accelerator());
    if (placement.accelerator().peak(placement.quantization().compute()).isEmpty()) {
      obstacle =
          "%s has no %s units"
              .formatted(placement.accelerator().name(), placement.quantization().compute());
    } else if (set.isEmpty()) {
      obstacle =
          "no efficiency parameters for %s on %s"
              .formatted(engine.id(), placement.accelerator().name());
    } else if (!Deployments.holdsWeights(placement)) {
      obstacle =
          "%s at %s does not fit on %d x %s"
              .formatted(
                  placement.model().name(),
                  placement.quantization().name(),
                  placement.accelerators(),
                  placement.accelerator().name());
    }
    if (!obstacle.isEmpty()) {
      leftOut.merge(obstacle, 1, Integer::sum);
      return Optional.empty();
    }
    return set;
  }

  private void add(Engine engine, Placement placement, String kind, double ratio) {
    add(
        new Group(
            engine.line(),
            engine.version(),
            placement.accelerator().id(),
            placement.accelerators(),
            placement.model().id(),
            placement.quantization().id(),
            kind),
        kind,
        ratio);
  }

  private void add(Group of, String kind, double ratio) {
    groups
        .computeIfAbsent(
            new Group(
                of.engine, of.version, of.accelerator, of.accelerators, of.model, of.format, kind),
            g -> new Errors())
        .add(ratio - 1);
  }

  /** A line of JSON a group. */
  public String json() {
    StringBuilder lines = new StringBuilder();
    groups.forEach(
        (g, e) -> {
          ObjectNode line = JsonNodeFactory.instance.objectNode();
          line.put("engine", g.engine());
          line.put("version", g.version());
          line.put("accelerator", g.accelerator());
          line.put("accelerators", g.accelerators());
          line.put("model", g.model());
          line.put("format", g.format());
          line.put("kind", g.kind());
          line.put("points", e.points());
          line.put("mean_absolute_error", rounded(e.meanAbsolute()));
          line.put("bias", rounded(e.bias()));
          lines.append(line).append('\n');
        });
    return lines.toString();
  }

  private static double rounded(double share) {
    return Math.round(share * 1e5) / 1e5;
  }

  /** Tables of Markdown: by machine and engine, then each model and format. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("## The parameters in use, by machine and engine\n\n");
    text.append("| engine | version | machine | kind | points | error | bias |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    Map<String, Errors> machines = new TreeMap<>();
    groups.forEach(
        (g, e) ->
            machines
                .computeIfAbsent(
                    String.join(" | ", g.engine(), g.version(), machine(g), g.kind()),
                    key -> new Errors())
                .add(e));
    machines.forEach((key, e) -> row(text, key, e));
    text.append(
        "\n| engine | version | machine | kind | model | format | points | error | bias |\n");
    text.append("|---|---|---|---|---|---|---|---|---|\n");
    groups.forEach(
        (g, e) ->
            row(
                text,
                String.join(
                    " | ", g.engine(), g.version(), machine(g), g.kind(), g.model(), g.format()),
                e));
    text.append('\n');
    return text.toString();
  }

  private static String machine(Group g) {
    return g.accelerators() == 1 ? g.accelerator() : g.accelerators() + " x " + g.accelerator();
  }

  private static void row(StringBuilder text, String key, Errors e) {
    text.append(
        String.format(
            Locale.ROOT,
            "| %s | %d | %.1f %% | %+.1f %% |%n",
            key,
            e.points(),
            100 * e.meanAbsolute(),
            100 * e.bias()));
  }
}
