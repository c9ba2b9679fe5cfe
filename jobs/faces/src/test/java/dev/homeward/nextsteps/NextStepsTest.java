package dev.homeward.nextsteps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.config.Documents;
import dev.homeward.decision.PlannedFleet;
import dev.homeward.policy.Evaluations;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.report.Reviewed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that carry a plan out, whatever the log calls its workloads. */
final class NextStepsTest {
  /** What means something to a shell, YAML, a unit, a path, Markdown or a spreadsheet. */
  private static final List<String> HOSTILE =
      List.of(
          "$(touch /tmp/owned); `id`",
          "a\nb: c\n- d # e",
          "../../etc/passwd",
          "%i {{ }} !tag &anchor *alias",
          "=cmd|' /C calc'!A0",
          "<script>alert(1)</script>",
          "yes",
          "\"quoted\" \\ 'single'",
          "\u202Eevil\u0000");

  @TempDir Path folder;

  private static Reviewed hostile() {
    MadeUp review = new MadeUp();
    for (String name : HOSTILE) {
      review.add(new WorkloadKey(name, "gpt-4o", "internal"), 8000, 8000, 200);
    }
    return review
        .untested(new WorkloadKey("x".repeat(5000), "gpt-4o", "internal"), 31000, 8000, 300)
        .review("hardware: [rtx-4090]");
  }

  private static final Map<String, String> FILES = MadeUp.steps(hostile());

  @Test
  void namesFromLogsNeverReachAPathACommandOrAKey() {
    assertTrue(FILES.size() > 8, FILES.keySet().toString());
    for (String name : FILES.keySet()) {
      assertTrue(name.matches("next-steps/[a-z0-9/._@-]+|next-steps/.*README.md"), name);
      assertFalse(name.contains(".."), name);
    }
    FILES.forEach(
        (name, text) -> {
          for (String line : text.split("\n", -1)) {
            boolean comment = line.startsWith("#");
            boolean speaks = name.endsWith(".md") || name.endsWith(".csv");
            assertTrue(
                comment || speaks || !line.contains("touch /tmp") || line.contains("  # "),
                name + ": " + line);
          }
          assertTrue(text.chars().noneMatch(c -> c == 0 || c == 0x202E), name);
        });
  }

  @Test
  void aliasesAreDifferentAndAreTheOnesThatTheRouterKnows() {
    JsonNode router = documents(FILES.get("next-steps/litellm.yaml")).get(0);
    Set<String> aliases = new HashSet<>();
    router.at("/router_settings/model_group_alias").fieldNames().forEachRemaining(aliases::add);
    assertEquals(HOSTILE.size(), aliases.size());
    Set<String> groups = new HashSet<>();
    router.get("model_list").forEach(m -> groups.add(m.get("model_name").asText()));
    router
        .at("/router_settings/model_group_alias")
        .forEach(group -> assertTrue(groups.contains(group.asText()), group.asText()));
    router
        .at("/router_settings/fallbacks")
        .forEach(
            entry ->
                entry
                    .elements()
                    .forEachRemaining(
                        to -> assertTrue(groups.contains(to.get(0).asText()), to.toString())));
    for (String alias : aliases) {
      assertTrue(alias.matches("[a-z][a-z0-9-]{0,39}"), alias);
    }
  }

  /** Calls that may not leave have no way out, whatever else the router may do. */
  @Test
  void dataThatStaysLocalHasNoFallback() {
    JsonNode router =
        documents(MadeUp.steps(AlertsTest.REVIEW).get("next-steps/litellm.yaml")).get(0);
    String text = router.at("/router_settings/fallbacks").toString();
    assertTrue(text.contains("\"chat\""), text);
    assertFalse(text.contains("secret"), text);
    String group = router.at("/router_settings/model_group_alias/secret").asText();
    assertFalse(group.isEmpty());
    assertFalse(text.contains("\"" + group + "\""), text);
  }

  private static List<JsonNode> documents(String yaml) {
    List<JsonNode> documents = new ArrayList<>();
    for (String document : yaml.split("(?m)^---$")) {
      documents.add(Documents.parse(document.getBytes(StandardCharsets.UTF_8), "test.yaml"));
    }
    return documents;
  }

  @Test
  void everyYamlParses() {
    int parsed = 0;
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      if (file.getKey().endsWith(".yaml")) {
        assertFalse(documents(file.getValue()).isEmpty(), file.getKey());
        parsed++;
      }
    }
    assertTrue(parsed >= 4, parsed + " files");
  }

  @Test
  void aManifestRunsTheReplayedLimitsOnAsManyReplicas() {
    PlannedFleet planned =
        SetUps.fleet(
            SetUps.deployment("rtx-4090-x2", "qwen3-14b", "fp16", "vllm", 4096),
            3,
            16,
            ReplayOptions.PrefixCache.OFF);
    FleetSetup fleet = SetUps.setup(planned);
    EngineCommand command = EngineCommands.of(fleet).orElseThrow();
    List<JsonNode> documents = documents(KubernetesManifest.of(fleet, command, List.of()));
    assertEquals(
        List.of("ConfigMap", "Service", "StatefulSet"),
        documents.stream().map(d -> d.get("kind").asText()).toList());
    JsonNode set = documents.get(2).get("spec");
    assertEquals(3, set.get("replicas").asInt());
    JsonNode container = set.at("/template/spec/containers/0");
    // 14 billion parameters of 16 bits are 29.5 GB: two cards of 24 GiB.
    assertEquals(2, container.at("/resources/limits/nvidia.com~1gpu").asInt());
    List<String> arguments = new ArrayList<>();
    container.get("args").forEach(a -> arguments.add(a.asText()));
    assertEquals("2", arguments.get(arguments.indexOf("--tensor-parallel-size") + 1));
    // engines.yaml: under 75 GB vLLM takes 256 sequences and 2,048 tokens a step.
    assertEquals("256", arguments.get(arguments.indexOf("--max-num-seqs") + 1));
    assertEquals("2048", arguments.get(arguments.indexOf("--max-num-batched-tokens") + 1));
    assertEquals(
        Integer.toString(planned.deployment().kvCache().maxContextTokens()),
        arguments.get(arguments.indexOf("--max-model-len") + 1));
    assertTrue(arguments.contains("--no-enable-prefix-caching"));
  }

  /** Slots of llama.cpp: all of them together have the cells that the plan of the cache says. */
  @Test
  void slotsAndTheirContextAreThoseOfTheReplay() {
    FleetSetup fleet =
        SetUps.setup(
            SetUps.fleet(
                SetUps.deployment("rtx-4090", "qwen3-8b", "q4_k_m", "llama.cpp", 8192),
                1,
                4,
                ReplayOptions.PrefixCache.AS_LOGGED));
    String script = StartScript.of(fleet, EngineCommands.of(fleet).orElseThrow(), List.of());
    int slots = fleet.deployment().kvCache().maxSequences();
    int each = fleet.deployment().kvCache().maxContextTokens();
    assertTrue(script.contains("--parallel " + slots + " "), script);
    assertTrue(script.contains("--ctx-size " + slots * each + " "), script);
    assertTrue(script.contains("--cache-type-k f16 "), script);
    assertTrue(script.contains("--cache-prompt "), script);
  }

  /** Three instances of two cards on boxes of two, then one of one card on a box of its own. */
  @Test
  void instancesShareBoxesButNoAccelerator() {
    PlannedFleet one =
        SetUps.fleet(
            SetUps.deployment("rtx-4090-x2", "qwen3-8b", "fp8", "vllm", 4096),
            3,
            8,
            ReplayOptions.PrefixCache.OFF);
    PlannedFleet two =
        SetUps.fleet(
            SetUps.deployment("rtx-4090-x2", "qwen3-14b", "fp16", "vllm", 4096),
            1,
            8,
            ReplayOptions.PrefixCache.OFF);
    List<FleetSetup> fleets = FleetSetup.of(List.of(one, two));
    // The one that takes two cards comes first: box 1 is its own.
    assertEquals(List.of(new FleetSetup.Instance(0, 1, 0, 8000)), fleets.get(1).instances());
    assertEquals(
        List.of(
            new FleetSetup.Instance(0, 2, 0, 8000),
            new FleetSetup.Instance(1, 2, 1, 8001),
            new FleetSetup.Instance(2, 3, 0, 8000)),
        fleets.get(0).instances());
    assertEquals("0,1", fleets.get(1).instances().get(0).devices(2));
  }

  @Test
  void anEngineWhoseFlagsNobodyLookedUpHasNoCommand() {
    FleetSetup fleet =
        SetUps.setup(
            SetUps.fleet(
                SetUps.deployment("rtx-4090", "qwen3-8b", "q4_k_m", "lm-studio", 4096),
                1,
                8,
                ReplayOptions.PrefixCache.OFF));
    assertTrue(EngineCommands.of(fleet).isEmpty());
    String text =
        new StepsText(AlertsTest.REVIEW, Map.of()).of(List.of(fleet), Map.of(), List.of());
    assertTrue(text.contains("No start command is known here for LM Studio."), text);
  }

  @Test
  void aMacGetsPropertyListsThatParse() throws Exception {
    FleetSetup fleet =
        SetUps.setup(
            SetUps.fleet(
                SetUps.deployment("mac-mini-m4-32gb", "qwen3-8b", "mlx-4bit", "mlx", 4096),
                1,
                8,
                ReplayOptions.PrefixCache.OFF));
    assertTrue(fleet.onMac());
    String list = Units.launchd(fleet, fleet.instances().get(0), List.of("-- <&> --"));
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(list.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aShellReadsEveryScript() throws Exception {
    assumeTrue(runs("bash", "--version"), "no bash here");
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      if (file.getKey().endsWith(".sh")) {
        Path script = Files.writeString(folder.resolve("start.sh"), file.getValue());
        assertTrue(runs("bash", "-n", script.toString()), file.getKey());
      }
    }
  }

  @Test
  void systemdTakesEveryUnit() throws Exception {
    assumeTrue(runs("systemd-analyze", "--version"), "no systemd here");
    for (Map.Entry<String, String> file : FILES.entrySet()) {
      if (file.getKey().endsWith(".service")) {
        String name = file.getKey().substring(file.getKey().lastIndexOf('/') + 1);
        Path unit = Files.writeString(folder.resolve(name), file.getValue());
        assertTrue(runs("systemd-analyze", "verify", unit.toString()), file.getKey());
      }
    }
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Filled in, the kit's files are what a review reads: 2,000 tasks, all right for both. */
  @Test
  void aKitThatIsFilledInIsAnEvaluation() throws IOException {
    Map<String, String> files = MadeUp.steps(AlertsTest.REVIEW);
    String kit = "next-steps/evaluations/drafts/";
    Files.writeString(folder.resolve("evaluations.yaml"), files.get(kit + "evaluations.yaml"));
    String scores = files.get(kit + "scores-drafts.csv");
    Files.writeString(folder.resolve("scores-drafts.csv"), scores.replace("\n,", "\n1,1"));
    Evaluations.Evidence read = Evaluations.load(folder.resolve("evaluations.yaml")).all().get(0);
    assertEquals("drafts", read.workload());
    assertEquals(MadeUp.LOCAL, read.localModel());
    assertEquals(scores.lines().count() - 1, read.n());
    assertTrue(read.low() > -0.02);
  }

  /**
   * 31,000 calls, every third of a session of three: the first of each session come first, and no
   * call twice.
   */
  @Test
  void aSampleNamesCallsByFileAndLineAndNoText() {
    Map<String, String> files = MadeUp.steps(AlertsTest.REVIEW);
    List<String> lines =
        files.get("next-steps/evaluations/drafts/sample.csv").lines().skip(1).toList();
    // 3,092 tasks: disagreement 0.2, margin 0.02, 95 % one-sided, power 80 %.
    assertEquals(3092, lines.size());
    Set<String> places = new HashSet<>();
    Set<Long> sessions = new HashSet<>();
    int screened = 0;
    for (String line : lines) {
      assertTrue(
          line.matches(
              "\\d+,(yes)?,\"log, of \"\"October\"\".jsonl\",\\d+,2026-10-\\d\\dT[0-9:.]+Z,8000,300"),
          line);
      String number = line.replaceAll(".*\",(\\d+),2026.*", "$1");
      assertTrue(places.add(number), line);
      screened += line.contains(",yes,") ? 1 : 0;
      long call = Long.parseLong(number) - 1;
      if (call % 3 == 0) {
        assertTrue(sessions.add(call / 9), "a second call of a session: " + line);
      }
    }
    assertEquals(100, screened);
  }

  @Test
  void theSameReviewGivesTheSameBytes() {
    assertEquals(MadeUp.steps(AlertsTest.REVIEW), MadeUp.steps(AlertsTest.REVIEW));
  }
}
