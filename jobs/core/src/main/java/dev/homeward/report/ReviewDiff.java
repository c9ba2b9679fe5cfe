package dev.homeward.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.KeptFile;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.PlainNumber;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What changed from one review to the next, and why: workloads that came and went, verdicts that
 * flipped, volume, mix, price, places of data, the plan; which violations persist; and the dollars
 * of each workload. Rows are those of ranking.csv; volumes and money are compared per day, because
 * months differ in length.
 */
public final class ReviewDiff {
  /** A change of volume or price by less than this is none. */
  private static final double NOISE = 0.1;

  /** Standard deviation of a call's tokens over their mean: of a lognormal with sigma 1, 1.3. */
  private static final double TOKEN_SPREAD = 1.3;

  /** A column of dollars a month, and what it is called here. */
  private record Money(String column, String label) {}

  private static final List<Money> MONEY =
      List.of(
          new Money("api_forecast_usd", "API"),
          new Money("saving_monthly_usd", "saves alone"),
          new Money("marginal_saving_usd", "adds to the plan"));

  /** A workload whose volume changed by this factor should be looked at again. */
  private static final double TENFOLD = 10;

  /**
   * A review.
   *
   * @param month YYYY-MM
   * @param days of the month
   * @param rows of ranking.csv by column
   * @param settings what stands in its manifest: policy, assumptions, catalog, price book
   * @param plan what its plan comes to
   * @param realised what came of earlier plans, as its realised.csv has it
   */
  public record ReviewFiles(
      String month,
      int days,
      List<Map<String, String>> rows,
      Map<String, String> settings,
      PlanFigures plan,
      List<Realised> realised) {

    private Optional<Realised> moved(Map<String, String> row) {
      return realised.stream()
          .filter(
              move ->
                  !move.text(Realised.Column.SERVED_AS).isEmpty()
                      && move.text(Realised.Column.WORKLOAD).equals(Csv.text(row.get("workload")))
                      && move.text(Realised.Column.DATA_CLASS)
                          .equals(Csv.text(row.get("data_class"))))
          .findFirst();
    }
  }

  /** What sort of change it is. */
  public enum ChangeKind {
    SETTINGS,
    NEW,
    GONE,
    /** One that servers of one's own answer now. */
    MOVED,
    VERDICT,
    NEW_VIOLATION,
    /** One that was there before and persists: no change, and said all the same. */
    VIOLATION,
    TENFOLD,
    VOLUME,
    MIX,
    PRICE,
    MODEL,
    PLAN,
    /** What a workload costs and saves before and now. */
    DOLLARS,
    OVER_BUDGET,
    /** A move that was promised, and what came of it: no change of this month. */
    REALISED;

    /** The word for people. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean isChange() {
      return this != VIOLATION && this != DOLLARS && this != REALISED;
    }
  }

  /**
   * A change.
   *
   * @param key workload, hosted model, data class; empty for settings
   * @param text in words, with both figures
   */
  public record Change(ChangeKind kind, String key, String text) {}

  private final ReviewFiles before;
  private final ReviewFiles after;
  private final List<Change> changes = new ArrayList<>();

  private ReviewDiff(ReviewFiles before, ReviewFiles after) {
    this.before = before;
    this.after = after;
  }

  /**
   * A review from its directory.
   *
   * @throws InvalidInput if there is none
   */
  public static ReviewFiles read(Path review) throws IOException {
    Path ranking = review.resolve("ranking.csv");
    Path manifest = review.resolve("manifest.json");
    if (!Files.isRegularFile(ranking) || !Files.isRegularFile(manifest)) {
      throw new InvalidInput("Cannot read %s: it is not a review directory".formatted(review));
    }
    JsonNode n = Codec.tree(KeptFile.MANIFEST, Files.readString(manifest), manifest.toString());
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("the program", n.path("code_version").asText());
    settings.put("the catalog", n.path("catalog_version").asText());
    settings.put("the price book", n.path("price_book_version").asText());
    settings.put("the policy", n.path("configuration").path("policy").asText());
    settings.put("an assumption", n.path("configuration").path("assumptions").asText());
    settings.put("an evaluation", n.path("configuration").path("evaluations").asText());
    YearMonth month;
    try {
      month = YearMonth.parse(n.path("configuration").path("month").asText());
    } catch (DateTimeParseException e) {
      throw ReviewTables.damaged(manifest, e);
    }
    return new ReviewFiles(
        month.toString(),
        month.lengthOfMonth(),
        ReviewTables.ranking(ranking),
        settings,
        PlanFigures.read(review),
        realised(review));
  }

  private static List<Realised> realised(Path review) throws IOException {
    Path file = review.resolve("realised.csv");
    try {
      return Files.isRegularFile(file) ? Realised.read(ReviewTables.rows(file)) : List.of();
    } catch (IllegalArgumentException | NullPointerException e) {
      throw ReviewTables.damaged(file, e);
    }
  }

  /** The changes, settings first, then by workload, then the plan and the dollars. */
  public static List<Change> of(ReviewFiles before, ReviewFiles after) {
    ReviewDiff diff = new ReviewDiff(before, after);
    diff.settings();
    diff.workloads();
    diff.plan();
    diff.realised();
    diff.dollars();
    return diff.changes;
  }

  private void settings() {
    for (String what : new TreeSet<>(after.settings.keySet())) {
      String was = before.settings.getOrDefault(what, "");
      if (!was.equals(after.settings.get(what))) {
        changes.add(new Change(ChangeKind.SETTINGS, "", what + " is another"));
      }
    }
  }

  private void workloads() {
    TreeMap<String, Map<String, String>> was = byKey(before);
    TreeMap<String, Map<String, String>> is = byKey(after);
    TreeSet<String> keys = new TreeSet<>(was.keySet());
    keys.addAll(is.keySet());
    for (String key : keys) {
      if (!was.containsKey(key)) {
        Map<String, String> row = is.get(key);
        changes.add(
            new Change(
                ChangeKind.NEW,
                key,
                "%s calls, %s, API $%s a month"
                    .formatted(
                        row.get("calls"),
                        row.get("verdict"),
                        unknown(row.get("api_forecast_usd")))));
        if (isViolation(row)) {
          newViolation(key, row);
        }
        continue;
      }
      if (!is.containsKey(key)) {
        String had = "it had %s calls".formatted(was.get(key).get("calls"));
        Optional<Realised> moved = after.moved(was.get(key));
        changes.add(
            moved.isPresent()
                ? new Change(
                    ChangeKind.MOVED,
                    key,
                    had
                        + "; %s answers them now"
                            .formatted(moved.get().text(Realised.Column.SERVED_AS)))
                : new Change(ChangeKind.GONE, key, had));
        continue;
      }
      compare(key, was.get(key), is.get(key));
    }
  }

  private void compare(String key, Map<String, String> was, Map<String, String> is) {
    double callsBefore = number(was, "calls") / before.days;
    double callsNow = number(is, "calls") / after.days;
    double volume = callsNow / callsBefore;
    if (!was.get("verdict").equals(is.get("verdict"))) {
      changes.add(
          new Change(
              ChangeKind.VERDICT,
              key,
              "%s before, %s now (%s)"
                  .formatted(was.get("verdict"), is.get("verdict"), is.get("reasons"))));
    }
    if (isViolation(is) && isViolation(was)) {
      changes.add(
          new Change(
              ChangeKind.VIOLATION,
              key,
              "still %s calls where its data may not be (%s before)"
                  .formatted(is.get("calls"), was.get("calls"))));
    } else if (isViolation(is)) {
      newViolation(key, is);
    }
    if (volume >= TENFOLD || volume <= 1 / TENFOLD) {
      changes.add(
          new Change(
              ChangeKind.TENFOLD,
              key,
              "%s calls a day before, %s now: decide anew"
                  .formatted(PlainNumber.of(callsBefore), PlainNumber.of(callsNow))));
    } else if (Math.abs(volume - 1) > Math.max(NOISE, chance(was, is))) {
      changes.add(
          new Change(
              ChangeKind.VOLUME,
              key,
              "%s calls a day before, %s now (%+.0f %%)"
                  .formatted(
                      PlainNumber.of(callsBefore), PlainNumber.of(callsNow), 100 * (volume - 1))));
    }
    mix(key, was, is);
    price(key, was, is);
    if (!was.get("local_model").equals(is.get("local_model"))
        && !was.get("local_model").isEmpty()
        && !is.get("local_model").isEmpty()) {
      changes.add(
          new Change(
              ChangeKind.MODEL,
              key,
              "best with %s on %s before, %s on %s now"
                  .formatted(
                      was.get("local_model"),
                      was.get("hardware"),
                      is.get("local_model"),
                      is.get("hardware"))));
    }
  }

  // What chance alone may change of a count of calls, as a share: three standard errors.
  private static double chance(Map<String, String> was, Map<String, String> is) {
    double fewer = Math.max(1, Math.min(number(was, "calls"), number(is, "calls")));
    return 3 * Math.sqrt(2 / fewer);
  }

  private static boolean isViolation(Map<String, String> row) {
    return row.get("compliance").equals("violation");
  }

  private void newViolation(String key, Map<String, String> row) {
    changes.add(
        new Change(
            ChangeKind.NEW_VIOLATION,
            key,
            "%s calls where its data may not be".formatted(row.get("calls"))));
  }

  // Tokens of a call, by kind.
  private void mix(String key, Map<String, String> was, Map<String, String> is) {
    List<String> parts = new ArrayList<>();
    for (String kind :
        List.of("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")) {
      double a = number(was, kind) / number(was, "calls");
      double b = number(is, kind) / number(is, "calls");
      double all =
          (number(was, "input_tokens")
                  + number(was, "cache_read_tokens")
                  + number(was, "cache_write_tokens")
                  + number(was, "output_tokens"))
              / number(was, "calls");
      double least = Math.max(NOISE, TOKEN_SPREAD * chance(was, is)) * Math.max(a, 0.02 * all);
      if (Math.abs(b - a) > least && Math.abs(b - a) > 1) {
        parts.add(
            "%s a call %s before, %s now"
                .formatted(kind.replace('_', ' '), PlainNumber.of(a), PlainNumber.of(b)));
      }
    }
    if (!parts.isEmpty()) {
      changes.add(new Change(ChangeKind.MIX, key, String.join("; ", parts)));
    }
  }

  // What the same tokens would cost: forecast over tokens, where the mix is the same.
  private void price(String key, Map<String, String> was, Map<String, String> is) {
    if (was.get("api_forecast_usd").isEmpty() != is.get("api_forecast_usd").isEmpty()) {
      changes.add(
          new Change(
              ChangeKind.PRICE,
              key,
              is.get("api_forecast_usd").isEmpty() ? "has no price now" : "has a price now"));
      return;
    }
    if (was.get("api_forecast_usd").isEmpty()) {
      return;
    }
    double coverage = number(was, "api_monthly_usd") / number(was, "api_cost_usd");
    double coverageNow = number(is, "api_monthly_usd") / number(is, "api_cost_usd");
    double a = number(was, "api_forecast_usd") / coverage / number(was, "api_cost_usd");
    double b = number(is, "api_forecast_usd") / coverageNow / number(is, "api_cost_usd");
    if (Double.isFinite(a) && Double.isFinite(b) && Math.abs(b / a - 1) > 0.02) {
      changes.add(
          new Change(
              ChangeKind.PRICE,
              key,
              "announced prices are %.0f %% of those paid, %.0f %% before"
                  .formatted(100 * b, 100 * a)));
    }
  }

  // Who moves, what it comes to, which boxes it takes.
  private void plan() {
    TreeMap<String, Map<String, String>> was = byKey(before);
    TreeMap<String, Map<String, String>> is = byKey(after);
    for (String text : PlanFigures.changes(before.plan, before.days, after.plan, after.days)) {
      changes.add(new Change(ChangeKind.PLAN, "", text));
    }
    TreeSet<String> keys = new TreeSet<>(was.keySet());
    keys.addAll(is.keySet());
    for (String key : keys) {
      String turnBefore = cell(was.get(key), "move_order");
      String turn = cell(is.get(key), "move_order");
      if (turnBefore.isEmpty() != turn.isEmpty()) {
        changes.add(
            new Change(
                ChangeKind.PLAN,
                key,
                turn.isEmpty()
                    ? "leaves the plan (it was move %s)".formatted(turnBefore)
                    : "joins the plan as move " + turn));
      }
    }
  }

  // What was promised, now that it can be measured.
  private void realised() {
    for (Realised move : after.realised) {
      changes.add(new Change(ChangeKind.REALISED, move.name(), move.inWords()));
    }
  }

  // What each workload costs and saves a day; those that cost and save the same are left out.
  private void dollars() {
    TreeMap<String, Map<String, String>> was = byKey(before);
    TreeMap<String, Map<String, String>> is = byKey(after);
    TreeSet<String> keys = new TreeSet<>(was.keySet());
    keys.addAll(is.keySet());
    for (String key : keys) {
      List<String> parts = new ArrayList<>();
      boolean differs = false;
      for (Money figure : MONEY) {
        String a = perDay(was.get(key), figure.column, before.days);
        String b = perDay(is.get(key), figure.column, after.days);
        differs |= !a.equals(b);
        if (!a.equals("?") || !b.equals("?")) {
          parts.add("%s %s before, %s now".formatted(figure.label, a, b));
        }
      }
      if (differs) {
        changes.add(new Change(ChangeKind.DOLLARS, key, String.join("; ", parts)));
      }
    }
  }

  private static String perDay(Map<String, String> row, String column, int days) {
    String text = cell(row, column);
    return text.isEmpty() ? "?" : PlanFigures.usd(Double.parseDouble(text) / days);
  }

  // Empty where the workload is not there, or the review's program did not know the column.
  private static String cell(Map<String, String> row, String column) {
    return row == null ? "" : row.getOrDefault(column, "");
  }

  private static TreeMap<String, Map<String, String>> byKey(ReviewFiles review) {
    TreeMap<String, Map<String, String>> rows = new TreeMap<>();
    for (Map<String, String> row : review.rows) {
      rows.put(
          row.get("workload") + " / " + row.get("hosted_model") + " / " + row.get("data_class"),
          row);
    }
    return rows;
  }

  private static double number(Map<String, String> row, String column) {
    String text = row.get(column);
    return text.isEmpty() ? 0 : Double.parseDouble(text);
  }

  private static String unknown(String text) {
    return text.isEmpty() ? "?" : text;
  }

  /** API cost of a review a month, what its plan saves. */
  public static double apiUsd(ReviewFiles review) {
    return review.rows.stream().mapToDouble(r -> number(r, "api_forecast_usd")).sum();
  }

  /** The changes for a terminal. */
  public static String text(ReviewFiles before, ReviewFiles after, List<Change> changes) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s to %s: API $%s a day before, $%s now; %d changes.%n",
            before.month,
            after.month,
            money(apiUsd(before) / before.days),
            money(apiUsd(after) / after.days),
            changes.stream().filter(c -> c.kind.isChange()).count()));
    for (Change change : changes) {
      if (change.kind != ChangeKind.DOLLARS && change.kind != ChangeKind.REALISED) {
        text.append(
            String.format(
                Locale.ROOT,
                "  %-13s %s%s%n",
                change.kind.word(),
                change.key.isEmpty() ? "" : change.key + ": ",
                change.text));
      }
    }
    listed(text, changes, ChangeKind.REALISED, "Promised and measured:");
    listed(text, changes, ChangeKind.DOLLARS, "Dollars a day, at announced prices:");
    return text.toString().replace("\r\n", "\n");
  }

  private static void listed(
      StringBuilder text, List<Change> changes, ChangeKind kind, String heading) {
    boolean begun = false;
    for (Change change : changes) {
      if (change.kind == kind) {
        text.append(begun ? "" : heading + "\n")
            .append("  %s: %s%n".formatted(change.key, change.text));
        begun = true;
      }
    }
  }

  private static String money(double usd) {
    return new BigDecimal(usd).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
  }
}
