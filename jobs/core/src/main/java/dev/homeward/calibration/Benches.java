package dev.homeward.calibration;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.Quantization;
import dev.homeward.measured.BenchPoint;
import dev.homeward.serving.BenchObservation;
import dev.homeward.serving.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Puts points of llama.cpp's benches beside the catalog. */
public final class Benches {
  private static final String SLOTS_ENGINE = "llama.cpp";
  private static final double REPEATED = 0.05;
  private static final double ONCE = 0.1;

  private final CatalogNames names;
  private final String accelerator;
  private final String version;
  private final Map<String, Integer> unknown = new TreeMap<>();

  /**
   * @param accelerator id for files that do not say; {@code ""} if none was given
   * @param version of the engine, for files that do not say; {@code ""} for today's
   */
  public Benches(CatalogNames names, String accelerator, String version) {
    this.names = names;
    this.accelerator = accelerator;
    this.version = version;
  }

  /**
   * One time of a bench.
   *
   * @param name the model's name in the file
   */
  public record Case(String name, BenchPoint point, BenchObservation observation) {
    /**
     * Whether the time holds a warm-up. llama-batched-bench begins every prompt length with the
     * prompt of one sequence and counts its first passes, graph capture included, a tenth of a
     * second; llama-bench measures the same after a warm-up of its own, so nothing is lost by
     * fitting to that.
     */
    boolean warmingUp() {
      return batched(point) && point.sequences() == 1 && observation.steps() == 0;
    }

    /** What was timed: prefill or decode, batched where there were several sequences. */
    public String kind() {
      String what = observation.steps() > 0 ? "decode" : "prefill";
      return point.batched() ? "batched_" + what : what;
    }
  }

  private static boolean batched(BenchPoint point) {
    return point.promptTokens() > 0 && point.generatedTokens() > 0;
  }

  /** Names that the catalog lacks, with the number of points left out for each. */
  public Map<String, Integer> unknown() {
    return unknown;
  }

  /** One case a measured time: the prompts of a point and its generation are two. */
  public List<Case> of(List<BenchPoint> points) {
    List<Case> cases = new ArrayList<>();
    // llama-batched-bench makes room for the most sequences it will run, and keeps it throughout.
    Map<String, Integer> most = new TreeMap<>();
    for (BenchPoint point : points) {
      most.merge(series(point), point.sequences(), Math::max);
    }
    for (BenchPoint point : points) {
      int slots = point.batched() ? most.get(series(point)) : point.sequences();
      Optional<Engine> engine =
          names.engine(
              point.engine().isEmpty() ? SLOTS_ENGINE : point.engine(),
              point.version().isEmpty() ? version : point.version());
      Optional<LocalModel> model = names.model(point.model());
      Optional<Quantization> format =
          engine
              .flatMap(e -> names.format(point.weights(), e))
              .or(() -> names.format(point.weights()));
      Optional<Accelerator> chip =
          names.accelerator(accelerator.isEmpty() ? point.accelerator() : accelerator);
      if (engine.isEmpty() || model.isEmpty() || format.isEmpty() || chip.isEmpty()) {
        String missing =
            engine.isEmpty()
                ? "engine " + point.engine()
                : model.isEmpty()
                    ? "model " + point.model()
                    : format.isEmpty()
                        ? "format " + point.weights()
                        : "accelerator " + point.accelerator();
        unknown.merge(missing, 1, Integer::sum);
        continue;
      }
      Placement placement =
          new Placement(
              chip.get(),
              model.get(),
              format.get(),
              point.accelerators(),
              engine.get().scheduling().split(),
              2);
      point
          .prefillSeconds()
          .ifPresent(seconds -> cases.add(of(point, placement, engine.get(), 0, slots, seconds)));
      point
          .decodeSeconds()
          .ifPresent(
              seconds ->
                  cases.add(
                      of(point, placement, engine.get(), point.generatedTokens(), slots, seconds)));
    }
    return cases;
  }

  /** Points of one batched bench: of one file, model, format and machine. */
  private static String series(BenchPoint point) {
    return String.join(
        "|",
        point.source().replaceAll(":\\d+$", ""),
        point.batched() ? "batched" : "",
        point.engine(),
        point.version(),
        point.model(),
        point.weights(),
        point.accelerator(),
        "" + point.accelerators());
  }

  private static Case of(
      BenchPoint point, Placement placement, Engine engine, int steps, int slots, double seconds) {
    boolean overInterface = !engine.line().equals(SLOTS_ENGINE);
    return new Case(
        point.model(),
        point,
        new BenchObservation(
            placement,
            engine,
            point.depth(),
            point.promptTokens(),
            steps,
            point.sequences(),
            // llama-batched-bench waits after every batch, llama-bench after the whole prompt.
            batched(point) ? point.batchTokens() : Math.max(1, point.promptTokens()),
            point.passTokens(),
            slots,
            overInterface,
            // llama-bench gives means of repeats after a warm-up; the others measure once.
            point.batched() || overInterface ? ONCE : REPEATED,
            seconds));
  }
}
