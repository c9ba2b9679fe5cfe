package dev.homeward.review;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.files.Files;
import dev.homeward.progress.Progress;
import dev.homeward.report.Promise;
import dev.homeward.report.Realisation;
import dev.homeward.report.Realised;
import dev.homeward.settings.ReviewSettings;
import dev.homeward.store.EarlierReview;
import dev.homeward.store.Promises;
import dev.homeward.store.Reviews;
import dev.homeward.units.InvalidInput;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/**
 * What servers of one's own answered: it has no price and is not ranked. Once a plan was carried
 * out it is held against the reviews that promised it: the one that the user names, else those of
 * earlier months beside this one, the newest first, each for the moves that no newer one promised.
 *
 * @param realised what was promised beside what came of it
 */
record ServedLocally(List<WorkloadProfile> local, List<Realised> realised) {
  private static final int SHOWN = 5;

  static ServedLocally of(
      ReviewOptions options,
      ReviewInputs inputs,
      Files storage,
      ReviewPeriod period,
      ProfileStage profiled,
      Progress progress) {
    return new ServedLocally(
        profiled.local(), realised(options, inputs, storage, period, profiled, progress));
  }

  private static List<Realised> realised(
      ReviewOptions options,
      ReviewInputs inputs,
      Files storage,
      ReviewPeriod period,
      ProfileStage profiled,
      Progress progress) {
    ReviewSettings settings = inputs.settings();
    Realisation moves =
        new Realisation(profiled.local(), profiled.cases(), period, settings.pricer());
    if (options.promised().isPresent()) {
      moves.take(Promises.of(storage, options.promised().get()), Realisation.Unmade.SHOWN);
      return moves.rows();
    }
    if (!moves.isOpen()) {
      return List.of();
    }
    String target = options.out().orElseGet(() -> Reviews.of(period.month()));
    Realisation.Unmade unmade = Realisation.Unmade.SHOWN;
    for (EarlierReview earlier : EarlierReview.allBefore(storage, target, period.month())) {
      if (!moves.isOpen()) {
        break;
      }
      List<Promise> promises = promises(storage, earlier, progress);
      if (moves.isPromisedBy(promises)) {
        progress.done("held against what %s promised", earlier.path());
        moves.take(promises, unmade);
        unmade = Realisation.Unmade.LEFT_OUT;
      }
    }
    return moves.rows();
  }

  // A review beside that cannot be read must not keep this one from being made.
  private static List<Promise> promises(Files storage, EarlierReview earlier, Progress progress) {
    try {
      return Promises.of(storage, earlier.path());
    } catch (InvalidInput | UncheckedIOException e) {
      progress.done("not held against %s: %s", earlier.path(), e.getMessage());
      return List.of();
    }
  }

  /** What runs at home already, for the console. */
  List<String> lines() {
    if (local.isEmpty()) {
      return List.of();
    }
    return List.of(
        String.format(
            Locale.ROOT,
            "%,d calls of %d workloads were served by servers of your own (%s%s): no API price, not"
                + " ranked.",
            local.stream().mapToLong(WorkloadProfile::calls).sum(),
            local.size(),
            local.stream()
                .limit(SHOWN)
                .map(w -> w.key().workload() + " on " + w.key().hostedModel())
                .collect(joining(", ")),
            local.size() > SHOWN ? " and %d more".formatted(local.size() - SHOWN) : ""));
  }

  /** Promised beside measured, for the console. */
  List<String> moves() {
    return realised.stream()
        .map(move -> "After the move: %s: %s.".formatted(move.name(), move.inWords()))
        .toList();
  }

  /** Adds both to a summary. */
  void write(ObjectNode summary, ObjectNode quality) {
    if (!local.isEmpty()) {
      ArrayNode own = quality.putArray("served_locally");
      for (WorkloadProfile w : local) {
        own.addObject()
            .put("workload", w.key().workload())
            .put("model", w.key().hostedModel())
            .put("data_class", w.key().dataClass())
            .put("calls", w.calls());
      }
    }
    Realised.write(realised, summary);
  }
}
