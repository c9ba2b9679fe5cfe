package dev.homeward.formats.scan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;

/** Bytes that are not the JSON they should be: why, and where, and none of the bytes. */
public final class JsonDamage extends JsonProcessingException {
  private static final long serialVersionUID = 1;

  private final Reason reason;
  private final String what;
  private final int place;

  /**
   * @param what what is wrong, to follow the name of the record
   * @param place one-based byte in the record
   */
  JsonDamage(Reason reason, String what, int place) {
    super(what);
    this.reason = reason;
    this.what = what;
    this.place = place;
  }

  RejectedRecord rejection(String record) {
    return new RejectedRecord(reason, "%s %s at byte %d".formatted(record, what, place));
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    // Where in the scanner it was found helps nobody, and damaged logs throw by the million.
    return this;
  }

  /**
   * The rejection for a failure of the JSON parser over bytes in memory. Jackson's message may
   * quote the text, so that only the kind and the place are kept.
   */
  public static RejectedRecord rejection(IOException e, String what) {
    if (e instanceof JsonDamage damage) {
      return damage.rejection(what);
    }
    if (e instanceof StreamConstraintsException) {
      return new RejectedRecord(
          Reason.TOO_DEEP, what + " is nested too deeply, or has a number or name too long");
    }
    String message = String.valueOf(e.getMessage());
    String at = "";
    if (e instanceof JsonProcessingException json && json.getLocation() != null) {
      // Several parsers start inside a larger buffer; the column is counted from their start.
      at = " at byte " + Math.max(json.getLocation().getColumnNr(), 1);
    }
    if (e instanceof JsonEOFException) {
      return new RejectedRecord(Reason.TRUNCATED, what + " ends" + at + " in the middle");
    }
    if (message.startsWith("Invalid UTF-") || !(e instanceof JsonProcessingException)) {
      return new RejectedRecord(Reason.NOT_UTF8, what + " is not UTF-8" + at);
    }
    if (message.startsWith("Non-standard token 'NaN'")
        || message.startsWith("Non-standard token '-INF'")
        || message.startsWith("Non-standard token '+INF'")) {
      return new RejectedRecord(Reason.INVALID_NUMBER, what + " holds a NaN" + at);
    }
    return new RejectedRecord(Reason.MALFORMED_JSON, what + " is not JSON" + at);
  }
}
