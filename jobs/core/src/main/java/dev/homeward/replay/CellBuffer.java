package dev.homeward.replay;

/**
 * The unified KV buffer of llama.cpp: which cells are in use, and up to which one. Every pass
 * attends over all cells up to the highest in use, so holes cost as much as cells.
 *
 * <p>A pass takes one contiguous run of cells, the first that is long enough from where the last
 * one ended; from the start of the buffer if that lies far behind; and from where a sequence was
 * just removed, if that is earlier ({@code llama_kv_cache_find_slot} and {@code
 * llama_kv_cache_seq_rm} of 2025). Cells of a finished slot stay until the slot is used again. The
 * tokens of one decode step lie side by side, one of each sequence: such a run becomes free when
 * the last of its sequences is removed, because the single cells between are too short for
 * anything.
 *
 * <p>If no run is long enough the buffer is compacted.
 */
final class CellBuffer {
  /** More slots than a mask holds. */
  static final int MOST_SLOTS = 64;

  private final int capacity;
  private final int[] cellsOf;
  private int[] start = new int[64];
  private int[] end = new int[64];
  private long[] members = new long[64];
  private int size;
  private int head;
  private int used;

  /**
   * End of the free run that head stands in, as the last search found it; 0 if that is not known.
   */
  private int runEnd;

  /** Segments before that run. */
  private int runIndex;

  CellBuffer(int capacity, int slots) {
    if (slots > MOST_SLOTS) {
      throw new IllegalArgumentException(
          "Invalid slots: %d (at most %d)".formatted(slots, MOST_SLOTS));
    }
    this.capacity = capacity;
    this.cellsOf = new int[slots];
  }

  /** Cells that hold a token. */
  int used() {
    return used;
  }

  /** One past the highest cell in use. */
  int top() {
    return size == 0 ? 0 : end[size - 1];
  }

  /** Removes what all slots hold. */
  void clear() {
    java.util.Arrays.fill(cellsOf, 0);
    size = 0;
    head = 0;
    used = 0;
    runEnd = 0;
  }

  /** Removes what a slot holds. */
  void remove(int slot) {
    if (cellsOf[slot] == 0) {
      return;
    }
    used -= cellsOf[slot];
    cellsOf[slot] = 0;
    long bit = 1L << slot;
    int i = 0;
    while ((members[i] & bit) == 0) {
      i++;
    }
    head = Math.min(head, start[i]);
    runEnd = 0;
    int kept = i;
    for (; i < size; i++) {
      long left = members[i] & ~bit;
      if (left != 0) {
        start[kept] = start[i];
        end[kept] = end[i];
        members[kept++] = left;
      }
    }
    size = kept;
  }

  /** The first cell of a run of so many free ones. */
  int find(int tokens) {
    if (head > used + 2 * tokens) {
      head = 0;
    } else if (head + tokens <= runEnd) {
      return head;
    }
    int found = search(head, tokens);
    if (found < 0 && head > 0) {
      found = search(0, tokens);
    }
    if (found < 0) {
      compact();
      found = search(0, tokens);
    }
    if (found < 0) {
      throw new IllegalStateException(
          "Cannot place %d tokens: %d of %d cells in use".formatted(tokens, used, capacity));
    }
    head = found;
    return found;
  }

  /**
   * How many steps of so many tokens follow one another in the run that begins at this cell, which
   * {@link #find} found: until it is full, or one step if the next would look for a run from the
   * start of the buffer and find another.
   */
  int steps(int at, int tokens) {
    int end = runEnd;
    int index = runIndex;
    boolean again = at > used + 2 * tokens && search(0, tokens) != at;
    runEnd = end;
    runIndex = index;
    return again ? 1 : (end - at) / tokens;
  }

  /** Puts tokens of one slot into cells that {@link #find} found. */
  void place(int at, int tokens, int slot) {
    cellsOf[slot] += tokens;
    put(at, tokens, 1L << slot);
  }

  /** Puts one token a step of each of these slots into cells that {@link #find} found. */
  void placeSteps(int at, int steps, long slots) {
    for (long left = slots; left != 0; left &= left - 1) {
      cellsOf[Long.numberOfTrailingZeros(left)] += steps;
    }
    put(at, steps * Long.bitCount(slots), slots);
  }

  private void put(int at, int tokens, long slots) {
    used += tokens;
    head = at + tokens;
    if (head >= capacity) {
      head = 0;
      runEnd = 0;
    }
    int i = runIndex;
    if (i > 0 && end[i - 1] == at && members[i - 1] == slots) {
      end[i - 1] = at + tokens;
      return;
    }
    if (size == start.length) {
      start = java.util.Arrays.copyOf(start, 2 * size);
      end = java.util.Arrays.copyOf(end, 2 * size);
      members = java.util.Arrays.copyOf(members, 2 * size);
    }
    System.arraycopy(start, i, start, i + 1, size - i);
    System.arraycopy(end, i, end, i + 1, size - i);
    System.arraycopy(members, i, members, i + 1, size - i);
    start[i] = at;
    end[i] = at + tokens;
    members[i] = slots;
    size++;
    runIndex++;
  }

  private int search(int from, int tokens) {
    int at = from;
    for (int i = from == 0 ? 0 : after(from); i < size; i++) {
      if (start[i] - at >= tokens) {
        runEnd = start[i];
        runIndex = i;
        return at;
      }
      at = end[i];
    }
    runEnd = capacity;
    runIndex = size;
    return capacity - at >= tokens ? at : -1;
  }

  // The first segment that ends beyond a cell.
  private int after(int cell) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end[middle] <= cell) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void compact() {
    size = 0;
    runEnd = 0;
    int at = 0;
    for (int slot = 0; slot < cellsOf.length; slot++) {
      if (cellsOf[slot] > 0) {
        start[size] = at;
        at += cellsOf[slot];
        end[size] = at;
        members[size++] = 1L << slot;
      }
    }
    head = at;
  }
}
