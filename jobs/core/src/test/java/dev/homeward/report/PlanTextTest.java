package dev.homeward.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.Evaluation;
import dev.homeward.decision.Plan;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.decision.ReasonCode;
import dev.homeward.decision.Waiting;
import dev.homeward.economics.Outlook;
import dev.homeward.keeping.Decisions;
import dev.homeward.policy.NonInferiority;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a person reads of a plan and of evaluations that wait. */
final class PlanTextTest {
  private static final WorkloadKey KEY = new WorkloadKey("drafts", "gpt-4o", "internal");
  private static final RankedWorkload.On ON =
      new RankedWorkload.On("qwen3.5-27b", "fp8", "vllm", "rtx-5090");
  private static final NonInferiority.Screening SCREENING =
      new NonInferiority.Screening(100, 0.1, 0.06);

  private static Plan plan(Optional<Plan.Futures> futures) {
    return new Plan(
        List.of(
            new Plan.Step(
                1,
                Plan.Action.BUY,
                "rtx-5090",
                2,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                7000,
                250,
                -250,
                -250,
                OptionalDouble.empty(),
                "",
                Optional.empty())),
        Map.of(KEY, new RankedWorkload.Moved(1, 478.876, ON, Optional.empty())),
        900,
        7000,
        false,
        futures,
        ReasonCode.NOT_IN_PLAN,
        List.of());
  }

  /** 3,092 tasks of half a minute are 25.8 hours; $478.876 over them $18.58 an hour. */
  @Test
  void theEvaluationThatWaitsIsSaidWithWhatItTakesAndOpens() {
    Evaluation evaluation =
        new Evaluation("qwen3.5-27b", 3092, 3092 / 120.0, SCREENING, OptionalDouble.empty());
    Waiting waiting =
        new Waiting(
            plan(Optional.empty()),
            536.224,
            List.of(new Waiting.Opening(KEY, ON, evaluation, 478.876)));
    assertEquals(
        List.of(
            "Waiting: if 1 evaluation is passed, $536.22 a month more would be saved, on 2 x rtx-5090"
                + " shared by 1 workloads (waiting.csv).",
            "      drafts: test qwen3.5-27b, about 3,092 tasks or 26 hours of people; opens $478.88 a"
                + " month, $18.59 for each hour.",
            "      Screen with 100 tasks first: a model 10 points behind is out, one 6 points ahead has"
                + " passed; less than that they cannot tell."),
        PlanText.waiting(waiting));
    assertEquals(
        List.of("Waiting for an evaluation: nothing that would save more."),
        PlanText.waiting(new Waiting(Plan.EMPTY, 0, List.of())));
  }

  @Test
  void aBandIsSaidWithItsOdds() {
    Outlook outlook = new Outlook(-12.344, 50, 110.006, 0.713, Map.of());
    assertEquals(
        "-$12.34 to $110.01 in eight futures of ten, more than nothing in 71 %",
        PlanText.band(outlook));
  }

  /** $100 at the API, three tenths of it may stay. */
  @Test
  void whatAnEvaluationTakesIsExplained() {
    Decisions.Evaluation evaluation =
        new Decisions.Evaluation("m", 3092, 25.77, 100, 0.1, 2, OptionalDouble.of(0.3));
    assertEquals(
        List.of(
            "An evaluation of m on about 3,092 tasks would settle it: both models on the same tasks,"
                + " some 26 hours of people.",
            "Screen with 100 tasks first: a model 10 points behind is out; less than that they cannot"
                + " tell.",
            "It still saves while calls worth at most 30 % of its cost, $30.00 a month, turn out too"
                + " hard and stay at the API (hardest-share-at-api)."),
        LadderText.evaluation(evaluation, OptionalDouble.of(100)));
    Decisions.Evaluation hopeless =
        new Decisions.Evaluation("m", 0, 0, 100, 0.1, 0.06, OptionalDouble.empty());
    assertEquals(
        "No number of tasks would prove m while the scores stay as they are: below the bar.",
        LadderText.evaluation(hopeless, OptionalDouble.empty()).get(0));
  }

  @Test
  void thePlanOfAReviewHasItsMoneyInTheSummary() {
    Plan.Futures futures =
        new Plan.Futures(
            new Outlook(1, 2, 3, 0.75, Map.of()),
            -10,
            20,
            30,
            OptionalInt.of(7),
            List.of(new Plan.Cash(0, -5, -4, -3)));
    var summary = dev.homeward.keeping.Codec.object();
    PlanSummary.write(
        new dev.homeward.decision.DecideStep.Decision(
            List.of(), plan(Optional.of(futures)), new Waiting(Plan.EMPTY, 0, List.of()), 0),
        summary);
    assertEquals(900, summary.at("/plan/saving_monthly_usd").doubleValue());
    assertEquals(1, summary.at("/plan/saving_p10_usd").doubleValue());
    assertEquals(0.75, summary.at("/plan/probability_saves").doubleValue());
    assertEquals(20, summary.at("/plan/npv_p50_usd").doubleValue());
    assertEquals(7, summary.at("/plan/payback_months").intValue());
    assertEquals(-4, summary.at("/plan/cumulative_cash/0/p50_usd").doubleValue());
    assertEquals(0, summary.at("/waiting/plan/workloads").intValue());
    assertEquals(0, summary.at("/owners").size());
  }
}
