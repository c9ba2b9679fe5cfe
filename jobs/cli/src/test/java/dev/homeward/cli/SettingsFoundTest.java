package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A review says under which settings it was made, and when one that was read last time is gone:
 * defaults in place of a policy move data that must not move, without a word.
 */
final class SettingsFoundTest {
  @TempDir Path folder;

  @Test
  void whatGenerateWritesIsWhatTheReviewUses() {
    Path logs = folder.resolve("made");
    Cli.Ran made = Cli.run("generate", "--scale", "0.002", "--out", logs.toString());
    assertEquals(0, made.exit(), made.err());
    assertTrue(made.out().contains("now: homeward review " + logs), made.out());
    Cli.Ran ran = review(logs, folder.resolve("review"));
    assertTrue(
        said(ran)
            .contains(
                "Settings: %1$s/policy.yaml, %1$s/evaluations.yaml; defaults for assumptions.yaml, prices.yaml, hardware.yaml."
                    .formatted(logs.resolve("homeward"))),
        ran.out());
    // Its policy makes health data local-only; the defaults would not.
    assertTrue(ran.out().contains("Violation: intake-notes / gpt-4o / phi"), ran.out());
  }

  @Test
  void aPolicyThatWasFoundLastMonthAndIsMissingNowIsSaidAloud() throws IOException {
    Path september = log("september", "2026-09");
    policy(september);
    Cli.Ran first = review(september, folder.resolve("reviews/2026-09"));
    assertFalse(said(first).contains("Missing: "), first.out());
    Path october = log("october", "2026-10");
    Cli.Ran second = review(october, folder.resolve("reviews/2026-10"));
    String said =
        ("Missing: policy.yaml. The review of 2026-09 in %s read it from %s; this one runs on defaults"
                + " in its place. Put it into %s or give it by flag.")
            .formatted(
                folder.resolve("reviews/2026-09"),
                september.resolve("homeward/policy.yaml"),
                october.resolve("homeward"));
    assertTrue(said(second).startsWith(said), second.out());
    assertTrue(second.err().contains("missing: policy.yaml"), second.err());
    assertTrue(
        said(second)
            .contains(
                "Settings: defaults, no file was given or found in " + october.resolve("homeward")),
        second.out());
    // Put there, nothing is missing; taken away again, the review that is replaced tells.
    policy(october);
    Cli.Ran third = review(october, folder.resolve("reviews/2026-10"));
    assertFalse(said(third).contains("Missing: "), third.out());
    Files.delete(october.resolve("homeward/policy.yaml"));
    Cli.Ran fourth = review(october, folder.resolve("reviews/2026-10"));
    assertTrue(
        said(fourth).startsWith("Missing: policy.yaml. The review of 2026-10 in "), fourth.out());
    // Reviews of later months, and what is none, tell nothing.
    Files.createDirectories(folder.resolve("reviews/notes"));
    Files.writeString(folder.resolve("reviews/notes/manifest.json"), "{");
    Cli.Ran august = review(log("august", "2026-08"), folder.resolve("reviews/2026-08"));
    assertFalse(said(august).contains("Missing: "), august.out());
  }

  /** As in {@code cd logs && homeward review .}, whose reviews/ lie below the log. */
  @Test
  void aReviewBelowItsLogIsNotReadByTheNext() throws IOException {
    Path logs = log("logs", "2026-10");
    policy(logs);
    Path out = logs.resolve("reviews/2026-10");
    String first = said(review(logs, out));
    assertTrue(first.contains("Data: 40 records = 40 calls"), first);
    Cli.Ran again = review(logs, out);
    assertTrue(again.out().startsWith("Nothing to do: "), again.out());
    assertTrue(
        again.err().contains("left out: %s, which this program wrote".formatted(out)), again.err());
  }

  private static Cli.Ran review(Path logs, Path out) {
    Cli.Ran ran = Cli.run("review", logs.toString(), "--out", out.toString(), "--workers", "local");
    assertTrue(ran.exit() == 0 || ran.exit() == 1, ran.err());
    return ran;
  }

  private static String said(Cli.Ran ran) {
    return ran.out().replaceAll("\\s+", " ");
  }

  private static void policy(Path log) throws IOException {
    Files.createDirectories(log.resolve("homeward"));
    Files.writeString(
        log.resolve("homeward/policy.yaml"),
        "workloads: { triage: { local-models: [llama-3.1-8b], hardware: [rtx-4090] } }\n");
  }

  private Path log(String name, String month) throws IOException {
    Path log = Files.createDirectories(folder.resolve(name));
    StringBuilder calls = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      calls.append(
          String.format(
              Locale.ROOT,
              "{\"started_at\":\"%s-10T10:%02d:00Z\",\"request_model\":\"gpt-4o-mini\",\"workload\":\"triage\",\"input_tokens\":500,\"output_tokens\":30}%n",
              month,
              i));
    }
    Files.writeString(log.resolve("calls.jsonl"), calls);
    return log;
  }
}
