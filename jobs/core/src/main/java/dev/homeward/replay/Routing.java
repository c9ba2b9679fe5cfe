package dev.homeward.replay;

/** Which replica a call goes to: the one with the fewest calls in flight, ties to the first. */
final class Routing {
  private final Replica[] replicas;

  Routing(Replica[] replicas) {
    this.replicas = replicas;
  }

  Replica next() {
    Replica best = replicas[0];
    for (int r = 1; r < replicas.length; r++) {
      if (replicas[r].inFlight < best.inFlight) {
        best = replicas[r];
      }
    }
    return best;
  }
}
