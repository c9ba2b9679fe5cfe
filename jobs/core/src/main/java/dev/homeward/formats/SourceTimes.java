package dev.homeward.formats;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Reads the times of one source, in its zone where they carry none. */
final class SourceTimes {
  private static final long MICROS_PER_SECOND = 1_000_000L;

  /** The zone the user named, or null. */
  private final ZoneId zone;

  SourceTimes(ReadContext context) {
    this.zone = context.sourceZone().orElse(null);
  }

  /** A time of a source that says, somewhere, that it writes UTC where it writes no zone. */
  long utc(String text, String field) throws RejectedRecord {
    long micros = Times.parse(text, field);
    return zone == null || Times.hasZone(text) ? micros : inZone(micros);
  }

  /** A time of a source that does not say its zone: the draft is flagged if the user did not. */
  long assumed(String text, String field, CallDraft draft) throws RejectedRecord {
    long micros = Times.parse(text, field);
    if (Times.hasZone(text)) {
      return micros;
    }
    if (zone == null) {
      draft.flags |= CallFlags.ZONE_ASSUMED;
      return micros;
    }
    return inZone(micros);
  }

  /** The instant at which the zone's clocks show what UTC's clocks show at the given one. */
  private long inZone(long utcMicros) {
    long seconds = Math.floorDiv(utcMicros, MICROS_PER_SECOND);
    LocalDateTime local = LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
    return utcMicros - zone.getRules().getOffset(local).getTotalSeconds() * MICROS_PER_SECOND;
  }
}
