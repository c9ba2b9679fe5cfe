package dev.homeward.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.faces.Faces;
import dev.homeward.focus.FocusVersion;
import dev.homeward.keeping.Codec;
import dev.homeward.report.Reviewed;
import dev.homeward.store.EarlierReview;
import dev.homeward.store.LocalReview;
import dev.homeward.store.Reviews;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.VisibleText;
import dev.homeward.whatif.WhatIf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code homeward report}: the files that people take away, of a review that is there. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Makes the files that people take away from a review that is there.",
    footer = {"", "Example: homeward report reviews/2026-10 --out /tmp/report"})
final class ReportCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "REVIEW",
      description = "Review directory; default: the last one under reviews/.")
  private String review;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder to write them to.")
  private Path out;

  @Option(
      names = "--focus",
      paramLabel = "VERSION",
      defaultValue = "1.3",
      description = "Version of FOCUS of focus.csv and focus.parquet: 1.2 or 1.3.")
  private String focus;

  @Mixin private OutputFlags output;

  @Override
  public Integer call() {
    FocusVersion version = FocusVersion.parse(focus);
    if (out.toString().matches("[a-z0-9]+:/.*")) {
      throw new InvalidInput(
          "Invalid --out: %s (a folder of this machine; a review in a store holds these files already)"
              .formatted(out));
    }
    ObjectNode document = Codec.object();
    ArrayNode written = document.putArray("written");
    String directory =
        review != null
            ? review
            : Reviews.last()
                .orElseThrow(
                    () ->
                        new InvalidInput(
                            "Cannot make a report: there is no review under reviews/. Name one"));
    WhatIf.ahead();
    try (LocalReview local = LocalReview.of(WorkerFlags::files, directory)) {
      write(directory, local, version, written);
    }
    output.print("", document);
    return 0;
  }

  private void write(String directory, LocalReview local, FocusVersion version, ArrayNode written) {
    Reviewed reviewed =
        new WhatIf(local, replays -> {})
            .reviewed()
            .beside(EarlierReview.beside(WorkerFlags.files(), directory));
    Faces.write(
        reviewed,
        version,
        (name, bytes) -> {
          Path file = out.resolve(name);
          try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
          } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
          }
          output.print(VisibleText.of("wrote " + file) + "\n");
          written.add(file.toString());
        });
    if (reviewed.spendOfDays().isEmpty()) {
      output.print(
          VisibleText.ofLines(
              "not written: focus.csv and focus.parquet, because %s was made by a program that kept no spend"
                      .formatted(directory)
                  + " by day (make it again: homeward review LOG... --force)\n"));
    }
  }
}
