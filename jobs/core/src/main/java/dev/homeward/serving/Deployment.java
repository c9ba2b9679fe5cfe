package dev.homeward.serving;

import dev.homeward.catalog.Engine;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.ModelSplit;
import dev.homeward.catalog.Quantization;

/**
 * A model in a weight format under an engine on a box; made by {@link Deployments#fit}, so that one
 * that exists also fits.
 *
 * @param acceleratorsPerReplica tensor-parallel degree: accelerators that one replica spans
 * @param kvCache what is left for the KV cache of one replica
 * @param split how the model is laid over its accelerators
 * @param kvBytes bytes of an element of the KV cache
 */
public record Deployment(
    HardwareProfile hardware,
    LocalModel model,
    Quantization quantization,
    Engine engine,
    int acceleratorsPerReplica,
    KvCachePlan kvCache,
    ModelSplit split,
    int kvBytes) {

  /** With the split that is the engine's own, and a KV cache of 16 bits. */
  public Deployment(
      HardwareProfile hardware,
      LocalModel model,
      Quantization quantization,
      Engine engine,
      int acceleratorsPerReplica,
      KvCachePlan kvCache) {
    this(
        hardware,
        model,
        quantization,
        engine,
        acceleratorsPerReplica,
        kvCache,
        engine.scheduling().split(),
        Deployments.KV_BYTES);
  }

  /**
   * Batches that are on the way at once: one in each stage of a pipeline. Each is replayed as a
   * replica of its own, with its share of the KV cache and of the sequences.
   */
  public int batches() {
    return engine.scheduling().split() == split ? 1 : placement().stages();
  }

  /** Replicas that one box carries. */
  public int replicasPerBox() {
    return hardware.acceleratorCount() / acceleratorsPerReplica;
  }

  /**
   * Seconds to bring the weights from disk to the accelerators: bytes over the box's load rate, and
   * the engine's fixed part.
   */
  public double loadSeconds() {
    return kvCache.weightBytes() / (hardware.loadGbPerSecond().value() * 1e9)
        + engine.scheduling().keepAlive().map(kept -> kept.initSeconds().value()).orElse(0.0);
  }

  /** Each pass that is compared is longer than the one before by one token, or by this part. */
  private static final int PASSES_COMPARED = 64;

  /** Between two passes that are compared one may be a little faster by the token than both. */
  private static final double SURELY = 0.97;

  /**
   * The shortest step in which a sequence gets a token: the matrix products and fixed parts for the
   * fewest tokens, and no attention.
   */
  public double leastStepSeconds() {
    StepModel model = StepTime.model(this);
    double least = model.tokens(1);
    for (int n = 2; n <= StepModel.WIDEST_TILE; n++) {
      least = Math.min(least, model.tokens(n));
    }
    return least;
  }

  /**
   * The least time of a box for a token of a prompt or an answer, whatever is computed beside it:
   * the matrix products and fixed parts of a pass of any size, by its tokens, and no attention.
   */
  public double leastTokenSeconds() {
    StepModel model = StepTime.model(this);
    int most = engine.stepLimits().on(hardware.accelerator()).physicalBatchTokens();
    double least = model.tokens(most) / most;
    for (int n = 1; n < most; n += 1 + n / PASSES_COMPARED) {
      least = Math.min(least, model.tokens(n) / n);
    }
    return SURELY * least / placement().stages() / replicasPerBox();
  }

  /**
   * Whether the same model, in another format under the same engine on the same box, is at least as
   * fast in every step and holds at least as much: whatever it misses, this one misses too.
   */
  public boolean isNoBetterThan(Deployment other) {
    if (!hardware.id().equals(other.hardware.id())
        || !model.id().equals(other.model.id())
        || !engine.id().equals(other.engine.id())
        || replicasPerBox() > other.replicasPerBox()
        || kvCache.kvTokens() > other.kvCache.kvTokens()
        || kvCache.stateTokens() < other.kvCache.stateTokens()
        || kvCache.maxSequences() > other.kvCache.maxSequences()
        || kvCache.maxContextTokens() > other.kvCache.maxContextTokens()) {
      return false;
    }
    StepModel mine = StepTime.model(this);
    StepModel its = StepTime.model(other);
    for (int n = 1; n <= MOST_TOKENS_COMPARED; n *= 2) {
      if (mine.tokens(n) < its.tokens(n)) {
        return false;
      }
    }
    return true;
  }

  private static final int MOST_TOKENS_COMPARED = 8192;

  /** Share of the way from idle to busy watts, in [0, 1], while this work is done. */
  public double busyLoad(BusyWork work) {
    return PowerCurve.load(placement(), engine, work);
  }

  /** The model on the accelerators of one replica. */
  Placement placement() {
    return new Placement(
        hardware.accelerator(), model, quantization, acceleratorsPerReplica, split, kvBytes);
  }

  /** Stable name: model, quantization, engine, hardware. */
  public String id() {
    return model.id() + "/" + quantization.id() + "/" + engine.id() + "/" + hardware.id();
  }
}
