package dev.homeward.serving;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.Engine;

/**
 * The time of one forward pass of a deployment, in whole picoseconds, so that many steps in closed
 * form equal the same steps one by one.
 *
 * <p>Paged attention (vLLM): {@code tokens[n] + context * C + pair * P + sequence * s}, with n
 * tokens in the step, C context tokens of the decoding sequences, P pairs of query and key of the
 * prefill chunks, s sequences.
 *
 * <p>Unified KV buffer (llama.cpp): a step of n tokens runs as passes of at most {@code
 * passTokens}; a pass of T tokens takes {@code tokens[T] + N * (cell + cellToken * T)} with N cells
 * in use, and each sampled token {@code sequence}.
 *
 * <p>{@code tokens[n]} joins the memory- and the compute-bound time by a p-norm: the sharp maximum
 * is optimistic where both are alike. Example: Llama 3.1 8B FP16 on an RTX 4090, one token: 15.0e9
 * bytes / (1,008e9 x 0.85) = 17.5 ms.
 */
public final class StepTime {
  private static final double PICOS_PER_SECOND = 1e12;
  private static final double PICOS_PER_MICRO = 1e6;
  private static final double PICOS_PER_NANO = 1e3;

  /** Llama 3.1 8B: the cell the parameters of unified buffers were measured with, bytes. */
  private static final double REFERENCE_CELL_BYTES = 131_072;

  private final long[] tokenPicos;
  private final long contextPicos;
  private final long pairPicos;
  private final long sequencePicos;
  private final long callPicos;
  private final long cellPicos;
  private final long cellTokenPicos;
  private final int maxBatchedTokens;
  private final int passTokens;

  private StepTime(Deployment d, Efficiency e, Engine.Limits limits) {
    Accelerator a = d.hardware().accelerator();
    ModelCosts costs = new ModelCosts(d.model(), d.quantization());
    int tp = d.acceleratorsPerReplica();
    double bandwidth = a.bandwidthGbPerSecond().value() * 1e9 * tp;
    double flops = Deployments.flops(a, d.quantization().compute()).orElseThrow() * 1e12 * tp;
    double attentionFlops = a.fp16Tflops().value() * 1e12 * tp;
    this.maxBatchedTokens = limits.maxBatchedTokens();
    this.passTokens = limits.physicalBatchTokens();
    this.contextPicos =
        Math.round(
            d.kvCache().kvBytesPerToken() / (bandwidth * e.kvBandwidthShare()) * PICOS_PER_SECOND);
    this.pairPicos =
        Math.round(
            costs.attentionOperationsPerPair()
                / (attentionFlops * e.attentionComputeShare())
                * PICOS_PER_SECOND);
    this.sequencePicos = Math.round(e.sequenceMicros() * PICOS_PER_MICRO);
    this.callPicos = Math.round(e.callMicros() * PICOS_PER_MICRO);
    double cellScale = costs.kvBytesPerToken() / REFERENCE_CELL_BYTES;
    this.cellPicos = Math.round(e.cellNanos() * cellScale * PICOS_PER_NANO);
    this.cellTokenPicos = Math.round(e.cellTokenNanos() * cellScale * PICOS_PER_NANO);
    this.tokenPicos = new long[passTokens + 1];
    double fixed = (d.model().layers() * e.layerMicros() + e.stepMicros()) * PICOS_PER_MICRO;
    for (int n = 1; n <= passTokens; n++) {
      double memory = costs.touchedBytes(n) / (bandwidth * e.weightBandwidthShare());
      double compute = costs.operationsPerToken() * n / (flops * e.computeShare());
      double joined =
          Math.pow(
              Math.pow(memory, e.kneePower()) + Math.pow(compute, e.kneePower()),
              1 / e.kneePower());
      tokenPicos[n] = Math.round((joined + allReduceSeconds(d, e, n)) * PICOS_PER_SECOND + fixed);
    }
  }

  /** The step time of a deployment. */
  public static StepTime of(Deployment deployment) {
    Accelerator accelerator = deployment.hardware().accelerator();
    Efficiency efficiency =
        Deployments.efficiency(deployment.engine(), accelerator)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Cannot time %s: no efficiency parameters".formatted(deployment.id())));
    return new StepTime(
        deployment, efficiency, Deployments.limits(deployment.engine(), accelerator));
  }

  // Two all-reduces a layer of n x hidden 16-bit values on a ring: 2 (tp - 1) / tp of the bytes
  // over
  // the link, and a fixed time each.
  private static double allReduceSeconds(Deployment d, Efficiency e, int tokens) {
    int tp = d.acceleratorsPerReplica();
    if (tp == 1) {
      return 0;
    }
    double bytes = 2.0 * tokens * d.model().hidden();
    double link =
        d.hardware()
                .accelerator()
                .linkGbPerSecond()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "Cannot time %s: its accelerators have no link".formatted(d.id())))
                .value()
            * 1e9
            * e.linkShare();
    double one = e.allReduceMicros() * 1e-6 + bytes * 2 * (tp - 1) / tp / link;
    return 2.0 * d.model().layers() * one;
  }

  /** Time of the matrix products and fixed parts of a pass over n tokens, at most passTokens. */
  public long tokens(int n) {
    return tokenPicos[n];
  }

  /** Time a context token of a decoding sequence, paged attention. */
  public long contextPicos() {
    return contextPicos;
  }

  /** Time a pair of query and key in prefill, paged attention. */
  public long pairPicos() {
    return pairPicos;
  }

  /** Time a sequence of the step. */
  public long sequencePicos() {
    return sequencePicos;
  }

  /** Time a call outside the steps; part of its TTFT and E2E, not of the accelerator's time. */
  public long callPicos() {
    return callPicos;
  }

  /** Time a cell of a unified KV buffer and pass. */
  public long cellPicos() {
    return cellPicos;
  }

  /** Time a cell of a unified KV buffer, pass and token of the pass. */
  public long cellTokenPicos() {
    return cellTokenPicos;
  }

  /** Tokens of one step at most. */
  public int maxBatchedTokens() {
    return maxBatchedTokens;
  }

  /** Tokens of one pass at most. */
  public int passTokens() {
    return passTokens;
  }
}
