package dev.homeward.replay;

/**
 * Which replica a call goes to: the one with the fewest calls in flight, ties to the first. Where
 * calls find what their session's earlier calls left, they go to the replica of the last of them,
 * unless that has no room, or over {@link #MOST_MORE} calls more than the one with the fewest and
 * over {@link #MOST_TIMES} times as many: the rule of vLLM's and SGLang's routers, whose first
 * number is 64.
 */
final class Routing {
  private static final int MOST_MORE = 4;
  private static final double MOST_TIMES = 1.5;

  private final Replica[] replicas;
  private final Admission admission;
  private final int[] sessionOf;

  /** By session, the replica of its last call. */
  private final Replica[] lastOf;

  /**
   * @param findable what calls of sessions find; null where they find nothing
   * @param admission which replicas have room
   */
  Routing(Replica[] replicas, Offer.Findable findable, Admission admission) {
    this.replicas = replicas;
    this.admission = admission;
    boolean byPrefix = findable != null && replicas.length > 1;
    this.sessionOf = byPrefix ? findable.session : null;
    this.lastOf = new Replica[byPrefix ? findable.sessions() : 0];
  }

  Replica next(int call) {
    Replica best = replicas[0];
    for (int r = 1; r < replicas.length; r++) {
      if (replicas[r].inFlight < best.inFlight) {
        best = replicas[r];
      }
    }
    Replica last = sessionOf == null || sessionOf[call] < 0 ? null : lastOf[sessionOf[call]];
    return last != null && admission.hasRoom(last) && !isMuchFuller(last, best) ? last : best;
  }

  private static boolean isMuchFuller(Replica last, Replica best) {
    return last.inFlight - best.inFlight > MOST_MORE && last.inFlight > MOST_TIMES * best.inFlight;
  }

  /** A replica has taken a call in. */
  void taken(int call, Replica replica) {
    if (sessionOf != null && sessionOf[call] >= 0) {
      lastOf[sessionOf[call]] = replica;
    }
  }
}
