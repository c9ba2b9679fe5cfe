package dev.homeward.calls;

import java.util.List;

/** Makes tapes from tables. */
public final class Tapes {
  private Tapes() {}

  /**
   * Some calls of a tape as a tape of their own.
   *
   * @param calls their indexes, ascending; the first {@code size} count
   */
  public static Tape select(Tape tape, int[] calls, int size) {
    Tape part = like(tape, size);
    for (int i = 0; i < size; i++) {
      copy(tape, calls[i], part, i);
    }
    return part;
  }

  /** The calls [from, to) of a tape as a tape of their own. */
  static Tape part(Tape tape, int from, int to) {
    Tape part = like(tape, to - from);
    for (int i = from; i < to; i++) {
      copy(tape, i, part, i - from);
    }
    return part;
  }

  /**
   * The tape at a multiple of its volume: whole sessions are kept or repeated (calls without a
   * session one by one), chosen by a hash, so that a smaller volume's calls are among a larger
   * one's. Copies are shifted by whole days inside the span, or by a part of a span under two days.
   *
   * @param fromMicros start of the observed span
   * @param toMicros its end, exclusive; every call lies inside
   */
  public static Tape scaled(Tape tape, double volume, long fromMicros, long toMicros) {
    return scaledRows(tape, volume, fromMicros, toMicros).tape();
  }

  /** A scaled tape, and of which call of the other each is a copy; none where it is the other. */
  record Scaled(Tape tape, int[] rows) {}

  static Scaled scaledRows(Tape tape, double volume, long fromMicros, long toMicros) {
    if (volume == 1) {
      return new Scaled(tape, new int[0]);
    }
    int whole = (int) Math.floor(volume);
    double part = volume - whole;
    long[] starts = new long[Math.toIntExact((long) tape.size * (whole + 1))];
    int[] rows = new int[starts.length];
    int[] copies = new int[starts.length];
    int size = 0;
    for (int copy = 0; copy <= whole; copy++) {
      if (copy == whole && part == 0) {
        break;
      }
      long[] chosenBy = copy == whole ? chosenBy(tape) : null;
      for (int i = 0; i < tape.size; i++) {
        if (copy == whole && !kept(chosenBy[i], part)) {
          continue;
        }
        starts[size] =
            shifted(tape.startedAtMicros[i], copy, fromMicros, Math.max(toMicros, fromMicros + 1));
        copies[size] = copy;
        rows[size++] = i;
      }
    }
    int[] order = IndexSort.byKey(starts, size);
    Tape scaled = like(tape, size);
    int[] copied = new int[size];
    for (int i = 0; i < size; i++) {
      int at = order[i];
      copy(tape, rows[at], scaled, i);
      scaled.startedAtMicros[i] = starts[at];
      scaled.session[i] = sessionOfCopy(scaled.session[i], copies[at]);
      copied[i] = rows[at];
    }
    return new Scaled(scaled, copied);
  }

  /** A part of a copy: of which call of the other each is one. */
  static Scaled copied(Tape tape, VolumeWindow.Source source) {
    if (source.copy() == 0 && source.share() == 1) {
      return new Scaled(tape, new int[0]);
    }
    int[] rows = new int[tape.size];
    int size = 0;
    long[] chosenBy = source.share() == 1 ? null : chosenBy(tape);
    for (int i = 0; i < tape.size; i++) {
      if (chosenBy == null || kept(chosenBy[i], source.share())) {
        rows[size++] = i;
      }
    }
    Tape copied = select(tape, rows, size);
    for (int i = 0; i < size; i++) {
      copied.startedAtMicros[i] += source.shiftMicros();
      copied.session[i] = sessionOfCopy(copied.session[i], source.copy());
    }
    return new Scaled(copied, rows);
  }

  // A session that is repeated is another conversation, whose calls wait for, and find again, its
  // own.
  private static long sessionOfCopy(long session, int copy) {
    if (session == CallDraft.ABSENT || copy == 0) {
      return session;
    }
    long other = session ^ copy * 0x9E3779B97F4A7C15L;
    return other == CallDraft.ABSENT ? ~other : other;
  }

  private static long shifted(long started, int copy, long from, long to) {
    long moved = started + VolumeWindow.shift(copy, from, to);
    return moved < to ? moved : moved - VolumeWindow.length(from, to);
  }

  // By what each call is chosen: those of a session together, by its first call and not by what
  // stands for the session, which is another number in every review.
  private static long[] chosenBy(Tape tape) {
    long[] by = new long[tape.size];
    // The first call of each session, from 1, by its hash.
    int[] first = new int[Integer.highestOneBit(Math.max(1, tape.size)) * 4];
    int mask = first.length - 1;
    for (int i = 0; i < tape.size; i++) {
      long session = tape.session[i];
      if (session == CallDraft.ABSENT) {
        by[i] = ~tape.startedAtMicros[i] * 31 + i;
        continue;
      }
      int slot = (int) (session * 0x9E3779B97F4A7C15L >>> 32) & mask;
      while (first[slot] != 0 && tape.session[first[slot] - 1] != session) {
        slot = slot + 1 & mask;
      }
      if (first[slot] == 0) {
        first[slot] = i + 1;
      }
      int of = first[slot] - 1;
      by[i] =
          tape.startedAtMicros[of] * 31 + tape.inputTokens[of] * 1_000_003L + tape.outputTokens[of];
    }
    return by;
  }

  private static boolean kept(long of, double share) {
    long mixed = (of ^ (of >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return ((mixed ^ (mixed >>> 31)) >>> 11) * 0x1p-53 < share;
  }

  /**
   * Calls of several tapes in one.
   *
   * @param origin which tape each call is of
   * @param rows which call of that tape it is
   */
  public record Merged(Tape tape, short[] origin, int[] rows) {}

  /** Merges tapes by start, ties in their order. Names of providers and owners are left out. */
  public static Merged merge(WorkloadKey key, List<Tape> tapes) {
    int size = 0;
    for (Tape tape : tapes) {
      size = Math.addExact(size, tape.size);
    }
    long[] starts = new long[size];
    short[] from = new short[size];
    int[] rows = new int[size];
    int n = 0;
    for (int t = 0; t < tapes.size(); t++) {
      for (int i = 0; i < tapes.get(t).size; i++) {
        starts[n] = tapes.get(t).startedAtMicros[i];
        from[n] = (short) t;
        rows[n++] = i;
      }
    }
    int[] order = IndexSort.byKey(starts, size);
    String[] none = new String[0];
    Tape merged = new Tape(key, size, none, none, none, none);
    short[] origin = new short[size];
    int[] row = new int[size];
    for (int i = 0; i < size; i++) {
      int at = order[i];
      origin[i] = from[at];
      row[i] = rows[at];
      copy(tapes.get(from[at]), rows[at], merged, i);
      merged.provider[i] = -1;
      merged.owner[i] = -1;
      merged.region[i] = -1;
      merged.servedBy[i] = -1;
    }
    return new Merged(merged, origin, row);
  }

  private static void copy(Tape tape, int call, Tape part, int i) {
    part.startedAtMicros[i] = tape.startedAtMicros[call];
    part.durationMicros[i] = tape.durationMicros[call];
    part.ttftMicros[i] = tape.ttftMicros[call];
    part.inputTokens[i] = tape.inputTokens[call];
    part.cacheReadTokens[i] = tape.cacheReadTokens[call];
    part.cacheWrite5mTokens[i] = tape.cacheWrite5mTokens[call];
    part.cacheWrite1hTokens[i] = tape.cacheWrite1hTokens[call];
    part.outputTokens[i] = tape.outputTokens[call];
    part.reasoningTokens[i] = tape.reasoningTokens[call];
    part.loggedNanoUsd[i] = tape.loggedNanoUsd[call];
    part.session[i] = tape.session[call];
    part.flags[i] = tape.flags[call];
    part.serviceTier[i] = tape.serviceTier[call];
    part.billingMode[i] = tape.billingMode[call];
    part.status[i] = tape.status[call];
    part.operation[i] = tape.operation[call];
    part.provider[i] = tape.provider[call];
    part.owner[i] = tape.owner[call];
    part.region[i] = tape.region[call];
    part.servedBy[i] = tape.servedBy[call];
    part.setExtras(
        i, tape.audioInputTokens(call), tape.audioOutputTokens(call), tape.webSearches(call));
  }

  private static Tape like(Tape tape, int size) {
    return new Tape(tape.key, size, tape.providers, tape.owners, tape.regions, tape.places);
  }
}
