package dev.homeward.replay;

import dev.homeward.calls.BilledTape;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.StepTime;

/** A replica to which all calls come at once, and whose segments a test ends one by one. */
final class OneReplica {
  /** By call, picoseconds. */
  final long[] finishes;

  final Recorder recorder;
  final Replica replica;

  OneReplica(Deployment d, int[] prompts, int[] outputs) {
    int n = prompts.length;
    finishes = new long[n];
    Offer offer =
        new Offer(
            BilledTape.of(Deployed.tape(new long[n], prompts, new int[n], outputs)),
            d,
            ReplayOptions.PrefixCache.OFF,
            ReplayOptions.Lengths.AS_LOGGED,
            Replay.Window.ALL);
    StepTime time = StepTime.of(d);
    recorder =
        new Recorder(
            offer,
            Deployed.NO_LEVEL,
            time.callPicos(),
            offer.arrivalPicos,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            (call, first, finish) -> finishes[call] = finish);
    Replica.Standby up = new Replica.Standby(Replica.Standby.NEVER, 0);
    replica = d.engine().scheduling().match(new ReplicaMaker(offer, d, time, recorder, up));
    for (int call = 0; call < offer.size; call++) {
      replica.arrive(call, 0);
    }
  }
}
