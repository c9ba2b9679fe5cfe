package dev.homeward.focus;

import dev.homeward.report.Reviewed;
import java.util.function.BiConsumer;

/** focus.csv and focus.parquet of a review. */
public final class FocusFiles {
  private FocusFiles() {}

  /**
   * Makes both, or none of a review that does not hold what was spent by day.
   *
   * @param sink takes the name and the bytes of each
   */
  public static void write(Reviewed review, FocusVersion version, BiConsumer<String, byte[]> sink) {
    if (review.spendOfDays().isEmpty()) {
      return;
    }
    FocusRows rows =
        new FocusRows(
            review.period(),
            review.settings().catalog().hostedModels(),
            review.settings().assumptions().api(),
            review.spendOfDays().get());
    FocusText text = new FocusText(version);
    FocusParquet parquet = new FocusParquet(version);
    try (parquet) {
      rows.forEach(
          row -> {
            text.add(row);
            parquet.add(row);
          });
    }
    sink.accept("focus.csv", text.bytes());
    sink.accept("focus.parquet", parquet.bytes());
  }
}
