package dev.homeward.calls;

import java.util.Locale;

/**
 * How the organisation pays for a call: per token, by flat seats, or by provisioned units. Only
 * metered calls save cash one by one.
 */
public enum BillingMode {
  METERED,
  SUBSCRIPTION,
  PROVISIONED;

  /** The word used in columns and files, in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
