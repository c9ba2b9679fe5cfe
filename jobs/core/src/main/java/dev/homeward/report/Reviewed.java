package dev.homeward.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.calls.CallTable;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.MoneyBasis;
import dev.homeward.economics.Assumptions;
import dev.homeward.keeping.Replayed;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.SpendOfDay;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A review as the files need it that people take away: what was decided, under which settings, and
 * what the review says of its data. A review that is being made has it, and one that is stored can
 * be decided again to have it.
 *
 * @param reviewId hash of all that the review depends on
 * @param codeVersion the program that decided
 * @param summary what stands in summary.json
 * @param spendOfDays what workloads spent at the API by UTC day; empty of reviews of older
 *     programs, which do not hold it
 * @param hours the chosen fleets with what they did by hour, as replays/hours.jsonl has them
 * @param calls reads what lies in calls/
 * @param replays the replays that are known, from which a page can decide anew under other money
 * @param beside what the reviews of earlier months beside this one tell
 */
public record Reviewed(
    String reviewId,
    String codeVersion,
    ReviewPeriod period,
    DecideStep.Decision decision,
    Settings settings,
    JsonNode summary,
    Optional<List<SpendOfDay.OfWorkload>> spendOfDays,
    List<Replayed.Chosen> hours,
    Calls calls,
    List<MoneyBasis.Answered> replays,
    Beside beside) {

  public Reviewed {
    spendOfDays = spendOfDays.map(List::copyOf);
    hours = List.copyOf(hours);
    replays = List.copyOf(replays);
  }

  /** Without the replays. */
  public Reviewed(
      String reviewId,
      String codeVersion,
      ReviewPeriod period,
      DecideStep.Decision decision,
      Settings settings,
      JsonNode summary,
      Optional<List<SpendOfDay.OfWorkload>> spendOfDays,
      List<Replayed.Chosen> hours,
      Calls calls) {
    this(
        reviewId,
        codeVersion,
        period,
        decision,
        settings,
        summary,
        spendOfDays,
        hours,
        calls,
        List.of(),
        Beside.NONE);
  }

  /** The same with these replays. */
  public Reviewed with(List<MoneyBasis.Answered> known) {
    return new Reviewed(
        reviewId,
        codeVersion,
        period,
        decision,
        settings,
        summary,
        spendOfDays,
        hours,
        calls,
        known,
        beside);
  }

  /** The same beside the reviews of earlier months. */
  public Reviewed beside(Beside earlier) {
    return new Reviewed(
        reviewId,
        codeVersion,
        period,
        decision,
        settings,
        summary,
        spendOfDays,
        hours,
        calls,
        replays,
        earlier);
  }

  /**
   * What the reviews of earlier months tell, and this one with them.
   *
   * @param since what changed since the newest of them; empty where there is none
   * @param months those months and this one, as {@code homeward history} has them; empty where
   *     there is only this one
   */
  public record Beside(Optional<Since> since, List<ReviewHistory.Month> months) {
    /** No review lies beside this one. */
    public static final Beside NONE = new Beside(Optional.empty(), List.of());

    public Beside {
      months = List.copyOf(months);
    }
  }

  /**
   * What changed since the review of an earlier month, as {@code homeward diff} has it.
   *
   * @param month of that review, YYYY-MM
   * @param lines a change each, in words; those that count for most first
   */
  public record Since(String month, List<String> lines) {
    public Since {
      lines = List.copyOf(lines);
    }

    /** Of two reviews. */
    public static Since of(ReviewDiff.ReviewFiles before, ReviewDiff.ReviewFiles after) {
      List<ReviewDiff.Change> changes = new ArrayList<>(ReviewDiff.of(before, after));
      changes.removeIf(change -> !change.kind().isChange());
      changes.sort(Comparator.comparingInt(change -> weight(change.kind())));
      return new Since(
          before.month(),
          changes.stream()
              .map(c -> c.key().isEmpty() ? c.text() : c.key() + ": " + c.text())
              .toList());
    }

    // What a person wants to hear of first.
    private static int weight(ReviewDiff.ChangeKind kind) {
      return switch (kind) {
        case NEW_VIOLATION -> 0;
        case PLAN, OVER_BUDGET -> 1;
        case VERDICT, MOVED -> 2;
        case NEW, GONE, TENFOLD -> 3;
        case VOLUME, MIX, PRICE, MODEL -> 4;
        case SETTINGS -> 5;
        case VIOLATION, DOLLARS, REALISED -> 6;
      };
    }
  }

  /** Reads the calls of the month out of calls/. */
  @FunctionalInterface
  public interface Calls {
    /**
     * Reads the calls of a workload.
     *
     * @param some takes them, some at a time and in any order: a workload may have more calls than
     *     fit into memory
     */
    void read(WorkloadKey key, Consumer<CallTable> some);
  }

  /** What it was decided under. */
  public record Settings(
      Catalog catalog,
      PriceBook prices,
      Policy policy,
      Evaluations evaluations,
      Assumptions assumptions) {}
}
