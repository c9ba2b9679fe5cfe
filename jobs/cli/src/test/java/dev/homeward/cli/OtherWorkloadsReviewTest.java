package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of a log with very many workloads the small ones of a model and class share a row. It is decided
 * as if the log itself had named their calls alike.
 */
final class OtherWorkloadsReviewTest {
  private static final String OTHERS = "(other workloads)";
  private static final String HEADER =
      "started_at,request_model,workload,input_tokens,output_tokens\n";
  private static final int NAMES = 40;
  private static final int CALLS = 3_000;
  private static final List<String> MODELS = List.of("gpt-4o", "gpt-4o-mini", "northstar-9");

  @TempDir Path folder;

  @Test
  void smallOnesAreDecidedAsTheOneThatTheyShare() throws IOException {
    Path out = review("folded", "most-workloads: 6\n", calls(Set.of()));
    List<Map<String, String>> ranking = Cli.ranking(out);
    Set<String> apart = new TreeSet<>();
    ranking.forEach(row -> apart.add(row.get("workload") + "/" + row.get("hosted_model")));
    // Six that cost most, three of the model without a price, two that the policy and evaluations
    // name in each model, and the others of each model.
    assertEquals(6 + 3 + 2 * 3 + 3, ranking.size(), apart.toString());
    for (String model : MODELS) {
      assertTrue(apart.contains(OTHERS + "/" + model), apart.toString());
      assertTrue(apart.contains("w38/" + model), apart.toString());
      assertTrue(apart.contains("w39/" + model), apart.toString());
    }

    // What acts while a log is read is no question any more; what acts later is, also of such rows.
    for (String set :
        List.of(
            "most-workloads=3",
            "workload-rules=[{from: team}]",
            "served-locally=[{model: m}]",
            "workloads={w39: {owner: CC-2}}",
            "data-classes=[{name: public, aliases: [open], place: api-allowed}]")) {
      Cli.Ran refused = Cli.run("whatif", out.toString(), "--set", "policy." + set);
      assertEquals(2, refused.exit());
      assertTrue(refused.err().contains("it acts while a log is read"), refused.err());
    }
    Cli.Ran ran =
        Cli.run(
            "whatif",
            out.toString(),
            "--set",
            "policy.most-workloads=6",
            "--set",
            "workloads.(other workloads).hardware=mac-mini-m4-pro-24gb");
    assertEquals(0, ran.exit(), ran.err());

    assertTrue(
        Cli.run("explain", OTHERS, "--review", out.toString())
            .out()
            .contains("as if they were one: others.csv names them"));
    assertTrue(
        Files.readString(out.resolve("report.json")).contains("as if they were one: others.csv"));

    Path byHand = review("by-hand", "", calls(apart));
    for (String file : List.of("ranking.csv", "plan.csv", "waiting.csv", "violations.csv")) {
      assertEquals(
          Files.readString(byHand.resolve(file)), Files.readString(out.resolve(file)), file);
    }
  }

  @Test
  void eachIsNamedWithItsCallsAndNothingIsLost() throws IOException {
    Path out = review("folded", "most-workloads: 6\n", calls(Set.of()));
    Path all = review("all", "", calls(Set.of()));
    List<Map<String, String>> whole = Cli.ranking(all);
    assertEquals(NAMES * MODELS.size(), whole.size());
    assertFalse(Files.exists(all.resolve("others.csv")));
    List<Map<String, String>> folded = Cli.ranking(out);
    for (String column : List.of("calls", "input_tokens", "output_tokens")) {
      assertEquals(sum(whole, column), sum(folded, column), column);
    }
    List<Map<String, String>> others = Cli.rows(out.resolve("others.csv"));
    assertEquals(NAMES * MODELS.size() - 15, others.size());
    List<Map<String, String>> shared =
        folded.stream().filter(row -> row.get("workload").equals(OTHERS)).toList();
    for (String column : List.of("calls", "input_tokens", "output_tokens")) {
      assertEquals(sum(others, column), sum(shared, column), column);
    }
    for (Map<String, String> row : others) {
      Map<String, String> alone =
          whole.stream()
              .filter(
                  w ->
                      w.get("workload").equals(row.get("workload"))
                          && w.get("hosted_model").equals(row.get("hosted_model")))
              .findFirst()
              .orElseThrow();
      assertEquals(alone.get("calls"), row.get("calls"));
      assertEquals(alone.get("output_tokens"), row.get("output_tokens"));
    }
  }

  @Test
  void ofVeryManyNoQuestionIsAskedAhead() throws IOException {
    for (int workloads : new int[] {300, 301}) {
      StringBuilder csv = new StringBuilder(HEADER);
      for (int i = 0; i < workloads; i++) {
        // Five have no price.
        csv.append(
            "2026-09-%02dT10:00:00Z,%s,w%d,8000,1000\n"
                .formatted(1 + i % 30, i % 60 == 59 ? "northstar-9" : "gpt-4o", i));
      }
      Path logs = Files.createDirectories(folder.resolve("log-" + workloads));
      Files.writeString(logs.resolve("calls.csv"), csv);
      Path settings = Files.createDirectories(logs.resolve("homeward"));
      Files.writeString(settings.resolve("policy.yaml"), "hardware: [rtx-4090]\n");
      Path out = folder.resolve("r" + workloads);
      Cli.Ran ran = Cli.run("review", logs.toString(), "--out", out.toString());
      assertEquals(0, ran.exit(), ran.err());
      assertEquals(
          100, ran.out().lines().filter(line -> line.matches(" *\\d+ KEEP_API .*")).count());
      BigDecimal rest =
          Cli.ranking(out).stream()
              .skip(100)
              .map(row -> row.get("api_forecast_usd"))
              .filter(usd -> !usd.isEmpty())
              .map(BigDecimal::new)
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      Matcher said =
          Pattern.compile(
                  "\\.\\.\\. and (\\d+) more, which cost \\$([0-9.]+) a month at the API and 5 of which have no price: ranking.csv")
              .matcher(ran.out());
      assertTrue(said.find(), ran.out());
      assertEquals(workloads - 100, Integer.parseInt(said.group(1)));
      // Each row is rounded to the cent by itself.
      assertEquals(
          rest.doubleValue(), Double.parseDouble(said.group(2)), 0.005 * (workloads - 100));
      assertEquals(
          workloads > 300, ran.err().contains("asked no question ahead, with 301 workloads"));
      assertEquals(workloads <= 300, ran.err().contains("likely questions about money ahead"));
    }
  }

  private static long sum(List<Map<String, String>> rows, String column) {
    return rows.stream().mapToLong(row -> Long.parseLong(row.get(column))).sum();
  }

  private Path review(String name, String policy, String calls) throws IOException {
    Path logs = Files.createDirectories(folder.resolve(name + "-log"));
    Files.writeString(logs.resolve("calls.csv"), calls);
    Path settings = Files.createDirectories(logs.resolve("homeward"));
    // Few candidates, so that the test is quick.
    Files.writeString(
        settings.resolve("policy.yaml"),
        policy
            + "hardware: [rtx-4090, mac-mini-m4-pro-24gb]\nworkloads: { w39: { owner: CC-1 } }\n");
    Files.writeString(
        settings.resolve("evaluations.yaml"),
        """
        evaluations:
          - {workload: w38, local-model: qwen3-8b, metric: accuracy, hosted-score: 0.9,
             local-score: 0.9, n: 500, date: "2026-08-01"}
        """);
    Path out = folder.resolve(name);
    Cli.Ran ran = Cli.run("review", logs.toString(), "--out", out.toString());
    assertEquals(0, ran.exit(), ran.err());
    boolean folds = policy.contains("most");
    assertEquals(
        folds,
        ran.out().replaceAll("\\s+", " ").contains("105 small workloads share 3 rows, " + OTHERS),
        ran.out());
    return out;
  }

  /**
   * A month.
   *
   * @param apart empty: all under their names; else those that keep theirs, with their models
   */
  private static String calls(Set<String> apart) {
    StringBuilder csv = new StringBuilder(HEADER);
    Instant first = Instant.parse("2026-09-01T00:00:00Z");
    for (int i = 0; i < CALLS; i++) {
      String model = MODELS.get(i % 3);
      // The first names have most calls.
      int number = Math.min(i / 3 % NAMES, i / 7 % NAMES);
      String workload = "w" + number;
      if (!apart.isEmpty() && !apart.contains(workload + "/" + model)) {
        workload = OTHERS;
      }
      csv.append(first.plusSeconds(i * 860L))
          .append(',')
          .append(model)
          .append(',')
          .append(workload)
          .append(',')
          .append(500 + i % 17 * 100)
          .append(',')
          .append(50 + i % 23 * 20)
          .append('\n');
    }
    return csv.toString();
  }
}
