package dev.homeward.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Binding;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.policy.NonInferiority.Interval;
import dev.homeward.policy.NonInferiority.Outcome;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the organisation measured about local models on its own tasks. */
public record Evaluations(List<Evidence> all) {
  private static final int MOST_SCORES = 10_000_000;

  /**
   * One evaluation.
   *
   * @param metric what was measured, on a scale of 0 to 1 where more is better
   * @param n tasks evaluated
   * @param low lower end of the interval for the local score minus the hosted one
   * @param high its upper end
   * @param method how the interval was found
   * @param disagreement share of tasks on which exactly one model was right; -1 if not known
   * @param date ISO-8601, or empty
   */
  public record Evidence(
      String workload,
      String localModel,
      String metric,
      double hostedScore,
      double localScore,
      long n,
      double low,
      double high,
      String method,
      double disagreement,
      String date) {

    /** Whether the local model is at most the margin worse. */
    public Outcome outcome(double margin) {
      return new Interval(low, high, method).judge(margin);
    }

    /**
     * Tasks that would settle the question if the scores stay as they are; 0 if the local score
     * lies too low to pass with any number of tasks.
     */
    public long tasksNeeded(double margin) {
      double d = localScore - hostedScore;
      double apart =
          disagreement >= 0
              ? disagreement
              : hostedScore * (1 - hostedScore) + localScore * (1 - localScore) + d * d;
      return NonInferiority.tasksNeeded(margin, apart, d);
    }
  }

  public Evaluations {
    all = List.copyOf(all);
  }

  /** No evaluations. */
  public static Evaluations none() {
    return new Evaluations(List.of());
  }

  /**
   * The evaluations in a file.
   *
   * @throws InvalidInput with every problem of the file
   */
  public static Evaluations load(Path file) {
    JsonNode document = Documents.read(file);
    if (document.isMissingNode() || document.isNull()) {
      return none();
    }
    Schemas.check("evaluations.schema.json", document, file.toString());
    List<Evidence> all = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    int index = 0;
    for (JsonNode node : document.get("evaluations")) {
      String where = file + " /evaluations/" + index++;
      try {
        all.add(evidence(Binding.plain().bind(node, WrittenEvaluation.class, where), file, where));
      } catch (InvalidInput e) {
        problems.add(e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return new Evaluations(all);
  }

  private static Evidence evidence(WrittenEvaluation written, Path file, String where) {
    double hosted;
    double local;
    long n;
    double disagreement = -1;
    Interval interval;
    if (written.scores().isPresent()) {
      double[][] scores =
          scores(file.toAbsolutePath().resolveSibling(written.scores().get()), where);
      n = scores.length;
      double[] differences = new double[scores.length];
      hosted = 0;
      local = 0;
      for (int i = 0; i < scores.length; i++) {
        hosted += scores[i][0] / n;
        local += scores[i][1] / n;
        differences[i] = scores[i][1] - scores[i][0];
      }
      interval = NonInferiority.bootstrap(differences);
    } else if (written.bothRight().isPresent()) {
      long both = written.bothRight().getAsLong();
      long onlyHosted = written.onlyHostedRight().orElseThrow();
      long onlyLocal = written.onlyLocalRight().orElseThrow();
      n = written.n().orElseThrow();
      if (both + onlyHosted + onlyLocal > n) {
        throw new InvalidInput(
            "%s: both-right + only-hosted-right + only-local-right are more than n (%d of %d)"
                .formatted(where, both + onlyHosted + onlyLocal, n));
      }
      hosted = (double) (both + onlyHosted) / n;
      local = (double) (both + onlyLocal) / n;
      disagreement = (double) (onlyHosted + onlyLocal) / n;
      interval = NonInferiority.paired(n, onlyHosted, onlyLocal);
    } else {
      n = written.n().orElseThrow();
      hosted = written.hostedScore().orElseThrow();
      local = written.localScore().orElseThrow();
      interval = NonInferiority.unpaired(n, hosted, local);
    }
    return new Evidence(
        written.workload(),
        written.localModel(),
        written.metric(),
        hosted,
        local,
        n,
        interval.low(),
        interval.high(),
        interval.method(),
        disagreement,
        written.date().map(LocalDate::toString).orElse(""));
  }

  // A header "hosted,local", then one line per task.
  private static double[][] scores(Path file, String where) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new InvalidInput("%s: scores: cannot read %s".formatted(where, file.getFileName()), e);
    }
    if (lines.size() < 3
        || lines.size() > MOST_SCORES
        || !lines.get(0).strip().equals("hosted,local")) {
      throw new InvalidInput(
          "%s: scores: %s must begin with hosted,local and hold at least two lines of scores"
              .formatted(where, file.getFileName()));
    }
    double[][] scores = new double[lines.size() - 1][];
    for (int i = 1; i < lines.size(); i++) {
      String[] cells = lines.get(i).split(",", -1);
      try {
        scores[i - 1] = new double[] {score(cells[0]), score(cells[1])};
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new InvalidInput(
            "%s: scores: %s:%d: two numbers from 0 to 1 (found %s)"
                .formatted(where, file.getFileName(), i + 1, lines.get(i)),
            e);
      }
    }
    return scores;
  }

  private static double score(String cell) {
    double score = Double.parseDouble(cell.strip());
    if (!(score >= 0 && score <= 1)) {
      throw new NumberFormatException(cell);
    }
    return score;
  }

  /** The last evaluation in the file of each local model on each workload. */
  public Index index() {
    Map<String, Map<String, Evidence>> last = new HashMap<>();
    for (Evidence e : all) {
      last.computeIfAbsent(e.workload(), w -> new HashMap<>()).put(e.localModel(), e);
    }
    return new Index(last);
  }

  /** Evaluations by workload and local model. */
  public static final class Index {
    private final Map<String, Map<String, Evidence>> last;

    private Index(Map<String, Map<String, Evidence>> last) {
      this.last = last;
    }

    /** The last evaluation of a local model on a workload. */
    public Optional<Evidence> find(String workload, String localModel) {
      return Optional.ofNullable(last.getOrDefault(workload, Map.of()).get(localModel));
    }
  }
}
