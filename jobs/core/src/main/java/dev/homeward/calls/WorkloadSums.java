package dev.homeward.calls;

/**
 * What a review counts of one workload key before anything is decided: its profile, and its use for
 * the bill. Made in parts, wherever the files of calls/ lie, and added up; no part holds a call.
 */
public final class WorkloadSums {
  private final WorkloadProfiler profiler;
  private final UseTable uses;

  /**
   * No call.
   *
   * @param limits as in {@link UseTable}
   */
  public WorkloadSums(WorkloadKey key, long[] limits) {
    this.profiler = new WorkloadProfiler(key);
    this.uses = new UseTable(key, limits);
  }

  /**
   * Adds calls: those of a UTC day come together and sorted.
   *
   * @param fromMicros start of the month; calls before it count for the trend alone
   */
  public void add(Tape tape, long fromMicros) {
    int from = 0;
    while (from < tape.size && tape.startedAtMicros[from] < fromMicros) {
      from++;
    }
    if (from == 0) {
      addMonth(tape);
      return;
    }
    profiler.addDays(Tapes.part(tape, 0, from));
    if (from < tape.size) {
      addMonth(Tapes.part(tape, from, tape.size));
    }
  }

  private void addMonth(Tape tape) {
    profiler.add(tape);
    uses.add(tape);
  }

  /** Whether the key has calls in the month, also ones that did not reach a model. */
  public boolean hasCalls() {
    return profiler.sawAny();
  }

  /** What the log shows of it. */
  public WorkloadProfile profile() {
    return profiler.profile();
  }

  /** What is priced. */
  public UseTable uses() {
    return uses;
  }

  /** The sums as bytes; {@link #add(byte[])} reads them. */
  public byte[] encode() {
    BlockBytes out = new BlockBytes(new byte[256]);
    profiler.encode(out);
    uses.encode(out);
    return out.written();
  }

  /** Adds the sums of other days of the same key, from {@link #encode}. */
  public void add(byte[] encoded) {
    BlockBytes in = new BlockBytes(encoded);
    profiler.decode(in);
    uses.decode(in);
  }
}
