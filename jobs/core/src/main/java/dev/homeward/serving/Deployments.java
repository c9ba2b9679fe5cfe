package dev.homeward.serving;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.Figure;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.LocalModel;
import dev.homeward.catalog.ModelSplit;
import dev.homeward.catalog.Quantization;
import dev.homeward.catalog.Source;
import dev.homeward.serving.Fit.DoesNotFit;
import dev.homeward.serving.Fit.Fits;
import dev.homeward.serving.Fit.Obstacle;
import java.util.Locale;
import java.util.Optional;

/** Puts catalog entries together and checks that they fit. */
public final class Deployments {
  private static final double GIB = 1L << 30;

  /**
   * Share of the nominal memory that a device reports: an RTX 4090 of 24 GiB reports 25,250,627,584
   * bytes (measured, vLLM run of LLMServingSim), 0.98 of 24 x 2^30.
   */
  private static final double REPORTED_SHARE = 0.98;

  /** A replica that cannot hold this many context tokens is of no use for chat. */
  private static final int LEAST_KV_TOKENS = 2048;

  /** KV cache element, bytes: 16 bit is every engine's default. */
  static final int KV_BYTES = 2;

  private static final int CONV_BYTES = 2;

  /** llama.cpp keeps recurrent states and windows of convolutions in FP32. */
  private static final int SLOT_STATE_BYTES = 4;

  private Deployments() {}

  /**
   * Whether and how a model can be served on a box. The tensor-parallel degree is the smallest
   * power of two that divides the box and fits.
   *
   * @param contextNeeded longest context the workload sends; engines with slots cut their memory
   *     into as many slots as still hold it
   */
  public static Fit fit(
      HardwareProfile box,
      LocalModel model,
      Quantization quantization,
      Engine engine,
      long contextNeeded) {
    Optional<Fit> obstacle = obstacle(box.accelerator(), quantization, engine);
    if (obstacle.isPresent()) {
      return obstacle.get();
    }
    Fit last = null;
    for (int tp = 1; tp <= box.acceleratorCount(); tp *= 2) {
      if (box.acceleratorCount() % tp == 0) {
        Placement placement =
            new Placement(
                box.accelerator(), model, quantization, tp, engine.scheduling().split(), KV_BYTES);
        last = fitOn(box, placement, engine, contextNeeded);
        if (last instanceof Fits) {
          return last;
        }
      }
    }
    return last;
  }

  /**
   * A placement under an engine, without a box around it: what benchmarks measure.
   *
   * @param figures source of the numbers a box would have, which nothing reads
   * @param sequences slots or sequences at once; 0 for the engine's default
   * @param contextTokens of the KV cache, all sequences together; 0 for what the plan leaves
   */
  public static Fit bare(
      Placement placement, Engine engine, Source figures, int sequences, int contextTokens) {
    Figure none = new Figure(0, figures);
    HardwareProfile box =
        new HardwareProfile(
            placement.accelerator().id(),
            placement.accelerator().name(),
            placement.accelerator(),
            placement.accelerators(),
            new Figure(1, figures),
            none,
            none,
            new Figure(1, figures),
            new Acquisition(
                Acquisition.Mode.OWNED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                24,
                0,
                false,
                Optional.empty(),
                Optional.empty(),
                0,
                0),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            figures,
            Optional.empty());
    Fit fit =
        obstacle(box.accelerator(), placement.quantization(), engine)
            .orElseGet(() -> fitOn(box, laid(placement, engine), engine, LEAST_KV_TOKENS));
    if (!(fit instanceof Fits fits)) {
      return fit;
    }
    KvCachePlan plan = fits.deployment().kvCache();
    int batches = fits.deployment().batches();
    int atOnce = Math.max(1, (sequences > 0 ? sequences : plan.maxSequences()) / batches);
    long tokens = (contextTokens > 0 ? contextTokens : plan.kvTokens()) / batches;
    long longest =
        switch (engine.scheduling().kvDivision()) {
          case POOL -> Math.max(0, tokens - plan.stateTokens());
          case EVEN -> tokens / atOnce;
        };
    KvCachePlan asked =
        new KvCachePlan(
            plan.weightBytes(),
            plan.kvBytesPerToken(),
            tokens,
            plan.stateTokens(),
            atOnce,
            (int) Math.min(placement.model().abilities().contextWindow(), longest));
    return new Fits(
        new Deployment(
            box,
            placement.model(),
            placement.quantization(),
            engine,
            placement.accelerators(),
            asked,
            fits.deployment().split(),
            placement.kvBytes()));
  }

  // Layers in a row are a pipeline, whoever runs it; else the split is the engine's own.
  private static Placement laid(Placement placement, Engine engine) {
    ModelSplit split =
        placement.split() == ModelSplit.LAYERS ? ModelSplit.LAYERS : engine.scheduling().split();
    return new Placement(
        placement.accelerator(),
        placement.model(),
        placement.quantization(),
        placement.accelerators(),
        split,
        placement.kvBytes());
  }

  private static Optional<Fit> obstacle(
      Accelerator accelerator, Quantization quantization, Engine engine) {
    if (!engine.support().families().contains(accelerator.family())) {
      return no(
          Obstacle.ENGINE_NOT_ON_HARDWARE,
          "%s does not run on %s".formatted(engine.name(), accelerator.name()));
    }
    if (!engine.support().quantizations().contains(quantization.id())) {
      return no(
          Obstacle.ENGINE_NOT_WITH_QUANTIZATION,
          "%s does not load %s".formatted(engine.name(), quantization.name()));
    }
    if (accelerator.peak(quantization.compute()).isEmpty()) {
      return no(
          Obstacle.FORMAT_NOT_ON_HARDWARE,
          "%s has no %s units".formatted(accelerator.name(), quantization.compute()));
    }
    if (engine.efficiencyOn(accelerator).isEmpty()) {
      return no(
          Obstacle.NO_EFFICIENCY,
          "no efficiency parameters for %s on %s".formatted(engine.name(), accelerator.name()));
    }
    return Optional.empty();
  }

  private static Optional<Fit> no(Obstacle reason, String explanation) {
    return Optional.of(new DoesNotFit(reason, explanation));
  }

  private static Fit fitOn(
      HardwareProfile box, Placement placement, Engine engine, long contextNeeded) {
    LocalModel model = placement.model();
    Quantization quantization = placement.quantization();
    int tp = placement.accelerators();
    ModelCosts costs = new ModelCosts(model, quantization);
    Engine.Limits limits = engine.stepLimits().on(box.accelerator());
    double planned = planned(placement, engine, box.usableMemoryShare().value());
    double reserve = reserve(placement, engine, limits);
    double forKv = kvRoom(placement, engine, limits, box.usableMemoryShare().value());
    if (forKv <= 0) {
      return new DoesNotFit(
          Obstacle.MODEL_TOO_LARGE,
          String.format(
              Locale.ROOT,
              "%s at %s needs %.1f GB and %.1f GB of workspace; %d x %s give %.1f GB",
              model.name(),
              quantization.name(),
              costs.weightBytes() / 1e9,
              reserve / 1e9,
              tp,
              box.accelerator().name(),
              planned / 1e9));
    }
    KvCachePlan plan = plan(placement, engine, limits, costs.weightBytes(), forKv, contextNeeded);
    long kvTokens = (long) ((forKv - stateBytes(model, engine)) / plan.kvBytesPerToken());
    int least = Math.min(LEAST_KV_TOKENS, model.abilities().contextWindow());
    if (kvTokens < least) {
      return new DoesNotFit(
          Obstacle.NO_KV_CACHE,
          String.format(
              Locale.ROOT,
              "%s at %s leaves %.2f GB for the KV cache: %d tokens, fewer than %d",
              model.name(),
              quantization.name(),
              forKv / 1e9,
              Math.max(0, kvTokens),
              least));
    }
    return new Fits(
        new Deployment(
            box, model, quantization, engine, tp, plan, placement.split(), placement.kvBytes()));
  }

  private static KvCachePlan plan(
      Placement placement,
      Engine engine,
      Engine.Limits limits,
      long weightBytes,
      double room,
      long contextNeeded) {
    return switch (engine.scheduling().kvDivision()) {
      case POOL -> pooled(placement, engine, limits, weightBytes, room);
      case EVEN -> even(placement, engine, limits, weightBytes, room, contextNeeded);
    };
  }

  // One pool of blocks, of which each sequence takes some for its state and more as it grows.
  private static KvCachePlan pooled(
      Placement placement, Engine engine, Engine.Limits limits, long weightBytes, double room) {
    long kvBytes = placement.kvBytesPerToken();
    int block = engine.scheduling().blockTokens();
    long tokens = (long) (room / kvBytes) / block * block;
    long stateBlocks =
        (long) Math.ceil(stateBytes(placement.model(), engine) / (double) (kvBytes * block));
    int window = placement.model().abilities().contextWindow();
    int stateTokens = (int) Math.min(stateBlocks * block, Math.max(tokens, 0));
    return new KvCachePlan(
        weightBytes,
        kvBytes,
        tokens,
        stateTokens,
        limits.maxSequences(),
        (int) Math.min(window, tokens - stateTokens));
  }

  // As many slots as hold the workload's longest call, at most the default; every slot has its
  // state, used or not.
  private static KvCachePlan even(
      Placement placement,
      Engine engine,
      Engine.Limits limits,
      long weightBytes,
      double room,
      long contextNeeded) {
    int window = placement.model().abilities().contextWindow();
    long wanted = Math.min(Math.max(contextNeeded, LEAST_KV_TOKENS), window);
    long kvBytes = placement.kvBytesPerToken();
    double state = stateBytes(placement.model(), engine);
    int block = engine.scheduling().blockTokens();
    int slots = limits.maxSequences();
    while (slots > 1 && tokens(room - slots * state, kvBytes, block) / slots < wanted) {
      slots--;
    }
    long tokens = tokens(room - slots * state, kvBytes, block);
    int slotTokens = (int) Math.min(window, tokens / slots);
    return new KvCachePlan(weightBytes, kvBytes, (long) slotTokens * slots, 0, slots, slotTokens);
  }

  private static long tokens(double bytes, long kvBytes, int block) {
    return (long) (bytes / kvBytes) / block * block;
  }

  /**
   * What one sequence's layers without a growing cache keep of it. llama.cpp and those built on it
   * keep all of it in 32 bits, for every slot; the others keep states as the config says and
   * windows of convolutions in 16 bits. Qwen 3.5 27B: 37,748,736 x 4 + 1,474,560 x 2 = 153,944,064
   * bytes under vLLM; (37,748,736 + 1,474,560) x 4 = 156,893,184 under llama.cpp, 149.6 MiB: its
   * log says 598.5 MiB for four.
   */
  static long stateBytes(LocalModel model, Engine engine) {
    LocalModel.Recurrence kept = model.architecture().recurrence();
    return switch (engine.scheduling().kvDivision()) {
      case POOL -> kept.stateElements() * kept.stateBytes() + kept.convElements() * CONV_BYTES;
      case EVEN -> (kept.stateElements() + kept.convElements()) * SLOT_STATE_BYTES;
    };
  }

  /** Whether the accelerators' whole memory is more than the weights. */
  public static boolean holdsWeights(Placement placement) {
    return new ModelCosts(placement.model(), placement.quantization()).weightBytes()
        < placement.accelerator().memoryGb().value()
            * GIB
            * REPORTED_SHARE
            * placement.accelerators();
  }

  /** Context tokens whose KV cache fits beside the weights; not positive if the weights do not. */
  static double kvTokens(Placement placement, Engine engine) {
    return kvRoom(placement, engine, engine.stepLimits().on(placement.accelerator()), 1)
        / placement.kvBytesPerToken();
  }

  private static double planned(Placement placement, Engine engine, double usableShare) {
    double total =
        placement.accelerator().memoryGb().value()
            * GIB
            * REPORTED_SHARE
            * usableShare
            * placement.accelerators();
    return engine.memory().of() == Engine.ShareOf.FREE
        ? total
        : total * engine.memory().share().value();
  }

  private static double reserve(Placement placement, Engine engine, Engine.Limits limits) {
    return engine.memory().reserveGb().value() * 1e9 * placement.accelerators()
        + activationBytes(placement.model(), limits);
  }

  private static double kvRoom(
      Placement placement, Engine engine, Engine.Limits limits, double usableShare) {
    double left =
        planned(placement, engine, usableShare)
            - new ModelCosts(placement.model(), placement.quantization()).weightBytes()
            - reserve(placement, engine, limits);
    return engine.memory().of() == Engine.ShareOf.FREE
        ? left * engine.memory().share().value()
        : left;
  }

  // Peak of one step's activations: input and output of attention and feed-forward in 16 bit.
  private static double activationBytes(LocalModel model, Engine.Limits limits) {
    LocalModel.Architecture made = model.architecture();
    int wide = Math.max(made.forward().width(), made.forward().denseWidth());
    return 2.0 * limits.physicalBatchTokens() * (4.0 * made.hidden() + 4.0 * wide);
  }
}
