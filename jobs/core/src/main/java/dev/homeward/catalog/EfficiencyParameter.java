package dev.homeward.catalog;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of the step-time model (docs/method.md, "Serving model"), by their keys in {@code
 * efficiencies.yaml}. Shares are of the chip's peak, times are microseconds or nanoseconds, as the
 * key says.
 */
public enum EfficiencyParameter {
  /** Share of peak bandwidth when streaming weights in a format the arithmetic takes as it is. */
  WEIGHT("weight", 0.05, 1.0),
  /** The same for weights that are unpacked on the way (GGUF, AWQ, GPTQ). */
  WEIGHT_PACKED("weight-packed", 0.05, 1.0),
  /** The same for the routed experts of a mixture. */
  EXPERT("expert", 0.05, 1.5),
  /** The same where kernels unpack the experts' weights on the way; without it {@link #EXPERT}. */
  EXPERT_PACKED("expert-packed", 0.05, 1.5),
  /** Bytes that a multiprocessor asks of memory in a cycle at most; without it, any number. */
  SM_BYTES("sm-bytes", 0.5, 200),
  /** The same in a pass over one token, and in reading the KV cache. */
  SM_BYTES_SINGLE("sm-bytes-single", 0.5, 200),
  /** Share of peak bandwidth when packed weights are written out in FP16 before the products. */
  UNPACK("unpack", 0.05, 1.5),
  /** Share of peak bandwidth when reading the KV cache. */
  KV("kv", 0.02, 1.5),
  /**
   * Slots, unified buffer: the same in a pass over one token, whose attention has a kernel of its
   * own, no operations counted; without it one token attends as several do.
   */
  KV_SINGLE("kv-single", 0.005, 1.5),
  /** Share of peak FP16 rate in large matrix products. */
  COMPUTE("compute", 0.01, 1.3),
  /** Share of peak FP8 (or INT8) rate in large matrix products. */
  COMPUTE_FP8("compute-fp8", 0.01, 1.0),
  /** Share of peak FP4 rate in large matrix products. */
  COMPUTE_FP4("compute-fp4", 0.01, 1.0),
  /** Share of peak FP16 rate in matrix products with weights that are unpacked on the way. */
  COMPUTE_PACKED("compute-packed", 0.01, 1.3),
  /** Factor on the compute share in the grouped products of routed experts. */
  EXPERT_COMPUTE("expert-compute", 0.05, 1.5),
  /** Share of peak FP16 rate in prefill attention. */
  ATTENTION("attention", 0.01, 1.0),
  /**
   * Bytes that attention without fused kernels moves for each query, key and head of a prefill;
   * without it kernels are fused and nothing is written out.
   */
  SCORE_BYTES("score-bytes", 0.1, 200),
  /**
   * Rows of attention that a decoding sequence takes in a step that holds prompt tokens too:
   * FlashAttention 2 puts the heads of a group together in steps of decoding alone. Without it none
   * but the context's reading.
   */
  MIXED_TILE("mixed-tile", 0, 256),
  /** Exponent of the p-norm that joins the memory- and the compute-bound time. */
  KNEE("knee", 1.0, 10.0),
  /** Factor on the bytes of activations that a token reads and writes between products. */
  ACTIVATION("activation", 0, 5.0),
  /** Fixed time a layer and step. */
  LAYER_US("layer-us", 0, 2000),
  /** Further fixed time a layer whose products of packed weights run in matrix kernels. */
  LAYER_PACKED_US("layer-packed-us", 0, 2000),
  /** Further fixed time a layer with experts: routing, sorting, combining. */
  EXPERT_LAYER_US("expert-layer-us", 0, 2000),
  /** The same where fused kernels compute the experts; without it {@link #EXPERT_LAYER_US}. */
  EXPERT_LAYER_FUSED_US("expert-layer-fused-us", 0, 2000),
  /** Time of each expert that a pass touches, where they are launched one after the other. */
  EXPERT_US("expert-us", 0, 1000),
  /** Further fixed time a layer with compressed KV (MLA): more and smaller products. */
  LATENT_LAYER_US("latent-layer-us", 0, 2000),
  /** Time the host needs to launch a layer of a step too large for a recorded graph. */
  EAGER_LAYER_US("eager-layer-us", 0, 2000),
  /** Time a sequence and step on the accelerator's side. */
  SEQUENCE_US("sequence-us", 0, 10_000),
  /** Fixed time a step. */
  STEP_US("step-us", 0, 50_000),
  /** Fixed time a call outside the steps: HTTP, tokenizer. */
  CALL_US("call-us", 0, 1_000_000),
  /** Fixed time of one all-reduce. */
  ALL_REDUCE_US("all-reduce-us", 0, 1000),
  /** Share of link bandwidth in large all-reduces. */
  LINK("link", 0.01, 1.5),
  /** Slots: {@link #ATTENTION} in passes of up to 64 tokens, one tile of queries. */
  ATTENTION_NARROW("attention-narrow", 0.01, 1.0),
  /** Slots: sampling and streaming on the host, a token, where several slots put one out. */
  SAMPLE_US("sample-us", 0, 10_000),
  /** Slots: the same where one slot does. */
  SAMPLE_SINGLE_US("sample-single-us", 0, 10_000),
  /**
   * Slots: sampling of a token takes so much longer for every slot that samples, that one included;
   * in place of {@link #SAMPLE_SINGLE_US}.
   */
  SAMPLE_SLOT_US("sample-slot-us", 0, 500),
  /** Slots: time the host needs to prepare a pass, beside its mask of attention. */
  HOST_PASS_US("host-pass-us", 0, 50_000),
  /** Slots: the same a layer of the model, in place of {@link #HOST_PASS_US}. */
  HOST_LAYER_US("host-layer-us", 0, 1000),
  /** Slots: nanoseconds the host needs for a cell and a token of a pass's mask of attention. */
  HOST_MASK_NS("host-mask-ns", 0, 1000),
  /**
   * Slots: nanoseconds for a word of the vocabulary and a sequence that may run, busy or not,
   * before every iteration: the buffer of logits is cleared.
   */
  HOST_CLEAR_NS("host-clear-ns", 0, 10),
  /** Slots: fixed time a layer of a pass over one token, which runs as a recorded graph. */
  LAYER_SINGLE_US("layer-single-us", 0, 2000),
  /** Slots: {@link #WEIGHT} in a pass over one token. */
  WEIGHT_SINGLE("weight-single", 0.05, 1.3),
  /** Slots: {@link #WEIGHT_PACKED} in a pass over one token. */
  WEIGHT_PACKED_SINGLE("weight-packed-single", 0.05, 1.3),
  /** Share of the FP32 rate of the vector kernels for packed weights and 2 to 8 tokens. */
  VECTOR_COMPUTE("vector-compute", 0.0005, 1.3),
  /**
   * Exponent of the p-norm that joins reading and computing in those kernels: without it one
   * follows the other, a large one is their maximum.
   */
  VECTOR_KNEE("vector-knee", 1, 100),
  /** {@link #VECTOR_COMPUTE} for one token; without it memory alone sets the time. */
  VECTOR_COMPUTE_SINGLE("vector-compute-single", 0.0005, 1.3);

  private final String key;
  private final double least;
  private final double most;

  EfficiencyParameter(String key, double least, double most) {
    this.key = key;
    this.least = least;
    this.most = most;
  }

  private static final Set<EfficiencyParameter> MAY_BE_LEFT_OUT =
      EnumSet.of(
          SM_BYTES,
          SM_BYTES_SINGLE,
          UNPACK,
          SCORE_BYTES,
          KV_SINGLE,
          LAYER_PACKED_US,
          EXPERT_US,
          EXPERT_PACKED,
          EXPERT_LAYER_FUSED_US,
          MIXED_TILE,
          ATTENTION_NARROW,
          SAMPLE_SLOT_US,
          HOST_LAYER_US,
          HOST_MASK_NS,
          HOST_CLEAR_NS,
          VECTOR_KNEE,
          VECTOR_COMPUTE_SINGLE);

  /** Whether a set without it says that what it stands for does not happen. */
  public boolean mayBeLeftOut() {
    return MAY_BE_LEFT_OUT.contains(this);
  }

  /** The parameter that a set with this one does without; a set needs one of the two. */
  public Optional<EfficiencyParameter> inPlaceOf() {
    return switch (this) {
      case SAMPLE_SLOT_US -> Optional.of(SAMPLE_SINGLE_US);
      case HOST_LAYER_US -> Optional.of(HOST_PASS_US);
      default -> Optional.empty();
    };
  }

  /** Its name in files. */
  public String key() {
    return key;
  }

  /** The smallest value that makes sense. */
  public double least() {
    return least;
  }

  /** The largest value that makes sense. */
  public double most() {
    return most;
  }
}
