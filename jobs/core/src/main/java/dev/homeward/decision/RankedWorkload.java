package dev.homeward.decision;

import dev.homeward.economics.CashFlow;
import dev.homeward.economics.Outlook;
import dev.homeward.economics.Spread;
import dev.homeward.policy.Evaluations.Evidence;
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
 * @param prospect what becomes of it at other volumes and in other futures; empty where no money is
 *     known
 * @param placement its places in plans, and what it waits for
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
    Optional<Prospect> prospect,
    Placement placement,
    Confidence confidence,
    List<Alternative> alternatives) {

  /**
   * What becomes of a workload alone at other volumes and in other futures.
   *
   * @param flip where the answer flips
   * @param curve what the chosen deployment needs at other volumes
   * @param outlook the saving in an uncertain future
   * @param growth of the volume, as the outlook has it
   */
  public record Prospect(Flip flip, VolumeCurve curve, Outlook outlook, Growth growth) {}

  /**
   * Its places in plans, and what it waits for.
   *
   * @param evaluation that would settle it; empty where nothing waits for one
   * @param moved its place in the plan; empty if the plan leaves it where it is
   * @param waiting its place in the plan if every evaluation were passed; empty if it has none, or
   *     one in the plan already
   * @param waysToComply what one that must move can do, cheapest first; empty for others
   */
  public record Placement(
      Optional<Evaluation> evaluation,
      Optional<Moved> moved,
      Optional<Moved> waiting,
      List<WayToComply> waysToComply) {
    public Placement {
      waysToComply = List.copyOf(waysToComply);
    }

    /** In no plan. */
    static Placement waitingFor(Optional<Evaluation> evaluation) {
      return new Placement(evaluation, Optional.empty(), Optional.empty(), List.of());
    }
  }

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
   * @param marginalSavingUsd its part of what its fleet saves a month: as its part of what the
   *     fleet's workloads pay the API
   * @param on what serves it
   * @param outlook of that saving; empty where it is not known
   */
  public record Moved(int order, double marginalSavingUsd, On on, Optional<Outlook> outlook) {
    Moved less(double usd) {
      return new Moved(order, marginalSavingUsd - usd, on, outlook);
    }

    Moved with(Optional<Outlook> newOutlook) {
      return new Moved(order, marginalSavingUsd, on, newOutlook);
    }
  }

  /** Ids of what serves a workload in the plan. */
  public record On(String model, String quantization, String engine, String hardware) {
    static On of(CandidatePlanner.Candidate candidate) {
      return new On(
          candidate.model().id(),
          candidate.quantization().id(),
          candidate.engine().id(),
          candidate.hardware().id());
    }

    static On of(Alternative alternative) {
      return new On(
          alternative.model().id(),
          alternative.quantization().id(),
          alternative.engine().id(),
          alternative.hardware().id());
    }
  }

  /**
   * The saving to rank by: the workload's part of the plan's, or of that of the plan that waits for
   * evaluations or, if it is in neither, what it saves alone.
   */
  public double rankedByUsd() {
    return moved().or(this::waiting).map(Moved::marginalSavingUsd).orElse(savingUsd.orElse(0));
  }

  /** Where the answer flips; empty where no money is known. */
  public Optional<Flip> flip() {
    return prospect.map(Prospect::flip);
  }

  /** What the chosen deployment needs at other volumes; empty likewise. */
  public Optional<VolumeCurve> curve() {
    return prospect.map(Prospect::curve);
  }

  /** The saving in an uncertain future; empty likewise. */
  public Optional<Outlook> outlook() {
    return prospect.map(Prospect::outlook);
  }

  /** Growth of the volume, as the outlook has it; empty likewise. */
  public Optional<Growth> growth() {
    return prospect.map(Prospect::growth);
  }

  /** See {@link Placement}. */
  public Optional<Evaluation> evaluation() {
    return placement.evaluation();
  }

  /** Likewise. */
  public Optional<Moved> moved() {
    return placement.moved();
  }

  /** Likewise. */
  public Optional<Moved> waiting() {
    return placement.waiting();
  }

  /** Likewise. */
  public List<WayToComply> waysToComply() {
    return placement.waysToComply();
  }

  /** What an evaluation of a local model has shown. */
  Optional<Evidence> evidence(String localModel) {
    return alternatives.stream()
        .filter(a -> a.model().id().equals(localModel))
        .findFirst()
        .flatMap(Alternative::evidence);
  }

  /** Tasks of the evaluation that would settle it; empty where nothing waits for one. */
  public OptionalLong tasksNeeded() {
    return evaluation().isPresent()
        ? OptionalLong.of(evaluation().get().tasks())
        : OptionalLong.empty();
  }

  /**
   * The same workload with its place in the plan that waits for evaluations. One that would not
   * save alone, but would on a box that others need too, is worth an evaluation as well.
   */
  RankedWorkload waiting(Moved place, Evaluation settles) {
    boolean alone = verdict == Verdict.EVALUATE_FIRST;
    List<ReasonCode> why = new ArrayList<>(reasons);
    if (verdict == Verdict.KEEP_API) {
      why.removeAll(List.of(ReasonCode.NO_SAVING, ReasonCode.SAVES_IN_FEW_FUTURES));
      why.add(0, ReasonCode.SAVES_IN_PLAN);
    }
    return copy(
        rank,
        verdict == Verdict.KEEP_API ? Verdict.EVALUATE_FIRST : verdict,
        why,
        prospect,
        new Placement(
            alone ? evaluation() : Optional.of(settles),
            moved(),
            Optional.of(place),
            waysToComply()));
  }

  RankedWorkload withWays(List<WayToComply> ways) {
    return copy(
        rank, verdict, reasons, prospect, new Placement(evaluation(), moved(), waiting(), ways));
  }

  RankedWorkload withRank(int newRank) {
    return copy(newRank, verdict, reasons, prospect, placement);
  }

  RankedWorkload with(Prospect newProspect) {
    return copy(rank, verdict, reasons, Optional.of(newProspect), placement);
  }

  RankedWorkload withPlan(Verdict newVerdict, List<ReasonCode> newReasons, Moved newMoved) {
    return copy(
        rank,
        newVerdict,
        newReasons,
        prospect,
        new Placement(evaluation(), Optional.of(newMoved), waiting(), waysToComply()));
  }

  /** The same workload with the reason why the plan leaves it, though it would save alone. */
  RankedWorkload leftOut(ReasonCode reason) {
    List<ReasonCode> why = new ArrayList<>(reasons);
    why.remove(ReasonCode.SAVES);
    why.add(0, reason);
    return copy(rank, Verdict.KEEP_API, why, prospect, placement);
  }

  private RankedWorkload copy(
      int newRank,
      Verdict newVerdict,
      List<ReasonCode> newReasons,
      Optional<Prospect> newProspect,
      Placement newPlacement) {
    return new RankedWorkload(
        newRank,
        workload,
        newVerdict,
        compliance,
        List.copyOf(newReasons),
        chosen,
        savingUsd,
        cashFlow,
        npvUsd,
        paybackMonths,
        newProspect,
        newPlacement,
        confidence,
        alternatives);
  }
}
