package dev.homeward.decision;

import dev.homeward.calls.WorkloadKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What waits for evaluations: the plan as it would be if all of them were passed, and which is
 * worth doing first.
 *
 * @param plan everything that would move then
 * @param moreUsd what it saves a month beyond the plan that needs no evaluation
 * @param first the evaluations, that which opens most for an hour of testing first
 */
public record Waiting(Plan plan, double moreUsd, List<Opening> first) {

  /** Nothing does. */
  static final Waiting NOTHING = new Waiting(Plan.EMPTY, 0, List.of());

  /**
   * An evaluation and what it opens.
   *
   * @param opensUsd the workload's part of what its fleet saves a month
   */
  public record Opening(
      WorkloadKey workload, RankedWorkload.On on, Evaluation evaluation, double opensUsd) {

    /** Saving a month that an hour of testing opens; empty where no testing would settle it. */
    public OptionalDouble usdPerHour() {
      return evaluation.hours() > 0
          ? OptionalDouble.of(opensUsd / evaluation.hours())
          : OptionalDouble.empty();
    }
  }

  public Waiting {
    first = List.copyOf(first);
  }

  static Waiting of(List<RankedWorkload> rows, Plan firm, Plan ifPassed, EvaluationNeeds needs) {
    List<Opening> openings = new ArrayList<>();
    for (RankedWorkload row : rows) {
      RankedWorkload.Moved place = ifPassed.moved().get(row.workload().key());
      if (place != null && row.moved().isEmpty()) {
        openings.add(
            new Opening(
                row.workload().key(),
                place.on(),
                needs.of(
                    place.on().model(), row.evidence(place.on().model()), OptionalDouble.empty()),
                place.marginalSavingUsd()));
      }
    }
    openings.sort(
        Comparator.comparingDouble((Opening o) -> -o.usdPerHour().orElse(0))
            .thenComparing(Opening::workload));
    // A plan with more workloads may save less, where the search for it ends in another place:
    // then there is no use in testing for it.
    return openings.isEmpty() || ifPassed.savingUsd() <= firm.savingUsd()
        ? NOTHING
        : new Waiting(ifPassed, ifPassed.savingUsd() - firm.savingUsd(), openings);
  }

  /** The rows with their places in the plan that waits. */
  List<RankedWorkload> mark(List<RankedWorkload> rows) {
    Map<WorkloadKey, Opening> byKey = new LinkedHashMap<>();
    first.forEach(o -> byKey.put(o.workload(), o));
    return rows.stream()
        .map(
            row -> {
              Opening opening = byKey.get(row.workload().key());
              return opening == null
                  ? row
                  : row.waiting(plan.moved().get(row.workload().key()), opening.evaluation());
            })
        .toList();
  }
}
