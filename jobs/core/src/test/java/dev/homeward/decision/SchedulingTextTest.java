package dev.homeward.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.catalog.Catalog;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reviews that were kept know their replays by these texts: another text, and all is replayed. */
final class SchedulingTextTest {
  @Test
  void theTextsOfShippedEnginesAreThoseOfStoredReviews() {
    // Block tokens, whole output reserved, keep-alive and init seconds, longest queue (0: any).
    Map<String, String> stored =
        Map.of(
            "vllm", "16falseOptional.emptyOptional.empty0",
            "sglang", "1falseOptional.emptyOptional.empty0",
            "tensorrt-llm", "32trueOptional.emptyOptional.empty0",
            "mlx", "1falseOptional.emptyOptional.empty0",
            "llama.cpp", "1falseOptional.emptyOptional.empty0",
            "ollama", "1falseOptional[300.0]Optional[2.0]512",
            "lm-studio", "1falseOptional[3600.0]Optional[2.0]0");
    stored.forEach(
        (engine, text) ->
            assertEquals(
                text,
                Catalog.standard().engine(engine).scheduling().match(SchedulingText.INSTANCE),
                engine));
  }
}
