package dev.homeward.decision;

import dev.homeward.calls.ApiUse;
import dev.homeward.calls.BillingMode;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.economics.CostLine;
import dev.homeward.economics.LocalCost;
import dev.homeward.policy.Evaluations.Evidence;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.replay.Sizing.ReplayedFleet;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Workloads, replayed fleets and alternatives whose every number a test sets itself. */
final class HandMade {
  static final String MODEL = "qwen3-8b";
  static final String BOX = "rtx-4090";

  private HandMade() {}

  /**
   * 1,000 calls of openai's gpt-4o, spread evenly over the month, of 8,000 tokens in at $2.50 a
   * million and 7,000 out at $10: $0.09 a call, $90 a month.
   */
  static Tape tape(String workload, String hostedModel, String dataClass) {
    long[] starts = new long[1000];
    long apart = (Desk.PERIOD.toMicros() - Desk.PERIOD.fromMicros()) / starts.length;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = Desk.PERIOD.fromMicros() + apart * i;
    }
    Tape tape = Desk.tape(new WorkloadKey(workload, hostedModel, dataClass), starts);
    Arrays.fill(tape.inputTokens, 8000);
    Arrays.fill(tape.outputTokens, 7000);
    return tape;
  }

  static Tape tape(String workload) {
    return tape(workload, "gpt-4o", "internal");
  }

  static Tape billed(Tape tape, BillingMode mode) {
    Arrays.fill(tape.billingMode, (byte) mode.ordinal());
    return tape;
  }

  /** What a replay says; what a decision does not read is 0 or empty. */
  record Result(
      long localCalls,
      long overflowCalls,
      long tooLongCalls,
      boolean meetsServiceLevel,
      double busyHours,
      double busyLoad,
      ApiUse apiUse) {

    static Result served(long localCalls) {
      return new Result(localCalls, 0, 0, true, 0, 0, ApiUse.NONE);
    }

    Result atApi(long overflow, long tooLong, ApiUse use) {
      return new Result(localCalls, overflow, tooLong, meetsServiceLevel, busyHours, busyLoad, use);
    }

    Result busy(double hours, double load) {
      return new Result(
          localCalls, overflowCalls, tooLongCalls, meetsServiceLevel, hours, load, apiUse);
    }

    Result tooSlow() {
      return new Result(
          localCalls, overflowCalls, tooLongCalls, false, busyHours, busyLoad, apiUse);
    }

    ReplayedFleet on(int replicas) {
      return on(replicas, ReplayOptions.NO_CAP);
    }

    ReplayedFleet on(int replicas, int cap) {
      return on(replicas, cap, Optional.empty());
    }

    ReplayedFleet on(int replicas, int cap, Optional<ReplayResult.PrefixUse> prefix) {
      OptionalLong none = OptionalLong.empty();
      return new ReplayedFleet(
          ReplayOptions.always(
              replicas, cap, ReplayOptions.PrefixCache.OFF, new ServiceLevel(1, 1, 1, 1)),
          new ReplayResult(
              localCalls + overflowCalls + tooLongCalls,
              localCalls,
              overflowCalls,
              tooLongCalls,
              apiUse,
              prefix.isPresent() ? 10 * prefix.get().loggedTokens() : 0,
              0,
              prefix,
              0,
              none,
              none,
              none,
              none,
              none,
              none,
              none,
              none,
              none,
              1,
              meetsServiceLevel,
              0.5,
              Math.round(busyHours * 3.6e12),
              busyLoad,
              0,
              0,
              new float[0],
              ReplayResult.Hours.NONE,
              0,
              0,
              0,
              0,
              0,
              0,
              false,
              false,
              false,
              1));
    }
  }

  /** A cost of one line. */
  static LocalCost cost(
      double monthlyUsd, double initialUsd, double residualUsd, double runningUsd) {
    return new LocalCost(
        1,
        List.of(new CostLine("all", CostLine.Paid.MONTHLY, monthlyUsd, "", List.of())),
        initialUsd,
        residualUsd,
        runningUsd,
        0);
  }

  /** Both models right on nine tasks in ten, and within half a point of one another. */
  static final Evidence PASSED =
      new Evidence("w", MODEL, "f1", 0.9, 0.9, 5000, -0.005, 0.005, "made up", 0.05, "");

  /** One that costs so much a month, with nothing at the API, and saves so much. */
  static Alternative alternative(double costUsd, double savingUsd) {
    return new Alternative(
        Desk.CATALOG.model(MODEL),
        Desk.CATALOG.quantization(Desk.CATALOG.model(MODEL).quantizations().get(0)),
        Desk.CATALOG.defaultEngines().get(0),
        Desk.CATALOG.hardware(BOX),
        Standing.MAY_STAND_IN,
        1,
        Optional.of(Result.served(1000).on(1)),
        Optional.of(cost(costUsd, 0, 0, costUsd)),
        OptionalDouble.of(0),
        0,
        OptionalDouble.of(savingUsd),
        Optional.of(PASSED),
        true,
        Optional.empty(),
        "");
  }

  /** The same without an evaluation. */
  static Alternative unproven(Alternative copy) {
    return new Alternative(
        copy.model(),
        copy.quantization(),
        copy.engine(),
        copy.hardware(),
        copy.standing(),
        copy.replicasPerBox(),
        copy.fleet(),
        copy.cost(),
        copy.overflowUsd(),
        copy.agreementUsd(),
        copy.savingUsd(),
        Optional.empty(),
        false,
        copy.fellOut(),
        copy.explanation());
  }

  static Alternative fallen(Alternative a, ReasonCode why) {
    return copy(
        a, a.fleet(), a.cost(), a.overflowUsd(), a.savingUsd(), a.proven(), Optional.of(why));
  }

  static Alternative on(Alternative a, ReplayedFleet fleet) {
    return copy(
        a, Optional.of(fleet), a.cost(), a.overflowUsd(), a.savingUsd(), a.proven(), a.fellOut());
  }

  static Alternative costing(Alternative a, LocalCost cost) {
    return copy(
        a, a.fleet(), Optional.of(cost), a.overflowUsd(), a.savingUsd(), a.proven(), a.fellOut());
  }

  /** Calls of it overflow, and nobody knows what they cost. */
  static Alternative unpriced(Alternative a) {
    return copy(
        a,
        a.fleet(),
        a.cost(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        a.proven(),
        a.fellOut());
  }

  private static Alternative copy(
      Alternative a,
      Optional<ReplayedFleet> fleet,
      Optional<LocalCost> cost,
      OptionalDouble overflowUsd,
      OptionalDouble savingUsd,
      boolean proven,
      Optional<ReasonCode> fellOut) {
    return new Alternative(
        a.model(),
        a.quantization(),
        a.engine(),
        a.hardware(),
        a.standing(),
        a.replicasPerBox(),
        fleet,
        cost,
        overflowUsd,
        a.agreementUsd(),
        savingUsd,
        a.evidence(),
        proven,
        fellOut,
        a.explanation());
  }
}
