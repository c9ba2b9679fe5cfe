package dev.homeward.nextsteps;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.Plan;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.economics.Assumptions;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplayResult;
import dev.homeward.report.Reviewed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** next-steps/README.md: what the files are, in which order, and what is not in them. */
final class StepsText {
  private static final double MICROS_PER_SECOND = 1e6;

  private final Reviewed review;
  private final Map<WorkloadKey, String> names;
  private final StringBuilder text = new StringBuilder();

  StepsText(Reviewed review, Map<WorkloadKey, String> names) {
    this.review = review;
    this.names = names;
  }

  /** A replay in a sentence: what a fleet's numbers come from. */
  static String replayed(FleetSetup fleet) {
    ReplayOptions o = fleet.options();
    ReplayResult r = fleet.result();
    return String.format(
        Locale.ROOT,
        "Its numbers come from the replay of the month's calls of %s on %s of %s under %s %s, %s each, %s"
            + " (catalog: %s): %,d calls, %,d of them here and %,d at the API; over all of them TTFT p95"
            + " %s, TPOT p95 %s, E2E p95 %s; most in flight %,d, most waiting %,d, %.0f %% of the KV cache"
            + " at most. Each workload's service level was met.",
        fleet.workloads().stream()
            .map(k -> Comments.name(k.workload()))
            .collect(Collectors.joining(", ")),
        counted(o.replicas(), "replica"),
        fleet.checkpoint(),
        fleet.deployment().engine().name(),
        fleet.deployment().engine().version(),
        counted(fleet.deployment().acceleratorsPerReplica(), "accelerator"),
        fleet.accelerator().name(),
        fleet.deployment().id(),
        r.calls(),
        r.localCalls(),
        r.overflowCalls() + r.tooLongCalls(),
        seconds(r.ttftP95Micros()),
        seconds(r.tpotP95Micros()),
        seconds(r.e2eP95Micros()),
        r.peakInFlight(),
        r.peakQueue(),
        100 * r.kvPeakShare());
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String usd(double usd) {
    String cents = String.format(Locale.ROOT, "%,.2f", Math.abs(usd));
    return (usd < 0 && !cents.equals("0.00") ? "-$" : "$") + cents;
  }

  private static String seconds(OptionalLong micros) {
    return micros.isPresent()
        ? String.format(Locale.ROOT, "%.3f s", micros.getAsLong() / MICROS_PER_SECOND)
        : "unknown";
  }

  /** The text. */
  String of(
      List<FleetSetup> fleets,
      Map<FleetSetup, EngineCommand> commands,
      List<RankedWorkload> waiting) {
    line("# Next steps of the review of %s", review.period().month());
    line(
        "\nReview %s, program %s. Every file says which replay its numbers come from; what they assume"
            + " stands in `decisions.json` and `settings.json` of the review.",
        review.reviewId(), review.codeVersion());
    steps(fleets);
    fleets.forEach(fleet -> fleet(fleet, commands));
    if (!commands.isEmpty()) {
      line("\n## Router and alerts");
      line(
          "\n`litellm.yaml` routes as the replay did. Applications ask for these names instead of the"
              + " hosted model:\n");
      line("| workload | hosted model | class | name |\n|---|---|---|---|");
      for (FleetSetup fleet : commands.keySet()) {
        for (WorkloadKey key : fleet.workloads()) {
          line(
              "| %s | %s | %s | `%s` |",
              Markdown.text(key.workload()),
              Markdown.text(key.hostedModel()),
              Markdown.text(key.dataClass()),
              names.get(key));
        }
      }
      line(
          "\n`alerts.yaml` tells when something is no longer as the answer needs it: the service level,"
              + " the queue, the cache, calls at the API, the volume.");
    }
    waiting(waiting);
    return text.toString();
  }

  private void steps(List<FleetSetup> fleets) {
    line("\n## In this order");
    if (review.decision().plan().steps().isEmpty()) {
      line("\nNothing moves: there is nothing to set up.");
      return;
    }
    line("");
    for (Plan.Step step : review.decision().plan().steps()) {
      String what =
          switch (step.action()) {
            case SHARE -> "have the people's hours for all fleets together";
            case BUY, RENT, USE ->
                "%s %d x %s"
                    .formatted(
                        step.action().name().toLowerCase(Locale.ROOT),
                        step.count(),
                        Markdown.text(step.hardware()));
            case MOVE ->
                "move %s to %s"
                    .formatted(
                        Markdown.text(step.workload().orElseThrow().workload()),
                        fleets.stream()
                            .filter(f -> f.workloads().contains(step.workload().orElseThrow()))
                            .map(FleetSetup::name)
                            .findFirst()
                            .orElse("its fleet"));
          };
      line(
          "%d. %s (the plan then saves %s a month)",
          step.number(), what, usd(step.cumulativeSavingUsd()));
    }
  }

  private void fleet(FleetSetup fleet, Map<FleetSetup, EngineCommand> commands) {
    line("\n## %s", fleet.name());
    line("\n%s", replayed(fleet).replace("_", "\\_"));
    EngineCommand command = commands.get(fleet);
    if (command == null) {
      line(
          "\nNo start command is known here for %s. Its limits in the replay: %,d sequences at once, %,d"
              + " tokens of context, %,d tokens of KV cache, %s calls in flight a replica.",
          Markdown.text(fleet.deployment().engine().name()),
          fleet.deployment().kvCache().maxSequences(),
          fleet.deployment().kvCache().maxContextTokens(),
          fleet.deployment().kvCache().kvTokens(),
          fleet.hasCap() ? Integer.toString(fleet.options().inFlightCap()) : "any number of");
    } else {
      line(
          "\n`%s/start.sh REPLICA` starts one, with MODEL naming %s. %s",
          fleet.name(),
          Markdown.text(fleet.checkpoint()),
          fleet.onMac()
              ? "Property lists for launchd lie beside it; there is no manifest for a Mac."
              : command.image().isEmpty()
                  ? "A unit for systemd lies beside it; there is no manifest, because the project's"
                      + " images have no fixed name."
                  : "A unit for systemd and a manifest for Kubernetes lie beside it.");
      line("%s", command.documented().sentence());
      command.notes().forEach(note -> line("%s", note.replace("_", "\\_")));
    }
    notes(fleet).forEach(note -> line("%s", note));
  }

  // What the replay had and no command here sets up.
  private List<String> notes(FleetSetup fleet) {
    List<String> notes = new ArrayList<>();
    ReplayOptions o = fleet.options();
    Assumptions.Serving serving = review.settings().assumptions().serving();
    if (!fleet.deployment().engine().id().equals(fleet.deployment().engine().line())) {
      notes.add(
          "The replay is of %s; flags of that version may differ."
              .formatted(fleet.deployment().engine().id()));
    }
    if (serving.speculativeDecoding().draftTokens() > 0
        && fleet.deployment().engine().scheduling().checksDrafts()) {
      notes.add(
          "The replay drafted %d tokens a step (speculative-decoding); which draft model does so is"
                  .formatted(serving.speculativeDecoding().draftTokens())
              + " yours to choose, and no flag here sets it.");
    }
    if (o.hoursPerDay() < 24) {
      notes.add(
          "The box is up %d hours a day from %d:00 (%s); at other hours calls go to the API."
              .formatted(o.hoursPerDay(), o.startHour(), review.period().zone().getId()));
    }
    if (o.releaseAfterMicros() != ReplayOptions.NEVER) {
      notes.add(
          "The box is given back after %.0f idle minutes and asked for again by the next call; no file"
                  .formatted(o.releaseAfterMicros() / MICROS_PER_SECOND / 60)
              + " here does that.");
    }
    if (review.settings().assumptions().outages().redundancy() == Assumptions.Redundancy.N_PLUS_1) {
      notes.add("One box more than the replicas need stands by (redundancy: n-plus-1).");
    }
    return notes;
  }

  private void waiting(List<RankedWorkload> waiting) {
    if (waiting.isEmpty()) {
      return;
    }
    line("\n## Evaluations that wait");
    line("\n| workload | model to test | tasks | hours | kit |\n|---|---|---|---|---|");
    for (RankedWorkload row : waiting) {
      String name = names.get(row.workload().key());
      line(
          "| %s | %s | %,d | %.0f | [evaluations/%s](evaluations/%s/README.md) |",
          Markdown.text(row.workload().key().workload()),
          row.evaluation().orElseThrow().localModel(),
          row.evaluation().orElseThrow().tasks(),
          row.evaluation().orElseThrow().hours(),
          name,
          name);
    }
  }

  private void line(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
