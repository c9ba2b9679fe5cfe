package dev.homeward.calls;

import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The calls of one workload key that reached a model, added up as finely as money asks: by UTC day,
 * place, provider, tier, billing mode and owner, on which side of each long-context limit they are,
 * and whether they have output. Whatever is priced is priced from these sums, so that calls may be
 * added in any order, in any parts, and need not be held.
 */
public final class UseTable {
  /** More owners than this in one workload are persons or requests, not cost centres. */
  public static final int MOST_OWNERS = 50;

  private static final int NO_USAGE = -1;
  private static final ServiceTier[] TIERS = ServiceTier.values();
  private static final BillingMode[] MODES = BillingMode.values();

  private static final int CALLS = 0;
  private static final int LOGGED_CALLS = 1;
  private static final int LOGGED_NANOS = 2;
  private static final int INPUT = 3;
  private static final int CACHE_READ = 4;
  private static final int CACHE_WRITE_5M = 5;
  private static final int CACHE_WRITE_1H = 6;
  private static final int OUTPUT = 7;
  private static final int REASONING = 8;
  private static final int AUDIO_INPUT = 9;
  private static final int AUDIO_OUTPUT = 10;
  private static final int WEB_SEARCHES = 11;
  private static final int WIDTH = 12;

  private final WorkloadKey key;
  private final long[] limits;
  private final TreeSet<String> owners = new TreeSet<>();
  private Map<Cell, long[]> cells = new TreeMap<>();

  /**
   * No call.
   *
   * @param limits input tokens at which a price list charges more, rising
   */
  public UseTable(WorkloadKey key, long[] limits) {
    this.key = key;
    this.limits = limits;
  }

  /** The calls of a tape. */
  public static UseTable of(Tape tape, long[] limits) {
    UseTable table = new UseTable(tape.key, limits);
    table.add(tape);
    return table;
  }

  // Texts are empty where the log says nothing.
  private record Cell(
      long day,
      String place,
      String provider,
      ServiceTier tier,
      BillingMode mode,
      String owner,
      int bracket,
      boolean output)
      implements Comparable<Cell> {
    @Override
    public int compareTo(Cell o) {
      int c = Long.compare(day, o.day);
      c = c != 0 ? c : place.compareTo(o.place);
      c = c != 0 ? c : provider.compareTo(o.provider);
      c = c != 0 ? c : tier.compareTo(o.tier);
      c = c != 0 ? c : mode.compareTo(o.mode);
      c = c != 0 ? c : owner.compareTo(o.owner);
      c = c != 0 ? c : Integer.compare(bracket, o.bracket);
      return c != 0 ? c : Boolean.compare(output, o.output);
    }
  }

  /**
   * Calls that every price list charges alike, and that one cost centre made in one way.
   *
   * @param day days since 1970-01-01, UTC
   * @param place where they were served, as in the column served_by; empty where the log does not
   *     say
   * @param provider likewise
   * @param owner empty where the log names none, or so many that they are no cost centres
   * @param hasUsage whether they have token counts; without them the counts are 0
   * @param aboveInput their input tokens are more than this; -1 where nothing bounds them
   * @param upToInput and at most so many
   * @param hasOutput whether each of them has output
   * @param amount with {@code calls}
   * @param reasoning of the output
   * @param loggedCalls calls with a cost of the log's own
   * @param loggedNanoUsd what these add up to
   */
  public record Use(
      long day,
      String place,
      String provider,
      ServiceTier tier,
      BillingMode billingMode,
      String owner,
      boolean hasUsage,
      long aboveInput,
      long upToInput,
      boolean hasOutput,
      ApiUse.Amount amount,
      long reasoning,
      long loggedCalls,
      long loggedNanoUsd) {}

  /** Whose calls they are. */
  public WorkloadKey key() {
    return key;
  }

  /** The sums, by day, place, provider, tier, billing mode, owner, limit. */
  public List<Use> uses() {
    List<Use> uses = new ArrayList<>();
    cells.forEach(
        (cell, sums) -> {
          boolean hasUsage = cell.bracket != NO_USAGE;
          uses.add(
              new Use(
                  cell.day,
                  cell.place,
                  cell.provider,
                  cell.tier,
                  cell.mode,
                  cell.owner,
                  hasUsage,
                  cell.bracket <= 0 ? -1 : limits[cell.bracket - 1],
                  !hasUsage || cell.bracket == limits.length
                      ? Long.MAX_VALUE
                      : limits[cell.bracket],
                  cell.output,
                  new ApiUse.Amount(
                      sums[CALLS],
                      sums[INPUT],
                      sums[CACHE_READ],
                      sums[CACHE_WRITE_5M],
                      sums[CACHE_WRITE_1H],
                      sums[OUTPUT],
                      sums[AUDIO_INPUT],
                      sums[AUDIO_OUTPUT],
                      sums[WEB_SEARCHES]),
                  sums[REASONING],
                  sums[LOGGED_CALLS],
                  sums[LOGGED_NANOS]));
        });
    return uses;
  }

  /** What the calls with token counts take of the API, by line of a bill. */
  public ApiUse apiUse() {
    TreeMap<ApiLine, ApiUse.Amount> byLine = new TreeMap<>();
    for (Use use : uses()) {
      if (use.hasUsage()) {
        byLine.merge(
            new ApiLine(
                key.hostedModel(), use.place(), use.tier(), use.aboveInput(), use.upToInput()),
            use.amount(),
            ApiUse.Amount::plus);
      }
    }
    return ApiUse.of(byLine);
  }

  /** The calls of a UTC day at one provider, whose name is empty where the log gives none. */
  public record OfProvider(long day, String provider, UseTable uses) {}

  /** The calls by day, then provider. */
  public List<OfProvider> byDayAndProvider() {
    TreeMap<Long, TreeMap<String, UseTable>> parts = new TreeMap<>();
    cells.forEach(
        (cell, sums) ->
            parts
                .computeIfAbsent(cell.day, day -> new TreeMap<>())
                .computeIfAbsent(cell.provider, provider -> new UseTable(key, limits))
                .add(cell, sums));
    List<OfProvider> of = new ArrayList<>();
    parts.forEach(
        (day, providers) ->
            providers.forEach((provider, uses) -> of.add(new OfProvider(day, provider, uses))));
    return of;
  }

  /**
   * Adds the calls of a tape.
   *
   * @throws ArithmeticException if a sum does not fit into a long
   */
  public void add(Tape tape) {
    know(owners(tape));
    boolean apart = owners.size() <= MOST_OWNERS;
    Codes codes = new Codes(tape, limits.length);
    long day = Long.MIN_VALUE;
    long lastCode = Long.MIN_VALUE;
    long[] sums = null;
    Map<Long, long[]> today = new HashMap<>();
    for (int i = 0; i < tape.size; i++) {
      if (!tape.reachedModel(i)) {
        continue;
      }
      long of = Math.floorDiv(tape.startedAtMicros[i], TimeUnits.MICROS_PER_DAY);
      if (of != day) {
        addDay(day, codes, today);
        day = of;
        lastCode = Long.MIN_VALUE;
      }
      long code = codes.of(i, bracket(tape, i), apart);
      if (code != lastCode) {
        sums = today.computeIfAbsent(code, c -> new long[WIDTH]);
        lastCode = code;
      }
      addCall(tape, i, sums);
    }
    addDay(day, codes, today);
  }

  // Of all its calls, also of those that did not reach a model.
  private static List<String> owners(Tape tape) {
    boolean[] used = new boolean[tape.owners.length];
    for (int i = 0; i < tape.size; i++) {
      if (tape.owner[i] >= 0) {
        used[tape.owner[i]] = true;
      }
    }
    List<String> owners = new ArrayList<>();
    for (int owner = 0; owner < used.length; owner++) {
      if (used[owner]) {
        owners.add(tape.owners[owner]);
      }
    }
    return owners;
  }

  private int bracket(Tape tape, int call) {
    if (!tape.hasUsage(call)) {
      return NO_USAGE;
    }
    long input = tape.totalInputTokens(call);
    int bracket = 0;
    while (bracket < limits.length && input > limits[bracket]) {
      bracket++;
    }
    return bracket;
  }

  private static void addCall(Tape tape, int i, long[] sums) {
    sums[CALLS]++;
    if (tape.loggedNanoUsd[i] != CallDraft.ABSENT) {
      sums[LOGGED_CALLS]++;
      sums[LOGGED_NANOS] = Math.addExact(sums[LOGGED_NANOS], tape.loggedNanoUsd[i]);
    }
    if (!tape.hasUsage(i)) {
      return;
    }
    // An int a call: no sum of a tape's calls leaves a long, and sums of sums are checked.
    sums[INPUT] += tape.inputTokens[i];
    sums[CACHE_READ] += tape.cacheReadTokens[i];
    sums[CACHE_WRITE_5M] += tape.cacheWrite5mTokens[i];
    sums[CACHE_WRITE_1H] += tape.cacheWrite1hTokens[i];
    sums[OUTPUT] += tape.outputTokens[i];
    sums[REASONING] += tape.reasoningTokens[i];
    if (tape.hasExtras()) {
      sums[AUDIO_INPUT] += tape.audioInputTokens(i);
      sums[AUDIO_OUTPUT] += tape.audioOutputTokens(i);
      sums[WEB_SEARCHES] += tape.webSearches(i);
    }
  }

  private void addDay(long day, Codes codes, Map<Long, long[]> today) {
    today.forEach((code, sums) -> add(codes.cell(day, code), sums));
    today.clear();
  }

  private void add(Cell cell, long[] more) {
    long[] sums = cells.computeIfAbsent(cell, c -> new long[WIDTH]);
    for (int i = 0; i < WIDTH; i++) {
      sums[i] = Math.addExact(sums[i], more[i]);
    }
  }

  // From one owner too many on they are not kept apart.
  private void know(Iterable<String> names) {
    boolean apart = owners.size() <= MOST_OWNERS;
    for (String owner : names) {
      if (owners.size() > MOST_OWNERS) {
        break;
      }
      owners.add(owner);
    }
    if (apart && owners.size() > MOST_OWNERS) {
      Map<Cell, long[]> before = cells;
      cells = new TreeMap<>();
      before.forEach((cell, sums) -> add(withoutOwner(cell), sums));
    }
  }

  private static Cell withoutOwner(Cell cell) {
    return new Cell(
        cell.day, cell.place, cell.provider, cell.tier, cell.mode, "", cell.bracket, cell.output);
  }

  void encode(BlockBytes out) {
    out.write(owners.size());
    owners.forEach(out::write);
    out.write(cells.size());
    long[] day = {0};
    cells.forEach(
        (cell, sums) -> {
          out.write(cell.day - day[0]);
          day[0] = cell.day;
          out.write(cell.place);
          out.write(cell.provider);
          out.write(cell.tier.ordinal());
          out.write(cell.mode.ordinal());
          out.write(cell.owner);
          out.write(cell.bracket);
          out.write(cell.output ? 1 : 0);
          for (long sum : sums) {
            out.write(sum);
          }
        });
  }

  /** Adds the calls of another table that was encoded, of the same key and limits. */
  void decode(BlockBytes in) {
    List<String> theirs = new ArrayList<>();
    for (long n = in.read(); n > 0; n--) {
      theirs.add(in.readText());
    }
    know(theirs);
    boolean apart = owners.size() <= MOST_OWNERS;
    long day = 0;
    for (long n = in.read(); n > 0; n--) {
      day += in.read();
      Cell cell =
          new Cell(
              day,
              in.readText(),
              in.readText(),
              TIERS[(int) in.read()],
              MODES[(int) in.read()],
              in.readText(),
              (int) in.read(),
              in.read() == 1);
      long[] sums = new long[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        sums[i] = in.read();
      }
      add(apart ? cell : withoutOwner(cell), sums);
    }
  }

  /** What calls of a tape share, as one number. */
  private static final class Codes {
    private final Tape tape;
    private final int brackets;
    private final long owners;
    private final long providers;

    Codes(Tape tape, int limits) {
      this.tape = tape;
      this.brackets = limits + 2;
      this.owners = tape.owners.length + 1L;
      this.providers = tape.providers.length + 1L;
    }

    long of(int i, int bracket, boolean apart) {
      long code = tape.servedBy[i] + 1L;
      code = code * providers + tape.provider[i] + 1;
      code = code * owners + (apart ? tape.owner[i] + 1L : 0);
      code = code * TIERS.length + tape.serviceTier[i];
      code = code * MODES.length + tape.billingMode[i];
      code = code * brackets + bracket + 1;
      return code * 2 + (bracket != NO_USAGE && tape.outputTokens[i] > 0 ? 1 : 0);
    }

    Cell cell(long day, long code) {
      boolean output = code % 2 == 1;
      long rest = code / 2;
      int bracket = (int) (rest % brackets) - 1;
      rest /= brackets;
      BillingMode mode = MODES[(int) (rest % MODES.length)];
      rest /= MODES.length;
      ServiceTier tier = TIERS[(int) (rest % TIERS.length)];
      rest /= TIERS.length;
      int owner = (int) (rest % owners) - 1;
      rest /= owners;
      int provider = (int) (rest % providers) - 1;
      int place = (int) (rest / providers) - 1;
      return new Cell(
          day,
          place < 0 ? "" : tape.places[place],
          provider < 0 ? "" : tape.providers[provider],
          tier,
          mode,
          owner < 0 ? "" : tape.owners[owner],
          bracket,
          output);
    }
  }
}
