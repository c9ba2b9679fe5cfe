package dev.homeward.formats.records;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What the user said about the source, for formats that do not say it themselves.
 *
 * @param workload name of the workload of every call ({@code --workload}); it comes beside what the
 *     records say
 * @param hostedModel hosted model of the calls whose record names none ({@code --hosted-model}); of
 *     a public trace all calls
 * @param keepIds whether call ids are kept
 * @param sourceZone zone of times that carry none ({@code --source-timezone}); empty: UTC
 * @param needsIds whether calls are told apart later; where not, a format may leave ids unread
 * @param traceEpoch the day of second 0 of a trace that counts seconds from a day it does not name
 * @param mapping what the columns of a table of one's own mean, as its file says it; empty for
 *     formats that say it themselves
 */
public record ReadContext(
    Optional<String> workload,
    Optional<String> hostedModel,
    boolean keepIds,
    Optional<ZoneId> sourceZone,
    LocalDate traceEpoch,
    boolean needsIds,
    Optional<String> mapping) {
  /** Stands for the unnamed first day of a trace: its week begins on a Sunday. */
  public static final LocalDate DEFAULT_TRACE_EPOCH = LocalDate.of(2023, 1, 1);

  /** Nothing said about zones and epochs. */
  public ReadContext(Optional<String> workload, Optional<String> hostedModel, boolean keepIds) {
    this(workload, hostedModel, keepIds, Optional.empty(), DEFAULT_TRACE_EPOCH, true);
  }

  /** The same without a mapping. */
  public ReadContext(
      Optional<String> workload,
      Optional<String> hostedModel,
      boolean keepIds,
      Optional<ZoneId> sourceZone,
      LocalDate traceEpoch,
      boolean needsIds) {
    this(workload, hostedModel, keepIds, sourceZone, traceEpoch, needsIds, Optional.empty());
  }

  /** The same for a table whose columns this mapping names. */
  public ReadContext with(String ofColumns) {
    return new ReadContext(
        workload, hostedModel, keepIds, sourceZone, traceEpoch, needsIds, Optional.of(ofColumns));
  }
}
