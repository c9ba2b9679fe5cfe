package dev.homeward.decision;

import java.util.Locale;

/** Whether the data was where the policy lets it be. */
public enum Compliance {
  OK,
  VIOLATION,
  UNCLASSIFIED;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
