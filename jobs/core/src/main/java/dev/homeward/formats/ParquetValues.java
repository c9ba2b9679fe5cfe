package dev.homeward.formats;

import dev.homeward.formats.scan.JsonBytes;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.units.TimeUnits;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Rows of Parquet as JSON: groups are objects, lists arrays, timestamps texts in ISO 8601. */
final class ParquetValues {
  private static final long JULIAN_DAY_OF_1970 = 2_440_588;

  private ParquetValues() {}

  /**
   * A row of canonical records: flat columns, {@code x_} names left out, times in microseconds.
   *
   * @throws RejectedRecord if a column is nested or of a type that no canonical field has
   */
  static void canonical(Group row, JsonBytes out) throws RejectedRecord {
    out.open('{');
    List<Type> fields = row.getType().getFields();
    for (int f = 0; f < fields.size(); f++) {
      Type type = fields.get(f);
      if (type.getName().startsWith("x_") || row.getFieldRepetitionCount(f) == 0) {
        continue;
      }
      if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
        throw new RejectedRecord(
            Reason.WRONG_TYPE,
            "a column is nested (columns are flat; tags and metadata are JSON in a text column)");
      }
      PrimitiveType primitive = type.asPrimitiveType();
      if (isTime(primitive)) {
        String name = type.getName();
        out.name(name.equals("started_at") ? "started_at_us" : name);
        out.raw(Long.toString(micros(row, f, 0, primitive)));
      } else {
        out.name(type.getName());
        primitive(row, f, 0, primitive, out, false);
      }
    }
    out.close('}');
  }

  /** A row, or a group inside of one, of another format. Absent values are left out. */
  static void object(Group group, JsonBytes out) throws RejectedRecord {
    out.open('{');
    List<Type> fields = group.getType().getFields();
    for (int f = 0; f < fields.size(); f++) {
      int count = group.getFieldRepetitionCount(f);
      Type type = fields.get(f);
      if (count == 0 || !type.isRepetition(Type.Repetition.REPEATED) && isAbsent(group, f, type)) {
        continue;
      }
      out.name(type.getName());
      if (type.isRepetition(Type.Repetition.REPEATED)) {
        out.open('[');
        for (int i = 0; i < count; i++) {
          value(group, f, i, type, out);
        }
        out.close(']');
      } else {
        value(group, f, 0, type, out);
      }
    }
    out.close('}');
  }

  /** A field as a text of CSV: null if it is absent. */
  static byte[] text(Group row, int field, JsonBytes out) throws RejectedRecord {
    Type type = row.getType().getType(field);
    if (row.getFieldRepetitionCount(field) == 0 || isAbsent(row, field, type)) {
      return null;
    }
    if (type.isPrimitive() && isText(type.asPrimitiveType())) {
      return row.getBinary(field, 0).getBytes();
    }
    if (type.isPrimitive() && isTime(type.asPrimitiveType())) {
      return iso(row, field, 0, type.asPrimitiveType()).getBytes(StandardCharsets.US_ASCII);
    }
    value(row, field, 0, type, out);
    return Arrays.copyOf(out.bytes(), out.length());
  }

  private static void value(Group group, int field, int index, Type type, JsonBytes out)
      throws RejectedRecord {
    if (type.isPrimitive()) {
      primitive(group, field, index, type.asPrimitiveType(), out, true);
      return;
    }
    Group inner = group.getGroup(field, index);
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof ListLogicalTypeAnnotation && inner.getType().getFieldCount() == 1) {
      list(inner, out);
    } else if (logical instanceof MapLogicalTypeAnnotation
        && inner.getType().getFieldCount() == 1
        && !inner.getType().getType(0).isPrimitive()) {
      map(inner, out);
    } else {
      object(inner, out);
    }
  }

  private static void list(Group list, JsonBytes out) throws RejectedRecord {
    Type repeated = list.getType().getType(0);
    out.open('[');
    for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
      if (!repeated.isPrimitive() && repeated.asGroupType().getFieldCount() == 1) {
        Group element = list.getGroup(0, i);
        if (element.getFieldRepetitionCount(0) > 0) {
          value(element, 0, 0, element.getType().getType(0), out);
        }
      } else {
        value(list, 0, i, repeated, out);
      }
    }
    out.close(']');
  }

  private static void map(Group map, JsonBytes out) throws RejectedRecord {
    out.open('{');
    for (int i = 0; i < map.getFieldRepetitionCount(0); i++) {
      Group entry = map.getGroup(0, i);
      boolean whole =
          entry.getType().getFieldCount() == 2
              && entry.getFieldRepetitionCount(0) > 0
              && entry.getFieldRepetitionCount(1) > 0
              && entry.getType().getType(0).isPrimitive();
      if (whole && !isAbsent(entry, 1, entry.getType().getType(1))) {
        out.name(entry.getValueToString(0, 0));
        value(entry, 1, 0, entry.getType().getType(1), out);
      }
    }
    out.close('}');
  }

  /** Whether a number is none: programs write NaN where a table has no value. */
  private static boolean isAbsent(Group group, int field, Type type) {
    if (!type.isPrimitive()) {
      return false;
    }
    return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
      case FLOAT -> Float.isNaN(group.getFloat(field, 0));
      case DOUBLE -> Double.isNaN(group.getDouble(field, 0));
      default -> false;
    };
  }

  /**
   * @param objects whether a text that holds a JSON object or array counts as one
   */
  private static void primitive(
      Group group, int field, int index, PrimitiveType type, JsonBytes out, boolean objects)
      throws RejectedRecord {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (isTime(type)) {
      out.text(iso(group, field, index, type).getBytes(StandardCharsets.US_ASCII));
      return;
    }
    if (logical instanceof DateLogicalTypeAnnotation) {
      LocalDate date = LocalDate.ofEpochDay(group.getInteger(field, index));
      out.text(date.toString().getBytes(StandardCharsets.US_ASCII));
      return;
    }
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      BigInteger unscaled = unscaled(group, field, index, type);
      out.raw(new BigDecimal(unscaled, decimal.getScale()).toString());
      return;
    }
    switch (type.getPrimitiveTypeName()) {
      case INT32 -> out.raw(Integer.toString(group.getInteger(field, index)));
      case INT64 -> out.raw(Long.toString(group.getLong(field, index)));
      case BOOLEAN -> out.raw(Boolean.toString(group.getBoolean(field, index)));
      case FLOAT -> number(out, group.getFloat(field, index), group.getValueToString(field, index));
      case DOUBLE ->
          number(out, group.getDouble(field, index), group.getValueToString(field, index));
      case BINARY -> {
        byte[] text = group.getBinary(field, index).getBytes();
        if (objects) {
          out.textOrObject(text, 0, text.length);
        } else {
          out.text(text);
        }
      }
      default -> {
        if (!objects) {
          throw new RejectedRecord(
              Reason.WRONG_TYPE, "a column is of the type " + type.getPrimitiveTypeName());
        }
        // Bytes that are no text, such as a UUID: no adapter reads them.
        out.raw("null");
      }
    }
  }

  private static boolean isText(PrimitiveType type) {
    return type.getPrimitiveTypeName() == PrimitiveTypeName.BINARY
        && !(type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation);
  }

  private static boolean isTime(PrimitiveType type) {
    return type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation
        || type.getPrimitiveTypeName() == PrimitiveTypeName.INT96;
  }

  private static long micros(Group group, int field, int index, PrimitiveType type) {
    if (type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation timestamp) {
      long value = group.getLong(field, index);
      return switch (timestamp.getUnit()) {
        case MILLIS -> saturatedMultiply(value);
        case MICROS -> value;
        case NANOS -> Math.floorDiv(value, 1000);
      };
    }
    return int96(group.getInt96(field, index));
  }

  /** The time in ISO 8601, with a Z where the column says that it is UTC. */
  private static String iso(Group group, int field, int index, PrimitiveType type)
      throws RejectedRecord {
    long micros = micros(group, field, index, type);
    boolean utc =
        !(type.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation timestamp)
            || timestamp.isAdjustedToUTC();
    try {
      Instant instant =
          Instant.ofEpochSecond(
              Math.floorDiv(micros, TimeUnits.MICROS_PER_SECOND),
              Math.floorMod(micros, TimeUnits.MICROS_PER_SECOND) * TimeUnits.NANOS_PER_MICRO);
      String text = instant.toString();
      return utc ? text : text.substring(0, text.length() - 1);
    } catch (DateTimeException e) {
      throw new RejectedRecord(Reason.INVALID_TIME, "a column holds a time out of all range");
    }
  }

  // A time too large for microseconds stays too large to be plausible, and is rejected as such.
  private static long saturatedMultiply(long millis) {
    if (Math.abs(millis / 1000) > Long.MAX_VALUE / 2_000_000) {
      return Long.MAX_VALUE;
    }
    return millis * TimeUnits.MICROS_PER_MILLI;
  }

  /** Nanoseconds of the day (8 bytes), then the Julian day (4 bytes), little endian. */
  private static long int96(Binary value) {
    ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long nanosOfDay = bytes.getLong();
    long day = bytes.getInt() - JULIAN_DAY_OF_1970;
    if (Math.abs(day) > Long.MAX_VALUE / TimeUnits.MICROS_PER_DAY / 2) {
      return Long.MAX_VALUE;
    }
    return day * TimeUnits.MICROS_PER_DAY + Math.floorDiv(nanosOfDay, 1000);
  }

  private static BigInteger unscaled(Group group, int field, int index, PrimitiveType type) {
    PrimitiveTypeName stored = type.getPrimitiveTypeName();
    return switch (stored) {
      case INT32 -> BigInteger.valueOf(group.getInteger(field, index));
      case INT64 -> BigInteger.valueOf(group.getLong(field, index));
      default -> new BigInteger(group.getBinary(field, index).getBytes());
    };
  }

  private static void number(JsonBytes out, double value, String text) throws RejectedRecord {
    if (!Double.isFinite(value)) {
      throw new RejectedRecord(Reason.INVALID_NUMBER, "a column holds a NaN or an infinity");
    }
    out.raw(text);
  }
}
