package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Documents;
import dev.homeward.units.InvalidInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the architecture of a model from its Hugging Face {@code config.json} and writes it as an
 * entry for a hardware file of one's own. Parameters are computed from the architecture: attention
 * and feed-forward of each layer, input embedding and output head, and apart from these the vision
 * tower; norms and biases are left out (under 0.1 %).
 *
 * <p>Known model types: llama, mistral, qwen2, qwen3, qwen3_moe, qwen3_next and qwen3_5 hybrids
 * with {@code layer_types} or {@code full_attention_interval}, deepseek_v3, xlm-roberta, bert.
 */
public final class HuggingFaceConfig {
  private static final Set<String> DENSE =
      Set.of("llama", "mistral", "qwen2", "qwen3", "qwen3_5_text", "qwen3_5");
  private static final Set<String> MIXTURE =
      Set.of("qwen3_moe", "qwen3_next", "qwen3_5_moe", "deepseek_v3");
  private static final Set<String> ENCODER = Set.of("xlm-roberta", "bert");

  private final Path file;
  private final JsonNode config;
  private final JsonNode vision;
  private final String type;

  private HuggingFaceConfig(Path file, JsonNode config) {
    this.file = file;
    // Models with vision keep the text part one level down.
    this.config = config.has("text_config") ? config.get("text_config") : config;
    this.vision = config.path("vision_config");
    this.type = this.config.path("model_type").asText(config.path("model_type").asText());
  }

  /**
   * The model as YAML, ready for {@code --hardware}.
   *
   * @param tier capability tier, which a config.json does not say
   * @param date the day it was read, ISO-8601
   * @throws InvalidInput naming the file and the field that is missing or not known
   */
  public static String read(Path file, String id, Tier tier, String date) {
    return new HuggingFaceConfig(file, Documents.read(file)).yaml(id, tier, date);
  }

  private String yaml(String id, Tier tier, String date) {
    boolean encoder = ENCODER.contains(type);
    boolean mixture = MIXTURE.contains(type);
    refuseUnknownTypes();
    long layers = required("num_hidden_layers");
    long hidden = required("hidden_size");
    long heads = required("num_attention_heads");
    long kvHeads = config.path("num_key_value_heads").asLong(heads);
    long headDim = config.path("head_dim").asLong(hidden / heads);
    long feedForward = mixture ? required("moe_intermediate_size") : required("intermediate_size");
    long vocabulary = required("vocab_size");
    boolean tied = encoder || config.path("tie_word_embeddings").asBoolean(false);
    long experts = mixture ? firstOf("num_experts", "n_routed_experts") : 0;
    long perToken = mixture ? required("num_experts_per_tok") : 0;
    long shared =
        config
            .path("n_shared_experts")
            .asLong(config.has("shared_expert_intermediate_size") ? 1 : 0);
    long denseLayers = config.path("first_k_dense_replace").asLong(0);
    long denseFeedForward = denseLayers > 0 ? required("intermediate_size") : 0;
    long rank = config.path("kv_lora_rank").asLong(0);
    long rope = rank > 0 ? required("qk_rope_head_dim") : 0;
    double attention =
        rank > 0
            ? latentAttention(hidden, heads, rank, rope)
            : 2.0 * hidden * headDim * (heads + kvHeads);
    double oneExpert = (encoder ? 2.0 : 3.0) * hidden * feedForward;
    double body =
        layers * attention
            + (layers - denseLayers) * oneExpert * Math.max(1, experts + shared)
            + denseLayers * 3.0 * hidden * denseFeedForward
            + (mixture ? (layers - denseLayers) * (double) hidden * experts : 0);
    double embeddings = (tied ? 1.0 : 2.0) * vocabulary * hidden;
    double unused = mixture ? (layers - denseLayers) * oneExpert * (experts - perToken) : 0;
    List<String> fields =
        new ArrayList<>(List.of("id: " + id, "name: \"" + id + "\"", "tier: " + tier.word()));
    if (encoder) {
      fields.add("embedding: true");
      fields.add("gated: false");
    }
    fields.add("parameters: " + Math.round(body + embeddings));
    if (mixture) {
      fields.add("active-parameters: " + Math.round(body + embeddings - unused));
    }
    addTower(fields);
    fields.add("layers: " + layers);
    long full = fullAttentionLayers(layers);
    if (full != layers) {
      fields.add("full-attention-layers: " + full);
    }
    fields.add("hidden: " + hidden);
    fields.add("heads: " + heads);
    fields.add("kv-heads: " + kvHeads);
    fields.add("head-dim: " + headDim);
    fields.add("feed-forward: " + feedForward);
    fields.add("vocabulary: " + vocabulary);
    if (tied) {
      fields.add("tied: true");
    }
    if (mixture) {
      fields.add("experts: " + experts);
      fields.add("experts-per-token: " + perToken);
      fields.add("shared-experts: " + shared);
    }
    if (denseLayers > 0) {
      fields.add("dense-layers: " + denseLayers);
      fields.add("dense-feed-forward: " + denseFeedForward);
    }
    if (rank > 0) {
      fields.add("kv-lora-rank: " + rank);
      fields.add("qk-rope-dim: " + rope);
    }
    fields.add("context-window: " + required("max_position_embeddings"));
    fields.add("quantizations: " + (encoder ? "[fp16]" : "[fp8, fp16, q8_0, q4_k_m]"));
    fields.add("licence: \"see the model's card\"");
    fields.add(
        "source: { kind: published, reference: \"%s\", date: \"%s\" }"
            .formatted(file.getFileName(), date));
    return "models:\n  - { " + String.join(", ", fields) + " }\n";
  }

  private void addTower(List<String> fields) {
    if (vision.isObject()) {
      fields.add("tower-parameters: " + Math.round(towerParameters()));
      fields.add("modalities: [text, image]");
    }
  }

  private void refuseUnknownTypes() {
    if (!ENCODER.contains(type) && !MIXTURE.contains(type) && !DENSE.contains(type)) {
      throw new InvalidInput(
          "Cannot import %s: unknown model_type '%s' (known: %s, %s, %s)"
              .formatted(file, type, DENSE, MIXTURE, ENCODER));
    }
  }

  // DeepSeek's multi-head latent attention: queries through a low rank if it has one, keys and
  // values through the compressed rank, and the output projection.
  private double latentAttention(long hidden, long heads, long rank, long rope) {
    long nope = required("qk_nope_head_dim");
    long value = required("v_head_dim");
    long queryRank = config.path("q_lora_rank").asLong(0);
    double query =
        queryRank > 0
            ? (double) hidden * queryRank + (double) queryRank * heads * (nope + rope)
            : (double) hidden * heads * (nope + rope);
    return query
        + (double) hidden * (rank + rope)
        + (double) rank * heads * (nope + value)
        + (double) heads * value * hidden;
  }

  // Qwen's vision tower: layers with two matrices of feed-forward, the embedding of patches and
  // places, and the merger that puts several patches together and brings them to the text's width.
  private double towerParameters() {
    double width = ofVision("hidden_size");
    double patch = ofVision("patch_size");
    double merge = ofVision("spatial_merge_size");
    double merged = width * merge * merge;
    return ofVision("depth") * (4 * width * width + 2 * width * ofVision("intermediate_size"))
        + width * 3 * ofVision("temporal_patch_size") * patch * patch
        + width * ofVision("num_position_embeddings")
        + merged * (merged + ofVision("out_hidden_size"));
  }

  private long fullAttentionLayers(long layers) {
    if (config.path("layer_types").isArray()) {
      long full = 0;
      for (JsonNode layer : config.get("layer_types")) {
        full += layer.asText().equals("linear_attention") ? 0 : 1;
      }
      return full;
    }
    long interval = config.path("full_attention_interval").asLong(1);
    return layers / Math.max(1, interval);
  }

  private long firstOf(String one, String other) {
    return config.has(one) ? required(one) : required(other);
  }

  private long required(String field) {
    return positive(config.path(field), field);
  }

  private long ofVision(String field) {
    return positive(vision.path(field), "vision_config." + field);
  }

  private long positive(JsonNode value, String field) {
    if (!value.isIntegralNumber() || value.asLong() <= 0) {
      throw new InvalidInput(
          "Cannot import %s: %s is %s (must be a positive whole number)"
              .formatted(file, field, value.isMissingNode() ? "missing" : value));
    }
    return value.asLong();
  }
}
