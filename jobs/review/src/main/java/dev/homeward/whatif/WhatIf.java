package dev.homeward.whatif;

import dev.homeward.calls.UseTable;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.PriceBook;
import dev.homeward.decision.CachedReplays;
import dev.homeward.decision.CandidatePlanner;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.economics.Assumptions;
import dev.homeward.keeping.KeptFile;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.Pricer;
import dev.homeward.pricing.WorkloadSpend;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.report.Comparison;
import dev.homeward.report.Reviewed;
import dev.homeward.settings.ReviewSettings;
import dev.homeward.settings.Scenario;
import dev.homeward.store.LocalReview;
import dev.homeward.store.Outputs;
import dev.homeward.store.ProgramVersion;
import dev.homeward.store.StoredReview;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NearestNames;
import dev.homeward.workers.LocalReplays;
import dev.homeward.workers.ReplayContext;
import dev.homeward.workers.TapeReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides a review anew under other settings, from the review's directory alone: no Spark, no log.
 * What the review has replayed is not replayed again.
 */
public final class WhatIf {
  private static final Set<String> NEEDED =
      Set.of(
          "settings.json",
          "workloads/workloads.jsonl",
          "spend/spend.jsonl",
          "replays/replays.jsonl",
          "replays/likely.jsonl",
          "plan.csv",
          "ranking.csv",
          "summary.json");

  private final String directory;
  private final StoredReview review;
  private final ReviewSettings base;
  private final AtomicLong replayed = new AtomicLong();
  private final LongConsumer sofar;
  private final AtomicLong answered = new AtomicLong();

  /** Begins to read what every what-if needs, while its question is still being read. */
  public static void ahead() {
    ForkJoinPool.commonPool().execute(Catalog::standard);
    ForkJoinPool.commonPool().execute(PriceBook::standard);
  }

  /**
   * Reads a review directory.
   *
   * @param sofar told after every replay how many there were, by any thread
   */
  public WhatIf(String directory, LongConsumer sofar) {
    this(directory, directory, sofar);
  }

  /** Reads a review that may have been copied to this machine. */
  public WhatIf(LocalReview review, LongConsumer sofar) {
    this(review.directory().toString(), review.calls(), sofar);
  }

  private WhatIf(String directory, String calls, LongConsumer sofar) {
    this.sofar = sofar;
    // A person waits for the answer, so files are read while they are still being checked.
    CompletableFuture<Void> checked =
        CompletableFuture.runAsync(() -> Outputs.require(Path.of(directory), NEEDED::contains));
    this.directory = directory;
    try {
      StoredReview.Settings stored = StoredReview.settings(directory, calls);
      CompletableFuture<Catalog> catalog =
          CompletableFuture.supplyAsync(() -> Catalog.parse(stored.catalog()));
      CompletableFuture<PriceBook> prices =
          CompletableFuture.supplyAsync(() -> PriceBook.parse(stored.prices()));
      this.review = StoredReview.read(directory, stored);
      this.base =
          new ReviewSettings(
              Policy.parse(stored.policy()),
              stored.evaluations(),
              Assumptions.parse(stored.assumptions(), directory + "/settings.json /assumptions"),
              join(catalog),
              join(prices));
    } catch (RuntimeException e) {
      // What is damaged is said as the check says it.
      join(checked);
      throw e;
    }
    join(checked);
  }

  /** Replays that were not known and had to be run. */
  public long replayed() {
    return replayed.get();
  }

  /** The month under review. */
  public String month() {
    return review.settings().period().month().toString();
  }

  /** What the review decided, then the decision under each scenario. */
  public List<Comparison.Decided> compare(List<Scenario> scenarios) {
    CompletableFuture<Comparison.Decided> asWritten = CompletableFuture.supplyAsync(this::review);
    List<CompletableFuture<Comparison.Decided>> columns = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      ReviewSettings settings = settings(scenario);
      columns.add(CompletableFuture.supplyAsync(() -> column(settings)));
    }
    columns.add(0, asWritten);
    return columns.stream().map(WhatIf::join).toList();
  }

  /**
   * The review decided again under its own settings, as the files need it that people take away.
   *
   * @throws InvalidInput if a file that it takes is missing or damaged
   */
  public Reviewed reviewed() {
    Outputs.require(
        Path.of(directory), Set.of(KeptFile.HOURS.path(), KeptFile.SPEND_OF_DAYS.path())::contains);
    return new Reviewed(
        StoredReview.tree(directory, KeptFile.MANIFEST).path("review_id").asText(),
        ProgramVersion.text(),
        review.settings().period(),
        decide(base, w -> true, true),
        new Reviewed.Settings(
            base.catalog(), base.prices(), base.policy(), base.evaluations(), base.assumptions()),
        StoredReview.tree(directory, KeptFile.SUMMARY),
        StoredReview.spendOfDays(directory),
        StoredReview.hours(directory),
        (key, some) ->
            TapeReader.someAtATime(
                key,
                review.settings().parts().getOrDefault(key, List.of()),
                LocalReplays::open,
                review.settings().period().fromMicros(),
                review.settings().period().toMicros(),
                some),
        StoredReview.answers(directory),
        Reviewed.Beside.NONE);
  }

  // A review that another version wrote is decided again, so that both sides are decided by the
  // same program.
  private Comparison.Decided review() {
    try {
      return StoredReview.isOfThisProgram(directory)
          ? Comparison.Decided.written(Path.of(directory))
          : column(base);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + directory, e);
    }
  }

  private Comparison.Decided column(ReviewSettings settings) {
    return Comparison.Decided.of(decide(settings, w -> true, true));
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private ReviewSettings settings(Scenario scenario) {
    ReviewSettings settings =
        scenario.apply(base, review.settings().period().month().plusMonths(1).atDay(1));
    for (String path : scenario.sets().keySet()) {
      if (path.startsWith("workloads.")) {
        checkWorkload(path.substring("workloads.".length(), path.lastIndexOf('.')));
      }
    }
    new CandidatePlanner(settings.catalog(), settings.policy(), settings.evaluations())
        .checkNames();
    return settings;
  }

  private void checkWorkload(String workload) {
    Set<String> names = new HashSet<>();
    review.profiles().forEach(p -> names.add(p.key().workload()));
    if (!names.contains(workload)) {
      throw new InvalidInput(
          "Unknown workload: %s (nearest in this review: %s)"
              .formatted(workload, String.join(", ", NearestNames.of(workload, names, 3))));
    }
  }

  /**
   * The decision on one workload with all hardware that a pattern names as its candidates.
   *
   * @param pattern with * for anything, such as {@code rtx-*}
   */
  public DecideStep.Decision sweep(Scenario scenario, String workload, String pattern) {
    ReviewSettings settings = settings(scenario);
    String name =
        pattern.startsWith("hardware.") ? pattern.substring("hardware.".length()) : pattern;
    Predicate<String> matches =
        Pattern.compile("\\Q" + name.replace("*", "\\E.*\\Q") + "\\E").asMatchPredicate();
    List<String> boxes =
        settings.catalog().hardware().stream().map(HardwareProfile::id).filter(matches).toList();
    if (boxes.isEmpty()) {
      throw new InvalidInput(
          "Invalid --sweep: no hardware is called %s (homeward catalog hardware lists them)"
              .formatted(pattern));
    }
    checkWorkload(workload);
    return decide(
        settings.with(settings.policy().withHardware(workload, boxes)),
        w -> w.key().workload().equals(workload),
        // Whoever sweeps wants every figure, not only the best one.
        false);
  }

  private DecideStep.Decision decide(
      ReviewSettings s, Predicate<WorkloadCase> which, boolean prune) {
    Assumptions a = s.assumptions();
    Pricer pricer = s.pricer();
    ReplaySettings settings = ReplayContext.replaySettings(a, review.settings().period());
    LocalReplays local =
        new LocalReplays(
            review.settings().parts(),
            pricer,
            review.settings().period().fromMicros(),
            review.settings().period().toMicros(),
            settings,
            () -> sofar.accept(answered.incrementAndGet()));
    boolean sameTerms =
        a.api().priceForecastDate().equals(base.assumptions().api().priceForecastDate())
            && a.api().apiDiscountsPercent().equals(base.assumptions().api().apiDiscountsPercent());
    Predicate<WorkloadKey> samePrice =
        key -> sameTerms && s.prices().pricesAlike(key.hostedModel(), base.prices());
    // A review of 0.1.0 did not keep what its calls take of the API; a new price list may divide
    // them otherwise.
    Predicate<WorkloadKey> askedOfAnotherModel =
        key -> s.policy().workloadPolicy(key.workload()).hostedModel().isPresent();
    Predicate<WorkloadKey> asKept = samePrice.and(askedOfAnotherModel.negate());
    Map<WorkloadKey, UseTable> uses =
        local.uses(
            review.profiles().stream()
                .map(WorkloadProfile::key)
                .filter(asKept.negate())
                .collect(Collectors.toSet()));
    List<WorkloadCase> cases = new ArrayList<>();
    for (int i = 0; i < review.profiles().size(); i++) {
      WorkloadProfile profile = review.profiles().get(i);
      WorkloadSpend spend =
          asKept.test(profile.key())
              ? review.spend().get(i)
              : pricer
                  .byDay(
                      uses.get(profile.key()),
                      () -> s.catalog().hostedModels().nearest(profile.key().hostedModel()))
                  .spend();
      WorkloadCase workload =
          WorkloadCase.of(
              profile,
              spend,
              review.settings().period(),
              s.policy(),
              s.catalog().hostedModels().byId(profile.key().hostedModel()),
              a);
      if (which.test(workload)) {
        cases.add(workload);
      }
    }
    CachedReplays replays = new CachedReplays(local, settings, pricer);
    review.replays().forEach(replays::add);
    DecideStep.Decision decision =
        new DecideStep(s.catalog(), pricer, s.policy(), s.evaluations(), a, prune)
            .decide(cases, replays);
    replayed.addAndGet(replays.replayed());
    return decision;
  }
}
