package dev.homeward.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.homeward.calls.DailyCalls;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.calls.WorkloadProfiler;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.decision.CachedReplays;
import dev.homeward.decision.DecideStep;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.pricing.DailyUse;
import dev.homeward.pricing.Discounts;
import dev.homeward.pricing.Pricer;
import dev.homeward.pricing.WorkloadSpend;
import dev.homeward.report.Csv;
import dev.homeward.report.DecisionsJson;
import dev.homeward.report.PlanFiles;
import dev.homeward.report.RankingParquet;
import dev.homeward.report.RankingRows;
import dev.homeward.report.Reconciliation;
import dev.homeward.report.ReconciliationFiles;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A review, whole: ingest, profile and price, replay, decide, report, commit. Every stage writes
 * its dataset into the review directory.
 */
public final class ReviewJob {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final ReviewOptions options;
  private final Progress progress;

  public ReviewJob(ReviewOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * How a review ended.
   *
   * @param directory the review
   * @param unchanged the same review was there already, and nothing was done
   * @param text what to show
   * @param anythingFeasible whether any workload has a local alternative
   */
  public record Outcome(
      String directory, boolean unchanged, String text, boolean anythingFeasible) {}

  /**
   * Makes the review.
   *
   * @throws InvalidInput if the input cannot be used; nothing is written then
   */
  public Outcome run() {
    ReviewInputs inputs = ReviewInputs.read(options, progress);
    Optional<String> known = directoryIfKnown(inputs);
    if (known.isPresent() && !options.force()) {
      ReviewDirectory existing = new ReviewDirectory(known.get());
      existing.checkReplaceable();
      if (existing.reviewId().equals(Optional.of(inputs.reviewId()))) {
        return new Outcome(
            known.get(),
            true,
            "Nothing to do: %s is this very review (id %s: same logs, settings, catalog and program)."
                    .formatted(known.get(), inputs.reviewId())
                + " Use --force to make it again.\n",
            true);
      }
    }
    progress.done("read settings and %d log files", inputs.files().size());
    try (JavaSparkContext spark = Sessions.start(options.master())) {
      progress.done("started Spark %s (%s)", spark.version(), spark.master());
      return run(inputs, spark);
    }
  }

  // Without --out and --month the directory depends on the log's months; the note of an earlier run
  // beside the reviews says which one these inputs led to.
  private Optional<String> directoryIfKnown(ReviewInputs inputs) {
    if (options.out().isPresent()) {
      return options.out();
    }
    if (inputs.month().isPresent()) {
      return Optional.of("reviews/" + inputs.month().get());
    }
    java.nio.file.Path reviews = java.nio.file.Path.of("reviews");
    if (!java.nio.file.Files.isDirectory(reviews)) {
      return Optional.empty();
    }
    try (var children = java.nio.file.Files.list(reviews)) {
      return children
          .map(java.nio.file.Path::toString)
          .sorted()
          .filter(p -> new ReviewDirectory(p).reviewId().equals(Optional.of(inputs.reviewId())))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + reviews, e);
    }
  }

  private Outcome run(ReviewInputs inputs, JavaSparkContext spark) {
    String first = options.out().orElse("reviews/" + inputs.reviewId());
    ReviewDirectory place = new ReviewDirectory(first);
    if (options.out().isPresent()) {
      place.checkReplaceable();
    }
    Path staging = place.stage(inputs.reviewId());
    boolean committed = false;
    try {
      IngestResult ingested = ingest(inputs, spark, staging);
      ReviewPeriod period = period(inputs, ingested);
      List<DailyUse> days = new ArrayList<>();
      List<WorkloadCase> cases = profile(inputs, spark, ingested, period, days);
      if (ingested.usage().isToCompare()) {
        Reconciliation compared = Reconciliation.of(ingested.usage().reports(), days, period);
        ingested = ingested.with(ingested.usage().with(compared));
      }
      writeWorkloads(staging, cases);
      progress.done("priced %d workloads of %s", cases.size(), period.month());
      Decided decided = decide(inputs, spark, ingested, period, cases);
      Report report = new Report(inputs, ingested, period, decided.decision());
      write(staging, report);
      write(new Path(staging, "replays/replays.jsonl"), StoredReview.replays(decided.replays()));
      write(
          new Path(staging, "settings.json"),
          StoredReview.settings(inputs, period, keyParts(ingested, period), staging.toString()));
      ReviewDirectory target =
          options.out().isPresent() ? place : new ReviewDirectory("reviews/" + period.month());
      target.checkReplaceable();
      // A speculative attempt may have ended after the others.
      IngestJob.removeOthers(new Path(staging, "calls").toString(), ingested.parts());
      target.commit(staging);
      committed = true;
      progress.done("wrote %s", target.path());
      return new Outcome(target.path().toString(), false, report.text(), report.anythingFeasible());
    } finally {
      if (!committed) {
        place.discard(staging);
      }
    }
  }

  private IngestResult ingest(ReviewInputs inputs, JavaSparkContext spark, Path staging) {
    IngestJob job = new IngestJob(spark, partitions(inputs, spark), progress);
    IngestResult result =
        job.run(
            inputs.files(),
            LogInputs.settings(options.log(), inputs.files(), inputs.policy(), inputs.catalog()),
            new Path(staging, "calls").toString());
    FileCounts total = result.total();
    progress.done(
        "read %,d records%s = %,d calls + %,d duplicates + %,d no calls + %,d rejected%s",
        total.records,
        Report.madeUp(total),
        total.calls,
        total.duplicates,
        total.ignored,
        total.rejected,
        Report.buckets(total));
    if (total.calls == 0 && result.usage().alone() && total.buckets > 0) {
      throw new InvalidInput(result.usage().whyNoCalls());
    }
    if (total.calls == 0) {
      throw new InvalidInput(
          String.format(
              Locale.ROOT,
              "Cannot review: the log holds no calls (%,d records, %,d rejected%s)",
              total.records,
              total.rejected,
              total.rejectedByReason.isEmpty() ? "" : ": " + total.rejectedByReason));
    }
    return result;
  }

  private int partitions(ReviewInputs inputs, JavaSparkContext spark) {
    return options.partitions() > 0
        ? options.partitions()
        : IngestJob.partitions(inputs.files(), spark);
  }

  private static ReviewPeriod period(ReviewInputs inputs, IngestResult ingested) {
    return ReviewPeriod.of(
        ingested.firstMicros(),
        ingested.lastMicros(),
        inputs.month(),
        inputs.zone(),
        (from, to) -> {
          // Exact where the log begins or ends inside the month, which is the only case asked for:
          // a slice may reach over the month's edge, and is then clipped to it.
          long first = Math.max(from, ingested.firstMicros());
          long last = Math.min(to - 1, ingested.lastMicros());
          return new long[] {first, last};
        });
  }

  /** A workload key and the parts that hold its calls. */
  record KeyParts(String workload, String hostedModel, String dataClass, List<String> parts)
      implements Serializable {
    WorkloadKey key() {
      return new WorkloadKey(workload, hostedModel, dataClass);
    }
  }

  private static List<KeyParts> keyParts(IngestResult ingested, ReviewPeriod period) {
    TreeMap<WorkloadKey, List<String>> parts = new TreeMap<>();
    for (IngestResult.Part part : ingested.parts()) {
      for (IngestResult.Slice slice : part.keys()) {
        if (slice.lastMicros() >= period.fromMicros() && slice.firstMicros() < period.toMicros()) {
          parts.computeIfAbsent(slice.key(), k -> new ArrayList<>()).add(part.path());
        }
      }
    }
    List<KeyParts> keys = new ArrayList<>();
    parts.forEach(
        (key, files) ->
            keys.add(
                new KeyParts(
                    key.workload(),
                    key.hostedModel(),
                    key.dataClass(),
                    files.stream().distinct().sorted().toList())));
    return keys;
  }

  private static TreeMap<WorkloadKey, List<String>> allParts(IngestResult ingested) {
    TreeMap<WorkloadKey, List<String>> parts = new TreeMap<>();
    for (IngestResult.Part part : ingested.parts()) {
      for (IngestResult.Slice slice : part.keys()) {
        List<String> files = parts.computeIfAbsent(slice.key(), k -> new ArrayList<>());
        if (!files.contains(part.path())) {
          files.add(part.path());
        }
      }
    }
    return parts;
  }

  private List<WorkloadCase> profile(
      ReviewInputs inputs,
      JavaSparkContext spark,
      IngestResult ingested,
      ReviewPeriod period,
      List<DailyUse> days) {
    List<KeyParts> keys = keyParts(ingested, period);
    List<String> books = inputs.prices().userDocuments();
    List<String> catalogs = inputs.catalog().userDocuments();
    String forecastDay =
        inputs.assumptions().priceForecastDate().map(LocalDate::toString).orElse(null);
    TreeMap<String, BigDecimal> discounts =
        new TreeMap<>(inputs.assumptions().apiDiscountsPercent());
    long from = period.fromMicros();
    long to = period.toMicros();
    // A trend wants the whole log, where it begins before the month.
    boolean older = ingested.firstMicros() < from;
    TreeMap<WorkloadKey, List<String>> whole = older ? allParts(ingested) : new TreeMap<>();
    boolean compare = ingested.usage().isToCompare();
    spark.setJobGroup("profile", "profile and price workloads");
    List<String> results =
        spark
            .parallelize(keys, Math.min(keys.size(), spark.defaultParallelism() * 2))
            .mapPartitions(
                mine -> {
                  Pricer pricer =
                      new Pricer(
                          PriceBook.parse(books),
                          Optional.ofNullable(forecastDay).map(LocalDate::parse),
                          Discounts.of(discounts));
                  Catalog catalog = Catalog.parse(catalogs);
                  List<String> done = new ArrayList<>();
                  while (mine.hasNext()) {
                    KeyParts key = mine.next();
                    Tape tape = TapeReader.read(key.key(), key.parts(), from, to);
                    List<String> all = whole.get(key.key());
                    DailyCalls trend =
                        DailyCalls.of(
                            all == null
                                ? tape
                                : TapeReader.read(key.key(), all, Long.MIN_VALUE, to));
                    done.add(Wire.write(WorkloadProfiler.profile(tape, trend)));
                    done.add(
                        Wire.write(
                            pricer.price(tape, catalog.hostedModels().nearest(key.hostedModel()))));
                    done.add(
                        compare
                            ? Wire.write(DailyUse.of(tape, pricer).toArray(DailyUse[]::new))
                            : "[]");
                  }
                  return done.iterator();
                })
            .collect();
    List<WorkloadCase> cases = new ArrayList<>();
    for (int i = 0; i < results.size(); i += 3) {
      WorkloadProfile profile = Wire.read(results.get(i), WorkloadProfile.class);
      WorkloadSpend spend = Wire.read(results.get(i + 1), WorkloadSpend.class);
      days.addAll(List.of(Wire.read(results.get(i + 2), DailyUse[].class)));
      if (profile.calls() + profile.failures() + profile.cacheHits() > 0) {
        cases.add(
            WorkloadCase.of(
                profile,
                spend,
                period,
                inputs.policy(),
                inputs.catalog().hostedModels().byId(profile.key().hostedModel()),
                inputs.assumptions()));
      }
    }
    return cases;
  }

  private Decided decide(
      ReviewInputs inputs,
      JavaSparkContext spark,
      IngestResult ingested,
      ReviewPeriod period,
      List<WorkloadCase> cases) {
    Map<WorkloadKey, List<String>> parts = new TreeMap<>();
    keyParts(ingested, period).forEach(k -> parts.put(k.key(), k.parts()));
    SparkReplays.Settings settings = replaySettings(inputs, period);
    SparkReplays onCluster = new SparkReplays(spark, settings, parts);
    CachedReplays replays = new CachedReplays(onCluster, settings.replay());
    DecideStep.Decision decision =
        new DecideStep(
                inputs.catalog(), inputs.policy(), inputs.evaluations(), inputs.assumptions())
            .decide(cases, replays);
    progress.done(
        "decided on %d workloads: %,d fleets weighed, %,d replays",
        cases.size(), decision.fleets(), replays.replayed());
    long before = replays.replayed();
    try {
      int questions = LikelyQuestions.ask(inputs, period, cases, decision, replays);
      progress.done(
          "asked %d likely questions about money ahead: %,d replays more",
          questions, replays.replayed() - before);
    } catch (RuntimeException e) {
      // The decision stands; only a later what-if takes longer.
      progress.done("stopped asking likely questions about money ahead: %s", e.getMessage());
    }
    return new Decided(decision, replays.entries());
  }

  /** What was decided, and the replays it rests on. */
  private record Decided(DecideStep.Decision decision, List<CachedReplays.Entry> replays) {}

  private static SparkReplays.Settings replaySettings(ReviewInputs inputs, ReviewPeriod period) {
    return new SparkReplays.Settings(
        inputs.catalog().userDocuments(),
        inputs.prices().userDocuments(),
        inputs.assumptions().priceForecastDate().map(LocalDate::toString).orElse(null),
        new TreeMap<>(inputs.assumptions().apiDiscountsPercent()),
        period.fromMicros(),
        period.toMicros(),
        StoredReview.replaySettings(inputs.assumptions(), period));
  }

  private static void writeWorkloads(Path staging, List<WorkloadCase> cases) {
    StringBuilder profiles = new StringBuilder();
    StringBuilder spend = new StringBuilder();
    for (WorkloadCase workload : cases) {
      profiles.append(Wire.write(workload.profile())).append('\n');
      spend.append(Wire.write(workload.spend())).append('\n');
    }
    write(new Path(staging, "workloads/workloads.jsonl"), profiles.toString());
    write(new Path(staging, "spend/spend.jsonl"), spend.toString());
  }

  private void write(Path staging, Report report) {
    write(
        new Path(staging, "rejected/rejected.jsonl"),
        RejectedLog.lines(report.ingested().counts()));
    write(new Path(staging, "replays/hours.jsonl"), report.hours());
    write(new Path(staging, "plan.csv"), PlanFiles.plan(report.plan()));
    write(new Path(staging, "violations.csv"), PlanFiles.violations(report.ranking()));
    write(
        new Path(staging, "decisions.json"),
        pretty(DecisionsJson.of(report.ranking(), report.period())));
    report
        .ingested()
        .usage()
        .reconciliation()
        .ifPresent(r -> write(new Path(staging, "reconciliation.csv"), ReconciliationFiles.csv(r)));
    var rows = RankingRows.of(report.ranking());
    write(new Path(staging, "ranking.csv"), Csv.ranking(rows));
    try {
      RankingParquet.write(
          rows,
          HadoopOutputFile.fromPath(new Path(staging, "ranking.parquet"), Storage.configuration()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write ranking.parquet", e);
    }
    write(new Path(staging, "summary.json"), pretty(report.summary()));
    write(new Path(staging, "manifest.json"), pretty(report.manifest(options)));
  }

  static String pretty(JsonNode json) {
    try {
      return JSON.writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Path path, String text) {
    try {
      Storage.write(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
  }

  /** The summary of a review, as JSON. */
  public static String summary(String review) {
    Path path = new Path(review, "summary.json");
    try {
      return Storage.read(path);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
  }

  /** The decisions of a review, for explain. */
  public static JsonNode decisions(String review) {
    Path path = new Path(review, "decisions.json");
    try {
      return new JsonMapper().readTree(Storage.read(path));
    } catch (java.io.FileNotFoundException e) {
      throw new InvalidInput("Cannot read %s: it is not a review directory".formatted(review), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
  }

  /** The last review under reviews/, by month. */
  public static Optional<String> lastReview() {
    java.nio.file.Path reviews = java.nio.file.Path.of("reviews");
    if (!java.nio.file.Files.isDirectory(reviews)) {
      return Optional.empty();
    }
    try (var children = java.nio.file.Files.list(reviews)) {
      return children
          .filter(p -> java.nio.file.Files.isRegularFile(p.resolve("manifest.json")))
          .map(java.nio.file.Path::toString)
          .max(String::compareTo);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + reviews, e);
    }
  }
}
