package dev.homeward.calls;

/**
 * Calls that reached a model by UTC day, for the trend.
 *
 * @param firstDay days since 1970-01-01
 * @param calls by day from there on, days without calls included
 */
public record DailyCalls(long firstDay, int[] calls) {

  /** No days. */
  public static final DailyCalls NONE = new DailyCalls(0, new int[0]);
}
