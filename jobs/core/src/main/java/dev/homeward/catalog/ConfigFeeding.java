package dev.homeward.catalog;

import dev.homeward.catalog.ConfigLayers.Feeding;

/**
 * The feed-forward of the layers of a model, dense or a mixture of experts: its parameters, those
 * that a token leaves out, and the words by which the catalog says it.
 */
final class ConfigFeeding {
  private static final int ROUNDED_TO = 256;

  private final ConfigFields config;
  private final String family;
  private final ConfigLayers layers;
  private final long hidden;
  private final long experts;
  private double parameters;
  private double denseWidths;

  ConfigFeeding(ConfigFields config, String family, ConfigLayers layers) {
    this.config = config;
    this.family = family;
    this.layers = layers;
    this.hidden = config.required("hidden_size");
    this.experts = experts(config, family);
    for (int layer = 0; layer < layers.count(); layer++) {
      switch (layers.feeding(layer)) {
        case DENSE -> {
          long width = denseWidth(layer);
          denseWidths += width;
          parameters += matrices() * hidden * width;
        }
        case EXPERTS -> mixture();
        case LINEAR -> parameters += (double) hidden * hidden;
        case NONE -> {}
      }
    }
  }

  /** Routed experts of a layer; 0 where there are none. */
  static long experts(ConfigFields config, String family) {
    if (family.equals("gemma4") && !config.flag("enable_moe_block", false)) {
      return 0;
    }
    long experts =
        config.or(0, "num_experts", "n_routed_experts", "num_local_experts", "moe_num_experts");
    return experts == 1 ? 0 : experts;
  }

  long experts() {
    return layers.count(Feeding.EXPERTS) == 0 ? 0 : experts;
  }

  long expertsPerToken() {
    return config.required(
        "num_experts_per_tok",
        "num_experts_per_token",
        "experts_per_token",
        "top_k_experts",
        "moe_top_k");
  }

  double parameters() {
    return parameters;
  }

  /** Parameters of the experts that a token is not sent to. */
  double unused() {
    return layers.count(Feeding.EXPERTS)
        * expertMatrices()
        * (double) (experts - expertsPerToken());
  }

  /** Layers without experts, in a mixture. */
  int denseLayers() {
    return layers.count() - layers.count(Feeding.EXPERTS);
  }

  /** Width of a dense layer, the mean of those that have one; 0 where none has. */
  long denseWidth() {
    int dense = layers.count(Feeding.DENSE);
    return dense == 0 ? 0 : Math.round(denseWidths / dense);
  }

  /** Width of an expert as three matrices of the model's width, which may not be what it has. */
  long expertWidth() {
    return Math.max(1, Math.round(expertMatrices() / (3.0 * hidden)));
  }

  /** Experts that every token uses, in the width of routed ones. */
  long sharedExperts() {
    double shared = sharedParameters();
    return shared == 0 ? 0 : Math.max(1, Math.round(shared / (matrices() * hidden * ownWidth())));
  }

  /** What of its experts the catalog's words do not say; empty where all is said. */
  String remark() {
    return experts() == 0 || expertWidth() == ownWidth()
        ? ""
        : "experts have %d matrices of %d x %d, given as three of %d x %d"
            .formatted((int) matrices(), inner(), ownWidth(), hidden, expertWidth());
  }

  boolean isGated() {
    return matrices() == 3;
  }

  private double matrices() {
    return switch (family) {
      case "starcoder2", "nemotron", "nemotron_h", "bert", "xlm-roberta" -> 2;
      default -> 3;
    };
  }

  private void mixture() {
    parameters +=
        experts * expertMatrices() + sharedParameters() + (double) hidden * experts + latent();
    if (family.equals("gpt_oss")) {
      // Biases of the router and of each expert's two products.
      parameters += experts * (1 + 2.0 * ownWidth() + hidden);
    }
    if (config.has("shared_expert_intermediate_size") && sharedParameters() > 0) {
      parameters += family.startsWith("qwen") ? hidden : 0;
    }
    if (isCorrected()) {
      parameters += experts;
    }
  }

  // A number an expert that keeps the load even.
  private boolean isCorrected() {
    return config.word("topk_method").equals("noaux_tc")
        || config.flag("use_routing_bias", false)
        || family.startsWith("glm4_moe")
        || family.equals("glm_moe_dsa")
        || family.equals("nemotron_h");
  }

  private double expertMatrices() {
    return matrices() * inner() * ownWidth();
  }

  // Experts may work in a narrower width than the model's.
  private long inner() {
    return config.or(hidden, "moe_latent_size", "routed_expert_hidden_size");
  }

  private double latent() {
    return inner() == hidden ? 0 : 2.0 * hidden * inner();
  }

  private long ownWidth() {
    return config.required(
        "moe_intermediate_size", "expert_intermediate_size", "intermediate_size");
  }

  private double sharedParameters() {
    return matrices() * hidden * sharedWidth();
  }

  private long sharedWidth() {
    if (family.equals("gemma4")) {
      return config.required("intermediate_size");
    }
    if (family.equals("llama4")) {
      return ownWidth();
    }
    if (config.has("moe_shared_expert_intermediate_size")) {
      return config.or(1, "n_shared_experts") * config.or(0, "moe_shared_expert_intermediate_size");
    }
    if (config.has(SHARED_WIDTHS)) {
      return config.or(0, SHARED_WIDTHS);
    }
    return config.or(0, "n_shared_experts", "num_shared_experts", "moe_num_shared_experts")
        * ownWidth();
  }

  private static final String[] SHARED_WIDTHS = {
    "shared_expert_intermediate_size", "shared_intermediate_size", "share_expert_dim"
  };

  private long denseWidth(int layer) {
    if (config.isList("block_configs")) {
      return ofMultiple(layers.block(layer).inside("ffn"));
    }
    if (family.equals("granitemoehybrid") && experts == 0) {
      return config.required("shared_intermediate_size");
    }
    long width =
        config.required("intermediate_size_mlp", "dense_intermediate_size", "intermediate_size");
    boolean shares = layer >= layers.count() - config.or(0, "num_kv_shared_layers");
    return shares && config.flag("use_double_wide_mlp", false) ? 2 * width : width;
  }

  // A share of the model's width, two thirds of it, up to the next multiple of 256.
  private long ofMultiple(ConfigFields forward) {
    double share = forward.share("ffn_mult", 0);
    if (!(share > 0 && share <= 100)) {
      throw forward.refused(
          "ffn_mult", ConfigFields.kind(forward.node().path("ffn_mult")), "above 0, at most 100");
    }
    long width = (long) (2 * share * hidden / 3);
    return (width + ROUNDED_TO - 1) / ROUNDED_TO * ROUNDED_TO;
  }
}
