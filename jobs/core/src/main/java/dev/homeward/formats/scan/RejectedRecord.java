package dev.homeward.formats.scan;

/** Thrown by an adapter that cannot make a call of a record. Carries no stack trace: it is data. */
public final class RejectedRecord extends Exception {
  private static final long serialVersionUID = 1L;
  private final Reason reason;

  /**
   * @param detail the field and the rule, with numbers but never with text of the record
   */
  public RejectedRecord(Reason reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
