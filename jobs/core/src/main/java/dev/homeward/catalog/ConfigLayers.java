package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Of which kind each layer of a model is: how it mixes tokens, and whether its feed-forward has
 * experts. Each family says it in its own way: a list of words or numbers, a pattern of letters, an
 * interval, two lists of places, or not at all.
 */
final class ConfigLayers {
  /** How a layer mixes tokens. */
  enum Mixing {
    FULL,
    /** Attention over the last tokens only. */
    WINDOW,
    /** A state that does not grow: linear attention, state space, short convolution. */
    RECURRENT,
    /** A projection in place of attention. */
    LINEAR,
    NONE
  }

  /** What a layer's feed-forward is. */
  enum Feeding {
    DENSE,
    EXPERTS,
    LINEAR,
    NONE
  }

  private final ConfigFields config;
  private final String family;
  private final int layers;
  private final List<Mixing> mixing = new ArrayList<>();
  private final List<Feeding> feeding = new ArrayList<>();

  ConfigLayers(ConfigFields config, String family, boolean hasExperts) {
    this.config = config;
    this.family = family;
    this.layers = count(config);
    readMixing();
    readFeeding(hasExperts);
  }

  private static int count(ConfigFields config) {
    if (!config.has("num_hidden_layers") && config.isList("layers_block_type")) {
      return config.words("layers_block_type").size();
    }
    long layers = config.required("num_hidden_layers");
    if (layers > ConfigFields.MOST_LAYERS) {
      throw config.refused("num_hidden_layers", "" + layers, "at most " + ConfigFields.MOST_LAYERS);
    }
    return (int) layers;
  }

  int count() {
    return layers;
  }

  Mixing mixing(int layer) {
    return mixing.get(layer);
  }

  Feeding feeding(int layer) {
    return feeding.get(layer);
  }

  int count(Mixing kind) {
    return (int) mixing.stream().filter(m -> m == kind).count();
  }

  int count(Feeding kind) {
    return (int) feeding.stream().filter(f -> f == kind).count();
  }

  /** Layers whose cache grows with the context. */
  int attending() {
    return count(Mixing.FULL) + count(Mixing.WINDOW);
  }

  /** Tokens that a layer with a window attends to; 0 where none has one. */
  long window() {
    long window = config.or(0, "sliding_window", "sliding_window_size", "attention_chunk_size");
    boolean hidesNothing = window >= config.or(Long.MAX_VALUE, "max_position_embeddings");
    return hidesNothing ? 0 : window;
  }

  private void readMixing() {
    List<String> words = words();
    if (!words.isEmpty()) {
      mustCoverAllLayers("layer_types", words.size());
      for (int layer = 0; layer < layers; layer++) {
        mixing.add(mixing(words.get(layer)));
      }
      return;
    }
    if (config.isList("block_configs")) {
      readBlocks();
      return;
    }
    Set<Long> full = new HashSet<>(config.inside("linear_attn_config").counts("full_attn_layers"));
    boolean places = config.inside("linear_attn_config").isObject();
    List<Long> windows = config.counts("hybrid_layer_pattern");
    if (!windows.isEmpty()) {
      mustCoverAllLayers("hybrid_layer_pattern", windows.size());
    }
    List<Long> softmax = config.counts("attn_type_list");
    if (!softmax.isEmpty()) {
      mustCoverAllLayers("attn_type_list", softmax.size());
    }
    for (int layer = 0; layer < layers; layer++) {
      if (places) {
        // Counted from one.
        mixing.add(full.contains(layer + 1L) ? Mixing.FULL : Mixing.RECURRENT);
      } else if (!windows.isEmpty()) {
        mixing.add(windows.get(layer) == 0 ? Mixing.FULL : windowed());
      } else if (!softmax.isEmpty()) {
        mixing.add(softmax.get(layer) == 0 ? Mixing.RECURRENT : Mixing.FULL);
      } else if (family.startsWith("qwen3_5") || family.equals("qwen3_next")) {
        long interval = Math.max(1, config.or(1, "full_attention_interval"));
        mixing.add((layer + 1) % interval == 0 ? Mixing.FULL : Mixing.RECURRENT);
      } else {
        mixing.add(hasWindow(layer) ? windowed() : Mixing.FULL);
      }
    }
  }

  private List<String> words() {
    if (config.isList("layers_block_type")) {
      return config.words("layers_block_type");
    }
    if (!config.word("hybrid_override_pattern").isEmpty()) {
      List<String> letters = new ArrayList<>();
      // A bar is the end of a pipeline's stage, not a layer.
      config
          .word("hybrid_override_pattern")
          .chars()
          .filter(letter -> letter != '|')
          .forEach(letter -> letters.add(String.valueOf((char) letter)));
      return letters;
    }
    return config.words("layer_types");
  }

  private Mixing mixing(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "full_attention", "attention", "global_attention", "*" -> Mixing.FULL;
      case "sliding_attention", "chunked_attention", "local_attention" -> windowed();
      case "linear_attention", "mamba", "mamba2", "m" -> Mixing.RECURRENT;
      case "mlp", "moe", "-", "e" -> Mixing.NONE;
      // All of a window and of compressed keys: their cache is counted apart.
      case "compressed_sparse_attention", "heavily_compressed_attention" -> Mixing.FULL;
      default ->
          throw config.refused(
              "a kind of layer",
              "'%s'".formatted(ConfigFields.visible(word)),
              "known: full_attention, sliding_attention, chunked_attention, linear_attention, mamba, mlp, moe");
    };
  }

  // A window that hides nothing of the longest context is none.
  private Mixing windowed() {
    return window() > 0 ? Mixing.WINDOW : Mixing.FULL;
  }

  private boolean hasWindow(int layer) {
    return switch (family) {
      // Every other layer, the first with a window.
      case "gpt_oss", "gemma2" -> layer % 2 == 0;
      case "gemma3", "gemma4", "exaone4", "olmo3" -> (layer + 1) % pattern() != 0;
      case "llama4" -> hasRotation(layer);
      case "mistral", "ministral", "ministral3", "mixtral", "phi3", "starcoder2" ->
          config.has("sliding_window");
      case "qwen2", "qwen2_moe", "qwen3", "qwen3_moe" ->
          config.flag("use_sliding_window", false) && layer >= config.or(0, "max_window_layers");
      default -> false;
    };
  }

  // Gemma 3 has five layers with a window to one without; a text such as LLLG is a period too.
  private long pattern() {
    String letters = config.word("sliding_window_pattern");
    if (!letters.isEmpty()) {
      return letters.length();
    }
    long otherwise = family.startsWith("gemma") ? 6 : 4;
    return Math.max(1, config.or(otherwise, "sliding_window_pattern", "_sliding_window_pattern"));
  }

  // Llama 4: layers with rotation attend in chunks; those without attend to everything.
  private boolean hasRotation(int layer) {
    List<Long> rotated = config.counts("no_rope_layers");
    if (rotated.size() >= layers) {
      return rotated.get(layer) != 0;
    }
    return (layer + 1) % Math.max(1, config.or(4, "no_rope_layer_interval")) != 0;
  }

  private void readBlocks() {
    List<ConfigFields> blocks = config.objects("block_configs");
    mustCoverAllLayers("block_configs", blocks.size());
    for (int layer = 0; layer < layers; layer++) {
      ConfigFields attention = blocks.get(layer).inside("attention");
      mixing.add(
          attention.flag("no_op", false)
              ? Mixing.NONE
              : attention.flag("replace_with_linear", false) ? Mixing.LINEAR : Mixing.FULL);
      ConfigFields forward = blocks.get(layer).inside("ffn");
      feeding.add(
          forward.flag("no_op", false)
              ? Feeding.NONE
              : forward.flag("replace_with_linear", false) ? Feeding.LINEAR : Feeding.DENSE);
    }
  }

  private void readFeeding(boolean hasExperts) {
    if (!feeding.isEmpty()) {
      return;
    }
    List<String> words = words();
    boolean single = family.equals("nemotron_h");
    for (int layer = 0; layer < layers; layer++) {
      if (single) {
        String word = words.isEmpty() ? "" : words.get(layer).toLowerCase(Locale.ROOT);
        feeding.add(
            word.equals("moe") || word.equals("e")
                ? Feeding.EXPERTS
                : word.equals("mlp") || word.equals("-") ? Feeding.DENSE : Feeding.NONE);
      } else {
        feeding.add(hasExperts && hasExperts(layer) ? Feeding.EXPERTS : Feeding.DENSE);
      }
    }
  }

  private boolean hasExperts(int layer) {
    List<String> kinds = config.words("mlp_layer_types");
    if (kinds.size() >= layers) {
      return !kinds.get(layer).equals("dense");
    }
    if (!config.word("moe_layers_enum").isEmpty()) {
      return places(config.word("moe_layers_enum")).contains(layer);
    }
    List<Long> places = config.counts("moe_layers");
    if (!places.isEmpty()) {
      return places.contains((long) layer);
    }
    if (config.isList("moe_layer_freq")) {
      List<Long> each = config.counts("moe_layer_freq");
      mustCoverAllLayers("moe_layer_freq", each.size());
      return each.get(layer) != 0;
    }
    if (config.has("interleave_moe_layer_step")) {
      return (layer + 1) % Math.max(1, config.or(1, "interleave_moe_layer_step")) == 0;
    }
    if (config.counts("mlp_only_layers").contains((long) layer)) {
      return false;
    }
    long step = Math.max(1, config.or(1, "decoder_sparse_step"));
    long dense = config.or(0, "first_k_dense_replace", "num_dense_layers");
    long every = Math.max(1, config.or(1, "moe_layer_freq"));
    return layer >= dense && (layer + 1) % step == 0 && layer % every == 0;
  }

  // "3,4,5": places counted from zero.
  private Set<Integer> places(String text) {
    Set<Integer> places = new HashSet<>();
    for (String place : text.split(",", -1)) {
      try {
        places.add(Integer.valueOf(place.strip()));
      } catch (NumberFormatException e) {
        throw config.refused(
            "moe_layers_enum",
            "'%s'".formatted(ConfigFields.visible(text)),
            "must be whole numbers with commas between them");
      }
    }
    return places;
  }

  // Lists may go on with the layers that draft ahead.
  private void mustCoverAllLayers(String name, int size) {
    if (size < layers) {
      throw config.refused(
          name, "a list of " + size, "must have one for each of %d layers".formatted(layers));
    }
  }

  /** An object of a layer's own, where the config has one for each. */
  ConfigFields block(int layer) {
    return config.objects("block_configs").get(layer);
  }

  /** Whether a node is a list with an element for each layer. */
  boolean isForEachLayer(JsonNode list) {
    return list.isArray() && list.size() >= layers;
  }
}
