package dev.homeward.nextsteps;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.CallTable;
import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Chooses the calls that an evaluation is done on, in an order as if drawn at random: by a hash of
 * file and line, so that the same log gives the same sample. Of a session one call is taken first,
 * because its others are no further evidence; more of them only where there are too few sessions.
 *
 * @param rows of the table, in the order in which they were drawn
 * @param eligible calls that were answered and are known by file and line
 * @param sessions sessions among them, and calls without one
 */
record CallSample(List<Integer> rows, long eligible, long sessions) {
  private static final int LEFT_OUT =
      CallFlags.PROXY_CACHE_HIT | CallFlags.SYNTHESISED | CallFlags.INTERRUPTED;

  private record Drawn(int row, long hash, boolean first) {}

  /** So many calls of a table, or all that there are. */
  static CallSample of(CallTable calls, long wanted) {
    List<Drawn> drawn = new ArrayList<>();
    Map<Long, Drawn> bySession = new HashMap<>();
    long eligible = 0;
    for (int row = 0; row < calls.size(); row++) {
      if (!isEligible(calls, row)) {
        continue;
      }
      eligible++;
      Drawn call =
          new Drawn(
              row,
              hash(calls.text(Text.SOURCE_FILE, row), calls.number(Number.SOURCE_LINE, row)),
              true);
      long session = calls.number(Number.SESSION, row);
      if (session == CallDraft.ABSENT) {
        drawn.add(call);
        continue;
      }
      Drawn before = bySession.get(session);
      boolean isFirst = before == null || order().compare(call, before) < 0;
      if (isFirst) {
        bySession.put(session, call);
      }
      Drawn other = isFirst ? before : call;
      if (other != null) {
        drawn.add(new Drawn(other.row(), other.hash(), false));
      }
    }
    long alone = drawn.stream().filter(Drawn::first).count();
    drawn.addAll(bySession.values());
    List<Integer> rows =
        drawn.stream()
            .sorted(Comparator.comparing((Drawn d) -> !d.first()).thenComparing(order()))
            .limit(wanted)
            .map(Drawn::row)
            .toList();
    return new CallSample(rows, eligible, alone + bySession.size());
  }

  private static Comparator<Drawn> order() {
    return Comparator.comparingLong(Drawn::hash).thenComparingInt(Drawn::row);
  }

  private static boolean isEligible(CallTable calls, int row) {
    return calls.number(Number.STATUS, row) == CallStatus.SUCCESS.ordinal()
        && (calls.number(Number.FLAGS, row) & LEFT_OUT) == 0
        && calls.number(Number.SOURCE_LINE, row) > 0
        && calls.text(Text.SOURCE_FILE, row) != null;
  }

  // FNV-1a over the name, then mixed with the line (the finalizer of SplitMix64).
  private static long hash(String file, long line) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < file.length(); i++) {
      h = (h ^ file.charAt(i)) * 0x100000001b3L;
    }
    h += line * 0x9E3779B97F4A7C15L;
    h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
    return h ^ (h >>> 31);
  }
}
