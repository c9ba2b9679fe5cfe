package dev.homeward.review;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.catalog.HostedModels;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.economics.Assumptions;
import dev.homeward.files.Files;
import dev.homeward.ingest.IngestResult;
import dev.homeward.pricing.DailyUse;
import dev.homeward.pricing.SpendOfDay;
import dev.homeward.report.Reconciliation;
import dev.homeward.report.Reviewed;
import dev.homeward.settings.ReviewSettings;
import dev.homeward.workers.ProfileStep;
import dev.homeward.workers.TapeReader;
import dev.homeward.workers.Workers;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the workloads of a month are and cost.
 *
 * @param cases workloads with calls that an API answered, by key
 * @param local workloads whose calls a server of one's own answered: they cost nothing at an API
 *     and there is nothing to bring home
 * @param days their use by day, where usage reports are there to be compared
 * @param spendOfDays what they spent by day, by key
 * @param parts files of calls/ with calls of the month, by workload
 */
record ProfileStage(
    List<WorkloadCase> cases,
    List<WorkloadProfile> local,
    List<DailyUse> days,
    List<SpendOfDay.OfWorkload> spendOfDays,
    Map<WorkloadKey, List<String>> parts) {

  /** Reads the calls of the month again, for what needs single ones. */
  Reviewed.Calls calls(Files files, ReviewPeriod period) {
    return (key, some) ->
        TapeReader.someAtATime(
            key,
            parts.getOrDefault(key, List.of()),
            files::parquetInput,
            period.fromMicros(),
            period.toMicros(),
            some);
  }

  static ProfileStage of(
      ReviewInputs inputs, Workers workers, IngestResult ingested, ReviewPeriod period) {
    ReviewSettings settings = inputs.settings();
    Assumptions assumptions = settings.assumptions();
    long sinceMicros = Math.min(ingested.callDays().bulk().firstMicros(), period.fromMicros());
    ProfileStep step =
        new ProfileStep(
            settings.prices().userDocuments(),
            settings.catalog().userDocuments(),
            assumptions.api().priceForecastDate().map(LocalDate::toString).orElse(null),
            new TreeMap<>(assumptions.api().apiDiscountsPercent()),
            period.fromMicros(),
            period.toMicros(),
            sinceMicros,
            ingested.usage().isToCompare());
    List<WorkloadCase> cases = new ArrayList<>();
    List<WorkloadProfile> local = new ArrayList<>();
    List<DailyUse> days = new ArrayList<>();
    List<SpendOfDay.OfWorkload> spendOfDays = new ArrayList<>();
    for (ProfileStep.Profiled of :
        workers.profiles(files(ingested, sinceMicros, period.toMicros()), step)) {
      if (HostedModels.isLocal(of.profile().key().hostedModel())) {
        local.add(of.profile());
        continue;
      }
      days.addAll(of.days());
      if (!of.spendOfDays().isEmpty()) {
        spendOfDays.add(new SpendOfDay.OfWorkload(of.profile().key(), of.spendOfDays()));
      }
      if (of.profile().calls() + of.profile().failures() + of.profile().cacheHits() > 0) {
        cases.add(
            WorkloadCase.of(
                of.profile(),
                of.spend(),
                period,
                settings.policy(),
                settings.catalog().hostedModels().byId(of.profile().key().hostedModel()),
                assumptions));
      }
    }
    return new ProfileStage(cases, local, days, spendOfDays, parts(ingested, period));
  }

  /** What was read, with usage reports held against the calls where there are some. */
  IngestResult compared(IngestResult ingested, ReviewPeriod period) {
    if (!ingested.usage().isToCompare()) {
      return ingested;
    }
    return ingested.with(
        ingested.usage().with(Reconciliation.of(ingested.usage().reports(), days, period)));
  }

  /** Where the files of calls/ lie once they are those of a review. */
  Map<WorkloadKey, List<String>> partsIn(String review) {
    Map<WorkloadKey, List<String>> moved = new TreeMap<>();
    parts.forEach(
        (key, files) ->
            moved.put(
                key,
                files.stream()
                    .map(file -> review + file.substring(file.lastIndexOf("/calls/")))
                    .toList()));
    return moved;
  }

  /** Files with calls in a window. */
  private static List<String> files(IngestResult ingested, long fromMicros, long toMicros) {
    return ingested.parts().stream()
        .filter(part -> part.keys().stream().anyMatch(of -> of.isIn(fromMicros, toMicros)))
        .map(IngestResult.Part::path)
        .toList();
  }

  /** The workloads with calls in the month, and where these lie. */
  private static Map<WorkloadKey, List<String>> parts(IngestResult ingested, ReviewPeriod period) {
    TreeMap<WorkloadKey, List<String>> ofMonth = new TreeMap<>();
    for (IngestResult.Part part : ingested.parts()) {
      for (IngestResult.Slice slice : part.keys()) {
        if (slice.isIn(period.fromMicros(), period.toMicros())) {
          ofMonth.computeIfAbsent(slice.key(), k -> new ArrayList<>()).add(part.path());
        }
      }
    }
    ofMonth.replaceAll((key, parts) -> parts.stream().distinct().sorted().toList());
    return ofMonth;
  }
}
