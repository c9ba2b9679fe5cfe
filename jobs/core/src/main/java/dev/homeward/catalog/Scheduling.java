package dev.homeward.catalog;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an engine puts calls together into steps, with what it is set to. Each way is a record here.
 *
 * <p>What serving and replay ask of any way is a method; where a way needs code of its own (the
 * replica that replays it, its twin in the tests) they go by {@link #match}. There is no default
 * answer: a new way compiles only when all of them are given.
 *
 * <p>In engines.yaml it stands under {@code scheduling}; the keys beside {@code scheduler} are
 * those of its record:
 *
 * <pre>
 * scheduling: { scheduler: continuous-batching, block-tokens: 16 }
 * scheduling: { scheduler: slots, kv: streams }
 * scheduling: { scheduler: keep-alive-slots, keep-alive-s: 300, init-s: 2, max-queue: 512 }
 * </pre>
 */
public sealed interface Scheduling {

  /** Its word in engines.yaml. */
  Scheduler scheduler();

  /** Tokens of a block of the KV cache, a power of two; 1 where single tokens are taken. */
  int blockTokens();

  /** How the KV cache is divided among sequences. */
  KvDivision kvDivision();

  /** Where the KV cache lies, which decides what a pass reads of it. */
  KvBuffer kvBuffer();

  /** The kernels its steps run. */
  Kernels kernels();

  /** How a model is laid over the accelerators of a replica. */
  ModelSplit split();

  /** In which steps prompts are computed. */
  PromptSteps promptSteps();

  /** Whether it can check drafted tokens (speculative decoding). */
  boolean checksDrafts();

  /** When it unloads an idle model; empty if never. */
  Optional<KeepAlive> keepAlive();

  /** Calls that may wait; one more is refused with HTTP 503. Empty without a bound. */
  OptionalInt maxQueue();

  /** The answer for this way. */
  <T> T match(Cases<T> cases);

  /** An answer for each way. */
  interface Cases<T> {
    T continuousBatching(ContinuousBatching scheduling);

    T prefillFirst(PrefillFirst scheduling);

    T smallBatch(SmallBatch scheduling);

    T slots(Slots scheduling);

    T keepAliveSlots(KeepAliveSlots scheduling);
  }

  /** Sequences take blocks of a paged KV cache as they grow; a batch of them makes a step. */
  sealed interface Paged extends Scheduling {
    /** What must be free before a waiting call joins the batch. */
    KvReservation reservation();

    @Override
    default KvDivision kvDivision() {
      return KvDivision.POOL;
    }

    @Override
    default KvBuffer kvBuffer() {
      return KvBuffer.PAGED;
    }

    @Override
    default Kernels kernels() {
      return Kernels.GRAPHED;
    }

    @Override
    default ModelSplit split() {
      return ModelSplit.TENSOR;
    }

    @Override
    default boolean checksDrafts() {
      return true;
    }

    @Override
    default Optional<KeepAlive> keepAlive() {
      return Optional.empty();
    }

    @Override
    default OptionalInt maxQueue() {
      return OptionalInt.empty();
    }
  }

  /** A fixed number of sequences over one KV buffer, pass by pass, as llama.cpp has it. */
  sealed interface InSlots extends Scheduling {
    @Override
    default int blockTokens() {
      return 1;
    }

    @Override
    default KvDivision kvDivision() {
      return KvDivision.EVEN;
    }

    @Override
    default Kernels kernels() {
      return Kernels.BY_TOKENS;
    }

    @Override
    default ModelSplit split() {
      return ModelSplit.LAYERS;
    }

    @Override
    default PromptSteps promptSteps() {
      return PromptSteps.MIXED;
    }

    @Override
    default boolean checksDrafts() {
      return false;
    }
  }

  /** One token budget a step, running first, prompts cut to what is left (vLLM, TensorRT-LLM). */
  record ContinuousBatching(int blockTokens, KvReservation reservation) implements Paged {
    public ContinuousBatching {
      checkBlock(blockTokens);
    }

    @Override
    public Scheduler scheduler() {
      return Scheduler.CONTINUOUS_BATCHING;
    }

    @Override
    public PromptSteps promptSteps() {
      return PromptSteps.MIXED;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.continuousBatching(this);
    }
  }

  /** Prompts in steps of their own, before decoding goes on (SGLang). */
  record PrefillFirst(int blockTokens, KvReservation reservation) implements Paged {
    public PrefillFirst {
      checkBlock(blockTokens);
    }

    @Override
    public Scheduler scheduler() {
      return Scheduler.PREFILL_FIRST;
    }

    @Override
    public PromptSteps promptSteps() {
      return PromptSteps.ALONE;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.prefillFirst(this);
    }
  }

  /** Prompts one by one in steps of their own, a small batch of decoding sequences (MLX). */
  record SmallBatch(int blockTokens, KvReservation reservation) implements Paged {
    public SmallBatch {
      checkBlock(blockTokens);
    }

    @Override
    public Scheduler scheduler() {
      return Scheduler.SMALL_BATCH;
    }

    @Override
    public Kernels kernels() {
      return Kernels.BY_TOKENS;
    }

    @Override
    public PromptSteps promptSteps() {
      return PromptSteps.ONE_ALONE;
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.smallBatch(this);
    }
  }

  /** Slots that are always there, first in first out (llama.cpp server). */
  record Slots(KvBuffer kvBuffer) implements InSlots {
    public Slots {
      checkSlots(kvBuffer);
    }

    @Override
    public Scheduler scheduler() {
      return Scheduler.SLOTS;
    }

    @Override
    public Optional<KeepAlive> keepAlive() {
      return Optional.empty();
    }

    @Override
    public OptionalInt maxQueue() {
      return OptionalInt.empty();
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.slots(this);
    }
  }

  /**
   * Slots of a model that is unloaded when idle, and a queue that may be bounded (Ollama, LM
   * Studio).
   */
  record KeepAliveSlots(KvBuffer kvBuffer, KeepAlive kept, OptionalInt maxQueue)
      implements InSlots {
    public KeepAliveSlots {
      checkSlots(kvBuffer);
      if (maxQueue.isPresent() && maxQueue.getAsInt() < 1) {
        throw new IllegalArgumentException(
            "Invalid max-queue: %d (1 or more; left out without a bound)"
                .formatted(maxQueue.getAsInt()));
      }
    }

    @Override
    public Scheduler scheduler() {
      return Scheduler.KEEP_ALIVE_SLOTS;
    }

    @Override
    public Optional<KeepAlive> keepAlive() {
      return Optional.of(kept);
    }

    @Override
    public <T> T match(Cases<T> cases) {
      return cases.keepAliveSlots(this);
    }
  }

  /**
   * An idle model's unloading.
   *
   * @param idleSeconds without a call, after which the model is unloaded
   * @param initSeconds fixed part of loading it again, beside the weights' way from disk
   */
  record KeepAlive(Figure idleSeconds, Figure initSeconds) {}

  /** How the KV cache is divided among sequences. */
  enum KvDivision {
    /** One pool: any sequence may take all that is left. */
    POOL,
    /** Cut into as many even parts as there are slots; no sequence is longer than its part. */
    EVEN
  }

  /** Where the KV cache lies. */
  enum KvBuffer {
    /** In blocks: a pass reads each sequence's own context. */
    PAGED,
    /** In one buffer of cells: every pass attends over all up to the highest in use. */
    UNIFIED,
    /** In a buffer a slot: a pass reads each sequence's own context. */
    STREAMS
  }

  /** The kernels that steps run. */
  enum Kernels {
    /** One kind for any number of tokens, recorded as graphs for few. */
    GRAPHED,
    /** Of their own for one token, and for packed weights and few tokens. */
    BY_TOKENS
  }

  /** In which steps prompts are computed. */
  enum PromptSteps {
    /** In steps with decoding sequences. */
    MIXED(Integer.MAX_VALUE),
    /** In steps of prompts alone, as many as the token budget holds. */
    ALONE(Integer.MAX_VALUE),
    /** In steps of one prompt alone. */
    ONE_ALONE(1);

    private final int most;

    PromptSteps(int most) {
      this.most = most;
    }

    /** Prompts of a step at most. */
    public int most() {
      return most;
    }
  }

  /** What must be free before a waiting call joins the batch. */
  enum KvReservation {
    /** Blocks of the part of its prompt that the next step computes; it may be preempted later. */
    NEXT_CHUNK,
    /**
     * Blocks of its prompt and its whole output too, so that none is ever preempted (TensorRT-LLM's
     * guaranteed no evict).
     */
    WHOLE_OUTPUT
  }

  private static void checkSlots(KvBuffer buffer) {
    if (buffer == KvBuffer.PAGED) {
      throw new IllegalArgumentException("Invalid kv: paged (unified or streams with slots)");
    }
  }

  private static void checkBlock(int tokens) {
    if (Integer.bitCount(tokens) != 1 || tokens < 1) {
      throw new IllegalArgumentException(
          "Invalid block-tokens: %d (a power of two)".formatted(tokens));
    }
  }
}
