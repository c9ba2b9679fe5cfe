package dev.homeward.calibration;

import dev.homeward.calls.BilledTape;
import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.ModelSplit;
import dev.homeward.catalog.Quantization;
import dev.homeward.catalog.Source;
import dev.homeward.measured.CallersPoint;
import dev.homeward.replay.Replay;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import dev.homeward.serving.Placement;
import dev.homeward.units.Confidence;
import dev.homeward.units.TimeUnits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Replays closed loops of many callers at a vLLM server: tokens a second of all together. */
public final class ManyCallers {
  private static final ServiceLevel NO_LEVEL =
      new ServiceLevel(ServiceLevel.NONE, ServiceLevel.NONE, ServiceLevel.NONE, ServiceLevel.NONE);
  private static final Source BENCH = new Source(Confidence.MEASURED, "many callers", "-");

  /** Its checkpoints are in groups of 32 (llm-compressor); others' AWQ in groups of 128. */
  private static final String SMALL_GROUPS = "cpatonn";

  private final CatalogNames names;
  private final Map<String, Integer> leftOut = new TreeMap<>();

  public ManyCallers(CatalogNames names) {
    this.names = names;
  }

  /**
   * A point as measured and as replayed.
   *
   * @param replayed tokens a second of all callers
   */
  public record Compared(CallersPoint point, Engine engine, Placement placement, double replayed) {
    /** Replayed over measured, less one. */
    public double error() {
      return replayed / point.outputRate() - 1;
    }
  }

  /** Why points were left out, with their number. */
  public Map<String, Integer> leftOut() {
    return leftOut;
  }

  /** The points that can be described, replayed. */
  public List<Compared> of(List<CallersPoint> points) {
    List<Compared> compared = new ArrayList<>();
    for (CallersPoint point : points) {
      compare(point).ifPresent(compared::add);
    }
    return compared;
  }

  private Optional<Compared> compare(CallersPoint point) {
    Optional<Engine> engine = names.engine("vllm", point.version());
    Optional<LocalModel> model = names.model(point.model());
    Optional<Accelerator> chip = names.accelerator(point.accelerator());
    Optional<Quantization> format = names.format(format(point.model()));
    if (engine.isEmpty() || model.isEmpty() || chip.isEmpty() || format.isEmpty()) {
      return none(
          model.isEmpty()
              ? "unknown model " + point.model()
              : "unknown accelerator or format of " + point.source());
    }
    if (point.tensor() > 1 && point.pipeline() > 1) {
      return none("tensor and pipeline parallelism together");
    }
    Placement placement =
        new Placement(
            chip.get(),
            model.get(),
            format.get(),
            point.tensor() * point.pipeline(),
            point.pipeline() > 1 ? ModelSplit.LAYERS : ModelSplit.TENSOR,
            point.fp8Kv() ? 1 : 2);
    Fit fit = Deployments.bare(placement, engine.get(), BENCH, 0, 0);
    return fit instanceof Fit.Fits fits
        ? Optional.of(
            new Compared(point, engine.get(), placement, replayed(point, fits.deployment())))
        : none(((Fit.DoesNotFit) fit).explanation());
  }

  private Optional<Compared> none(String why) {
    leftOut.merge(why, 1, Integer::sum);
    return Optional.empty();
  }

  // Servers are alike, and so are their callers: one of them is replayed.
  private static double replayed(CallersPoint point, Deployment deployment) {
    int servers = Math.min(point.instances(), point.callers());
    int callers = point.callers() / servers;
    int each = Math.max(1, Math.round((float) point.calls() / servers / callers));
    double[] last = {0};
    ReplayResult result =
        new Replay(
                BilledTape.of(
                    BenchTapes.callers(
                        callers, each, point.promptTokens(), point.outputTokens(), 1)),
                deployment,
                ReplayOptions.PrefixCache.OFF,
                1)
            .run(
                ReplayOptions.always(
                        deployment.batches(),
                        ReplayOptions.NO_CAP,
                        ReplayOptions.PrefixCache.OFF,
                        NO_LEVEL)
                    .withClosedLoop(true),
                (call, first, finish) ->
                    last[0] = Math.max(last[0], finish / (double) TimeUnits.PICOS_PER_SECOND));
    if (result.tooLongCalls() > 0) {
      return Double.NaN;
    }
    return point.outputTokens() * callers * each * servers / last[0];
  }

  private static String format(String model) {
    String lower = model.toLowerCase(Locale.ROOT);
    if (lower.contains("awq")) {
      return lower.startsWith(SMALL_GROUPS) ? "awq-4bit-g32" : "awq-4bit";
    }
    if (lower.contains("gptq")) {
      return "gptq-4bit";
    }
    return lower.contains("fp8") ? "fp8" : "fp16";
  }
}
