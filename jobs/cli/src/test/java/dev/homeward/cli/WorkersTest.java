package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads of this machine and Spark's executors write the same review, byte for byte. */
final class WorkersTest {
  private static final String LONG_TAPE = "homeward.whole-tape-calls";

  /** Spark in one process replays without jobs; executors of a cluster replay in jobs. */
  private static final String AS_JOBS = "homeward.replays-as-jobs";

  @TempDir Path folder;

  /** A generated month: three formats, copies, damaged records, failures, several workloads. */
  @Test
  void aGeneratedMonth() throws IOException {
    Path logs = folder.resolve("logs");
    assertEquals(0, Cli.run("generate", "--scale", "0.01", "--out", logs.toString()).exit());

    assertSame(logs, "--partitions", "3");
  }

  /**
   * Buckets of usage reports beside calls, calls of the month before, tapes cut into windows. How
   * calls/ is cut is left to the log: three executors write the same files as these threads.
   */
  @Test
  void reportsOlderCallsAndLongTapes() throws IOException {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    StringBuilder calls = new StringBuilder();
    for (String day : List.of("2026-09-20", "2026-10-01", "2026-10-31")) {
      for (int i = 0; i < 40; i++) {
        calls.append(
            """
            {"started_at":"%sT08:%02d:01Z","provider":"openai","request_model":"gpt-4o-mini",\
            "workload":"triage","input_tokens":%d,"output_tokens":%d,"duration_us":2000000}
            """
                .formatted(day, i, 1000 + i, 100 + i));
      }
    }
    Files.writeString(logs.resolve("calls.jsonl"), calls);
    Files.writeString(
        logs.resolve("billed.json"),
        """
        {"object":"page","data":[{"object":"bucket","start_time":1790812800,"end_time":1790899200,\
        "results":[{"object":"organization.usage.completions.result","input_tokens":50000,\
        "input_cached_tokens":0,"output_tokens":5000,"num_model_requests":50,"project_id":"p",\
        "model":"gpt-4o-mini","batch":false}]}]}
        """);
    System.setProperty(LONG_TAPE, "60");
    try {
      assertSame(logs, "--month", "2026-10");
    } finally {
      System.clearProperty(LONG_TAPE);
    }
    assertTrue(Files.exists(folder.resolve("spark/reconciliation.csv")));
  }

  private void assertSame(Path logs, String... more) throws IOException {
    System.setProperty(AS_JOBS, "true");
    try {
      review(logs, "spark", Stream.concat(Stream.of("--master", "local[3]"), Stream.of(more)));
    } finally {
      System.clearProperty(AS_JOBS);
    }
    review(logs, "local", Stream.of(more));
    List<String> names = names("spark");
    assertEquals(names, names("local"));
    assertTrue(names.contains("ranking.csv") && names.size() >= 14, names.toString());
    for (String name : names) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("spark").resolve(name)),
          Files.readAllBytes(folder.resolve("local").resolve(name)),
          name);
    }
  }

  private void review(Path logs, String workers, Stream<String> more) {
    List<String> args =
        Stream.concat(
                Stream.of(
                    "review",
                    logs.toString(),
                    "--out",
                    folder.resolve(workers).toString(),
                    "--workers",
                    workers),
                more)
            .toList();
    Cli.Ran ran = Cli.run(args.toArray(String[]::new));
    assertTrue(ran.exit() <= 1, ran.err());
  }

  private List<String> names(String review) throws IOException {
    Path root = folder.resolve(review);
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(f -> root.relativize(f).toString())
          .sorted()
          .toList();
    }
  }
}
