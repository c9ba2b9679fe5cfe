package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * In which weight format a checkpoint is, by the catalog's name: from {@code quantization_config}
 * of the config, or from the {@code hf_quant_config.json} that NVIDIA's ModelOpt writes beside it,
 * which says more of the same checkpoint and goes first.
 *
 * <p>Where parts are in several formats, that of the routed experts counts, or of most layers: it
 * holds nearly all of the weights.
 */
final class ConfigWeights {
  private static final String FP8 = "fp8";
  private static final String NVFP4 = "nvfp4";
  private static final String MXFP4 = "mxfp4";
  private static final String AWQ = "awq-4bit";
  private static final String GPTQ = "gptq-4bit";
  private static final String GROUPS_OF_32 = "awq-4bit-g32";
  private static final int SMALL_GROUP = 32;
  private static final int LARGE_GROUP = 128;

  /** Bits a weight of MLX's formats that the catalog has. */
  private static final Map<Long, String> MLX =
      Map.of(3L, "mlx-3bit", 4L, "mlx-4bit", 5L, "mlx-5bit", 6L, "mlx-6bit", 8L, "mlx-8bit");

  private final boolean mixture;
  private String named = "";
  private String remark = "";

  ConfigWeights(boolean mixture) {
    this.mixture = mixture;
  }

  /** The format that the name of a checkpoint has as a word of its own, as in Qwen3-32B-NVFP4. */
  static Optional<String> ofName(String name) {
    for (String word : name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+")) {
      switch (word) {
        case NVFP4, MXFP4, FP8 -> {
          return Optional.of(word);
        }
        case "awq" -> {
          return Optional.of(AWQ);
        }
        case "gptq" -> {
          return Optional.of(GPTQ);
        }
        default -> {}
      }
    }
    return Optional.empty();
  }

  /** What a format is that the catalog has no name for. */
  String named() {
    return named;
  }

  /** What is not quite as the format's name says; empty where all is. */
  String remark() {
    return remark;
  }

  /** The format that ModelOpt's own file names. */
  Optional<String> ofModelOpt(JsonNode file) {
    return algorithm(file.path("quantization"));
  }

  /** The format that a {@code quantization_config} names. */
  Optional<String> of(JsonNode config) {
    String method = config.path("quant_method").asText("").toLowerCase(Locale.ROOT);
    named = method;
    return switch (method) {
      case "fp8", "fbgemm_fp8", "finegrained_fp8", "mxfp8" ->
          config.path("moe_quant_algo").isTextual()
              ? format(config.path("moe_quant_algo").asText())
              : Optional.of(FP8);
      case "modelopt", "modelopt_fp4", "nvfp4" ->
          config.path("quant_algo").isMissingNode() && !config.path("config_groups").isObject()
              ? format(method)
              : algorithm(config);
      case "compressed-tensors" -> compressed(config);
      case "mxfp4" -> Optional.of(MXFP4);
      case "awq", "awq_marlin" -> integers(bits(config), group(config), AWQ);
      case "gptq", "gptq_marlin" -> integers(bits(config), group(config), GPTQ);
      case "auto-round", "intel/auto-round", "auto_round" ->
          integers(
              bits(config),
              group(config),
              config.path("packing_format").asText().contains("awq") ? AWQ : GPTQ);
      case "bitsandbytes" -> bitsAndBytes(config);
      case "quark" -> quark(config);
      case "" -> mlx(config);
      default -> Optional.empty();
    };
  }

  private static long bits(JsonNode config) {
    return config.path("bits").asLong(config.path("w_bit").asLong(0));
  }

  private static long group(JsonNode config) {
    return config.path("group_size").asLong(config.path("q_group_size").asLong(LARGE_GROUP));
  }

  // Integers of four bits in groups; -1 is one group a row.
  private Optional<String> integers(long bits, long group, String largeGroups) {
    named = "integers of %d bits in groups of %d".formatted(bits, group);
    if (bits != 4) {
      return Optional.empty();
    }
    if (group <= 0 || group >= LARGE_GROUP) {
      return Optional.of(largeGroups);
    }
    if (group != SMALL_GROUP) {
      remark = "groups of %d are weighed as groups of %d".formatted(group, SMALL_GROUP);
    }
    return Optional.of(GROUPS_OF_32);
  }

  // ModelOpt: one algorithm for all, or one for each layer.
  private Optional<String> algorithm(JsonNode of) {
    String algorithm = of.path("quant_algo").asText("");
    named = algorithm;
    if (algorithm.equals("MIXED_PRECISION")) {
      return mostOf(of.path("quantized_layers"));
    }
    if (algorithm.isEmpty()) {
      return compressed(of);
    }
    return format(algorithm);
  }

  private Optional<String> mostOf(JsonNode layers) {
    Map<String, Long> all = new TreeMap<>();
    Map<String, Long> experts = new TreeMap<>();
    layers
        .properties()
        .forEach(
            layer -> {
              String algorithm = layer.getValue().path("quant_algo").asText("");
              all.merge(algorithm, 1L, Long::sum);
              if (layer.getKey().contains("expert") && !layer.getKey().contains("shared")) {
                experts.merge(algorithm, 1L, Long::sum);
              }
            });
    Optional<String> most =
        (experts.isEmpty() ? all : experts)
            .entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    most.ifPresent(algorithm -> named = algorithm);
    return most.flatMap(this::format);
  }

  private Optional<String> format(String algorithm) {
    named = algorithm;
    String word = algorithm.toUpperCase(Locale.ROOT);
    if (word.contains("NVFP4") || word.equals("MODELOPT_FP4") || word.equals("W4A8_NVFP4_FP8")) {
      return Optional.of(NVFP4);
    }
    if (word.contains("MXFP4")) {
      return Optional.of(MXFP4);
    }
    if (word.startsWith("W4A16") || word.startsWith("W4A8") || word.startsWith("INT4")) {
      return Optional.of(word.contains("GPTQ") ? GPTQ : AWQ);
    }
    return word.startsWith("FP8") || word.startsWith("MXFP8") ? Optional.of(FP8) : Optional.empty();
  }

  // Compressed tensors: groups of layers, each with bits, type and size of its groups. The one with
  // the fewest bits holds the experts, or most of the weights.
  private Optional<String> compressed(JsonNode config) {
    JsonNode fewest = null;
    String format = config.path("format").asText("");
    for (JsonNode group : config.path("config_groups")) {
      JsonNode weights = group.path("weights");
      if (weights.isObject()
          && (fewest == null
              || weights.path("num_bits").asLong(99) < fewest.path("num_bits").asLong(99))) {
        fewest = weights;
        format = group.path("format").asText(format);
      }
    }
    if (fewest == null) {
      named = "a quantization without groups of layers";
      return ofPacking(format);
    }
    long bits = fewest.path("num_bits").asLong(0);
    long group = fewest.path("group_size").asLong(-1);
    String type = fewest.path("type").asText("");
    named = "%s of %d bits in groups of %d".formatted(ConfigFields.visible(type), bits, group);
    if (type.equals("float")) {
      if (bits == 8) {
        return Optional.of(FP8);
      }
      boolean shared = group == SMALL_GROUP || format.contains("mxfp4");
      return bits == 4 ? Optional.of(shared ? MXFP4 : NVFP4) : Optional.empty();
    }
    if (mixture && bits == 4 && keepsAttention(config.path("ignore"))) {
      return Optional.of("int4-experts");
    }
    return integers(bits, group, AWQ);
  }

  // Where only the way of packing is named; one for integers says nothing of their bits.
  private static Optional<String> ofPacking(String format) {
    return switch (format) {
      case "mxfp4-pack-quantized" -> Optional.of(MXFP4);
      case "nvfp4-pack-quantized" -> Optional.of(NVFP4);
      case "float-quantized", "naive-quantized" -> Optional.of(FP8);
      default -> Optional.empty();
    };
  }

  private static boolean keepsAttention(JsonNode ignored) {
    for (JsonNode name : ignored) {
      if (name.asText().contains("attn")) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> bitsAndBytes(JsonNode config) {
    boolean four = config.path("load_in_4bit").asBoolean(config.path("_load_in_4bit").asBoolean());
    boolean eight = config.path("load_in_8bit").asBoolean(config.path("_load_in_8bit").asBoolean());
    named = "bitsandbytes";
    if (!four && !eight) {
      return Optional.empty();
    }
    remark = "no engine here is timed with bitsandbytes: a review weighs it on none";
    return Optional.of(four ? "bnb-4bit" : "bnb-8bit");
  }

  private Optional<String> quark(JsonNode config) {
    JsonNode weight = config.path("global_quant_config").path("weight");
    String type = (weight.isArray() ? weight.path(0) : weight).path("dtype").asText("");
    named = "quark " + ConfigFields.visible(type);
    return switch (type) {
      case "fp4" -> Optional.of(MXFP4);
      case "fp8_e4m3" -> Optional.of(FP8);
      default -> Optional.empty();
    };
  }

  // MLX writes bits and groups without a method.
  private Optional<String> mlx(JsonNode config) {
    long bits = bits(config);
    String mode = config.path("mode").asText("affine");
    named = "MLX %s of %d bits".formatted(ConfigFields.visible(mode), bits);
    if (mode.equals("mxfp4")) {
      return Optional.of("mlx-mxfp4");
    }
    return mode.equals("affine") ? Optional.ofNullable(MLX.get(bits)) : Optional.empty();
  }
}
