package dev.homeward.policy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.homeward.catalog.Tier;
import dev.homeward.config.Binding;
import dev.homeward.config.Default;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the policy says of one workload; empty where it says nothing.
 *
 * @param kind what sort of service level applies, where the calls do not tell
 * @param limits its own limits in place of the usual ones
 * @param offline whether it must work without a network, and so be local
 * @param owner cost centre, whatever the log says
 * @param localModels the only models to try
 * @param engines the only engines to try
 * @param quantizations the only weight formats to try
 * @param hardware the only boxes to try
 * @param lowestTierToEvaluate models of lower tiers than this are not offered for an evaluation
 * @param placement the one box that answers all its calls: none goes to the API because the box is
 *     full
 * @param boxes exactly so many boxes
 * @param mostBoxes no more boxes than this
 * @param hostedModel what if its calls went to this hosted model
 * @param needs what a local model or its engine must be able to do
 * @param hardestShareAtApi share of its cost that stays at the API because its calls are too hard
 */
public record WorkloadPolicy(
    Optional<ServiceKind> kind,
    @JsonUnwrapped ServiceLimits limits,
    @Default("false") boolean offline,
    Optional<String> owner,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<String> localModels,
    @JsonProperty("engine") @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> engines,
    @JsonProperty("quantization")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> quantizations,
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<String> hardware,
    Optional<String> placement,
    OptionalInt boxes,
    OptionalInt mostBoxes,
    Optional<String> hostedModel,
    Optional<Tier> lowestTierToEvaluate,
    @JsonUnwrapped(prefix = "needs-") Needs needs,
    @Default("0") double hardestShareAtApi) {

  /** A workload the policy does not mention. */
  public static final WorkloadPolicy NONE =
      Binding.plain()
          .bind(JsonNodeFactory.instance.objectNode(), WorkloadPolicy.class, "no workload");

  public WorkloadPolicy {
    // What is named twice is tried once.
    localModels = localModels.stream().distinct().toList();
    engines = engines.stream().distinct().toList();
    quantizations = quantizations.stream().distinct().toList();
    hardware = hardware.stream().distinct().toList();
    if (boxes.isPresent() && mostBoxes.isPresent()) {
      throw new IllegalArgumentException(
          "boxes: %d and most-boxes: %d (say how many, or how many at the most)"
              .formatted(boxes.getAsInt(), mostBoxes.getAsInt()));
    }
  }

  /** The only boxes to try; empty: those of all workloads. */
  public List<String> boxesToTry() {
    return placement.map(List::of).orElse(hardware);
  }

  /** What sort of service level applies. */
  public enum ServiceKind {
    INTERACTIVE,
    BATCH,
    EMBEDDINGS
  }

  /**
   * Limits of a service level.
   *
   * @param ttftP95Millis of the 95th percentile of the time to first token
   * @param tpotP95Millis likewise of the time per output token
   * @param e2eP95Millis likewise of the whole call's time
   * @param completeWithinHours of the time to the answer of a batch's call
   */
  public record ServiceLimits(
      @JsonProperty("ttft-p95-ms") OptionalDouble ttftP95Millis,
      @JsonProperty("tpot-p95-ms") OptionalDouble tpotP95Millis,
      @JsonProperty("e2e-p95-ms") OptionalDouble e2eP95Millis,
      OptionalDouble completeWithinHours) {}

  /**
   * What a local model must be able to do, and its engine.
   *
   * @param tools call tools
   * @param modalities read these: {@code text}, {@code image}, {@code audio}
   * @param structuredOutput hold answers to a JSON Schema or grammar
   * @param languages ISO 639-1 codes that the model's card must name
   */
  public record Needs(
      @Default("false") boolean tools,
      List<String> modalities,
      @Default("false") boolean structuredOutput,
      List<String> languages) {
    public Needs {
      modalities = List.copyOf(modalities);
      languages = List.copyOf(languages);
    }
  }
}
