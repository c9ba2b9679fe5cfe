package dev.homeward.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.homeward.config.Default;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An open-weight model: what it is made of, and what it can do.
 *
 * @param tier capability tier, with its source
 * @param embedding whether it makes embeddings (prefill only) and not text
 * @param quantizations ids of the quantizations worth offering; the first is the default
 * @param quantizationsSource who says that it is published in them
 * @param publishedIn ids of those that hold the weights as its maker published them: nothing is
 *     lost in them, and a mixture trained in four bits stays of its tier
 * @param publishedGb size of its published file in a weight format, 1e9 bytes, where the file keeps
 *     more of it wide than the format says
 * @param scores published results that its tier rests on
 * @param source where the architecture comes from (a config.json)
 * @param defaultCandidate whether a review tries it unasked
 */
public record LocalModel(
    String id,
    String name,
    Tier tier,
    @Default(sameAs = "source") Source tierSource,
    @Default("false") boolean embedding,
    @JsonUnwrapped Architecture architecture,
    @JsonUnwrapped Abilities abilities,
    List<String> quantizations,
    @Default(sameAs = "source") Source quantizationsSource,
    List<String> publishedIn,
    Map<String, Figure> publishedGb,
    List<Score> scores,
    String licence,
    Source source,
    @JsonProperty("default") @Default("false") boolean defaultCandidate,
    Optional<String> note) {

  public LocalModel {
    quantizations = List.copyOf(quantizations);
    publishedIn = List.copyOf(publishedIn);
    // In order: what was replayed is known again, by another process too, by the text of this
    // record.
    publishedGb = Collections.unmodifiableMap(new TreeMap<>(publishedGb));
    scores = List.copyOf(scores);
  }

  /**
   * The tier that it counts as in a weight format: its own, or the one under it in fewer than
   * {@value Quantization#LEAST_BITS_OF_A_TIER} bits a weight, unless its maker published it so.
   * Empty where there is none under it: it stands in for nothing without an evaluation.
   */
  public Optional<Tier> tierUnder(Quantization quantization) {
    boolean whole =
        publishedIn.contains(quantization.id())
            || quantization.bitsInFiles() >= Quantization.LEAST_BITS_OF_A_TIER;
    return whole ? Optional.of(tier) : tier.below();
  }

  /** What it is known to lose in a weight format: nothing in one that its maker published. */
  public Optional<QualityLoss> lossUnder(Quantization quantization) {
    return publishedIn.contains(quantization.id())
        ? Optional.of(
            new QualityLoss(
                QualityLoss.Measure.SCORE, new Figure(0, source), "the weights as published"))
        : quantization.qualityLoss();
  }

  /** Whether its layers have routed experts. */
  public boolean isMixture() {
    return architecture.forward().experts() > 0;
  }

  /**
   * What a model is made of; the words of its config.json where it has one.
   *
   * @param parameters all parameters but the towers' (memory needs all of them)
   * @param activeParameters parameters used per token; equal to {@code parameters} for dense models
   * @param towerParameters parameters of its vision and audio towers, which every format leaves in
   *     16 bits and no step of text reads
   * @param layers transformer layers
   * @param hidden model width
   * @param vocabulary tokens of the vocabulary
   * @param tiedEmbeddings whether input embedding and output head are one tensor
   * @param recurrence what layers without a growing cache keep of a sequence
   */
  public record Architecture(
      long parameters,
      @Default(sameAs = "parameters") long activeParameters,
      @Default("0") long towerParameters,
      int layers,
      int hidden,
      int vocabulary,
      @JsonProperty("tied") @Default("false") boolean tiedEmbeddings,
      @JsonUnwrapped Attention attention,
      @JsonUnwrapped FeedForward forward,
      @JsonUnwrapped Recurrence recurrence) {}

  /**
   * How its layers attend.
   *
   * @param fullLayers layers with full softmax attention over the whole context, whose KV grows;
   *     fewer than all in hybrids with linear attention
   * @param heads query heads
   * @param kvHeads key-value heads
   * @param headDim dimension of one head
   * @param slidingWindow tokens a sliding-window layer attends to; 0 if none
   * @param slidingWindowLayers layers of {@code fullLayers} that use the sliding window
   * @param kvLoraRank compressed KV width of MLA; 0 if none
   * @param qkRopeDim rotary key width of MLA; 0 if none
   * @param attendedTokens tokens of the context that sparse attention chooses for each query; 0 if
   *     it attends to all
   * @param kvElements elements of the cache of one token over all layers, where these differ in
   *     heads or widths; 0 if it follows from the other figures
   */
  public record Attention(
      @JsonProperty("full-attention-layers") @Default(sameAs = "layers") int fullLayers,
      int heads,
      int kvHeads,
      int headDim,
      @Default("0") int slidingWindow,
      @Default("0") int slidingWindowLayers,
      @Default("0") int kvLoraRank,
      @Default("0") int qkRopeDim,
      @Default("0") int attendedTokens,
      @Default("0") long kvElements) {

    /** Whether keys and values are compressed (multi-head latent attention). */
    public boolean isLatent() {
      return kvLoraRank > 0;
    }
  }

  /**
   * What layers of linear attention or of a state space keep of a sequence, whatever its length.
   * Qwen 3.5 27B: 48 layers x 48 heads x 128 x 128 = 37,748,736 elements of states; 48 layers x
   * 10,240 channels x 3 = 1,474,560 of windows.
   *
   * @param stateElements elements of the recurrent states of all layers
   * @param convElements elements of the windows of all short convolutions: channels x (kernel - 1)
   * @param stateBytes bytes of a state's element where an engine keeps it as the config says
   */
  public record Recurrence(
      @Default("0") long stateElements,
      @Default("0") long convElements,
      @Default("4") int stateBytes) {

    /** Nothing: every layer that mixes tokens has a cache that grows. */
    public static final Recurrence NONE = new Recurrence(0, 0, 4);

    public Recurrence {
      if (stateElements < 0 || convElements < 0 || stateBytes < 1 || stateBytes > 4) {
        throw new IllegalArgumentException(
            "Invalid recurrence: %d elements of states in %d bytes, %d of windows (none negative, 1 to 4 bytes)"
                .formatted(stateElements, stateBytes, convElements));
      }
    }
  }

  /**
   * Its feed-forward, dense or a mixture of experts.
   *
   * @param width width of the dense feed-forward (of one expert in a mixture)
   * @param gated whether it has three matrices (gated) or two
   * @param experts routed experts a layer; 0 for dense
   * @param expertsPerToken routed experts used per token
   * @param sharedExperts experts every token uses
   * @param denseLayers leading layers without experts in a mixture
   * @param denseWidth feed-forward width of those; 0 for dense models
   */
  public record FeedForward(
      @JsonProperty("feed-forward") int width,
      @Default("true") boolean gated,
      @Default("0") int experts,
      @Default("0") int expertsPerToken,
      @Default("0") int sharedExperts,
      @Default("0") int denseLayers,
      @JsonProperty("dense-feed-forward") @Default("0") int denseWidth) {}

  /**
   * What it can do.
   *
   * @param contextWindow tokens the model is made for
   * @param modalities {@code text}, {@code image}, {@code audio}; where nobody has said, text
   * @param tools whether it was trained to call tools
   * @param languages ISO 639-1 codes that its card names; empty if nobody has said
   */
  public record Abilities(
      int contextWindow,
      List<String> modalities,
      @Default("false") boolean tools,
      List<String> languages) {
    public Abilities {
      modalities = modalities.isEmpty() ? List.of("text") : List.copyOf(modalities);
      languages = List.copyOf(languages);
    }
  }
}
