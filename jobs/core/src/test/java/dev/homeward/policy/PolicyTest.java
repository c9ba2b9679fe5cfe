package dev.homeward.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.SharedData;
import dev.homeward.calls.BillingMode;
import dev.homeward.calls.CallDraft;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyTest {
  @Test
  void theFirstRuleThatMatchesNamesTheWorkload() {
    Policy policy = Policy.defaults();
    assertEquals(
        "triage", policy.attribute(draft("tag", "app:triage", "team", "Claims")).workload());
    assertEquals("p1", policy.attribute(draft("tag", "app:triage", "project", "p1")).workload());
    assertEquals("Claims", policy.attribute(draft("team", "Claims")).workload());
    assertEquals("unassigned", policy.attribute(draft()).workload());
  }

  @Test
  void ofSeveralClassesTheMostSensitiveCountsAndAliasesAreKnown() {
    Policy policy = Policy.defaults();
    assertEquals(
        "phi", dataClass(policy, "tag", "data_class:HIPAA", "metadata.data_class", "public"));
    assertEquals("confidential", dataClass(policy, "tag", "data_class:C3"));
    assertEquals("unclassified", dataClass(policy));
  }

  /** Nobody has said that it may leave. */
  @Test
  void aClassThatThePolicyDoesNotKnowMayNotLeave() {
    Policy policy = Policy.defaults();
    assertEquals(
        "top-secret", dataClass(policy, "tag", "data_class:top-secret", "data-class", "public"));
    assertEquals(Place.LOCAL_ONLY, policy.dataClass("top-secret").place());
    assertEquals(Place.API_ALLOWED, policy.dataClass("unclassified").place());
  }

  /** A tag "unclassified" beside the tag of a class must not lift the limits of that class. */
  @Test
  void theWordUnclassifiedNeverOutranksAClass() {
    Policy policy = Policy.defaults();
    assertEquals("phi", dataClass(policy, "tag", "data_class:unclassified", "data-class", "phi"));
    assertEquals(
        "top-secret",
        dataClass(policy, "tag", "data_class:unclassified", "data-class", "top-secret"));
    assertEquals("unclassified", dataClass(policy, "tag", "data_class:Unclassified"));
  }

  /** An economy class of a ticket says nothing of its data. */
  @Test
  void onlyTagsThatSpeakOfDataGiveADataClass() {
    Policy policy = Policy.defaults();
    assertEquals("unclassified", dataClass(policy, "tag", "class:economy"));
    assertEquals("phi", dataClass(policy, "tag", "DATA_CLASS: PHI"));
    assertEquals("confidential", dataClass(policy, "tag", "dataclass:conf"));
    assertEquals("internal", dataClass(policy, "metadata.dataClass", "Internal"));
  }

  @Test
  void theLogsOwnBillingModeCountsWhereNoRuleSpeaks() {
    assertEquals(
        BillingMode.SUBSCRIPTION,
        Policy.defaults().attribute(draft("billing-mode", "subscription")).billingMode());
    assertEquals(BillingMode.METERED, Policy.defaults().attribute(draft()).billingMode());
  }

  @Test
  void theSamplePolicyReadsAndTravelsAsText() {
    Policy policy = Policy.load(SharedData.root().resolve("sample-logs/homeward/policy.yaml"));
    Policy copy = Policy.parse(policy.text());
    Attribution whose = copy.attribute(draft("service", "claude-code", "path", "claims"));
    assertEquals("claims-coder", whose.workload());
    assertEquals(BillingMode.SUBSCRIPTION, whose.billingMode());
    assertEquals("CC-1000", whose.owner());
    assertEquals(policy.text(), copy.text());
    assertTrue(copy.workloadPolicy("branch-kiosk").offline());
  }

  @Test
  void everyProblemIsReportedWithItsPath(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("policy.yaml");
    Files.writeString(
        file, "worklaod-rules: []\nunclassified: perhaps\nworkloads: { a: { ttft-p95-ms: -1 } }\n");
    InvalidInput e = assertThrows(InvalidInput.class, () -> Policy.load(file));
    assertEquals(3, e.getMessage().lines().count(), e.getMessage());
    assertTrue(e.getMessage().contains("unknown key 'worklaod-rules'"));
    assertTrue(e.getMessage().contains("/unclassified"));
    assertTrue(e.getMessage().contains("/workloads/a/ttft-p95-ms"));
  }

  @Test
  void evidenceIsJudgedByItsInterval() {
    Evaluations evaluations =
        Evaluations.load(SharedData.root().resolve("sample-logs/homeward/evaluations.yaml"));
    assertEquals(
        NonInferiority.Outcome.PROVEN,
        evaluations.index().find("fraud-screen", "qwen3.5-27b").orElseThrow().outcome(0.02));
    assertEquals(
        NonInferiority.Outcome.REFUTED,
        evaluations.index().find("document-extract", "qwen3.5-27b").orElseThrow().outcome(0.02));
  }

  @Test
  void anEmptyEvaluationsFileHoldsNoEvaluations(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("evaluations.yaml");
    Files.writeString(file, "# nothing measured yet\n");
    assertEquals(Evaluations.none(), Evaluations.load(file));
  }

  /** Each of these would have let data out, or done nothing, without a word. */
  @Test
  void classesThatContradictThemselvesAreRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("policy.yaml");
    Files.writeString(
        file,
        """
        data-classes:
          - { name: unclassified, place: local-only }
          - { name: secret, aliases: [c3], place: local-only }
          - { name: open, aliases: [C3], place: api-allowed }
          - { name: contract, place: api-with-agreement }
          - { name: public, place: api-allowed, providers: [openai] }
        """);
    InvalidInput e = assertThrows(InvalidInput.class, () -> Policy.load(file));
    assertEquals(
        String.join(
            "\n",
            file
                + " /data-classes/0: 'unclassified' is no class (say where such calls may go with"
                + " unclassified:)",
            file + " /data-classes/2: 'C3' already stands in /data-classes/1",
            file + " /data-classes/3: api-with-agreement needs providers",
            file + " /data-classes/4: providers go with place api-with-agreement only"),
        e.getMessage());
  }

  private static String dataClass(Policy policy, String... attributes) {
    return policy.attribute(draft(attributes)).dataClass();
  }

  private static CallDraft draft(String... attributes) {
    CallDraft draft = new CallDraft();
    for (int i = 0; i < attributes.length; i += 2) {
      draft.attributes.add(attributes[i], attributes[i + 1]);
    }
    return draft;
  }
}
