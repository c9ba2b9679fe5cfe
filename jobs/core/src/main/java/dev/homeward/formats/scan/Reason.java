package dev.homeward.formats.scan;

import java.util.Locale;

/** Why a record was rejected: a closed set, so that reports can count by it. */
public enum Reason {
  MALFORMED_JSON,
  MALFORMED_CSV,
  /** The JSON ends in the middle: the line was cut off. */
  TRUNCATED,
  NOT_UTF8,
  /** Nested deeper than any log is. */
  TOO_DEEP,
  RECORD_TOO_LARGE,
  NOT_A_RECORD,
  UNKNOWN_FIELD,
  MISSING_COLUMN,
  WRONG_TYPE,
  INVALID_NUMBER,
  /** A word that is not one of the field's words. */
  INVALID_WORD,
  MISSING_TIME,
  INVALID_TIME,
  MISSING_MODEL,
  /** Input without output tokens, or the other way round. */
  INCOMPLETE_USAGE,
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
