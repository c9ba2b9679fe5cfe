package dev.homeward.jobs;

import dev.homeward.catalog.Catalog;
import dev.homeward.formats.ReadContext;
import dev.homeward.policy.Policy;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What a task that reads logs needs besides its bytes; small and serializable.
 *
 * @param policy text of the policy
 * @param catalog texts of the user's catalog files
 * @param workload workload of every call, or null
 * @param hostedModel hosted model of calls without one, or null
 * @param sourceZone zone of times without one, or null
 * @param samplingRate share of the calls that the log holds; 1 for all
 * @param synthesised words of the usage reports whose buckets are made into calls
 */
record LogSettings(
    String policy,
    List<String> catalog,
    String workload,
    String hostedModel,
    String sourceZone,
    boolean keepIds,
    double samplingRate,
    List<String> synthesised)
    implements Serializable {

  ReadContext context() {
    return new ReadContext(
        Optional.ofNullable(workload),
        Optional.ofNullable(hostedModel),
        keepIds,
        Optional.ofNullable(sourceZone).map(ZoneId::of),
        ReadContext.DEFAULT_TRACE_EPOCH);
  }

  CallNamer namer() {
    return new CallNamer(Policy.parse(policy), Catalog.parse(catalog).hostedModels());
  }
}
