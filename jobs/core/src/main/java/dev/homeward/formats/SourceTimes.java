package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return utc(bytes, 0, bytes.length, field);
  }

  /**
   * The same of the text that the parser stands on; {@link CallDraft#ABSENT} for null or an empty
   * text.
   */
  long utc(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p instanceof JsonScanner scanner
        && p.currentToken() == JsonToken.VALUE_STRING
        && scanner.isPlain()
        && scanner.to() > scanner.from()) {
      return utc(scanner.bytes(), scanner.from(), scanner.to(), field);
    }
    String text = Json.text(p, field);
    return text == null || text.isEmpty() ? CallDraft.ABSENT : utc(text, field);
  }

  private long utc(byte[] bytes, int from, int to, String field) throws RejectedRecord {
    long micros = Times.parse(bytes, from, to, field);
    return zone == null || Times.hasZone(bytes, from, to) ? micros : inZone(micros);
  }

  /** A time of a source that does not say its zone: the draft is flagged if the user did not. */
  long assumed(String text, String field, CallDraft draft) throws RejectedRecord {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    long micros = Times.parse(bytes, 0, bytes.length, field);
    if (Times.hasZone(bytes, 0, bytes.length)) {
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
