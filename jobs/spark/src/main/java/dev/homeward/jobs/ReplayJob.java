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
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/** Replays workloads on candidate deployments: one task element is a tape and a deployment. */
final class ReplayJob {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int SLICES_A_CORE = 4;

  /** Calls of a tape that is held whole: some 150 bytes each. */
  private static final long WHOLE_TAPE_CALLS = Long.getLong("homeward.whole-tape-calls", 6_000_000);

  /** Calls of a window of a longer one. */
  private static final long WINDOW_CALLS = WHOLE_TAPE_CALLS / 3;

  private static final long HOUR_MICROS = 3_600_000_000L;

  private final JavaSparkContext spark;
  private final Settings settings;

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
    int slices = Math.min(work.size(), spark.defaultParallelism() * SLICES_A_CORE);
    List<String> results =
        spark.parallelize(work, slices).mapPartitions(mine -> replay(mine, shared)).collect();
    List<List<Sizing.Alternative>> fleets = new ArrayList<>();
    for (String json : results) {
      List<Sizing.Alternative> of = new ArrayList<>();
      parse(json).forEach(node -> of.add(ReplayJson.read(node)));
      fleets.add(of);
    }
    return fleets;
  }

  private static Iterator<String> replay(Iterator<Work> work, Settings s) {
    Catalog catalog = Catalog.parse(s.catalog());
    Pricer pricer =
        new Pricer(
            PriceBook.parse(s.prices()),
            Optional.ofNullable(s.forecastDay()).map(java.time.LocalDate::parse));
    List<String> results = new ArrayList<>();
    Tape tape = null;
    while (work.hasNext()) {
      Work w = work.next();
      if (w.calls() > WHOLE_TAPE_CALLS) {
        results.add(replay(w, null, pricer, catalog, s).toString());
        continue;
      }
      if (tape == null || !tape.key.equals(w.key())) {
        tape = TapeReader.read(w.key(), w.parts(), s.fromMicros(), s.toMicros());
        pricer.price(tape, List.of());
      }
      results.add(replay(w, tape, pricer, catalog, s).toString());
    }
    return results.iterator();
  }

  private static ArrayNode replay(Work w, Tape tape, Pricer pricer, Catalog catalog, Settings s) {
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
    ReplayOptions.PrefixCache prefix =
        new ReplayOptions.PrefixCache(s.prefixCacheAsLogged(), s.prefixCacheShare());
    ReplayOptions.Lengths lengths =
        new ReplayOptions.Lengths(
            s.promptTokenRatio(),
            s.outputTokenRatio(),
            new ReplayOptions.Speculation(s.draftTokens(), s.acceptedTokens(), s.draftShare()));
    Replayer replay =
        tape != null
            ? new Replay(tape, fits.deployment(), prefix, lengths, s.observedMicros())
            : windows(w, pricer, fits.deployment(), prefix, lengths, s);
    var acquisition = fits.deployment().hardware().acquisition();
    ReplayOptions base =
        new ReplayOptions(
            1,
            ReplayOptions.NO_CAP,
            prefix,
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

  // A tape too long for memory is read again window by window, each with an hour before and after
  // it.
  private static Replayer windows(
      Work w,
      Pricer pricer,
      Deployment deployment,
      ReplayOptions.PrefixCache prefix,
      ReplayOptions.Lengths lengths,
      Settings s) {
    long end = w.lastMicros() + 1;
    long windows = (w.calls() + WINDOW_CALLS - 1) / WINDOW_CALLS;
    return new WindowedReplay(
        (from, to) -> {
          Tape part =
              TapeReader.read(
                  w.key(), w.parts(), Math.max(from, w.firstMicros()), Math.min(to, end));
          pricer.price(part, List.of());
          return part;
        },
        deployment,
        prefix,
        lengths,
        new WindowedReplay.Span(
            w.firstMicros(),
            end,
            Math.max(HOUR_MICROS, (end - w.firstMicros()) / windows),
            HOUR_MICROS),
        s.observedMicros());
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read a replay's result", e);
    }
  }
}
