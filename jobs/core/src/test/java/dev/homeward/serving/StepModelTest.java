package dev.homeward.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.catalog.Arithmetic;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.EfficiencyParameter;
import dev.homeward.catalog.EfficiencyPrior;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.ModelSplit;
import dev.homeward.catalog.Source;
import dev.homeward.units.Confidence;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StepModelTest {
  private static final Catalog CATALOG = Catalog.standard();
  private static final Source SOURCE = new Source(Confidence.MEASURED, "test", "2026");

  /**
   * Llama 3.1 8B in FP16 on one H100 of which everything is had: 32 layers of 2 x 4096 x (4096 +
   * 1024) + 3 x 4096 x 14336 weights, and a head of 128,256 x 4096, at 3,350 GB/s.
   */
  @Test
  void oneTokenStreamsTheBodyAndTheHead() {
    double body = 32.0 * (2.0 * 4096 * (4096 + 1024) + 3.0 * 4096 * 14336);
    double head = 128256.0 * 4096;
    double memory = (body + head) * 2 / 3350e9;
    StepModel model = perfect("h100-sxm-80gb", "llama-3.1-8b", "fp16", 1);
    assertEquals(memory, model.tokens(1), memory * 0.002);
    // 65,536 elements of 2 bytes a context token; 4 x 32 layers x 32 heads x 128 operations a pair.
    assertEquals(131_072 / 3350e9, model.contextToken(), 1e-15);
    assertEquals(524_288 / 989e12, model.pair(), 1e-18);
  }

  /**
   * MXFP4 experts compute in FP8 on a B200 and unpacked on an H200; in a pipeline of four each
   * stage has eight of 32 layers, and the time between two tokens is that of all four stages.
   */
  @Test
  void expertsInFp4AndStagesOfAPipeline() {
    Arithmetic there =
        CATALOG
            .engine("vllm")
            .arithmeticOf(
                Arithmetic.Work.PRODUCTS,
                CATALOG.accelerator("b200-sxm"),
                CATALOG.quantization("mxfp4"));
    assertEquals(Arithmetic.Unit.FP8, there.unit());
    assertTrue(there.fusedExperts());
    Placement layers =
        new Placement(
            CATALOG.accelerator("rtx-pro-6000"),
            CATALOG.model("llama-3.1-8b"),
            CATALOG.quantization("fp16"),
            4,
            ModelSplit.LAYERS,
            1);
    assertEquals(65_536, layers.kvBytesPerToken());
    Efficiency set =
        CATALOG.engine("vllm").efficiencyOn(CATALOG.accelerator("rtx-pro-6000")).orElseThrow();
    StepModel staged = new StepModel(layers, set, CATALOG.engine("vllm"));
    StepModel whole = engine("vllm", "rtx-pro-6000", "llama-3.1-8b", "fp16", 1);
    double more = 3 * 300e-6 + 4 * 28.3e-6;
    double head = 128256.0 * 4096 * 2 / (1792e9 * 0.899);
    // The last stage has the head beside as many layers as the others.
    assertEquals(whole.tokens(1) + more + 3 * head, staged.tokens(1), 2e-5);
    assertEquals(whole.contextToken() / 2, staged.contextToken(), 1e-12);
    assertEquals(64 * whole.pair(), whole.contextTokenMixed(), 1e-15);
  }

  /** Large batches are bound by operations: 2 a body weight and token at 989 TFLOP/s. */
  @Test
  void manyTokensAreBoundByOperations() {
    double body = 32.0 * (2.0 * 4096 * (4096 + 1024) + 3.0 * 4096 * 14336);
    double compute = 2 * body * 8192 / 989e12;
    double time = perfect("h100-sxm-80gb", "llama-3.1-8b", "fp16", 1).tokens(8192);
    assertEquals(compute, time, compute * 0.01);
  }

  /** 131,072, 327,680 and 70,272 bytes; more ranks than KV heads repeat heads. */
  @Test
  void theKvCacheOfAModelIsWhatItsHeadsSay() {
    assertEquals(131_072, placement("h100-sxm-80gb", "llama-3.1-8b", "fp16", 1).kvBytesPerToken());
    assertEquals(327_680, placement("h100-sxm-80gb", "llama-3.1-70b", "fp8", 8).kvBytesPerToken());
    assertEquals(70_272, placement("h200-sxm", "deepseek-v3", "fp8", 1).kvBytesPerToken());
    assertEquals(
        8 * 70_272,
        placement("h200-sxm", "deepseek-v3", "fp8", 8).kvBytesPerToken(),
        "whole on each");
    assertEquals(
        2 * 98_304L,
        placement("h200-sxm", "qwen3-30b-a3b", "fp8", 8).kvBytesPerToken(),
        "4 heads, 8 ranks");
  }

  /** Qwen3-30B-A3B: 8 of 128 experts at one token, 112 at 32 (LLMServingSim's table). */
  @Test
  void expertsTouchedGrowWithTheBatch() {
    ModelCosts costs = new ModelCosts(CATALOG.model("qwen3-30b-a3b"), CATALOG.quantization("fp8"));
    double one = 48.0 * 3 * 2048 * 768;
    assertEquals(8, costs.expertBytes(1) / one, 1e-9);
    assertEquals(112, costs.expertBytes(32) / one, 1);
  }

  /** DeepSeek V3: 37.6e9 parameters a token, of which the two embeddings are no work. */
  @Test
  void operationsOfAMixtureAreThoseOfItsActiveParameters() {
    ModelCosts costs = new ModelCosts(CATALOG.model("deepseek-v3"), CATALOG.quantization("fp8"));
    double active = (costs.bodyOperations() + costs.expertOperations()) / 2;
    assertEquals(37.552e9 - 2 * 129280.0 * 7168, active, 0.02 * active);
  }

  @Test
  void whatIsFasterOrLargerIsNeverSlower() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      String model = random.nextBoolean() ? "llama-3.1-70b" : "deepseek-v3";
      int tp = 1 << random.nextInt(4);
      StepModel slow = engine("vllm", "h100-sxm-80gb", model, "fp8", tp);
      StepModel fast = engine("vllm", "b200-sxm", model, "fp8", tp);
      int n = 1 + random.nextInt(8192);
      assertTrue(fast.tokens(n) <= slow.tokens(n), "seed " + seed + " tokens " + n);
      assertTrue(slow.tokens(n) <= slow.tokens(n + 1 + random.nextInt(512)), "seed " + seed);
    }
  }

  /**
   * gpt-oss: half of the layers read 128 tokens at most. A sequence of 4,000 tokens costs as much
   * as 2,000 + 64 of one whose layers read all; the replay's linear form says the same.
   */
  @Test
  void aFullWindowCostsNoMoreWithALongerContext() {
    StepModel model = engine("vllm", "h100-sxm-80gb", "gpt-oss-120b", "mxfp4", 1);
    double growing =
        SteadyState.decodeStep(model, 1, 4000) - SteadyState.decodeStep(model, 1, 2000);
    assertEquals(1000 * model.contextToken(), growing, 1e-12);
    double all = SteadyState.decodeStep(model, 1, 4000) - model.tokens(1) - model.sequence();
    assertEquals(2064 * model.contextToken(), all, 1e-12);
    assertEquals(all, 4000 * model.contextToken() * model.growingShare() + model.window(), 1e-12);
    StepModel sparse = engine("sglang", "h200-sxm", "glm-5", "fp8", 8);
    double chosen = SteadyState.decodeStep(sparse, 1, 9000) - sparse.tokens(1) - sparse.sequence();
    assertEquals(
        chosen, 9000 * sparse.contextToken() * sparse.growingShare() + sparse.window(), 1e-12);
  }

  /** Every engine, format and model that fits some box can be timed with the shipped sets. */
  @Test
  void everyShippedSetIsWhole() {
    int timed = 0;
    Set<String> seen = new HashSet<>();
    for (HardwareProfile box : CATALOG.hardware()) {
      // Boxes of the same accelerators are timed alike.
      if (!seen.add(box.accelerator().id() + " " + box.acceleratorCount())) {
        continue;
      }
      for (Engine engine : CATALOG.engines()) {
        for (LocalModel model : CATALOG.models()) {
          for (String format : model.quantizations()) {
            Fit fit = Deployments.fit(box, model, CATALOG.quantization(format), engine, 4096);
            if (fit instanceof Fit.Fits fits) {
              StepTime time = StepTime.of(fits.deployment());
              assertTrue(time.tokens(1) > 0, fits.deployment().id());
              assertTrue(time.tokens(time.passTokens()) >= time.tokens(1), fits.deployment().id());
              timed++;
            }
          }
        }
      }
    }
    assertTrue(timed > 1000, "combinations timed: " + timed);
  }

  /** What llama.cpp of 2025-02 does differently is said by parameters that others do without. */
  @Test
  void parametersThatASetDoesWithoutAddNothing() {
    Engine engine = CATALOG.engine("llama.cpp@2025-02");
    Placement placement = placement("h200-sxm", "llama-3.1-8b", "q4_k_m", 1);
    Efficiency set = engine.efficiencies().get("h200-sxm");
    StepModel all = new StepModel(placement, set, engine);
    // Reading and computing of vector kernels: the longer of the two, not their sum.
    StepModel sum = without(placement, engine, EfficiencyParameter.VECTOR_KNEE);
    ModelCosts costs = new ModelCosts(placement.model(), placement.quantization());
    double reading =
        (costs.bodyBytes() + costs.headBytes())
            / (4.8e12 * set.get(EfficiencyParameter.WEIGHT_PACKED_SINGLE));
    assertEquals(reading, sum.tokens(8) - all.tokens(8), 0.001 * reading);
    assertEquals(sum.tokens(9), all.tokens(9));
    // A fixed time a layer where packed weights go through matrix kernels.
    StepModel smooth = without(placement, engine, EfficiencyParameter.LAYER_PACKED_US);
    double packed = 32 * set.get(EfficiencyParameter.LAYER_PACKED_US) * 1e-6;
    assertEquals(packed, all.tokens(9) - smooth.tokens(9), 1e-12);
    assertEquals(smooth.tokens(8), all.tokens(8));
    // One token reads keys and values once, whatever a query computes.
    double bytes = 131_072 / (4.8e12 * set.get(EfficiencyParameter.KV_SINGLE));
    assertEquals(1000 * bytes, all.cells(1000, 1), 1e-12);
    StepModel wide = without(placement, engine, EfficiencyParameter.KV_SINGLE);
    assertEquals(wide.cell() + wide.narrowCellToken(), wide.cells(1, 1), 1e-15);
    assertEquals(wide.cells(1000, 2), all.cells(1000, 2));
    // The host: by layers, and 128,256 logits a sequence.
    assertEquals(32 * set.get(EfficiencyParameter.HOST_LAYER_US) * 1e-6, all.hostPass(), 1e-12);
    assertEquals(
        128_256 * set.get(EfficiencyParameter.HOST_CLEAR_NS) * 1e-9, all.hostClear(), 1e-12);
    assertEquals(0, without(placement, engine, EfficiencyParameter.HOST_CLEAR_NS).hostClear());
  }

  private static StepModel without(
      Placement placement, Engine engine, EfficiencyParameter parameter) {
    Efficiency set = engine.efficiencies().get("h200-sxm");
    Map<EfficiencyParameter, Double> others = new EnumMap<>(set.values());
    others.remove(parameter);
    return new StepModel(placement, new Efficiency(others, 0.1, 0.1, SOURCE), engine);
  }

  /**
   * Packed weights keep the vector units busy: the same tokens load an H200 more than FP16 does,
   * and most in passes of a few.
   */
  @Test
  void packedProductsLoadTheVectorUnits() {
    Engine engine = CATALOG.engine("llama.cpp@2025-02");
    BusyWork wide = new BusyWork(0, 10_000, 0, 0, 0, 1);
    BusyWork few = new BusyWork(0, 10_000, 10_000, 0, 0, 1);
    Placement packed = placement("h200-sxm", "llama-3.1-8b", "q4_k_m", 1);
    Placement sixteen = placement("h200-sxm", "llama-3.1-8b", "fp16", 1);
    double operations = 2 * 6.979e9 * 10_000;
    assertEquals(0.25 + operations / 267.6e12, PowerCurve.load(packed, engine, wide), 0.002);
    assertEquals(1, PowerCurve.load(packed, engine, few), "66.9 TFLOP/s would be all");
    assertEquals(0.25 + 1.6 * operations / 989e12, PowerCurve.load(sixteen, engine, few), 0.002);
  }

  /** Points made with known parameters give them back, though one in ten is wrong by a factor. */
  @Test
  void aFitFindsTheParametersThatMadeThePoints() {
    Engine engine = CATALOG.engine("vllm");
    Map<EfficiencyParameter, EfficiencyPrior> priors = CATALOG.priors(engine);
    Map<EfficiencyParameter, Double> truth = new EnumMap<>(EfficiencyParameter.class);
    priors.forEach((p, prior) -> truth.put(p, prior.value()));
    truth.put(EfficiencyParameter.COMPUTE_FP8, 0.42);
    truth.put(EfficiencyParameter.LAYER_US, 70.0);
    truth.put(EfficiencyParameter.SEQUENCE_US, 40.0);
    Efficiency made = new Efficiency(truth, 0.1, 0.1, SOURCE);
    List<ServingObservation> points = new ArrayList<>();
    Random random = new Random(4);
    for (int i = 0; i < 400; i++) {
      Placement placement =
          placement(
              "h100-sxm-80gb",
              i % 2 == 0 ? "llama-3.1-8b" : "llama-3.1-70b",
              "fp8",
              1 << (1 + i % 3));
      ServingObservation blank =
          new ServingObservation(
              placement, engine, 1 << (2 + i % 6), 256 << (i % 5), 128 << (i % 4), false, 1);
      double wrong = i % 10 == 0 ? 2.5 : 1 + 0.02 * random.nextGaussian();
      points.add(
          new ServingObservation(
              placement,
              engine,
              blank.callers(),
              blank.promptTokens(),
              blank.outputTokens(),
              false,
              blank.predict(made) * wrong));
    }
    EfficiencyFit.Result fit = EfficiencyFit.fit(points, priors, SOURCE);
    assertEquals(0.42, fit.efficiency().get(EfficiencyParameter.COMPUTE_FP8), 0.06);
    assertEquals(70, fit.efficiency().get(EfficiencyParameter.LAYER_US), 9);
    assertEquals(40, fit.efficiency().get(EfficiencyParameter.SEQUENCE_US), 6);
    assertTrue(
        fit.notIdentified().contains(EfficiencyParameter.EXPERT),
        "dense models say nothing of experts");
    assertEquals(
        priors.get(EfficiencyParameter.EXPERT).value(),
        fit.efficiency().get(EfficiencyParameter.EXPERT),
        1e-9);
  }

  private static StepModel perfect(String chip, String model, String format, int accelerators) {
    Map<EfficiencyParameter, Double> all = new EnumMap<>(EfficiencyParameter.class);
    for (EfficiencyParameter p : EfficiencyParameter.values()) {
      all.put(p, p.key().endsWith("-us") ? 0.0 : 1.0);
    }
    all.remove(EfficiencyParameter.SCORE_BYTES);
    all.put(EfficiencyParameter.KNEE, 10.0);
    all.put(EfficiencyParameter.ACTIVATION, 0.0);
    return new StepModel(
        placement(chip, model, format, accelerators),
        new Efficiency(all, 0.1, 0.1, SOURCE),
        CATALOG.engine("vllm"));
  }

  private static StepModel engine(
      String engine, String chip, String model, String format, int accelerators) {
    Efficiency set = CATALOG.engine(engine).efficiencies().get(chip);
    assertNotNull(set, engine + " on " + chip);
    return new StepModel(placement(chip, model, format, accelerators), set, CATALOG.engine(engine));
  }

  private static Placement placement(String chip, String model, String format, int accelerators) {
    return new Placement(
        CATALOG.accelerator(chip),
        CATALOG.model(model),
        CATALOG.quantization(format),
        accelerators,
        ModelSplit.TENSOR,
        2);
  }
}
