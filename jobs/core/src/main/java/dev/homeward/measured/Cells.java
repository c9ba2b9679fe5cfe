package dev.homeward.measured;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The fields of one row of a file of measurements, by name: from CSV, JSON or lines of JSON. */
final class Cells {
  private static final JsonMapper JSON = new JsonMapper();

  private final Map<String, String> values;
  private final String source;

  private Cells(Map<String, String> values, String source) {
    this.values = values;
    this.source = source;
  }

  /** The rows of a CSV file with a header. */
  static List<Cells> csv(Path file) {
    List<Cells> rows = new ArrayList<>();
    try (MappingIterator<Map<String, String>> lines =
        new CsvMapper()
            .readerForMapOf(String.class)
            .with(CsvSchema.emptySchema().withHeader())
            .readValues(file.toFile())) {
      while (lines.hasNextValue()) {
        Map<String, String> row = lines.nextValue();
        rows.add(new Cells(row, file.getFileName() + ":" + (rows.size() + 2)));
      }
    } catch (JacksonException e) {
      throw new InvalidInput("Cannot read %s: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new InvalidInput("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
    return rows;
  }

  /** The objects of a JSON array, of one object, or of lines of JSON; only their plain fields. */
  static List<Cells> json(Path file) {
    List<Cells> rows = new ArrayList<>();
    try (MappingIterator<JsonNode> values =
        JSON.readerFor(JsonNode.class).readValues(Files.readAllBytes(file))) {
      while (values.hasNextValue()) {
        rows.add(of(values.nextValue(), file.getFileName() + ":" + (rows.size() + 1)));
      }
    } catch (JacksonException e) {
      throw new InvalidInput("Cannot read %s: %s".formatted(file, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new InvalidInput("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
    return rows;
  }

  private static Cells of(JsonNode object, String source) {
    Map<String, String> values = new java.util.HashMap<>();
    object
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isValueNode() && !field.getValue().isNull()) {
                values.put(field.getKey(), field.getValue().asText());
              }
            });
    return new Cells(values, source);
  }

  /**
   * What rows say, each by itself.
   *
   * @param problems gets one line for each row that cannot be used; the others are kept
   */
  static <T> List<T> each(List<Cells> rows, List<String> problems, Function<Cells, T> reader) {
    List<T> read = new ArrayList<>();
    for (Cells row : rows) {
      try {
        read.add(reader.apply(row));
      } catch (IllegalArgumentException e) {
        problems.add(row.source() + ": " + e.getMessage());
      }
    }
    return read;
  }

  String source() {
    return source;
  }

  boolean has(String column) {
    return values.containsKey(column);
  }

  String text(String column) {
    String value = values.get(column);
    return value == null ? "" : value.strip();
  }

  /** A whole number of at least {@code least}; {@code otherwise} where the cell is empty. */
  int count(String column, int otherwise, int least) {
    String value = text(column);
    if (value.isEmpty()) {
      return otherwise;
    }
    double number = number(column);
    if (number != Math.rint(number) || number < least || number > 100_000_000) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (a whole number from %d)".formatted(column, value, least));
    }
    return (int) number;
  }

  double positive(String column) {
    double number = number(column);
    if (!(number > 0 && number <= 1e12)) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (a positive number)".formatted(column, text(column)));
    }
    return number;
  }

  /** A number of at least 0. */
  double amount(String column) {
    double number = number(column);
    if (!(number >= 0 && number <= 1e15)) {
      throw new IllegalArgumentException(
          "Invalid %s: %s (a number from 0)".formatted(column, text(column)));
    }
    return number;
  }

  /** A positive number; empty where the cell is, or says it is no number. */
  OptionalDouble ifPositive(String column) {
    String value = text(column).toLowerCase(Locale.ROOT);
    return value.isEmpty() || value.equals("nan")
        ? OptionalDouble.empty()
        : OptionalDouble.of(positive(column));
  }

  private double number(String column) {
    String value = text(column);
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          value.isEmpty()
              ? "%s is missing".formatted(column)
              : "Invalid %s: %s (a number)".formatted(column, value),
          e);
    }
  }
}
