package dev.homeward.focus;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.Type;

/**
 * A FOCUS file as a reader finds it, without the program that wrote it.
 *
 * @param types {@code decimal}, {@code time} or {@code text} by column; empty of a CSV file
 * @param rows texts by column; absent for NULL
 */
record FocusTable(List<String> columns, Map<String, String> types, List<Map<String, String>> rows) {

  /** RFC 4180 as its text has it. */
  static FocusTable ofCsv(byte[] file) {
    List<List<String>> lines = new ArrayList<>();
    List<String> line = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    String text = new String(file, StandardCharsets.UTF_8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\n')) {
        line.add(cell.toString());
        cell.setLength(0);
        if (c == '\n') {
          lines.add(line);
          line = new ArrayList<>();
        }
      } else {
        cell.append(c);
      }
    }
    List<String> columns = lines.get(0);
    List<Map<String, String>> rows = new ArrayList<>();
    for (List<String> cells : lines.subList(1, lines.size())) {
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        if (!cells.get(i).isEmpty()) {
          row.put(columns.get(i), cells.get(i));
        }
      }
      rows.add(row);
    }
    return new FocusTable(columns, Map.of(), rows);
  }

  /** By Parquet's own example reader. */
  static FocusTable ofParquet(byte[] file, Path folder) throws IOException {
    Path path = Files.write(Files.createTempFile(folder, "focus", ".parquet"), file);
    List<String> columns = new ArrayList<>();
    Map<String, String> types = new LinkedHashMap<>();
    List<Map<String, String>> rows = new ArrayList<>();
    try (ParquetReader<Group> reader = new Groups(path).build()) {
      for (Group group = reader.read(); group != null; group = reader.read()) {
        Map<String, String> row = new LinkedHashMap<>();
        for (Type field : group.getType().getFields()) {
          if (rows.isEmpty()) {
            columns.add(field.getName());
            types.put(field.getName(), type(field));
          }
          if (group.getFieldRepetitionCount(field.getName()) > 0) {
            row.put(field.getName(), value(group, field));
          }
        }
        rows.add(row);
      }
    }
    return new FocusTable(columns, types, rows);
  }

  private static String type(Type field) {
    return field.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation
        ? "decimal"
        : field.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation
            ? "time"
            : "text";
  }

  private static String value(Group group, Type field) {
    if (field.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal) {
      BigInteger unscaled = new BigInteger(group.getBinary(field.getName(), 0).getBytes());
      BigDecimal number = new BigDecimal(unscaled, decimal.getScale()).stripTrailingZeros();
      return (number.scale() < 1 ? number.setScale(1) : number).toPlainString();
    }
    if (field.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation) {
      return Instant.ofEpochSecond(group.getLong(field.getName(), 0) / 1_000_000).toString();
    }
    return group.getString(field.getName(), 0);
  }

  private static final class Groups extends ParquetReader.Builder<Group> {
    Groups(Path path) {
      super(new LocalInputFile(path), new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }

  /** A sum of a column over rows that have a value in another. */
  BigDecimal sum(String column, String where, String value) {
    return rows.stream()
        .filter(row -> value.equals(row.get(where)))
        .map(row -> new BigDecimal(row.get(column)))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
