package dev.homeward.decision;

import java.util.Locale;

/**
 * A way to take a workload off the API whose data may not be there.
 *
 * @param monthlyUsd what it costs a month; for calls that are no longer sent 0
 * @param inWords for people
 */
public record WayToComply(How how, double monthlyUsd, String inWords) {

  /** What is done. */
  public enum How {
    /** It uses the plan's fleet, which others may use too. */
    IN_THE_PLAN,
    /** A box of its own. */
    ALONE,
    /** A machine that is run already. */
    MACHINE_THERE,
    /** A smaller model, once an evaluation has shown that it is good enough. */
    SMALLER_MODEL,
    /** Calls with such data are not made. */
    NOT_SENT
  }

  static WayToComply of(How how, double monthlyUsd, String format, Object... values) {
    return new WayToComply(how, monthlyUsd, String.format(Locale.ROOT, format, values));
  }
}
