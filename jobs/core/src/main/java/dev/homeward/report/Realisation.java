package dev.homeward.report;

import dev.homeward.calls.ApiUse;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.pricing.ApiQuote;
import dev.homeward.pricing.Pricer;
import dev.homeward.report.Realised.Column;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Holds the calls that servers of one's own answered against what earlier reviews promised.
 *
 * <p>A move is told by workload and data class: its hosted model is gone, and what a gateway calls
 * the local one is not always the catalog's name of it. Where a plan moves one workload and class
 * onto several local models, the names decide.
 *
 * <p>The saving realised is what the month's local calls would have cost at the API, less the part
 * of the fleet's cost that the promise bears. The first: the tokens of the promise's month by tier,
 * cache and length of prompt, scaled to the tokens that the local model counted (over the ratio of
 * the tokenizers that was assumed), at the prices announced now. A log does not hold what a fleet
 * costs, so the second stays as promised.
 */
public final class Realisation {
  private record Group(String workload, String dataClass) implements Comparable<Group> {
    private static final Comparator<Group> ORDER =
        Comparator.comparing(Group::workload).thenComparing(Group::dataClass);

    static Group of(WorkloadKey key) {
      return new Group(key.workload(), key.dataClass());
    }

    @Override
    public int compareTo(Group other) {
      return ORDER.compare(this, other);
    }
  }

  private final Map<Group, List<WorkloadProfile>> open = new TreeMap<>();
  private final Map<WorkloadKey, WorkloadCase> api = new TreeMap<>();
  private final ReviewPeriod period;
  private final Pricer pricer;
  private final List<Realised> rows = new ArrayList<>();

  /**
   * @param local workloads whose calls servers of one's own answered
   * @param api those that an API answered, in the same month
   */
  public Realisation(
      List<WorkloadProfile> local, List<WorkloadCase> api, ReviewPeriod period, Pricer pricer) {
    local.stream()
        .filter(w -> w.calls() + w.failures() > 0)
        .forEach(w -> open.computeIfAbsent(Group.of(w.key()), g -> new ArrayList<>()).add(w));
    api.forEach(w -> this.api.put(w.key(), w));
    this.period = period;
    this.pricer = pricer;
  }

  /** Whether there are local calls left whose promise has not been found. */
  public boolean isOpen() {
    return !open.isEmpty();
  }

  /** Whether a review promised any of the moves whose promise has not been found yet. */
  public boolean isPromisedBy(List<Promise> promises) {
    return promises.stream().anyMatch(p -> open.containsKey(Group.of(p.key())));
  }

  /**
   * Takes the promises of a review: those of moves that are still open become rows.
   *
   * @param unmade whether moves of which no call was served locally become rows too
   */
  public void take(List<Promise> promises, Unmade unmade) {
    Map<Group, Map<String, List<Promise>>> byGroup = new TreeMap<>();
    for (Promise p : promises) {
      byGroup
          .computeIfAbsent(Group.of(p.key()), g -> new TreeMap<>())
          .computeIfAbsent(p.localModel(), m -> new ArrayList<>())
          .add(p);
    }
    byGroup.forEach(
        (group, byModel) -> {
          List<WorkloadProfile> served = open.getOrDefault(group, List.of());
          Set<WorkloadProfile> left = new LinkedHashSet<>(served);
          byModel.forEach(
              (model, of) -> {
                List<WorkloadProfile> mine =
                    byModel.size() == 1
                        ? served
                        : left.stream().filter(w -> isNamed(w.key(), model)).toList();
                left.removeAll(mine);
                if (!mine.isEmpty() || unmade == Unmade.SHOWN) {
                  rows.add(row(of, mine));
                }
              });
          if (left.isEmpty()) {
            open.remove(group);
          } else {
            open.put(group, new ArrayList<>(left));
          }
        });
  }

  /** Whether moves that were promised and not made are rows. */
  public enum Unmade {
    SHOWN,
    LEFT_OUT
  }

  /** All rows: what was promised, then local calls that nobody promised; by workload. */
  public List<Realised> rows() {
    List<Realised> all = new ArrayList<>(rows);
    open.values().forEach(served -> all.add(unpromised(served)));
    all.sort(
        Comparator.comparing((Realised r) -> r.text(Column.WORKLOAD))
            .thenComparing(r -> r.text(Column.DATA_CLASS))
            .thenComparing(r -> r.text(Column.LOCAL_MODEL)));
    return all;
  }

  // llama-3.1-8b answers as local/Llama-3.1-8B-Instruct-AWQ.
  private static boolean isNamed(WorkloadKey key, String model) {
    return letters(key.hostedModel()).contains(letters(model));
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  private Realised unpromised(List<WorkloadProfile> served) {
    Map<Column, Object> cells = new EnumMap<>(Column.class);
    WorkloadKey key = served.get(0).key();
    cells.put(Column.WORKLOAD, key.workload());
    cells.put(Column.DATA_CLASS, key.dataClass());
    measured(cells, served);
    cells.put(Column.NOTE, "no earlier review promised it");
    return new Realised(cells);
  }

  private Realised row(List<Promise> promises, List<WorkloadProfile> served) {
    Map<Column, Object> cells = new EnumMap<>(Column.class);
    Promise first = promises.get(0);
    cells.put(Column.WORKLOAD, first.key().workload());
    cells.put(Column.DATA_CLASS, first.key().dataClass());
    cells.put(
        Column.HOSTED_MODELS,
        promises.stream().map(p -> p.key().hostedModel()).collect(Collectors.joining(";")));
    cells.put(Column.PROMISED_IN, first.month());
    cells.put(Column.PROMISED_BY, first.reviewId());
    cells.put(Column.LOCAL_MODEL, first.localModel());
    cells.put(
        Column.HARDWARE,
        promises.stream().map(Promise::hardware).distinct().collect(Collectors.joining(";")));
    put(
        cells,
        Column.PROMISED_CALLS_PER_DAY,
        OptionalDouble.of(promises.stream().mapToDouble(Promise::callsPerDay).sum()));
    promised(cells, promises);
    List<String> notes = new ArrayList<>();
    if (served.isEmpty()) {
      put(cells, Column.LOCAL_CALLS_PER_DAY, OptionalDouble.of(0));
      put(cells, Column.REALISED_SAVING_USD, OptionalDouble.of(0));
      notes.add("not moved: no call was served locally");
    } else {
      measured(cells, served);
      if (served.size() > 1) {
        notes.add("several local models answered: times are of the one with most calls");
      }
      int fleet = promises.stream().mapToInt(Promise::workloadsOnFleet).max().orElse(1);
      if (fleet > 1) {
        notes.add(
            "%d workloads share the fleet: promised times are this one's limits, promised overflow is of all"
                .formatted(fleet));
      }
      saving(cells, promises, served, notes);
    }
    atTheApi(cells, promises, served);
    if (!notes.isEmpty()) {
      cells.put(Column.NOTE, String.join("; ", notes));
    }
    return new Realised(cells);
  }

  // Of several hosted models that became one local model: what one figure can say of all.
  private static void promised(Map<Column, Object> cells, List<Promise> promises) {
    double calls = promises.stream().mapToDouble(Promise::callsPerDay).sum();
    double overflow = 0;
    boolean known = calls > 0;
    for (Promise p : promises) {
      known &= p.overflowShare().isPresent();
      overflow += p.overflowShare().orElse(0) * p.callsPerDay();
    }
    put(
        cells,
        Column.PROMISED_OVERFLOW_SHARE,
        known ? OptionalDouble.of(overflow / calls) : OptionalDouble.empty());
    Promise p = promises.get(0);
    if (promises.stream().allMatch(p::isOnFleetOf)) {
      put(cells, Column.PROMISED_TTFT_P95_MS, p.ttftP95Millis());
      put(cells, Column.PROMISED_TPOT_P95_MS, p.tpotP95Millis());
      put(cells, Column.PROMISED_E2E_P95_MS, p.e2eP95Millis());
    }
    put(cells, Column.PROMISED_SAVING_USD, sum(promises, Promise::savingUsd));
    put(cells, Column.FLEET_USD, sum(promises, Promise::fleetUsd));
  }

  private interface Figure {
    OptionalDouble of(Promise promise);
  }

  private static OptionalDouble sum(List<Promise> promises, Figure figure) {
    double sum = 0;
    for (Promise p : promises) {
      OptionalDouble value = figure.of(p);
      if (value.isEmpty()) {
        return value;
      }
      sum += value.getAsDouble();
    }
    return OptionalDouble.of(sum);
  }

  private void measured(Map<Column, Object> cells, List<WorkloadProfile> served) {
    WorkloadProfile most =
        served.stream()
            .max(
                Comparator.comparingLong(WorkloadProfile::calls)
                    .thenComparing(WorkloadProfile::key, Comparator.reverseOrder()))
            .orElseThrow();
    cells.put(
        Column.SERVED_AS,
        served.stream()
            .map(w -> w.key().hostedModel())
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining(";")));
    put(cells, Column.LOCAL_CALLS_PER_DAY, perDay(calls(served)));
    cells.put(Column.FAILURES, served.stream().mapToLong(WorkloadProfile::failures).sum());
    put(cells, Column.TTFT_P95_MS, millis(most.ttftP95Micros()));
    put(cells, Column.TPOT_P95_MS, millis(most.tpotP95Micros()));
    put(cells, Column.E2E_P95_MS, millis(most.e2eP95Micros()));
  }

  private static long calls(List<WorkloadProfile> served) {
    return served.stream().mapToLong(WorkloadProfile::calls).sum();
  }

  private OptionalDouble perDay(long calls) {
    return period.isTooShort()
        ? OptionalDouble.empty()
        : OptionalDouble.of(calls / period.coverage() / period.month().lengthOfMonth());
  }

  private static OptionalDouble millis(OptionalLong micros) {
    return micros.isPresent()
        ? OptionalDouble.of(micros.getAsLong() / 1000.0)
        : OptionalDouble.empty();
  }

  // The same hosted models, after the move: calls that overflowed, or were never moved.
  private void atTheApi(
      Map<Column, Object> cells, List<Promise> promises, List<WorkloadProfile> served) {
    long calls = 0;
    OptionalDouble usd = OptionalDouble.of(0);
    for (Promise p : promises) {
      WorkloadCase there = api.get(p.key());
      if (there != null) {
        calls += there.profile().calls();
        OptionalDouble more = there.apiMonthlyUsd();
        usd =
            usd.isPresent() && more.isPresent()
                ? OptionalDouble.of(usd.getAsDouble() + more.getAsDouble())
                : OptionalDouble.empty();
      }
    }
    put(cells, Column.API_CALLS_PER_DAY, perDay(calls));
    put(cells, Column.OVERFLOW_USD, usd);
    long all = calls + calls(served);
    if (all > 0) {
      put(cells, Column.OVERFLOW_SHARE, OptionalDouble.of((double) calls / all));
    }
  }

  private void saving(
      Map<Column, Object> cells,
      List<Promise> promises,
      List<WorkloadProfile> served,
      List<String> notes) {
    OptionalDouble equivalent = equivalentUsd(promises, served, notes);
    put(cells, Column.API_EQUIVALENT_USD, equivalent);
    OptionalDouble fleet = sum(promises, Promise::fleetUsd);
    if (fleet.isEmpty()) {
      notes.add("the review does not say what the fleet costs of its own");
    }
    if (equivalent.isPresent() && fleet.isPresent()) {
      put(
          cells,
          Column.REALISED_SAVING_USD,
          OptionalDouble.of(equivalent.getAsDouble() - fleet.getAsDouble()));
    }
  }

  private OptionalDouble equivalentUsd(
      List<Promise> promises, List<WorkloadProfile> served, List<String> notes) {
    if (period.isTooShort()) {
      notes.add("the log covers less than a minute: there are no monthly figures");
      return OptionalDouble.empty();
    }
    long counted = 0;
    double input = 0;
    double output = 0;
    for (WorkloadProfile w : served) {
      counted += w.calls() - w.missingUsage();
      input += (double) w.inputTokens() + w.cacheReadTokens() + w.cacheWriteTokens();
      output += w.outputTokens();
    }
    if (counted == 0) {
      notes.add("no local call has token counts");
      return OptionalDouble.empty();
    }
    // Calls without counts are taken for such as the others.
    double all = (double) calls(served) / counted;
    Scale scale =
        Scale.of(
            promises,
            input * all / promises.get(0).promptTokenRatio(),
            output * all / promises.get(0).outputTokenRatio());
    double usd = 0;
    for (Promise p : promises) {
      if (!(pricer.quote(scale.of(p.use())) instanceof ApiQuote.Known known)) {
        notes.add("%s has no price for these calls now".formatted(p.key().hostedModel()));
        return OptionalDouble.empty();
      }
      usd += known.usd();
    }
    return OptionalDouble.of(usd / period.coverage());
  }

  /** By how much there is more of now: input of all kinds, and output. */
  private record Scale(double input, double output) {
    static Scale of(List<Promise> promises, double input, double output) {
      double inputThen = 0;
      double outputThen = 0;
      for (Promise p : promises) {
        for (ApiUse.Line line : p.use()) {
          ApiUse.Amount a = line.amount();
          inputThen += (double) a.input() + a.cacheRead() + a.cacheWrite5m() + a.cacheWrite1h();
          outputThen += a.output();
        }
      }
      return new Scale(
          inputThen == 0 ? 0 : input / inputThen, outputThen == 0 ? 0 : output / outputThen);
    }

    ApiUse of(List<ApiUse.Line> use) {
      return ApiUse.of(use.stream().map(l -> new ApiUse.Line(l.line(), of(l.amount()))).toList());
    }

    // No local model hears, speaks or searches for it: such units are not scaled, they are gone.
    private ApiUse.Amount of(ApiUse.Amount a) {
      return new ApiUse.Amount(
          a.calls(),
          Math.round(a.input() * input),
          Math.round(a.cacheRead() * input),
          Math.round(a.cacheWrite5m() * input),
          Math.round(a.cacheWrite1h() * input),
          Math.round(a.output() * output));
    }
  }

  private static void put(Map<Column, Object> cells, Column column, OptionalDouble value) {
    if (value.isPresent()) {
      cells.put(column, Realised.rounded(column, value.getAsDouble()));
    }
  }
}
