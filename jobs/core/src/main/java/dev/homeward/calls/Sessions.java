package dev.homeward.calls;

import java.util.Arrays;
import java.util.List;

/**
 * Which calls of a tape belong to one session, numbered from 0, and how much of their prompts all
 * sessions of a workload have in common. Only for tapes on which calls of sessions read from the
 * provider's prompt cache; any other has none.
 *
 * <p>What is common to sessions (instructions, tools) is taken from their first calls: a first call
 * can only have read what other sessions had left. Half of the sessions read at least as much.
 */
public final class Sessions {
  /** A call without a session. */
  public static final int NONE = -1;

  private static final Sessions EMPTY = new Sessions(new int[0], new int[0], new int[0]);

  private final int[] ofRow;
  private final int[] workloadOf;
  private final int[] commonTokens;

  private Sessions(int[] ofRow, int[] workloadOf, int[] commonTokens) {
    this.ofRow = ofRow;
    this.workloadOf = workloadOf;
    this.commonTokens = commonTokens;
  }

  /** The sessions of one workload's tape. */
  static Sessions of(Tape tape) {
    boolean any = false;
    for (int row = 0; row < tape.size && !any; row++) {
      any = tape.cacheReadTokens[row] > 0 && tape.session[row] != CallDraft.ABSENT;
    }
    if (!any) {
      return EMPTY;
    }
    int[] of = new int[tape.size];
    Arrays.fill(of, NONE);
    int[] first = new int[64];
    int count = 0;
    Numbers numbers = new Numbers();
    for (int row = 0; row < tape.size; row++) {
      long session = tape.session[row];
      if (session == CallDraft.ABSENT || !tape.hasUsage(row) || !tape.reachedModel(row)) {
        continue;
      }
      of[row] = numbers.of(session);
      if (of[row] == count) {
        if (count == first.length) {
          first = Arrays.copyOf(first, 2 * count);
        }
        first[count++] = tape.cacheReadTokens[row];
      }
    }
    Arrays.sort(first, 0, count);
    int common = count == 0 ? 0 : first[count / 2];
    return new Sessions(of, new int[count], new int[] {common});
  }

  /**
   * The sessions of several tapes in one; a session of two workloads is two.
   *
   * @param origin which tape each call is of
   * @param rows which call of it
   */
  static Sessions merged(List<Sessions> parts, short[] origin, int[] rows) {
    if (parts.stream().allMatch(part -> part == EMPTY)) {
      return EMPTY;
    }
    int[] firstOf = new int[parts.size()];
    int[] common = new int[parts.size()];
    int count = 0;
    for (int w = 0; w < firstOf.length; w++) {
      firstOf[w] = count;
      count += parts.get(w).count();
      common[w] = parts.get(w) == EMPTY ? 0 : parts.get(w).commonTokens[0];
    }
    int[] workloadOf = new int[count];
    for (int w = 0; w < firstOf.length; w++) {
      Arrays.fill(workloadOf, firstOf[w], firstOf[w] + parts.get(w).count(), w);
    }
    int[] of = new int[origin.length];
    for (int row = 0; row < of.length; row++) {
      int session = parts.get(origin[row]).session(rows[row]);
      of[row] = session == NONE ? NONE : firstOf[origin[row]] + session;
    }
    return new Sessions(of, workloadOf, common);
  }

  /** How many there are. */
  public int count() {
    return workloadOf.length;
  }

  /** Workloads that they are of. */
  public int workloads() {
    return commonTokens.length;
  }

  /** The session of a row of the tape, or {@link #NONE}. */
  public int session(int row) {
    return workloadOf.length == 0 ? NONE : ofRow[row];
  }

  /** The workload of a session, from 0. */
  public int workload(int session) {
    return workloadOf[session];
  }

  /** Tokens at the start of prompts that all sessions of a workload share. */
  public int commonTokens(int workload) {
    return commonTokens[workload];
  }

  /** Numbers keys in the order they come in. */
  private static final class Numbers {
    private long[] keys = new long[1024];
    private int[] numbers = new int[1024];
    private int size;

    int of(long key) {
      if (2 * size >= keys.length) {
        grow();
      }
      int at = slot(key);
      if (numbers[at] == 0) {
        keys[at] = key;
        numbers[at] = ++size;
      }
      return numbers[at] - 1;
    }

    private int slot(long key) {
      int mask = keys.length - 1;
      int at = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
      while (numbers[at] != 0 && keys[at] != key) {
        at = at + 1 & mask;
      }
      return at;
    }

    private void grow() {
      long[] oldKeys = keys;
      int[] oldNumbers = numbers;
      keys = new long[2 * oldKeys.length];
      numbers = new int[keys.length];
      for (int i = 0; i < oldKeys.length; i++) {
        if (oldNumbers[i] != 0) {
          int at = slot(oldKeys[i]);
          keys[at] = oldKeys[i];
          numbers[at] = oldNumbers[i];
        }
      }
    }
  }
}
