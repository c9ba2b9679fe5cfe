package dev.homeward.serving;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.EfficiencyParameter;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.Scheduling;
import dev.homeward.catalog.Scheduling.KvBuffer;
import dev.homeward.units.TimeUnits;

/**
 * The time of one forward pass of a deployment, in whole picoseconds, so that many steps in closed
 * form equal the same steps one by one.
 *
 * <p>Paged attention (vLLM): {@code tokens[n] + context * C + pair * P + sequence * s}, with n
 * tokens in the step, C context tokens of the decoding sequences, P pairs of query and key of the
 * prefill chunks, s sequences.
 *
 * <p>A step that holds prompt tokens may take another time for each context token of those who
 * decode in it.
 *
 * <p>A sliding window, or the tokens that sparse attention chooses, is read whole in every step:
 * exact from contexts of that length on, too much before.
 *
 * <p>A buffer a slot (llama.cpp from 2025-08): passes as under a unified buffer, attention over
 * each slot's own context; one token runs as a recorded graph, for which the host needs no time.
 *
 * <p>Unified KV buffer (llama.cpp): a step of n tokens runs as passes of at most {@code
 * passTokens}. The host prepares a pass of T tokens in {@code pass + N * mask * T}, with N cells in
 * use, while the device is still at the pass before; the device then takes {@code tokens[T] + N *
 * (cell + cellToken * T)}; one token takes {@code N * singleCell} of its own. Sampling follows, one
 * token after the other.
 *
 * <p>Before the first pass of an iteration the host clears the logits of all sequences that may
 * run.
 */
public final class StepTime {

  private final long[] tokenPicos;

  /** Sampling of one token, by how many slots put one out; the last for more. */
  private final long[] samplePicos;

  private final long contextPicos;
  private final long mixedContextPicos;
  private final long pairPicos;
  private final long sequencePicos;
  private final long clearPicos;
  private final long callPicos;
  private final long fullPairPicos;
  private final long windowPairPicos;
  private final long windowPicos;
  private final long window;
  private final boolean oneIsRecorded;
  private final long cellPicos;
  private final long singleCellPicos;
  private final long cellTokenPicos;
  private final long narrowCellTokenPicos;
  private final long hostPassPicos;
  private final long hostMaskPicos;
  private final int maxBatchedTokens;
  private final int passTokens;

  private StepTime(StepModel model, Efficiency e, Engine.Limits limits, Scheduling scheduling) {
    boolean unified = scheduling.kvBuffer() == KvBuffer.UNIFIED;
    boolean slots = scheduling.kvBuffer() != KvBuffer.PAGED;
    this.maxBatchedTokens = limits.maxBatchedTokens();
    this.passTokens = limits.physicalBatchTokens();
    this.contextPicos = unified ? 0 : picos(model.contextToken() * model.growingShare());
    this.mixedContextPicos = unified ? 0 : picos(model.contextTokenMixed() * model.growingShare());
    this.pairPicos = unified ? 0 : picos(model.pair());
    double windows = model.windowShare();
    this.fullPairPicos = unified ? 0 : picos(model.pair() * (1 - windows));
    this.windowPairPicos = unified ? 0 : picos(model.pair() * windows);
    this.windowPicos = unified ? 0 : picos(model.window());
    this.window = model.windowTokens();
    this.oneIsRecorded = scheduling.kvBuffer() == KvBuffer.STREAMS;
    this.cellPicos = unified ? picos(model.cell()) : 0;
    this.cellTokenPicos = unified ? picos(model.cellToken()) : 0;
    this.narrowCellTokenPicos = unified ? picos(model.narrowCellToken()) : 0;
    this.singleCellPicos =
        unified && model.attendsAlone()
            ? picos(model.singleCell())
            : cellPicos + narrowCellTokenPicos;
    this.hostPassPicos = slots ? picos(model.hostPass()) : 0;
    this.hostMaskPicos = unified ? picos(model.hostMask()) : 0;
    double inWindow = unified ? 0 : model.window();
    this.samplePicos = new long[slots ? StepModel.MOST_SAMPLING_SLOTS + 1 : 0];
    for (int k = 1; k < samplePicos.length; k++) {
      samplePicos[k] = picos(model.sequence() + model.sampling(k) + inWindow);
    }
    this.sequencePicos = picos(model.sequence() + inWindow);
    this.clearPicos = slots ? picos(model.hostClear()) : 0;
    this.callPicos = picos(e.get(EfficiencyParameter.CALL_US) * TimeUnits.SECONDS_PER_MICRO);
    this.tokenPicos = new long[passTokens + 1];
    for (int n = 1; n <= passTokens; n++) {
      tokenPicos[n] = picos(model.tokens(n));
    }
  }

  private static long picos(double seconds) {
    return Math.round(seconds * TimeUnits.PICOS_PER_SECOND);
  }

  /** The step time of a deployment. */
  public static StepTime of(Deployment deployment) {
    Accelerator accelerator = deployment.hardware().accelerator();
    Engine engine = deployment.engine();
    return of(
        deployment.placement(),
        efficiency(deployment),
        engine,
        engine.stepLimits().on(accelerator));
  }

  /** The formulas behind {@link #of(Deployment)}. */
  static StepModel model(Deployment deployment) {
    return new StepModel(deployment.placement(), efficiency(deployment), deployment.engine());
  }

  private static Efficiency efficiency(Deployment deployment) {
    return deployment
        .engine()
        .efficiencyOn(deployment.hardware().accelerator())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot time %s: no efficiency parameters".formatted(deployment.id())));
  }

  /** The step time of a placement under an engine, with these parameters and limits. */
  static StepTime of(
      Placement placement, Efficiency efficiency, Engine engine, Engine.Limits limits) {
    return new StepTime(
        new StepModel(placement, efficiency, engine), efficiency, limits, engine.scheduling());
  }

  /** Time of the matrix products and fixed parts of a pass over n tokens, at most passTokens. */
  public long tokens(int n) {
    return tokenPicos[n];
  }

  /** Time a context token of a decoding sequence, paged attention. */
  public long contextPicos() {
    return contextPicos;
  }

  /** The same in a step that holds prompt tokens too. */
  public long mixedContextPicos() {
    return mixedContextPicos;
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

  /** Time to sample so many tokens, one slot after the other, and to stream them. */
  public long sampling(int tokens) {
    return samplePicos[Math.min(tokens, samplePicos.length - 1)] * tokens;
  }

  /** Time of attention in a pass of so many tokens over all cells of a unified KV buffer. */
  public long cells(int cells, int tokens) {
    if (tokens == 1) {
      return cells * singleCellPicos;
    }
    long each = tokens <= StepModel.WIDEST_TILE ? narrowCellTokenPicos : cellTokenPicos;
    return cells * (cellPicos + each * StepModel.tile(tokens));
  }

  /**
   * Time of attention in the prompt of one sequence, so many tokens after so many: pairs of query
   * and key, and one reading of the context; tokens that a window or the mask hides are skipped.
   */
  public long prompt(long tokens, long before) {
    long all = tokens * before + tokens * (tokens + 1) / 2;
    long shown =
        before > 0
            ? tokens * Math.min(before, window)
            : tokens <= window
                ? tokens * (tokens + 1) / 2
                : window * (window + 1) / 2 + (tokens - window) * window;
    return fullPairPicos * all
        + windowPairPicos * shown
        + contextPicos * (before + tokens)
        + windowPicos;
  }

  /** Time the host needs to prepare a pass of so many tokens over all cells of such a buffer. */
  public long host(int cells, int tokens) {
    if (oneIsRecorded && tokens == 1) {
      return 0;
    }
    return hostPassPicos + hostMaskPicos * cells * tokens;
  }

  /** Time the host needs before an iteration's first pass, where so many sequences may run. */
  public long clear(int slots) {
    return clearPicos * slots;
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
