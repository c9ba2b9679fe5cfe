package dev.homeward.calibration;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.ModelSplit;
import dev.homeward.catalog.Quantization;
import dev.homeward.measured.ServingPoint;
import dev.homeward.serving.Placement;
import dev.homeward.serving.ServingObservation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts measured serving points beside the catalog and decides, by rules stated beforehand and never
 * by how well a point is predicted, which of them count:
 *
 * <ol>
 *   <li>the same times of the same set-up under several ids count once;
 *   <li>labels that contradict themselves (callers in the id and in the columns) do not count;
 *   <li>a replica of more accelerators than a node holds does not count: its link is not the
 *       node's;
 *   <li>where one set-up was measured more than once and the times per token differ by more than a
 *       quarter, something is not in the labels (speculative decoding, a version): the slowest
 *       counts;
 *   <li>a campaign (engine, model, chip, format) in which some point needs more than 60 % of the
 *       chips' peak FLOP/s from end to end does not count: something saves it work that the labels
 *       do not tell (a prefix cache).
 * </ol>
 */
public final class ServingCases {
  private static final int NODE = 8;
  private static final double REPEATS_AGREE = 1.25;
  private static final double PEAK_SHARE = 0.6;

  private final CatalogNames names;
  private final Map<String, Integer> unknown = new TreeMap<>();

  public ServingCases(CatalogNames names) {
    this.names = names;
  }

  /** Names that the catalog lacks, with the number of points left out for each. */
  public Map<String, Integer> unknown() {
    return unknown;
  }

  /** The points that the catalog knows, in the order given, with the rules applied. */
  public List<ServingCase> of(List<ServingPoint> points) {
    List<ServingCase> cases = new ArrayList<>();
    for (ServingPoint point : points) {
      resolve(point).ifPresent(cases::add);
    }
    return rules(cases);
  }

  private Optional<ServingCase> resolve(ServingPoint point) {
    Optional<Engine> engine = names.engine(point.engine(), point.engineVersion());
    Optional<LocalModel> model = names.model(point.model());
    Optional<Accelerator> chip = names.accelerator(point.accelerator());
    boolean mixture = model.map(m -> m.isMixture()).orElse(false);
    String words = mixture ? point.expertWeights() : point.weights();
    Optional<Quantization> format =
        engine
            .flatMap(e -> names.format(words, e))
            .or(() -> names.format(words))
            .map(named -> model.map(m -> published(m, named)).orElse(named));
    if (engine.isEmpty() || model.isEmpty() || chip.isEmpty() || format.isEmpty()) {
      String missing =
          engine.isEmpty()
              ? "engine " + point.engine()
              : model.isEmpty()
                  ? "model " + point.model()
                  : chip.isEmpty() ? "accelerator " + point.accelerator() : "format " + words;
      unknown.merge(missing, 1, Integer::sum);
      return Optional.empty();
    }
    if (point.tpotMillis().isEmpty()) {
      unknown.merge("no time per output token", 1, Integer::sum);
      return Optional.empty();
    }
    Placement placement =
        new Placement(
            chip.get(),
            model.get(),
            format.get(),
            point.accelerators(),
            point.attentionData() ? ModelSplit.ATTENTION_DATA : ModelSplit.TENSOR,
            kvBytes(model.get(), chip.get()));
    ServingObservation observation =
        ServingObservation.of(
            placement,
            engine.get(),
            point.concurrency(),
            point.promptTokens(),
            point.outputTokens(),
            point.ttftMillis().orElse(Double.NaN) / 1e3,
            point.tpotMillis().getAsDouble() / 1e3);
    return Optional.of(
        new ServingCase(point, engine.get(), model.get(), chip.get(), observation, ""));
  }

  // The recipes that measured gpt-oss keep its KV cache in FP8 on chips with FP4 units, in 16 bits
  // on others (SemiAnalysisAI/InferenceX, benchmarks/gptoss_fp4_*.sh); no label says so.
  private static int kvBytes(LocalModel model, Accelerator chip) {
    return model.id().startsWith("gpt-oss") && chip.fp4Tflops().isPresent() ? 1 : 2;
  }

  // Tables say "fp4" of models whose weights were published in MXFP4 and in no other.
  private Quantization published(LocalModel model, Quantization named) {
    return named.id().equals("nvfp4")
            && !model.quantizations().contains("nvfp4")
            && model.quantizations().contains("mxfp4")
        ? names.catalog().quantization("mxfp4")
        : named;
  }

  private static List<ServingCase> rules(List<ServingCase> cases) {
    Map<String, Double> slowest = new HashMap<>();
    Set<String> overPeak = new HashSet<>();
    for (ServingCase c : cases) {
      slowest.merge(repeat(c), c.observation().measured(), Math::max);
      double ttft = c.point().ttftMillis().orElse(0) / 1e3;
      if (c.observation().shareOfPeak(c.point().concurrency(), ttft) > PEAK_SHARE) {
        overPeak.add(c.observation().campaign());
      }
    }
    Set<String> seen = new HashSet<>();
    List<ServingCase> judged = new ArrayList<>();
    for (ServingCase c : cases) {
      String times = repeat(c) + "/" + c.point().ttftMillis() + "/" + c.point().tpotMillis();
      String reason = "";
      if (!seen.add(times)) {
        reason = "counted already";
      } else if (!c.point().contradiction().isEmpty()) {
        reason = "labels contradict themselves: " + c.point().contradiction();
      } else if (c.point().accelerators() > NODE) {
        reason = "more accelerators than a node";
      } else if (overPeak.contains(c.observation().campaign())) {
        reason = "a point of this campaign needs more than 60 % of peak FLOP/s";
      } else if (slowest.get(repeat(c)) > REPEATS_AGREE * c.observation().measured()) {
        reason = "repeats differ by more than a quarter";
      }
      judged.add(reason.isEmpty() ? c : c.excluded(reason));
    }
    return judged;
  }

  private static String repeat(ServingCase c) {
    ServingPoint p = c.point();
    return c.setup() + "/" + p.concurrency() + "/" + p.promptTokens() + "/" + p.outputTokens();
  }
}
