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
    return new SlotReplica(this);
  }

  @Override
  public Replica keepAliveSlots(Scheduling.KeepAliveSlots scheduling) {
    return new SlotReplica(this);
  }
}
