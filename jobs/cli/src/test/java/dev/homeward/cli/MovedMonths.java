package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The worked case docs/cases/01-move, and the month after: its plan saves $210 a month, the box
 * costs $100, a call is $5 at the API. In November 57 of 60 calls were answered by a server of
 * one's own, which the log names as a deployment of OpenAI's protocol at no price, and 3 went to
 * the API.
 *
 * @param after what the review of November said
 */
public record MovedMonths(Path october, Path november, Cli.Ran after) {
  private static final int DAYS = 30;
  private static final int OVERFLOWED = 3;

  /** Reviews both months, beside one another. */
  public static MovedMonths of(Path folder) throws IOException {
    Path logs = copy(folder, "october");
    Path october = folder.resolve("reviews/2026-10");
    review(logs, october);
    Path moved = copy(folder, "november");
    Files.delete(moved.resolve("log.csv"));
    Files.writeString(moved.resolve("log.jsonl"), log());
    Files.writeString(
        moved.resolve("homeward/policy.yaml"),
        Files.readString(moved.resolve("homeward/policy.yaml"))
            + "served-locally: [{ provider: openai, api-base: llm.acme.example }]\n");
    Path november = folder.resolve("reviews/2026-11");
    return new MovedMonths(october, november, review(moved, november));
  }

  static Path copy(Path folder, String name) throws IOException {
    Path to = folder.resolve(name);
    Path from = Cli.root().resolve("docs/cases/01-move");
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }

  private static String log() {
    StringBuilder log = new StringBuilder();
    for (int call = 0; call < 2 * DAYS; call++) {
      String day = "2026-11-%02dT%s:00".formatted(call / 2 + 1, call % 2 == 0 ? "06" : "18");
      boolean api = call % (2 * DAYS / OVERFLOWED) == 0;
      log.append(
          """
          {"request_id": "r%d", "call_type": "acompletion", "spend": %s, "prompt_tokens": 1000, "completion_tokens": 100, "startTime": "%s:00Z", "endTime": "%s:02Z", "completionStartTime": "%s:00.250Z", "model": "%s", "custom_llm_provider": "%s", "api_base": "%s", "request_tags": ["app:reader", "data_class:internal"], "status": "success", "metadata": {}}
          """
              .formatted(
                  call,
                  api ? "5.0" : "0.0",
                  day,
                  day,
                  day,
                  api ? "acme-1" : "openai/qwen3-8b",
                  api ? "acme" : "openai",
                  api ? "https://api.acme.example" : "https://llm.acme.example:8443/v1"));
    }
    return log.toString();
  }

  static Cli.Ran review(Path logs, Path out, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("review", logs.toString(), "--out", out.toString(), "--workers", "local"));
    args.addAll(List.of(more));
    Cli.Ran ran = Cli.run(args.toArray(String[]::new));
    assertTrue(ran.exit() <= 1, ran.err() + ran.out());
    return ran;
  }
}
