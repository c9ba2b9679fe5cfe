package dev.homeward.store;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.PriceBook;
import dev.homeward.decision.Verdict;
import dev.homeward.economics.Assumptions;
import dev.homeward.files.Files;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.Decisions;
import dev.homeward.keeping.Fleet;
import dev.homeward.keeping.KeptFile;
import dev.homeward.keeping.KeptSettings;
import dev.homeward.keeping.Replayed;
import dev.homeward.policy.Policy;
import dev.homeward.pricing.ApiQuote;
import dev.homeward.pricing.Discounts;
import dev.homeward.pricing.Pricer;
import dev.homeward.pricing.WorkloadSpend;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.report.Promise;
import dev.homeward.units.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What the plan of a review promised, read from its files. */
public final class Promises {
  private final String reviewId;
  private final Decisions decisions;
  private final Policy policy;
  private final Assumptions assumptions;
  private final Pricer pricer;
  private final Map<WorkloadKey, WorkloadSpend> spend = new TreeMap<>();

  private Promises(Files files, String review) {
    String manifest = files.child(review, Outputs.MANIFEST);
    this.reviewId = Outputs.parse(text(files, manifest), manifest).path("review_id").asText();
    this.decisions = Reviews.decisions(files, review);
    String settings = files.child(review, KeptFile.SETTINGS.path());
    KeptSettings kept =
        Codec.file(KeptFile.SETTINGS, text(files, settings), KeptSettings.class, settings);
    this.policy = Policy.parse(kept.policy());
    this.assumptions = Assumptions.parse(kept.assumptions(), settings);
    this.pricer =
        new Pricer(
            PriceBook.parse(kept.prices()),
            assumptions.api().priceForecastDate(),
            Discounts.of(assumptions.api().apiDiscountsPercent()));
    String spent = files.child(review, KeptFile.SPEND.path());
    Codec.lines(KeptFile.SPEND, text(files, spent).lines().toList(), WorkloadSpend.class, spent)
        .forEach(s -> spend.put(s.key(), s));
  }

  /**
   * The moves of a review's plan.
   *
   * @throws InvalidInput if the directory is no review, or its files are damaged
   */
  public static List<Promise> of(Files files, String review) {
    Promises promises = new Promises(files, review);
    List<Promise> of = new ArrayList<>();
    try {
      for (Decisions.Workload w : promises.decisions.workloads()) {
        w.plan().ifPresent(move -> of.add(promises.of(w, move)));
      }
      return of;
    } catch (IllegalArgumentException
        | DateTimeException
        | NullPointerException
        | NoSuchElementException e) {
      throw new InvalidInput(
          "Cannot read %s: it is damaged (%s). Take a copy of the review, or make it again"
              .formatted(files.child(review, KeptFile.DECISIONS.path()), e.getMessage()),
          e);
    }
  }

  private static String text(Files files, String path) {
    try {
      return files.read(path);
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new InvalidInput(
          "Cannot read %s: it is missing; is this a review directory?".formatted(path), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
  }

  private Promise of(Decisions.Workload w, Decisions.Move move) {
    WorkloadKey key =
        new WorkloadKey(w.cell("workload"), w.cell("hosted_model"), w.cell("data_class"));
    Optional<Served> served = shared(key).or(() -> alone(w, move));
    boolean isShared = served.isPresent() && served.get().workloads > 1;
    Optional<Fleet.Times> times = isShared ? Optional.empty() : served.map(s -> s.replay.times());
    Optional<Fleet.Options> limits = isShared ? limits(w) : Optional.empty();
    double days = YearMonth.parse(decisions.reviewMonth()).lengthOfMonth();
    return new Promise(
        decisions.reviewMonth(),
        reviewId,
        key,
        move.on().or(() -> served.map(Served::on)).map(Decisions.On::localModel).orElse(""),
        move.on().or(() -> served.map(Served::on)).map(Decisions.On::hardware).orElse(""),
        number(w, "calls").orElse(0) / decisions.coverage() / days,
        served.isPresent() ? overflowShare(served.get().replay.work()) : OptionalDouble.empty(),
        millis(
            times
                .map(Fleet.Times::ttftP95Us)
                .or(() -> limit(limits, Fleet.Options::ttftP95LimitUs))),
        millis(
            times
                .map(Fleet.Times::tpotP95Us)
                .or(() -> limit(limits, Fleet.Options::tpotP95LimitUs))),
        millis(
            times.map(Fleet.Times::e2eP95Us).or(() -> limit(limits, Fleet.Options::e2eP95LimitUs))),
        served.map(Served::workloads).orElse(1),
        OptionalDouble.of(move.marginalSavingUsd()),
        fleetUsd(w, move, served),
        Optional.ofNullable(spend.get(key)).flatMap(WorkloadSpend::use).orElse(List.of()),
        assumptions.serving().promptTokenRatio(),
        assumptions.serving().outputTokenRatio());
  }

  // Each workload of a fleet was held to its own limits, as alone; what a fleet's replay says
  // besides is of all its calls, those that may wait till the morning among them.
  private static Optional<Fleet.Options> limits(Decisions.Workload w) {
    return Stream.concat(w.chosen().stream(), w.alternatives().stream())
        .flatMap(a -> a.replay().stream())
        .map(Fleet::options)
        .findFirst();
  }

  private static Optional<OptionalLong> limit(
      Optional<Fleet.Options> limits, ToLongFunction<Fleet.Options> which) {
    return limits
        .map(which::applyAsLong)
        .map(us -> us == ServiceLevel.NONE ? OptionalLong.empty() : OptionalLong.of(us));
  }

  /**
   * What was replayed.
   *
   * @param workloads on the fleet
   * @param overflowUsd a month, this workload's part of what overflows; empty if it has no price
   */
  private record Served(Decisions.On on, Fleet replay, int workloads, OptionalDouble overflowUsd) {}

  /** The plan's fleet that has this workload, with all others on it. */
  private Optional<Served> shared(WorkloadKey key) {
    return decisions.planFleets().orElse(List.of()).stream()
        .filter(fleet -> fleet.workloads().contains(Replayed.Key.of(key)))
        .findFirst()
        .map(
            fleet ->
                new Served(fleet.on(), fleet.replay(), fleet.workloads().size(), part(fleet, key)));
  }

  // By what its workloads pay the API, as the plan divides its saving.
  private OptionalDouble part(Decisions.PlanFleet fleet, WorkloadKey key) {
    if (!(pricer.quote(fleet.replay().replayed().result().apiUse())
        instanceof ApiQuote.Known known)) {
      return OptionalDouble.empty();
    }
    double all = 0;
    for (Replayed.Key of : fleet.workloads()) {
      OptionalDouble forecast = forecastUsd(of.key());
      if (forecast.isEmpty()) {
        return known.usd() == 0 ? OptionalDouble.of(0) : OptionalDouble.empty();
      }
      all += forecast.getAsDouble();
    }
    return OptionalDouble.of(
        all == 0 ? 0 : known.usd() / decisions.coverage() * forecastUsd(key).orElse(0) / all);
  }

  private OptionalDouble forecastUsd(WorkloadKey key) {
    return decisions.workloads().stream()
        .filter(
            w ->
                key.equals(
                    new WorkloadKey(
                        w.cell("workload"), w.cell("hosted_model"), w.cell("data_class"))))
        .findFirst()
        .map(w -> number(w, "api_forecast_usd"))
        .orElse(OptionalDouble.empty());
  }

  /** In older reviews: the plan's deployment with this workload alone on it. */
  private static Optional<Served> alone(Decisions.Workload w, Decisions.Move move) {
    return Stream.concat(w.chosen().stream(), w.alternatives().stream())
        .filter(a -> a.replay().isPresent())
        .filter(a -> move.on().map(on(a)::equals).orElse(true))
        .findFirst()
        .map(a -> new Served(on(a), a.replay().orElseThrow(), 1, a.overflowUsd()));
  }

  private static Decisions.On on(Decisions.Weighed a) {
    return new Decisions.On(a.localModel(), a.quantization(), a.engine(), a.hardware());
  }

  private static OptionalDouble overflowShare(Fleet.Work work) {
    return work.calls() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) (work.overflowCalls() + work.tooLongCalls()) / work.calls());
  }

  // What it costs in the plan, less what of that is paid to the API.
  private OptionalDouble fleetUsd(
      Decisions.Workload w, Decisions.Move move, Optional<Served> served) {
    OptionalDouble forecast = number(w, "api_forecast_usd");
    OptionalDouble overflow =
        served.isPresent() ? served.get().overflowUsd : OptionalDouble.empty();
    if (forecast.isEmpty() || overflow.isEmpty()) {
      return OptionalDouble.empty();
    }
    double hard =
        w.cell("verdict").equals(Verdict.MUST_MOVE.name())
            ? 0
            : policy.workloadPolicy(w.cell("workload")).hardestShareAtApi();
    return OptionalDouble.of(
        forecast.getAsDouble() * (1 - hard) - move.marginalSavingUsd() - overflow.getAsDouble());
  }

  private static OptionalDouble millis(Optional<OptionalLong> micros) {
    return micros.isPresent() && micros.get().isPresent()
        ? OptionalDouble.of(micros.get().getAsLong() / 1000.0)
        : OptionalDouble.empty();
  }

  private static OptionalDouble number(Decisions.Workload w, String column) {
    String text = w.cell(column);
    return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(text));
  }
}
