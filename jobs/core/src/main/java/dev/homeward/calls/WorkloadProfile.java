package dev.homeward.calls;

import java.util.List;
import java.util.OptionalLong;

/**
 * One workload key over the review period, as the log shows it: what is counted before any price or
 * hardware is known. Made from a tape.
 *
 * @param owner cost centre of most of its calls; empty text if none is known
 * @param billingMode billing mode of most of its calls
 * @param operation operation of most of its calls
 * @param providers who served it, sorted
 * @param seen where its calls went, by provider and region
 * @param calls calls that reached a model
 * @param failures failures that consumed nothing
 * @param cacheHits answered by the proxy's own cache
 * @param missingUsage of {@code calls}: without token counts
 * @param batchCalls of {@code calls}: at the batch tier
 * @param synthesised of {@code calls}: made up inside a bucket of a usage report
 * @param scaled of {@code calls}: standing for calls that sampling left out
 * @param firstMicros start of the first call that reached a model
 * @param lastMicros start of the last one
 * @param inputTokens uncached input, summed; likewise the others
 * @param inputP50 total input tokens of a call, median; likewise the others
 * @param maxContext most total input plus output tokens of one call
 * @param ttftP95Micros of streamed calls only; empty if none
 * @param peakCallsPerMinute most calls that started within one clock minute
 * @param daily the days of the whole log up to the end of the month
 */
public record WorkloadProfile(
    WorkloadKey key,
    String owner,
    BillingMode billingMode,
    Operation operation,
    List<String> providers,
    List<Seen> seen,
    long calls,
    long failures,
    long cacheHits,
    long missingUsage,
    long batchCalls,
    long synthesised,
    long scaled,
    long firstMicros,
    long lastMicros,
    long inputTokens,
    long cacheReadTokens,
    long cacheWriteTokens,
    long outputTokens,
    long reasoningTokens,
    OptionalLong inputP50,
    OptionalLong inputP99,
    OptionalLong outputP50,
    OptionalLong outputP99,
    long maxContext,
    OptionalLong ttftP95Micros,
    OptionalLong tpotP95Micros,
    OptionalLong e2eP95Micros,
    long peakCallsPerMinute,
    DailyCalls daily) {

  /**
   * Calls at one place.
   *
   * @param provider empty if the log names none; likewise the region
   */
  public record Seen(
      String provider, String region, long calls, long firstMicros, long lastMicros) {}
}
