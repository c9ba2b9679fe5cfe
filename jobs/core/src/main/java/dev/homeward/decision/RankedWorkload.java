package dev.homeward.decision;

import dev.homeward.economics.CashFlow;
import dev.homeward.units.Confidence;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A workload with its verdict.
 *
 * @param rank from 1
 * @param reasons codes, the deciding one first
 * @param chosen the alternative that the numbers of the row belong to
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
    OptionalDouble breakEvenVolumeRatio,
    Confidence confidence,
    List<Alternative> alternatives) {

  RankedWorkload withRank(int newRank) {
    return new RankedWorkload(
        newRank,
        workload,
        verdict,
        compliance,
        reasons,
        chosen,
        savingUsd,
        cashFlow,
        npvUsd,
        paybackMonths,
        breakEvenVolumeRatio,
        confidence,
        alternatives);
  }
}
