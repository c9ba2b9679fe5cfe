package dev.homeward.policy;

/** What shows that a local model is good enough for a workload. */
public enum EnoughEvidence {
  /** An evaluation on the workload's own tasks. */
  EVALUATION,
  /**
   * Its tier too, where that is the hosted model's or above and no evaluation speaks against it.
   */
  TIER
}
