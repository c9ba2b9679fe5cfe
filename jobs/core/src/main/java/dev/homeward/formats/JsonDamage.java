package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonProcessingException;

/** Bytes that are not the JSON they should be: why, and where, and none of the bytes. */
final class JsonDamage extends JsonProcessingException {
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
}
