package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The worked cases of docs/cases: each review comes to what its text works out by hand. */
final class CasesTest {
  private static final int CASES = 12;

  @TempDir static Path folder;

  @TestFactory
  List<DynamicTest> everyCaseComesToWhatItsTextSays() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> cases = Files.list(Cli.root().resolve("docs/cases"))) {
      for (Path dir : cases.filter(Files::isDirectory).sorted().toList()) {
        tests.add(DynamicTest.dynamicTest(dir.getFileName().toString(), () -> check(dir)));
      }
    }
    assertEquals(CASES, tests.size());
    return tests;
  }

  private static void check(Path dir) throws IOException {
    Path review = folder.resolve(dir.getFileName());
    Cli.Ran ran =
        Cli.run("review", dir.toString(), "--out", review.toString(), "--master", "local[2]");
    assertTrue(ran.exit() <= 1, ran.err());
    String text = Files.readString(dir.resolve("README.md"));
    int at = text.indexOf("```expect\n");
    assertTrue(at > 0, "no expect block");
    String block = text.substring(at + "```expect\n".length(), text.indexOf("```", at + 3));
    for (String line : block.split("\n")) {
      String rest = line.substring(line.indexOf(": ") + 2);
      if (line.startsWith("explain: ")) {
        Cli.Ran explained = Cli.run("explain", "reader", "--review", review.toString());
        assertTrue(explained.out().contains(rest), explained.out());
      } else if (line.startsWith("violations: ")) {
        assertTrue(
            Files.readAllLines(review.resolve("violations.csv")).contains(rest),
            Files.readString(review.resolve("violations.csv")));
      } else if (line.startsWith("plan: ")) {
        List<String> steps = Files.readAllLines(review.resolve("plan.csv"));
        assertEquals(rest, steps.get(steps.size() - 1).split(",", -1)[12]);
      } else if (line.startsWith("whatif ")) {
        Cli.Ran whatIf =
            Cli.run(
                "whatif",
                review.toString(),
                "--set",
                line.substring("whatif ".length(), line.indexOf(": ")),
                "--format",
                "csv");
        assertEquals(0, whatIf.exit(), whatIf.err());
        Path csv = folder.resolve(dir.getFileName() + "-whatif.csv");
        Files.writeString(csv, whatIf.out());
        List<Map<String, String>> rows =
            Cli.rows(csv).stream().filter(r -> r.get("scenario").equals("set")).toList();
        row(rows, rest);
      } else {
        row(Cli.ranking(review), line);
      }
    }
  }

  // "workload / model / class: column=value column=value"
  private static void row(List<Map<String, String>> rows, String line) {
    String key = line.substring(0, line.indexOf(": "));
    Map<String, String> row =
        rows.stream()
            .filter(
                r ->
                    (r.get("workload")
                            + " / "
                            + r.get("hosted_model")
                            + " / "
                            + r.get("data_class"))
                        .equals(key))
            .findFirst()
            .orElseThrow();
    for (String pair : line.substring(key.length() + 2).split(" ")) {
      String column = pair.substring(0, pair.indexOf('='));
      String value = pair.substring(pair.indexOf('=') + 1);
      if (column.equals("reasons")) {
        assertTrue(row.get(column).startsWith(value), row.get(column));
      } else {
        assertEquals(value, row.get(column), key + " " + column);
      }
    }
  }
}
