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

  /** Stable name: model, quantization, engine, hardware. */
  public String id() {
    return model.id() + "/" + quantization.id() + "/" + engine.id() + "/" + hardware.id();
  }
}
