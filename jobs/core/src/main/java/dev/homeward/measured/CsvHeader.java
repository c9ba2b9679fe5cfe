package dev.homeward.measured;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The names of a CSV file's columns, which say what kind of table it is. */
public final class CsvHeader {
  private CsvHeader() {}

  /** The names in the first line; empty if there is none or the file is no text. */
  public static List<String> of(Path file) {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      String first = lines.readLine();
      return first == null
          ? List.of()
          : Arrays.stream(first.split(",", -1))
              .map(name -> name.strip().replace("\"", ""))
              .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
