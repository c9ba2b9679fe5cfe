package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Samples;
import dev.homeward.formats.records.Sink;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.units.TimeUnits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Canonical records in a Parquet file with flat columns. Each row goes through the canonical
 * adapter as the JSON object it stands for, so that the two cannot differ. {@code started_at} may
 * also be a Parquet timestamp (INT64, or INT96 as Spark writes by default), {@code logged_usd} a
 * DECIMAL; {@code tags} and {@code metadata} are JSON in a text column.
 */
public final class ParquetLog {
  private static final JsonFactory JSON = new JsonFactory();
  private static final long JULIAN_DAY_OF_1970 = 2_440_588;

  private ParquetLog() {}

  /**
   * Reads all rows; the line of a row is its number, from 1.
   *
   * @throws IOException or a RuntimeException of Parquet if the file is damaged
   */
  public static void read(InputFile file, ReadContext context, Sink sink) throws IOException {
    RecordReader records = new RecordReader(LogFormat.CANONICAL_PARQUET, context, sink);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    long row = 0;
    try (ParquetReader<Group> reader = new Builder(file).usePageChecksumVerification().build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        row++;
        bytes.reset();
        try {
          writeJson(group, bytes);
        } catch (RejectedRecord e) {
          sink.rejected(new Rejection(e.reason(), row, e.getMessage(), Samples.ofLength(0)));
          continue;
        }
        records.read(bytes.toByteArray(), 0, bytes.size(), row);
      }
    }
  }

  private static void writeJson(Group group, ByteArrayOutputStream bytes)
      throws IOException, RejectedRecord {
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      List<Type> fields = group.getType().getFields();
      for (int f = 0; f < fields.size(); f++) {
        Type type = fields.get(f);
        if (type.getName().startsWith("x_") || group.getFieldRepetitionCount(f) == 0) {
          continue;
        }
        if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
          throw new RejectedRecord(
              Reason.WRONG_TYPE,
              "a column is nested (columns are flat; tags and metadata are JSON in a text column)");
        }
        write(out, group, f, type.asPrimitiveType());
      }
      out.writeEndObject();
    }
  }

  private static void write(JsonGenerator out, Group group, int field, PrimitiveType type)
      throws IOException, RejectedRecord {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    String name = type.getName();
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      long value = group.getLong(field, 0);
      long micros =
          switch (timestamp.getUnit()) {
            case MILLIS -> saturatedMultiply(value);
            case MICROS -> value;
            case NANOS -> Math.floorDiv(value, 1000);
          };
      out.writeNumberField(timeName(name), micros);
      return;
    }
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      out.writeFieldName(name);
      out.writeNumber(new BigDecimal(unscaled(group, field, type), decimal.getScale()));
      return;
    }
    switch (type.getPrimitiveTypeName()) {
      case INT32 -> out.writeNumberField(name, group.getInteger(field, 0));
      case INT64 -> out.writeNumberField(name, group.getLong(field, 0));
      case BOOLEAN -> out.writeBooleanField(name, group.getBoolean(field, 0));
      case FLOAT -> number(out, name, group.getFloat(field, 0));
      case DOUBLE -> number(out, name, group.getDouble(field, 0));
      case BINARY -> out.writeStringField(name, group.getString(field, 0));
      case INT96 -> out.writeNumberField(timeName(name), int96(group.getInt96(field, 0)));
      default ->
          throw new RejectedRecord(
              Reason.WRONG_TYPE, "a column is of the type " + type.getPrimitiveTypeName());
    }
  }

  private static String timeName(String column) {
    return column.equals("started_at") ? "started_at_us" : column;
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

  private static BigInteger unscaled(Group group, int field, PrimitiveType type) {
    PrimitiveTypeName stored = type.getPrimitiveTypeName();
    return switch (stored) {
      case INT32 -> BigInteger.valueOf(group.getInteger(field, 0));
      case INT64 -> BigInteger.valueOf(group.getLong(field, 0));
      default -> new BigInteger(group.getBinary(field, 0).getBytes());
    };
  }

  private static void number(JsonGenerator out, String name, double value)
      throws IOException, RejectedRecord {
    if (!Double.isFinite(value)) {
      throw new RejectedRecord(Reason.INVALID_NUMBER, "a column holds a NaN or an infinity");
    }
    out.writeNumberField(name, value);
  }

  private static final class Builder extends ParquetReader.Builder<Group> {
    Builder(InputFile file) {
      super(file);
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
