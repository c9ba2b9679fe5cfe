package dev.homeward.calls;

import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what the log shows of one workload key. Calls may come in parts, as long as the calls of a
 * UTC day come together and sorted; profilers of other days are added to one another. Holds a few
 * bytes a call, for the quantiles.
 */
public final class WorkloadProfiler {
  private static final BillingMode[] MODES = BillingMode.values();
  private static final Operation[] OPERATIONS = Operation.values();

  private final WorkloadKey key;
  private final Counts counts = new Counts();
  private final TreeMap<String, Long> owners = new TreeMap<>();
  private final long[] billingCalls = new long[MODES.length];
  private final long[] operationCalls = new long[OPERATIONS.length];
  private final TreeMap<Place, Span> seen = new TreeMap<>();
  private final TreeMap<Long, Long> days = new TreeMap<>();
  private final Quantiles inputs = new Quantiles();
  private final Quantiles outputs = new Quantiles();
  private final Quantiles ttfts = new Quantiles();
  private final Quantiles tpots = new Quantiles();
  private final Quantiles e2es = new Quantiles();
  private final List<Quantiles> quantiles = List.of(inputs, outputs, ttfts, tpots, e2es);
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;
  private long maxContext;
  private long peak;
  private long minute = Long.MIN_VALUE;
  private long inMinute;

  /** No call. */
  public WorkloadProfiler(WorkloadKey key) {
    this.key = key;
  }

  /** What is added up. */
  private static final class Counts {
    private static final int WIDTH = 12;

    private long calls;
    private long failures;
    private long cacheHits;
    private long missingUsage;
    private long batchCalls;
    private long synthesised;
    private long scaled;
    private long input;
    private long cacheRead;
    private long cacheWrite;
    private long output;
    private long reasoning;

    void add(long[] more) {
      calls = Math.addExact(calls, more[0]);
      failures = Math.addExact(failures, more[1]);
      cacheHits = Math.addExact(cacheHits, more[2]);
      missingUsage = Math.addExact(missingUsage, more[3]);
      batchCalls = Math.addExact(batchCalls, more[4]);
      synthesised = Math.addExact(synthesised, more[5]);
      scaled = Math.addExact(scaled, more[6]);
      input = Math.addExact(input, more[7]);
      cacheRead = Math.addExact(cacheRead, more[8]);
      cacheWrite = Math.addExact(cacheWrite, more[9]);
      output = Math.addExact(output, more[10]);
      reasoning = Math.addExact(reasoning, more[11]);
    }

    long[] all() {
      return new long[] {
        calls,
        failures,
        cacheHits,
        missingUsage,
        batchCalls,
        synthesised,
        scaled,
        input,
        cacheRead,
        cacheWrite,
        output,
        reasoning
      };
    }
  }

  private record Place(String provider, String region) implements Comparable<Place> {
    @Override
    public int compareTo(Place o) {
      int c = provider.compareTo(o.provider);
      return c != 0 ? c : region.compareTo(o.region);
    }
  }

  private record Span(long calls, long first, long last) {
    Span plus(Span o) {
      return new Span(calls + o.calls, Math.min(first, o.first), Math.max(last, o.last));
    }
  }

  /**
   * The profile of a tape. Quantiles are exact: the smallest value with at least that share at or
   * below it.
   */
  public static WorkloadProfile profile(Tape tape) {
    WorkloadProfiler profiler = new WorkloadProfiler(tape.key);
    profiler.add(tape);
    return profiler.profile();
  }

  /** Adds calls of the month. */
  public void add(Tape tape) {
    long[] ownerCalls = new long[tape.owners.length];
    Places places = new Places(tape);
    for (int i = 0; i < tape.size; i++) {
      if ((tape.flags[i] & CallFlags.PROXY_CACHE_HIT) != 0) {
        counts.cacheHits++;
      } else if (tape.reachedModel(i)) {
        countCall(tape, i);
        places.add(tape, i);
        if (tape.owner[i] >= 0) {
          ownerCalls[tape.owner[i]]++;
        }
      } else {
        counts.failures++;
      }
    }
    for (int owner = 0; owner < ownerCalls.length; owner++) {
      if (ownerCalls[owner] > 0) {
        owners.merge(tape.owners[owner], ownerCalls[owner], Long::sum);
      }
    }
    places.addTo(seen);
    addDays(tape);
  }

  /** Adds calls from before the month, which count for the trend alone. */
  public void addDays(Tape tape) {
    long day = Long.MIN_VALUE;
    long inDay = 0;
    for (int i = 0; i < tape.size; i++) {
      if (tape.reachedModel(i)) {
        long of = Math.floorDiv(tape.startedAtMicros[i], TimeUnits.MICROS_PER_DAY);
        if (of != day) {
          addDay(day, inDay);
          day = of;
          inDay = 0;
        }
        inDay++;
      }
    }
    addDay(day, inDay);
  }

  private void addDay(long day, long calls) {
    if (calls > 0) {
      days.merge(day, calls, Math::addExact);
    }
  }

  private void countCall(Tape tape, int i) {
    counts.calls++;
    counts.synthesised += (tape.flags[i] & CallFlags.SYNTHESISED) == 0 ? 0 : 1;
    counts.scaled += (tape.flags[i] & CallFlags.SCALED) == 0 ? 0 : 1;
    first = Math.min(first, tape.startedAtMicros[i]);
    last = Math.max(last, tape.startedAtMicros[i]);
    long thisMinute = Math.floorDiv(tape.startedAtMicros[i], TimeUnits.MICROS_PER_MINUTE);
    inMinute = thisMinute == minute ? inMinute + 1 : 1;
    minute = thisMinute;
    peak = Math.max(peak, inMinute);
    billingCalls[tape.billingMode[i]]++;
    operationCalls[tape.operation[i]]++;
    if (tape.serviceTier[i] == ServiceTier.BATCH.ordinal()) {
      counts.batchCalls++;
    }
    if (tape.durationMicros[i] != CallDraft.ABSENT) {
      e2es.add(tape.durationMicros[i]);
    }
    if (tape.ttftMicros[i] != CallDraft.ABSENT) {
      ttfts.add(tape.ttftMicros[i]);
    }
    if (tape.hasUsage(i)) {
      countTokens(tape, i);
    } else {
      counts.missingUsage++;
    }
  }

  private void countTokens(Tape tape, int i) {
    counts.input = Math.addExact(counts.input, tape.inputTokens[i]);
    counts.cacheRead = Math.addExact(counts.cacheRead, tape.cacheReadTokens[i]);
    counts.cacheWrite =
        Math.addExact(
            counts.cacheWrite, (long) tape.cacheWrite5mTokens[i] + tape.cacheWrite1hTokens[i]);
    counts.output = Math.addExact(counts.output, tape.outputTokens[i]);
    counts.reasoning = Math.addExact(counts.reasoning, tape.reasoningTokens[i]);
    long total = tape.totalInputTokens(i);
    maxContext = Math.max(maxContext, total + tape.outputTokens[i]);
    inputs.add(total);
    outputs.add(tape.outputTokens[i]);
    if (tape.ttftMicros[i] != CallDraft.ABSENT
        && tape.durationMicros[i] != CallDraft.ABSENT
        && tape.outputTokens[i] > 1) {
      tpots.add((tape.durationMicros[i] - tape.ttftMicros[i]) / (tape.outputTokens[i] - 1));
    }
  }

  /** What was counted. */
  public WorkloadProfile profile() {
    List<WorkloadProfile.Seen> places = new ArrayList<>();
    seen.forEach(
        (place, span) ->
            places.add(
                new WorkloadProfile.Seen(
                    place.provider(), place.region(), span.calls(), span.first(), span.last())));
    return new WorkloadProfile(
        key,
        mostFrequentOwner(),
        MODES[largest(billingCalls)],
        OPERATIONS[largest(operationCalls)],
        seen.keySet().stream().map(Place::provider).filter(p -> !p.isEmpty()).distinct().toList(),
        List.copyOf(places),
        counts.calls,
        counts.failures,
        counts.cacheHits,
        counts.missingUsage,
        counts.batchCalls,
        counts.synthesised,
        counts.scaled,
        first,
        last,
        counts.input,
        counts.cacheRead,
        counts.cacheWrite,
        counts.output,
        counts.reasoning,
        inputs.quantile(0.5),
        inputs.quantile(0.99),
        outputs.quantile(0.5),
        outputs.quantile(0.99),
        maxContext,
        ttfts.quantile(0.95),
        tpots.quantile(0.95),
        e2es.quantile(0.95),
        peak,
        daily());
  }

  /** Whether any call of the month was added, also one that did not reach a model. */
  boolean sawAny() {
    return counts.calls + counts.failures + counts.cacheHits > 0;
  }

  private DailyCalls daily() {
    if (days.isEmpty()) {
      return DailyCalls.NONE;
    }
    long firstDay = days.firstKey();
    int[] calls = new int[Math.toIntExact(days.lastKey() - firstDay + 1)];
    days.forEach((day, n) -> calls[(int) (day - firstDay)] = Math.toIntExact(n));
    return new DailyCalls(firstDay, calls);
  }

  // Of several the first by name.
  private String mostFrequentOwner() {
    String best = "";
    long most = 0;
    for (Map.Entry<String, Long> owner : owners.entrySet()) {
      if (owner.getValue() > most) {
        best = owner.getKey();
        most = owner.getValue();
      }
    }
    return best;
  }

  private static int largest(long[] counts) {
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      if (counts[i] > counts[best]) {
        best = i;
      }
    }
    return best;
  }

  void encode(BlockBytes out) {
    for (long count : counts.all()) {
      out.write(count);
    }
    for (long count : billingCalls) {
      out.write(count);
    }
    for (long count : operationCalls) {
      out.write(count);
    }
    out.write(first);
    out.write(last);
    out.write(maxContext);
    out.write(peak);
    out.write(owners.size());
    owners.forEach(
        (owner, calls) -> {
          out.write(owner);
          out.write(calls);
        });
    out.write(seen.size());
    seen.forEach(
        (place, span) -> {
          out.write(place.provider());
          out.write(place.region());
          out.write(span.calls());
          out.write(span.first());
          out.write(span.last());
        });
    out.write(days.size());
    days.forEach(
        (day, calls) -> {
          out.write(day);
          out.write(calls);
        });
    quantiles.forEach(q -> q.encode(out));
  }

  /** Adds the calls of another profiler that was encoded, of other days of the same key. */
  void decode(BlockBytes in) {
    counts.add(longs(in, Counts.WIDTH));
    addAll(billingCalls, in);
    addAll(operationCalls, in);
    first = Math.min(first, in.read());
    last = Math.max(last, in.read());
    maxContext = Math.max(maxContext, in.read());
    peak = Math.max(peak, in.read());
    for (long n = in.read(); n > 0; n--) {
      owners.merge(in.readText(), in.read(), Math::addExact);
    }
    for (long n = in.read(); n > 0; n--) {
      seen.merge(
          new Place(in.readText(), in.readText()),
          new Span(in.read(), in.read(), in.read()),
          Span::plus);
    }
    for (long n = in.read(); n > 0; n--) {
      addDay(in.read(), in.read());
    }
    quantiles.forEach(q -> q.decode(in));
  }

  private static long[] longs(BlockBytes in, int size) {
    long[] longs = new long[size];
    for (int i = 0; i < size; i++) {
      longs[i] = in.read();
    }
    return longs;
  }

  private static void addAll(long[] sums, BlockBytes in) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.addExact(sums[i], in.read());
    }
  }

  // Calls by provider and region, as codes of the tape.
  private static final class Places {
    private final Tape tape;
    private final long[] calls;
    private final long[] first;
    private final long[] last;

    Places(Tape tape) {
      this.tape = tape;
      int size = (tape.providers.length + 1) * (tape.regions.length + 1);
      this.calls = new long[size];
      this.first = new long[size];
      this.last = new long[size];
    }

    void add(Tape tape, int i) {
      int place = (tape.provider[i] + 1) * (tape.regions.length + 1) + tape.region[i] + 1;
      long started = tape.startedAtMicros[i];
      if (calls[place]++ == 0) {
        first[place] = started;
        last[place] = started;
      }
      first[place] = Math.min(first[place], started);
      last[place] = Math.max(last[place], started);
    }

    void addTo(Map<Place, Span> seen) {
      for (int place = 0; place < calls.length; place++) {
        if (calls[place] > 0) {
          int provider = place / (tape.regions.length + 1) - 1;
          int region = place % (tape.regions.length + 1) - 1;
          seen.merge(
              new Place(
                  provider < 0 ? "" : tape.providers[provider],
                  region < 0 ? "" : tape.regions[region]),
              new Span(calls[place], first[place], last[place]),
              Span::plus);
        }
      }
    }
  }
}
