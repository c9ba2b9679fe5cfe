package dev.homeward.replay;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.EfficiencyParameter;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.Scheduling;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import dev.homeward.serving.KvCachePlan;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Deployments and tapes for tests. */
final class Deployed {
  static final Catalog CATALOG = Catalog.standard();
  static final ServiceLevel NO_LEVEL =
      new ServiceLevel(ServiceLevel.NONE, ServiceLevel.NONE, ServiceLevel.NONE, ServiceLevel.NONE);

  private Deployed() {}

  static Deployment of(String box, String model, String quantization, String engine) {
    Fit fit =
        Deployments.fit(
            CATALOG.hardware(box),
            CATALOG.model(model),
            CATALOG.quantization(quantization),
            CATALOG.engine(engine),
            8192);
    if (fit instanceof Fit.Fits fits) {
      return fits.deployment();
    }
    throw new AssertionError(fit);
  }

  /** The same deployment with other limits, to reach corners with few calls. */
  static Deployment squeezed(Deployment d, int kvTokens, int sequences, int tokens, int pass) {
    return squeezed(d, kvTokens, sequences, tokens, pass, d.engine().scheduling());
  }

  /** The same with another scheduling. */
  static Deployment squeezed(
      Deployment d, int kvTokens, int sequences, int tokens, int pass, Scheduling scheduling) {
    Engine e = d.engine();
    Engine small = e.with(scheduling, new Engine.Limits(tokens, sequences, pass));
    KvCachePlan plan = d.kvCache();
    int stateTokens =
        Math.min(plan.stateTokens(), kvTokens / 4 / block(scheduling) * block(scheduling));
    int longest =
        switch (scheduling.kvDivision()) {
          case POOL -> kvTokens - stateTokens;
          case EVEN -> kvTokens / sequences;
        };
    return new Deployment(
        d.hardware(),
        d.model(),
        d.quantization(),
        small,
        d.acceleratorsPerReplica(),
        new KvCachePlan(
            plan.weightBytes(), plan.kvBytesPerToken(), kvTokens, stateTokens, sequences, longest),
        d.split(),
        d.kvBytes());
  }

  private static int block(Scheduling scheduling) {
    return scheduling.blockTokens();
  }

  /** The same deployment of an engine with slots on a machine whose host takes so long. */
  static Deployment withHost(Deployment d, double passMicros, double maskNanos) {
    return with(
        d,
        Map.of(
            EfficiencyParameter.HOST_PASS_US, passMicros,
            EfficiencyParameter.HOST_MASK_NS, maskNanos),
        Set.of(EfficiencyParameter.HOST_LAYER_US));
  }

  /**
   * The same whose host clears logits before every iteration, and samples slower for more slots.
   */
  static Deployment withSlotCosts(Deployment d, double clearNanos, double slotMicros) {
    return with(
        d,
        Map.of(
            EfficiencyParameter.HOST_CLEAR_NS, clearNanos,
            EfficiencyParameter.SAMPLE_SLOT_US, slotMicros),
        Set.of());
  }

  private static Deployment with(
      Deployment d, Map<EfficiencyParameter, Double> other, Set<EfficiencyParameter> without) {
    String chip = d.hardware().accelerator().id();
    Efficiency set = d.engine().efficiencyOn(d.hardware().accelerator()).orElseThrow();
    Map<EfficiencyParameter, Double> values = new EnumMap<>(set.values());
    values.keySet().removeAll(without);
    values.putAll(other);
    return new Deployment(
        d.hardware(),
        d.model(),
        d.quantization(),
        d.engine()
            .with(
                chip, new Efficiency(values, set.residual(), set.mixtureResidual(), set.source())),
        d.acceleratorsPerReplica(),
        d.kvCache());
  }

  /** A tape with these arrivals and lengths; cached tokens are part of the prompt. */
  static Tape tape(long[] arrivalMicros, int[] prompt, int[] cached, int[] output) {
    Tape tape =
        new Tape(
            new WorkloadKey("test", "gpt-4o-mini", "internal"),
            arrivalMicros.length,
            new String[0],
            new String[0],
            new String[0]);
    for (int i = 0; i < arrivalMicros.length; i++) {
      tape.startedAtMicros[i] = arrivalMicros[i];
      tape.inputTokens[i] = prompt[i] - cached[i];
      tape.cacheReadTokens[i] = cached[i];
      tape.outputTokens[i] = output[i];
      tape.status[i] = (byte) CallStatus.SUCCESS.ordinal();
      tape.session[i] = CallDraft.ABSENT;
      tape.durationMicros[i] = CallDraft.ABSENT;
      tape.provider[i] = -1;
      tape.owner[i] = -1;
      tape.region[i] = -1;
    }
    return tape;
  }
}
