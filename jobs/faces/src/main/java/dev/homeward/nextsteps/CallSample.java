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
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Chooses the calls that an evaluation is done on, in an order as if drawn at random: by a hash of
 * file and line, so that the same log gives the same sample, whatever its parts. Of a session one
 * call is taken first, because its others are no further evidence; more of them only where there
 * are too few sessions. It holds no more calls than are wanted, and as many of those others.
 */
final class CallSample {
  private static final int LEFT_OUT =
      CallFlags.PROXY_CACHE_HIT | CallFlags.SYNTHESISED | CallFlags.INTERRUPTED;

  /**
   * A call by where it stands in the log.
   *
   * @param line one-based; the record, in a file without lines
   * @param inputTokens cached ones included; empty if the log does not say
   */
  record Call(
      String file,
      long line,
      long startedAtMicros,
      OptionalLong inputTokens,
      OptionalLong outputTokens,
      long session,
      long hash) {
    private static final Comparator<Call> ORDER =
        Comparator.comparingLong(Call::hash)
            .thenComparing(Call::file)
            .thenComparingLong(Call::line);
  }

  private final long wanted;
  private final TreeSet<Call> first = new TreeSet<>(Call.ORDER);
  private final TreeSet<Call> others = new TreeSet<>(Call.ORDER);
  private final Map<Long, Call> bySession = new HashMap<>();
  private long eligible;

  CallSample(long wanted) {
    this.wanted = wanted;
  }

  /** Calls so far that were answered and are known by file and line. */
  long eligible() {
    return eligible;
  }

  /** The calls that were drawn, in that order. */
  List<Call> drawn() {
    List<Call> all = new ArrayList<>(first);
    for (Call other : others) {
      if (all.size() < wanted) {
        all.add(other);
      }
    }
    return all;
  }

  /** Draws from more calls. */
  void add(CallTable calls) {
    for (int row = 0; row < calls.size(); row++) {
      if (isEligible(calls, row)) {
        eligible++;
        long hash = hash(calls.text(Text.SOURCE_FILE, row), calls.number(Number.SOURCE_LINE, row));
        // Most calls come too late in the order to be looked at further.
        if (first.size() < wanted || hash <= first.last().hash()) {
          add(call(calls, row, hash));
        }
      }
    }
  }

  // The first of a session that was pushed out comes back if an earlier one of it is found: among
  // so many calls of the lowest hashes each session has its lowest.
  private void add(Call call) {
    if (call.session() != CallDraft.ABSENT) {
      Call before = bySession.get(call.session());
      if (before != null) {
        boolean earlier = Call.ORDER.compare(call, before) < 0;
        keep(others, earlier ? before : call);
        if (!earlier) {
          return;
        }
        first.remove(before);
      }
      bySession.put(call.session(), call);
    }
    Call pushedOut = keep(first, call);
    if (pushedOut != null && pushedOut.session() != CallDraft.ABSENT) {
      bySession.remove(pushedOut.session());
    }
  }

  private Call keep(TreeSet<Call> calls, Call call) {
    calls.add(call);
    return calls.size() > wanted ? calls.pollLast() : null;
  }

  private static Call call(CallTable calls, int row, long hash) {
    return new Call(
        calls.text(Text.SOURCE_FILE, row),
        calls.number(Number.SOURCE_LINE, row),
        calls.number(Number.STARTED_AT, row),
        input(calls, row),
        known(calls.number(Number.OUTPUT, row)),
        calls.number(Number.SESSION, row),
        hash);
  }

  private static OptionalLong input(CallTable calls, int row) {
    if (calls.number(Number.INPUT, row) < 0) {
      return OptionalLong.empty();
    }
    long sum = 0;
    for (Number kind :
        List.of(Number.INPUT, Number.CACHE_READ, Number.CACHE_WRITE_5M, Number.CACHE_WRITE_1H)) {
      sum = Math.addExact(sum, Math.max(0, calls.number(kind, row)));
    }
    return OptionalLong.of(sum);
  }

  private static OptionalLong known(long count) {
    return count < 0 ? OptionalLong.empty() : OptionalLong.of(count);
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
