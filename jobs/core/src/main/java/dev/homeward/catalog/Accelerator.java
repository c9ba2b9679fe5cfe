package dev.homeward.catalog;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * A card or a unified-memory chip: what it can hold, move and compute. Rates are dense, never the
 * doubled figure with sparsity; consumer FP16 rates are with FP32 accumulation.
 *
 * @param family parameters of engines are looked up by id first, then by this class ({@code
 *     nvidia-datacenter}, {@code nvidia-consumer}, {@code nvidia-workstation}, {@code
 *     amd-datacenter}, {@code amd-consumer}, {@code unified})
 * @param memoryGb memory as sold, in units of 2^30 bytes
 * @param bandwidthGbPerSecond memory bandwidth, 1e9 bytes a second
 * @param fp16Tflops dense FP16 or BF16 rate, 1e12 operations a second
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
    Figure memoryGb,
    @JsonProperty("bandwidth-gb-per-s") Figure bandwidthGbPerSecond,
    Figure fp16Tflops,
    Optional<Figure> fp8Tflops,
    Optional<Figure> int8Tops,
    Optional<Figure> fp4Tflops,
    Figure tdpWatts,
    @JsonProperty("link-gb-per-s") Optional<Figure> linkGbPerSecond,
    Source source,
    Optional<String> note) {}
