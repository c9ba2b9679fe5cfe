package dev.homeward.calls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tape whose calls are sorted by the line of the API's bill that they belong to. This is what a
 * replay takes: calls that it sends to the API are then known by line, whatever the prices, and
 * there is no tape whose calls cost nothing there because nobody priced them.
 *
 * <p>Costs two bytes a call, and a pass over the tape when it is made; the tape is complete by then
 * and does not change any more.
 */
public final class BilledTape {
  /** The line of a call that no bill knows: it did not reach a model, or has no usage. */
  private static final short NO_LINE = -1;

  private static final ServiceTier[] TIERS = ServiceTier.values();

  public final Tape tape;
  private final short[] line;
  private final List<ApiLine> lines;

  /** Found when it is first asked for; a merged tape has those of its parts. */
  private volatile Sessions sessions;

  private BilledTape(Tape tape, short[] line, List<ApiLine> lines) {
    this.tape = tape;
    this.line = line;
    this.lines = lines;
  }

  /**
   * The tape under price lists without a long-context limit. Under one that has a limit, the cost
   * of its calls cannot be told: {@code Pricer.billed} knows the limits.
   */
  public static BilledTape of(Tape tape) {
    return of(tape, new long[0]);
  }

  /**
   * The tape under price lists with these long-context limits.
   *
   * @param limits input tokens, rising
   */
  public static BilledTape of(Tape tape, long[] limits) {
    short[] line = new short[tape.size];
    Lines lines = new Lines();
    int brackets = limits.length + 1;
    short[] known = new short[(tape.places.length + 1) * TIERS.length * brackets];
    Arrays.fill(known, NO_LINE);
    for (int i = 0; i < tape.size; i++) {
      if (!tape.reachedModel(i) || !tape.hasUsage(i)) {
        line[i] = NO_LINE;
        continue;
      }
      long input = tape.totalInputTokens(i);
      int bracket = 0;
      while (bracket < limits.length && input > limits[bracket]) {
        bracket++;
      }
      int at = ((tape.servedBy[i] + 1) * TIERS.length + tape.serviceTier[i]) * brackets + bracket;
      if (known[at] == NO_LINE) {
        known[at] =
            lines.code(
                new ApiLine(
                    tape.key.hostedModel(),
                    tape.servedBy[i] < 0 ? "" : tape.places[tape.servedBy[i]],
                    TIERS[tape.serviceTier[i]],
                    bracket == 0 ? -1 : limits[bracket - 1],
                    bracket == limits.length ? Long.MAX_VALUE : limits[bracket]));
      }
      line[i] = known[at];
    }
    return new BilledTape(tape, line, lines.all());
  }

  /** {@link Tapes#scaled}, by the same lines. */
  public BilledTape scaled(double volume, long fromMicros, long toMicros) {
    return scaled(Tapes.scaledRows(tape, volume, fromMicros, toMicros));
  }

  /** The calls of the source of a window, as the copy has them. */
  public BilledTape copied(VolumeWindow.Source source) {
    return scaled(Tapes.copied(tape, source));
  }

  private BilledTape scaled(Tapes.Scaled scaled) {
    if (scaled.tape() == tape) {
      return this;
    }
    short[] of = new short[scaled.tape().size];
    for (int i = 0; i < of.length; i++) {
      of[i] = line[scaled.rows()[i]];
    }
    return new BilledTape(scaled.tape(), of, lines);
  }

  /**
   * Calls of several tapes in one, and which tape each is of.
   *
   * @param origin index of the tape, by call
   */
  public record Merged(BilledTape billed, short[] origin) {}

  /**
   * The calls of a workload that start in a window, from tapes of parts of its time.
   *
   * @param parts none empty, each ended before the next one begins
   */
  public static BilledTape joined(
      WorkloadKey key, List<BilledTape> parts, long fromMicros, long toMicros) {
    int[] first = new int[parts.size()];
    int[] end = new int[parts.size()];
    int size = 0;
    for (int p = 0; p < first.length; p++) {
      first[p] = parts.get(p).firstAt(fromMicros);
      end[p] = parts.get(p).firstAt(toMicros);
      size = Math.addExact(size, end[p] - first[p]);
    }
    String[] none = new String[0];
    Tape joined = new Tape(key, size, none, none, none, none);
    Arrays.fill(joined.provider, (short) -1);
    Arrays.fill(joined.servedBy, (short) -1);
    short[] line = new short[size];
    Lines lines = new Lines();
    List<short[]> codeOf = codes(parts, lines);
    int at = 0;
    for (int p = 0; p < first.length; p++) {
      BilledTape part = parts.get(p);
      part.tape.copyTo(joined, first[p], end[p], at);
      for (int i = first[p]; i < end[p]; i++) {
        line[at++] = part.line[i] == NO_LINE ? NO_LINE : codeOf.get(p)[part.line[i]];
      }
    }
    return new BilledTape(joined, line, lines.all());
  }

  /** The first call that starts at an instant or later; the size where none does. */
  private int firstAt(long micros) {
    int low = 0;
    int high = tape.size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (tape.startedAtMicros[middle] < micros) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  // By tape, what its lines are among those of all.
  private static List<short[]> codes(List<BilledTape> tapes, Lines all) {
    List<short[]> codeOf = new ArrayList<>();
    for (BilledTape tape : tapes) {
      short[] mine = new short[tape.lines.size()];
      for (int l = 0; l < mine.length; l++) {
        mine[l] = all.code(tape.lines.get(l));
      }
      codeOf.add(mine);
    }
    return codeOf;
  }

  /**
   * Lines as they come. A log that names a place of its own for each call would have as many lines:
   * from a number on places are not told apart, and what is new counts as served nobody knows
   * where.
   */
  private static final class Lines {
    private static final int MOST_WITH_PLACES = 1 << 14;

    private final List<ApiLine> lines = new ArrayList<>();
    private final Map<ApiLine, Short> codes = new HashMap<>();

    short code(ApiLine line) {
      Short known = codes.get(line);
      if (known != null) {
        return known;
      }
      if (lines.size() >= MOST_WITH_PLACES && !line.provider().isEmpty()) {
        return code(line.anywhere());
      }
      if (lines.size() == Short.MAX_VALUE) {
        throw new IllegalStateException("more models, tiers and limits than any price list has");
      }
      short code = (short) lines.size();
      lines.add(line);
      codes.put(line, code);
      return code;
    }

    List<ApiLine> all() {
      return List.copyOf(lines);
    }
  }

  /** Merges tapes by start, ties in their order. */
  public static Merged merge(WorkloadKey key, List<BilledTape> tapes) {
    Tapes.Merged merged = Tapes.merge(key, tapes.stream().map(t -> t.tape).toList());
    Lines lines = new Lines();
    List<short[]> codeOf = codes(tapes, lines);
    short[] line = new short[merged.tape().size];
    for (int i = 0; i < line.length; i++) {
      int from = merged.origin()[i];
      short there = tapes.get(from).line[merged.rows()[i]];
      line[i] = there == NO_LINE ? NO_LINE : codeOf.get(from)[there];
    }
    BilledTape billed = new BilledTape(merged.tape(), line, lines.all());
    billed.sessions =
        Sessions.merged(
            tapes.stream().map(BilledTape::sessions).toList(), merged.origin(), merged.rows());
    return new Merged(billed, merged.origin());
  }

  /** Its sessions, as far as calls find parts of earlier ones' prompts again. */
  public Sessions sessions() {
    Sessions known = sessions;
    if (known == null) {
      known = Sessions.of(tape);
      sessions = known;
    }
    return known;
  }

  /** Sums of calls by line, as a replay fills them. */
  public Sums sums() {
    return new Sums();
  }

  /** What all its calls take of the API. */
  public ApiUse use() {
    Sums sums = sums();
    for (int i = 0; i < tape.size; i++) {
      if (line[i] != NO_LINE) {
        sums.add(i);
      }
    }
    return sums.use();
  }

  /** Adds up calls of this tape by line. */
  public final class Sums {
    private static final int CALLS = 0;
    private static final int INPUT = 1;
    private static final int CACHE_READ = 2;
    private static final int CACHE_WRITE_5M = 3;
    private static final int CACHE_WRITE_1H = 4;
    private static final int OUTPUT = 5;
    private static final int AUDIO_INPUT = 6;
    private static final int AUDIO_OUTPUT = 7;
    private static final int WEB_SEARCHES = 8;
    private static final int WIDTH = 9;

    private final long[] sums = new long[lines.size() * WIDTH];

    private Sums() {}

    /**
     * Adds a call.
     *
     * @param row of the tape; of a call that reached a model, with usage
     * @throws ArithmeticException if a sum does not fit into a long
     */
    public void add(int row) {
      int at = line[row] * WIDTH;
      sums[at + CALLS]++;
      add(at + INPUT, tape.inputTokens[row]);
      add(at + CACHE_READ, tape.cacheReadTokens[row]);
      add(at + CACHE_WRITE_5M, tape.cacheWrite5mTokens[row]);
      add(at + CACHE_WRITE_1H, tape.cacheWrite1hTokens[row]);
      add(at + OUTPUT, tape.outputTokens[row]);
      if (tape.hasExtras()) {
        add(at + AUDIO_INPUT, tape.audioInputTokens(row));
        add(at + AUDIO_OUTPUT, tape.audioOutputTokens(row));
        add(at + WEB_SEARCHES, tape.webSearches(row));
      }
    }

    private void add(int at, int tokens) {
      sums[at] = Math.addExact(sums[at], tokens);
    }

    /** What the calls added so far take of the API. */
    public ApiUse use() {
      Map<ApiLine, ApiUse.Amount> byLine = new TreeMap<>();
      for (int l = 0; l < lines.size(); l++) {
        int at = l * WIDTH;
        byLine.put(
            lines.get(l),
            new ApiUse.Amount(
                sums[at + CALLS],
                sums[at + INPUT],
                sums[at + CACHE_READ],
                sums[at + CACHE_WRITE_5M],
                sums[at + CACHE_WRITE_1H],
                sums[at + OUTPUT],
                sums[at + AUDIO_INPUT],
                sums[at + AUDIO_OUTPUT],
                sums[at + WEB_SEARCHES]));
      }
      return ApiUse.of(byLine);
    }
  }
}
