package dev.homeward.cli;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.generate.Generator;
import dev.homeward.keeping.Codec;
import dev.homeward.units.InvalidInput;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code homeward generate}: a month of a made-up organisation's logs. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a month of a made-up organisation's logs in several formats, and its policy and"
          + " evaluations",
      "to homeward/ beside them, where a review finds them."
    },
    footer = {
      "",
      "Example: homeward generate --seed 7 --out my-logs",
      "then     homeward review my-logs",
      "Example: homeward generate --month 2026-11 --moved faq-answers=gemma-3-27b --out november"
    })
final class GenerateCommand implements Callable<Integer> {
  @Option(
      names = "--seed",
      defaultValue = "7",
      paramLabel = "N",
      description =
          "The same seed gives the same logs; default ${DEFAULT-VALUE}, that of sample-logs.")
  private long seed;

  @Option(
      names = "--scale",
      defaultValue = "1",
      paramLabel = "X",
      description = "Factor on the number of calls; default ${DEFAULT-VALUE}.")
  private double scale;

  @Option(
      names = "--month",
      paramLabel = "YYYY-MM",
      defaultValue = "2026-10",
      description = {
        "2026-10, that of sample-logs, or a later one: it has planted changes for homeward diff;",
        "default ${DEFAULT-VALUE}."
      })
  private String month;

  @Option(
      names = "--moved",
      paramLabel = "WORKLOAD=MODEL",
      split = ",",
      description = {
        "Workloads that moved to servers of your own before this month, and their local models;",
        "the log names these, at no price, and a few calls go to the API all the same."
      })
  private Map<String, String> moved = new TreeMap<>();

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to write.")
  private Path out;

  @Mixin private OutputFlags output;

  @Override
  public Integer call() {
    YearMonth of = ReviewPeriod.parseMonth(month);
    if (of.isBefore(Generator.FIRST_MONTH)) {
      throw new InvalidInput(
          "Invalid --month: %s (%s or later)".formatted(month, Generator.FIRST_MONTH));
    }
    Generator.write(seed, scale, out, of, moved);
    Path settings = out.resolve("homeward");
    output.print(
        "Wrote logs to %s, with policy and evaluations in %s; now: homeward review %s%n"
            .formatted(out, settings, out),
        Codec.object()
            .put("logs", out.toString())
            .put("settings", settings.toString())
            .put("month", of.toString())
            .put("seed", seed)
            .put("scale", scale));
    return 0;
  }
}
