package dev.homeward.workbook;

import dev.homeward.report.Reviewed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dhatim.fastexcel.Workbook;

/**
 * review.xlsx: a review for people who work in spreadsheets. Numbers are numbers with all their
 * digits, what is not known is an empty cell, and what the plan comes to is computed by the
 * spreadsheet from the plan's steps. Written by fastexcel: Apache-2.0, kept up, two small jars that
 * nothing else on the class path brings (docs/decisions/0032).
 */
public final class ReviewWorkbook {
  /** Its name in the review's directory. */
  public static final String FILE = "review.xlsx";

  /** Stands in the file as the program that wrote it; not one that LibreOffice trusts unchecked. */
  private static final String PROGRAM = "Homeward";

  private ReviewWorkbook() {}

  /** The file. */
  public static byte[] of(Reviewed review) {
    try {
      Path file = Files.createTempFile("review", ".xlsx");
      try {
        return of(review, file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + FILE, e);
    }
  }

  private static byte[] of(Reviewed review, Path file) throws IOException {
    Finished finished = new Finished();
    try (OutputStream out = Files.newOutputStream(file);
        Workbook book = new Workbook(out, PROGRAM, null)) {
      SummarySheet summary = new SummarySheet(book, finished, 1);
      RankingSheet ranking = new RankingSheet(book, finished, 2, review);
      PlanSheet plan = new PlanSheet(book, finished, 3, review.decision().plan());
      SpendSheet.write(book, finished, 4, review);
      AssumptionsSheet.write(book, finished, 5, review);
      ViolationsSheet.write(book, finished, 6, review);
      QualitySheet.write(book, finished, 7, review.summary());
      summary.fill(review, ranking, plan);
    }
    return finished.of(file);
  }
}
