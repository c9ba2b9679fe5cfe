package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The review of sample-logs, against a recomputation from the raw files that shares nothing with
 * the pipeline: JSON trees, maps of strings, BigDecimal, and prices written down here.
 */
final class SampleReviewTest {
  @TempDir static Path folder;
  private static Path review;
  private static Cli.Ran ran;

  /** Dollars a million tokens: input, cache read, cache write, output. */
  private static final Map<String, String[]> PRICES =
      Map.of(
          "gpt-4o", new String[] {"2.5", "1.25", "2.5", "10"},
          "gpt-4o batch", new String[] {"1.25", "1.25", "1.25", "5"},
          "gpt-4o-mini", new String[] {"0.15", "0.075", "0.15", "0.6"},
          "claude-3-5-haiku", new String[] {"0.8", "0.08", "1", "4"},
          "claude-sonnet-4-6", new String[] {"3", "0.3", "3.75", "15"},
          "claude-opus-4-6", new String[] {"5", "0.5", "6.25", "25"},
          "gemini-2.5-pro", new String[] {"1.25", "0.125", "1.25", "10"},
          "gemini-2.5-pro long", new String[] {"2.5", "0.25", "2.5", "15"},
          "text-embedding-3-small", new String[] {"0.02", "0.02", "0.02", "0"},
          "codestral", new String[] {"0.3", "0.03", "0.3", "0.9"});

  @BeforeAll
  static void reviewTheSample() {
    review = folder.resolve("review");
    ran =
        Cli.run(
            "review",
            Cli.root().resolve("sample-logs").toString(),
            "--out",
            review.toString(),
            "--master",
            "local[2]");
    assertEquals(0, ran.exit(), ran.err());
  }

  @Test
  void apiCostEqualsTheRecomputationFromTheRawFilesToTheCent() throws IOException {
    TreeMap<String, BigDecimal> expected = new TreeMap<>();
    TreeMap<String, Long> calls = new TreeMap<>();
    Set<String> seen = new HashSet<>();
    Map<String, JsonNode> largest = new HashMap<>();
    ObjectMapper json = new ObjectMapper();
    for (Path file : logs()) {
      List<String> lines = lines(file);
      boolean csv = file.toString().contains(".csv");
      List<String> header = csv ? csv(lines.get(0)) : List.of();
      for (String line : csv ? lines.subList(1, lines.size()) : lines) {
        JsonNode node;
        try {
          node = csv ? row(header, csv(line), json) : json.readTree(line);
        } catch (IOException | IllegalArgumentException e) {
          continue;
        }
        if (node.has("message") && node.get("message").has("usage")) {
          String id = node.get("message").get("id").asText();
          long output = node.get("message").get("usage").get("output_tokens").asLong();
          if (!largest.containsKey(id)
              || output
                  > largest.get(id).get("message").get("usage").get("output_tokens").asLong()) {
            largest.put(id, node);
          }
        } else if (node.has("request_id")) {
          spendLog(node, seen, expected, calls);
        } else if (node.has("call_id") && node.has("input_tokens")) {
          boolean batch = node.path("service_tier").asText().equals("batch");
          String model = node.get("request_model").asText();
          add(
              expected,
              calls,
              node.get("workload").asText() + "|" + model,
              model + (batch ? " batch" : ""),
              node.get("input_tokens").asLong(),
              0,
              0,
              node.path("output_tokens").asLong());
        }
      }
    }
    for (JsonNode node : largest.values()) {
      JsonNode usage = node.get("message").get("usage");
      add(
          expected,
          calls,
          "claims-coder|claude-opus-4-6",
          "claude-opus-4-6",
          usage.get("input_tokens").asLong(),
          usage.get("cache_read_input_tokens").asLong(),
          usage.get("cache_creation_input_tokens").asLong(),
          usage.get("output_tokens").asLong());
    }
    TreeMap<String, String> actual = new TreeMap<>();
    TreeMap<String, Long> actualCalls = new TreeMap<>();
    for (Map<String, String> row : Cli.ranking(review)) {
      String key = row.get("workload") + "|" + row.get("hosted_model");
      if (!row.get("api_cost_usd").isEmpty()) {
        actual.put(key, row.get("api_cost_usd"));
        actualCalls.put(key, Long.valueOf(row.get("calls")));
      }
    }
    TreeMap<String, String> rounded = new TreeMap<>();
    expected.forEach(
        (key, value) ->
            rounded.put(
                key, value.movePointLeft(6).setScale(2, RoundingMode.HALF_EVEN).toPlainString()));
    assertEquals(rounded, actual);
    assertEquals(calls, actualCalls);
  }

  private static void spendLog(
      JsonNode node,
      Set<String> seen,
      TreeMap<String, BigDecimal> expected,
      TreeMap<String, Long> calls) {
    boolean good =
        node.path("startTime").asText().startsWith("20")
            && node.path("prompt_tokens").isIntegralNumber()
            && node.path("completion_tokens").isIntegralNumber()
            && node.get("prompt_tokens").asLong() >= 0;
    if (!good || !seen.add(node.get("request_id").asText())) {
      return;
    }
    if (node.get("cache_hit").asText().equals("True")
        || node.get("prompt_tokens").asLong() + node.get("completion_tokens").asLong() == 0) {
      return;
    }
    String workload = "unassigned";
    for (JsonNode tag : node.get("request_tags")) {
      if (tag.asText().startsWith("app:")) {
        workload = tag.asText().substring(4);
      }
    }
    String model = node.get("model").asText().replace("-20241022", "").replace("-2508", "");
    if (!PRICES.containsKey(model)) {
      return;
    }
    long cached =
        node.get("metadata")
            .get("usage_object")
            .path("prompt_tokens_details")
            .path("cached_tokens")
            .asLong();
    long prompt = node.get("prompt_tokens").asLong();
    boolean isLong = model.startsWith("gemini") && prompt > 200_000;
    add(
        expected,
        calls,
        workload + "|" + model,
        model + (isLong ? " long" : ""),
        prompt - cached,
        cached,
        0,
        node.get("completion_tokens").asLong());
  }

  private static void add(
      TreeMap<String, BigDecimal> sums,
      TreeMap<String, Long> calls,
      String key,
      String price,
      long input,
      long read,
      long write,
      long output) {
    String[] p = PRICES.get(price);
    long[] tokens = {input, read, write, output};
    BigDecimal micros = BigDecimal.ZERO;
    for (int i = 0; i < 4; i++) {
      micros = micros.add(new BigDecimal(p[i]).multiply(BigDecimal.valueOf(tokens[i])));
    }
    sums.merge(key, micros, BigDecimal::add);
    calls.merge(key, 1L, Long::sum);
  }

  @Test
  void chargesAddUpToTheRankingToTheCent() throws IOException {
    Path focus = review.resolve("focus.csv");
    List<String> costs = Cli.column(focus, "ContractedCost");
    List<String> workloads = Cli.column(focus, "x_Workload");
    List<String> models = Cli.column(focus, "x_HostedModel");
    List<String> classes = Cli.column(focus, "x_DataClass");
    TreeMap<String, BigDecimal> sums = new TreeMap<>();
    for (int i = 0; i < costs.size(); i++) {
      sums.merge(
          workloads.get(i) + " / " + models.get(i) + " / " + classes.get(i),
          new BigDecimal(costs.get(i)),
          BigDecimal::add);
    }
    TreeMap<String, String> expected = new TreeMap<>();
    TreeMap<String, String> got = new TreeMap<>();
    for (Map<String, String> row : Cli.ranking(review)) {
      if (!row.get("api_cost_usd").isEmpty()) {
        expected.put(
            row.get("workload") + " / " + row.get("hosted_model") + " / " + row.get("data_class"),
            row.get("api_cost_usd"));
      }
    }
    sums.forEach(
        (key, usd) -> got.put(key, usd.setScale(2, RoundingMode.HALF_EVEN).toPlainString()));
    assertEquals(expected, got);
    assertTrue(sums.size() > 10, sums.toString());
    // No discount, agreement or seat is stated there: all costs are one.
    assertEquals(costs, Cli.column(focus, "ListCost"));
  }

  @Test
  void everyVerdictAndEveryComplianceValueOccurs() throws IOException {
    TreeSet<String> verdicts = new TreeSet<>();
    TreeSet<String> compliance = new TreeSet<>();
    for (Map<String, String> row : Cli.ranking(review)) {
      verdicts.add(row.get("verdict"));
      compliance.add(row.get("compliance"));
    }
    assertEquals(
        new TreeSet<>(
            List.of(
                "MUST_MOVE",
                "MOVE",
                "MOVE_WITH_OVERFLOW",
                "EVALUATE_FIRST",
                "KEEP_API",
                "INFEASIBLE")),
        verdicts);
    assertEquals(new TreeSet<>(List.of("ok", "violation", "unclassified")), compliance);
  }

  @Test
  void noLineOnTheConsoleIsWiderThan120Columns() {
    for (String line : ran.out().split("\n")) {
      assertTrue(line.length() <= 120, line);
    }
  }

  @Test
  void recordsAreConservedByFile() throws IOException {
    JsonNode manifest = new ObjectMapper().readTree(review.resolve("manifest.json").toFile());
    long lines = 0;
    for (JsonNode file : manifest.get("inputs")) {
      assertEquals(
          file.get("records").asLong(),
          file.get("calls").asLong()
              + file.get("duplicates").asLong()
              + file.get("ignored").asLong()
              + file.get("rejected").asLong(),
          file.toString());
      lines += file.get("records").asLong();
    }
    long raw = 0;
    for (Path file : logs()) {
      raw += lines(file).size();
    }
    assertEquals(raw, lines);
  }

  /** A reader of the explanation can redo the saving: forecast less local less overflow. */
  @Test
  void explainAddsUp() throws IOException {
    Pattern line = Pattern.compile("^  [A-Za-z].{22,}? \\$(-?[0-9.]+) = ", Pattern.MULTILINE);
    Pattern saving =
        Pattern.compile(
            "Saving a month = \\$([0-9.-]+) forecast - \\$([0-9.-]+) local - \\$([0-9.-]+) overflow(?: \\+ \\$[0-9.-]+ that agreements change)? = \\$([0-9.-]+)");
    for (Map<String, String> row : Cli.ranking(review)) {
      Cli.Ran explained = Cli.run("explain", row.get("workload"), "--review", review.toString());
      assertEquals(0, explained.exit(), explained.err());
      Matcher m = saving.matcher(explained.out());
      if (row.get("saving_monthly_usd").isEmpty() || !row.get("billing_mode").equals("metered")) {
        continue;
      }
      assertTrue(m.find(), explained.out());
      BigDecimal sum = BigDecimal.ZERO;
      Matcher lines =
          line.matcher(explained.out().substring(explained.out().indexOf("Local cost a month:")));
      while (lines.find()) {
        sum = sum.add(new BigDecimal(lines.group(1)));
      }
      assertEquals(
          new BigDecimal(m.group(2)), sum.setScale(2, RoundingMode.HALF_EVEN), row.get("workload"));
      BigDecimal redone =
          new BigDecimal(m.group(1))
              .subtract(new BigDecimal(m.group(2)))
              .subtract(new BigDecimal(m.group(3)));
      // Three numbers rounded to cents.
      assertTrue(
          redone
                  .subtract(new BigDecimal(row.get("saving_monthly_usd")))
                  .abs()
                  .compareTo(new BigDecimal("0.02"))
              <= 0,
          explained.out());
    }
  }

  @Test
  void theSecondRunIsANoOpThatSaysSo() {
    Cli.Ran again =
        Cli.run(
            "review",
            Cli.root().resolve("sample-logs").toString(),
            "--out",
            review.toString(),
            "--master",
            "local[2]");
    assertEquals(0, again.exit(), again.err());
    assertTrue(again.out().startsWith("Nothing to do: "), again.out());
  }

  private static List<Path> logs() throws IOException {
    try (Stream<Path> files = Files.walk(Cli.root().resolve("sample-logs"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(f -> f.toString().contains(".jsonl") || f.toString().contains(".csv"))
          .sorted()
          .toList();
    }
  }

  private static List<String> lines(Path file) {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode row(List<String> header, List<String> cells, ObjectMapper json)
      throws IOException {
    if (header.size() != cells.size()) {
      throw new IllegalArgumentException("damaged");
    }
    var node = json.createObjectNode();
    for (int i = 0; i < cells.size(); i++) {
      switch (header.get(i)) {
        case "metadata", "request_tags" -> node.set(header.get(i), json.readTree(cells.get(i)));
        case "prompt_tokens", "completion_tokens" ->
            node.put(header.get(i), Long.parseLong(cells.get(i)));
        default -> node.put(header.get(i), cells.get(i));
      }
    }
    return node;
  }

  private static List<String> csv(String line) {
    Matcher cell = Pattern.compile("\\G(?:\"((?:[^\"]|\"\")*)\"|([^\",]*))(,|$)").matcher(line);
    List<String> cells = new java.util.ArrayList<>();
    int end = 0;
    while (cell.find()) {
      cells.add(cell.group(1) != null ? cell.group(1).replace("\"\"", "\"") : cell.group(2));
      end = cell.end();
      if (cell.group(3).isEmpty()) {
        break;
      }
    }
    if (end != line.length()) {
      throw new IllegalArgumentException("damaged");
    }
    return cells;
  }

  /** What a person sees on the console, added up as a person would: API less costs is saved. */
  @Test
  void everyRowOfTheTableAddsUp() throws IOException {
    List<String> lines = ran.out().lines().toList();
    int from = 0;
    while (!lines.get(from).startsWith("---")) {
      from++;
    }
    int rows = 0;
    int planned = 0;
    BigDecimal plan = BigDecimal.ZERO;
    for (String line : lines.subList(from + 1, lines.size())) {
      if (line.isBlank()) {
        break;
      }
      rows++;
      // #, verdict, workload, model and class take 3, 14, 15, 12 and 8, each with a space behind.
      BigDecimal[] money = new BigDecimal[5];
      for (int i = 0; i < money.length; i++) {
        String cell = line.substring(57 + 10 * i, 66 + 10 * i).strip();
        money[i] = cell.equals("-") || cell.equals("?") ? null : new BigDecimal(cell);
      }
      for (int pair = 1; pair < money.length; pair += 2) {
        if (money[0] != null && money[pair] != null && money[pair + 1] != null) {
          assertEquals(money[pair + 1], money[0].subtract(money[pair]), line);
        }
      }
      if (money[4] != null) {
        planned++;
        plan = plan.add(money[4]);
      }
    }
    assertEquals(Cli.ranking(review).size(), rows);
    Matcher said =
        Pattern.compile("To move: (\\d+) workloads.*?\\$([0-9.]+) a month saved")
            .matcher(ran.out().replaceAll("\\s+", " "));
    assertTrue(said.find(), ran.out());
    assertEquals(Integer.parseInt(said.group(1)), planned);
    // Each row is rounded by itself.
    BigDecimal off = plan.subtract(new BigDecimal(said.group(2))).abs();
    assertTrue(off.compareTo(new BigDecimal("0.05")) <= 0, plan + " and " + said.group(2));
  }
}
