package dev.homeward.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.MoneyBasis;
import dev.homeward.decision.MoneyBasisMaker;
import dev.homeward.decision.Plan;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.Verdict;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.Outlook;
import dev.homeward.keeping.Codec;
import dev.homeward.pricing.Discounts;
import dev.homeward.pricing.Pricer;
import dev.homeward.report.PlanText;
import dev.homeward.report.RankingColumn;
import dev.homeward.report.RankingRows;
import dev.homeward.report.ReviewHistory;
import dev.homeward.report.Reviewed;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.VisibleText;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * report.json: what the page shows, in numbers, for others who draw their own. Its schema is
 * report.schema.json. Names from the log are written as {@link VisibleText} has them; what is not
 * known is left out.
 */
public final class ReportJson {
  /** The layout of the document: one higher when a reader of the old one would misread it. */
  static final int VERSION = 1;

  /** Of what changed since an earlier month, so many lines are kept; diff has them all. */
  private static final int MOST_CHANGES = 50;

  /**
   * The most that the replays behind the sliders may be, in characters, of which the page packs
   * about three into one: so it stays below 3 MB. Replays that do not fit are left out, and asked
   * of whatif.
   */
  private static final int MOST_CHARACTERS = 4_000_000;

  /** What moves a saving by less is not said. */
  private static final double LEAST_SHARE = 0.005;

  private final Reviewed review;
  private final Map<WorkloadKey, Integer> rowOf = new HashMap<>();

  private ReportJson(Reviewed review) {
    this.review = review;
    for (RankedWorkload w : review.decision().ranking()) {
      rowOf.put(w.workload().key(), rowOf.size());
    }
  }

  /** The document of a review; the same review gives the same one. */
  public static ObjectNode of(Reviewed review) {
    return new ReportJson(review).document();
  }

  private ObjectNode document() {
    ObjectNode n = JsonNodeFactory.instance.objectNode();
    n.put("version", VERSION);
    review(n.putObject("review"));
    ObjectNode text = n.putObject("text");
    PlanText.now(review.decision()).forEach(text.putArray("now")::add);
    PlanText.waiting(review.decision().waiting()).forEach(text.putArray("waiting")::add);
    headline(n.putObject("headline"));
    plan(n.putObject("plan"), review.decision().plan(), "plan");
    plan(n.putObject("waiting"), review.decision().waiting().plan(), "waiting");
    ((ObjectNode) n.get("waiting"))
        .set("evaluations", review.summary().path("waiting").path("evaluations"));
    ObjectNode inputs = n.putObject("inputs");
    for (Outlook.Input input : Outlook.Input.values()) {
      inputs.put(word(input), input.sentence());
    }
    review
        .beside()
        .since()
        .ifPresent(
            since -> {
              ObjectNode changed = n.putObject("since").put("month", since.month());
              since.lines().stream().limit(MOST_CHANGES).forEach(changed.putArray("lines")::add);
            });
    if (!review.beside().months().isEmpty()) {
      n.set("history", Codec.tree(new ReviewHistory(review.beside().months())).get("months"));
    }
    if (review.summary().has("realised")) {
      n.set("realised", review.summary().get("realised"));
    }
    n.set("owners", review.summary().path("owners"));
    ranking(n.putObject("ranking"));
    new WorkloadsJson(review).write(n);
    new FleetsJson(review, rowOf).write(n.putArray("fleets"));
    n.set("data_quality", review.summary().path("data_quality"));
    if (review.summary().has("usage_reports")) {
      n.set("usage_reports", review.summary().get("usage_reports"));
    }
    method(n.putObject("method"));
    money(n);
    return (ObjectNode) visible(n);
  }

  private void review(ObjectNode n) {
    Assumptions assumptions = review.settings().assumptions();
    n.put("id", review.reviewId());
    n.put("month", review.period().month().toString());
    n.put("timezone", review.period().zone().getId());
    n.put("hours", review.period().hours());
    n.put("coverage", review.period().coverage());
    n.put("coverage_by_time", review.period().isByTime());
    n.put("too_short", review.period().isTooShort());
    n.put("calls", review.summary().path("calls").asLong());
    n.put("workloads", review.decision().ranking().size());
    n.put("situation", assumptions.situation().id());
    n.put("situation_name", assumptions.situation().name());
    n.put("code_version", review.codeVersion());
    n.put("catalog_version", review.settings().catalog().version());
    n.put("price_book_version", review.settings().prices().version());
  }

  private void headline(ObjectNode n) {
    List<RankedWorkload> ranking = review.decision().ranking();
    double monthly = 0;
    int unknown = 0;
    for (RankedWorkload w : ranking) {
      monthly += w.workload().apiMonthlyUsd().orElse(0);
      unknown += w.workload().apiMonthlyUsd().isEmpty() ? 1 : 0;
    }
    n.put("api_monthly_usd", monthly);
    n.set("api_forecast_monthly_usd", review.summary().path("api_forecast_monthly_usd"));
    n.put("workloads_without_price", unknown);
    ObjectNode verdicts = n.putObject("verdicts");
    for (Verdict verdict : Verdict.values()) {
      verdicts.put(verdict.name(), ranking.stream().filter(w -> w.verdict() == verdict).count());
    }
  }

  private void plan(ObjectNode n, Plan plan, String of) {
    JsonNode figures =
        of.equals("plan")
            ? review.summary().path("plan")
            : review.summary().path("waiting").path("plan");
    if (!(figures instanceof ObjectNode known)) {
      throw new InvalidInput(
          "Cannot make a report: summary.json of the review lacks figures of the plan or of what waits; an"
              + " older Homeward wrote it (make the review again: homeward review LOG... --force)");
    }
    n.setAll(known.deepCopy());
    if (of.equals("waiting")) {
      n.set(
          "more_saving_monthly_usd",
          review.summary().path("waiting").path("more_saving_monthly_usd"));
    }
    plan.futures().ifPresent(f -> causes(n.putArray("sensitivities"), f.outlook()));
    ArrayNode steps = n.putArray("steps");
    for (Plan.Step s : plan.steps()) {
      ObjectNode step = steps.addObject();
      step.put("step", s.number());
      step.put("action", s.action().name().toLowerCase(Locale.ROOT));
      if (!s.hardware().isEmpty()) {
        step.put("hardware", s.hardware());
      }
      if (s.count() > 0) {
        step.put("count", s.count());
      }
      s.localModel().ifPresent(m -> step.put("local_model", m));
      s.engine().ifPresent(e -> step.put("engine", e));
      s.workload().ifPresent(key -> step.put("row", rowOf.get(key)));
      step.put("capex_usd", s.capexUsd());
      step.put("monthly_cost_usd", s.monthlyCostUsd());
      step.put("monthly_saving_usd", s.monthlySavingUsd());
      step.put("cumulative_saving_usd", s.cumulativeSavingUsd());
      s.utilization().ifPresent(u -> step.put("utilization", u));
      if (!s.note().isEmpty()) {
        step.put("note", s.note());
      }
      s.outlook().ifPresent(o -> outlook(step, o));
    }
  }

  /** The band of a saving and how sure it is. */
  static void outlook(ObjectNode n, Outlook o) {
    n.put("saving_p10_usd", o.p10Usd());
    n.put("saving_p50_usd", o.p50Usd());
    n.put("saving_p90_usd", o.p90Usd());
    n.put("probability_saves", o.probabilitySaves());
  }

  /** Which assumption moves a saving, by how much: half of the band that goes with it alone. */
  static void causes(ArrayNode n, Outlook o) {
    double half = (o.p90Usd() - o.p10Usd()) / 2;
    o.varianceShares()
        .forEach(
            (input, share) -> {
              if (share >= LEAST_SHARE) {
                n.addObject()
                    .put("input", word(input))
                    .put("share", rounded(share, 4))
                    .put("usd", rounded(Math.sqrt(share) * half, 2));
              }
            });
  }

  private static String word(Outlook.Input input) {
    return input.name().toLowerCase(Locale.ROOT);
  }

  /** A number with so many decimals at the most. */
  static BigDecimal rounded(double value, int decimals) {
    BigDecimal rounded =
        new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
  }

  private void ranking(ObjectNode n) {
    ArrayNode columns = n.putArray("columns");
    for (RankingColumn column : RankingColumn.values()) {
      columns.addObject().put("name", column.columnName()).put("meaning", column.meaning());
    }
    ArrayNode rows = n.putArray("rows");
    for (Map<RankingColumn, Object> row : RankingRows.of(review.decision().ranking())) {
      ArrayNode cells = rows.addArray();
      for (RankingColumn column : RankingColumn.values()) {
        cells.add(cell(column, row.get(column)));
      }
    }
  }

  // As ranking.csv writes it, so that both agree to the digit; null where unknown.
  private static JsonNode cell(RankingColumn column, Object value) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (value == null) {
      return json.nullNode();
    }
    String text = RankingRows.text(column, value);
    return value instanceof BigDecimal
        ? json.numberNode(new BigDecimal(text))
        : value instanceof Long count ? json.numberNode(count) : json.textNode(text);
  }

  private void method(ObjectNode n) {
    Assumptions assumptions = review.settings().assumptions();
    n.set("assumptions", assumptions.document());
    assumptions.given().forEach(n.putArray("given")::add);
    new SourcesJson(review).write(n.putArray("sources"));
  }

  private void money(ObjectNode n) {
    Reviewed.Settings s = review.settings();
    Assumptions a = s.assumptions();
    MoneyBasis basis =
        MoneyBasisMaker.of(
            review.decision().ranking(),
            s.catalog(),
            new Pricer(
                s.prices(),
                a.api().priceForecastDate(),
                Discounts.of(a.api().apiDiscountsPercent())),
            s.policy(),
            s.evaluations(),
            a,
            review.replays());
    ObjectNode tree = Codec.read(Codec.write(basis), ObjectNode.class);
    ArrayNode all = (ArrayNode) tree.get("answers");
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    int size = 0;
    for (JsonNode answer : all) {
      size += answer.toString().length() + 1;
      if (size > MOST_CHARACTERS) {
        break;
      }
      kept.add(answer);
    }
    tree.set("answers", kept);
    tree.put("answers_left_out", all.size() - kept.size());
    ArrayNode rows = tree.putArray("rows");
    basis
        .workloads()
        .forEach(
            w ->
                rows.add(rowOf.get(new WorkloadKey(w.workload(), w.hostedModel(), w.dataClass()))));
    n.set("money", tree);
  }

  /** The same tree, with what cannot be seen in its texts written out. */
  private static JsonNode visible(JsonNode n) {
    if (n instanceof TextNode) {
      String text = VisibleText.of(n.textValue());
      return text.equals(n.textValue()) ? n : TextNode.valueOf(text);
    }
    if (n instanceof ObjectNode object) {
      object.properties().forEach(e -> e.setValue(visible(e.getValue())));
    } else if (n instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, visible(array.get(i)));
      }
    }
    return n;
  }
}
