package dev.homeward.generate;

import dev.homeward.generate.Organisation.Log;
import dev.homeward.generate.Organisation.Workload;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.TimeUnits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a month of a made-up organisation's logs in several real formats, and its policy and
 * evaluations beside them, where a review finds them. The same seed gives the same bytes
 * (compressed files: the same content).
 *
 * <p>Planted on purpose: records exported twice, answers of the gateway's own cache, failures,
 * damaged lines, one workload without any tag.
 */
public final class Generator {
  /** The month of sample-logs; a later one has the planted changes. */
  public static final YearMonth FIRST_MONTH = YearMonth.of(2026, 10);

  /** The folder of settings beside a log. */
  private static final String SETTINGS = "homeward";

  private static final List<String> SETTINGS_FILES = List.of("policy.yaml", "evaluations.yaml");

  private static final double CACHE_HIT_SHARE = 0.03;
  private static final double FAILURE_SHARE = 0.004;

  /** Share of the calls of a workload that moved which the fleet was too busy for. */
  private static final double OVERFLOW_SHARE = 0.04;

  private static final int DAMAGE_EVERY = 9_000;
  private static final int EXPORTED_TWICE = 250;
  private static final int SESSION_CALLS = 60;

  private final long seed;
  private final double scale;
  private final Path out;
  private final YearMonth month;
  private final Map<String, String> moved;

  private Generator(long seed, double scale, Path out, YearMonth month, Map<String, String> moved) {
    this.month = month;
    this.moved = moved;
    this.seed = seed;
    this.scale = scale;
    this.out = out;
  }

  /**
   * Writes the logs.
   *
   * @param scale factor on the number of calls, 1 for sample-logs
   */
  public static void write(long seed, double scale, Path out) {
    write(seed, scale, out, FIRST_MONTH);
  }

  /**
   * Writes the logs of a month.
   *
   * @param month {@link #FIRST_MONTH} or a later one, in which {@link Organisation#laterWorkloads}
   *     work
   */
  public static void write(long seed, double scale, Path out, YearMonth month) {
    write(seed, scale, out, month, Map.of());
  }

  /**
   * Writes the logs of a month after some workloads moved to servers of one's own: a gateway logs
   * their calls with the local model and no price, and {@link #OVERFLOW_SHARE} of them at the API
   * as before.
   *
   * @param moved local models by workload
   */
  public static void write(
      long seed, double scale, Path out, YearMonth month, Map<String, String> moved) {
    List<String> names = Organisation.WORKLOADS.stream().map(Workload::name).toList();
    for (String name : moved.keySet()) {
      if (!names.contains(name) || name.isEmpty()) {
        throw new InvalidInput(
            "Invalid workload to move: %s (%s)"
                .formatted(
                    name, String.join(", ", names.stream().filter(n -> !n.isEmpty()).toList())));
      }
    }
    if (month.isBefore(FIRST_MONTH)) {
      throw new IllegalArgumentException(
          "Invalid month: %s (%s or later)".formatted(month, FIRST_MONTH));
    }
    try {
      new Generator(seed, scale, out, month, moved).write();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write sample logs to " + out, e);
    }
  }

  private void write() throws IOException {
    writeSettings();
    List<Event> gateway = new ArrayList<>();
    List<Event> euGateway = new ArrayList<>();
    List<Event> export = new ArrayList<>();
    List<Event> coding = new ArrayList<>();
    long later = FIRST_MONTH.until(month, ChronoUnit.MONTHS);
    List<Workload> workloads = later == 0 ? Organisation.WORKLOADS : Organisation.laterWorkloads();
    for (int w = 0; w < workloads.size(); w++) {
      Workload workload = workloads.get(w);
      List<Event> target =
          switch (workload.log()) {
            case GATEWAY -> gateway;
            case EU_GATEWAY -> euGateway;
            case EXPORT -> export;
            case CLAUDE_CODE -> coding;
          };
      target.addAll(events(workload, new Dice((seed + 104_729 * later) * 1_000_003 + w), later));
    }
    Comparator<Event> order = Comparator.comparingLong(Event::startMicros).thenComparing(Event::id);
    gateway.sort(order);
    euGateway.sort(order);
    export.sort(order);
    coding.sort(order);
    writeGateway(gateway);
    writeEuGateway(euGateway);
    writeExport(export);
    writeTranscripts(coding);
  }

  private List<Event> events(Workload w, Dice dice, long later) {
    List<Event> events = new ArrayList<>();
    int days = month.lengthOfMonth();
    for (int day = 1; day <= days; day++) {
      LocalDate date = month.atDay(day);
      double mean =
          w.callsPerDay()
              * scale
              * weekday(w.rhythm(), date.getDayOfWeek())
              * StrictMath.pow(w.monthlyGrowth(), (day - 0.5) / days - 0.5 + later);
      boolean exact =
          w.rhythm() == Organisation.Rhythm.CLOCK || w.rhythm() == Organisation.Rhythm.STEADY;
      int calls =
          exact
              ? (int) StrictMath.round(mean)
              : (int) Math.max(0, StrictMath.round(mean + dice.normal() * StrictMath.sqrt(mean)));
      long midnight =
          date.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * TimeUnits.MICROS_PER_SECOND;
      int rushes = 3 + dice.below(3);
      long[] rushAt = new long[rushes];
      for (int r = 0; r < rushes; r++) {
        rushAt[r] = (long) ((8 + 9 * dice.uniform()) * 3600 * TimeUnits.MICROS_PER_SECOND);
      }
      for (int call = 0; call < calls; call++) {
        long at = midnight + timeOfDay(w.rhythm(), call, calls, rushAt, dice);
        Workload by =
            moved.containsKey(w.name()) && dice.uniform() >= OVERFLOW_SHARE
                ? w.servedLocally(moved.get(w.name()))
                : w;
        events.add(event(by, Math.min(at, midnight + TimeUnits.MICROS_PER_DAY - 1), dice));
      }
    }
    return events;
  }

  private static double weekday(Organisation.Rhythm rhythm, DayOfWeek day) {
    boolean weekend = day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
    return switch (rhythm) {
      case CLOCK, STEADY -> 1;
      case NIGHTLY -> weekend ? 0.4 : 1.27;
      case OFFICE, RUSHES -> weekend ? 0.15 : day == DayOfWeek.MONDAY ? 1.5 : 1.28;
    };
  }

  private static long timeOfDay(
      Organisation.Rhythm rhythm, int call, int calls, long[] rushAt, Dice dice) {
    double seconds =
        switch (rhythm) {
          case CLOCK -> call * 1800.0 + 7;
          case STEADY -> (call + dice.uniform()) * 86_400.0 / calls;
          case NIGHTLY -> 3600 + call * 1.5 + dice.uniform();
          case OFFICE -> office(dice);
          case RUSHES -> {
            if (dice.uniform() < 0.25) {
              double rush =
                  rushAt[dice.below(rushAt.length)] / (double) TimeUnits.MICROS_PER_SECOND;
              yield rush + 60 * dice.uniform();
            }
            yield office(dice);
          }
        };
    return (long) (Math.max(0, Math.min(86_399, seconds)) * TimeUnits.MICROS_PER_SECOND);
  }

  // Two humps, before and after lunch, and one call in ten at any time.
  private static double office(Dice dice) {
    if (dice.uniform() < 0.1) {
      return dice.uniform() * 86_400;
    }
    double centre = dice.uniform() < 0.55 ? 9.8 : 14.6;
    return (centre + 1.3 * dice.normal()) * 3600;
  }

  private static Event event(Workload w, long at, Dice dice) {
    int input =
        (int) Math.max(1, StrictMath.round(dice.logNormal(w.inputTokens(), w.inputSpread())));
    double spread = w.inputSpread() == 0 ? 0 : 0.5;
    int output =
        w.outputTokens() == 0
            ? 0
            : (int) Math.max(1, StrictMath.round(dice.logNormal(w.outputTokens(), spread)));
    int cached = 0;
    int written = 0;
    if (w.cachedShare() > 0) {
      cached = (int) (input * Math.min(0.98, w.cachedShare() * (0.9 + 0.2 * dice.uniform())));
      if (w.log() == Log.CLAUDE_CODE) {
        written = (int) ((input - cached) * 0.6);
      }
    }
    long ttft =
        w.firstTokenMillis() == 0 ? 0 : (long) (dice.logNormal(w.firstTokenMillis(), 0.35) * 1000);
    long duration =
        w.tokensPerSecond() == 0
            ? 0
            : ttft
                + (long)
                    (output
                        / dice.logNormal(w.tokensPerSecond(), 0.2)
                        * TimeUnits.MICROS_PER_SECOND);
    boolean failure = w.log() != Log.CLAUDE_CODE && dice.uniform() < FAILURE_SHARE;
    boolean cacheHit = w.name().equals("faq-answers") && dice.uniform() < CACHE_HIT_SHARE;
    // Millisecond stamps, as the gateways write them.
    return new Event(
        w,
        at / 1000 * 1000,
        input,
        cached,
        written,
        output,
        ttft / 1000 * 1000,
        duration / 1000 * 1000,
        failure,
        cacheHit,
        dice.hex(14));
  }

  // The organisation's own: another's is never written over.
  private void writeSettings() throws IOException {
    Path folder = Files.createDirectories(out.resolve(SETTINGS));
    for (String name : SETTINGS_FILES) {
      Path file = folder.resolve(name);
      byte[] bytes;
      try (InputStream in = Generator.class.getResourceAsStream(name)) {
        bytes = in.readAllBytes();
      }
      if (Files.exists(file) && !Arrays.equals(Files.readAllBytes(file), bytes)) {
        throw new InvalidInput(
            "Cannot write %s: another one is there. Choose another --out or remove it"
                .formatted(file));
      }
      Files.write(file, bytes);
    }
  }

  private void writeGateway(List<Event> events) throws IOException {
    Path folder = Files.createDirectories(out.resolve("litellm"));
    Dice dice = new Dice(seed ^ 0x11);
    long start =
        month.atDay(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond() * TimeUnits.MICROS_PER_SECOND;
    List<Event> previous = List.of();
    for (int week = 0; week < 5; week++) {
      long from = start + week * 7L * TimeUnits.MICROS_PER_DAY;
      List<Event> mine =
          events.stream()
              .filter(
                  e ->
                      e.startMicros() >= from
                          && e.startMicros() < from + 7 * TimeUnits.MICROS_PER_DAY)
              .toList();
      try (Writer writer =
          gzip(folder.resolve("spend-logs-" + month + "-w" + (week + 1) + ".jsonl.gz"))) {
        // Exports overlap: the end of the last week stands here again.
        for (Event e :
            previous.subList(Math.max(0, previous.size() - EXPORTED_TWICE), previous.size())) {
          writer.write(Records.spendLog(e) + "\n");
        }
        int line = 0;
        for (Event e : mine) {
          writer.write(Records.spendLog(e) + "\n");
          if (++line % DAMAGE_EVERY == 0) {
            writer.write(Records.damaged(Records.spendLog(e), dice) + "\n");
          }
        }
      }
      previous = mine;
    }
  }

  private void writeEuGateway(List<Event> events) throws IOException {
    Path folder = Files.createDirectories(out.resolve("litellm-eu"));
    Dice dice = new Dice(seed ^ 0x22);
    try (Writer writer = gzip(folder.resolve("LiteLLM_SpendLogs.csv.gz"))) {
      writer.write(
          "request_id,call_type,api_key,spend,total_tokens,prompt_tokens,completion_tokens,startTime,endTime,"
              + "completionStartTime,model,custom_llm_provider,cache_hit,request_tags,session_id,status,"
              + "metadata\n");
      int line = 0;
      for (Event e : events) {
        String row = Records.csv(e);
        writer.write(row + "\n");
        if (++line % DAMAGE_EVERY == 0) {
          writer.write((dice.below(2) == 0 ? row.replaceFirst("\"", "") : row + ",extra") + "\n");
        }
      }
    }
  }

  private void writeExport(List<Event> events) throws IOException {
    Path folder = Files.createDirectories(out.resolve("exports"));
    try (Writer writer = gzip(folder.resolve("batch-and-search-" + month + ".jsonl.gz"))) {
      for (Event e : events) {
        writer.write(Records.exported(e) + "\n");
      }
    }
  }

  private void writeTranscripts(List<Event> events) throws IOException {
    Path folder =
        Files.createDirectories(
            out.resolve("claude-code").resolve("projects").resolve("-src-claims"));
    Dice dice = new Dice(seed ^ 0x33);
    for (int from = 0; from < events.size(); from += SESSION_CALLS) {
      String session = dice.hex(8) + "-" + dice.hex(4) + "-" + dice.hex(4);
      try (Writer writer = plain(folder.resolve(session + ".jsonl"))) {
        for (Event e : events.subList(from, Math.min(events.size(), from + SESSION_CALLS))) {
          writer.write(Records.question(e, session));
          int copies = 1 + dice.below(3);
          for (int copy = 1; copy <= copies; copy++) {
            // An answer is written while it grows: only its last line has all the output.
            writer.write(Records.transcript(e, session, copy == copies ? e.output() : 1 + copy));
          }
        }
      }
    }
  }

  private static Writer gzip(Path file) throws IOException {
    OutputStream zipped =
        new GZIPOutputStream(Files.newOutputStream(file), 1 << 16) {
          {
            def.setLevel(9);
          }
        };
    return new OutputStreamWriter(zipped, StandardCharsets.UTF_8);
  }

  private static Writer plain(Path file) throws IOException {
    return Files.newBufferedWriter(file, StandardCharsets.UTF_8);
  }
}
