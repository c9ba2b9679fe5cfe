package dev.homeward.calls;

import java.util.Locale;

/** How a call ended. A failure may still have consumed tokens. */
public enum CallStatus {
  SUCCESS,
  FAILURE;

  /** The word used in columns and files, in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
