package dev.homeward.formats;

import java.util.Locale;

/** Why a record was rejected: a closed set, so that reports can count by it. */
public enum Reason {
  MALFORMED_JSON,
  MALFORMED_CSV,
  RECORD_TOO_LARGE,
  NOT_A_RECORD,
  UNKNOWN_FIELD,
  WRONG_TYPE,
  INVALID_NUMBER,
  MISSING_TIME,
  INVALID_TIME,
  MISSING_MODEL,
  NEGATIVE_TOKENS,
  TOKENS_TOO_LARGE,
  CACHE_EXCEEDS_INPUT,
  REASONING_EXCEEDS_OUTPUT,
  END_BEFORE_START;

  /** The word used in rejected/ and in reports. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
