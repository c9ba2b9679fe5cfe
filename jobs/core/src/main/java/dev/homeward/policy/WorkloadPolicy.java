package dev.homeward.policy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Settings of one workload; empty where the policy says nothing. */
public record WorkloadPolicy(
    Optional<Kind> kind,
    OptionalDouble ttftP95Millis,
    OptionalDouble tpotP95Millis,
    OptionalDouble e2eP95Millis,
    OptionalDouble completeWithinHours,
    boolean offline,
    Optional<String> owner,
    List<String> localModels,
    List<String> hardware,
    boolean needsTools,
    List<String> needsModalities,
    boolean needsStructuredOutput,
    List<String> needsLanguages,
    double hardestShareAtApi) {

  /** A workload the policy does not mention. */
  public static final WorkloadPolicy NONE =
      new WorkloadPolicy(
          Optional.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          false,
          Optional.empty(),
          List.of(),
          List.of(),
          false,
          List.of(),
          false,
          List.of(),
          0);

  /** What sort of service level applies. */
  public enum Kind {
    INTERACTIVE,
    BATCH,
    EMBEDDINGS
  }
}
