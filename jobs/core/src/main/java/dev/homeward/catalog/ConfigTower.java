package dev.homeward.catalog;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The vision tower of a model: its layers, the embedding of patches and places, and what brings
 * them to the text's width. A kind that is not known is counted by its layers alone, or not at all;
 * {@link #remark} says so.
 */
final class ConfigTower {
  private static final long COLOURS = 3;

  private final ConfigFields vision;
  private final String type;
  private final long textWidth;
  private String remark = "";

  /**
   * @param vision the object {@code vision_config}
   * @param family of the whole model
   * @param textWidth width of its text part
   */
  ConfigTower(ConfigFields vision, String family, long textWidth) {
    this.vision = vision;
    this.textWidth = textWidth;
    String own = vision.word("model_type");
    this.type = own.isEmpty() || own.equals(family) ? family : own;
  }

  /** What was not counted; empty where all was. */
  String remark() {
    return remark;
  }

  /** Parameters; empty where the fields say too little. */
  OptionalDouble parameters() {
    return switch (ConfigFamilies.of(type)) {
      case "qwen3_5", "qwen3_5_moe", "qwen3_vl", "qwen3_vl_moe" -> OptionalDouble.of(qwen3());
      case "qwen2_5_vl" -> OptionalDouble.of(qwen25());
      case "siglip_vision_model", "gemma3" -> OptionalDouble.of(siglip());
      case "llama4_vision_model", "llama4" -> OptionalDouble.of(llama4());
      case "pixtral" -> OptionalDouble.of(pixtral());
      case "kimi_k25", "kimi_vl", "moonvit" -> OptionalDouble.of(moonVit());
      case "gemma4", "gemma4_vision" -> OptionalDouble.of(gemma4());
      default -> layersAlone();
    };
  }

  private static double layer(double width, double forward, double matrices) {
    return 4 * width * width + matrices * width * forward;
  }

  // Layers with two matrices of feed-forward, the embedding of patches and places, and the merger
  // that puts several patches together and brings them to the text's width: one more for each
  // layer whose output goes into the text's layers too.
  private double qwen3() {
    double width = vision.required("hidden_size");
    double patch = vision.required("patch_size");
    double merge = vision.or(2, "spatial_merge_size");
    double merged = width * merge * merge;
    double merger = merged * (merged + vision.or(textWidth, "out_hidden_size"));
    boolean deep = type.startsWith("qwen3_vl");
    List<Long> places = vision.counts("deepstack_visual_indexes");
    int mergers = 1 + (vision.isList("deepstack_visual_indexes") ? places.size() : deep ? 3 : 0);
    return vision.required("depth") * layer(width, (double) vision.required("intermediate_size"), 2)
        + width * COLOURS * vision.or(2, "temporal_patch_size") * patch * patch
        + width * vision.or(2304, "num_position_embeddings")
        + mergers * merger;
  }

  private double qwen25() {
    double width = vision.required("hidden_size");
    double patch = vision.required("patch_size");
    double merge = vision.or(2, "spatial_merge_size");
    double merged = width * merge * merge;
    return vision.required("depth") * layer(width, (double) vision.required("intermediate_size"), 3)
        + width * COLOURS * vision.or(2, "temporal_patch_size") * patch * patch
        + merged * (merged + vision.or(textWidth, "out_hidden_size"));
  }

  private double siglip() {
    double width = vision.required("hidden_size");
    return vision.required("num_hidden_layers")
            * layer(width, (double) vision.required("intermediate_size"), 2)
        + patches(width)
        + places() * width
        + width * textWidth;
  }

  private double llama4() {
    double width = vision.required("hidden_size");
    double forward = vision.required("intermediate_size");
    double inner = vision.or(4096, "projector_input_dim");
    double out = vision.or(4096, "projector_output_dim");
    return vision.required("num_hidden_layers") * layer(width, forward, 2)
        + patches(width)
        + (places() + 1) * width
        + forward * inner
        + inner * out
        + out * textWidth;
  }

  private double pixtral() {
    double width = vision.required("hidden_size");
    double merge = 2;
    return vision.required("num_hidden_layers")
            * layer(width, (double) vision.required("intermediate_size"), 3)
        + patches(width)
        + merge * merge * width * width
        + width * textWidth
        + (double) textWidth * textWidth;
  }

  private double moonVit() {
    double width = vision.required("vt_hidden_size", "hidden_size");
    double merged = 4 * width;
    return vision.required("vt_num_hidden_layers", "num_hidden_layers")
            * layer(width, (double) vision.required("vt_intermediate_size", "intermediate_size"), 2)
        + patches(width)
        + (double) vision.or(64, "init_pos_emb_height")
            * vision.or(64, "init_pos_emb_width")
            * width
        + merged * (merged + textWidth);
  }

  private double gemma4() {
    double width = vision.required("hidden_size");
    return vision.or(width >= 1152 ? 27 : 16, "num_hidden_layers")
            * layer(width, (double) vision.or(width >= 1152 ? 4304 : 3072, "intermediate_size"), 3)
        + patches(width)
        + width * textWidth;
  }

  private OptionalDouble layersAlone() {
    long layers = vision.or(0, "num_hidden_layers", "depth", "num_layers", "layers");
    long width = vision.or(0, "hidden_size", "embed_dim", "width");
    long forward =
        vision.or((long) (width * vision.share("mlp_ratio", 4)), "intermediate_size", "mlp_dim");
    if (layers == 0 || width == 0 || forward == 0) {
      remark = "its vision tower is not counted: nothing here says how large it is";
      return OptionalDouble.empty();
    }
    remark = "its vision tower is counted by its layers alone, without patches and projector";
    return OptionalDouble.of(layers * layer((double) width, (double) forward, 2));
  }

  private double patches(double width) {
    double patch = vision.or(14, "patch_size");
    return COLOURS * patch * patch * width;
  }

  private double places() {
    double along = Math.floor((double) vision.or(224, "image_size") / vision.or(14, "patch_size"));
    return along * along;
  }
}
