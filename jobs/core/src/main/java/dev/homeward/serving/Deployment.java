package dev.homeward.serving;

import dev.homeward.catalog.Engine;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.Quantization;

/**
 * A model in a weight format under an engine on a box; made by {@link Deployments#fit}, so that one
 * that exists also fits.
 *
 * @param acceleratorsPerReplica tensor-parallel degree: accelerators that one replica spans
 * @param kvCache what is left for the KV cache of one replica
 */
public record Deployment(
    HardwareProfile hardware,
    LocalModel model,
    Quantization quantization,
    Engine engine,
    int acceleratorsPerReplica,
    KvCachePlan kvCache) {

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

  /** Share of the way from idle to busy watts, in [0, 1], while this work is done. */
  public double busyLoad(BusyWork work) {
    return PowerCurve.load(placement(), engine, work);
  }

  /** The model on the accelerators of one replica. */
  Placement placement() {
    return new Placement(
        hardware.accelerator(),
        model,
        quantization,
        acceleratorsPerReplica,
        engine.scheduling().split(),
        Deployments.KV_BYTES);
  }

  /** Stable name: model, quantization, engine, hardware. */
  public String id() {
    return model.id() + "/" + quantization.id() + "/" + engine.id() + "/" + hardware.id();
  }
}
