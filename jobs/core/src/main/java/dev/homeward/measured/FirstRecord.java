package dev.homeward.measured;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.homeward.units.InvalidInput;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How a file of measurements begins, which says what kind it is, whatever its name.
 *
 * @param isJson JSON or lines of it; else CSV
 * @param names keys of the first object (of an array, its first), or columns in the first line
 */
public record FirstRecord(boolean isJson, List<String> names) {
  private static final JsonMapper JSON = new JsonMapper();

  public FirstRecord {
    names = List.copyOf(names);
  }

  /**
   * The beginning of a file; without names if it holds nothing or is no text.
   *
   * @throws InvalidInput if it is what llama-bench writes for people
   */
  public static FirstRecord of(Path file) {
    String first;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      do {
        first = lines.readLine();
      } while (first != null && first.isBlank());
    } catch (IOException e) {
      // No text: a kind of file that nothing here reads.
      return new FirstRecord(false, List.of());
    }
    if (first == null) {
      return new FirstRecord(false, List.of());
    }
    String start = first.replace("\uFEFF", "").strip();
    if (start.startsWith("{") || start.startsWith("[")) {
      return new FirstRecord(true, keys(file));
    }
    if (start.startsWith("|") && start.toLowerCase(Locale.ROOT).contains("t/s")) {
      throw new InvalidInput(
          "Cannot read %s: it is a bench's table for people. Maybe run it again with -o json"
              .formatted(file));
    }
    return new FirstRecord(
        false, Arrays.stream(start.split(",", -1)).map(n -> n.strip().replace("\"", "")).toList());
  }

  // Up to where the document is damaged, if it is: its reader says where.
  private static List<String> keys(Path file) {
    List<String> keys = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(file.toFile())) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_ARRAY) {
        token = parser.nextToken();
      }
      while (token != null && parser.nextToken() == JsonToken.FIELD_NAME) {
        keys.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
    } catch (IOException e) {
      return keys;
    }
    return keys;
  }
}
