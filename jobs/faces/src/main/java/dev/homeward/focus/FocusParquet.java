package dev.homeward.focus;

import dev.homeward.report.ParquetBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** focus.parquet: numbers DECIMAL(38, ...), times TIMESTAMP in UTC, texts STRING, NULL as NULL. */
final class FocusParquet implements AutoCloseable {
  private static final int PRECISION = 38;
  private static final int DECIMAL_BYTES = 16;

  private final ParquetBytes file = new ParquetBytes();
  private final ParquetWriter<Map<FocusColumn, Object>> writer;

  FocusParquet(FocusVersion version) {
    try {
      this.writer =
          new Builder(file, FocusColumn.of(version))
              .withCompressionCodec(CompressionCodecName.ZSTD)
              .build();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot begin focus.parquet", e);
    }
  }

  /** Adds a row. */
  void add(Map<FocusColumn, Object> row) {
    try {
      writer.write(row);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write focus.parquet", e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot end focus.parquet", e);
    }
  }

  /** The file, once it is closed. */
  byte[] bytes() {
    try {
      return file.bytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot end focus.parquet", e);
    }
  }

  static MessageType schema(List<FocusColumn> columns) {
    Types.MessageTypeBuilder builder = Types.buildMessage();
    for (FocusColumn column : columns) {
      switch (column.type()) {
        case TEXT ->
            builder
                .optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named(column.columnName());
        case DAY ->
            builder
                .optional(PrimitiveTypeName.INT64)
                .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MICROS))
                .named(column.columnName());
        case QUANTITY, PRICE, COST ->
            builder
                .optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                .length(DECIMAL_BYTES)
                .as(LogicalTypeAnnotation.decimalType(column.type().decimals(), PRECISION))
                .named(column.columnName());
      }
    }
    return builder.named("focus");
  }

  private static final class Builder
      extends ParquetWriter.Builder<Map<FocusColumn, Object>, Builder> {
    private final List<FocusColumn> columns;

    Builder(OutputFile file, List<FocusColumn> columns) {
      super(file);
      this.columns = columns;
    }

    @Override
    protected Builder self() {
      return this;
    }

    // Parquet's one abstract method is also the one it deprecates.
    @Override
    @SuppressWarnings("deprecation")
    protected WriteSupport<Map<FocusColumn, Object>> getWriteSupport(Configuration conf) {
      return new Rows(columns);
    }
  }

  private static final class Rows extends WriteSupport<Map<FocusColumn, Object>> {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final List<FocusColumn> columns;
    private RecordConsumer out;

    Rows(List<FocusColumn> columns) {
      this.columns = columns;
    }

    @Override
    @SuppressWarnings("deprecation")
    public WriteContext init(Configuration configuration) {
      return new WriteContext(schema(columns), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(Map<FocusColumn, Object> row) {
      out.startMessage();
      for (int i = 0; i < columns.size(); i++) {
        FocusColumn column = columns.get(i);
        Object value = row.get(column);
        if (value != null) {
          out.startField(column.columnName(), i);
          switch (column.type()) {
            case TEXT -> out.addBinary(Binary.fromString((String) value));
            case DAY ->
                out.addLong(
                    ((LocalDate) value).atStartOfDay(ZoneOffset.UTC).toEpochSecond()
                        * MICROS_PER_SECOND);
            case QUANTITY, PRICE, COST ->
                out.addBinary(decimal((BigDecimal) value, column.type().decimals()));
          }
          out.endField(column.columnName(), i);
        }
      }
      out.endMessage();
    }

    // Two's complement, the most significant byte first, as DECIMAL is kept in a fixed length.
    private static Binary decimal(BigDecimal value, int scale) {
      BigInteger unscaled = value.setScale(scale, RoundingMode.HALF_EVEN).unscaledValue();
      byte[] digits = unscaled.toByteArray();
      byte[] fixed = new byte[DECIMAL_BYTES];
      Arrays.fill(fixed, (byte) (unscaled.signum() < 0 ? -1 : 0));
      System.arraycopy(digits, 0, fixed, DECIMAL_BYTES - digits.length, digits.length);
      return Binary.fromConstantByteArray(fixed);
    }
  }
}
