package dev.homeward.keeping;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * settings.json: the settings of a review as they were. Texts are JSON themselves.
 *
 * @param period the month, a {@code ReviewPeriod}
 * @param policy as a policy file would hold it; likewise the assumptions
 * @param evaluations an {@code Evaluations}
 * @param catalog the user's catalog files
 * @param prices the user's price books
 * @param calls files of calls/ by workload
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record KeptSettings(
    int version,
    String period,
    String policy,
    String assumptions,
    String evaluations,
    List<String> catalog,
    List<String> prices,
    List<CallFiles> calls) {

  /**
   * Files that hold a workload's calls.
   *
   * @param files relative to the review's directory
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record CallFiles(
      String workload, String hostedModel, String dataClass, List<String> files) {}
}
