package dev.homeward.nextsteps;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.nextsteps.FleetSetup.Instance;
import dev.homeward.report.Reviewed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * {@code next-steps/}: the files that carry a plan out. For each of its fleets the engine's start
 * command with the limits that were replayed, as a script, a unit and a manifest; one router
 * configuration and one file of alerts for all; a kit for each evaluation that a workload waits
 * for. Each file says which review and replay its numbers come from.
 */
public final class NextSteps {
  private static final String FOLDER = "next-steps/";

  private final Reviewed review;
  private final BiConsumer<String, byte[]> sink;
  private final Map<WorkloadKey, RankedWorkload> rows = new TreeMap<>();
  private final Map<WorkloadKey, WorkloadCase> cases = new TreeMap<>();
  private final Map<WorkloadKey, String> names;

  private NextSteps(Reviewed review, BiConsumer<String, byte[]> sink) {
    this.review = review;
    this.sink = sink;
    for (RankedWorkload row : review.decision().ranking()) {
      rows.put(row.workload().key(), row);
      cases.put(row.workload().key(), row.workload());
    }
    this.names = Names.ofWorkloads(rows.keySet());
  }

  /**
   * Makes the files.
   *
   * @param sink takes each with its path in the review
   */
  public static void write(Reviewed review, BiConsumer<String, byte[]> sink) {
    new NextSteps(review, sink).write();
  }

  private void write() {
    List<FleetSetup> fleets = FleetSetup.of(review.decision().plan().fleets());
    Map<FleetSetup, EngineCommand> commands = new LinkedHashMap<>();
    for (FleetSetup fleet : fleets) {
      EngineCommands.of(fleet).ifPresent(command -> commands.put(fleet, command));
    }
    commands.forEach(this::fleet);
    if (!commands.isEmpty()) {
      put("litellm.yaml", new LiteLlmConfig(cases, names).of(commands, head(Optional.empty())));
    }
    if (!fleets.isEmpty()) {
      put("alerts.yaml", new AlertRules(rows, names).of(fleets, head(Optional.empty())));
    }
    List<RankedWorkload> waiting =
        review.decision().ranking().stream().filter(r -> r.evaluation().isPresent()).toList();
    for (RankedWorkload row : waiting) {
      WorkloadKey key = row.workload().key();
      String folder = "evaluations/" + names.get(key) + "/";
      new EvaluationKit(row, names.get(key), review.settings().policy().nonInferiorityMargin())
          .write(some -> review.calls().read(key, some), (name, text) -> put(folder + name, text));
    }
    put("README.md", new StepsText(review, names).of(fleets, commands, waiting));
  }

  private void fleet(FleetSetup fleet, EngineCommand command) {
    List<String> head = head(Optional.of(fleet));
    String folder = fleet.name() + "/";
    put(folder + "start.sh", StartScript.of(fleet, command, head));
    if (fleet.onMac()) {
      for (Instance i : fleet.instances()) {
        put(folder + Units.label(fleet, i) + ".plist", Units.launchd(fleet, i, head));
      }
    } else {
      put(folder + Units.unitName(fleet), Units.systemd(fleet, head));
      if (!command.image().isEmpty()) {
        put(folder + "kubernetes.yaml", KubernetesManifest.of(fleet, command, head));
      }
    }
  }

  /** Where the numbers of a file come from. */
  private List<String> head(Optional<FleetSetup> fleet) {
    List<String> head = new ArrayList<>();
    head.add(
        "Next steps of the Homeward review of %s (%s, program %s)."
            .formatted(review.period().month(), review.reviewId(), review.codeVersion()));
    fleet.ifPresent(f -> head.add(StepsText.replayed(f)));
    return head;
  }

  private void put(String name, String text) {
    sink.accept(FOLDER + name, text.getBytes(StandardCharsets.UTF_8));
  }
}
