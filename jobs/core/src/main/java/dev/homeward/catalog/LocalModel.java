package dev.homeward.catalog;

import java.util.List;
import java.util.Optional;

/**
 * An open-weight model: what it is made of, and what it can do.
 *
 * @param tier capability tier, with its source
 * @param embedding whether it makes embeddings (prefill only) and not text
 * @param parameters all parameters, as published (memory needs all of them)
 * @param activeParameters parameters used per token; equal to {@code parameters} for dense models
 * @param layers transformer layers
 * @param fullAttentionLayers layers with full softmax attention over the whole context, whose KV
 *     grows; fewer than {@code layers} in hybrids with linear attention
 * @param slidingWindow tokens a sliding-window layer attends to; 0 if none
 * @param slidingWindowLayers layers of {@code fullAttentionLayers} that use the sliding window
 * @param hidden model width
 * @param heads query heads
 * @param kvHeads key-value heads
 * @param headDim dimension of one head
 * @param feedForward width of the dense feed-forward (of one expert in a MoE)
 * @param gated whether the feed-forward has three matrices (gated) or two
 * @param vocabulary tokens of the vocabulary
 * @param tiedEmbeddings whether input embedding and output head are one tensor
 * @param experts routed experts a layer; 0 for dense
 * @param expertsPerToken routed experts used per token
 * @param sharedExperts experts every token uses
 * @param denseLayers leading layers without experts in a MoE
 * @param denseFeedForward feed-forward width of those; 0 for dense models
 * @param kvLoraRank compressed KV width of MLA; 0 if none
 * @param qkRopeDim rotary key width of MLA; 0 if none
 * @param attendedTokens tokens of the context that sparse attention chooses for each query; 0 if it
 *     attends to all
 * @param contextWindow tokens the model is made for
 * @param modalities {@code text}, {@code image}, {@code audio}
 * @param tools whether it was trained to call tools
 * @param languages ISO 639-1 codes that its card names; empty if nobody has said
 * @param quantizations ids of the quantizations worth offering; the first is the default
 * @param source where the architecture comes from (a config.json)
 * @param defaultCandidate whether a review tries it unasked
 */
public record LocalModel(
    String id,
    String name,
    Tier tier,
    Source tierSource,
    boolean embedding,
    long parameters,
    long activeParameters,
    int layers,
    int fullAttentionLayers,
    int slidingWindow,
    int slidingWindowLayers,
    int hidden,
    int heads,
    int kvHeads,
    int headDim,
    int feedForward,
    boolean gated,
    int vocabulary,
    boolean tiedEmbeddings,
    int experts,
    int expertsPerToken,
    int sharedExperts,
    int denseLayers,
    int denseFeedForward,
    int kvLoraRank,
    int qkRopeDim,
    int attendedTokens,
    int contextWindow,
    List<String> modalities,
    boolean tools,
    List<String> languages,
    List<String> quantizations,
    String licence,
    Source source,
    boolean defaultCandidate,
    Optional<String> note) {}
