package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.economics.Assumptions;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.Fleet;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.replay.Sizing;
import dev.homeward.units.TimeUnits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Workloads too long to be held are weighed by a replay of some days. Whatever that says, and be it
 * wrong: what is chosen and planned rests on a replay of all days, and is what all days choose.
 */
final class SomeDaysTest {
  private static final String LIMIT = "homeward.whole-tape-calls";
  private static final List<String> BOXES =
      List.of("rtx-3090", "rtx-4090", "rtx-5090", "rtx-4090-x2", "l4-on-demand");

  private final Policy policy;
  private final Evaluations evaluations;
  private final Desk desk;

  SomeDaysTest() throws IOException {
    this.policy =
        Policy.defaults()
            .with(
                (ObjectNode)
                    new JsonMapper()
                        .readTree(
                            """
                            {"hardware": ["%s"], "workloads": {
                              "a": {"local-models": ["qwen3-8b", "qwen3-14b"]},
                              "b": {"local-models": ["qwen3-8b"]}}}
                            """
                                .formatted(String.join("\", \"", BOXES))),
                "test");
    this.evaluations =
        new Evaluations(
            List.of(proven("a", "qwen3-8b"), proven("a", "qwen3-14b"), proven("b", "qwen3-8b")));
    this.desk = new Desk(Assumptions.defaults(), policy);
    add("a", 5_000, 3000, 300, 1);
    add("b", 2_000, 2000, 400, 2);
  }

  // Within a minute of each day, so that it takes several boxes.
  private void add(String name, int calls, int prompt, int output, int seed) {
    Random random = new Random(seed);
    long[] starts = new long[calls];
    for (int i = 0; i < calls; i++) {
      long day = (long) i * 31 / calls;
      starts[i] =
          Desk.PERIOD.fromMicros()
              + day * TimeUnits.MICROS_PER_DAY
              + 10 * TimeUnits.MICROS_PER_HOUR
              + (long) (random.nextDouble() * TimeUnits.MICROS_PER_MINUTE);
    }
    Arrays.sort(starts);
    Tape tape = Desk.tape(new WorkloadKey(name, "o1-pro", "internal"), starts);
    for (int i = 0; i < calls; i++) {
      tape.inputTokens[i] = 1 + (int) (2 * prompt * random.nextDouble());
      tape.outputTokens[i] = 1 + (int) (2 * output * random.nextDouble());
    }
    desk.add(tape);
  }

  @AfterEach
  void whole() {
    System.clearProperty(LIMIT);
  }

  private static Evaluations.Evidence proven(String workload, String model) {
    return new Evaluations.Evidence(
        workload, model, "accuracy", 0.9, 0.9, 5000, -0.005, 0.005, "made up", 0.05, "");
  }

  /** Says of some days what is true of a part of the volume. */
  private final class SomeDays implements Replays {
    private final Map<String, Double> volumeByBox;
    private final List<ReplayRequest> some = new ArrayList<>();
    private final List<ReplayRequest> all = new ArrayList<>();

    SomeDays(Map<String, Double> volumeByBox) {
      this.volumeByBox = volumeByBox;
    }

    @Override
    public List<List<Sizing.ReplayedFleet>> of(List<ReplayRequest> requests) {
      return requests.stream().map(this::answer).toList();
    }

    private List<Sizing.ReplayedFleet> answer(ReplayRequest request) {
      if (!request.sample()) {
        all.add(request);
        return desk.of(List.of(request)).get(0);
      }
      some.add(request);
      double part = volumeByBox.getOrDefault(request.deployment().hardware().id(), 1.0);
      ReplayRequest of =
          new ReplayRequest(
              request.workloads(),
              request.deployment(),
              part * request.volume(),
              request.mostReplicas(),
              request.prefixCache(),
              true);
      return desk.of(List.of(of)).get(0).stream()
          .map(f -> new Sizing.ReplayedFleet(f.options(), f.result().sampled(0.2)))
          .toList();
    }
  }

  private DecideStep.Decision decide(Replays replays) {
    return new DecideStep(Desk.CATALOG, Desk.PRICER, policy, evaluations, Assumptions.defaults())
        .decide(desk.cases(), replays);
  }

  private static List<String> chosen(DecideStep.Decision decision) {
    List<String> rows = new ArrayList<>();
    for (RankedWorkload row : decision.ranking()) {
      Optional<Alternative> on = row.chosen();
      rows.add(
          row.workload().key().workload()
              + " "
              + row.verdict()
              + " "
              + on.map(RankedWorkload.On::of)
              + " "
              + on.flatMap(Alternative::fleet).map(f -> f.options().replicas())
              + " "
              + on.map(Alternative::totalUsd)
              + " "
              + row.savingUsd()
              + " "
              + row.moved().map(m -> m.on() + " " + m.marginalSavingUsd()));
    }
    return rows;
  }

  private void assertRestsOnAllDays(DecideStep.Decision decision) {
    for (RankedWorkload row : decision.ranking()) {
      assertFalse(
          row.chosen().orElseThrow().fleet().orElseThrow().result().isSampled(),
          row.workload().key().toString());
    }
    assertFalse(decision.plan().fleets().isEmpty());
    for (PlannedFleet fleet : decision.plan().fleets()) {
      assertFalse(fleet.replayed().result().isSampled(), fleet.deployment().id());
    }
  }

  @Test
  void ofShortTapesAllDaysAreReplayed() {
    SomeDays replays = new SomeDays(Map.of());
    decide(replays);
    assertEquals(List.of(), replays.some);
  }

  /** A week: too few days for one to stand for another. */
  @Test
  void ofFewDaysAllAreReplayed() {
    System.setProperty(LIMIT, "1000");
    Desk week = new Desk(Assumptions.defaults(), policy);
    long[] starts = new long[2_000];
    Arrays.setAll(
        starts, i -> Desk.PERIOD.fromMicros() + i * (7 * TimeUnits.MICROS_PER_DAY / starts.length));
    Tape tape = Desk.tape(new WorkloadKey("a", "o1-pro", "internal"), starts);
    Arrays.fill(tape.inputTokens, 3000);
    Arrays.fill(tape.outputTokens, 300);
    week.add(tape);
    List<ReplayRequest> asked = new ArrayList<>();
    new DecideStep(Desk.CATALOG, Desk.PRICER, policy, evaluations, Assumptions.defaults())
        .decide(
            week.cases(),
            requests -> {
              asked.addAll(requests);
              return week.of(requests);
            });
    assertFalse(asked.isEmpty());
    assertTrue(asked.stream().noneMatch(ReplayRequest::sample));
  }

  /** Days that tell the truth: the same answer, and most questions were of some days. */
  @Test
  void whereSomeDaysAreRightTheAnswerIsTheSame() {
    DecideStep.Decision all = decide(desk);
    System.setProperty(LIMIT, "1000");
    SomeDays replays = new SomeDays(Map.of());

    DecideStep.Decision some = decide(replays);

    assertEquals(chosen(all), chosen(some));
    assertRestsOnAllDays(some);
    // What is chosen is replayed on all days at other volumes too.
    long today = replays.all.stream().filter(r -> r.volume() == 1).count();
    assertTrue(
        today < replays.some.size() / 2,
        today + " of all days, " + replays.some.size() + " of some");
    assertTrue(replays.some.stream().allMatch(r -> r.volume() == 1));
    List<String> explained =
        some.ranking().stream()
            .flatMap(row -> row.alternatives().stream())
            .filter(a -> a.fleet().filter(f -> f.result().isSampled()).isPresent())
            .map(Alternative::explanation)
            .filter(e -> e.startsWith("estimated"))
            .distinct()
            .toList();
    assertEquals(List.of("estimated from days with 20 % of the calls"), explained);
  }

  /** Four days on which everything is too slow are no proof that nothing is fast enough. */
  @Test
  void thatNothingIsFastEnoughIsSaidOfAllDays() {
    List<String> all = chosen(decide(desk));
    System.setProperty(LIMIT, "1000");
    SomeDays truth = new SomeDays(Map.of());
    List<ReplayRequest> onAll = new ArrayList<>();

    DecideStep.Decision decision =
        decide(
            requests -> {
              List<List<Sizing.ReplayedFleet>> answers = new ArrayList<>();
              for (ReplayRequest request : requests) {
                boolean alone = request.sample() && request.workloads().size() == 1;
                List<Sizing.ReplayedFleet> answer = truth.of(List.of(request)).get(0);
                answers.add(alone ? answer.stream().map(SomeDaysTest::missed).toList() : answer);
                if (!request.sample()) {
                  onAll.add(request);
                }
              }
              return answers;
            });

    assertRestsOnAllDays(decision);
    assertEquals(all, chosen(decision));
    assertTrue(onAll.size() > BOXES.size(), onAll.size() + " of all days");
  }

  /**
   * The one box there is looks twenty times as busy on four days, and dearer than the API. It is
   * looked at on all days, saves, and is in the plan too.
   */
  @Test
  void whatTurnsOutToSaveIsPlanned() throws IOException {
    System.setProperty(LIMIT, "1000");
    Policy oneBox =
        Policy.defaults()
            .with(
                (ObjectNode)
                    new JsonMapper()
                        .readTree(
                            """
                            {"hardware": ["rtx-4090"],
                             "workloads": {"b": {"local-models": ["qwen3-8b"]}}}
                            """),
                "test");
    Desk one = new Desk(Assumptions.defaults(), oneBox);
    one.add(desk.tape(desk.cases().get(1)));

    DecideStep.Decision decision =
        new DecideStep(Desk.CATALOG, Desk.PRICER, oneBox, evaluations, Assumptions.defaults())
            .decide(one.cases(), new SomeDays(Map.of("rtx-4090", 20.0)));

    assertRestsOnAllDays(decision);
    RankedWorkload row = decision.ranking().get(0);
    assertEquals(Verdict.MOVE, row.verdict());
    assertTrue(row.moved().isPresent());
    assertTrue(
        row.alternatives().stream()
            .filter(a -> a.fleet().filter(f -> f.result().isSampled()).isPresent())
            .allMatch(a -> a.savingUsd().orElse(0) < 0),
        "by some days, nothing saves");
  }

  /** What was tried on so few boxes as another one seemed to need is tried again without it. */
  @Test
  void whatWasTriedOnTooFewBoxesIsTriedAgain() {
    System.setProperty(LIMIT, "1000");
    WorkloadCase workload = desk.cases().get(0);
    Weigher weigher =
        new Weigher(
            Assumptions.defaults(),
            policy,
            evaluations,
            new ApiBill(desk.cases(), List.of()),
            Desk.PRICER);
    Weighing weighing =
        new Weighing(
            workload,
            new CandidatePlanner(Desk.CATALOG, policy, evaluations).plan(workload),
            weigher,
            true);
    SomeDays replays = new SomeDays(Map.of());
    CandidatePlanner.Candidate cheapest = null;
    List<CandidatePlanner.Candidate> tried = new ArrayList<>();
    for (var round = weighing.next(); !round.isEmpty(); round = weighing.next()) {
      for (CandidatePlanner.Candidate candidate : round) {
        List<Sizing.ReplayedFleet> fleets =
            replays.answer(ReplayRequest.of(workload, candidate, 1, 16).sampled());
        if (cheapest == null) {
          cheapest = candidate;
          weighing.add(candidate, fleets);
        } else {
          tried.add(candidate);
          weighing.add(candidate, fleets.stream().map(SomeDaysTest::missed).toList());
        }
      }
    }
    assertFalse(tried.isEmpty());

    weighing.settle(
        cheapest,
        replays.answer(ReplayRequest.of(workload, cheapest, 1, 16)).stream()
            .map(SomeDaysTest::missed)
            .toList());

    List<CandidatePlanner.Candidate> again = new ArrayList<>();
    for (var round = weighing.next(); !round.isEmpty(); round = weighing.next()) {
      again.addAll(round);
    }
    assertTrue(again.containsAll(tried), again.size() + " again of " + tried.size());
    assertFalse(again.contains(cheapest));
  }

  private static Sizing.ReplayedFleet missed(Sizing.ReplayedFleet fleet) {
    ObjectNode json = Codec.read(Codec.write(Fleet.of(fleet)), ObjectNode.class);
    json.put("meets_service_level", false);
    return Codec.read(json.toString(), Fleet.class).replayed();
  }

  /** A page cannot replay what it would have to before it chooses: it is not given estimates. */
  @Test
  void onlyReplaysOfAllDaysAreABasisOfAReadersQuestions() {
    System.setProperty(LIMIT, "1000");
    CachedReplays replays =
        new CachedReplays(new SomeDays(Map.of()), desk.settings(), desk.pricer());
    DecideStep.Decision decision = decide(replays);
    List<MoneyBasis.Answered> answered =
        replays.entries().stream().map(MoneyBasis.Answered::of).toList();
    long all =
        answered.stream()
            .filter(a -> a.fleets().stream().noneMatch(f -> f.result().isSampled()))
            .count();
    assertTrue(all > 0 && all < answered.size());

    MoneyBasis basis =
        MoneyBasisMaker.of(
            decision.ranking(),
            Desk.CATALOG,
            desk.pricer(),
            policy,
            evaluations,
            Assumptions.defaults(),
            answered);

    assertEquals(all, basis.answers().size());
  }

  /**
   * One box after the other looks as if it had a tenth of the calls to serve. It is chosen first,
   * hides others by that, and is found out.
   */
  @Test
  void aBoxThatLooksBetterThanItIsIsFoundOut() {
    List<String> all = chosen(decide(desk));
    System.setProperty(LIMIT, "1000");
    Map<String, Integer> asked = new TreeMap<>();
    for (String box : BOXES) {
      SomeDays replays = new SomeDays(Map.of(box, 0.1));
      DecideStep.Decision decision = decide(replays);
      assertRestsOnAllDays(decision);
      assertEquals(all, chosen(decision), box);
      asked.put(
          box,
          (int)
              replays.all.stream().filter(r -> r.deployment().hardware().id().equals(box)).count());
    }
    assertTrue(asked.values().stream().filter(n -> n > 0).count() > 1, asked.toString());
  }
}
