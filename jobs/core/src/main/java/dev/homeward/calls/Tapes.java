package dev.homeward.calls;

import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes tapes from tables. */
public final class Tapes {
  private Tapes() {}

  /** The rows of one workload key that start in [from, to) microseconds, as a tape. */
  public static Tape of(WorkloadKey key, CallTable table, long fromMicros, long toMicros) {
    int[] order = table.sortedRows();
    int size = 0;
    for (int row : order) {
      long started = table.number(Number.STARTED_AT, row);
      if (started >= fromMicros && started < toMicros) {
        order[size++] = row;
      }
    }
    Names providers = new Names();
    Names owners = new Names();
    Names regions = new Names();
    Names places = new Names();
    for (int i = 0; i < size; i++) {
      providers.code(provider(table, order[i]));
      owners.code(table.text(Text.OWNER, order[i]));
      regions.code(table.text(Text.REGION, order[i]));
      places.code(servedBy(table, order[i]));
    }
    Tape tape =
        new Tape(key, size, providers.array(), owners.array(), regions.array(), places.array());
    for (int i = 0; i < size; i++) {
      int row = order[i];
      tape.startedAtMicros[i] = table.number(Number.STARTED_AT, row);
      tape.durationMicros[i] = table.number(Number.DURATION, row);
      tape.ttftMicros[i] = table.number(Number.TTFT, row);
      boolean usage = table.number(Number.INPUT, row) != CallDraft.ABSENT;
      tape.inputTokens[i] = tokens(table, Number.INPUT, row, usage);
      tape.cacheReadTokens[i] = tokens(table, Number.CACHE_READ, row, usage);
      tape.cacheWrite5mTokens[i] = tokens(table, Number.CACHE_WRITE_5M, row, usage);
      tape.cacheWrite1hTokens[i] = tokens(table, Number.CACHE_WRITE_1H, row, usage);
      tape.outputTokens[i] = tokens(table, Number.OUTPUT, row, usage);
      tape.reasoningTokens[i] = tokens(table, Number.REASONING, row, usage);
      tape.loggedNanoUsd[i] = table.number(Number.LOGGED_NANO_USD, row);
      tape.session[i] = table.number(Number.SESSION, row);
      tape.flags[i] = (int) table.number(Number.FLAGS, row);
      tape.serviceTier[i] = (byte) table.number(Number.SERVICE_TIER, row);
      tape.billingMode[i] = (byte) table.number(Number.BILLING_MODE, row);
      tape.status[i] = (byte) table.number(Number.STATUS, row);
      tape.operation[i] = (byte) table.number(Number.OPERATION, row);
      tape.provider[i] = providers.code(provider(table, row));
      tape.owner[i] = owners.code(table.text(Text.OWNER, row));
      tape.region[i] = regions.code(table.text(Text.REGION, row));
      tape.servedBy[i] = places.code(servedBy(table, row));
      if (usage) {
        // Sound that was read from a cache is not told apart: it counts as cached.
        tape.setExtras(
            i,
            Math.min(tokens(table, Number.AUDIO_INPUT, row, true), tape.inputTokens[i]),
            Math.min(tokens(table, Number.AUDIO_OUTPUT, row, true), tape.outputTokens[i]),
            tokens(table, Number.WEB_SEARCHES, row, true));
      }
    }
    return tape;
  }

  // Who served a call, where that is known: a record may name the maker of the model instead.
  private static String provider(CallTable table, int row) {
    String servedBy = table.text(Text.SERVED_BY, row);
    if (servedBy == null) {
      return table.text(Text.PROVIDER, row);
    }
    int area = servedBy.indexOf('/');
    return area < 0 ? servedBy : servedBy.substring(0, area);
  }

  // Rows of older reviews have no place of their own.
  private static String servedBy(CallTable table, int row) {
    String servedBy = table.text(Text.SERVED_BY, row);
    return servedBy == null ? table.text(Text.PROVIDER, row) : servedBy;
  }

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
    long days = (toMicros - fromMicros) / TimeUnits.MICROS_PER_DAY;
    long[] starts = new long[Math.toIntExact((long) tape.size * (whole + 1))];
    int[] rows = new int[starts.length];
    int[] copies = new int[starts.length];
    int size = 0;
    for (int copy = 0; copy <= whole; copy++) {
      if (copy == whole && part == 0) {
        break;
      }
      for (int i = 0; i < tape.size; i++) {
        if (copy == whole && !kept(tape, i, part)) {
          continue;
        }
        starts[size] =
            shifted(
                tape.startedAtMicros[i],
                copy,
                days,
                fromMicros,
                Math.max(toMicros, fromMicros + 1));
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

  // A session that is repeated is another conversation, whose calls wait for, and find again, its
  // own.
  private static long sessionOfCopy(long session, int copy) {
    if (session == CallDraft.ABSENT || copy == 0) {
      return session;
    }
    long other = session ^ copy * 0x9E3779B97F4A7C15L;
    return other == CallDraft.ABSENT ? ~other : other;
  }

  private static long shifted(long started, int copy, long days, long from, long to) {
    if (copy == 0) {
      return started;
    }
    long span = days >= 2 ? days * TimeUnits.MICROS_PER_DAY : to - from;
    long shift =
        days >= 2
            ? copy % days * TimeUnits.MICROS_PER_DAY
            : (long) (span * (copy * GOLDEN - Math.floor(copy * GOLDEN)));
    long moved = started + shift;
    return moved < to ? moved : moved - span;
  }

  private static boolean kept(Tape tape, int i, double share) {
    long of =
        tape.session[i] == CallDraft.ABSENT ? ~tape.startedAtMicros[i] * 31 + i : tape.session[i];
    long mixed = (of ^ (of >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return ((mixed ^ (mixed >>> 31)) >>> 11) * 0x1p-53 < share;
  }

  private static final double GOLDEN = 0.6180339887498949;

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

  // Where a record has usage, a kind that it does not name counts as 0: adapters say ABSENT for
  // kinds that a format cannot express, and a kind that was not billed is 0 tokens.
  private static int tokens(CallTable table, Number kind, int row, boolean usage) {
    long tokens = table.number(kind, row);
    if (!usage) {
      return Tape.ABSENT_TOKENS;
    }
    return tokens == CallDraft.ABSENT ? 0 : Math.toIntExact(tokens);
  }

  private static final class Names {
    private final List<String> names = new ArrayList<>();
    private final Map<String, Short> codes = new HashMap<>();

    short code(String name) {
      if (name == null) {
        return -1;
      }
      Short known = codes.get(name);
      if (known != null) {
        return known;
      }
      short code = (short) names.size();
      if (names.size() == Short.MAX_VALUE) {
        throw new IllegalStateException("Cannot hold more than 32767 names in one tape");
      }
      names.add(name);
      codes.put(name, code);
      return code;
    }

    String[] array() {
      return names.toArray(String[]::new);
    }
  }
}
