package dev.homeward.databases;

import dev.homeward.units.InvalidInput;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A column that tells when a row was.
 *
 * @param column its name in SQL
 * @param zone in which days that are no moments begin
 * @param unitsPerSecond of counts since 1970; 0 of others
 */
record ClickHouseTime(String column, Kind kind, ZoneId zone, long unitsPerSecond) {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  enum Kind {
    SECONDS,
    FRACTIONS,
    DAY,
    COUNT
  }

  /**
   * The time of a table.
   *
   * @param unit how many a second of counts since 1970; 0: it is no count
   */
  static ClickHouseTime of(
      ClickHouseTable table, ClickHouseTable.Column column, ZoneId zone, long unit) {
    Kind kind = kind(column.type());
    boolean count = column.type().matches("U?Int.*|Float.*|Decimal.*");
    if (kind == null && count && unit > 0) {
      kind = Kind.COUNT;
    }
    if (kind == null) {
      throw new InvalidInput(
          "Cannot read table %s of %s: its times, column %s, are of type %s, of which no month can be asked for. Maybe make a view with a DateTime64, or say how they count (format: seconds)"
              .formatted(table.name(), table.place(), column.name(), column.type()));
    }
    return new ClickHouseTime(column.quoted(), kind, zone, unit);
  }

  /** How a type holds moments; null if it does not. */
  static Kind kind(String type) {
    if (type.startsWith("DateTime64")) {
      return Kind.FRACTIONS;
    }
    if (type.startsWith("DateTime")) {
      return Kind.SECONDS;
    }
    return type.equals("Date") || type.equals("Date32") ? Kind.DAY : null;
  }

  /** The condition for a span: from the first moment on, and before the second. */
  String within(Instant from, Instant to) {
    return "%s >= %s AND %s < %s".formatted(column, at(from), column, at(to));
  }

  private String at(Instant moment) {
    return switch (kind) {
      case SECONDS -> "toDateTime('%s', 'UTC')".formatted(MOMENT.format(moment));
      case FRACTIONS -> "toDateTime64('%s', 3, 'UTC')".formatted(MOMENT.format(moment));
      case DAY -> "toDate('%s')".formatted(moment.atZone(zone).toLocalDate());
      case COUNT -> Long.toString(Math.multiplyExact(moment.getEpochSecond(), unitsPerSecond));
    };
  }
}
