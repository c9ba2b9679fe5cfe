package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published parameter counts against what is computed from the published architecture. */
final class HuggingFaceConfigTest {
  @TempDir Path folder;

  @Test
  void llamaIsReadAndItsParametersAreTheNamedOnes() throws IOException {
    LocalModel m =
        imported(
            "{\"model_type\":\"llama\",\"num_hidden_layers\":32,\"hidden_size\":4096,\"num_attention_heads\":32,"
                + "\"num_key_value_heads\":8,\"intermediate_size\":14336,\"vocab_size\":128256,"
                + "\"max_position_embeddings\":131072,\"tie_word_embeddings\":false}");
    assertEquals(8.03e9, (double) m.architecture().parameters(), 0.01e9);
    assertEquals(128, m.architecture().attention().headDim());
    assertEquals(131_072, m.abilities().contextWindow());
  }

  @Test
  void deepSeekV3HasItsLatentCacheAndItsExperts() throws IOException {
    LocalModel m =
        imported(
            "{\"model_type\":\"deepseek_v3\",\"num_hidden_layers\":61,\"hidden_size\":7168,\"num_attention_heads\":128,"
                + "\"num_key_value_heads\":128,\"intermediate_size\":18432,\"moe_intermediate_size\":2048,\"n_routed_experts\":256,"
                + "\"num_experts_per_tok\":8,\"n_shared_experts\":1,\"first_k_dense_replace\":3,\"kv_lora_rank\":512,\"q_lora_rank\":1536,"
                + "\"qk_rope_head_dim\":64,\"qk_nope_head_dim\":128,\"v_head_dim\":128,\"vocab_size\":129280,\"max_position_embeddings\":163840}");
    assertEquals(671e9, (double) m.architecture().parameters(), 3e9);
    assertEquals(37.5e9, (double) m.architecture().activeParameters(), 0.5e9);
    assertEquals(512, m.architecture().attention().kvLoraRank());
  }

  @Test
  void aHybridGrowsItsCacheInOneLayerOfFour() throws IOException {
    LocalModel m =
        imported(
            "{\"model_type\":\"qwen3_5\",\"text_config\":{\"model_type\":\"qwen3_5_text\",\"num_hidden_layers\":8,\"hidden_size\":64,"
                + "\"num_attention_heads\":4,\"intermediate_size\":128,\"vocab_size\":100,\"max_position_embeddings\":1000,"
                + "\"full_attention_interval\":4}}");
    assertEquals(2, m.architecture().attention().fullLayers());
  }

  /**
   * The tower of Qwen 3.5 9B: 27 layers x (4 x 1152^2 + 2 x 1152 x 4304) = 411,070,464; patches
   * 1152 x 3 x 2 x 16^2 = 1,769,472; places 1152 x 2304 = 2,654,208; merger 4608 x (4608 + 4096) =
   * 40,108,032.
   */
  @Test
  void aVisionTowerIsCountedApart() throws IOException {
    String tower =
        ",\"vision_config\":{\"depth\":27,\"hidden_size\":1152,\"intermediate_size\":4304,\"patch_size\":16,"
            + "\"temporal_patch_size\":2,\"spatial_merge_size\":2,\"num_position_embeddings\":2304,\"out_hidden_size\":4096}}";
    String text =
        "{\"model_type\":\"qwen3_5\",\"text_config\":{\"model_type\":\"qwen3_5_text\",\"num_hidden_layers\":8,\"hidden_size\":64,"
            + "\"num_attention_heads\":4,\"intermediate_size\":128,\"vocab_size\":100,\"max_position_embeddings\":1000}";
    LocalModel with = imported(text + tower);
    LocalModel without = imported(text + "}");
    assertEquals(455_602_176, with.architecture().towerParameters());
    assertEquals(without.architecture().parameters(), with.architecture().parameters());
    assertEquals(List.of("text", "image"), with.abilities().modalities());
    assertEquals(List.of("text"), without.abilities().modalities());
    InvalidInput e =
        assertThrows(InvalidInput.class, () -> imported(text + tower.replace("\"depth\":27,", "")));
    assertEquals(true, e.getMessage().contains("vision_config.depth is missing"), e.getMessage());
  }

  @Test
  void anUnknownTypeAndAMissingFieldAreNamed() throws IOException {
    InvalidInput unknown =
        assertThrows(InvalidInput.class, () -> imported("{\"model_type\":\"mamba9\"}"));
    assertEquals(
        true, unknown.getMessage().contains("unknown model_type 'mamba9'"), unknown.getMessage());
    InvalidInput missing =
        assertThrows(InvalidInput.class, () -> imported("{\"model_type\":\"llama\"}"));
    assertEquals(
        true,
        missing
            .getMessage()
            .contains("num_hidden_layers is missing (must be a positive whole number)"),
        missing.getMessage());
  }

  private LocalModel imported(String config) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, config);
    Path entry = folder.resolve("mine.yaml");
    Files.writeString(
        entry, HuggingFaceConfig.read(file, "mine", Tier.SMALL, "2026-11-20", List.of()).yaml());
    return Catalog.with(List.of(entry)).model("mine");
  }
}
