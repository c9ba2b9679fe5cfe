package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two sources that log the same calls: each call counts once, whatever else has to be read anew.
 */
final class SameCallsTwiceTest {
  private static final int CALLS = 60;
  private static final String AGAIN = "reading once more";

  @TempDir Path folder;

  @Test
  void eachCallCountsOnce() throws IOException {
    Cli.Ran ran = review("plain", "");
    assertEquals(1, ran.err().split(AGAIN, -1).length - 1, ran.err());
    counts("plain", ran);
  }

  /**
   * What the first reading found of sources holds for the one that lets small workloads share a
   * row.
   */
  @Test
  void andWhereSmallWorkloadsShareARow() throws IOException {
    Cli.Ran ran = review("folded", "most-workloads: 1\n");
    assertEquals(2, ran.err().split(AGAIN, -1).length - 1, ran.err());
    List<Map<String, String>> ranking = counts("folded", ran);
    assertEquals(2, ranking.size());
  }

  private List<Map<String, String>> counts(String name, Cli.Ran ran) throws IOException {
    assertTrue(ran.out().replaceAll("\\s+", " ").contains("log the same calls: 60 of "), ran.out());
    List<Map<String, String>> ranking = Cli.ranking(folder.resolve(name));
    assertEquals(CALLS, ranking.stream().mapToLong(row -> Long.parseLong(row.get("calls"))).sum());
    return ranking;
  }

  private Cli.Ran review(String name, String policy) throws IOException {
    Path logs = Files.createDirectories(folder.resolve(name + "-log"));
    StringBuilder gateway = new StringBuilder();
    StringBuilder own = new StringBuilder();
    for (int i = 0; i < CALLS; i++) {
      String at = "2026-09-%02dT10:%02d:00Z".formatted(1 + i % 30, i);
      gateway.append(
          """
          {"request_id":"r%d","call_type":"acompletion","startTime":"%s","endTime":"%s","model":"gpt-4o","model_group":"gpt-4o","custom_llm_provider":"openai","prompt_tokens":%d,"completion_tokens":%d,"total_tokens":%d,"spend":0.001,"cache_hit":"False","status":"success","metadata":{"status":"success"},"request_tags":["app:w%d"]}
          """
              .formatted(i, at, at, 300 + i, 20 + i, 320 + 2 * i, i % 3));
      own.append(
          "{\"started_at\":\"%s\",\"request_model\":\"gpt-4o\",\"workload\":\"w%d\",\"input_tokens\":%d,\"output_tokens\":%d,\"duration_us\":1000}\n"
              .formatted(at, i % 3, 300 + i, 20 + i));
    }
    Files.writeString(logs.resolve("gateway.jsonl"), gateway);
    Files.writeString(logs.resolve("own.jsonl"), own);
    Path settings = Files.createDirectories(logs.resolve("homeward"));
    Files.writeString(settings.resolve("policy.yaml"), policy + "hardware: [rtx-4090]\n");
    Cli.Ran ran = Cli.run("review", logs.toString(), "--out", folder.resolve(name).toString());
    assertEquals(0, ran.exit(), ran.err());
    return ran;
  }
}
