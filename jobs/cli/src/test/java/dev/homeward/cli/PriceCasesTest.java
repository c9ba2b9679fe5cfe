package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imported books, how old prices are, and a log's own costs beside the priced ones. */
final class PriceCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CASE = "prices-import-genai-vertex-wins";

  @TempDir private Path folder;

  @Test
  void aHostsPricesDoNotReplaceTheMakers() throws IOException {
    Path book = folder.resolve("book.yaml");
    Cli.Ran imported =
        Cli.run(
            "prices",
            "import",
            file("input.json"),
            "--from",
            "2026-08-21",
            "--out",
            book.toString());
    assertEquals(0, imported.exit(), imported.err());
    assertTrue(Files.readString(book).contains("provider: \"vertex\""), Files.readString(book));
    Path out = folder.resolve("out");
    Cli.Ran ran = review(out, "--prices", book.toString());
    JsonNode expected = JSON.readTree(Files.readString(Path.of(file("expected.json"))));
    for (Map<String, String> row : Cli.ranking(out)) {
      String workload = row.get("workload");
      double wanted = expected.at("/api_cost_usd/" + workload).asDouble();
      assertEquals(wanted, Double.parseDouble(row.get("api_cost_usd")), 0.0005, workload);
    }
    assertEquals(2, Cli.ranking(out).size());
    // The log says a cent a call: 2 x $0.01 beside $3.50.
    assertTrue(
        ran.out().replaceAll("\\s+", " ").contains("the log says $0.0200, the price book $3.50"),
        ran.out());
    JsonNode costs =
        JSON.readTree(out.resolve("summary.json").toFile()).at("/data_quality/logged_and_priced");
    assertEquals(2, costs.size());
    assertTrue(costs.get(0).get("warned").asBoolean());
    assertEquals(0.02 / 3.5 - 1, costs.get(0).get("difference_share").asDouble(), 1e-6);
    assertTrue(costs.get(0).get("likely_causes").size() > 0);
  }

  @Test
  void aLogYoungerThanTheBookIsSaid() throws IOException {
    Path out = folder.resolve("young");
    String said = review(out).out().replaceAll("\\s+", " ");
    assertTrue(said.contains("Prices are of 2026-08-21 and the log goes on to 2026-10-31"), said);
    assertEquals(
        "2026-08-21",
        JSON.readTree(out.resolve("summary.json").toFile())
            .at("/data_quality/price_book_of")
            .asText());
    Cli.Ran catalog = Cli.run("catalog", "hosted");
    assertTrue(catalog.out().startsWith("Price book of 2026-08-21, "), catalog.out());
  }

  private Cli.Ran review(Path out, String... more) {
    String[] args = {
      "review",
      file("log.jsonl"),
      "--month",
      "2026-10",
      "--out",
      out.toString(),
      "--workers",
      "local"
    };
    String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    Cli.Ran ran = Cli.run(all);
    assertTrue(ran.exit() <= 1, ran.err() + ran.out());
    return ran;
  }

  private static String file(String name) {
    return Cli.root()
        .resolve("jobs/core/src/test/resources/cases")
        .resolve(CASE)
        .resolve(name)
        .toString();
  }
}
