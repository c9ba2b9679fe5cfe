package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Documents;
import dev.homeward.units.InvalidInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Reads the architecture of a model from its Hugging Face {@code config.json} and writes it as an
 * entry for a hardware file of one's own. Parameters are counted from the architecture, as makers
 * count them: what mixes tokens, feed-forward and norms of each layer, input embedding and output
 * head; apart from these the vision tower. Layers that draft ahead are left out: no engine loads
 * them unasked.
 *
 * <p>Qwen 3.5 27B: 16 layers of attention x 104,857,600 + 48 delta nets x 115,875,840 + 64 x 3 x
 * 5,120 x 17,408 + 2 x 248,320 x 5,120 = 26,895,319,040, and 0.7 million of norms.
 *
 * <p>The weight format is what {@code quantization_config} says, or {@code hf_quant_config.json}
 * beside the file. Which families are known stands in {@link ConfigFamilies}; what a config holds
 * beside that, it is not asked.
 */
public final class HuggingFaceConfig {
  /** More parameters than any model has: the figures of such a file contradict each other. */
  private static final double MOST_PARAMETERS = 1e15;

  private static final List<String> TEXT_PARTS =
      List.of("text_config", "llm_config", "language_config", "thinker_config");

  private static final List<String> QUANTIZATIONS =
      List.of("quantization_config", "compression_config", "quantization");

  private final Path file;
  private final ConfigFields whole;
  private final ConfigFields config;
  private final String family;
  private final List<String> remarks = new ArrayList<>();

  private HuggingFaceConfig(Path file, JsonNode node) {
    this.file = file;
    this.whole = new ConfigFields(file, node, "", Map.of());
    ConfigFields text = textPart(whole);
    this.family = family(text);
    this.config = text.withDefaults(ConfigFamilies.defaults(family));
  }

  /**
   * An entry for a hardware file.
   *
   * @param yaml the model, ready for {@code --hardware}
   * @param remarks what the file does not say, or the catalog's words do not; also in its note
   */
  public record Imported(String yaml, List<String> remarks) {
    public Imported {
      remarks = List.copyOf(remarks);
    }
  }

  /**
   * The model as YAML.
   *
   * @param tier capability tier, which a config.json does not say
   * @param date the day it was read, ISO-8601
   * @param quantizations weight formats to offer, by the catalog's ids; empty for what the file
   *     says
   * @throws InvalidInput naming the file and the field that is missing or not known
   */
  public static Imported read(
      Path file, String id, Tier tier, String date, List<String> quantizations) {
    return new HuggingFaceConfig(file, Documents.readPythonJson(file))
        .entry(id, tier, date, quantizations);
  }

  // Models with vision keep the text part one level down, or two.
  private static ConfigFields textPart(ConfigFields whole) {
    for (String name : TEXT_PARTS) {
      ConfigFields inside = whole.inside(name);
      if (inside.isObject()) {
        return textPart(inside);
      }
    }
    return whole;
  }

  private String family(ConfigFields text) {
    String own = ConfigFamilies.of(text.word("model_type"));
    String outer = ConfigFamilies.of(whole.word("model_type"));
    if (ConfigFamilies.isKnown(own)) {
      return own;
    }
    if (ConfigFamilies.isKnown(outer)) {
      return outer;
    }
    String named = own.isEmpty() ? whole.word("model_type") : text.word("model_type");
    throw new InvalidInput(
        "Cannot import %s: unknown model_type '%s' (known: %s)"
            .formatted(
                file, ConfigFields.visible(named), String.join(", ", ConfigFamilies.known())));
  }

  private Imported entry(String id, Tier tier, String date, List<String> quantizations) {
    boolean encoder = ConfigFamilies.ENCODERS.contains(family);
    ConfigLayers layers =
        new ConfigLayers(config, family, ConfigFeeding.experts(config, family) > 0);
    ConfigMixing mixing = new ConfigMixing(config, family, layers);
    ConfigFeeding feeding = new ConfigFeeding(config, family, layers);
    boolean mixture = feeding.experts() > 0;
    boolean tied = encoder || isTied();
    double parameters =
        encoder
            ? encoderParameters(layers, mixing, feeding)
            : mixing.parameters() + feeding.parameters() + rest(layers, tied);
    if (!(parameters < MOST_PARAMETERS)) {
      throw new InvalidInput(
          "Cannot import %s: its figures make %.3g parameters (more than any model has)"
              .formatted(file, parameters));
    }
    List<String> fields =
        new ArrayList<>(List.of("id: " + id, "name: " + quoted(id), "tier: " + tier.word()));
    if (encoder) {
      fields.add("embedding: true");
    }
    if (!mixture && !feeding.isGated()) {
      fields.add("gated: false");
    }
    fields.add("parameters: " + Math.round(parameters));
    if (mixture) {
      fields.add("active-parameters: " + Math.round(parameters - feeding.unused()));
    }
    addTower(fields);
    addLayers(fields, layers, mixing);
    addAttention(fields, layers, mixing);
    addFeedForward(fields, feeding);
    fields.add("vocabulary: " + config.required("vocab_size"));
    if (tied) {
      fields.add("tied: true");
    }
    fields.add("context-window: " + contextWindow());
    fields.add(
        "quantizations: ["
            + String.join(", ", quantizations.isEmpty() ? formats(encoder, mixture) : quantizations)
            + "]");
    fields.add("licence: \"see the model's card\"");
    fields.add(
        "source: { kind: published, reference: %s, date: %s }"
            .formatted(quoted(String.valueOf(file.getFileName())), quoted(date)));
    if (!remarks.isEmpty()) {
      fields.add("note: " + quoted(String.join("; ", remarks)));
    }
    return new Imported("models:\n  - { " + String.join(", ", fields) + " }\n", remarks);
  }

  private void addLayers(List<String> fields, ConfigLayers layers, ConfigMixing mixing) {
    fields.add("layers: " + layers.count());
    if (layers.attending() != layers.count()) {
      if (layers.attending() == 0) {
        throw config.refused("a layer that attends", "missing", "at least one must");
      }
      fields.add("full-attention-layers: " + layers.attending());
    }
    if (mixing.stateElements() > 0) {
      fields.add("state-elements: " + mixing.stateElements());
      fields.add("conv-elements: " + mixing.convElements());
      if (mixing.stateBytes() != 4) {
        fields.add("state-bytes: " + mixing.stateBytes());
      }
    }
    int windows = layers.count(ConfigLayers.Mixing.WINDOW);
    if (family.equals(ConfigFamilies.COMPRESSED)) {
      remarks.add("the windows of its layers, which do not grow, are not counted");
    } else if (windows > 0) {
      fields.add("sliding-window: " + layers.window());
      fields.add("sliding-window-layers: " + windows);
    }
    fields.add("hidden: " + config.required("hidden_size"));
  }

  private void addAttention(List<String> fields, ConfigLayers layers, ConfigMixing mixing) {
    fields.add("heads: " + mixing.heads());
    fields.add("kv-heads: " + mixing.keyValueHeads());
    fields.add("head-dim: " + mixing.headWidth());
    long plain = 2L * layers.attending() * mixing.keyValueHeads() * mixing.headWidth();
    if (mixing.isLatent()) {
      fields.add("kv-lora-rank: " + config.required("kv_lora_rank"));
      fields.add("qk-rope-dim: " + config.required("qk_rope_head_dim"));
    } else if (mixing.kvElements() != plain) {
      fields.add("kv-elements: " + mixing.kvElements());
    }
    if (mixing.chosenTokens() > 0) {
      fields.add("attended-tokens: " + mixing.chosenTokens());
    }
  }

  private void addFeedForward(List<String> fields, ConfigFeeding feeding) {
    if (feeding.experts() == 0) {
      fields.add("feed-forward: " + Math.max(1, feeding.denseWidth()));
      return;
    }
    fields.add("feed-forward: " + feeding.expertWidth());
    fields.add("experts: " + feeding.experts());
    fields.add("experts-per-token: " + feeding.expertsPerToken());
    fields.add("shared-experts: " + feeding.sharedExperts());
    if (feeding.denseLayers() > 0) {
      fields.add("dense-layers: " + feeding.denseLayers());
      if (feeding.denseWidth() > 0) {
        fields.add("dense-feed-forward: " + feeding.denseWidth());
      }
    }
    if (!feeding.remark().isEmpty()) {
      remarks.add(feeding.remark());
    }
  }

  private void addTower(List<String> fields) {
    List<String> modalities = new ArrayList<>(List.of("text"));
    ConfigFields vision = whole.inside("vision_config");
    if (vision.isObject()) {
      ConfigTower tower =
          new ConfigTower(
              vision, ConfigFamilies.of(whole.word("model_type")), config.required("hidden_size"));
      OptionalDouble parameters = tower.parameters();
      if (parameters.isPresent()) {
        fields.add("tower-parameters: " + Math.round(parameters.getAsDouble()));
      }
      if (!tower.remark().isEmpty()) {
        remarks.add(tower.remark());
      }
      modalities.add("image");
    }
    if (whole.inside("audio_config").isObject()) {
      remarks.add("its audio tower is not counted");
      modalities.add("audio");
    }
    if (modalities.size() > 1) {
      fields.add("modalities: [" + String.join(", ", modalities) + "]");
    }
  }

  private long contextWindow() {
    return config.required(
        "max_position_embeddings",
        "model_max_length",
        "max_sequence_length",
        "max_seq_len",
        "seq_length",
        "n_positions");
  }

  // The outer word holds for the text part: libraries read it there.
  private boolean isTied() {
    boolean otherwise = family.startsWith("gemma") || family.equals("starcoder2");
    return whole.flag("tie_word_embeddings", config.flag("tie_word_embeddings", otherwise));
  }

  // Norms, embeddings, and Gemma's small embeddings of each layer.
  private double rest(ConfigLayers layers, boolean tied) {
    double hidden = config.required("hidden_size");
    int norms =
        switch (family) {
          case "nemotron_h" -> 1;
          case "gemma2", "gemma3", "gemma4", "glm4" -> 4;
          default -> 2;
        };
    double embeddings = (tied ? 1.0 : 2.0) * config.required("vocab_size") * hidden;
    double ofLayers = config.or(0, "hidden_size_per_layer_input");
    if (ofLayers > 0) {
      embeddings +=
          layers.count()
              * ofLayers
              * (config.or(config.required("vocab_size"), "vocab_size_per_layer_input")
                  + 3 * hidden);
      remarks.add("the embeddings of single layers are counted as read whole in every step");
    }
    return embeddings + (norms * layers.count() + 1) * hidden;
  }

  // BERT: two matrices of feed-forward, biases everywhere, places, two types and a pooler.
  private double encoderParameters(
      ConfigLayers layers, ConfigMixing mixing, ConfigFeeding feeding) {
    double hidden = config.required("hidden_size");
    double perLayer = 4 * hidden + config.required("intermediate_size") + hidden + 4 * hidden;
    return mixing.parameters()
        + feeding.parameters()
        + layers.count() * perLayer
        + (config.required("vocab_size")
                + config.required("max_position_embeddings")
                + config.or(2, "type_vocab_size")
                + 2)
            * hidden
        + hidden * hidden
        + hidden;
  }

  private List<String> formats(boolean encoder, boolean mixture) {
    ConfigWeights weights = new ConfigWeights(mixture);
    Optional<JsonNode> beside = besideFile();
    Optional<JsonNode> inside = quantization();
    if (beside.isEmpty() && config.word("expert_dtype").equals("fp4")) {
      return List.of("mxfp4");
    }
    if (beside.isEmpty() && inside.isEmpty()) {
      if (encoder) {
        return List.of("fp16");
      }
      Optional<String> named = ConfigWeights.ofName(nameOfCheckpoint());
      if (named.isPresent()) {
        remarks.add("the weight format is taken from the name of the file or folder");
        return List.of(named.get());
      }
      remarks.add(
          "nothing here names a weight format, so quantizations are the usual ones: leave those that are published");
      return List.of("fp8", "fp16", "q8_0", "q4_k_m");
    }
    String where = beside.isPresent() ? "hf_quant_config.json beside it" : "quantization_config";
    Optional<String> format =
        beside.isPresent() ? weights.ofModelOpt(beside.get()) : weights.of(inside.get());
    if (!weights.remark().isEmpty()) {
      remarks.add(weights.remark());
    }
    return List.of(
        format.orElseThrow(
            () ->
                new InvalidInput(
                    "Cannot import %s: %s says %s (no weight format of the catalog)\nMaybe say in which to weigh it: --quantization ID (homeward catalog lists them)"
                        .formatted(file, where, ConfigFields.visible(weights.named())))));
  }

  private Optional<JsonNode> quantization() {
    for (ConfigFields part : List.of(whole, config)) {
      for (String name : QUANTIZATIONS) {
        if (part.inside(name).isObject()) {
          return Optional.of(part.inside(name).node());
        }
      }
    }
    return Optional.empty();
  }

  // hf_quant_config.json, or NAME_hf_quant_config.json beside NAME_config.json.
  private Optional<JsonNode> besideFile() {
    String name = String.valueOf(file.getFileName());
    String prefix =
        name.endsWith("config.json")
            ? name.substring(0, name.length() - "config.json".length())
            : "";
    for (String other : List.of(prefix + "hf_quant_config.json", "hf_quant_config.json")) {
      Path beside = file.resolveSibling(other);
      if (Files.isRegularFile(beside)) {
        JsonNode found = Documents.readPythonJson(beside);
        if (found.path("quantization").isObject()) {
          return Optional.of(found);
        }
      }
    }
    return Optional.empty();
  }

  // A config.json alone has the name of its folder.
  private String nameOfCheckpoint() {
    String name = String.valueOf(file.getFileName());
    Path folder = file.toAbsolutePath().getParent();
    return name.equals("config.json") && folder != null
        ? String.valueOf(folder.getFileName())
        : name;
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
