package dev.homeward.faces;

import dev.homeward.focus.FocusFiles;
import dev.homeward.focus.FocusVersion;
import dev.homeward.metrics.ReviewMetrics;
import dev.homeward.nextsteps.NextSteps;
import dev.homeward.page.ReportFace;
import dev.homeward.report.Reviewed;
import dev.homeward.workbook.ReviewWorkbook;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The files of a review that people and other tools take away, beside its tables. */
public final class Faces {
  private Faces() {}

  /** Makes files of a review; the same review gives the same bytes. */
  @FunctionalInterface
  public interface Face {
    /**
     * Makes them.
     *
     * @param sink takes each file as soon as it is whole
     */
    void write(Reviewed review, Sink sink);
  }

  /** Where the files go. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes a file.
     *
     * @param name path in the review's directory, with {@code /} between its parts
     */
    void put(String name, byte[] bytes);
  }

  /** All there are, in the order in which they are written. */
  private static final List<Face> ALL =
      List.of(
          (review, sink) -> ReportFace.write(review, sink::put),
          (review, sink) -> NextSteps.write(review, sink::put),
          (review, sink) -> sink.put(ReviewMetrics.FILE, utf8(ReviewMetrics.text(review))),
          (review, sink) -> sink.put(ReviewWorkbook.FILE, ReviewWorkbook.of(review)));

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Makes every file. */
  public static void write(Reviewed review, Sink sink) {
    write(review, FocusVersion.DEFAULT, sink);
  }

  /**
   * Makes every file.
   *
   * @param focus version of focus.csv and focus.parquet
   */
  public static void write(Reviewed review, FocusVersion focus, Sink sink) {
    ALL.forEach(face -> face.write(review, sink));
    FocusFiles.write(review, focus, sink::put);
  }
}
