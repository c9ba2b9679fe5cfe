package dev.homeward.calls;

import java.util.Locale;

/** The service tier a call was billed at. */
public enum ServiceTier {
  STANDARD,
  BATCH,
  FLEX,
  PRIORITY,

  /** Anthropic's fast mode. */
  FAST;

  /** The word used in columns and files, in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
