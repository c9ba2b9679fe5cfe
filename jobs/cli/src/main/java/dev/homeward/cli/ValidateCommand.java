package dev.homeward.cli;

import dev.homeward.logs.LogOptions;
import dev.homeward.progress.Progress;
import dev.homeward.review.DatabaseRows;
import dev.homeward.units.InvalidInput;
import dev.homeward.validate.Validation;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code homeward validate LOG...}: what logs hold and what is wrong with them. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = {
      "Reads logs once and says by file: format and why, calls, span, tokens, models, workloads,"
          + " copies,",
      "what was rejected and why, and the policy lines that would name unassigned calls. Writes"
          + " nothing but",
      "the mapping that it is asked for."
    },
    footer = {
      "",
      "Exit code 1 if a record was rejected, or if the log holds neither calls nor usage reports.",
      "Example: homeward validate sample-logs",
      "Example: homeward validate my.csv --suggest-mapping mapping.yaml",
      "Example: homeward validate jdbc:postgresql://gateway/litellm?user=reader --month last",
      "Example: homeward validate 'logs/2026-10-*.jsonl.gz' --no-copies"
    })
final class ValidateCommand implements Callable<Integer> {
  @Mixin private LogFlags log;
  @Mixin private DatabaseFlags databases;
  @Mixin private OutputFlags output;

  @Option(
      names = "--no-copies",
      description = "Do not look for copies of calls: less memory, a little faster.")
  private boolean noCopies;

  @Option(
      names = "--show-values",
      description =
          "Show the values under which calls without a workload stand. They are texts of the log,"
              + " and some tools put prompts there; without it only their number is shown.")
  private boolean showValues;

  @Option(
      names = "--suggest-mapping",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "FILE",
      description =
          "Show the mapping that the columns of a table of your own propose, with what they leave"
              + " open, and write it to FILE if one is named.")
  private String suggestMapping;

  @Override
  public Integer call() {
    if (suggestMapping != null && log.options().logs().stream().anyMatch(LogOptions::isDatabase)) {
      throw new InvalidInput(
          "Cannot suggest a mapping for a table of a database: only columns that a mapping names are read there. Export some rows of it as CSV, and name that file");
    }
    Progress progress = output.progress();
    try (DatabaseRows rows =
        DatabaseRows.of(
            log.options(), databases.wanted(), scratch(), WorkerFlags.files(), progress)) {
      Validation validation =
          new Validation(
              WorkerFlags.files(),
              rows.log(),
              !noCopies,
              showValues ? Validation.Values.SHOWN : Validation.Values.HIDDEN,
              progress);
      Validation.Findings outcome =
          suggestMapping == null ? validation.run() : validation.suggest(suggestMapping);
      output.print(outcome.text(), outcome.document());
      progress.summary();
      return outcome.clean() ? 0 : Main.NOTHING_FEASIBLE;
    }
  }

  // Nothing is made that rows of a database could lie beside.
  private static String scratch() {
    return Path.of(System.getProperty("java.io.tmpdir"), "homeward-validate").toString();
  }
}
