package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a review makes of usage reports: beside calls a comparison, alone calls. */
final class UsageReportsReviewTest {
  @TempDir Path folder;
  private Path logs;

  @BeforeEach
  void makeLogs() throws IOException {
    logs = Files.createDirectories(folder.resolve("logs"));
  }

  /** A call of 1,000 input and 100 output tokens. */
  private static String call(String day, int minute, String provider, String model) {
    return ("{\"started_at\":\"%sT08:%02d:01Z\",\"provider\":\"%s\",\"request_model\":\"%s\",\"team\":\"red\","
            + "\"input_tokens\":1000,\"output_tokens\":100}")
        .formatted(day, minute, provider, model);
  }

  private static long seconds(String day) {
    return LocalDate.parse(day).atStartOfDay(ZoneOffset.UTC).toEpochSecond();
  }

  /** A page of OpenAI's usage report with one bucket; input contains what was cached. */
  private static String openAi(
      String day, int hours, String project, String model, long in, long read, long out, long n) {
    return ("{\"object\":\"page\",\"data\":[{\"object\":\"bucket\",\"start_time\":%d,\"end_time\":%d,\"results\":["
            + "{\"object\":\"organization.usage.completions.result\",\"input_tokens\":%d,"
            + "\"input_cached_tokens\":%d,\"output_tokens\":%d,\"num_model_requests\":%d,"
            + "\"project_id\":\"%s\",\"model\":\"%s\",\"batch\":false}]}]}")
        .formatted(seconds(day), seconds(day) + 3600L * hours, in, read, out, n, project, model);
  }

  private static String liteLlm(
      String entity, String day, String provider, String model, long in, long out, long n) {
    return ("{\"id\":\"d1\",%s,\"date\":\"%s\",\"model\":\"%s\",\"custom_llm_provider\":\"%s\","
            + "\"prompt_tokens\":%d,\"completion_tokens\":%d,\"cache_read_input_tokens\":0,"
            + "\"cache_creation_input_tokens\":0,\"spend\":0.01,\"api_requests\":%d,"
            + "\"successful_requests\":%d,\"failed_requests\":0}")
        .formatted(entity, day, model, provider, in, out, n, n);
  }

  private static String anthropic(String day, long in, long out) {
    return ("{\"data\":[{\"starting_at\":\"%sT00:00:00Z\",\"ending_at\":\"%sT00:00:00Z\",\"results\":["
            + "{\"uncached_input_tokens\":%d,\"cache_creation\":{\"ephemeral_1h_input_tokens\":0,"
            + "\"ephemeral_5m_input_tokens\":0},\"cache_read_input_tokens\":0,\"output_tokens\":%d,"
            + "\"model\":\"claude-sonnet-4-5\"}]}],\"has_more\":false,\"next_page\":null}")
        .formatted(day, LocalDate.parse(day).plusDays(1), in, out);
  }

  private static String anthropicCost(String day, String cents) {
    return ("{\"data\":[{\"starting_at\":\"%sT00:00:00Z\",\"ending_at\":\"%sT00:00:00Z\",\"results\":["
            + "{\"amount\":\"%s\",\"currency\":\"USD\",\"cost_type\":\"tokens\","
            + "\"model\":\"claude-sonnet-4-5\"}]}],\"has_more\":false,\"next_page\":null}")
        .formatted(day, LocalDate.parse(day).plusDays(1), cents);
  }

  private Cli.Ran review(String name, int partitions) throws IOException {
    Cli.Ran ran =
        Cli.run(
            "review",
            logs.toString(),
            "--out",
            folder.resolve(name).toString(),
            "--partitions",
            Integer.toString(partitions));
    assertEquals(0, ran.exit(), ran.err() + ran.out());
    return ran;
  }

  private JsonNode summary(String name) throws IOException {
    return new ObjectMapper().readTree(folder.resolve(name).resolve("summary.json").toFile());
  }

  private void write(String name, String... lines) throws IOException {
    Files.write(logs.resolve(name), List.of(lines));
  }

  @Test
  void besideCallsReportsAreComparedByModelAndDay() throws IOException {
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < 18; i++) {
      calls.add(call("2026-10-05", i, "openai", "gpt-4o-mini"));
    }
    for (int i = 0; i < 3; i++) {
      calls.add(call("2026-10-06", i, "openai", "gpt-4o-mini"));
      calls.add(call("2026-10-06", i, "azure", "gpt-4o-mini"));
      calls.add(call("2026-10-06", i, "anthropic", "claude-sonnet-4-5"));
    }
    Files.write(logs.resolve("calls.jsonl"), calls);
    // 20 calls were billed of the first day and none of them is cached; the page was downloaded
    // while the day ran, and again twice after it.
    write("early.jsonl", openAi("2026-10-05", 24, "p", "gpt-4o-mini", 7_000, 0, 700, 7));
    String late = openAi("2026-10-05", 24, "p", "gpt-4o-mini", 20_000, 0, 2_000, 20);
    write("late.jsonl", late);
    write(
        "later.jsonl",
        late,
        openAi("2026-10-06", 24, "p", "gpt-4o-mini", 2_000, 1_000, 200, 2),
        openAi("2026-10-07", 24, "p", "gpt-4o-mini", 1_000, 0, 100, 1),
        openAi("2026-10-07", 24, "p", "o3-mini", 500, 0, 50, 1));
    // 1.8 cents billed; logged 3 x (1,000 x $3 + 100 x $15) / 1e6 = $0.0135.
    write("cost.jsonl", anthropicCost("2026-10-06", "1.8"));
    Cli.Ran ran = review("both", 3);
    assertEquals(
        """
        day,hosted_model,source,billed_calls,logged_calls,billed_tokens,logged_tokens,\
        coverage_tokens,billed_usd,logged_usd,coverage_usd
        2026-10-06,claude-sonnet-4-5,anthropic-cost,,3,,3300,,0.018000,0.013500,0.7500
        2026-10-05,gpt-4o-mini,openai-usage,20,18,22000,19800,0.9000,,0.003780,
        2026-10-06,gpt-4o-mini,openai-usage,2,3,2200,3300,1.5000,,0.000630,
        2026-10-07,gpt-4o-mini,openai-usage,1,0,1100,0,0.0000,,0.000000,
        2026-10-07,o3-mini,openai-usage,1,0,550,0,0.0000,,0.000000,
        """,
        Files.readString(folder.resolve("both/reconciliation.csv")));
    JsonNode openAi = summary("both").get("reconciliation").get("sources").get(1);
    JsonNode mini = openAi.get("models").get(0);
    // 23,100 of 25,300 tokens.
    assertEquals("0.9130", mini.get("coverage_tokens").decimalValue().setScale(4).toString());
    assertEquals(1_000, mini.get("billed_by_kind").get("cache_read_tokens").asLong());
    assertEquals(22_000, mini.get("billed_by_kind").get("input_tokens").asLong());
    assertEquals(3_300, mini.get("logged_tokens_at_other_providers").asLong());
    assertEquals("[\"2026-10-07\"]", mini.get("days_without_logs").toString());
    assertEquals("[\"o3-mini\"]", openAi.get("models_only_billed").toString());
    assertTrue(
        ran.out()
            .contains("Billed by openai-usage: 25,300 tokens of gpt-4o-mini, the log holds 91.3 %"),
        ran.out());
    assertTrue(ran.out().contains("no calls of gpt-4o-mini are logged on 2026-10-07"), ran.out());
    JsonNode quality = summary("both").get("data_quality");
    assertEquals(27, quality.get("calls").asLong());
    assertEquals(5, quality.get("buckets").asLong());
    assertEquals(2, quality.get("duplicates").asLong(), "copies of the first day's bucket");
  }

  @Test
  void besideCallsReportsAddNothing() throws IOException {
    write(
        "calls.jsonl",
        call("2026-10-05", 1, "openai", "gpt-4o-mini"),
        call("2026-10-05", 2, "openai", "gpt-4o-mini"));
    review("calls-only", 3);
    write("usage.jsonl", openAi("2026-10-05", 24, "p", "gpt-4o-mini", 1_000, 0, 100, 1));
    Cli.Ran ran = review("beside", 3);
    assertEquals(parts("calls-only"), parts("beside"));
    assertEquals(
        Files.readString(folder.resolve("calls-only/ranking.csv")),
        Files.readString(folder.resolve("beside/ranking.csv")));
    assertFalse(Files.exists(folder.resolve("calls-only/reconciliation.csv")));
    assertTrue(ran.out().contains("the log holds 200.0 %"), ran.out());
    assertTrue(ran.out().contains("are calls logged twice"), ran.out());
  }

  private List<Integer> parts(String name) throws IOException {
    List<Integer> hashes = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder.resolve(name).resolve("calls"))) {
      for (Path file : files.sorted().toList()) {
        hashes.add(Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return hashes;
  }

  /** Of each provider one report gives the calls; the others are named, none is added twice. */
  @Test
  void aloneReportsAreMadeIntoCallsThatAddUp() throws IOException {
    write("early.jsonl", openAi("2026-10-05", 24, "claims", "gpt-4o-mini", 40_001, 0, 2_003, 20));
    write(
        "page.jsonl",
        openAi("2026-10-05", 24, "claims", "gpt-4o-mini", 100_003, 40_001, 5_007, 50));
    // The same day again by the hour, as far as it had gone.
    write("hours.jsonl", openAi("2026-10-05", 1, "claims", "gpt-4o-mini", 9_000, 0, 900, 9));
    write(
        "usage.csv",
        "start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,model,"
            + "input_tokens,output_tokens,input_cached_tokens",
        seconds("2026-10-05")
            + ","
            + (seconds("2026-10-05") + 60)
            + ",2026-10-05T00:00:00+00:00,2026-10-05T00:01:00+00:00,claims,50,gpt-4o-mini,"
            + "100003,5007,40001");
    write(
        "daily.jsonl",
        liteLlm("\"user_id\":\"u1\"", "2026-10-05", "openai", "gpt-4o-mini", 100_003, 5_007, 50),
        liteLlm("\"user_id\":\"u1\"", "2026-10-05", "bedrock", "claude-sonnet-4-5", 901, 90, 7),
        liteLlm("\"user_id\":null", "2026-10-06", "bedrock", "claude-sonnet-4-5", 99, 10, 2),
        liteLlm("\"team_id\":\"t1\"", "2026-10-05", "bedrock", "claude-sonnet-4-5", 901, 90, 7),
        liteLlm("\"tag\":\"a\"", "2026-10-05", "bedrock", "claude-sonnet-4-5", 901, 90, 7),
        liteLlm("\"tag\":\"b\"", "2026-10-05", "bedrock", "claude-sonnet-4-5", 901, 90, 7));
    write("anthropic.jsonl", anthropic("2026-10-05", 12_345, 678));
    Cli.Ran ran = review("one", 1);
    Map<String, Map<String, String>> rows = new TreeMap<>();
    Cli.ranking(folder.resolve("one")).forEach(row -> rows.put(row.get("hosted_model"), row));
    assertEquals(2, rows.size());
    Map<String, String> mini = rows.get("gpt-4o-mini");
    assertEquals("claims", mini.get("workload"));
    assertEquals("50", mini.get("calls"));
    assertEquals("60002", mini.get("input_tokens"));
    assertEquals("40001", mini.get("cache_read_tokens"));
    assertEquals("5007", mini.get("output_tokens"));
    assertEquals("synthesised", mini.get("confidence"));
    Map<String, String> sonnet = rows.get("claude-sonnet-4-5");
    assertEquals("9", sonnet.get("calls"));
    assertEquals("1000", sonnet.get("input_tokens"));
    assertEquals("100", sonnet.get("output_tokens"));
    assertEquals("0.02", sonnet.get("logged_cost_usd"));
    for (String expected :
        List.of(
            "59 calls were spread evenly over their buckets",
            "Not used of anthropic-usage (1 buckets, 13,023 tokens): 1 buckets do not say how many",
            "openai-usage has the same usage of openai",
            "Counted once: 3 buckets of litellm-daily-spend say what its other buckets say")) {
      assertTrue(unbroken(ran.out()).contains(expected), expected + "\n" + ran.out());
    }
    // Two whole days of October, wherever in them the calls were put.
    assertEquals(2 / 31.0, summary("one").get("coverage").asDouble(), 1e-9);
    JsonNode sources = summary("one").get("usage_reports");
    assertEquals(4, sources.size());
    assertEquals(0, sources.get(0).get("calls_made").asLong());
    assertEquals(9, sources.get(1).get("calls_made").asLong());
    assertEquals(50, sources.get(2).get("calls_made").asLong());
    assertFalse(Files.exists(folder.resolve("one/reconciliation.csv")));
    review("five", 5);
    assertEquals(
        Files.readString(folder.resolve("one/ranking.csv")),
        Files.readString(folder.resolve("five/ranking.csv")));
  }

  private static String unbroken(String text) {
    return text.replaceAll("\\s+", " ");
  }

  @Test
  void withoutACountOfCallsNothingCanBeMade() throws IOException {
    write("anthropic.jsonl", anthropic("2026-10-05", 12_345, 678));
    write("cost.jsonl", anthropicCost("2026-10-05", "123"));
    Cli.Ran ran = Cli.run("review", logs.toString(), "--out", folder.resolve("none").toString());
    assertEquals(2, ran.exit(), ran.out());
    assertTrue(
        ran.err()
            .contains(
                "none says how many calls of which model there were: anthropic-cost (1 buckets, $1.23),"
                    + " anthropic-usage (1 buckets, 13,023 tokens). Give the calls themselves"),
        ran.err());
    assertEquals(Optional.empty(), Optional.of(folder.resolve("none")).filter(Files::exists));
  }

  /** A bucket of more calls than a block holds. */
  @Test
  void aLargeBucketIsMadeWhole() throws IOException {
    write(
        "page.jsonl",
        openAi("2026-10-05", 24, "p", "text-embedding-3-small", 50_000_017, 0, 0, 150_000));
    Cli.Ran ran = Cli.run("review", logs.toString(), "--out", folder.resolve("large").toString());
    // Whether a box could serve it is another question.
    assertTrue(ran.exit() == 0 || ran.exit() == 1, ran.err());
    Map<String, String> row = Cli.ranking(folder.resolve("large")).get(0);
    assertEquals("150000", row.get("calls"));
    assertEquals("50000017", row.get("input_tokens"));
  }
}
