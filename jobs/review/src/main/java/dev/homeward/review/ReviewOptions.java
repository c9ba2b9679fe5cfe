package dev.homeward.review;

import dev.homeward.focus.FocusVersion;
import dev.homeward.logs.LogOptions;
import java.util.List;
import java.util.Optional;

/**
 * What the user asked of a review, as given.
 *
 * @param log which logs, and how to read them
 * @param out review directory; empty: reviews/MONTH
 * @param month YYYY-MM; empty: the last complete month of the log
 * @param timezone business time zone
 * @param evaluations evaluations file; empty: homeward/evaluations.yaml beside the log, if there
 * @param assumptions likewise assumptions.yaml
 * @param situation over the one that the assumptions name; empty: theirs
 * @param prices user's price books, later ones over earlier ones; homeward/prices.yaml beside the
 *     log comes first, if there
 * @param partitions parts of calls/; 0: by size
 * @param force write even if unchanged
 * @param focus version of focus.csv and focus.parquet
 * @param promised an earlier review whose plan this month is held against; empty: those beside
 */
public record ReviewOptions(
    LogOptions log,
    Optional<String> out,
    Optional<String> month,
    String timezone,
    Optional<String> evaluations,
    Optional<String> assumptions,
    Optional<String> situation,
    List<String> prices,
    int partitions,
    boolean force,
    FocusVersion focus,
    Optional<String> promised) {

  /** The same of other logs. */
  public ReviewOptions with(LogOptions other) {
    return new ReviewOptions(
        other,
        out,
        month,
        timezone,
        evaluations,
        assumptions,
        situation,
        prices,
        partitions,
        force,
        focus,
        promised);
  }
}
