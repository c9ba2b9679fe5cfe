package dev.homeward.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
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
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** The ranking as Parquet: money DECIMAL(18,6), shares and times DOUBLE, unknown NULL. */
public final class RankingParquet {
  private static final int MONEY_SCALE = 6;
  private static final int MONEY_PRECISION = 18;

  private RankingParquet() {}

  /** Writes the ranking. */
  public static void write(List<Map<RankingColumn, Object>> rows, OutputFile file) {
    ParquetBytes bytes = new ParquetBytes();
    try {
      try (ParquetWriter<Map<RankingColumn, Object>> writer =
          new Builder(bytes).withCompressionCodec(CompressionCodecName.ZSTD).build()) {
        for (Map<RankingColumn, Object> row : rows) {
          writer.write(row);
        }
      }
      try (OutputStream out = file.createOrOverwrite(0)) {
        out.write(bytes.bytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write the ranking to " + file.getPath(), e);
    }
  }

  static MessageType schema() {
    Types.MessageTypeBuilder builder = Types.buildMessage();
    for (RankingColumn column : RankingColumn.values()) {
      switch (column.type()) {
        case TEXT ->
            builder
                .optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named(column.columnName());
        case COUNT -> builder.optional(PrimitiveTypeName.INT64).named(column.columnName());
        case MONEY ->
            builder
                .optional(PrimitiveTypeName.INT64)
                .as(LogicalTypeAnnotation.decimalType(MONEY_SCALE, MONEY_PRECISION))
                .named(column.columnName());
        default -> builder.optional(PrimitiveTypeName.DOUBLE).named(column.columnName());
      }
    }
    return builder.named("ranking");
  }

  private static final class Builder
      extends ParquetWriter.Builder<Map<RankingColumn, Object>, Builder> {
    Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    // Parquet's one abstract method is also the one it deprecates.
    @Override
    @SuppressWarnings("deprecation")
    protected WriteSupport<Map<RankingColumn, Object>> getWriteSupport(Configuration conf) {
      return new Rows();
    }
  }

  private static final class Rows extends WriteSupport<Map<RankingColumn, Object>> {
    private RecordConsumer out;

    @Override
    @SuppressWarnings("deprecation")
    public WriteContext init(Configuration configuration) {
      return new WriteContext(schema(), Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      out = consumer;
    }

    @Override
    public void write(Map<RankingColumn, Object> row) {
      out.startMessage();
      for (Map.Entry<RankingColumn, Object> cell : row.entrySet()) {
        RankingColumn column = cell.getKey();
        out.startField(column.columnName(), column.ordinal());
        switch (column.type()) {
          case TEXT -> out.addBinary(Binary.fromString((String) cell.getValue()));
          case COUNT -> out.addLong((Long) cell.getValue());
          case MONEY ->
              out.addLong(
                  ((BigDecimal) cell.getValue())
                      .setScale(MONEY_SCALE, RoundingMode.HALF_EVEN)
                      .unscaledValue()
                      .longValueExact());
          default -> out.addDouble(((BigDecimal) cell.getValue()).doubleValue());
        }
        out.endField(column.columnName(), column.ordinal());
      }
      out.endMessage();
    }
  }
}
