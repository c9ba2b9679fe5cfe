package dev.homeward.validate;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallIds;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Nested;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.files.Files;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Sink;
import dev.homeward.logs.CallNamer;
import dev.homeward.logs.FileCounts;
import dev.homeward.logs.LogFile;
import dev.homeward.logs.LogRange;
import dev.homeward.logs.LogSettings;
import dev.homeward.progress.Progress;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.TimeUnits;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One pass over a log without Spark: what each file holds, and the sums of its calls by workload
 * key and month. On threads of this machine, over byte ranges; the result does not depend on
 * either.
 */
final class LogScan {
  /** Past this many ids copies are not looked for: each takes 8 bytes here, and 16 to compare. */
  public static final int MOST_IDS = 40_000_000;

  /** Past this many spans calls that repeat others are not looked for: each takes 80 bytes. */
  static final int MOST_SPANS = 8_000_000;

  /** Small, so that no thread is left alone with the last one. */
  private static final long RANGE_BYTES = 16L << 20;

  private static final int MOST_NAMES = 50_000;

  private final Files storage;
  private final LogSettings settings;
  private final ZoneId zone;
  private final int threads;
  private final boolean ids;
  private final AtomicLong spansSeen = new AtomicLong();

  /**
   * @param zone of the months
   * @param ids whether the ids of calls are kept, so that copies can be counted
   */
  public LogScan(Files storage, LogSettings settings, ZoneId zone, int threads, boolean ids) {
    this.storage = storage;
    this.settings = settings;
    this.zone = zone;
    this.threads = threads;
    this.ids = ids;
  }

  /** Months since the year 0 and a key. */
  public record KeyMonth(WorkloadKey key, int month) implements Comparable<KeyMonth> {
    @Override
    public int compareTo(KeyMonth other) {
      int c = key.compareTo(other.key);
      return c != 0 ? c : Integer.compare(month, other.month);
    }
  }

  /** Sums over calls; tokens of calls that say them, dollars of calls that say them. */
  public static final class CallSums {
    long calls;
    long input;
    long cacheRead;
    long cacheWrite5m;
    long cacheWrite1h;
    long output;
    long loggedCalls;
    private long loggedNanoUsd;

    /** The part of the sum that does not fit into a long: a log may claim any amount. */
    private BigInteger loggedBefore = BigInteger.ZERO;

    void add(CallDraft call) {
      calls++;
      input += Math.max(call.inputTokens, 0);
      cacheRead += Math.max(call.cacheReadTokens, 0);
      cacheWrite5m += Math.max(call.cacheWrite5mTokens, 0);
      cacheWrite1h += Math.max(call.cacheWrite1hTokens, 0);
      output += Math.max(call.outputTokens, 0);
      if (call.loggedNanoUsd != CallDraft.ABSENT) {
        addLogged(call.loggedNanoUsd);
        loggedCalls++;
      }
    }

    void add(CallSums other) {
      calls += other.calls;
      input = Math.addExact(input, other.input);
      cacheRead = Math.addExact(cacheRead, other.cacheRead);
      cacheWrite5m = Math.addExact(cacheWrite5m, other.cacheWrite5m);
      cacheWrite1h = Math.addExact(cacheWrite1h, other.cacheWrite1h);
      output = Math.addExact(output, other.output);
      addLogged(other.loggedNanoUsd);
      loggedBefore = loggedBefore.add(other.loggedBefore);
      loggedCalls += other.loggedCalls;
    }

    private void addLogged(long nanoUsd) {
      long sum = loggedNanoUsd + nanoUsd;
      if (((loggedNanoUsd ^ sum) & (nanoUsd ^ sum)) < 0) {
        loggedBefore = loggedBefore.add(BigInteger.valueOf(loggedNanoUsd));
        sum = nanoUsd;
      }
      loggedNanoUsd = sum;
    }

    /** Dollars that the log itself says, to the cent. */
    String loggedUsd() {
      return new BigDecimal(loggedBefore.add(BigInteger.valueOf(loggedNanoUsd)), 9)
          .setScale(2, RoundingMode.HALF_EVEN)
          .toPlainString();
    }

    long tokens() {
      return input + cacheRead + cacheWrite5m + cacheWrite1h + output;
    }
  }

  /** What one file, or one range of it, holds. Copies are still among the calls. */
  public static final class FileScan {
    final FileCounts counts = new FileCounts();
    final TreeMap<KeyMonth, CallSums> sums = new TreeMap<>();
    final CallSums ofBuckets = new CallSums();

    /** Names under which unassigned calls stand, with their calls. */
    final Map<String, Map<String, Long>> unassigned = new TreeMap<>();

    long firstMicros = Long.MAX_VALUE;
    long lastMicros = Long.MIN_VALUE;
    long lines;
    long failures;
    long missingUsage;

    /**
     * The highest cost of a call by the log itself, and its line; line 0 where no call has a cost.
     */
    long dearestNanoUsd;

    long dearestLine;
    long proxyCacheHits;
    long zoneAssumed;
    long estimated;
    long interrupted;
    long retried;
    long withoutId;
    long[] ids = {};
    int idCount;

    /** Calls in traces, and what stands between them. */
    CallIds spans = new CallIds(0);

    void add(FileScan later) {
      later.counts.samples.replaceAll(s -> s.moved(lines));
      counts.add(later.counts);
      ofBuckets.add(later.ofBuckets);
      later.sums.forEach((key, sum) -> sums.computeIfAbsent(key, k -> new CallSums()).add(sum));
      later.unassigned.forEach(
          (source, values) ->
              values.forEach(
                  (value, calls) ->
                      unassigned
                          .computeIfAbsent(source, s -> new HashMap<>())
                          .merge(value, calls, Long::sum)));
      firstMicros = Math.min(firstMicros, later.firstMicros);
      lastMicros = Math.max(lastMicros, later.lastMicros);
      if (later.dearestNanoUsd > dearestNanoUsd) {
        dearestNanoUsd = later.dearestNanoUsd;
        dearestLine = later.dearestLine + lines;
      }
      lines += later.lines;
      failures += later.failures;
      missingUsage += later.missingUsage;
      proxyCacheHits += later.proxyCacheHits;
      zoneAssumed += later.zoneAssumed;
      estimated += later.estimated;
      interrupted += later.interrupted;
      retried += later.retried;
      withoutId += later.withoutId;
      for (int row = 0; row < later.spans.size(); row++) {
        spans.addFrom(later.spans, row);
      }
      int both = Math.addExact(idCount, later.idCount);
      ids = both > ids.length ? Arrays.copyOf(ids, Math.max(both, ids.length * 2)) : ids;
      System.arraycopy(later.ids, 0, ids, idCount, later.idCount);
      idCount = both;
    }

    CallSums total() {
      CallSums total = new CallSums();
      sums.values().forEach(total::add);
      return total;
    }
  }

  /**
   * Scans the files.
   *
   * @return what each holds, in their order
   * @throws InvalidInput if a file cannot be read to its end
   */
  public List<FileScan> run(List<LogFile> files, Progress progress) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Map<String, FileScan> byFile = scan(pool, files, Map.of(), progress);
      Map<String, Set<Long>> nested = nested(byFile);
      List<LogFile> again = files.stream().filter(f -> nested.containsKey(f.name())).toList();
      if (!again.isEmpty()) {
        // Only now is it known which calls repeat others; the sums are made without them.
        byFile.putAll(scan(pool, again, nested, progress));
      }
      List<FileScan> inOrder = new ArrayList<>();
      for (LogFile file : files) {
        FileScan scan = byFile.get(file.name());
        scan.counts.trimSamples();
        scan.spans = new CallIds(0);
        inOrder.add(scan);
      }
      return inOrder;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException damaged
          ? new InvalidInput(damaged.getMessage(), damaged)
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading logs", e);
    } finally {
      pool.shutdownNow();
    }
  }

  private Map<String, FileScan> scan(
      ExecutorService pool, List<LogFile> files, Map<String, Set<Long>> nested, Progress progress)
      throws ExecutionException, InterruptedException {
    List<LogRange> ranges = LogRange.of(files, RANGE_BYTES);
    long bytes = ranges.stream().mapToLong(LogRange::bytes).sum();
    Progress.Bar bar = progress.bar("reading", bytes, "MB", 1_000_000);
    List<Future<FileScan>> scans = new ArrayList<>();
    ThreadLocal<RangeScanner> scanners =
        ThreadLocal.withInitial(() -> new RangeScanner(settings.namer()));
    for (LogRange range : ranges) {
      scans.add(
          pool.submit(
              () -> {
                Set<Long> left = nested.getOrDefault(range.file().name(), Set.of());
                FileScan scan = scanners.get().scan(range, left);
                bar.add(range.bytes());
                return scan;
              }));
    }
    Map<String, FileScan> byFile = new HashMap<>();
    for (int i = 0; i < scans.size(); i++) {
      FileScan scan = scans.get(i).get();
      scans.set(i, null);
      byFile.computeIfAbsent(ranges.get(i).file().name(), n -> new FileScan()).add(scan);
    }
    bar.close();
    return byFile;
  }

  /** Whether there were too many spans to find out which calls repeat others. */
  public boolean hasTooManySpans() {
    return spansSeen.get() > MOST_SPANS;
  }

  /** By file where its calls stand that repeat calls below them, in whatever file those are. */
  private Map<String, Set<Long>> nested(Map<String, FileScan> scans) {
    Map<String, Set<Long>> places = new HashMap<>();
    if (hasTooManySpans()) {
      return places;
    }
    CallIds all = new CallIds((int) spansSeen.get());
    for (FileScan scan : scans.values()) {
      for (int row = 0; row < scan.spans.size(); row++) {
        all.addFrom(scan.spans, row);
      }
      scan.spans = new CallIds(0);
    }
    Nested.Found found = Nested.find(all.spans());
    for (int row = 0; row < all.size(); row++) {
      if (found.repeats()[row]) {
        places
            .computeIfAbsent(all.file(row), f -> new HashSet<>())
            .add(place(all.range(row), all.ordinal(row)));
      }
    }
    return places;
  }

  private static long place(long range, int ordinal) {
    return range << 32 | ordinal;
  }

  /** Reads ranges, one after the other, on one thread. */
  private final class RangeScanner implements Sink {
    private final CallNamer namer;
    private final IdentityHashMap<CallNamer.Named, CallSums> sums = new IdentityHashMap<>();
    private FileScan scan;
    private String file;
    private int range;
    private int ordinal;
    private Set<Long> nested;
    private CallNamer.Named last;
    private CallSums lastSums;

    // The month of the calls before, so that a calendar is asked only where it changes.
    private int month;
    private long monthFrom = Long.MAX_VALUE;
    private long monthTo = Long.MIN_VALUE;

    RangeScanner(CallNamer namer) {
      this.namer = namer;
    }

    /**
     * Reads a range.
     *
     * @param without places of calls that repeat others
     */
    FileScan scan(LogRange from, Set<Long> without) throws IOException {
      file = from.file().name();
      range = from.index();
      ordinal = 0;
      nested = without;
      scan = new FileScan();
      scan.lines = from.read(storage, settings.context(ids), this);
      closeMonth();
      FileScan done = scan;
      scan = null;
      return done;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // A namer gives one object for equal names.
    public void call(CallDraft call) {
      scan.counts.records++;
      if (isNested(call)) {
        scan.counts.nested++;
        return;
      }
      scan.counts.calls++;
      count(call);
      if (call.startedAtMicros < monthFrom || call.startedAtMicros >= monthTo) {
        closeMonth();
        openMonth(call.startedAtMicros);
      }
      CallNamer.Named named = namer.name(call);
      if (named != last) {
        last = named;
        lastSums = sums.computeIfAbsent(named, n -> new CallSums());
      }
      lastSums.add(call);
      if (named.key().workload().equals(WorkloadKey.UNASSIGNED)) {
        unassigned(call);
      }
    }

    /** Whether it is known to repeat others; notes its place, so that this can be found out. */
    private boolean isNested(CallDraft call) {
      int mine = ordinal++;
      if (!call.isInTrace()) {
        return false;
      }
      if (ids && nested.isEmpty()) {
        note(call, Nested.kind(call), mine);
      }
      return nested.contains(place(range, mine));
    }

    @Override
    public void between(CallDraft span) {
      if (ids && nested.isEmpty() && span.parentSpan != CallDraft.ABSENT) {
        note(span, Nested.NO_CALL, 0);
      }
    }

    private void note(CallDraft span, int kind, int at) {
      if (spansSeen.incrementAndGet() <= MOST_SPANS) {
        long tokens = kind == Nested.NO_CALL ? 0 : Nested.tokens(span);
        scan.spans.addSpan(span, kind, tokens, file, range, at, 0);
      }
    }

    private void count(CallDraft call) {
      scan.firstMicros = Math.min(scan.firstMicros, call.startedAtMicros);
      scan.lastMicros = Math.max(scan.lastMicros, call.startedAtMicros);
      if (call.status == CallStatus.FAILURE) {
        scan.failures++;
      }
      if (call.loggedNanoUsd > scan.dearestNanoUsd) {
        scan.dearestNanoUsd = call.loggedNanoUsd;
        scan.dearestLine = call.sourceLine;
      }
      int flags = call.flags;
      if (flags != 0) {
        scan.missingUsage += flags & CallFlags.MISSING_USAGE;
        scan.proxyCacheHits += (flags & CallFlags.PROXY_CACHE_HIT) == 0 ? 0 : 1;
        scan.zoneAssumed += (flags & CallFlags.ZONE_ASSUMED) == 0 ? 0 : 1;
        scan.estimated += (flags & CallFlags.ESTIMATED_USAGE) == 0 ? 0 : 1;
        scan.interrupted += (flags & CallFlags.INTERRUPTED) == 0 ? 0 : 1;
        scan.retried += (flags & CallFlags.RETRIED) == 0 ? 0 : 1;
        scan.counts.unexplained += (flags & CallFlags.UNEXPLAINED) == 0 ? 0 : 1;
        scan.counts.cacheInDoubt += (flags & CallFlags.CACHE_IN_DOUBT) == 0 ? 0 : 1;
      }
      if (!ids) {
        return;
      }
      if (!call.hasId) {
        scan.withoutId++;
      } else {
        if (scan.idCount == scan.ids.length) {
          scan.ids = Arrays.copyOf(scan.ids, Math.max(64, scan.idCount * 2));
        }
        scan.ids[scan.idCount++] = call.idLow ^ call.idHigh ^ (call.weakCopy ? 0 : call.idSecond);
      }
    }

    private void openMonth(long micros) {
      var start =
          Instant.ofEpochSecond(Math.floorDiv(micros, TimeUnits.MICROS_PER_SECOND))
              .atZone(zone)
              .toLocalDate()
              .withDayOfMonth(1);
      month = start.getYear() * 12 + start.getMonthValue() - 1;
      monthFrom = start.atStartOfDay(zone).toEpochSecond() * TimeUnits.MICROS_PER_SECOND;
      monthTo =
          start.plusMonths(1).atStartOfDay(zone).toEpochSecond() * TimeUnits.MICROS_PER_SECOND;
    }

    /** Moves what was summed into the file's sums of the month. */
    private void closeMonth() {
      sums.forEach(
          (named, sum) ->
              scan.sums
                  .computeIfAbsent(new KeyMonth(named.key(), month), k -> new CallSums())
                  .add(sum));
      sums.clear();
      last = null;
      monthFrom = Long.MAX_VALUE;
      monthTo = Long.MIN_VALUE;
    }

    private void unassigned(CallDraft call) {
      for (int i = 0; i < call.attributes.size(); i++) {
        Map<String, Long> values =
            scan.unassigned.computeIfAbsent(call.attributes.source(i), s -> new HashMap<>());
        if (values.size() < MOST_NAMES || values.containsKey(call.attributes.value(i))) {
          values.merge(call.attributes.value(i), 1L, Long::sum);
        }
      }
    }

    @Override
    public void bucket(CallDraft draft) {
      scan.counts.records++;
      scan.counts.buckets++;
      scan.ofBuckets.add(draft);
    }

    @Override
    public void ignored() {
      scan.counts.records++;
      scan.counts.ignored++;
    }

    @Override
    public void rejected(Rejection rejection) {
      scan.counts.reject(rejection, range);
    }
  }
}
