package dev.homeward.decision;

/** What to do with a workload, in the order of the ranking. */
public enum Verdict {
  /** Its data may not be where it is, or it must work offline, and local hardware can serve it. */
  MUST_MOVE,
  /** Local hardware serves it within its service level for less, and the model is good enough. */
  MOVE,
  /** The same, with some calls sent to the API at peaks. */
  MOVE_WITH_OVERFLOW,
  /** It would save, but nobody has shown that the local model is good enough. */
  EVALUATE_FIRST,
  /** The API is cheaper, or there is no cash to save. */
  KEEP_API,
  /** No local model on any box passes the gates. */
  INFEASIBLE
}
