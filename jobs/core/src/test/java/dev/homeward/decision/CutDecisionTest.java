package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.BilledTape;
import dev.homeward.config.Documents;
import dev.homeward.economics.Assumptions;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.Fleet;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.replay.CallObserver;
import dev.homeward.replay.Replay;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.Replayer;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.SharedReplay;
import dev.homeward.replay.Sizing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Replays that are cut never change what is decided: the same workloads are decided with every
 * replay run to its end, and the fleets found and the rows are compared.
 */
@Tag("slow")
final class CutDecisionTest {
  private static final String MODEL = "qwen3.5-27b";

  /** Runs every replay to its end, beside the desk's own; keeps what it found. */
  private static final class Whole implements Replays {
    private final Desk desk;
    private final List<String> found = new ArrayList<>();
    private final List<String> foundByDesk = new ArrayList<>();
    private long cut;

    Whole(Desk desk) {
      this.desk = desk;
    }

    @Override
    public List<List<Sizing.ReplayedFleet>> of(List<ReplayRequest> requests) {
      List<List<Sizing.ReplayedFleet>> answers = new ArrayList<>();
      for (ReplayRequest request : requests) {
        List<ServiceLevel> levels =
            request.workloads().stream().map(WorkloadCase::serviceLevel).toList();
        Replayer replay = replayer(request, levels);
        Replayer toTheEnd =
            new Replayer() {
              @Override
              public int offeredCalls() {
                return replay.offeredCalls();
              }

              @Override
              public ReplayResult run(ReplayOptions options, long mostSlow, CallObserver observer) {
                return replay.run(options, Long.MAX_VALUE, observer);
              }
            };
        answers.add(desk.settings().size(toTheEnd, levels, request.deployment(), request.bounds()));
        note(found, answers.get(answers.size() - 1));
        List<Sizing.ReplayedFleet> asDecided =
            desk.settings().size(replay, levels, request.deployment(), request.bounds());
        cut += asDecided.stream().filter(f -> f.result().cut()).count();
        note(foundByDesk, asDecided);
      }
      return answers;
    }

    private Replayer replayer(ReplayRequest request, List<ServiceLevel> levels) {
      ReplaySettings s = desk.settings();
      List<BilledTape> tapes = new ArrayList<>();
      for (WorkloadCase w : request.workloads()) {
        tapes.add(
            desk.pricer()
                .billed(desk.tape(w))
                .scaled(request.volume(), s.fromMicros(), s.toMicros()));
      }
      return tapes.size() == 1
          ? new Replay(
              tapes.get(0), request.deployment(), s.prefixCache(), s.lengths(), s.observedMicros())
          : new SharedReplay(
              BilledTape.merge(tapes.get(0).tape.key, tapes),
              levels,
              request.deployment(),
              s.prefixCache(),
              s.lengths(),
              s.observedMicros());
    }

    // Fleets that meet the level, to the last figure.
    private static void note(List<String> into, List<Sizing.ReplayedFleet> fleets) {
      for (Sizing.ReplayedFleet fleet : fleets) {
        into.add(
            fleet.result().meetsServiceLevel()
                ? Codec.write(Fleet.of(fleet))
                : fleet.options().replicas() + " miss");
      }
    }
  }

  @Test
  void cutReplaysNeverChangeTheAnswer() {
    Policy policy =
        Policy.defaults()
            .with(object("hardware: [rtx-4090, strix-halo, mac-mini-m4-32gb, rtx-pro-6000]"), "t");
    Assumptions a = Assumptions.defaults().with(object("most-replicas: 4"), "t");
    long cut = 0;
    for (long seed = 0; seed < 3; seed++) {
      Random random = new Random(seed);
      Desk desk = new Desk(a, policy);
      List<Evaluations.Evidence> evidence = new ArrayList<>();
      for (int w = 0; w < 3; w++) {
        desk.add(
            "w" + w,
            "gpt-4o",
            2_000 + random.nextInt(12_000),
            500 + random.nextInt(4000),
            100 + random.nextInt(400),
            seed * 10 + w);
        evidence.add(
            new Evaluations.Evidence(
                "w" + w, MODEL, "accuracy", 0.9, 0.9, 5000, -0.005, 0.005, "made up", 0.05, ""));
      }
      DecideStep step =
          new DecideStep(Desk.CATALOG, Desk.PRICER, policy, new Evaluations(evidence), a);
      DecideStep.Decision asDecided = step.decide(desk.cases(), desk);
      Whole whole = new Whole(desk);
      DecideStep.Decision toTheEnd = step.decide(desk.cases(), whole);
      cut += whole.cut;
      assertEquals(whole.found, whole.foundByDesk, "seed " + seed);
      assertEquals(toTheEnd.plan(), asDecided.plan(), "seed " + seed);
      for (int i = 0; i < asDecided.ranking().size(); i++) {
        RankedWorkload x = toTheEnd.ranking().get(i);
        RankedWorkload y = asDecided.ranking().get(i);
        assertEquals(x.workload().key(), y.workload().key());
        assertEquals(x.verdict(), y.verdict());
        assertEquals(x.reasons(), y.reasons());
        assertEquals(x.savingUsd(), y.savingUsd());
        assertEquals(x.flip(), y.flip());
        assertEquals(x.outlook(), y.outlook());
        assertEquals(x.moved(), y.moved());
        y.chosen().ifPresent(c -> assertFalse(c.fleet().orElseThrow().result().cut()));
        for (Alternative alternative : y.alternatives()) {
          // What it costs is not known, so nothing is shown.
          assertTrue(alternative.fleet().map(f -> !f.result().cut()).orElse(true));
        }
      }
    }
    assertTrue(cut > 20, cut + " cut");
  }

  private static ObjectNode object(String yaml) {
    return (ObjectNode) Documents.parse(yaml.getBytes(StandardCharsets.UTF_8), "test.yaml");
  }
}
