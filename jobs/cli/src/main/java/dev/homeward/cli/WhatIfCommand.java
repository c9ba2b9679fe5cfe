package dev.homeward.cli;

import dev.homeward.catalog.Situation;
import dev.homeward.decision.DecideStep;
import dev.homeward.report.Comparison;
import dev.homeward.report.Sweep;
import dev.homeward.settings.Scenario;
import dev.homeward.store.LocalReview;
import dev.homeward.store.Reviews;
import dev.homeward.units.InvalidInput;
import dev.homeward.whatif.WhatIf;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code homeward whatif}: a review's decision under other settings. */
@Command(
    name = "whatif",
    mixinStandardHelpOptions = true,
    description = {
      "Decides a review anew under other settings, from its directory alone, and shows it beside"
          + " the review.",
      "Paths of --set: assumptions.KEY, policy.KEY, workloads.NAME.KEY (engine, quantization,"
          + " local-models,",
      "hosted-model, hardware, placement, boxes, most-boxes, ...), hardware.ID.KEY (price,"
          + " hourly-usd, monthly-usd,",
      "hours-per-day, idle-watts, count, ...), prices.MODEL.KEY (dollars a million tokens: input,"
          + " output, cache-read,",
      "from the next month on, other tiers in proportion), prices.MODEL.TIER.KEY (batch, flex, ...,"
          + " that tier alone)."
    },
    footer = {
      "",
      "Example: homeward whatif --set hardware.rtx-4090.price=1400 --set"
          + " assumptions.electricity-usd-per-kwh=0.35",
      "Example: homeward whatif reviews/2026-10 --scenario cheaper-api.yaml --scenario growth.yaml"
          + " --format csv",
      "Example: homeward whatif --situation own-machine --situation company",
      "Example: homeward whatif --set workloads.support-chat.engine=vllm --set"
          + " workloads.support-chat.boxes=2",
      "Example: homeward whatif --set workloads.email-drafts.hosted-model=gpt-5-mini",
      "Example: homeward whatif --workload fraud-screen --sweep 'hardware.*'"
    })
final class WhatIfCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "REVIEW",
      description = "Review directory; default: the last one under reviews/.")
  private String review;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "A value that would be otherwise; repeatable, all together one scenario.")
  private List<String> sets = new ArrayList<>();

  @Option(
      names = "--situation",
      paramLabel = "NAME",
      description =
          "own-machine, small-team, company or existing-servers; repeatable, a column each. What"
              + " the review was given in its assumptions.yaml stays.")
  private List<String> situations = new ArrayList<>();

  @Option(
      names = "--scenario",
      paramLabel = "FILE",
      description = "A scenario file (schemas/scenario.schema.json); repeatable, a column each.")
  private List<Path> scenarios = new ArrayList<>();

  @Option(
      names = "--sweep",
      paramLabel = "PATTERN",
      description = "Rank all hardware of this name (hardware.* or rtx-*) for one workload.")
  private String sweep;

  @Option(names = "--workload", paramLabel = "NAME", description = "The workload of --sweep.")
  private String workload;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, csv or json (as --json); default ${DEFAULT-VALUE}.")
  private String format;

  @Mixin private OutputFlags output;

  @Override
  public Integer call() {
    if (output.json()) {
      format = "json";
    }
    if (!List.of("table", "csv", "json").contains(format)) {
      throw new InvalidInput("Invalid --format: %s (table, csv or json)".formatted(format));
    }
    String directory =
        review != null
            ? review
            : Reviews.last()
                .orElseThrow(
                    () ->
                        new InvalidInput(
                            "Cannot ask what if: there is no review under reviews/. Name one"));
    WhatIf.ahead();
    List<Scenario> all = new ArrayList<>();
    scenarios.forEach(file -> all.add(Scenario.read(file)));
    if (!sets.isEmpty()) {
      all.add(Scenario.of("set", sets));
    }
    situations.forEach(name -> all.add(Scenario.in(Situation.of(name))));
    try (LocalReview local = LocalReview.of(WorkerFlags::files, directory)) {
      return answer(new WhatIf(local, this::patience), all);
    }
  }

  private int answer(WhatIf whatIf, List<Scenario> all) {
    if (sweep != null) {
      return sweep(whatIf, all);
    }
    if (all.isEmpty()) {
      throw new InvalidInput(
          "Nothing to ask: give --set PATH=VALUE, --situation NAME, --scenario FILE or --sweep"
              + " PATTERN");
    }
    Comparison comparison = new Comparison();
    List<Comparison.Decided> columns = whatIf.compare(all);
    comparison.add("review", columns.get(0));
    for (int i = 0; i < all.size(); i++) {
      comparison.add(all.get(i).name(), columns.get(i + 1));
    }
    System.out.print(
        switch (format) {
          case "csv" -> comparison.csv();
          case "json" -> OutputFlags.text(comparison.document());
          default -> comparison.table();
        });
    System.out.flush();
    if (whatIf.replayed() > 0) {
      System.err.printf("%,d fleets were replayed: the review had not.%n", whatIf.replayed());
    }
    return 0;
  }

  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final long begun = System.nanoTime();
  private final AtomicLong lastSaid = new AtomicLong(begun);

  // Another volume is replayed for minutes; who waits for it is told that it goes on.
  private void patience(long replays) {
    long now = System.nanoTime();
    long said = lastSaid.get();
    if (now - said >= PATIENCE_NANOS && lastSaid.compareAndSet(said, now)) {
      System.err.printf(
          "%,d fleets replayed that the review had not, %.0f s ...%n",
          replays, (now - begun) / 1e9);
    }
  }

  private int sweep(WhatIf whatIf, List<Scenario> all) {
    if (workload == null) {
      throw new InvalidInput("--sweep needs --workload NAME");
    }
    if (all.size() > 1) {
      throw new InvalidInput("--sweep takes one scenario at the most");
    }
    Scenario scenario = all.isEmpty() ? Scenario.of("set", List.of()) : all.get(0);
    DecideStep.Decision decision = whatIf.sweep(scenario, workload, sweep);
    System.out.print(
        switch (format) {
          case "csv" -> Sweep.csv(decision);
          case "json" -> OutputFlags.text(Sweep.document(decision));
          default -> Sweep.table(decision);
        });
    System.out.flush();
    return 0;
  }
}
