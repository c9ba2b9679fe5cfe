package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.catalog.Catalog;
import dev.homeward.config.Documents;
import dev.homeward.decision.HandMade.Result;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.FleetRates;
import dev.homeward.economics.FleetUse;
import dev.homeward.economics.Outlook;
import dev.homeward.economics.Spread;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplayOptions.PrefixCache;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.Sizing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What hangs on the prefix cache, on replays whose numbers are given. */
final class PrefixStudyTest {
  private static final ReplayResult.PrefixUse HALF_IN_SESSIONS =
      new ReplayResult.PrefixUse(1000, 500, 800);

  private final List<String> asked = new ArrayList<>();

  private static VolumeStudy study(Assumptions a, Desk desk) {
    WorkloadCase workload = desk.add(HandMade.tape("w"));
    Policy policy =
        Policy.defaults()
            .with(
                (ObjectNode)
                    Documents.parse(
                        "hardware: [%s]\nworkloads: { w: { local-models: [%s] } }"
                            .formatted(HandMade.BOX, HandMade.MODEL)
                            .getBytes(StandardCharsets.UTF_8),
                        "test.yaml"),
                "test");
    return new VolumeStudy(
        workload,
        new CandidatePlanner(Catalog.standard(), policy, Evaluations.none())
            .plan(workload).stream()
                .filter(c -> c.deployment().isPresent())
                .findFirst()
                .orElseThrow(),
        a,
        new Weigher(
            a,
            policy,
            Evaluations.none(),
            new ApiBill(List.of(workload), List.of()),
            desk.pricer()));
  }

  private static Sizing.ReplayedFleet fleet(double busy, int replicas, ReplayResult.PrefixUse use) {
    return Result.served(1000).busy(busy, 0.5).on(replicas, ReplayOptions.NO_CAP, Optional.of(use));
  }

  // At a share the box is busy for as long as the rest takes; under a tenth found nothing serves.
  private List<List<Sizing.ReplayedFleet>> answer(List<ReplayRequest> requests, double least) {
    List<List<Sizing.ReplayedFleet>> answers = new ArrayList<>();
    for (ReplayRequest request : requests) {
      PrefixCache cache = request.prefixCache().orElseThrow();
      asked.add("%.2f %.2f x%.0f".formatted(cache.inSession(), cache.share(), request.volume()));
      double found = 0.5 * cache.inSession() + 0.5 * cache.share();
      answers.add(
          found < least
              ? List.of()
              : List.of(
                  fleet(
                      100 * request.volume() * (2 - found),
                      1,
                      new ReplayResult.PrefixUse(1000, 500, Math.round(1000 * found)))));
    }
    return answers;
  }

  private VolumeStudy replayed(String assumptions, ReplayResult.PrefixUse use, double least)
      throws Exception {
    Assumptions a = WeigherTest.byHand(assumptions);
    VolumeStudy study = study(a, new Desk(a, Policy.defaults()));
    study.add(1.0, List.of(fleet(100, 1, use)));
    study.add(2.0, List.of(fleet(200, 1, use)));
    PrefixStudy.replay(List.of(study), a, requests -> answer(requests, least));
    return study;
  }

  /** The ends of both ranges, together, at today's volume and twice; half of the middle once. */
  @Test
  void theEndsOfTheRangeAndHalfAreReplayed() throws Exception {
    VolumeStudy study = replayed("prefix-cache: replayed", HALF_IN_SESSIONS, 0);
    assertEquals(
        List.of("0.80 0.30 x1", "0.80 0.30 x2", "1.00 0.95 x1", "1.00 0.95 x2", "0.50 0.30 x1"),
        asked);
    VolumeCurve curve = study.curve().orElseThrow();
    PrefixCurves prefixes = curve.prefixes().orElseThrow();
    assertEquals(550, prefixes.low().orElseThrow().foundTokens().orElseThrow());
    assertEquals(975, prefixes.high().orElseThrow().foundTokens().orElseThrow());
    assertEquals(400, prefixes.half().foundTokens().orElseThrow());
    // 100 x (2 - 0.55) hours at the low end, 100 in the middle: 122.5 half way, 145 beyond the end.
    assertEquals(100, curve.withPrefixCache(0).busyBoxHours(1), 1e-9);
    assertEquals(122.5, curve.withPrefixCache(-Spread.Z90 / 2).busyBoxHours(1), 1e-9);
    assertEquals(145, curve.withPrefixCache(-3).busyBoxHours(1), 1e-9);
    assertEquals(290, curve.withPrefixCache(-Spread.Z90).busyBoxHours(2), 1e-9);
    assertEquals(102.5, curve.withPrefixCache(3).busyBoxHours(1), 1e-9);
    // More busy hours are more electricity: less is saved.
    assertTrue(
        prefixes.half().savingUsd().orElseThrow()
            < prefixes.high().orElseThrow().savingUsd().orElseThrow());
  }

  /** Where all calls have sessions the other range says nothing, and no more than all is found. */
  @Test
  void onlyWhatDiffersIsReplayed() throws Exception {
    replayed("prefix-cache: replayed", new ReplayResult.PrefixUse(1000, 1000, 800), 0);
    assertEquals(List.of("0.80 0.30 x1", "0.80 0.30 x2", "0.50 0.30 x1"), asked);
  }

  @Test
  void whatIsSaidIsTakenAsSaid() throws Exception {
    for (String said : List.of("as-logged", "\"off\"", "0.4")) {
      assertTrue(
          replayed("prefix-cache: " + said, HALF_IN_SESSIONS, 0)
              .curve()
              .orElseThrow()
              .prefixes()
              .isEmpty());
    }
    assertEquals(List.of(), asked);
  }

  /** HandMade prompts are ten times the logged tokens of a use; these are three in a thousand. */
  @Test
  void aFewCachedTokensAreNotWorthAReplay() throws Exception {
    Assumptions a = WeigherTest.byHand("prefix-cache: replayed");
    VolumeStudy study = study(a, new Desk(a, Policy.defaults()));
    study.add(1.0, List.of(Result.served(1000).busy(100, 0.5).on(1)));
    PrefixStudy.replay(List.of(study), a, requests -> answer(requests, 0));
    assertEquals(List.of(), asked);
    assertTrue(study.curve().orElseThrow().prefixes().isEmpty());
  }

  /**
   * The low end (0.55 found) is not served, so half way there (0.725 found) is replayed too, and
   * is: from three quarters of the way on the boxes stand idle and all is paid at the API.
   */
  @Test
  void whereTheLowEndIsNotServedAllGoesToTheApi() throws Exception {
    VolumeStudy study = replayed("prefix-cache: replayed", HALF_IN_SESSIONS, 0.6);
    assertTrue(asked.contains("0.90 0.45 x1"));
    VolumeCurve curve = study.curve().orElseThrow();
    PrefixCurves prefixes = curve.prefixes().orElseThrow();
    assertTrue(prefixes.low().orElseThrow().savingUsd().isEmpty());
    assertTrue(prefixes.half().savingUsd().isEmpty());
    Outlook.Fleet served = curve.withPrefixCache(-0.74 * Spread.Z90);
    assertEquals(0, served.overflowShare(1));
    assertTrue(served.busyBoxHours(1) > 100);
    Outlook.Fleet idle = curve.withPrefixCache(-0.76 * Spread.Z90);
    assertEquals(1, idle.overflowShare(1));
    assertEquals(0, idle.busyBoxHours(1));
    assertEquals(1, idle.boxes(1));
  }

  /** It is one of the inputs that the outlook hangs on, and lowers its worse futures. */
  @Test
  void theOutlookHangsOnIt() throws Exception {
    Assumptions a =
        WeigherTest.byHand(
            "people-factor: 1\ntoken-factor: 1\napi-price-change-per-year: 0\ntariff-factor: 1");
    TreeMap<Double, VolumeCurve.Point> middle = new TreeMap<>();
    middle.put(1.0, new VolumeCurve.Point(1, 1, 1, 100, 0, 0, 500));
    PrefixCurves.Share not =
        new PrefixCurves.Share(
            -Spread.Z90,
            OptionalLong.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            Optional.empty());
    PrefixCurves curves = new PrefixCurves(10_000, HALF_IN_SESSIONS, List.of(not), not);
    VolumeCurve open = new VolumeCurve(middle, 0.5, 744, Optional.of(curves));
    VolumeCurve certain = new VolumeCurve(middle, 0.5, 744);
    VolumeStudy study = study(a, new Desk(a, Policy.defaults()));
    FleetRates rates =
        FleetRates.of(a, study.candidate().hardware(), new FleetUse(1, 744, 100, 0.5, 900, true));
    Outlook.Points points = new Outlook.Points(a);
    Outlook with = points.outlook(subject(rates, open));
    Outlook without = points.outlook(subject(rates, certain));
    // Idle from z = -0.64 on: 0.261 of all futures pay the API in full beside the box.
    assertEquals(Outlook.Input.PREFIX_CACHE, with.mostImportant());
    assertEquals(0, without.varianceShares().get(Outlook.Input.PREFIX_CACHE), 0.01);
    assertTrue(with.p10Usd() < 0);
    assertTrue(without.p10Usd() > 0);
    assertEquals(0.261, 1 - with.probabilitySaves(), 0.01);
    assertEquals(1, without.probabilitySaves());
  }

  private static Outlook.Subject subject(FleetRates rates, VolumeCurve curve) {
    return new Outlook.Subject(
        900, 0, rates, curve, true, Spread.around(0, 0.001), Spread.fixed(0));
  }

  /** A box that is started and stopped is up for longer where less is found: half way 250 hours. */
  @Test
  void hoursUpLieOnALineToo() {
    TreeMap<Double, VolumeCurve.Point> expected = new TreeMap<>();
    expected.put(1.0, new VolumeCurve.Point(1, 1, 1, 100, 200, 0, 500));
    TreeMap<Double, VolumeCurve.Point> less = new TreeMap<>();
    less.put(1.0, new VolumeCurve.Point(1, 1, 1, 150, 300, 0, 450));
    PrefixCurves.Share low =
        new PrefixCurves.Share(
            -Spread.Z90,
            OptionalLong.of(500),
            OptionalInt.of(1),
            OptionalDouble.of(450),
            Optional.of(new VolumeCurve(less, 0.5, 744)));
    VolumeCurve middle =
        new VolumeCurve(
            expected,
            0.5,
            744,
            Optional.of(new PrefixCurves(10_000, HALF_IN_SESSIONS, List.of(low), low)));
    assertEquals(200, middle.withPrefixCache(0).upBoxHours(1), 1e-9);
    assertEquals(250, middle.withPrefixCache(-Spread.Z90 / 2).upBoxHours(1), 1e-9);
    assertEquals(300, middle.withPrefixCache(-3).upBoxHours(1), 1e-9);
  }
}
