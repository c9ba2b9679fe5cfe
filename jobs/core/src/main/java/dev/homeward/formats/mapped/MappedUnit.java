package dev.homeward.formats.mapped;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the numbers of a column count. */
enum MappedUnit {
  NANOSECONDS(MappedField.Kind.SPAN, "0.001"),
  MICROSECONDS(MappedField.Kind.SPAN, "1"),
  MILLISECONDS(MappedField.Kind.SPAN, "1000"),
  SECONDS(MappedField.Kind.SPAN, "1000000"),
  MINUTES(MappedField.Kind.SPAN, "60000000"),
  TOKENS(MappedField.Kind.TOKENS, "1"),
  THOUSANDS(MappedField.Kind.TOKENS, "1000"),
  MILLIONS(MappedField.Kind.TOKENS, "1000000"),
  USD(MappedField.Kind.MONEY, "1"),
  CENTS(MappedField.Kind.MONEY, "0.01"),
  MICRO_USD(MappedField.Kind.MONEY, "0.000001"),
  NANO_USD(MappedField.Kind.MONEY, "0.000000001");

  private final MappedField.Kind kind;
  private final BigDecimal factor;

  MappedUnit(MappedField.Kind kind, String factor) {
    this.kind = kind;
    this.factor = new BigDecimal(factor);
  }

  MappedField.Kind kind() {
    return kind;
  }

  /** How many microseconds, tokens or dollars one of it is. */
  BigDecimal factor() {
    return factor;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static MappedUnit of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** The words of a kind. */
  static String words(MappedField.Kind kind) {
    List<String> words = new ArrayList<>();
    for (MappedUnit unit : values()) {
      if (unit.kind == kind) {
        words.add(unit.word());
      }
    }
    return words.isEmpty() ? "none" : String.join(", ", words);
  }
}
