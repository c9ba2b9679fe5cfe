package dev.homeward.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.Figure;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.decision.CachedReplays;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.ReasonCode;
import dev.homeward.decision.Replays;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.economics.Assumptions;
import dev.homeward.settings.ReviewSettings;
import dev.homeward.settings.Scenario;
import dev.homeward.units.InvalidInput;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What people are likely to ask after a review: one input of the money at a time, half and twice as
 * much, and boxes for half their price. A review asks it all itself, so that a what-if finds the
 * replays it needs: values between these asked for no other replay on the sample.
 */
final class LikelyQuestions {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final double[] FACTORS = {0.5, 2};
  private static final double[] CHEAPER = {0.5};

  /**
   * Of a review of more, each question is a decision of some ten seconds, and a what-if spends
   * longer on deciding than on the replays that are missing.
   */
  private static final int MOST_WORKLOADS = 300;

  private LikelyQuestions() {}

  /**
   * Decides under each of them and keeps nothing but the replays.
   *
   * @return how many were asked; 0 of a review of very many workloads
   */
  static int ask(
      ReviewSettings settings,
      ReviewPeriod period,
      List<WorkloadCase> cases,
      DecideStep.Decision decision,
      CachedReplays replays) {
    if (cases.size() > MOST_WORKLOADS) {
      return 0;
    }
    List<ReviewSettings> under = new ArrayList<>();
    for (Scenario question : of(settings.assumptions(), decision)) {
      try {
        under.add(question.apply(settings, period.month().plusMonths(1).atDay(1)));
      } catch (InvalidInput beyondWhatIsPossible) {
        // Twice a rate of 60 % is none.
      }
    }
    AskedAtOnce.of(replays, under, (s, known) -> decide(s, period, cases, known));
    return under.size();
  }

  private static DecideStep.Decision decide(
      ReviewSettings s, ReviewPeriod period, List<WorkloadCase> cases, Replays replays) {
    List<WorkloadCase> under = new ArrayList<>();
    for (WorkloadCase w : cases) {
      under.add(
          WorkloadCase.of(
              w.profile(),
              w.spend(),
              period,
              s.policy(),
              s.catalog().hostedModels().byId(w.key().hostedModel()),
              s.assumptions()));
    }
    return new DecideStep(s.catalog(), s.pricer(), s.policy(), s.evaluations(), s.assumptions())
        .decide(under, replays);
  }

  private static List<Scenario> of(Assumptions assumptions, DecideStep.Decision decision) {
    List<Scenario> questions = new ArrayList<>();
    for (double factor : FACTORS) {
      questions.add(
          Scenario.of(
              "assumptions.horizon-months",
              JSON.numberNode(
                  Math.max(1, Math.round(assumptions.finance().horizonMonths() * factor)))));
      times(
          questions, "electricity-usd-per-kwh", assumptions.power().electricityUsdPerKwh(), factor);
      times(questions, "engineer-usd-per-hour", assumptions.people().engineerUsdPerHour(), factor);
    }
    times(questions, "discount-rate-per-year", assumptions.finance().discountRatePerYear(), 2);
    times(questions, "setup-hours-per-workload", assumptions.people().setupHoursPerWorkload(), 2);
    times(
        questions,
        "upkeep-hours-per-fleet-month",
        assumptions.people().upkeepHoursPerFleetMonth(),
        2);
    times(questions, "api-price-factor", assumptions.factors().apiPriceFactor(), 0.67);
    times(questions, "api-price-factor", assumptions.factors().apiPriceFactor(), 1.5);
    questions.add(Scenario.of("assumptions.redundancy", JSON.textNode("n-plus-1")));
    Map<String, HardwareProfile> boxes = new TreeMap<>();
    for (RankedWorkload row : decision.ranking()) {
      row.alternatives().stream()
          .filter(a -> a.isViable() || a.fellOut().equals(Optional.of(ReasonCode.NOT_CHEAPER)))
          .forEach(a -> boxes.put(a.hardware().id(), a.hardware()));
    }
    boxes.forEach(
        (id, box) -> {
          Acquisition of = box.acquisition();
          cheaper(questions, id, "price", of.priceUsd());
          cheaper(questions, id, "hourly-usd", of.hourlyUsd());
          cheaper(questions, id, "monthly-usd", of.monthlyUsd());
        });
    return questions;
  }

  private static void cheaper(
      List<Scenario> questions, String id, String key, Optional<Figure> figure) {
    figure.ifPresent(
        usd -> {
          for (double factor : CHEAPER) {
            questions.add(
                Scenario.of("hardware.%s.%s".formatted(id, key), product(usd.value(), factor)));
          }
        });
  }

  private static void times(List<Scenario> questions, String key, double value, double factor) {
    if (Double.isFinite(value * factor)) {
      questions.add(Scenario.of("assumptions." + key, product(value, factor)));
    }
  }

  // Rounded as a person would write it.
  private static JsonNode product(double value, double factor) {
    return JSON.numberNode(BigDecimal.valueOf(value * factor).round(new MathContext(6)));
  }
}
