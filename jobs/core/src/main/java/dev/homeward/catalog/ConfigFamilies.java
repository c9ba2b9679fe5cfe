package dev.homeward.catalog;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The families of models whose {@code config.json} can be read, by {@code model_type}, and what
 * their own classes take where a config leaves a field out: most published configs were written
 * without the fields that are at their default.
 */
final class ConfigFamilies {
  private static final String TEXT = "_text";

  static final Set<String> ENCODERS = Set.of("bert", "xlm-roberta");

  /** Queries, keys, values, a feed-forward or experts: what differs stands in the fields. */
  private static final Set<String> PLAIN =
      Set.of(
          "llama",
          "llama4",
          "mistral",
          "ministral",
          "ministral3",
          "mixtral",
          "qwen2",
          "qwen2_moe",
          "qwen2_vl",
          "qwen2_5_vl",
          "qwen3",
          "qwen3_moe",
          "qwen3_vl",
          "qwen3_vl_moe",
          "qwen3_next",
          "qwen3_5",
          "qwen3_5_moe",
          "gemma",
          "gemma2",
          "gemma3",
          "gemma4",
          "phi3",
          "granite",
          "granitemoe",
          "granitemoehybrid",
          "gpt_oss",
          "glm",
          "glm4",
          "glm4_moe",
          "smollm3",
          "seed_oss",
          "starcoder2",
          "olmo2",
          "olmo3",
          "exaone4",
          "dots1",
          "laguna",
          "mimo",
          "mimo_v2",
          "minimax_m2",
          "minimax_m3",
          "nemotron",
          "nemotron-nas",
          "nemotron_h",
          "step3p5",
          "step3p7");

  /** Keys and values through a compressed rank. */
  private static final Set<String> LATENT =
      Set.of(
          "deepseek_v2",
          "deepseek_v3",
          "deepseek_v32",
          "glm4_moe_lite",
          "glm_moe_dsa",
          "kimi_k2",
          "kimi_k25",
          "kimi_linear");

  static final String COMPRESSED = "deepseek_v4";

  /** Types that only wrap a text part under another name. */
  private static final Map<String, String> SAME =
      Map.ofEntries(
          entry("step3p7flash", "step3p7"),
          entry("step3p7_flash", "step3p7"),
          entry("mimo_v2_flash", "mimo_v2"),
          entry("mimo_v2_pro", "mimo_v2"),
          entry("minimax_m3_vl", "minimax_m3"),
          entry("nemotron_nas", "nemotron-nas"));

  private static final Map<String, Long> GEMMA_3 =
      Map.ofEntries(
          entry("vocab_size", 262_208L),
          entry("num_attention_heads", 8L),
          entry("num_key_value_heads", 4L),
          entry("head_dim", 256L),
          entry("max_position_embeddings", 131_072L),
          entry("sliding_window", 4096L));

  private static final Map<String, Map<String, Long>> DEFAULTS =
      Map.ofEntries(
          entry("gemma3", GEMMA_3),
          entry(
              "gemma4",
              Map.of(
                  "vocab_size", 262_144L,
                  "head_dim", 256L,
                  "global_head_dim", 512L,
                  "max_position_embeddings", 131_072L,
                  "sliding_window", 512L)),
          entry("gemma2", Map.of("head_dim", 256L, "sliding_window", 4096L)),
          entry("gemma", Map.of("head_dim", 256L)),
          entry(
              "gpt_oss",
              Map.of("sliding_window", 128L, "max_position_embeddings", 131_072L, "head_dim", 64L)),
          entry(
              "glm_moe_dsa",
              Map.of("index_topk", 2048L, "index_n_heads", 32L, "index_head_dim", 128L)),
          entry(
              "deepseek_v32",
              Map.of("index_topk", 2048L, "index_n_heads", 64L, "index_head_dim", 128L)),
          entry("qwen3_moe", Map.of("head_dim", 128L)),
          entry("qwen3_next", deltaNet(32)),
          entry("qwen3_5", deltaNet(32)),
          entry("qwen3_5_moe", deltaNet(32)));

  private ConfigFamilies() {}

  private static Map<String, Long> deltaNet(long valueHeads) {
    return Map.ofEntries(
        entry("head_dim", 256L),
        entry("linear_conv_kernel_dim", 4L),
        entry("linear_key_head_dim", 128L),
        entry("linear_value_head_dim", 128L),
        entry("linear_num_key_heads", 16L),
        entry("linear_num_value_heads", valueHeads),
        entry("full_attention_interval", 4L));
  }

  /** The family that a {@code model_type} names: its text part is of the same one. */
  static String of(String type) {
    String family = type.endsWith(TEXT) ? type.substring(0, type.length() - TEXT.length()) : type;
    return SAME.getOrDefault(family, family);
  }

  static boolean isKnown(String family) {
    return PLAIN.contains(family)
        || LATENT.contains(family)
        || ENCODERS.contains(family)
        || COMPRESSED.equals(family);
  }

  /** All of them in the order of the alphabet, for a message. */
  static Set<String> known() {
    Set<String> all = new TreeSet<>(PLAIN);
    all.addAll(LATENT);
    all.addAll(ENCODERS);
    all.add(COMPRESSED);
    return all;
  }

  static Map<String, Long> defaults(String family) {
    return DEFAULTS.getOrDefault(family, Map.of());
  }
}
