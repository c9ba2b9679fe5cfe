package dev.homeward.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.config.Documents;
import dev.homeward.units.InvalidInput;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A policy says which calls servers of one's own answered. */
final class OwnServerTest {
  private static Policy policy(String server) {
    return Policy.defaults()
        .with(
            (ObjectNode)
                Documents.parse(
                    ("served-locally: [" + server + "]").getBytes(StandardCharsets.UTF_8),
                    "policy.yaml"),
            "policy.yaml");
  }

  @ParameterizedTest(name = "{0} at {1}: {2}")
  @CsvSource({
    "llm.acme.example, llm.acme.example, true",
    "llm.acme.example, https://LLM.acme.example:8443/v1/chat, true",
    "llm.acme.example, http://llm.acme.example.evil.example/v1, false",
    "llm.acme.example, http://other/llm.acme.example, false",
    "http://10.0.0.5:8000/v1/, http://10.0.0.5:8000/v1, true",
    "http://10.0.0.5:8000/v1, http://10.0.0.5:8000/v1/chat/completions, true",
    "http://10.0.0.5:8000/v1, http://10.0.0.5:8000/v10, false",
    "10.0.0.5:80, http://10.0.0.5:8000, false",
    "10.0.0.5:80, , false",
  })
  void anAddressIsToldByItsBeginning(String base, String address, boolean ours) {
    assertEquals(
        ours,
        policy("{ api-base: \"" + base + "\" }").isServedLocally("openai", address, "m", null));
  }

  @ParameterizedTest(name = "{0}: {1}, {2}: {3}")
  @CsvSource({
    "qwen3-32b, openai/qwen3-32b, , true",
    "openai/qwen3-32b, openai/qwen3-32b, , true",
    "qwen3-32b, team/qwen3-32b, x, true",
    "qwen3-32b, alias, QWEN3-32B, true",
    "qwen3-*, qwen3-235b, , true",
    "qwen3-32b, qwen3-32b-instruct, , false",
    "openai/qwen3-32b, azure/qwen3-32b, , false",
    "qwen3-32b, , , false",
  })
  void aModelIsToldWithOrWithoutItsRoute(
      String model, String asked, String answered, boolean ours) {
    assertEquals(
        ours, policy("{ model: \"" + model + "\" }").isServedLocally(null, null, asked, answered));
  }

  @Test
  void whatIsNamedMustAllHold() {
    Policy policy = policy("{ provider: OpenAI, api-base: llm.acme.example, model: qwen* }");
    assertTrue(policy.isServedLocally("openai", "llm.acme.example", "qwen3", null));
    assertFalse(policy.isServedLocally("azure", "llm.acme.example", "qwen3", null));
    assertFalse(policy.isServedLocally("openai", "api.openai.com", "qwen3", null));
    assertFalse(policy.isServedLocally("openai", "llm.acme.example", "gpt-4o", null));
    assertFalse(policy.isServedLocally(null, "llm.acme.example", "qwen3", null));
    assertFalse(Policy.defaults().isServedLocally("openai", "llm.acme.example", "qwen3", null));
  }

  @Test
  void aServerWithoutAnythingIsRefused() {
    InvalidInput e = assertThrows(InvalidInput.class, () -> policy("{}"));
    assertTrue(e.getMessage().contains("/served-locally/0"), e.getMessage());
  }
}
