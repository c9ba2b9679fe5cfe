package dev.homeward.decision;

import dev.homeward.catalog.HardwareProfile;
import dev.homeward.decision.CandidatePlanner.Candidate;
import dev.homeward.replay.Sizing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** A workload and the state of its candidates. */
final class Weighing {
  /**
   * So many candidates of a workload are replayed before the others are compared with the best one
   * so far.
   */
  private static final int ROUND = 6;

  /**
   * How much dearer than the cheapest format of a model on a box another one may be and still be
   * taken, because it loses less quality.
   */
  static final double ABOUT_THE_SAME = 1.02;

  // What is chosen costs at most this much more than the cheapest that was replayed; a candidate
  // whose bound is higher by the same again can neither be chosen nor decide between formats.
  private static final double NO_LONGER_MATTERS = ABOUT_THE_SAME * ABOUT_THE_SAME;

  final WorkloadCase workload;
  final List<Alternative> alternatives = new ArrayList<>();

  /** All that can be replayed, in the order of models, boxes and formats. */
  final List<Candidate> possible = new ArrayList<>();

  /** Candidates still to be replayed, cheapest bound first. */
  private final List<Candidate> pending = new ArrayList<>();

  private final Weigher weigher;
  private final boolean prune;

  /** What can be chosen, by model and box. */
  private final Map<String, List<Alternative>> served = new HashMap<>();

  /** Those that missed the service level, by model and box. */
  private final Map<String, List<Candidate>> missed = new HashMap<>();

  /** The least that any fleet of a candidate costs a month. */
  private final IdentityHashMap<Candidate, Double> least = new IdentityHashMap<>();

  /** By kind of box, what one idle box costs a month, and one more. */
  private final IdentityHashMap<HardwareProfile, Idle> idle = new IdentityHashMap<>();

  /** Left out because of what others were found to cost, or to miss. */
  private final Set<Candidate> leftOut = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Replayed on some days only. */
  private final Set<Candidate> onSomeDays = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Set<Candidate> onAllDays = Collections.newSetFromMap(new IdentityHashMap<>());

  private long fleets;

  Weighing(WorkloadCase workload, List<Candidate> candidates, Weigher weigher, boolean prune) {
    this.workload = workload;
    this.weigher = weigher;
    this.prune = prune;
    boolean replayable = workload.profile().calls() > workload.profile().missingUsage();
    for (Candidate candidate : candidates) {
      if (candidate.deployment().isEmpty()) {
        alternatives.add(
            weigher.fallenOut(
                workload, candidate, candidate.fellOut().orElseThrow(), candidate.explanation()));
      } else if (weigher.isRefuted(workload, candidate)) {
        alternatives.add(weigher.refuted(workload, candidate));
      } else if (replayable) {
        possible.add(candidate);
      }
    }
    // A box costs the same with every model on it, and there are a hundred of them on some.
    CostBound bound = weigher.bound(workload);
    for (Candidate c : possible) {
      Idle box = idle(c);
      least.put(c, bound.usd(box.usd(), box.more(), weigher.leastTokenSeconds(c)));
    }
    pending.addAll(possible);
    pending.sort(Comparator.comparingDouble(least::get));
    if (prune) {
      dropTooSlow();
    }
  }

  private record Idle(double usd, double more) {}

  private Idle idle(Candidate candidate) {
    return idle.computeIfAbsent(
        candidate.hardware(),
        box ->
            new Idle(weigher.leastUsd(workload, candidate), weigher.boxUsd(workload, candidate)));
  }

  /** Replayed fleets that were weighed. */
  long fleets() {
    return fleets;
  }

  // Even a call that has the box to itself would be slower than the limit.
  private void dropTooSlow() {
    for (int i = pending.size() - 1; i >= 0; i--) {
      Candidate candidate = pending.get(i);
      Optional<String> why = weigher.tooSlow(workload, candidate);
      if (why.isPresent()) {
        drop(i, ReasonCode.MISSES_SERVICE_LEVEL, why.get());
      }
    }
  }

  private void drop(int i, ReasonCode code, String why) {
    alternatives.add(weigher.fallenOut(workload, pending.remove(i), code, why));
  }

  private void leaveOut(int i, ReasonCode code, String why) {
    leftOut.add(pending.get(i));
    drop(i, code, why);
  }

  /** The candidates to be replayed next; empty when all that matter are known. */
  List<Candidate> next() {
    if (prune) {
      dropMissed();
      dropHopeless();
    }
    List<Candidate> next = new ArrayList<>();
    if (!prune) {
      next.addAll(pending);
      pending.clear();
      return next;
    }
    Set<String> boxes = new HashSet<>();
    for (Candidate candidate : List.copyOf(pending)) {
      if (next.size() == ROUND) {
        break;
      }
      // One format of a model on a box at a time: mostly the first settles it. Where it is too
      // slow, the fastest says whether there is any use in those between them.
      if (boxes.add(place(candidate))) {
        Candidate one = missed.containsKey(place(candidate)) ? fastest(candidate) : candidate;
        next.add(one);
        pending.remove(one);
      }
    }
    return next;
  }

  private Candidate fastest(Candidate like) {
    Candidate fastest = like;
    for (Candidate other : pending) {
      if (place(other).equals(place(like))
          && other.engine().id().equals(like.engine().id())
          && step(other) < step(fastest)) {
        fastest = other;
      }
    }
    return fastest;
  }

  private double step(Candidate candidate) {
    return weigher.leastStepSeconds(candidate);
  }

  // What a format misses, those miss that are no faster and hold no more.
  private void dropMissed() {
    for (int i = pending.size() - 1; i >= 0; i--) {
      Candidate candidate = pending.get(i);
      Optional<Candidate> faster =
          missed.getOrDefault(place(candidate), List.of()).stream()
              .filter(
                  m ->
                      candidate
                          .deployment()
                          .orElseThrow()
                          .isNoBetterThan(m.deployment().orElseThrow()))
              .findFirst();
      if (faster.isPresent()) {
        leaveOut(
            i,
            ReasonCode.MISSES_SERVICE_LEVEL,
            "%s misses it there, and is no slower".formatted(faster.get().quantization().name()));
      }
    }
  }

  private static String place(Candidate candidate) {
    return candidate.model().id() + "/" + candidate.hardware().id();
  }

  // A candidate cannot win if the least that it can cost is more than an alternative costs that
  // would be chosen in every case in which the candidate would be.
  private void dropHopeless() {
    Map<Before, OptionalDouble> cheapest = new HashMap<>();
    for (int i = pending.size() - 1; i >= 0; i--) {
      Candidate candidate = pending.get(i);
      double bound = least.get(candidate);
      if (anotherFormatWillDo(candidate, bound)) {
        leaveOut(
            i,
            ReasonCode.LOSES_MORE,
            "at least $%.2f a month, about what a better format costs there".formatted(bound));
      } else if (cheapest
                  .computeIfAbsent(before(candidate), this::cheapest)
                  .orElse(Double.POSITIVE_INFINITY)
              * NO_LONGER_MATTERS
          < bound) {
        leaveOut(i, ReasonCode.NOT_CHEAPER, "at least $%.2f a month".formatted(bound));
      }
    }
  }

  private boolean anotherFormatWillDo(Candidate candidate, double bound) {
    return served.getOrDefault(place(candidate), List.of()).stream()
        .anyMatch(
            a ->
                FormatOrder.of(a.model()).compare(a.quantization(), candidate.quantization()) <= 0
                    && a.totalUsd().isPresent()
                    && a.totalUsd().getAsDouble() <= ABOUT_THE_SAME * bound);
  }

  /**
   * What tells which alternatives would be chosen before a candidate.
   *
   * @param cannotSave whether it cannot save anything itself
   */
  private record Before(boolean proven, boolean cannotSave, Standing standing) {}

  private Before before(Candidate candidate) {
    return new Before(
        weigher.isProven(workload, candidate),
        !workload.mustBeLocal()
            && workload.apiForecastUsd().isPresent()
            && least.get(candidate) >= workload.apiForecastUsd().getAsDouble(),
        candidate.standing());
  }

  /**
   * What the cheapest of those costs that would be chosen before a candidate: proven ones before
   * all; others of its rung or above; those below it where it cannot save anything itself.
   */
  private OptionalDouble cheapest(Before than) {
    return served.values().stream()
        .flatMap(List::stream)
        .filter(
            a ->
                a.isProven()
                    || (!than.proven()
                        && (than.cannotSave() || a.standing().covers(than.standing()))))
        .map(Alternative::totalUsd)
        .flatMapToDouble(OptionalDouble::stream)
        .min();
  }

  /**
   * The same bound in boxes: a fleet that costs more, idle, than an alternative that would be
   * chosen before it is not worth a replay.
   */
  int mostReplicas(Candidate candidate, int limit) {
    OptionalDouble best = prune ? cheapest(before(candidate)) : OptionalDouble.empty();
    if (best.isEmpty()) {
      return limit;
    }
    Idle box = idle(candidate);
    double boxes =
        box.more() <= 0
            ? limit
            : 1 + (best.getAsDouble() * NO_LONGER_MATTERS - box.usd()) / box.more();
    return ReplayRequest.replicas(candidate.deployment().orElseThrow(), boxes, limit);
  }

  /** The candidate that an alternative is of. */
  Candidate candidate(Alternative of) {
    RankedWorkload.On on = RankedWorkload.On.of(of);
    return possible.stream()
        .filter(c -> RankedWorkload.On.of(c).equals(on))
        .findFirst()
        .orElseThrow();
  }

  /** Candidates of which only some days were replayed. */
  List<Candidate> onSomeDays() {
    return possible.stream().filter(onSomeDays::contains).toList();
  }

  /** Whether a candidate was replayed on all days instead of some. */
  boolean isOnAllDays(Candidate candidate) {
    return onAllDays.contains(candidate);
  }

  /**
   * Takes a candidate's fleets from a replay of all days, in place of those from some days. What
   * was left out because of these, or tried on no more boxes than they cost, is asked for again.
   */
  void settle(Candidate candidate, List<Sizing.ReplayedFleet> answer) {
    Set<Candidate> again = Collections.newSetFromMap(new IdentityHashMap<>());
    again.addAll(leftOut);
    missed.values().forEach(again::addAll);
    again.removeAll(onAllDays);
    again.add(candidate);
    Set<RankedWorkload.On> open = new HashSet<>();
    again.forEach(c -> open.add(RankedWorkload.On.of(c)));
    alternatives.removeIf(a -> open.contains(RankedWorkload.On.of(a)));
    served.values().forEach(of -> of.removeIf(a -> open.contains(RankedWorkload.On.of(a))));
    missed.values().forEach(of -> of.removeIf(again::contains));
    missed.values().removeIf(List::isEmpty);
    again.addAll(pending);
    again.remove(candidate);
    pending.clear();
    possible.stream().filter(again::contains).forEach(pending::add);
    pending.sort(Comparator.comparingDouble(least::get));
    leftOut.clear();
    onSomeDays.remove(candidate);
    add(candidate, answer);
    onAllDays.add(candidate);
  }

  void add(Candidate candidate, List<Sizing.ReplayedFleet> answer) {
    if (answer.stream().anyMatch(fleet -> fleet.result().isSampled())) {
      onSomeDays.add(candidate);
    }
    boolean serves = false;
    for (Sizing.ReplayedFleet fleet : answer) {
      fleets++;
      Alternative weighed = weigher.weigh(workload, candidate, fleet);
      serves |= !weighed.fellOut().equals(Optional.of(ReasonCode.MISSES_SERVICE_LEVEL));
      alternatives.add(weighed);
      if (weighed.isViable()) {
        served.computeIfAbsent(place(candidate), p -> new ArrayList<>()).add(weighed);
      }
    }
    if (!serves) {
      missed.computeIfAbsent(place(candidate), p -> new ArrayList<>()).add(candidate);
    }
  }
}
