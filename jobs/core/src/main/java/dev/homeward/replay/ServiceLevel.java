package dev.homeward.replay;

import java.io.Serializable;

/**
 * What a workload must get from local hardware. A limit that does not apply is Long.MAX_VALUE.
 *
 * @param ttftP95Micros 95th percentile of the time to first token
 * @param tpotP95Micros 95th percentile of the time per output token
 * @param e2eP95Micros 95th percentile of the end-to-end time (embeddings)
 * @param completeWithinMicros every call done within this after it was sent (batch)
 */
public record ServiceLevel(
    long ttftP95Micros, long tpotP95Micros, long e2eP95Micros, long completeWithinMicros)
    implements Serializable {

  /** No limit. */
  public static final long NONE = Long.MAX_VALUE;
}
