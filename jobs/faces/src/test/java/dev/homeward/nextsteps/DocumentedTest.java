package dev.homeward.nextsteps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Documents;
import dev.homeward.nextsteps.EngineCommand.Setting;
import dev.homeward.replay.ReplayOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Nothing is written that the documentation of the project does not name: documented.yaml holds
 * what it names, with where it was read.
 */
final class DocumentedTest {
  private static final JsonNode PROJECTS = projects();

  private static JsonNode projects() {
    try (InputStream in = DocumentedTest.class.getResourceAsStream("documented.yaml")) {
      return Documents.parse(in.readAllBytes(), "documented.yaml").get("projects");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> words(JsonNode list) {
    Set<String> words = new TreeSet<>();
    list.forEach(word -> words.add(word.asText()));
    return words;
  }

  /** Every engine with a command, on what it runs on, with and without what switches flags. */
  private static List<FleetSetup> everyEngine() {
    List<FleetSetup> all = new ArrayList<>();
    for (ReplayOptions.PrefixCache cache :
        List.of(ReplayOptions.PrefixCache.OFF, ReplayOptions.PrefixCache.AS_LOGGED)) {
      all.add(setup("rtx-4090", "qwen3-8b", "fp8", "vllm", cache));
      all.add(setup("rtx-4090", "bge-m3", "fp16", "vllm", cache));
      all.add(setup("rtx-4090-x2", "qwen3-14b", "fp16", "vllm", cache));
      all.add(setup("h100-on-demand", "qwen3-8b", "fp8", "sglang", cache));
      all.add(setup("h100-on-demand", "bge-m3", "fp16", "sglang", cache));
      all.add(setup("rtx-4090", "qwen3-8b", "q4_k_m", "llama.cpp", cache));
      all.add(setup("rtx-4090-x2", "qwen3-14b", "fp16", "llama.cpp", cache));
      all.add(setup("h200-on-demand", "qwen3-8b", "q4_k_m", "llama.cpp@2025-02", cache));
      all.add(setup("mac-mini-m4-32gb", "qwen3-8b", "mlx-4bit", "mlx", cache));
      all.add(setup("rtx-4090", "qwen3-8b", "q4_k_m", "ollama", cache));
      all.add(setup("h100-on-demand", "qwen3-8b", "fp8", "tensorrt-llm", cache));
    }
    return all;
  }

  private static FleetSetup setup(
      String box, String model, String format, String engine, ReplayOptions.PrefixCache cache) {
    return SetUps.setup(
        SetUps.fleet(SetUps.deployment(box, model, format, engine, 4096), 2, 32, cache));
  }

  @Test
  void everyFlagIsDocumentedInTheVersionThatIsNamed() {
    Set<String> seen = new TreeSet<>();
    for (FleetSetup fleet : everyEngine()) {
      EngineCommand command = EngineCommands.of(fleet).orElseThrow();
      JsonNode project = PROJECTS.get(command.documented().project());
      assertEquals(project.get("version").asText(), command.documented().version());
      assertEquals(project.get("read").asText(), command.documented().date());
      assertTrue(!project.get("sources").isEmpty(), command.documented().project());
      for (Setting flag : command.flags()) {
        assertTrue(
            words(project.get("flags")).contains(flag.name()),
            () -> command.documented().project() + " does not document " + flag.name());
      }
      for (Setting variable : command.environment()) {
        assertTrue(
            words(project.get("variables")).contains(variable.name()),
            () -> command.documented().project() + " does not document " + variable.name());
      }
      seen.add(command.documented().project());
    }
    assertEquals(Set.of("vLLM", "SGLang", "llama.cpp", "Ollama", "mlx-lm", "TensorRT-LLM"), seen);
  }

  /** A script passes nothing but what its command lists. */
  @Test
  void whatLooksLikeAFlagInAFileIsOne() {
    Pattern flag = Pattern.compile("(?m)^  (--[a-z0-9_-]+)");
    for (FleetSetup fleet : everyEngine()) {
      EngineCommand command = EngineCommands.of(fleet).orElseThrow();
      Matcher found = flag.matcher(StartScript.of(fleet, command, List.of()));
      List<String> inFile = new ArrayList<>();
      while (found.find()) {
        inFile.add(found.group(1));
      }
      assertEquals(command.flags().stream().map(Setting::name).toList(), inFile);
    }
  }

  @Test
  void everyMetricIsDocumented() {
    Set<String> known = new TreeSet<>();
    PROJECTS.forEach(
        p -> {
          if (p.has("metrics")) {
            known.addAll(words(p.get("metrics")));
          }
        });
    String alerts =
        MadeUp.steps(AlertsTest.REVIEW).get("next-steps/alerts.yaml")
            + AlertsTest.engines(everyEngine());
    Matcher found =
        Pattern.compile("\\b((?:vllm|sglang|llamacpp):[a-z_]+|litellm_[a-z_]+)").matcher(alerts);
    int metrics = 0;
    while (found.find()) {
      String name = found.group(1);
      boolean isFile = name.equals("litellm_settings");
      String base = name.replaceAll("_(bucket|total)$", "");
      assertTrue(isFile || known.contains(base), name);
      metrics++;
    }
    assertTrue(metrics > 20, metrics + " metrics");
  }

  @Test
  void theRouterHasDocumentedKeysOnly() {
    JsonNode litellm = PROJECTS.get("LiteLLM");
    JsonNode file =
        Documents.parse(
            MadeUp.steps(AlertsTest.REVIEW)
                .get("next-steps/litellm.yaml")
                .getBytes(StandardCharsets.UTF_8),
            "litellm.yaml");
    known(litellm, "", file);
    for (JsonNode model : file.get("model_list")) {
      known(litellm, "model_list", model);
      known(litellm, "litellm_params", model.get("litellm_params"));
      if (model.has("model_info")) {
        known(litellm, "model_info", model.get("model_info"));
      }
    }
    for (String part : List.of("router_settings", "litellm_settings", "general_settings")) {
      known(litellm, part, file.get(part));
    }
    assertTrue(
        words(litellm.get("strategies"))
            .contains(file.at("/router_settings/routing_strategy").asText()));
  }

  private static void known(JsonNode litellm, String where, JsonNode object) {
    Set<String> keys = words(litellm.get("keys").get(where));
    Iterable<String> names = object::fieldNames;
    List<String> unknown =
        StreamSupport.stream(names.spliterator(), false).filter(k -> !keys.contains(k)).toList();
    assertEquals(List.of(), unknown, where);
  }
}
