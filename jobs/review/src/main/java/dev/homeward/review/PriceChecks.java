package dev.homeward.review;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.catalog.PriceBook;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.report.LoggedCosts;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether the prices can be trusted: how old the book is beside the log, and what the log itself
 * says that its calls cost.
 */
record PriceChecks(PriceBook book, ReviewPeriod period, List<WorkloadCase> workloads) {
  private static final int SHOWN = 5;

  /** What the console says; nothing where all is well. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    // Prices change, and a book cannot know of what came after it.
    LocalDate last =
        LocalDate.parse(
            ReviewPeriod.day(Math.min(period.observedToMicros(), period.toMicros() - 1)));
    book.newest()
        .filter(last::isAfter)
        .ifPresent(
            day ->
                lines.add(
                    "Prices are of %s and the log goes on to %s: what changed since is not in them (homeward prices import)."
                        .formatted(day, last)));
    List<LoggedCosts.Compared> warned =
        LoggedCosts.of(workloads).stream().filter(LoggedCosts.Compared::isWarned).toList();
    warned.stream()
        .limit(SHOWN)
        .forEach(c -> lines.add("Logged and priced differ: %s.".formatted(c.inWords())));
    if (warned.size() > SHOWN) {
      lines.add(
          "... and of %d workloads more (summary.json, logged_and_priced)."
              .formatted(warned.size() - SHOWN));
    }
    return lines;
  }

  /** The same in the summary, of all workloads whose log has costs. */
  void write(ObjectNode quality) {
    book.newest().ifPresent(day -> quality.put("price_book_of", day.toString()));
    ArrayNode costs = quality.putArray("logged_and_priced");
    for (LoggedCosts.Compared c : LoggedCosts.of(workloads)) {
      ObjectNode one = costs.addObject();
      one.put("workload", c.key().workload());
      one.put("hosted_model", c.key().hostedModel());
      one.put("data_class", c.key().dataClass());
      one.put("logged_usd", usd(c.loggedUsd()));
      one.put("api_cost_usd", usd(c.pricedUsd()));
      one.put("logged_calls", c.loggedCalls());
      one.put("calls", c.calls());
      c.share().ifPresent(share -> one.put("difference_share", share));
      one.put("warned", c.isWarned());
      c.causes().forEach(one.putArray("likely_causes")::add);
    }
  }

  private static String usd(double dollars) {
    return String.format(Locale.ROOT, "%.6f", dollars);
  }
}
