package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.ApiUse;
import dev.homeward.calls.Tape;
import dev.homeward.catalog.Catalog;
import dev.homeward.config.Documents;
import dev.homeward.decision.HandMade.Result;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where the saving changes its sign, on replays whose numbers are given. A box that takes the same
 * watts idle and busy costs the same whatever it does: $90 of price, 744 h x 0.2 kW x 1.5 x $0.20,
 * $10 of space, and nobody's hours: $144.64 a month. Of the API's $90 at today's volume one part in
 * a hundred is paid all the same, so that a box saves $89.10 times the volume, less $144.64.
 */
final class VolumeStudyTest {
  private static final double BOX_USD = 144.64;
  private static final double LEAVES_USD = 89.1;

  @TempDir Path folder;

  private static ObjectNode yaml(String text) {
    return (ObjectNode) Documents.parse(text.getBytes(StandardCharsets.UTF_8), "test.yaml");
  }

  private VolumeStudy study(String workloadKeys, String assumptions) throws IOException {
    Catalog catalog =
        Catalog.with(
            List.of(
                Files.writeString(
                    folder.resolve("boxes.yaml"),
                    """
                    hardware:
                      - { id: flat, name: box, accelerator: rtx-pro-6000, count: 1, idle-watts: 200, busy-watts: 200,
                          load-gb-per-s: 5, acquisition: { mode: bought, price-usd: 2400 },
                          source: { kind: assumed, reference: test, date: "2026" } }
                    """)));
    Assumptions a = WeigherTest.byHand("engineer-usd-per-hour: 0\n" + assumptions);
    Policy policy =
        Policy.defaults()
            .with(
                yaml(
                    "hardware: [flat]\nworkloads: { w: { local-models: [%s]%s } }"
                        .formatted(HandMade.MODEL, workloadKeys)),
                "test");
    Desk desk = new Desk(a, policy);
    Tape tape = HandMade.tape("w");
    WorkloadCase workload = desk.add(tape);
    return new VolumeStudy(
        workload,
        new CandidatePlanner(catalog, policy, Evaluations.none()).plan(workload).get(0),
        a,
        new Weigher(
            a,
            policy,
            Evaluations.none(),
            new ApiBill(List.of(workload), List.of()),
            desk.pricer()));
  }

  private static void served(VolumeStudy study, double volume, int replicas) {
    study.add(volume, List.of(Result.served(1000).busy(100 * volume, 0.5).on(replicas)));
  }

  private static double saving(VolumeStudy study, double volume) {
    return study.curve().orElseThrow().points().stream()
        .filter(p -> p.volume() == volume)
        .findFirst()
        .orElseThrow()
        .savingUsd();
  }

  /** One box does for all volumes: 89.10 v = 144.64 at v = 1.6233. */
  @Test
  void theFlipByHand() throws IOException {
    VolumeStudy study = study("", "");
    assertEquals(List.of(0.25, 0.5, 1.0, 2.0, 4.0), study.wanted());
    for (double volume : List.of(0.25, 0.5, 1.0, 2.0, 4.0)) {
      served(study, volume, 1);
      if (volume == 1) {
        assertEquals(LEAVES_USD - BOX_USD, saving(study, 1), 1e-9);
      }
    }
    assertEquals(4 * LEAVES_USD - BOX_USD, saving(study, 4), 1e-9);
    // The same box on both sides: nothing to look for between them.
    assertEquals(List.of(), study.wanted());
    RankedWorkload.Flip flip = study.flip();
    assertEquals(BOX_USD / LEAVES_USD, flip.nearest().orElseThrow(), 1e-9);
    assertFalse(flip.extrapolated());
    assertEquals("", flip.why());
    assertEquals(0.25, flip.fromVolume());
    assertEquals(4, flip.toVolume());
    assertEquals(1, flip.saves().size());
    assertEquals(BOX_USD / LEAVES_USD, flip.saves().get(0).from(), 1e-9);
    assertEquals(4, flip.saves().get(0).to());
    // 100 busy hours at today's volume, and on the line between two volumes.
    VolumeCurve curve = study.curve().orElseThrow();
    assertEquals(300, curve.busyBoxHours(3), 1e-9);
    assertEquals(0.5, curve.busyLoad());
  }

  /**
   * Two boxes at twice the volume: the middle is wanted, the geometric mean, until they are near.
   */
  @Test
  void whereTheBoxesDifferTheMiddleIsWanted() throws IOException {
    VolumeStudy study = study("", "");
    study.wanted();
    served(study, 0.25, 1);
    served(study, 0.5, 1);
    served(study, 1, 1);
    served(study, 2, 2); // 178.20 - 289.28
    served(study, 4, 2); // 356.40 - 289.28
    assertEquals(4 * LEAVES_USD - 2 * BOX_USD, saving(study, 4), 1e-9);
    assertEquals(List.of(), study.wanted());
    assertEquals(2 * BOX_USD / LEAVES_USD, study.flip().nearest().orElseThrow(), 1e-9);

    VolumeStudy three = study("", "");
    three.wanted();
    served(three, 1, 1);
    served(three, 2, 2);
    served(three, 4, 1);
    assertEquals(List.of(Math.sqrt(8)), three.wanted());
    served(three, Math.sqrt(8), 1);
    // It saves there: the side of two is halved next, and again.
    assertEquals(List.of(Math.sqrt(2 * Math.sqrt(8))), three.wanted());
    served(three, Math.sqrt(2 * Math.sqrt(8)), 2);
    double low = Math.sqrt(2 * Math.sqrt(8));
    assertEquals(List.of(Math.sqrt(low * Math.sqrt(8))), three.wanted());
    served(three, Math.sqrt(low * Math.sqrt(8)), 1);
    // The sides are less than a tenth apart.
    assertEquals(List.of(), three.wanted());
  }

  /** A share of overflow that differs is a reason to look closer as well. */
  @Test
  void whereTheOverflowDiffersTheMiddleIsWanted() throws IOException {
    VolumeStudy study = study("", "");
    study.wanted();
    served(study, 1, 1);
    study.add(2.0, List.of(Result.served(990).atApi(10, 0, WeigherTest.tenCalls()).on(1)));
    // $178.20 less the box and $0.90 of overflow: half a per cent of what calls cost.
    assertEquals(2 * LEAVES_USD - BOX_USD - 0.9, saving(study, 2), 1e-9);
    assertEquals(0.9 / 180, study.curve().orElseThrow().overflowShare(2), 1e-12);
    assertEquals(List.of(Math.sqrt(2)), study.wanted());
  }

  /** It saves today: smaller volumes are looked at, and an idle box at last. */
  @Test
  void downToAnIdleBox() throws IOException {
    VolumeStudy study = study("", "api-price-factor: 100\n");
    study.wanted();
    for (double volume : List.of(0.25, 0.5, 1.0, 2.0, 4.0)) {
      served(study, volume, 1);
    }
    assertEquals(List.of(0.125), study.wanted());
    served(study, 0.125, 1);
    assertEquals(List.of(), study.wanted());
    RankedWorkload.Flip flip = study.flip();
    // 8,910 v = 144.64: below an eighth, on the line from an idle box.
    assertEquals(BOX_USD / 8910, flip.nearest().orElseThrow(), 1e-9);
    assertEquals(BOX_USD / 8910, flip.saves().get(0).from(), 1e-9);
  }

  /** It never saves: eight times is looked at, then the line goes on from there. */
  @Test
  void beyondTheLastVolume() throws IOException {
    VolumeStudy study = study("", "api-price-factor: 0.1\n");
    study.wanted();
    for (double volume : List.of(0.25, 0.5, 1.0, 2.0, 4.0)) {
      served(study, volume, 1);
    }
    assertEquals(List.of(8.0), study.wanted());
    served(study, 8, 1);
    assertEquals(List.of(), study.wanted());
    RankedWorkload.Flip flip = study.flip();
    assertTrue(flip.extrapolated());
    assertEquals(BOX_USD / 8.91, flip.nearest().orElseThrow(), 1e-9);
    assertEquals(List.of(), flip.saves());
    assertEquals(8, flip.toVolume());
  }

  /** A box for each unit of volume: each further call costs more than it saves. */
  @Test
  void whereNoVolumeHelps() throws IOException {
    VolumeStudy study = study("", "");
    study.wanted();
    served(study, 1, 1);
    served(study, 2, 2);
    served(study, 4, 4);
    study.wanted();
    RankedWorkload.Flip flip = study.flip();
    assertTrue(flip.nearest().isEmpty());
    assertFalse(flip.extrapolated());
    assertEquals("each further call costs at least as much locally as at the API", flip.why());
  }

  /** Of fleets that meet the level the one that saves most; none where nothing does. */
  @Test
  void theCheapestFleetOfAVolumeCounts() throws IOException {
    VolumeStudy study = study("", "");
    Result all = Result.served(1000);
    Result some = Result.served(990).atApi(10, 0, WeigherTest.tenCalls());
    study.add(1.0, List.of(all.tooSlow().on(1)));
    assertTrue(study.curve().isEmpty());
    study.add(1.0, List.of(all.on(3), some.on(1), all.on(2), all.tooSlow().on(1)));
    assertEquals(LEAVES_USD - BOX_USD - 0.9, saving(study, 1), 1e-9);
    VolumeStudy closed = study(", offline: true", "");
    closed.add(1.0, List.of(some.on(1), all.atApi(0, 1, ApiUse.NONE).on(1)));
    assertTrue(closed.curve().isEmpty());
    closed.add(1.0, List.of(some.on(1), all.on(2)));
    // Two boxes, and nothing is paid to the API.
    assertEquals(90 - 2 * BOX_USD, saving(closed, 1), 1e-9);
  }

  /** Volumes 1 and 3 replayed: 2 and 5 boxes, 100 and 900 hours, a tenth and a half at the API. */
  @Test
  void theCurveBetweenAndBeyondItsPoints() {
    TreeMap<Double, VolumeCurve.Point> points = new TreeMap<>();
    points.put(1.0, new VolumeCurve.Point(1, 2, 2, 100, 200, 0.1, 0));
    points.put(3.0, new VolumeCurve.Point(3, 5, 5, 900, 1000, 0.5, 0));
    VolumeCurve curve = new VolumeCurve(points, 0.7, 744);
    assertEquals(2, curve.boxes(0.5));
    assertEquals(2, curve.boxes(1));
    assertEquals(3, curve.boxes(1.1)); // 2.15
    assertEquals(4, curve.boxes(2)); // 3.5
    assertEquals(5, curve.boxes(3));
    assertEquals(10, curve.boxes(6));
    assertEquals(6, curve.boxes(3.1)); // 5.17
    assertEquals(50, curve.busyBoxHours(0.5), 1e-9);
    assertEquals(100, curve.busyBoxHours(1), 1e-9);
    assertEquals(500, curve.busyBoxHours(2), 1e-9);
    assertEquals(900, curve.busyBoxHours(3), 1e-9);
    assertEquals(1800, curve.busyBoxHours(6), 1e-9);
    assertEquals(0.1, curve.overflowShare(0.5), 1e-12);
    assertEquals(0.3, curve.overflowShare(2), 1e-12);
    assertEquals(0.5, curve.overflowShare(3), 1e-12);
    assertEquals(0.5, curve.overflowShare(9), 1e-12);
    // Boxes that are started and stopped: 200 and 1,000 hours up; below as long, beyond in
    // proportion.
    assertEquals(200, curve.upBoxHours(0.5), 1e-9);
    assertEquals(600, curve.upBoxHours(2), 1e-9);
    assertEquals(2000, curve.upBoxHours(6), 1e-9);
    // No box is busy for longer than the month.
    points.put(3.0, new VolumeCurve.Point(3, 1, 1, 900, 0, 0.5, 0));
    assertEquals(744, new VolumeCurve(points, 0.7, 744).busyBoxHours(3), 1e-9);
  }
}
