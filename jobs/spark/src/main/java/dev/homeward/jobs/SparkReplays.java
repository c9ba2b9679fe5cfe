package dev.homeward.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.homeward.calls.Tape;
import dev.homeward.calls.Tapes;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.decision.ReplayRequest;
import dev.homeward.decision.Replays;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.pricing.Discounts;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplayJson;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.Replayer;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing;
import dev.homeward.replay.WindowedReplay;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/** Replays on the cluster: one task element is a few requests, each with its tapes. */
final class SparkReplays implements Replays {
  private static final JsonMapper JSON = new JsonMapper();

  /** Requests of one task hold together about so many calls. */
  private static final double CALLS_A_TASK = 300_000;

  private static final int REQUESTS_A_TASK = 64;

  /** Calls of a tape that is held whole: some 150 bytes each. */
  private static final long WHOLE_TAPE_CALLS = 6_000_000;

  private static final long HOUR_MICROS = 3_600_000_000L;

  private final JavaSparkContext spark;
  private final Settings settings;
  private final Map<WorkloadKey, List<String>> parts;
  private final Catalog catalog;

  /** Tapes of more calls are cut into windows of a third of it; a property, for tests. */
  private final long wholeTapeCalls = Long.getLong("homeward.whole-tape-calls", WHOLE_TAPE_CALLS);

  /**
   * @param parts files of calls/ by workload
   */
  SparkReplays(JavaSparkContext spark, Settings settings, Map<WorkloadKey, List<String>> parts) {
    this.spark = spark;
    this.settings = settings;
    this.parts = parts;
    this.catalog = Catalog.parse(settings.catalog());
  }

  /**
   * What all tasks share.
   *
   * @param fromMicros start of the month
   * @param toMicros its end
   */
  record Settings(
      List<String> catalog,
      List<String> prices,
      String forecastDay,
      TreeMap<String, BigDecimal> discounts,
      long fromMicros,
      long toMicros,
      ReplaySettings replay)
      implements Serializable {

    // Tasks of one process read the catalog once.
    private static volatile Catalog last;
    private static volatile List<String> lastOf;

    Catalog readCatalog() {
      synchronized (Settings.class) {
        if (!catalog.equals(lastOf)) {
          last = Catalog.parse(catalog);
          lastOf = List.copyOf(catalog);
        }
        return last;
      }
    }

    Pricer pricer() {
      return new Pricer(
          PriceBook.parse(prices),
          Optional.ofNullable(forecastDay).map(LocalDate::parse),
          Discounts.of(discounts));
    }
  }

  /** The calls of a workload, and what they must get. */
  private record Part(
      String workload, String hostedModel, String dataClass, List<String> files, ServiceLevel level)
      implements Serializable {
    WorkloadKey key() {
      return new WorkloadKey(workload, hostedModel, dataClass);
    }

    Tape read(Pricer pricer, long from, long to) {
      return read(List.of(this), pricer, from, to).get(0);
    }

    static List<Tape> read(List<Part> parts, Pricer pricer, long from, long to) {
      Map<WorkloadKey, List<String>> files = new LinkedHashMap<>();
      parts.forEach(part -> files.put(part.key(), part.files()));
      List<Tape> tapes = List.copyOf(TapeReader.read(files, TapeReader::hadoop, from, to).values());
      tapes.forEach(tape -> pricer.price(tape, List.of()));
      return tapes;
    }
  }

  /** A request by ids. */
  private record Work(
      List<Part> parts,
      String model,
      String quantization,
      String engine,
      String hardware,
      long maxContext,
      double volume,
      int mostReplicas,
      boolean overflowAllowed,
      double calls,
      long firstMicros,
      long lastMicros)
      implements Serializable {
    List<ServiceLevel> levels() {
      return parts.stream().map(Part::level).toList();
    }

    Deployment deployment(Catalog catalog) {
      Fit fit =
          Deployments.fit(
              catalog.hardware(hardware),
              catalog.model(model),
              catalog.quantization(quantization),
              catalog.engine(engine),
              maxContext);
      if (!(fit instanceof Fit.Fits fits)) {
        throw new IllegalStateException("Planned what does not fit: " + this);
      }
      return fits.deployment();
    }
  }

  @Override
  public List<List<Sizing.Alternative>> of(List<ReplayRequest> requests) {
    spark.setJobGroup("replay", "replay workloads on candidate deployments");
    List<Work> all = requests.stream().map(this::work).toList();
    List<ArrayList<Work>> tasks = new ArrayList<>();
    double calls = 0;
    for (Work w : all) {
      if (isLong(w)) {
        continue;
      }
      if (tasks.isEmpty()
          || calls >= CALLS_A_TASK
          || tasks.get(tasks.size() - 1).size() >= REQUESTS_A_TASK) {
        tasks.add(new ArrayList<>());
        calls = 0;
      }
      tasks.get(tasks.size() - 1).add(w);
      calls += w.calls();
    }
    Settings shared = settings;
    List<String> results =
        tasks.isEmpty()
            ? List.of()
            : spark
                .parallelize(tasks, tasks.size())
                .flatMap(mine -> replay(mine, shared).iterator())
                .collect();
    Iterator<String> next = results.iterator();
    List<List<Sizing.Alternative>> answers = new ArrayList<>();
    for (Work w : all) {
      if (!isLong(w)) {
        List<Sizing.Alternative> answer = new ArrayList<>();
        parse(next.next()).forEach(node -> answer.add(ReplayJson.read(node)));
        answers.add(answer);
      } else if (w.parts().size() > 1 || w.volume() > 1) {
        // Merged or repeated, it would not fit into memory: nobody can say, so nobody plans on it.
        answers.add(List.of());
      } else {
        Deployment deployment = w.deployment(catalog);
        answers.add(
            settings
                .replay()
                .size(
                    parallelWindows(w, deployment),
                    w.levels(),
                    deployment,
                    w.mostReplicas(),
                    w.overflowAllowed()));
      }
    }
    return answers;
  }

  private boolean isLong(Work w) {
    return w.calls() > wholeTapeCalls;
  }

  private Work work(ReplayRequest request) {
    List<Part> of = new ArrayList<>();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (WorkloadCase workload : request.workloads()) {
      WorkloadKey key = workload.key();
      of.add(
          new Part(
              key.workload(),
              key.hostedModel(),
              key.dataClass(),
              parts.get(key),
              workload.serviceLevel()));
      first = Math.min(first, workload.profile().firstMicros());
      last = Math.max(last, workload.profile().lastMicros());
    }
    Deployment d = request.deployment();
    return new Work(
        of,
        d.model().id(),
        d.quantization().id(),
        d.engine().id(),
        d.hardware().id(),
        request.workloads().stream().mapToLong(w -> w.profile().maxContext()).max().orElse(0),
        request.volume(),
        request.mostReplicas(),
        request.overflowAllowed(),
        request.calls(),
        first,
        last);
  }

  private static List<String> replay(List<Work> works, Settings s) {
    Catalog catalog = s.readCatalog();
    Pricer pricer = s.pricer();
    List<String> results = new ArrayList<>();
    List<Part> of = List.of();
    List<Tape> tapes = List.of();
    for (Work w : works) {
      if (!of.equals(w.parts())) {
        of = w.parts();
        tapes = Part.read(of, pricer, s.fromMicros(), s.toMicros());
      }
      List<Sizing.Alternative> fleets =
          s.replay()
              .size(
                  tapes,
                  w.levels(),
                  w.deployment(catalog),
                  w.volume(),
                  w.mostReplicas(),
                  w.overflowAllowed());
      ArrayNode json = JSON.createArrayNode();
      // Hours are shown of fleets that one workload has for itself; merged ones are weighed only.
      boolean alone = w.parts().size() == 1;
      for (Sizing.Alternative fleet : fleets) {
        json.add(
            ReplayJson.write(
                alone
                    ? fleet
                    : new Sizing.Alternative(fleet.options(), fleet.result().withoutHours())));
      }
      results.add(json.toString());
    }
    return results;
  }

  // A tape too long for one task: each replay of it is a job whose tasks run a window each.
  private Replayer parallelWindows(Work w, Deployment deployment) {
    Settings shared = settings;
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
        shared.replay().observedMicros(),
        span.fromMicros());
  }

  private WindowedReplay.Span span(Work w) {
    long end = w.lastMicros() + 1;
    double windowCalls = Math.max(1, wholeTapeCalls / 3);
    long windows = (long) Math.ceil(w.calls() / windowCalls);
    return new WindowedReplay.Span(
        w.firstMicros(),
        end,
        Math.max(HOUR_MICROS, (end - w.firstMicros()) / windows),
        HOUR_MICROS);
  }

  // Each window reads its own calls, and an hour of those before and after it.
  private static WindowedReplay windows(Work w, WindowedReplay.Span span, Settings s) {
    Pricer pricer = s.pricer();
    return new WindowedReplay(
        (from, to) ->
            Tapes.scaled(
                w.parts()
                    .get(0)
                    .read(
                        pricer, Math.max(from, w.firstMicros()), Math.min(to, w.lastMicros() + 1)),
                w.volume(),
                s.replay().fromMicros(),
                s.replay().toMicros()),
        w.deployment(s.readCatalog()),
        s.replay().prefixCache(),
        s.replay().lengths(),
        span,
        s.replay().observedMicros());
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read a replay", e);
    }
  }
}
