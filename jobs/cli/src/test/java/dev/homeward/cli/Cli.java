package dev.homeward.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Runs the command line inside the test's own JVM and reads what it wrote. */
public final class Cli {
  /** How a command ended. */
  public record Ran(int exit, String out, String err) {}

  private Cli() {}

  /** Runs a command. */
  public static Ran run(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
      int exit = Main.run(args);
      return new Ran(
          exit,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  static Path root() {
    return Path.of(System.getProperty("homeward.root", "../.."));
  }

  static Path shared(String name) {
    Path path = root().resolve("..").resolve("shared").resolve("data").resolve(name);
    Assumptions.assumeTrue(Files.exists(path), "../shared/data/" + name + " is not here");
    return path;
  }

  /** Rows of ranking.csv by column name. */
  static List<Map<String, String>> ranking(Path review) throws IOException {
    return rows(review.resolve("ranking.csv"));
  }

  /** The cells of a column of a file that has commas in quotes, and no quote in its cells. */
  static List<String> column(Path csv, String name) throws IOException {
    List<String> lines = Files.readAllLines(csv);
    int at = List.of(lines.get(0).split(",")).indexOf(name);
    return lines.stream()
        .skip(1)
        .map(line -> line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)[at])
        .toList();
  }

  static List<Map<String, String>> rows(Path csv) throws IOException {
    List<String> lines = Files.readAllLines(csv);
    String[] header = lines.get(0).split(",");
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < header.length; i++) {
        row.put(header[i], cells[i]);
      }
      rows.add(row);
    }
    return rows;
  }
}
