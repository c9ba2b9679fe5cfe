package dev.homeward.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.BillingMode;
import dev.homeward.calls.CallDraft;
import dev.homeward.config.Documents;
import dev.homeward.policy.Evaluations.Evidence;
import dev.homeward.policy.NonInferiority.Interval;
import dev.homeward.policy.NonInferiority.Outcome;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an answer turns over: one step on each side. */
final class PolicyEdgesTest {
  /** An end that lies on the bar itself shows neither. */
  @Test
  void anIntervalThatTouchesTheBarIsOpen() {
    double margin = 0.25;
    assertEquals(Outcome.PROVEN, new Interval(-0.2499, 0.1, "").judge(margin));
    assertEquals(Outcome.OPEN, new Interval(-0.25, 0.1, "").judge(margin));
    assertEquals(Outcome.OPEN, new Interval(-0.5, -0.25, "").judge(margin));
    assertEquals(Outcome.REFUTED, new Interval(-0.5, -0.2501, "").judge(margin));
  }

  /** (1.644854 + 0.841621)^2 = 6.182557; times the disagreement, over the distance squared. */
  @Test
  void tasksNeededByHand() {
    assertEquals(3092, NonInferiority.tasksPlanned(0.02)); // 6.182557 x 0.2 / 0.0004 = 3091.28
    assertEquals(31, NonInferiority.tasksNeeded(0.2, 0.2, 0)); // 30.91
    // One point worse at a margin of two: 6.182557 x (0.1 - 0.0001) / 0.0001 = 6176.4.
    assertEquals(6177, NonInferiority.tasksNeeded(0.02, 0.1, -0.01));
    // One point better: 6.182557 x (0.1 - 0.0001) / 0.0009 = 686.3.
    assertEquals(687, NonInferiority.tasksNeeded(0.02, 0.1, 0.01));
    // At the bar or below it no number of tasks would do.
    assertEquals(0, NonInferiority.tasksNeeded(0.25, 0.5, -0.25));
    assertEquals(0, NonInferiority.tasksNeeded(0.25, 0.5, -0.5));
    // Less disagreement than the difference alone takes: none is left.
    assertEquals(0, NonInferiority.tasksNeeded(0.25, 0.01, 0.5));
  }

  /** Scores alone: 0.9 x 0.1 + 0.8 x 0.2 + 0.01 = 0.26 apart at most, and ten points worse. */
  @Test
  void evidenceWithoutPairsPlansForTheMostDisagreement() {
    assertEquals(
        // 6.182557 x (0.26 - 0.01) / (0.2 - 0.1)^2 = 154.6
        155, evidence(0.9, 0.8, -1).tasksNeeded(0.2));
    // 6.182557 x (0.11 - 0.01) / 0.01 = 61.8
    assertEquals(62, evidence(0.9, 0.8, 0.11).tasksNeeded(0.2));
    // They never disagreed: that is known, and no disagreement is left to plan for.
    assertEquals(0, evidence(0.9, 0.9, 0).tasksNeeded(0.2));
  }

  private static Evidence evidence(double hosted, double local, double disagreement) {
    return new Evidence("w", "m", "f1", hosted, local, 100, -1, 1, "", disagreement, "");
  }

  /**
   * Newcombe's interval by hand: 90 and 80 of 100. z = 1.644854, z^2 = 2.705543. Wilson's for 0.9:
   * (0.913528 -+ 1.644854 sqrt(0.0009 + 0.0000676386)) / 1.027055 = 0.839646 and 0.939282; for 0.8:
   * (0.813528 -+ 1.644854 sqrt(0.0016 + 0.0000676386)) / 1.027055 = 0.726696 and 0.857500. So -0.1
   * - hypot(0.073304, 0.039282) and -0.1 + hypot(0.057500, 0.060354).
   */
  @Test
  void newcombesIntervalByHand() {
    Interval interval = NonInferiority.unpaired(100, 0.9, 0.8);
    assertEquals(-0.1 - Math.sqrt(0.073304 * 0.073304 + 0.039282 * 0.039282), interval.low(), 5e-5);
    assertEquals(-0.1 + Math.sqrt(0.0575 * 0.0575 + 0.060354 * 0.060354), interval.high(), 5e-5);
  }

  /**
   * All right or all wrong: the ends stay within -1 and 1, and 0 is inside where both are alike.
   */
  @Test
  void pairsAtTheEdges() {
    Interval alike = NonInferiority.paired(100, 0, 0);
    // z^2 / (n + z^2) = 2.705543 / 102.705543
    assertEquals(-0.026343, alike.low(), 1e-5);
    assertEquals(0.026343, alike.high(), 1e-5);
    Interval allLost = NonInferiority.paired(20, 20, 0);
    assertEquals(-1, allLost.low(), 1e-9);
    assertTrue(allLost.high() > -1 && allLost.high() < -0.7, allLost.toString());
    Interval allWon = NonInferiority.paired(20, 0, 20);
    assertEquals(1, allWon.high(), 1e-9);
    assertEquals(-allLost.high(), allWon.low(), 1e-6);
  }

  private static Path write(Path folder, String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String problem(Path folder, String scores) throws IOException {
    write(folder, "scores.csv", scores);
    Path file =
        write(
            folder,
            "e.yaml",
            "evaluations: [{ workload: w, local-model: m, scores: scores.csv }]\n");
    return assertThrows(InvalidInput.class, () -> Evaluations.load(file)).getMessage();
  }

  @Test
  void scoresHaveAHeaderTwoLinesAndLieBetweenZeroAndOne(@TempDir Path folder) throws IOException {
    String header = "must begin with hosted,local and hold at least two lines of scores";
    assertTrue(problem(folder, "hosted,local\n1,1\n").contains(header));
    assertTrue(problem(folder, "local,hosted\n1,1\n0,0\n").contains(header));
    assertTrue(
        problem(folder, "hosted,local\n1,1\n-0.01,0\n").contains("scores.csv:3: two numbers"));
    assertTrue(
        problem(folder, "hosted,local\n1,1.01\n0,0\n").contains("scores.csv:2: two numbers"));
    assertTrue(problem(folder, "hosted,local\n1\n0,0\n").contains("scores.csv:2: two numbers"));
    write(folder, "scores.csv", "hosted,local\n1,0\n 0 ,1\n1,1\n1,1\n");
    Path file =
        write(
            folder,
            "e.yaml",
            "evaluations: [{ workload: w, local-model: m, scores: scores.csv, date: \"2026-01-02\" }]\n");
    Evidence e = Evaluations.load(file).index().find("w", "m").orElseThrow();
    assertEquals(4, e.n());
    assertEquals(0.75, e.hostedScore());
    assertEquals(0.75, e.localScore());
    assertEquals(-1, e.disagreement());
    assertEquals("2026-01-02", e.date());
  }

  /** 90 right by both, 6 by the hosted one only, 4 by the local one only: that is all of 100. */
  @Test
  void countsMayFillTheTasksAndNoMore(@TempDir Path folder) throws IOException {
    String counts =
        "evaluations: [{ workload: w, local-model: m, n: %d, both-right: 90, only-hosted-right: 6,"
            + " only-local-right: 4 }]\n";
    Evidence e =
        Evaluations.load(write(folder, "e.yaml", counts.formatted(100)))
            .index()
            .find("w", "m")
            .orElseThrow();
    assertEquals(0.96, e.hostedScore(), 1e-12);
    assertEquals(0.94, e.localScore(), 1e-12);
    assertEquals(0.1, e.disagreement(), 1e-12);
    Path less = write(folder, "less.yaml", counts.formatted(99));
    String message = assertThrows(InvalidInput.class, () -> Evaluations.load(less)).getMessage();
    assertTrue(message.endsWith("are more than n (100 of 99)"), message);
  }

  /** The last one in the file counts. */
  @Test
  void aLaterEvaluationTakesThePlaceOfAnEarlierOne() {
    Evidence first = evidence(0.9, 0.8, -1);
    Evidence last = evidence(0.9, 0.9, -1);
    assertSame(last, new Evaluations(List.of(first, last)).index().find("w", "m").orElseThrow());
  }

  @Test
  void aRegionThatNobodyNamesIsNotHeldAgainstACall() {
    DataClassRule europe =
        new DataClassRule("a", List.of(), Place.API_ALLOWED, List.of(), List.of("eu"));
    assertTrue(europe.allows("openai", "eu"));
    assertTrue(europe.allows("openai", ""));
    assertFalse(europe.allows("openai", "us"));
    DataClassRule anywhere =
        new DataClassRule("a", List.of(), Place.API_ALLOWED, List.of(), List.of());
    assertTrue(anywhere.allows("openai", "us"));
    DataClassRule agreement =
        new DataClassRule(
            "a", List.of(), Place.API_WITH_AGREEMENT, List.of("azure"), List.of("eu"));
    assertTrue(agreement.allows("azure", "eu"));
    assertFalse(agreement.allows("azure", "us"));
    assertFalse(agreement.allows("openai", "eu"));
    assertFalse(
        new DataClassRule("a", List.of(), Place.LOCAL_ONLY, List.of(), List.of())
            .allows("azure", ""));
  }

  private static Policy policy(String yaml) {
    return Policy.defaults()
        .with(
            (ObjectNode) Documents.parse(yaml.getBytes(StandardCharsets.UTF_8), "test.yaml"),
            "test");
  }

  private static CallDraft draft(String... attributes) {
    CallDraft draft = new CallDraft();
    for (int i = 0; i < attributes.length; i += 2) {
      draft.attributes.add(attributes[i], attributes[i + 1]);
    }
    return draft;
  }

  /** Of three words that nobody knows, the first by letters, in whatever order they come. */
  @Test
  void ofUnknownClassesTheNameDoesNotHangOnTheirOrder() {
    Policy policy = policy("data-class-sources: [{ from: tag }]");
    for (String[] order :
        new String[][] {{"xb", "xa", "xc"}, {"xa", "xb", "xc"}, {"xc", "xb", "xa"}}) {
      assertEquals(
          "xa",
          policy.attribute(draft("tag", order[0], "tag", order[1], "tag", order[2])).dataClass());
    }
  }

  /** Of three known ones the last in the list, in whatever order they come. */
  @Test
  void ofKnownClassesTheMostSensitiveCounts() {
    Policy policy =
        policy(
            "data-class-sources: [{ from: tag }]\n"
                + "data-classes: [{ name: a, place: api-allowed }, { name: b, place: local-only },"
                + " { name: c, place: local-only }]");
    assertEquals("c", policy.attribute(draft("tag", "c", "tag", "a", "tag", "b")).dataClass());
    assertEquals("b", policy.attribute(draft("tag", "a", "tag", "b")).dataClass());
    assertEquals("a", policy.attribute(draft("tag", "a")).dataClass());
  }

  /** A class may have its own name among its aliases; that is no second class. */
  @Test
  void aClassMayRepeatItself() {
    Policy policy = policy("data-classes: [{ name: a, aliases: [A], place: local-only }]");
    assertEquals(Place.LOCAL_ONLY, policy.dataClass("a").place());
  }

  @Test
  void aPrefixIsCutOffAndTheRestIsCompared() {
    AttributeMatch match = new AttributeMatch("tag", "Team:", Optional.of("blue"));
    assertEquals("blue", rest(match, "tag", "team:blue"));
    assertNull(rest(match, "tag", "team:Blue"));
    assertNull(rest(match, "tag", "blue"));
    assertNull(rest(match, "service", "team:blue"));
    assertEquals("", rest(new AttributeMatch("tag", "a", Optional.empty()), "tag", "A"));
  }

  private static String rest(AttributeMatch match, String source, String value) {
    CallDraft draft = new CallDraft();
    draft.attributes.add(source, value);
    List<RuleIndex.Hit> hits = new RuleIndex(List.of(match)).hits(draft.attributes);
    return hits.isEmpty() ? null : hits.get(0).rest();
  }

  /** A rule counts before the log's own word, and that before metered. */
  @Test
  void howACallIsPaid() {
    Policy policy =
        policy("billing-rules: [{ from: tag, equals: seat, billing-mode: subscription }]");
    assertEquals(
        BillingMode.SUBSCRIPTION,
        policy.attribute(draft("billing-mode", "provisioned", "tag", "seat")).billingMode());
    assertEquals(
        BillingMode.PROVISIONED,
        policy.attribute(draft("tag", "x", "billing-mode", "provisioned")).billingMode());
    assertEquals(BillingMode.METERED, policy.attribute(draft("tag", "subscription")).billingMode());
    assertEquals(
        BillingMode.METERED, policy.attribute(draft("billing-mode", "barter")).billingMode());
  }

  /** A name that is nothing once it is cleaned is no name: the next rule is asked. */
  @Test
  void aBlankNameIsNone() {
    Policy policy = policy("workload-rules: [{ from: tag }, { from: project }]");
    assertEquals("p", policy.attribute(draft("tag", "  ", "project", "p")).workload());
  }

  /** The same names give the same object; any other name, or one more, another answer. */
  @Test
  void whatIsRememberedIsTheAnswerToTheSameNames() {
    Policy policy = policy("workload-rules: [{ from: tag }]\nowner-rules: [{ from: project }]");
    Attributions attributions = new Attributions(policy);
    Attribution first = attributions.of(draft("tag", "a", "project", "p"));
    assertEquals(policy.attribute(draft("tag", "a", "project", "p")), first);
    assertSame(first, attributions.of(draft("tag", "a", "project", "p")));
    for (int i = 0; i < 30_000; i++) {
      CallDraft draft = draft("tag", "a" + i % 17_000, "project", "p" + i % 3);
      Attribution found = attributions.of(draft);
      assertEquals("a" + i % 17_000, found.workload());
      assertEquals("p" + i % 3, found.owner());
    }
    assertEquals("a", attributions.of(draft("tag", "a")).workload());
    assertNull(attributions.of(draft("tag", "a")).owner());
    assertEquals("unassigned", attributions.of(draft()).workload());
  }

  @Test
  void boxesOfAWorkloadAreReplacedAndNothingElse() {
    Policy policy =
        policy("workloads: { w: { offline: true, hardware: [a, b] }, v: { offline: true } }")
            .withHardware("w", List.of("c"));
    assertEquals(List.of("c"), policy.workloadPolicy("w").hardware());
    assertTrue(policy.workloadPolicy("w").offline());
    assertEquals(List.of(), policy.workloadPolicy("v").hardware());
    assertEquals(List.of("v", "w"), policy.workloadNames());
    // Over it, key by key.
    Policy more =
        policy.with(
            (ObjectNode)
                Documents.parse(
                    "workloads: { w: { owner: o } }".getBytes(StandardCharsets.UTF_8), "t.yaml"),
            "test");
    assertTrue(more.workloadPolicy("w").offline());
    assertEquals(Optional.of("o"), more.workloadPolicy("w").owner());
    assertEquals("o", more.attribute(draft("workload", "w")).owner());
  }

  @Test
  void anEmptyPolicyFileIsTheDefaults(@TempDir Path folder) throws IOException {
    assertEquals(
        Policy.defaults().text(), Policy.load(write(folder, "p.yaml", "# nothing yet\n")).text());
  }
}
