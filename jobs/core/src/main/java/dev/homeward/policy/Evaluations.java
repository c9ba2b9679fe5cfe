package dev.homeward.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the organisation measured about local models on its own tasks. */
public record Evaluations(List<Evidence> all) {

  /**
   * One evaluation.
   *
   * @param metric what was measured, on a scale of 0 to 1 where more is better
   * @param n tasks evaluated
   */
  public record Evidence(
      String workload,
      String localModel,
      String metric,
      double hostedScore,
      double localScore,
      long n,
      String date) {

    /**
     * Whether the local model is good enough: its score lies at most the margin below the hosted
     * one. The sample size is shown and not yet judged.
     */
    public boolean meets(double margin) {
      // Scores are decimals of a few digits: 0.90 - 0.02 must not fail against 0.88 by a rounding.
      return localScore >= hostedScore - margin - 1e-12;
    }
  }

  public Evaluations {
    all = List.copyOf(all);
  }

  /** No evaluations. */
  public static Evaluations none() {
    return new Evaluations(List.of());
  }

  /** The evaluations in a file. */
  public static Evaluations load(Path file) {
    JsonNode document = Documents.read(file);
    if (document.isMissingNode() || document.isNull()) {
      return none();
    }
    Schemas.check("evaluations.schema.json", document, file.toString());
    List<Evidence> all = new ArrayList<>();
    for (JsonNode node : document.get("evaluations")) {
      all.add(
          new Evidence(
              node.get("workload").textValue(),
              node.get("local-model").textValue(),
              node.path("metric").asText("score"),
              node.get("hosted-score").doubleValue(),
              node.get("local-score").doubleValue(),
              node.get("n").longValue(),
              node.path("date").asText("")));
    }
    return new Evaluations(all);
  }

  /** The last evaluation in the file of a local model on a workload. */
  public Optional<Evidence> find(String workload, String localModel) {
    return all.stream()
        .filter(e -> e.workload().equals(workload) && e.localModel().equals(localModel))
        .reduce((first, second) -> second);
  }
}
