package dev.homeward.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.homeward.config.Default;
import java.util.Optional;

/**
 * A card, a unified-memory chip or a processor without one: what it can hold, move and compute.
 * Rates are dense, never the doubled figure with sparsity; consumer FP16 rates are with FP32
 * accumulation.
 *
 * @param family parameters of engines are looked up by id first, then by this class ({@code
 *     nvidia-datacenter}, {@code nvidia-consumer}, {@code nvidia-workstation}, {@code
 *     amd-datacenter}, {@code amd-consumer}, {@code unified}, {@code cpu})
 * @param generation of its maker's chips ({@code ampere}, {@code ada}, {@code apple-m4}), of
 *     processors the widest instructions ({@code avx2}, {@code avx512}, {@code amx}): which
 *     arithmetic an engine can use on it; where nobody has said, its family
 * @param memoryGb memory as sold, in units of 2^30 bytes; of a processor what such a machine has
 * @param bandwidthGbPerSecond memory bandwidth, 1e9 bytes a second
 * @param fp16Tflops dense FP16 or BF16 rate, 1e12 operations a second
 * @param fp16AccumulateTflops the same with FP16 accumulation, where it differs: consumer cards do
 *     it at twice the rate
 * @param fp32Tflops rate of the vector units in FP32
 * @param smGhz multiprocessors times boost clock, 1e9 cycles a second: what they can ask of memory;
 *     empty where nobody has said, and then memory alone is the limit
 * @param fp8Tflops the same in FP8; empty where the chip has no FP8 units
 * @param int8Tops the same in INT8
 * @param fp4Tflops the same in FP4
 * @param tdpWatts board or package power limit
 * @param linkGbPerSecond bandwidth to a peer accelerator per direction, 1e9 bytes a second; empty
 *     where there is no peer
 * @param source of the figures that do not name another
 */
public record Accelerator(
    String id,
    String name,
    String vendor,
    String family,
    @Default(sameAs = "family") String generation,
    Figure memoryGb,
    @JsonProperty("bandwidth-gb-per-s") Figure bandwidthGbPerSecond,
    Figure fp16Tflops,
    Optional<Figure> fp16AccumulateTflops,
    Optional<Figure> fp32Tflops,
    Optional<Figure> smGhz,
    Optional<Figure> fp8Tflops,
    Optional<Figure> int8Tops,
    Optional<Figure> fp4Tflops,
    Figure tdpWatts,
    @JsonProperty("link-gb-per-s") Optional<Figure> linkGbPerSecond,
    Source source,
    Optional<String> note) {

  /** Whether the engine's own threads compute: a processor without a card. */
  public boolean computesOnCores() {
    return family.equals("cpu");
  }

  /** Operations a second in an arithmetic, 1e12; empty where the chip lacks it. */
  public Optional<Double> peak(Quantization.Compute arithmetic) {
    return switch (arithmetic) {
      case FP16 -> Optional.of(fp16Tflops.value());
      case FP8 -> fp8Tflops.map(Figure::value);
      case INT8 -> int8Tops.map(Figure::value);
      case FP4 -> fp4Tflops.map(Figure::value);
    };
  }

  /** FP16 with FP16 accumulation, 1e12 operations a second; as FP16 where nobody has said. */
  public double fp16Accumulate() {
    return fp16AccumulateTflops.orElse(fp16Tflops).value();
  }

  /**
   * FP32 of the vector units, 1e12 operations a second. Where nobody has said it is taken from
   * FP16: a sixteenth on data-centre cards, a quarter on workstation cards, half on consumer cards,
   * the same on chips without tensor cores.
   */
  public double fp32() {
    return fp32Tflops
        .map(Figure::value)
        .orElseGet(
            () ->
                fp16Tflops.value()
                    / switch (family) {
                      case "nvidia-datacenter", "amd-datacenter" -> 16;
                      case "nvidia-workstation" -> 4;
                      case "nvidia-consumer", "amd-consumer" -> 2;
                      default -> 1;
                    });
  }
}
