package dev.homeward.report;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.Verdict;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.units.TimeUnits;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Data of a workload that went where the policy does not let it.
 *
 * @param allowed where it may go, in words
 * @param seen where it went, how often, and when
 */
public record Violation(
    WorkloadKey workload, String allowed, WorkloadProfile.Seen seen, Verdict verdict) {

  /** All of a review, most calls first. */
  public static List<Violation> of(List<RankedWorkload> ranking) {
    return ranking.stream()
        .flatMap(
            w ->
                w.workload().violations().stream()
                    .map(
                        seen ->
                            new Violation(
                                w.workload().key(), allowed(w.workload()), seen, w.verdict())))
        .sorted(
            Comparator.comparingLong((Violation v) -> -v.seen.calls())
                .thenComparing(Violation::workload)
                .thenComparing(v -> v.seen.provider())
                .thenComparing(v -> v.seen.region()))
        .toList();
  }

  /** When it was first seen, UTC, ISO 8601. */
  public String firstCall() {
    return time(seen.firstMicros());
  }

  /** When it was last seen, likewise. */
  public String lastCall() {
    return time(seen.lastMicros());
  }

  private static String allowed(WorkloadCase c) {
    var rule = c.dataClass();
    StringBuilder allowed =
        new StringBuilder(rule.place().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (!rule.providers().isEmpty()) {
      allowed.append(": ").append(String.join(" ", rule.providers()));
    }
    if (!rule.regions().isEmpty()) {
      allowed.append(" in ").append(String.join(" ", rule.regions()));
    }
    return allowed.toString();
  }

  private static String time(long micros) {
    return Instant.ofEpochSecond(
            Math.floorDiv(micros, TimeUnits.MICROS_PER_SECOND),
            Math.floorMod(micros, TimeUnits.MICROS_PER_SECOND) * TimeUnits.NANOS_PER_MICRO)
        .toString();
  }
}
