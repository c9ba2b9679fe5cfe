package dev.homeward.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.homeward.units.InvalidInput;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of a review as they lie on a disk. */
public final class ReviewTables {
  private ReviewTables() {}

  /**
   * The first cell of a workload's row that should be a number and is none; empty of a good row.
   */
  public static Optional<String> noNumber(Map<String, String> row) {
    for (Map.Entry<String, String> cell : row.entrySet()) {
      String column = cell.getKey();
      boolean isNumber =
          column.equals("calls") || column.endsWith("_usd") || column.endsWith("_tokens");
      if (isNumber && cell.getValue() != null && !cell.getValue().isEmpty()) {
        try {
          Double.parseDouble(cell.getValue());
        } catch (NumberFormatException e) {
          return Optional.of("%s is %s, no number".formatted(column, cell.getValue()));
        }
      }
    }
    return Optional.empty();
  }

  /** The rows of a ranking. */
  static List<Map<String, String>> ranking(Path csv) throws IOException {
    List<Map<String, String>> rows = rows(csv);
    for (Map<String, String> row : rows) {
      noNumber(row)
          .ifPresent(
              bad -> {
                throw damaged(csv, new IllegalArgumentException(bad));
              });
    }
    return rows;
  }

  static InvalidInput damaged(Path file, Exception why) {
    return new InvalidInput(
        "Cannot read %s: it is damaged (%s). Take a copy of the review, or make it again"
            .formatted(file, String.valueOf(why.getMessage()).lines().findFirst().orElse("")),
        why);
  }

  /** The rows of a CSV file by column. */
  static List<Map<String, String>> rows(Path csv) throws IOException {
    List<Map<String, String>> rows = new ArrayList<>();
    try (MappingIterator<Map<String, String>> lines =
        new CsvMapper()
            .readerForMapOf(String.class)
            .with(CsvSchema.emptySchema().withHeader())
            .readValues(csv.toFile())) {
      lines.forEachRemaining(rows::add);
    } catch (JsonProcessingException | CharConversionException | RuntimeJsonMappingException e) {
      throw damaged(csv, e);
    }
    return rows;
  }
}
