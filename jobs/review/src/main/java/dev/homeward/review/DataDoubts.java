package dev.homeward.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.logs.FileCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is in doubt about the counts of a log's calls, and what was left out because of it. */
final class DataDoubts {
  private DataDoubts() {}

  /** The calls that repeat calls below them, as a term of the sum of all records. */
  static String nested(FileCounts total) {
    return total.nested == 0
        ? ""
        : String.format(Locale.ROOT, " + %,d that repeat calls below them", total.nested);
  }

  /** Each doubt as a sentence without its full stop. */
  static List<String> of(FileCounts total) {
    List<String> doubts = new ArrayList<>();
    add(
        doubts,
        total.unexplained,
        "calls hold counts that no rule of their source explains: left out, so that they may have"
            + " cost more");
    add(
        doubts,
        total.cacheInDoubt,
        "calls do not say whether their input contains their cached tokens: taken as containing"
            + " them");
    add(
        doubts,
        total.nestedMore,
        "of the calls that repeat others say more tokens than those do: some of those may be"
            + " missing from the log");
    return doubts;
  }

  private static void add(List<String> doubts, long n, String what) {
    if (n > 0) {
      doubts.add(String.format(Locale.ROOT, "%,d %s", n, what));
    }
  }

  /** Adds them to the data quality of summary.json. */
  static void write(FileCounts total, ObjectNode quality) {
    quality.put("unexplained_counts", total.unexplained);
    quality.put("cache_in_doubt", total.cacheInDoubt);
    quality.put("nested_say_more", total.nestedMore);
  }
}
