package dev.homeward.calls;

import java.util.Locale;

/** What a call asked for. */
public enum Operation {
  CHAT,
  EMBEDDINGS,
  OTHER;

  /** The word used in columns and files, in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
