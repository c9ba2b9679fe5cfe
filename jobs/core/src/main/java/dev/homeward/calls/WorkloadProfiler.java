package dev.homeward.calls;

import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Counts what the log shows of one workload key. */
public final class WorkloadProfiler {

  private final Tape tape;
  private final long[] ownerCalls;
  private final long[] billingCalls = new long[BillingMode.values().length];
  private final long[] operationCalls = new long[Operation.values().length];
  private final TreeSet<String> providers = new TreeSet<>();
  private final Places places;
  private final Sample inputs;
  private final Sample outputs;
  private final Sample ttfts;
  private final Sample tpots;
  private final Sample e2es;
  private long calls;
  private long failures;
  private long cacheHits;
  private long missingUsage;
  private long batchCalls;
  private long synthesised;
  private long scaled;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;
  private long input;
  private long cacheRead;
  private long cacheWrite;
  private long output;
  private long reasoning;
  private long maxContext;
  private long peak;
  private long minute = Long.MIN_VALUE;
  private long inMinute;

  private WorkloadProfiler(Tape tape) {
    this.tape = tape;
    this.ownerCalls = new long[tape.owners.length];
    this.places = new Places(tape);
    this.inputs = new Sample(tape.size);
    this.outputs = new Sample(tape.size);
    this.ttfts = new Sample(tape.size);
    this.tpots = new Sample(tape.size);
    this.e2es = new Sample(tape.size);
  }

  /**
   * The profile of a tape. Quantiles are exact: the smallest value with at least that share at or
   * below it.
   */
  public static WorkloadProfile profile(Tape tape) {
    return profile(tape, DailyCalls.of(tape));
  }

  /**
   * The profile of a month's tape.
   *
   * @param daily the days of the whole log
   */
  public static WorkloadProfile profile(Tape tape, DailyCalls daily) {
    WorkloadProfiler profiler = new WorkloadProfiler(tape);
    for (int i = 0; i < tape.size; i++) {
      if ((tape.flags[i] & CallFlags.PROXY_CACHE_HIT) != 0) {
        profiler.cacheHits++;
      } else if (tape.reachedModel(i)) {
        profiler.countCall(i);
      } else {
        profiler.failures++;
      }
    }
    return profiler.profile(daily);
  }

  private void countCall(int i) {
    calls++;
    synthesised += (tape.flags[i] & CallFlags.SYNTHESISED) == 0 ? 0 : 1;
    scaled += (tape.flags[i] & CallFlags.SCALED) == 0 ? 0 : 1;
    first = Math.min(first, tape.startedAtMicros[i]);
    last = Math.max(last, tape.startedAtMicros[i]);
    long thisMinute = Math.floorDiv(tape.startedAtMicros[i], TimeUnits.MICROS_PER_MINUTE);
    inMinute = thisMinute == minute ? inMinute + 1 : 1;
    minute = thisMinute;
    peak = Math.max(peak, inMinute);
    if (tape.owner[i] >= 0) {
      ownerCalls[tape.owner[i]]++;
    }
    billingCalls[tape.billingMode[i]]++;
    operationCalls[tape.operation[i]]++;
    if (tape.provider[i] >= 0) {
      providers.add(tape.providers[tape.provider[i]]);
    }
    places.add(tape, i);
    if (tape.serviceTier[i] == ServiceTier.BATCH.ordinal()) {
      batchCalls++;
    }
    if (tape.durationMicros[i] != CallDraft.ABSENT) {
      e2es.add(tape.durationMicros[i]);
    }
    if (tape.ttftMicros[i] != CallDraft.ABSENT) {
      ttfts.add(tape.ttftMicros[i]);
    }
    if (tape.hasUsage(i)) {
      countTokens(i);
    } else {
      missingUsage++;
    }
  }

  private void countTokens(int i) {
    input = Math.addExact(input, tape.inputTokens[i]);
    cacheRead = Math.addExact(cacheRead, tape.cacheReadTokens[i]);
    cacheWrite =
        Math.addExact(cacheWrite, (long) tape.cacheWrite5mTokens[i] + tape.cacheWrite1hTokens[i]);
    output = Math.addExact(output, tape.outputTokens[i]);
    reasoning = Math.addExact(reasoning, tape.reasoningTokens[i]);
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

  private WorkloadProfile profile(DailyCalls daily) {
    return new WorkloadProfile(
        tape.key,
        mostFrequent(tape.owners, ownerCalls),
        BillingMode.values()[largest(billingCalls)],
        Operation.values()[largest(operationCalls)],
        List.copyOf(new ArrayList<>(providers)),
        places.seen(),
        calls,
        failures,
        cacheHits,
        missingUsage,
        batchCalls,
        synthesised,
        scaled,
        first,
        last,
        input,
        cacheRead,
        cacheWrite,
        output,
        reasoning,
        inputs.quantile(0.5),
        inputs.quantile(0.99),
        outputs.quantile(0.5),
        outputs.quantile(0.99),
        maxContext,
        ttfts.quantile(0.95),
        tpots.quantile(0.95),
        e2es.quantile(0.95),
        peak,
        daily);
  }

  private static String mostFrequent(String[] names, long[] counts) {
    String best = "";
    long most = 0;
    for (int i = 0; i < names.length; i++) {
      if (counts[i] > most || (counts[i] == most && most > 0 && names[i].compareTo(best) < 0)) {
        best = names[i];
        most = counts[i];
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

  // Calls by provider and region.
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

    List<WorkloadProfile.Seen> seen() {
      List<WorkloadProfile.Seen> seen = new ArrayList<>();
      for (int place = 0; place < calls.length; place++) {
        if (calls[place] > 0) {
          int provider = place / (tape.regions.length + 1) - 1;
          int region = place % (tape.regions.length + 1) - 1;
          seen.add(
              new WorkloadProfile.Seen(
                  provider < 0 ? "" : tape.providers[provider],
                  region < 0 ? "" : tape.regions[region],
                  calls[place],
                  first[place],
                  last[place]));
        }
      }
      seen.sort(
          Comparator.comparing(WorkloadProfile.Seen::provider)
              .thenComparing(WorkloadProfile.Seen::region));
      return List.copyOf(seen);
    }
  }

  private static final class Sample {
    private final long[] values;
    private int size;

    Sample(int capacity) {
      values = new long[capacity];
    }

    void add(long value) {
      values[size++] = value;
    }

    OptionalLong quantile(double share) {
      if (size == 0) {
        return OptionalLong.empty();
      }
      Arrays.sort(values, 0, size);
      return OptionalLong.of(values[Math.max(0, (int) Math.ceil(share * size) - 1)]);
    }
  }
}
