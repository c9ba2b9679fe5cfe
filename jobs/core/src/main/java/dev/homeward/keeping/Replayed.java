package dev.homeward.keeping;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.homeward.calls.WorkloadKey;
import java.util.List;

/** Lines of the files in replays/. */
public final class Replayed {
  private Replayed() {}

  /** Whose calls. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Key(String workload, String hostedModel, String dataClass) {
    public static Key of(WorkloadKey key) {
      return new Key(key.workload(), key.hostedModel(), key.dataClass());
    }

    public WorkloadKey key() {
      return new WorkloadKey(workload, hostedModel, dataClass);
    }
  }

  /** On what: ids of the catalog. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record On(String localModel, String quantization, String engine, String hardware) {}

  /**
   * An answer: the fleets that were tried.
   *
   * @param fingerprint of everything it depends on but the most replicas
   * @param workloads whose calls were replayed together; for people
   * @param volume calls as a multiple of the log's
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Answer(
      String fingerprint,
      List<Key> workloads,
      @JsonUnwrapped On on,
      double volume,
      int mostReplicas,
      List<Fleet> fleets) {}

  /** A chosen fleet by hour. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Chosen(@JsonUnwrapped Key key, @JsonUnwrapped On on, Fleet fleet) {}
}
