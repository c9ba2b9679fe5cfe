package dev.homeward.catalog;

import dev.homeward.catalog.ConfigLayers.Mixing;
import java.util.List;

/**
 * What mixes tokens in the layers of a model: its parameters, the elements of its cache, and the
 * states of layers without one. Biases of queries, keys and values and the norms are counted.
 */
final class ConfigMixing {
  /** What a layer attends with. */
  private record Heads(long heads, long keyValueHeads, long keyWidth, long valueWidth) {}

  private final ConfigFields config;
  private final String family;
  private final ConfigLayers layers;
  private final long hidden;
  private final List<Long> headsOfLayers;

  private double parameters;
  private double kvElements;
  private double stateElements;
  private double convElements;

  // Sums over the layers that attend.
  private double queryHeads;
  private double queryWidth;
  private long leastKeyValueHeads = Long.MAX_VALUE;

  ConfigMixing(ConfigFields config, String family, ConfigLayers layers) {
    this.config = config;
    this.family = family;
    this.layers = layers;
    this.hidden = config.required("hidden_size");
    this.headsOfLayers = config.counts("num_attention_heads_per_layer");
    for (int layer = 0; layer < layers.count(); layer++) {
      switch (layers.mixing(layer)) {
        case FULL, WINDOW -> attention(layer);
        case RECURRENT -> recurrent();
        case LINEAR -> parameters += (double) hidden * hidden;
        case NONE -> {}
      }
    }
  }

  double parameters() {
    return parameters;
  }

  /** Elements of one token's cache over all layers. */
  long kvElements() {
    return (long) Math.ceil(kvElements);
  }

  /** Query heads of a layer that attends, their mean. */
  long heads() {
    return Math.max(1, Math.round(queryHeads / Math.max(1, layers.attending())));
  }

  /** Width of a head: the mean of keys and values, over all heads. */
  long headWidth() {
    return Math.max(1, Math.round(queryWidth / Math.max(1, queryHeads)));
  }

  /** Heads of keys and values, over which a cache can be cut. */
  long keyValueHeads() {
    return leastKeyValueHeads == Long.MAX_VALUE ? 1 : leastKeyValueHeads;
  }

  long stateElements() {
    return (long) stateElements;
  }

  long convElements() {
    return (long) convElements;
  }

  /**
   * Bytes of a state's element under vLLM: what the config says, else 4 for Nemotron and for Kimi's
   * delta attention, else the model's own 16 bits.
   */
  int stateBytes() {
    String type = config.word("mamba_ssm_dtype") + config.word("mamba_ssm_cache_dtype");
    boolean wide = family.equals("nemotron_h") || family.equals("kimi_linear");
    return type.contains("32") || (wide && type.isEmpty()) ? 4 : 2;
  }

  /** Tokens that sparse attention chooses for a query; 0 where it attends to all. */
  long chosenTokens() {
    ConfigFields sparse = config.inside("sparse_attention_config");
    if (sparse.has("sparse_topk_blocks") && sparse.has("sparse_block_size")) {
      return sparse.required("sparse_topk_blocks") * sparse.required("sparse_block_size");
    }
    return isLatent() ? config.or(0, "index_topk") : 0;
  }

  boolean isLatent() {
    return config.or(0, "kv_lora_rank") > 0;
  }

  private void attention(int layer) {
    if (family.equals(ConfigFamilies.COMPRESSED)) {
      compressedAttention(layer);
      return;
    }
    if (isLatent()) {
      latentAttention();
      return;
    }
    Heads shape = shape(layer);
    boolean keepsNone = layer >= layers.count() - config.or(0, "num_kv_shared_layers");
    boolean keysAreValues =
        config.flag("attention_k_eq_v", false) && layers.mixing(layer) == Mixing.FULL;
    double queries = (double) hidden * shape.heads * shape.keyWidth;
    double keys = (double) hidden * shape.keyValueHeads * shape.keyWidth;
    double values = (double) hidden * shape.keyValueHeads * shape.valueWidth;
    parameters += queries + (double) shape.heads * shape.valueWidth * hidden + gate(shape, queries);
    if (!keepsNone) {
      parameters += keys + (keysAreValues ? 0 : values);
      kvElements += (double) shape.keyValueHeads * (shape.keyWidth + shape.valueWidth);
    }
    if (hasBias()) {
      parameters += (queries + keys + values) / hidden;
    }
    if (family.equals("gpt_oss")) {
      // The output's bias, and a sink for each head.
      parameters += hidden + shape.heads;
    }
    if (hasNormedHeads()) {
      parameters += 2.0 * shape.keyWidth;
    }
    parameters += blockIndex(layer);
    note(shape);
  }

  private void note(Heads shape) {
    queryHeads += shape.heads;
    queryWidth += shape.heads * (shape.keyWidth + shape.valueWidth) / 2.0;
    leastKeyValueHeads = Math.min(leastKeyValueHeads, shape.keyValueHeads);
  }

  private boolean hasBias() {
    boolean always =
        switch (family) {
          case "qwen2", "qwen2_moe", "qwen2_vl", "qwen2_5_vl", "mimo" -> true;
          default -> false;
        };
    return config.flag("attention_bias", config.flag("qkv_bias", always));
  }

  private boolean hasNormedHeads() {
    return family.startsWith("qwen3")
        || family.equals("gemma3")
        || family.equals("gemma4")
        || config.flag("use_qk_norm", false);
  }

  // Some gate what attention puts out: Qwen 3.5 by a second half of the queries' projection, Laguna
  // and Step by one number a head.
  private double gate(Heads shape, double queries) {
    boolean doubled = family.startsWith("qwen3_5") || family.equals("qwen3_next");
    if (config.flag("attn_output_gate", config.flag("attention_output_gate", doubled))) {
      return queries;
    }
    if (config.word("gating").equals("per-element")) {
      return (double) hidden * shape.heads * shape.valueWidth;
    }
    // Laguna XS.2 says true and has 33.4e9 parameters: one number a head.
    boolean byHead =
        config.flag("gating", false)
            || config.word("gating").equals("per-head")
            || config.flag("use_head_wise_attn_gate", false);
    return byHead ? (double) hidden * shape.heads : 0;
  }

  private Heads shape(int layer) {
    long heads =
        headsOfLayers.size() >= layers.count()
            ? Math.max(1, headsOfLayers.get(layer))
            : config.required("num_attention_heads");
    boolean window = layers.mixing(layer) == Mixing.WINDOW;
    if (config.isList("block_configs")) {
      long group = layers.block(layer).inside("attention").required("n_heads_in_group");
      long width = config.or(hidden / heads, "head_dim");
      return new Heads(heads, Math.max(1, heads / group), width, width);
    }
    long width =
        config.or(
            Math.max(1, hidden / config.required("num_attention_heads")),
            "head_dim",
            "attention_head_dim");
    long keyValueHeads = config.or(heads, "num_key_value_heads", "num_attention_groups");
    long valueWidth = config.or(width, "v_head_dim");
    ConfigFields other = config.inside("attention_other_setting");
    if (window && other.isObject()) {
      long its = other.or(width, "head_dim");
      return new Heads(
          other.or(heads, "num_attention_heads"),
          other.or(keyValueHeads, "num_attention_groups"),
          its,
          its);
    }
    if (window && config.has("swa_num_key_value_heads")) {
      long its = config.or(width, "swa_head_dim");
      return new Heads(
          config.or(heads, "swa_num_attention_heads"),
          config.required("swa_num_key_value_heads"),
          its,
          config.or(config.has("v_head_dim") ? valueWidth : its, "swa_v_head_dim"));
    }
    if (family.equals("gemma4") && !window) {
      long its = config.or(width, "global_head_dim");
      return new Heads(heads, config.or(keyValueHeads, "num_global_key_value_heads"), its, its);
    }
    return new Heads(heads, keyValueHeads, width, valueWidth);
  }

  // MiniMax M3: layers that choose blocks of the context have an index of their own.
  private double blockIndex(int layer) {
    ConfigFields sparse = config.inside("sparse_attention_config");
    List<Long> which = sparse.counts("sparse_attention_freq");
    boolean chooses = which.size() >= layers.count() ? which.get(layer) != 0 : sparse.isObject();
    if (!chooses || !sparse.has("sparse_index_dim")) {
      return 0;
    }
    return (double) hidden
        * sparse.required("sparse_index_dim")
        * (1 + sparse.or(1, "sparse_num_index_heads"));
  }

  // Multi-head latent attention: queries through a low rank if it has one, keys and values through
  // the compressed rank, and the output projection. With an index where attention is sparse.
  private void latentAttention() {
    long heads = config.required("num_attention_heads");
    long rank = config.required("kv_lora_rank");
    long rope = config.required("qk_rope_head_dim");
    long plain = config.required("qk_nope_head_dim");
    long value = config.required("v_head_dim");
    long queryRank = config.or(0, "q_lora_rank");
    double queries =
        queryRank > 0
            ? (double) hidden * queryRank + queryRank + (double) queryRank * heads * (plain + rope)
            : (double) hidden * heads * (plain + rope);
    double gate = config.flag("mla_use_output_gate", false) ? (double) hidden * heads * value : 0;
    parameters +=
        queries
            + gate
            + (double) hidden * (rank + rope)
            + rank
            + (double) rank * heads * (plain + value)
            + (double) heads * value * hidden;
    if (config.or(0, "index_topk") > 0) {
      long indexHeads = config.required("index_n_heads");
      long indexWidth = config.required("index_head_dim");
      parameters +=
          (double) Math.max(queryRank, 1) * indexHeads * indexWidth
              + (double) hidden * (indexWidth + indexHeads)
              + 2.0 * indexWidth;
    }
    kvElements += rank + rope;
    note(new Heads(heads, config.or(heads, "num_key_value_heads"), plain, value));
  }

  // DeepSeek V4: one head of keys that are values too, a window of them and, beyond it, one for
  // every 4 or 128 tokens; with every 4, an index to choose by. Four residual streams.
  private void compressedAttention(int layer) {
    long heads = config.required("num_attention_heads");
    long width = config.required("head_dim");
    long queryRank = config.required("q_lora_rank");
    long outRank = config.required("o_lora_rank");
    long ratio = ratio(layer);
    parameters +=
        (double) hidden * queryRank
            + (double) queryRank * heads * width
            + (double) hidden * width
            + (double) heads * width * outRank
            + (double) config.required("o_groups") * outRank * hidden
            + queryRank
            + width;
    if (ratio > 0) {
      // Overlapping windows where few tokens are put together: twice the width.
      double wide = (ratio <= OVERLAPPING_UP_TO ? 2.0 : 1.0) * width;
      parameters += 2.0 * hidden * wide + ratio * wide + width;
      kvElements += (double) width / ratio;
    }
    if (ratio > 0 && ratio <= OVERLAPPING_UP_TO) {
      long indexHeads = config.required("index_n_heads");
      long indexWidth = config.required("index_head_dim");
      parameters +=
          (double) queryRank * indexHeads * indexWidth
              + (double) hidden * indexHeads
              + 4.0 * hidden * indexWidth
              + 2.0 * ratio * indexWidth
              + indexWidth;
      kvElements += (double) indexWidth / ratio;
    }
    double streams = config.or(1, "hc_mult");
    parameters += 2 * (2 + streams) * streams * streams * hidden;
    note(new Heads(heads, 1, width, width));
  }

  private static final int OVERLAPPING_UP_TO = 4;

  private long ratio(int layer) {
    List<Long> ratios = config.counts("compress_ratios");
    if (ratios.size() >= layers.count()) {
      return Math.max(0, ratios.get(layer));
    }
    List<String> kinds = config.words("layer_types");
    if (kinds.size() < layers.count()) {
      throw config.refused(
          "compress_ratios",
          ratios.isEmpty() ? "missing" : "a list of " + ratios.size(),
          "must have one for each of %d layers".formatted(layers.count()));
    }
    return config.inside("compress_rates").or(0, kinds.get(layer));
  }

  private void recurrent() {
    if (config.inside("linear_attn_config").isObject()) {
      deltaAttention(config.inside("linear_attn_config"));
    } else if (config.has("mamba_num_heads", "mamba_n_heads")) {
      stateSpace();
    } else if (ConfigFamilies.defaults(family).containsKey("linear_num_value_heads")
        || config.has("linear_num_value_heads")) {
      deltaNet();
    } else {
      throw config.refused(
          "linear_num_value_heads",
          "missing",
          "layers without attention need it, or mamba_num_heads, or linear_attn_config");
    }
  }

  // Gated delta net (Qwen3-Next, Qwen 3.5): queries, keys, values and a gate, two numbers a head, a
  // short convolution over queries, keys and values, and the output projection.
  private void deltaNet() {
    long valueHeads = config.required("linear_num_value_heads");
    long keys = config.required("linear_num_key_heads") * config.required("linear_key_head_dim");
    long valueWidth = config.required("linear_value_head_dim");
    long values = valueHeads * valueWidth;
    long kernel = config.required("linear_conv_kernel_dim");
    long channels = 2 * keys + values;
    parameters +=
        (double) hidden * (2 * keys + 2 * values + 2 * valueHeads)
            + (double) channels * kernel
            + (double) values * hidden
            + 2.0 * valueHeads
            + valueWidth;
    stateElements += (double) valueHeads * config.required("linear_key_head_dim") * valueWidth;
    convElements += (double) channels * (kernel - 1);
  }

  // Kimi's delta attention: queries, keys and values with a convolution each, a decay and a gate
  // through a low rank, one number a head.
  private void deltaAttention(ConfigFields its) {
    long heads = its.required("num_heads");
    long width = its.required("head_dim");
    long kernel = its.or(4, "short_conv_kernel_size");
    double wide = (double) heads * width;
    double lowRank = (double) hidden * width + width * wide;
    double gate = its.flag("use_full_rank_gate", false) ? hidden * wide : lowRank;
    parameters +=
        4 * hidden * wide
            + 3 * wide * kernel
            + lowRank
            + gate
            + (double) hidden * heads
            + wide
            + heads
            + width;
    stateElements += (double) heads * width * width;
    convElements += 3.0 * heads * width * (kernel - 1);
  }

  // Mamba-2: one projection of the gate, the input, the two groups' matrices and a step a head; a
  // convolution with bias; the output projection.
  private void stateSpace() {
    long heads = config.required("mamba_num_heads", "mamba_n_heads");
    long inner = heads * config.required("mamba_head_dim", "mamba_d_head");
    long state = config.required("ssm_state_size", "mamba_d_state");
    long kernel = config.or(4, "conv_kernel", "mamba_d_conv");
    long channels = inner + 2 * config.or(1, "n_groups", "mamba_n_groups") * state;
    parameters +=
        (double) hidden * (inner + channels + heads)
            + (double) channels * (kernel + 1)
            + (double) inner * hidden
            + inner
            + 3.0 * heads;
    stateElements += (double) inner * state;
    convElements += (double) channels * (kernel - 1);
  }
}
