package dev.homeward.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A policy that a program wrote: three megabytes of rules and workloads cost seconds. */
final class LargePolicyTest {
  /** YAML's reader takes no more than 3 MiB. */
  private static final int MOST_BYTES = 3_000_000;

  @TempDir Path folder;

  /** The rules found by the index are those that match when each is tried, in their order. */
  @Test
  void theIndexFindsWhatEachRuleByItselfMatches() {
    long seed = 20261130;
    Random random = new Random(seed);
    List<String> words =
        List.of("", "a", "A", "ab", "aB", "abc", "team:", "TEAM:", "ß", "𐐨", "𐐀");
    for (int round = 0; round < 2_000; round++) {
      List<AttributeMatch> rules = new ArrayList<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        boolean exact = random.nextBoolean();
        rules.add(
            new AttributeMatch(
                "s" + random.nextInt(2),
                words.get(random.nextInt(words.size())),
                exact ? Optional.of(words.get(random.nextInt(words.size()))) : Optional.empty()));
      }
      CallDraft draft = new CallDraft();
      for (int i = random.nextInt(4); i > 0; i--) {
        String value = words.get(random.nextInt(words.size()));
        draft.attributes.add(
            "s" + random.nextInt(3), value + words.get(random.nextInt(words.size())));
      }
      assertEquals(
          tried(rules, draft.attributes),
          new RuleIndex(rules).hits(draft.attributes),
          "seed " + seed + ", round " + round + ": " + rules);
    }
  }

  private static List<RuleIndex.Hit> tried(
      List<AttributeMatch> rules, CallDraft.Attributes attributes) {
    List<RuleIndex.Hit> hits = new ArrayList<>();
    for (int rule = 0; rule < rules.size(); rule++) {
      AttributeMatch match = rules.get(rule);
      int cut = match.prefix().length();
      for (int i = 0; i < attributes.size(); i++) {
        String value = attributes.value(i);
        boolean begins =
            attributes.source(i).equals(match.from())
                && value.regionMatches(true, 0, match.prefix(), 0, cut);
        if (begins && match.exact().map(value.substring(cut)::equals).orElse(true)) {
          hits.add(new RuleIndex.Hit(rule, i, value.substring(cut)));
        }
      }
    }
    return hits;
  }

  /** Each call has names of its own, so that no cache helps: tried in turn, it takes minutes. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void fiftyThousandRulesNameHundredsOfThousandsOfCalls() throws IOException {
    StringBuilder text = new StringBuilder("workload-rules:\n");
    int rules = 0;
    while (text.length() < MOST_BYTES - 100) {
      text.append("  - { from: tag, prefix: 'team-%d:', name: 'w%d' }\n".formatted(rules, rules));
      rules++;
    }
    Policy policy = load(text);
    for (int call = 0; call < 400_000; call++) {
      CallDraft draft = new CallDraft();
      draft.attributes.add("tag", "TEAM-%d:%d".formatted(call % rules, call));
      assertEquals("w" + call % rules, policy.attribute(draft).workload());
    }
  }

  /** A hundred thousand workloads with the same settings are one object of settings. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aHundredThousandWorkloadsShareWhatIsSaidOfThem() throws IOException {
    StringBuilder text = new StringBuilder("workloads:\n");
    int workloads = 0;
    while (text.length() < MOST_BYTES - 100) {
      text.append("  w-%d: { owner: %s }\n".formatted(workloads, workloads % 2 == 0 ? "a" : "b"));
      workloads++;
    }
    Policy policy = load(text);
    assertTrue(workloads > 100_000, "" + workloads);
    assertEquals(workloads, policy.workloadNames().size());
    assertEquals(Optional.of("b"), policy.workloadPolicy("w-1").owner());
    assertSame(policy.workloadPolicy("w-0"), policy.workloadPolicy("w-2"));
  }

  /** Each task of an ingest asks for the policy of the same text. */
  @Test
  void thePolicyOfATextIsMadeOnce() throws IOException {
    Policy policy = load(new StringBuilder("workloads: { w: { owner: o } }\n"));
    String text = policy.text();
    assertSame(policy, Policy.parse(new String(text.toCharArray())));
    Policy parsed = Policy.parse(text + " ");
    assertSame(parsed, Policy.parse(text + " "));
    assertEquals(Optional.of("o"), parsed.workloadPolicy("w").owner());
    Policy other = Policy.parse(load(new StringBuilder("unclassified: local-only\n")).text());
    assertEquals(Place.LOCAL_ONLY, other.dataClass("unclassified").place());
  }

  /** A thousand times the same box would be replayed as often. */
  @Test
  void whatIsNamedTwiceIsTriedOnce() throws IOException {
    Policy policy =
        load(
            new StringBuilder("hardware:\n")
                .append("  - rtx-4090\n".repeat(1_000))
                .append("  - rtx-5090\n")
                .append("workloads: { w: { engine: [vllm, vllm], hardware: [x, y, x],")
                .append(" local-models: [m, m], quantization: [q4, q8, q4] } }\n"));
    assertEquals(List.of("rtx-4090", "rtx-5090"), policy.hardware());
    WorkloadPolicy w = policy.workloadPolicy("w");
    assertEquals(List.of("vllm"), w.engines());
    assertEquals(List.of("x", "y"), w.hardware());
    assertEquals(List.of("m"), w.localModels());
    assertEquals(List.of("q4", "q8"), w.quantizations());
  }

  private Policy load(StringBuilder text) throws IOException {
    Path file = folder.resolve("policy.yaml");
    Files.writeString(file, text);
    return Policy.load(file);
  }
}
