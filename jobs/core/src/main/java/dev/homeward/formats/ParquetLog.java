package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.homeward.calls.CallDraft;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Canonical records in a Parquet file with flat columns. Each row goes through the canonical
 * adapter as the JSON line it stands for, so that the two cannot differ; {@code started_at} may
 * also be a Parquet timestamp.
 */
public final class ParquetLog {
  private static final JsonFactory JSON = new JsonFactory();

  private ParquetLog() {}

  /** Reads all rows; the line of a row is its number, from 1. */
  public static void read(InputFile file, ReadContext context, Sink sink) throws IOException {
    long[] row = {0};
    Sink numbered =
        new Sink() {
          @Override
          public void call(CallDraft draft) {
            draft.sourceLine = row[0];
            sink.call(draft);
          }

          @Override
          public void ignored() {
            sink.ignored();
          }

          @Override
          public void rejected(Rejection r) {
            sink.rejected(new Rejection(r.reason(), row[0], r.detail(), r.sample()));
          }
        };
    try (ParquetReader<Group> reader = new Builder(file).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        row[0]++;
        LogReader.read(
            LogFormat.CANONICAL_JSONL,
            context,
            new ByteArrayInputStream(json(group)),
            0,
            Long.MAX_VALUE,
            numbered);
      }
    }
  }

  private static byte[] json(Group group) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      List<Type> fields = group.getType().getFields();
      for (int f = 0; f < fields.size(); f++) {
        if (fields.get(f).isPrimitive() && group.getFieldRepetitionCount(f) == 1) {
          write(out, group, f, fields.get(f).asPrimitiveType());
        }
      }
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator out, Group group, int field, PrimitiveType type)
      throws IOException {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      long value = group.getLong(field, 0);
      out.writeNumberField(
          type.getName().equals("started_at") ? "started_at_us" : type.getName(),
          switch (timestamp.getUnit()) {
            case MILLIS -> Math.multiplyExact(value, 1000);
            case MICROS -> value;
            case NANOS -> Math.floorDiv(value, 1000);
          });
      return;
    }
    out.writeFieldName(type.getName());
    switch (type.getPrimitiveTypeName()) {
      case INT32 -> out.writeNumber(group.getInteger(field, 0));
      case INT64 -> out.writeNumber(group.getLong(field, 0));
      case BOOLEAN -> out.writeBoolean(group.getBoolean(field, 0));
      case FLOAT, DOUBLE -> out.writeNumber(group.getValueToString(field, 0));
      case BINARY -> text(out, group.getString(field, 0), type.getName());
      default -> out.writeNull();
    }
  }

  // Tags and metadata travel as JSON in a text column.
  private static void text(JsonGenerator out, String value, String name) throws IOException {
    if ((name.equals("tags") && value.startsWith("["))
        || (name.equals("metadata") && value.startsWith("{"))) {
      out.writeRawValue(value);
    } else {
      out.writeString(value);
    }
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
