package dev.homeward.formats.records;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonScanner;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import dev.homeward.units.TimeUnits;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Reads the times of one source, in its zone where they carry none. */
public final class SourceTimes {
  private static final int ISO_MILLIS = 24;
  private static final int NO_NUMBER = 1_000;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The zone the user named, or null. */
  private final ZoneId zone;

  // The day of the last time in UTC: its first eight bytes, the other two, and its midnight.
  private long day;
  private int dayOfMonth;
  private long dayMicros;

  public SourceTimes(ReadContext context) {
    this.zone = context.sourceZone().orElse(null);
  }

  /** A time of a source that says, somewhere, that it writes UTC where it writes no zone. */
  public long utc(String text, String field) throws RejectedRecord {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return utc(bytes, 0, bytes.length, field);
  }

  /**
   * The same of the text that the parser stands on; {@link CallDraft#ABSENT} for null or an empty
   * text.
   */
  public long utc(JsonParser p, String field) throws IOException, RejectedRecord {
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
    if (to - from == ISO_MILLIS) {
      long micros = ofKnownDay(bytes, from);
      if (micros != CallDraft.ABSENT) {
        return micros;
      }
      micros = Times.parse(bytes, from, to, field);
      if (bytes[to - 1] == 'Z') {
        day = (long) LONGS.get(bytes, from);
        dayOfMonth = bytes[from + 8] << 8 | bytes[from + 9];
        dayMicros = Math.floorDiv(micros, TimeUnits.MICROS_PER_DAY) * TimeUnits.MICROS_PER_DAY;
        return micros;
      }
    }
    long micros = Times.parse(bytes, from, to, field);
    return zone == null || Times.hasZone(bytes, from, to) ? micros : inZone(micros);
  }

  /**
   * A time as most programs write it, {@code 2026-05-04T13:05:07.250Z}, of the day of the time
   * before: only its clock is read. ABSENT for any other.
   */
  private long ofKnownDay(byte[] s, int from) {
    boolean known =
        (long) LONGS.get(s, from) == day && (s[from + 8] << 8 | s[from + 9]) == dayOfMonth;
    boolean iso = s[from + 10] == 'T' && s[from + 13] == ':' && s[from + 16] == ':';
    if (!known || !iso || s[from + 19] != '.' || s[from + 23] != 'Z') {
      return CallDraft.ABSENT;
    }
    int hour = two(s, from + 11);
    int minute = two(s, from + 14);
    int second = two(s, from + 17);
    int centis = two(s, from + 20);
    int last = s[from + 22] - '0';
    boolean wrong = hour > 23 || minute > 59 || second > 59 || centis > 99 || last < 0 || last > 9;
    if (wrong) {
      return CallDraft.ABSENT;
    }
    long millis = (hour * 3_600L + minute * 60L + second) * 1_000 + centis * 10L + last;
    return dayMicros + millis * TimeUnits.MICROS_PER_MILLI;
  }

  /** The number of two digits; a large one where they are none. */
  private static int two(byte[] s, int at) {
    int tens = s[at] - '0';
    int ones = s[at + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? NO_NUMBER : tens * 10 + ones;
  }

  /** A time of a source that does not say its zone: the draft is flagged if the user did not. */
  public long assumed(String text, String field, CallDraft draft) throws RejectedRecord {
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
    long seconds = Math.floorDiv(utcMicros, TimeUnits.MICROS_PER_SECOND);
    LocalDateTime local = LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
    return utcMicros
        - zone.getRules().getOffset(local).getTotalSeconds() * TimeUnits.MICROS_PER_SECOND;
  }
}
