package dev.homeward.decision;

import dev.homeward.economics.CashFlow;
import dev.homeward.economics.Outlook;
import dev.homeward.economics.Spread;
import dev.homeward.units.Confidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A workload with its verdict.
 *
 * @param rank from 1
 * @param reasons codes, the deciding one first
 * @param chosen the alternative that the numbers of the row belong to
 * @param flip where the answer flips; empty where no money is known
 * @param curve what the chosen deployment needs at other volumes; empty likewise
 * @param outlook the saving in an uncertain future; empty likewise
 * @param growth of the volume, as the outlook has it; empty likewise
 * @param tasksNeeded tasks of an evaluation that would settle it; empty where nothing waits for one
 * @param moved its place in the plan; empty if the plan leaves it where it is
 * @param alternatives everything that was weighed, best first
 */
public record RankedWorkload(
    int rank,
    WorkloadCase workload,
    Verdict verdict,
    Compliance compliance,
    List<ReasonCode> reasons,
    Optional<Alternative> chosen,
    OptionalDouble savingUsd,
    Optional<CashFlow> cashFlow,
    OptionalDouble npvUsd,
    OptionalInt paybackMonths,
    Optional<Flip> flip,
    Optional<VolumeCurve> curve,
    Optional<Outlook> outlook,
    Optional<Growth> growth,
    OptionalLong tasksNeeded,
    Optional<Moved> moved,
    Confidence confidence,
    List<Alternative> alternatives) {

  /**
   * Where the saving changes its sign.
   *
   * @param nearest multiple of today's volume; empty if it does not
   * @param extrapolated whether it lies beyond the volumes that were replayed
   * @param fromVolume least volume that was replayed
   * @param toVolume most
   * @param saves intervals of volume that save, from and to; the first may begin above 0
   * @param why why there is none, in words; empty if there is
   */
  public record Flip(
      OptionalDouble nearest,
      boolean extrapolated,
      double fromVolume,
      double toVolume,
      List<VolumeRange> saves,
      String why) {}

  /** Multiples of today's volume. */
  public record VolumeRange(double from, double to) {}

  /**
   * Growth of the volume.
   *
   * @param perMonth of its logarithm
   * @param source where it comes from, in words
   */
  public record Growth(Spread perMonth, String source) {}

  /**
   * A place in the plan.
   *
   * @param order of moving, from 1
   * @param marginalSavingUsd what it adds to the plan's monthly saving when its turn comes
   */
  public record Moved(int order, double marginalSavingUsd) {}

  /**
   * The saving to rank by: what the workload adds to the plan or, if it is not in the plan, what it
   * saves alone.
   */
  public double rankedByUsd() {
    return moved.map(Moved::marginalSavingUsd).orElse(savingUsd.orElse(0));
  }

  RankedWorkload withRank(int newRank) {
    return copy(newRank, verdict, reasons, flip, curve, outlook, growth, moved);
  }

  RankedWorkload withVolumes(
      Flip newFlip, VolumeCurve newCurve, Outlook newOutlook, Growth newGrowth) {
    return copy(
        rank,
        verdict,
        reasons,
        Optional.of(newFlip),
        Optional.of(newCurve),
        Optional.of(newOutlook),
        Optional.of(newGrowth),
        moved);
  }

  RankedWorkload withPlan(Verdict newVerdict, List<ReasonCode> newReasons, Moved newMoved) {
    return copy(rank, newVerdict, newReasons, flip, curve, outlook, growth, Optional.of(newMoved));
  }

  /**
   * The same workload with the reason that it would save alone, but the plan has no room for it.
   */
  RankedWorkload leftOut() {
    List<ReasonCode> why = new ArrayList<>(reasons);
    why.remove(ReasonCode.SAVES);
    why.add(0, ReasonCode.NOT_IN_PLAN);
    return copy(rank, Verdict.KEEP_API, List.copyOf(why), flip, curve, outlook, growth, moved);
  }

  private RankedWorkload copy(
      int newRank,
      Verdict newVerdict,
      List<ReasonCode> newReasons,
      Optional<Flip> newFlip,
      Optional<VolumeCurve> newCurve,
      Optional<Outlook> newOutlook,
      Optional<Growth> newGrowth,
      Optional<Moved> newMoved) {
    return new RankedWorkload(
        newRank,
        workload,
        newVerdict,
        compliance,
        newReasons,
        chosen,
        savingUsd,
        cashFlow,
        npvUsd,
        paybackMonths,
        newFlip,
        newCurve,
        newOutlook,
        newGrowth,
        tasksNeeded,
        newMoved,
        confidence,
        alternatives);
  }
}
