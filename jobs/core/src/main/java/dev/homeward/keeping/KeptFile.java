package dev.homeward.keeping;

/**
 * A file that a review keeps in JSON for later, with the version of its layout. A file says its
 * version in its first key, {@code version}; one that says none is of version 1. A change that an
 * older program would misread makes the version one higher, is then written into the file, and what
 * was written before is still read. A key more, with what holds where it is missing, is no such
 * change.
 */
public enum KeptFile {
  SETTINGS("settings.json", 1),
  DECISIONS("decisions.json", 1),
  WORKLOADS("workloads/workloads.jsonl", 1),
  SPEND("spend/spend.jsonl", 1),
  /** Spend by UTC day; reviews of older programs have none. */
  SPEND_OF_DAYS("spend/days.jsonl", 1),
  REPLAYS("replays/replays.jsonl", 1),
  /** Replays that were added once the review was there; it is complete without them. */
  LIKELY("replays/likely.jsonl", 1),
  HOURS("replays/hours.jsonl", 1),
  SUMMARY("summary.json", 1),
  MANIFEST("manifest.json", 1);

  private final String path;
  private final int version;

  KeptFile(String path, int version) {
    this.path = path;
    this.version = version;
  }

  /** Path in the review's directory. */
  public String path() {
    return path;
  }

  /** The version that this program writes, and the newest that it reads. */
  public int version() {
    return version;
  }
}
