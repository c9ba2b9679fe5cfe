package dev.homeward.calibration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.calls.BilledTape;
import dev.homeward.calls.Tape;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.ModelSplit;
import dev.homeward.catalog.Source;
import dev.homeward.measured.MeasuredCall;
import dev.homeward.measured.RunFiles;
import dev.homeward.replay.Replay;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import dev.homeward.serving.Placement;
import dev.homeward.serving.StepTime;
import dev.homeward.units.Confidence;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.TimeUnits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Replays runs that were measured call by call, and says how far off the replay is. */
public final class RunCheck {
  private static final ServiceLevel NO_LEVEL =
      new ServiceLevel(ServiceLevel.NONE, ServiceLevel.NONE, ServiceLevel.NONE, ServiceLevel.NONE);
  private static final Source BENCH = new Source(Confidence.MEASURED, "a measured run", "-");

  private final Catalog catalog;

  public RunCheck(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * A run to be replayed.
   *
   * @param calls file of calls
   * @param power file of watts, if measured
   * @param accelerators of one replica
   * @param layout replicas, and how each is set up
   * @param slots sequences at once; 0 for the engine's default
   * @param context tokens of the KV cache, all sequences together; 0 for what the plan leaves
   * @param idleWatts of the idle board, where watts were measured
   * @param kvTokens measured size of the KV cache, where it is known
   */
  public record BenchRun(
      String name,
      Path calls,
      Optional<Path> power,
      String accelerator,
      int accelerators,
      Layout layout,
      String model,
      String quantization,
      String engine,
      int slots,
      int context,
      OptionalDouble idleWatts,
      OptionalLong kvTokens) {}

  /**
   * How a run's replicas were set up.
   *
   * @param replicas that calls were divided among
   * @param parallelism {@code tensor}, {@code pipeline} (layers one after the other, each
   *     accelerator a stage) or {@code ""} for what the engine does
   * @param stepTokens tokens of a step at most; 0 for the engine's default
   * @param kvFormat of the KV cache: {@code 16bit} or {@code fp8}
   */
  public record Layout(int replicas, String parallelism, int stepTokens, String kvFormat) {
    /** One replica as the engine sets it up. */
    public static final Layout PLAIN = new Layout(1, "", 0, "16bit");

    private ModelSplit split(Engine engine) {
      return switch (parallelism) {
        case "pipeline" -> ModelSplit.LAYERS;
        case "tensor" -> ModelSplit.TENSOR;
        default -> engine.scheduling().split();
      };
    }

    private int kvBytes() {
      return kvFormat.equals("fp8") ? 1 : 2;
    }
  }

  /**
   * The runs of a file that follows its schema.
   *
   * @param data folder that paths are relative to
   */
  public static List<BenchRun> runs(JsonNode file, Path data) {
    List<BenchRun> runs = new ArrayList<>();
    for (JsonNode run : file.get("runs")) {
      runs.add(
          new BenchRun(
              run.get("name").asText(),
              data.resolve(run.get("calls").asText()),
              Optional.ofNullable(run.get("power")).map(node -> data.resolve(node.asText())),
              run.get("accelerator").asText(),
              run.path("accelerators").asInt(1),
              new Layout(
                  run.path("replicas").asInt(1),
                  run.path("parallelism").asText(),
                  run.path("step-tokens").asInt(0),
                  run.path("kv-format").asText("16bit")),
              run.get("model").asText(),
              run.get("quantization").asText(),
              run.get("engine").asText(),
              run.path("sequences").asInt(run.path("slots").asInt(0)),
              run.path("context").asInt(0),
              run.has("idle-watts")
                  ? OptionalDouble.of(run.get("idle-watts").asDouble())
                  : OptionalDouble.empty(),
              run.has("kv-tokens")
                  ? OptionalLong.of(run.get("kv-tokens").asLong())
                  : OptionalLong.empty()));
    }
    return runs;
  }

  /** A figure as measured and as replayed. */
  public record Compared(double measured, double replayed) {
    /** Replayed over measured, less one. */
    public double error() {
      return replayed / measured - 1;
    }
  }

  /**
   * How near a replay came.
   *
   * @param makespan seconds from the first call to the last token
   * @param e2eMedianError median over calls of |replayed / measured - 1|
   * @param watts mean of the board
   */
  public record RunComparison(
      BenchRun run,
      int calls,
      Optional<Compared> kvTokens,
      Compared makespan,
      Compared ttftP50,
      Compared tpotP50,
      double e2eMedianError,
      Optional<Compared> watts) {}

  /** Replays a run. */
  public RunComparison check(BenchRun run, List<String> problems) {
    List<MeasuredCall> calls = RunFiles.calls(run.calls(), problems);
    if (calls.isEmpty()) {
      throw new InvalidInput("Cannot check %s: no calls in %s".formatted(run.name(), run.calls()));
    }
    Deployment deployment = deployment(run);
    Tape tape = BenchTapes.of(calls);
    double callSeconds = StepTime.of(deployment).callPicos() / (double) TimeUnits.PICOS_PER_SECOND;
    double[] ttft = new double[calls.size()];
    double[] e2e = new double[calls.size()];
    double[] last = {0};
    ReplayResult result =
        new Replay(BilledTape.of(tape), deployment, ReplayOptions.PrefixCache.OFF, 1)
            .run(
                ReplayOptions.always(
                    run.layout().replicas() * deployment.batches(),
                    ReplayOptions.NO_CAP,
                    ReplayOptions.PrefixCache.OFF,
                    NO_LEVEL),
                (call, first, finish) -> {
                  double sent = tape.startedAtMicros[call] / (double) TimeUnits.MICROS_PER_SECOND;
                  ttft[call] = first / (double) TimeUnits.PICOS_PER_SECOND - sent + callSeconds;
                  e2e[call] = finish / (double) TimeUnits.PICOS_PER_SECOND - sent + callSeconds;
                  last[0] =
                      Math.max(last[0], finish / (double) TimeUnits.PICOS_PER_SECOND + callSeconds);
                });
    if (result.tooLongCalls() > 0) {
      throw new InvalidInput(
          "Cannot check %s: %d calls are longer than its context"
              .formatted(run.name(), result.tooLongCalls()));
    }
    double busySeconds = result.busyNanos() / (double) TimeUnits.NANOS_PER_SECOND;
    return new RunComparison(
        run,
        calls.size(),
        run.kvTokens().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Compared(
                    run.kvTokens().getAsLong(),
                    (double) deployment.kvCache().kvTokens() * deployment.batches())),
        new Compared(
            calls.stream().mapToDouble(c -> c.sentSeconds() + c.e2eSeconds()).max().orElseThrow(),
            last[0]),
        new Compared(median(calls.stream().mapToDouble(MeasuredCall::ttftSeconds)), median(ttft)),
        new Compared(
            median(calls.stream().filter(c -> c.outputTokens() > 1).mapToDouble(RunCheck::tpot)),
            tpot(calls, ttft, e2e)),
        e2eError(calls, e2e),
        run.power()
            .map(file -> watts(run, deployment, file, result.busyLoad() * busySeconds / last[0])));
  }

  private Deployment deployment(BenchRun run) {
    Engine engine = catalog.engine(run.engine());
    int tokens = run.layout().stepTokens();
    if (tokens > 0) {
      Engine.Limits limits = engine.stepLimits().on(catalog.accelerator(run.accelerator()));
      int pass =
          limits.physicalBatchTokens() == limits.maxBatchedTokens()
              ? tokens
              : Math.min(tokens, limits.physicalBatchTokens());
      engine =
          engine.with(engine.scheduling(), new Engine.Limits(tokens, limits.maxSequences(), pass));
    }
    Placement placement =
        new Placement(
            catalog.accelerator(run.accelerator()),
            catalog.model(run.model()),
            catalog.quantization(run.quantization()),
            run.accelerators(),
            run.layout().split(engine),
            run.layout().kvBytes());
    Fit fit = Deployments.bare(placement, engine, BENCH, run.slots(), run.context());
    if (fit instanceof Fit.Fits fits) {
      return fits.deployment();
    }
    throw new InvalidInput(
        "Cannot check %s: %s".formatted(run.name(), ((Fit.DoesNotFit) fit).explanation()));
  }

  private static Compared watts(BenchRun run, Deployment deployment, Path file, double meanLoad) {
    double idle = run.idleWatts().orElseGet(() -> RunFiles.leastWatts(file));
    double limit = deployment.hardware().accelerator().tdpWatts().value();
    return new Compared(RunFiles.meanWatts(file), idle + (limit - idle) * meanLoad);
  }

  private static double tpot(MeasuredCall call) {
    return (call.e2eSeconds() - call.ttftSeconds()) / (call.outputTokens() - 1);
  }

  private static double tpot(List<MeasuredCall> calls, double[] ttft, double[] e2e) {
    double[] all = new double[calls.size()];
    int n = 0;
    for (int i = 0; i < all.length; i++) {
      int output = calls.get(i).outputTokens();
      if (output > 1) {
        all[n++] = (e2e[i] - ttft[i]) / (output - 1);
      }
    }
    return median(Arrays.copyOf(all, n));
  }

  private static double e2eError(List<MeasuredCall> calls, double[] e2e) {
    double[] errors = new double[e2e.length];
    for (int i = 0; i < errors.length; i++) {
      errors[i] = Math.abs(e2e[i] / calls.get(i).e2eSeconds() - 1);
    }
    return median(errors);
  }

  private static double median(java.util.stream.DoubleStream values) {
    return median(values.toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
  }
}
