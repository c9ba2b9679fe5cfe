package dev.homeward.catalog;

/**
 * How much of a chip an engine gets: the parameters of the step-time model (docs/method.md). One
 * source stands for the whole set, because they are fitted together.
 *
 * @param weightBandwidthShare share of peak bandwidth when streaming weights, in (0, 1]
 * @param kvBandwidthShare share of peak bandwidth when reading the KV cache, in (0, 1]
 * @param computeShare share of peak FLOP/s in large matrix products, in (0, 1]
 * @param attentionComputeShare share of peak FLOP/s in prefill attention, in (0, 1]
 * @param kneePower exponent p of the p-norm that joins the memory- and the compute-bound time
 * @param layerMicros fixed time per layer and step, microseconds
 * @param sequenceMicros time per sequence and step, microseconds
 * @param stepMicros fixed time per step, microseconds
 * @param callMicros fixed time per call outside the steps (HTTP, tokenizer), microseconds
 * @param allReduceMicros fixed time of one all-reduce, microseconds
 * @param linkShare share of link bandwidth in large all-reduces, in (0, 1]
 * @param cellNanos time per cell of a unified KV buffer and pass, nanoseconds (llama.cpp); 0 with
 *     paged attention
 * @param cellTokenNanos the same per cell and token of the pass, nanoseconds; 0 with paged
 *     attention
 * @param source where the set comes from
 */
public record Efficiency(
    double weightBandwidthShare,
    double kvBandwidthShare,
    double computeShare,
    double attentionComputeShare,
    double kneePower,
    double layerMicros,
    double sequenceMicros,
    double stepMicros,
    double callMicros,
    double allReduceMicros,
    double linkShare,
    double cellNanos,
    double cellTokenNanos,
    Source source) {}
