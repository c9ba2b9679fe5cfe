package dev.homeward.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.Replay;
import dev.homeward.replay.ReplayJson;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.Replayer;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing;
import dev.homeward.replay.WindowedReplay;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/** Replays workloads on candidate deployments: one task element is a tape and a deployment. */
final class ReplayJob {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int SLICES_A_CORE = 4;

  /** Calls of a tape that is held whole: some 150 bytes each. */
  private static final long WHOLE_TAPE_CALLS = 6_000_000;

  private static final long HOUR_MICROS = 3_600_000_000L;

  private final JavaSparkContext spark;
  private final Settings settings;

  /** Tapes of more calls are cut into windows of a third of it; a property, for tests. */
  private final long wholeTapeCalls = Long.getLong("homeward.whole-tape-calls", WHOLE_TAPE_CALLS);

  ReplayJob(JavaSparkContext spark, Settings settings) {
    this.spark = spark;
    this.settings = settings;
  }

  /** What all tasks share. */
  record Settings(
      List<String> catalog,
      List<String> prices,
      String forecastDay,
      long fromMicros,
      long toMicros,
      long observedMicros,
      boolean prefixCacheAsLogged,
      double prefixCacheShare,
      boolean closedSessions,
      double promptTokenRatio,
      double outputTokenRatio,
      int draftTokens,
      double acceptedTokens,
      double draftShare,
      long dayOffsetMicros)
      implements Serializable {}

  /**
   * A tape on a deployment, by ids.
   *
   * @param parts files of calls/ that hold the tape
   * @param calls of the tape
   */
  record Work(
      String workload,
      String hostedModel,
      String dataClass,
      List<String> parts,
      String model,
      String quantization,
      String engine,
      String hardware,
      long maxContext,
      long ttftMicros,
      long tpotMicros,
      long e2eMicros,
      long completeMicros,
      int mostReplicas,
      boolean overflowAllowed,
      long calls,
      long firstMicros,
      long lastMicros)
      implements Serializable {
    WorkloadKey key() {
      return new WorkloadKey(workload, hostedModel, dataClass);
    }
  }

  /** The fleets of each piece of work, in the order of the work. */
  List<List<Sizing.Alternative>> run(List<Work> work) {
    if (work.isEmpty()) {
      return List.of();
    }
    spark.setJobGroup("replay", "replay workloads on candidate deployments");
    Settings shared = settings;
    List<Work> whole = work.stream().filter(w -> w.calls() <= wholeTapeCalls).toList();
    int slices = Math.min(whole.size(), spark.defaultParallelism() * SLICES_A_CORE);
    Iterator<String> results =
        whole.isEmpty()
            ? Collections.emptyIterator()
            : spark
                .parallelize(whole, slices)
                .mapPartitions(mine -> replay(mine, shared))
                .collect()
                .iterator();
    Catalog catalog = Catalog.parse(shared.catalog());
    List<List<Sizing.Alternative>> fleets = new ArrayList<>();
    for (Work w : work) {
      JsonNode json =
          w.calls() <= wholeTapeCalls
              ? parse(results.next())
              : size(w, parallelWindows(w, catalog), deployment(w, catalog), shared);
      List<Sizing.Alternative> of = new ArrayList<>();
      json.forEach(node -> of.add(ReplayJson.read(node)));
      fleets.add(of);
    }
    return fleets;
  }

  // A tape too long for one task: each replay of it is a job whose tasks run a window each.
  private Replayer parallelWindows(Work w, Catalog catalog) {
    Settings shared = settings;
    Deployment deployment = deployment(w, catalog);
    WindowedReplay.Span span = span(w);
    List<Integer> indexes = IntStream.range(0, span.windows()).boxed().toList();
    int offered =
        spark
            .parallelize(indexes, indexes.size())
            .map(index -> windows(w, span, shared).offeredCalls(index))
            .reduce(Math::addExact);
    return WindowedReplay.of(
        (options, mostSlow) ->
            spark
                .parallelize(indexes, indexes.size())
                .map(index -> windows(w, span, shared).window(index, options, mostSlow))
                .reduce(
                    (one, other) -> {
                      one.add(other);
                      return one;
                    }),
        offered,
        deployment,
        shared.observedMicros());
  }

  private static Iterator<String> replay(Iterator<Work> work, Settings s) {
    Catalog catalog = Catalog.parse(s.catalog());
    Pricer pricer = pricer(s);
    List<String> results = new ArrayList<>();
    Tape tape = null;
    while (work.hasNext()) {
      Work w = work.next();
      if (tape == null || !tape.key.equals(w.key())) {
        tape = TapeReader.read(w.key(), w.parts(), s.fromMicros(), s.toMicros());
        pricer.price(tape, List.of());
      }
      Deployment deployment = deployment(w, catalog);
      Replay replay = new Replay(tape, deployment, prefix(s), lengths(s), s.observedMicros());
      results.add(size(w, replay, deployment, s).toString());
    }
    return results.iterator();
  }

  private static Deployment deployment(Work w, Catalog catalog) {
    Fit fit =
        Deployments.fit(
            catalog.hardware(w.hardware()),
            catalog.model(w.model()),
            catalog.quantization(w.quantization()),
            catalog.engine(w.engine()),
            w.maxContext());
    if (!(fit instanceof Fit.Fits fits)) {
      throw new IllegalStateException("Planned what does not fit: " + w);
    }
    return fits.deployment();
  }

  private static ReplayOptions.PrefixCache prefix(Settings s) {
    return new ReplayOptions.PrefixCache(s.prefixCacheAsLogged(), s.prefixCacheShare());
  }

  private static ReplayOptions.Lengths lengths(Settings s) {
    return new ReplayOptions.Lengths(
        s.promptTokenRatio(),
        s.outputTokenRatio(),
        new ReplayOptions.Speculation(s.draftTokens(), s.acceptedTokens(), s.draftShare()));
  }

  private static ArrayNode size(Work w, Replayer replay, Deployment deployment, Settings s) {
    var acquisition = deployment.hardware().acquisition();
    ReplayOptions base =
        new ReplayOptions(
            1,
            ReplayOptions.NO_CAP,
            prefix(s),
            new ServiceLevel(w.ttftMicros(), w.tpotMicros(), w.e2eMicros(), w.completeMicros()),
            acquisition.hoursPerDay(),
            acquisition.startHour(),
            s.dayOffsetMicros(),
            s.closedSessions(),
            ReplayOptions.NEVER,
            0);
    ArrayNode fleets = JSON.createArrayNode();
    for (Sizing.Alternative fleet :
        Sizing.size(replay, base, w.mostReplicas(), w.overflowAllowed())) {
      fleets.add(ReplayJson.write(fleet));
    }
    return fleets;
  }

  private WindowedReplay.Span span(Work w) {
    long end = w.lastMicros() + 1;
    long windowCalls = Math.max(1, wholeTapeCalls / 3);
    long windows = (w.calls() + windowCalls - 1) / windowCalls;
    return new WindowedReplay.Span(
        w.firstMicros(),
        end,
        Math.max(HOUR_MICROS, (end - w.firstMicros()) / windows),
        HOUR_MICROS);
  }

  // Each window reads its own calls, and an hour of those before and after it.
  private static WindowedReplay windows(Work w, WindowedReplay.Span span, Settings s) {
    Pricer pricer = pricer(s);
    return new WindowedReplay(
        (from, to) -> {
          Tape part =
              TapeReader.read(
                  w.key(),
                  w.parts(),
                  Math.max(from, w.firstMicros()),
                  Math.min(to, w.lastMicros() + 1));
          pricer.price(part, List.of());
          return part;
        },
        deployment(w, Catalog.parse(s.catalog())),
        prefix(s),
        lengths(s),
        span,
        s.observedMicros());
  }

  private static Pricer pricer(Settings s) {
    return new Pricer(
        PriceBook.parse(s.prices()),
        Optional.ofNullable(s.forecastDay()).map(java.time.LocalDate::parse));
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read a replay's result", e);
    }
  }
}
