package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Small logs of calls that were served elsewhere than at the maker: each comes to the cost of its
 * {@code expected.json}, which was worked out by hand from what the host charges.
 */
final class ServedCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Expected figures and those of the ranking are each rounded to a cent. */
  private static final double A_CENT = 0.0101;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "third-party-host-at-makers-price, input.jsonl, /api_cost_usd",
    "azure-deployment-and-fine-tune-dead-end, input.jsonl, /api_cost_usd",
    "audio-input, input.jsonl, /api_cost_usd",
    "audio-input, litellm.jsonl, /litellm.jsonl",
    "bedrock-openai-prefix, input.jsonl, /api_cost_usd",
    "hosted-names-not-resolved, input.jsonl, /api_cost_usd",
    "regional-uplift, input.jsonl, /api_cost_usd",
  })
  void everyWorkloadCostsWhatItsHostCharges(String name, String log, String costs)
      throws IOException {
    JsonNode expected = JSON.readTree(Files.readString(file(name, "expected.json"))).at(costs);
    Map<String, Double> wanted = new TreeMap<>();
    expected.properties().forEach(e -> wanted.put(e.getKey(), e.getValue().asDouble()));
    Map<String, Double> got = new TreeMap<>();
    for (Map<String, String> row : Cli.ranking(review(name, log))) {
      got.put(row.get("workload"), Double.valueOf(row.get("api_cost_usd")));
    }
    assertEquals(wanted.keySet(), got.keySet());
    wanted.forEach((workload, usd) -> assertEquals(usd, got.get(workload), A_CENT, workload));
  }

  @Test
  void callsOfServersOfOnesOwnAreCountedAndNotRanked() throws IOException {
    Path review = folder.resolve("local");
    Cli.Ran ran = run("local-provider-priced-as-api", "input.jsonl", review);
    assertEquals(List.of(), Cli.ranking(review));
    assertTrue(
        ran.out().contains("4 calls of 2 workloads were served by servers of your own"), ran.out());
    JsonNode local =
        JSON.readTree(review.resolve("summary.json").toFile()).at("/data_quality/served_locally");
    assertEquals(2, local.size());
    assertEquals("local/mistral-small", local.get(0).get("model").asText());
  }

  @Test
  void claudeCodeOnBedrockAndVertexIsWhereThePolicyAllowsIt() throws IOException {
    Path review = folder.resolve("claude");
    Cli.Ran ran =
        run(
            "provider-hard-coded",
            "input.jsonl",
            review,
            "--policy",
            file("provider-hard-coded", "policy.yaml").toString());
    assertTrue(!ran.out().contains("Violation"), ran.out());
    assertEquals(1, Files.readAllLines(review.resolve("violations.csv")).size());
  }

  @Test
  void aFileOfOnesOwnSaysWhichModelADeploymentIs() throws IOException {
    Path log = folder.resolve("log.jsonl");
    String row =
        "{\"request_id\": \"%d\", \"call_type\": \"acompletion\", \"spend\": 0.01,"
            + " \"prompt_tokens\": 1000000, \"completion_tokens\": 1000000,"
            + " \"startTime\": \"2026-10-%s:00:01.5Z\", \"endTime\": \"2026-10-%s:00:06Z\","
            + " \"model\": \"azure/acme-prod-chat\", \"custom_llm_provider\": \"azure\","
            + " \"request_tags\": [\"app:acme\"], \"status\": \"success\", \"metadata\": {}}\n";
    Files.writeString(log, row.formatted(1, "01T08", "01T08") + row.formatted(2, "31T08", "31T08"));
    Path own = folder.resolve("own.yaml");
    Files.writeString(
        own, "hosted-models:\n  - { id: gpt-4o, aliases: [\"azure/acme-prod-chat\"] }\n");
    Path review = folder.resolve("alias");
    Cli.Ran ran =
        Cli.run(
            "review",
            log.toString(),
            "--month",
            "2026-10",
            "--hardware",
            own.toString(),
            "--out",
            review.toString(),
            "--workers",
            "local");
    assertTrue(ran.exit() <= 1, ran.err());
    assertEquals("gpt-4o", Cli.ranking(review).get(0).get("hosted_model"));
    assertEquals(25.0, Double.parseDouble(Cli.ranking(review).get(0).get("api_cost_usd")), 0.001);
    Cli.Ran validated =
        Cli.run(
            "validate",
            file("azure-deployment-and-fine-tune-dead-end", "input.jsonl").toString(),
            "--hardware",
            file("azure-deployment-and-fine-tune-dead-end", "alias.yaml").toString());
    assertEquals(0, validated.exit(), validated.err());
  }

  private Path review(String name, String log) throws IOException {
    Path review = folder.resolve(name);
    run(name, log, review);
    return review;
  }

  private static Cli.Ran run(String name, String log, Path review, String... more)
      throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "review",
                file(name, log).toString(),
                "--month",
                "2026-10",
                "--out",
                review.toString(),
                "--workers",
                "local"));
    args.addAll(List.of(more));
    Cli.Ran ran = Cli.run(args.toArray(String[]::new));
    assertTrue(ran.exit() <= 1, ran.err() + ran.out());
    return ran;
  }

  private static Path file(String name, String file) {
    return Cli.root().resolve("jobs/core/src/test/resources/cases").resolve(name).resolve(file);
  }
}
