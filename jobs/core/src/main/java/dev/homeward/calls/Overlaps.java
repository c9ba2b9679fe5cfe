package dev.homeward.calls;

import dev.homeward.calls.CallIds.IdColumn;
import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds calls that two sources have logged, a gateway and a tracer, each with ids of its own: the
 * same hosted model, the same tokens in and out, and starts within two seconds. One call is the
 * twin of at most one other. A single pair may be chance; that most calls of a source have a twin
 * is not.
 */
public final class Overlaps {
  /** Clocks of two programs differ, and one of them starts counting later. */
  public static final long APART_MICROS = 2 * TimeUnits.MICROS_PER_SECOND;

  /** Calls with fewer tokens out are too alike to be told apart. */
  private static final int FEWEST_OUTPUT_TOKENS = 8;

  private Overlaps() {}

  /**
   * Two rows of one call.
   *
   * @param first the row whose source has the smaller number
   * @param again whether the second row stands in the trace of another second row of the first: a
   *     wrapper and the call it wraps are one call of the other source
   */
  public record Twins(int first, int second, boolean again) {}

  /** Whether a call has a size that tells it from others. */
  public static boolean hasPrint(CallDraft draft) {
    return draft.inputTokens != CallDraft.ABSENT && draft.outputTokens >= FEWEST_OUTPUT_TOKENS;
  }

  /** A hash of what two sources record alike about one call, without its time. */
  public static long print(String hostedModel, long inputTokens, long outputTokens) {
    return (hostedModel.hashCode() * 0x9E3779B97F4A7C15L + inputTokens) * 0xC4CEB9FE1A85EC53L
        + outputTokens * 0xFF51AFD7ED558CCDL;
  }

  /** The twins among rows made by {@link CallIds#addPrint}, whatever order they came in. */
  public static List<Twins> find(CallIds prints) {
    int[] order = IndexSort.sort(prints.size(), (a, b) -> compare(prints, a, b));
    boolean[] taken = new boolean[order.length];
    List<Twins> twins = new ArrayList<>();
    for (int i = 0; i < order.length; i++) {
      if (taken[i]) {
        continue;
      }
      int a = order[i];
      for (int k = i + 1; k < order.length && isNear(prints, a, order[k]); k++) {
        int b = order[k];
        if (!taken[k] && prints.get(IdColumn.WEAK, a) != prints.get(IdColumn.WEAK, b)) {
          taken[k] = true;
          boolean inOrder = prints.get(IdColumn.WEAK, a) < prints.get(IdColumn.WEAK, b);
          Twins pair = inOrder ? new Twins(a, b, false) : new Twins(b, a, false);
          twins.add(pair);
          for (int m = i + 1; m < order.length && isNear(prints, a, order[m]); m++) {
            if (!taken[m] && isOfTrace(prints, order[m], pair.second())) {
              taken[m] = true;
              twins.add(new Twins(pair.first(), order[m], true));
            }
          }
          break;
        }
      }
    }
    return twins;
  }

  private static boolean isNear(CallIds t, int a, int b) {
    return t.get(IdColumn.LOW, a) == t.get(IdColumn.LOW, b)
        && t.get(IdColumn.SECOND, b) - t.get(IdColumn.SECOND, a) <= APART_MICROS;
  }

  private static boolean isOfTrace(CallIds t, int a, int b) {
    return t.get(IdColumn.HIGH, a) == t.get(IdColumn.HIGH, b)
        && t.get(IdColumn.HIGH, a) != CallDraft.ABSENT
        && t.get(IdColumn.WEAK, a) == t.get(IdColumn.WEAK, b)
        && a != b;
  }

  private static int compare(CallIds t, int a, int b) {
    int c = Long.compare(t.get(IdColumn.LOW, a), t.get(IdColumn.LOW, b));
    c = c != 0 ? c : Long.compare(t.get(IdColumn.SECOND, a), t.get(IdColumn.SECOND, b));
    c = c != 0 ? c : Long.compare(t.get(IdColumn.WEAK, a), t.get(IdColumn.WEAK, b));
    c = c != 0 ? c : t.file(a).compareTo(t.file(b));
    c = c != 0 ? c : Integer.compare(t.range(a), t.range(b));
    return c != 0 ? c : Integer.compare(t.ordinal(a), t.ordinal(b));
  }
}
