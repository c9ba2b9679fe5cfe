package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Documents;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cases of imported models: their expected values stand beside them. */
final class ModelCasesTest {
  @TempDir Path folder;

  @Test
  void hybridsHaveTheParametersOfTheirFiles() {
    JsonNode expected = expected("hf-hybrid-parameters");
    for (String file : List.of("input.json", "qwen3-next.json")) {
      LocalModel model = imported("hf-hybrid-parameters", file);
      // Worked out without the norms, 0.7 million of them.
      assertEquals(
          1.0,
          model.architecture().parameters() / expected.at("/parameters/" + file).asDouble(),
          5e-5,
          file);
    }
    LocalModel next = imported("hf-hybrid-parameters", "qwen3-next.json");
    assertEquals(
        1.0,
        next.architecture().activeParameters()
            / expected.at("/active-parameters/qwen3-next.json").asDouble(),
        1e-4);
    // The catalog's own entry of the same model.
    LocalModel.Architecture own = Catalog.standard().model("qwen3.5-27b").architecture();
    LocalModel.Architecture read = imported("hf-hybrid-parameters", "input.json").architecture();
    assertEquals(1.0, (double) own.parameters() / read.parameters(), 5e-5);
    assertEquals(own.recurrence(), read.recurrence());
    assertEquals(own.attention(), read.attention());
  }

  @Test
  void aMixtureInItsTextPartIsRead() {
    JsonNode expected = expected("hf-qwen3_5_moe_text");
    LocalModel.Architecture read = imported("hf-qwen3_5_moe_text", "input.json").architecture();
    assertEquals(1.0, read.parameters() / expected.get("parameters").asDouble(), 1e-4);
    assertEquals(1.0, read.activeParameters() / expected.get("active-parameters").asDouble(), 1e-4);
    assertEquals(expected.get("full-attention-layers").asInt(), read.attention().fullLayers());
    LocalModel.Architecture own = Catalog.standard().model("qwen3.5-35b-a3b").architecture();
    assertEquals(own.recurrence(), read.recurrence());
    assertEquals(own.forward(), read.forward());
  }

  @Test
  void typesThatTheCatalogCanExpressAreRead() {
    JsonNode expected = expected("hf-unknown-types");
    for (String file : List.of("input.json", "kimi-k2.json")) {
      LocalModel model = imported("hf-unknown-types", file);
      JsonNode wanted = expected.get(file);
      assertEquals(
          1.0, model.architecture().parameters() / wanted.get("parameters").asDouble(), 1e-5, file);
      LocalModel.Attention a = model.architecture().attention();
      long elements =
          a.isLatent()
              ? (long) a.fullLayers() * (a.kvLoraRank() + a.qkRopeDim())
              : 2L * a.fullLayers() * a.kvHeads() * a.headDim();
      assertEquals(wanted.get("kv_bytes_per_token").asLong(), 2 * elements, file);
    }
    assertEquals(List.of("mxfp4"), imported("hf-unknown-types", "input.json").quantizations());
    assertEquals(List.of("fp8"), imported("hf-unknown-types", "kimi-k2.json").quantizations());
  }

  /** ModelOpt says the format in a file of its own; alone, the config cannot tell. */
  @Test
  void aQuantizedCheckpointHasItsOwnFormat() throws IOException {
    copied("hf-quantized-checkpoint", "input.json");
    Files.writeString(
        folder.resolve("hf_quant_config.json"),
        "{\"producer\":{\"name\":\"modelopt\"},\"quantization\":{\"quant_algo\":\"NVFP4\",\"group_size\":16,\"exclude_modules\":[\"lm_head\"]}}");
    String expected = expected("hf-quantized-checkpoint").get("quantizations").asText();
    assertEquals(
        expected, imported("hf-quantized-checkpoint", "input.json").quantizations().toString());
    Files.delete(folder.resolve("hf_quant_config.json"));
    HuggingFaceConfig.Imported alone =
        HuggingFaceConfig.read(
            folder.resolve("input.json"), "m", Tier.LARGE, "2026-11-01", List.of());
    assertEquals(1, alone.remarks().size());
    assertTrue(
        alone.remarks().get(0).startsWith("nothing here names a weight format"),
        alone.remarks().get(0));
    HuggingFaceConfig.Imported said =
        HuggingFaceConfig.read(
            folder.resolve("input.json"), "m", Tier.LARGE, "2026-11-01", List.of("nvfp4"));
    assertTrue(said.yaml().contains("quantizations: [nvfp4]"), said.yaml());
  }

  private LocalModel imported(String name, String file) {
    try {
      Path entry = folder.resolve("m.yaml");
      Files.writeString(
          entry,
          HuggingFaceConfig.read(copied(name, file), "m", Tier.LARGE, "2026-11-01", List.of())
              .yaml());
      return Catalog.with(List.of(entry)).model("m");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path copied(String name, String file) throws IOException {
    try (InputStream in = ModelCasesTest.class.getResourceAsStream("/cases/" + name + "/" + file)) {
      Path to = folder.resolve(file);
      Files.write(to, in.readAllBytes());
      return to;
    }
  }

  private static JsonNode expected(String name) {
    try (InputStream in =
        ModelCasesTest.class.getResourceAsStream("/cases/" + name + "/expected.json")) {
      return Documents.parse(in.readAllBytes(), name + "/expected.json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
