package dev.homeward.formats.mapped;

import java.util.Locale;

/** What a column of a table can mean: the keys under {@code columns} of a mapping. */
public enum MappedField {
  STARTED_AT(Kind.TIME),
  ENDED_AT(Kind.TIME),
  DURATION(Kind.SPAN),
  TTFT(Kind.SPAN),
  REQUEST_MODEL(Kind.TEXT),
  RESPONSE_MODEL(Kind.TEXT),
  PROVIDER(Kind.TEXT),
  REGION(Kind.TEXT),
  INPUT_TOKENS(Kind.TOKENS),
  CACHE_READ_TOKENS(Kind.TOKENS),
  /** All cache writes, or those whose lifetime is not said. */
  CACHE_WRITE_TOKENS(Kind.TOKENS),
  CACHE_WRITE_1H_TOKENS(Kind.TOKENS),
  OUTPUT_TOKENS(Kind.TOKENS),
  REASONING_TOKENS(Kind.TOKENS),
  /** Held against the parts; it stands for the output where that has no column. */
  TOTAL_TOKENS(Kind.TOKENS),
  COST(Kind.MONEY),
  STATUS(Kind.TEXT),
  OPERATION(Kind.TEXT),
  SERVICE_TIER(Kind.TEXT),
  CALL_ID(Kind.TEXT),
  SESSION(Kind.TEXT);

  /** How the values of a field are read. */
  public enum Kind {
    TIME,
    SPAN,
    TEXT,
    TOKENS,
    MONEY
  }

  private final Kind kind;

  MappedField(Kind kind) {
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Its key in a mapping. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The field of a key that a mapping may hold. */
  static MappedField of(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }
}
