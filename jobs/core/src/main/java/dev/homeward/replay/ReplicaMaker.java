package dev.homeward.replay;

import dev.homeward.catalog.Scheduling;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.StepTime;

/** Makes the replica that replays each way of scheduling. */
record ReplicaMaker(
    Offer offer, Deployment deployment, StepTime time, Recorder recorder, Replica.Standby standby)
    implements Scheduling.Cases<Replica> {

  @Override
  public Replica continuousBatching(Scheduling.ContinuousBatching scheduling) {
    return new BatchReplica(this, scheduling);
  }

  @Override
  public Replica prefillFirst(Scheduling.PrefillFirst scheduling) {
    return new BatchReplica(this, scheduling);
  }

  @Override
  public Replica smallBatch(Scheduling.SmallBatch scheduling) {
    return new BatchReplica(this, scheduling);
  }

  @Override
  public Replica slots(Scheduling.Slots scheduling) {
    return slots(scheduling.kvBuffer());
  }

  @Override
  public Replica keepAliveSlots(Scheduling.KeepAliveSlots scheduling) {
    return slots(scheduling.kvBuffer());
  }

  private Replica slots(Scheduling.KvBuffer buffer) {
    return switch (buffer) {
      case UNIFIED -> new UnifiedSlotReplica(this);
      case STREAMS -> new StreamSlotReplica(this);
      case PAGED -> throw new IllegalArgumentException("Cannot replay slots over a paged KV cache");
    };
  }
}
