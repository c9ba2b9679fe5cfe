package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.catalog.PriceBook;
import dev.homeward.pricing.Pricer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of several workloads over several days, in files that hold whole days each. */
class TapeFilesTest {
  private static final long DAY = 86_400_000_000L;
  private static final int DAYS = 5;
  private static final int FILES = 3;
  private static final WorkloadKey[] KEYS = {
    new WorkloadKey("chat", "gpt-4o", "internal"),
    new WorkloadKey("chat", "gpt-4o", "public"),
    new WorkloadKey("search", "gpt-4o-mini", "internal")
  };

  @TempDir private Path folder;

  /** A call as it was logged. */
  private record Logged(
      WorkloadKey key,
      long started,
      long input,
      long cached,
      long output,
      long audio,
      long duration,
      long ttft,
      long cost,
      long session,
      String provider,
      String place,
      String owner,
      CallStatus status,
      ServiceTier tier,
      int line) {}

  private List<Logged> logged(int size, Random random) {
    List<Logged> calls = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      boolean usage = random.nextInt(10) > 0;
      long output = random.nextInt(400);
      calls.add(
          new Logged(
              KEYS[Math.min(2, random.nextInt(6))],
              random.nextInt(DAYS) * DAY + random.nextInt(2000) * 40_000_000L,
              usage ? random.nextInt(200_000) : CallDraft.ABSENT,
              usage && random.nextBoolean() ? random.nextInt(1000) : CallDraft.ABSENT,
              usage ? output : CallDraft.ABSENT,
              usage && random.nextInt(50) == 0 ? random.nextInt(400_000) : CallDraft.ABSENT,
              random.nextInt(3) == 0 ? CallDraft.ABSENT : 1_000_000L + random.nextInt(9_000_000),
              random.nextInt(3) == 0 ? CallDraft.ABSENT : random.nextInt(1_000_000),
              random.nextInt(4) == 0 ? CallDraft.ABSENT : random.nextInt(1_000_000),
              random.nextInt(4) == 0 ? CallDraft.ABSENT : random.nextInt(100),
              random.nextInt(4) == 0 ? null : "maker" + random.nextInt(2),
              random.nextInt(3) == 0 ? null : "azure/area" + random.nextInt(2),
              random.nextInt(3) == 0 ? null : "cc" + random.nextInt(4),
              CallStatus.values()[random.nextInt(8) == 0 ? 1 : 0],
              ServiceTier.values()[random.nextInt(2)],
              i));
    }
    return calls;
  }

  private List<Path> write(List<Logged> calls, Random random) {
    List<Path> files = new ArrayList<>();
    Map<String, Integer> fileOf = new TreeMap<>();
    List<CallTable> tables = new ArrayList<>();
    for (int file = 0; file < FILES; file++) {
      tables.add(new CallTable(16));
    }
    CallDraft draft = new CallDraft();
    for (Logged call : calls) {
      draft.clear();
      draft.startedAtMicros = call.started;
      draft.inputTokens = call.input;
      draft.cacheReadTokens = call.cached;
      draft.outputTokens = call.output;
      draft.audioInputTokens = call.audio;
      draft.durationMicros = call.duration;
      draft.ttftMicros = call.ttft;
      draft.loggedNanoUsd = call.cost;
      draft.session = call.session;
      draft.provider = call.provider;
      draft.servedBy = call.place;
      draft.status = call.status;
      draft.serviceTier = call.tier;
      draft.sourceLine = call.line;
      int file =
          fileOf.computeIfAbsent(call.key + "," + call.started / DAY, k -> random.nextInt(FILES));
      tables
          .get(file)
          .add(draft, call.key, call.owner, BillingMode.METERED, "log.jsonl", 0, call.line);
    }
    for (int file = 0; file < FILES; file++) {
      Path path = folder.resolve("part-" + file + ".parquet");
      CallsFile.write(tables.get(file), tables.get(file).sortedRows(), new LocalOutputFile(path));
      files.add(path);
    }
    return files;
  }

  private static Map<WorkloadKey, Tape> tapes(
      List<Path> files, Set<WorkloadKey> keys, long from, long to) throws IOException {
    TapeFiles tapes = new TapeFiles(keys, from, to);
    for (Path file : files) {
      tapes.find(file.toString(), new LocalInputFile(file));
    }
    for (String file : tapes.found()) {
      tapes.read(file, new LocalInputFile(Path.of(file)));
    }
    return tapes.tapes();
  }

  @Test
  void aTapeHoldsItsCallsAsLoggedInOrderOfStartAndPlace() throws IOException {
    Random random = new Random(11);
    List<Logged> calls = logged(40_000, random);
    List<Path> files = write(calls, random);
    for (long[] window : new long[][] {{0, DAYS * DAY}, {DAY / 2, 3 * DAY + 7}, {-9, -1}}) {
      Map<WorkloadKey, Tape> tapes =
          tapes(files, new TreeSet<>(Set.of(KEYS[0], KEYS[2])), window[0], window[1]);
      assertEquals(2, tapes.size());
      tapes.forEach(
          (key, tape) -> {
            List<Logged> expected =
                calls.stream()
                    .filter(c -> c.key.equals(key))
                    .filter(c -> c.started >= window[0] && c.started < window[1])
                    .sorted(Comparator.comparingLong(Logged::started).thenComparing(Logged::line))
                    .toList();
            assertEquals(expected.size(), tape.size);
            for (int i = 0; i < tape.size; i++) {
              assertCall(expected.get(i), tape, i);
            }
          });
    }
  }

  private static void assertCall(Logged call, Tape tape, int i) {
    boolean usage = call.input != CallDraft.ABSENT;
    assertEquals(call.started, tape.startedAtMicros[i]);
    assertEquals(usage ? call.input : -1, tape.inputTokens[i]);
    assertEquals(usage ? Math.max(0, call.cached) : -1, tape.cacheReadTokens[i]);
    assertEquals(usage ? 0 : -1, tape.cacheWrite1hTokens[i]);
    assertEquals(usage ? call.output : -1, tape.outputTokens[i]);
    assertEquals(
        usage ? Math.min(Math.max(0, call.audio), call.input) : 0, tape.audioInputTokens(i));
    assertEquals(call.duration, tape.durationMicros[i]);
    assertEquals(call.ttft, tape.ttftMicros[i]);
    assertEquals(call.cost, tape.loggedNanoUsd[i]);
    assertEquals(call.session, tape.session[i]);
    assertEquals(call.status.ordinal(), tape.status[i]);
    assertEquals(call.tier.ordinal(), tape.serviceTier[i]);
    assertEquals(
        call.place != null ? "azure" : call.provider, name(tape.providers, tape.provider[i]));
    assertEquals(
        call.place != null ? call.place : call.provider, name(tape.places, tape.servedBy[i]));
    assertEquals(call.owner, name(tape.owners, tape.owner[i]));
  }

  /**
   * Calls are counted by days: of a part of a day, a part; of a day that is not observed to its
   * end, all in the part that is.
   */
  @Test
  void callsAreCountedByTheDaysThatAreObserved() {
    Random random = new Random(17);
    List<Logged> calls = logged(20_000, random);
    List<Path> files = write(calls, random);
    WorkloadKey key = KEYS[2];
    TapeDays days = new TapeDays(key);
    for (Path file : files) {
      days.find(file.toString(), new LocalInputFile(file));
    }
    double[] byDay = new double[DAYS];
    calls.stream().filter(c -> c.key.equals(key)).forEach(c -> byDay[(int) (c.started / DAY)]++);

    long end = DAYS * DAY;
    assertEquals(byDay[1], days.calls(DAY, 2 * DAY, 0, end), 1e-9);
    assertEquals(byDay[0] + byDay[1] / 4, days.calls(0, DAY + DAY / 4, 0, end), 1e-9);
    assertEquals(0, days.calls(end, 2 * end, 0, end), 0);
    // Observed from 18:00 on: its calls lie in the quarter of a day that is left.
    long from = DAY * 3 / 4;
    assertEquals(byDay[0], days.calls(from, DAY, from, end), 1e-9);
    assertEquals(byDay[0] / 2, days.calls(from, from + DAY / 8, from, end), 1e-9);
    long to = 4 * DAY + DAY / 3;
    assertEquals(byDay[4], days.calls(4 * DAY, to, 0, to), 1e-9);
  }

  /** A window made of days that were read apart is the window as read from the files. */
  @Test
  void aWindowJoinedFromDaysIsTheWindow() throws IOException {
    Random random = new Random(13);
    List<Logged> calls = logged(40_000, random);
    List<Path> files = write(calls, random);
    Pricer pricer = new Pricer(PriceBook.standard(), Optional.empty());
    for (WorkloadKey key : KEYS) {
      TapeDays days = new TapeDays(key);
      for (Path file : files) {
        days.find(file.toString(), new LocalInputFile(file));
      }
      long[] starts =
          calls.stream()
              .filter(c -> c.key.equals(key))
              .mapToLong(Logged::started)
              .sorted()
              .toArray();
      for (long[] window :
          new long[][] {
            {starts[starts.length / 3], starts[starts.length / 2]},
            {0, DAYS * DAY},
            {DAY / 2, 3 * DAY + 7},
            {DAY, 2 * DAY},
            {DAY + 1, DAY + 2},
            {-9, -1},
            {5, 5},
            {3 * DAY, 99 * DAY}
          }) {
        Tape expected = tapes(files, Set.of(key), window[0], window[1]).get(key);
        List<BilledTape> parts = new ArrayList<>();
        for (long day : days.days(window[0], window[1])) {
          TapeFiles of = days.files(day);
          assertEquals(1, of.found().size(), "a day lies in one file");
          for (String file : of.found()) {
            of.read(file, new LocalInputFile(Path.of(file)));
          }
          parts.add(pricer.billed(of.tapes().get(key)));
        }
        BilledTape joined = BilledTape.joined(key, parts, window[0], window[1]);
        assertEquals(rows(expected), rows(joined.tape));
        assertEquals(pricer.billed(expected).use(), joined.use());
        assertEquals(pricer.billed(expected).sessions().count(), joined.sessions().count());
      }
    }
  }

  private static List<List<Long>> rows(Tape t) {
    List<List<Long>> rows = new ArrayList<>();
    for (int i = 0; i < t.size; i++) {
      rows.add(
          List.of(
              t.startedAtMicros[i],
              t.durationMicros[i],
              t.ttftMicros[i],
              (long) t.inputTokens[i],
              (long) t.cacheReadTokens[i],
              (long) t.cacheWrite5mTokens[i],
              (long) t.cacheWrite1hTokens[i],
              (long) t.outputTokens[i],
              (long) t.reasoningTokens[i],
              t.loggedNanoUsd[i],
              t.session[i],
              (long) t.flags[i],
              (long) t.serviceTier[i],
              (long) t.billingMode[i],
              (long) t.status[i],
              (long) t.operation[i],
              (long) t.audioInputTokens(i),
              (long) t.audioOutputTokens(i),
              (long) t.webSearches(i)));
    }
    return rows;
  }

  private static String name(String[] names, int code) {
    return code < 0 ? null : names[code];
  }

  /** What is profiled and priced in parts, in any order, is what the whole tape says. */
  @Test
  void sumsOfPartsAreTheSumsOfTheWhole() throws IOException {
    Random random = new Random(12);
    List<Path> files = write(logged(40_000, random), random);
    long month = 2 * DAY;
    long end = 5 * DAY;
    Pricer pricer = new Pricer(PriceBook.standard(), Optional.empty());
    long[] limits = PriceBook.standard().contextLimits();
    assertTrue(limits.length > 1, "limits that long prompts pass");
    for (int atATime : new int[] {1 << 14, 100, 7}) {
      Map<WorkloadKey, List<byte[]>> sums = new TreeMap<>();
      for (Path file : files) {
        Map<WorkloadKey, WorkloadSums> byKey = new TreeMap<>();
        CallsFile.eachPart(
            new LocalInputFile(file),
            atATime,
            Optional.empty(),
            0,
            end,
            part -> {
              assertTrue(part.size > 0 && part.size <= atATime);
              byKey
                  .computeIfAbsent(part.key, key -> new WorkloadSums(key, limits))
                  .add(part, month);
            });
        byKey.forEach(
            (key, of) -> sums.computeIfAbsent(key, k -> new ArrayList<>()).add(of.encode()));
      }
      Map<WorkloadKey, Tape> wholes = tapes(files, new TreeSet<>(Set.of(KEYS)), month, end);
      for (WorkloadKey key : KEYS) {
        Collections.shuffle(sums.get(key), random);
        WorkloadSums sum = new WorkloadSums(key, limits);
        sums.get(key).forEach(sum::add);
        WorkloadProfile whole = WorkloadProfiler.profile(wholes.get(key));
        WorkloadProfile parts = sum.profile();
        DailyCalls trend = daily(tapes(files, Set.of(key), 0, end).get(key));
        assertEquals(trend.firstDay(), parts.daily().firstDay());
        assertEquals(Arrays.toString(trend.calls()), Arrays.toString(parts.daily().calls()));
        assertEquals(withoutDays(whole), withoutDays(parts));
        assertEquals(mostInAMinute(wholes.get(key)), parts.peakCallsPerMinute());
        assertEquals(
            pricer.byDay(pricer.uses(wholes.get(key)), List::of),
            pricer.byDay(sum.uses(), List::of));
        assertEquals(pricer.billed(wholes.get(key)).use(), sum.uses().apiUse());
      }
    }
  }

  private static long mostInAMinute(Tape tape) {
    Map<Long, Long> calls = new TreeMap<>();
    for (int i = 0; i < tape.size; i++) {
      if (tape.reachedModel(i)) {
        calls.merge(tape.startedAtMicros[i] / 60_000_000, 1L, Long::sum);
      }
    }
    long most = Collections.max(calls.values());
    assertTrue(most > 1);
    return most;
  }

  private static DailyCalls daily(Tape tape) {
    int[] calls = new int[DAYS];
    for (int i = 0; i < tape.size; i++) {
      calls[(int) (tape.startedAtMicros[i] / DAY)] += tape.reachedModel(i) ? 1 : 0;
    }
    return new DailyCalls(0, calls);
  }

  private static String withoutDays(WorkloadProfile profile) {
    String text = profile.toString();
    return text.substring(0, text.indexOf("daily="));
  }

  /** From the 51st owner on they are no cost centres, wherever the parts were cut. */
  @Test
  void tooManyOwnersAreNotKeptApartHoweverTheyCome() {
    for (int owners : new int[] {UseTable.MOST_OWNERS, UseTable.MOST_OWNERS + 1}) {
      UseTable sum = new UseTable(KEYS[0], new long[0]);
      for (int owner = 0; owner < owners; owner++) {
        Tape one = new Tape(KEYS[0], 1, new String[0], new String[] {"cc" + owner}, new String[0]);
        one.provider[0] = -1;
        one.region[0] = -1;
        UseTable part = UseTable.of(one, new long[0]);
        BlockBytes bytes = new BlockBytes(new byte[16]);
        part.encode(bytes);
        sum.decode(new BlockBytes(bytes.written()));
      }
      assertEquals(owners <= UseTable.MOST_OWNERS ? owners : 1, sum.uses().size());
      assertEquals(owners, sum.uses().stream().mapToLong(use -> use.amount().calls()).sum());
    }
  }
}
