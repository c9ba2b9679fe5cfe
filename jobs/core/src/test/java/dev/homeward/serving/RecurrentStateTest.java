package dev.homeward.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.catalog.Catalog;
import org.junit.jupiter.api.Test;

/** What a sequence's recurrent state takes of the memory that is left beside the weights. */
final class RecurrentStateTest {
  private static final Catalog CATALOG = Catalog.standard();

  /**
   * Qwen 3.5 27B: 48 layers x 48 heads x 128 x 128 = 37,748,736 elements of states, 48 x (2 x 16 x
   * 128 + 48 x 128) x 3 = 1,474,560 of windows. vLLM: 4 and 2 bytes. llama.cpp: 4 and 4; its log
   * says 598.50 MiB for four sequences (lmstudio-bug-tracker 1862).
   */
  @Test
  void bytesOfAState() {
    assertEquals(
        37_748_736L * 4 + 1_474_560 * 2,
        Deployments.stateBytes(CATALOG.model("qwen3.5-27b"), CATALOG.engine("vllm")));
    double mebibytes =
        4
            * Deployments.stateBytes(CATALOG.model("qwen3.5-27b"), CATALOG.engine("llama.cpp"))
            / (double) (1 << 20);
    assertEquals(598.5, mebibytes, 0.05);
    assertEquals(0, Deployments.stateBytes(CATALOG.model("llama-3.1-8b"), CATALOG.engine("vllm")));
  }

  /**
   * The state is 153,944,064 bytes of a pool whose blocks have 16 x 65,536: 146.8, so 147 of them.
   * A sequence of 1,000 tokens takes 63 more: where 27.0 GB of weights leave 2.1 GB, nine run.
   */
  @Test
  void aPoolsSequencesTakeTheirStateFromIt() {
    KvCachePlan plan = plan("rtx-5090", "qwen3.5-27b", "nvfp4", "vllm", 1000);
    assertEquals(65_536, plan.kvBytesPerToken());
    assertEquals(147 * 16, plan.stateTokens());
    assertEquals(plan.kvTokens() - 147 * 16, plan.maxContextTokens());
    long blocksOfTheCase = (long) (2.1e9 / (16 * 65_536));
    assertEquals(9, blocksOfTheCase / (147 + 63));
    assertEquals(0, plan("rtx-5090", "qwen3-8b", "fp8", "vllm", 1000).stateTokens());
  }

  /** Each slot has its state, used or not: four of them are 0.63 GB less for the cache. */
  @Test
  void everySlotHasItsStateBesideTheCache() {
    KvCachePlan with = plan("rtx-5090", "qwen3.5-27b", "q4_k_m", "llama.cpp", 8192);
    assertEquals(0, with.stateTokens());
    Placement placement =
        ((Fit.Fits) fit("rtx-5090", "qwen3.5-27b", "q4_k_m", "llama.cpp", 8192))
            .deployment()
            .placement();
    double room =
        Deployments.kvTokens(placement, CATALOG.engine("llama.cpp")) * with.kvBytesPerToken();
    double states = with.maxSequences() * 156_893_184.0;
    assertEquals((room - states) / 65_536 / with.maxSequences(), with.maxContextTokens(), 1.0);
  }

  /** A cache in which not even one sequence's state leaves room for a chat is none. */
  @Test
  void aPoolThatOneStateFillsIsNoCache() {
    Fit fit = fit("rtx-4090", "qwen3.5-27b", "nvfp4", "vllm", 1000);
    assertTrue(fit instanceof Fit.DoesNotFit, String.valueOf(fit));
  }

  private static KvCachePlan plan(
      String box, String model, String format, String engine, int context) {
    return deployment(box, model, format, engine, context).kvCache();
  }

  private static Deployment deployment(
      String box, String model, String format, String engine, int context) {
    return ((Fit.Fits) fit(box, model, format, engine, context)).deployment();
  }

  private static Fit fit(String box, String model, String format, String engine, int context) {
    return Deployments.fit(
        CATALOG.hardware(box),
        CATALOG.model(model),
        CATALOG.quantization(format),
        CATALOG.engine(engine),
        context);
  }
}
