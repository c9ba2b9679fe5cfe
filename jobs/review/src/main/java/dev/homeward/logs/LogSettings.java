package dev.homeward.logs;

import dev.homeward.catalog.Catalog;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.keeping.Codec;
import dev.homeward.policy.Policy;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a task that reads logs needs besides its bytes; small and serializable.
 *
 * @param policy text of the policy
 * @param catalog texts of the user's catalog files
 * @param workload workload of every call, or null
 * @param hostedModel hosted model of calls without one, or null
 * @param sourceZone zone of times without one, or null
 * @param samplingRate share of the calls that the log holds; 1 for all
 * @param sources the sources of calls, the most trusted first; empty if there is only one
 * @param found what a first pass found, in a second one
 * @param sessionKey under which ids of sessions are hashed once more, as {@link SessionKey#text}
 * @param buckets what ingest does with buckets of usage reports, a {@link BucketPlan} on the wire
 */
public record LogSettings(
    String policy,
    List<String> catalog,
    String workload,
    String hostedModel,
    String sourceZone,
    boolean keepIds,
    double samplingRate,
    String sessionKey,
    String buckets,
    List<String> sources,
    FirstPass found)
    implements Serializable {

  /** The same with what a first pass found. */
  public LogSettings after(FirstPass pass) {
    return new LogSettings(
        policy,
        catalog,
        workload,
        hostedModel,
        sourceZone,
        keepIds,
        samplingRate,
        sessionKey,
        buckets,
        sources,
        pass);
  }

  /** The same with a plan for buckets of usage reports. */
  public LogSettings with(BucketPlan plan) {
    return new LogSettings(
        policy,
        catalog,
        workload,
        hostedModel,
        sourceZone,
        keepIds,
        samplingRate,
        sessionKey,
        Codec.write(plan),
        sources,
        found);
  }

  /** What adapters are told. */
  public ReadContext context() {
    return context(true);
  }

  /** The same, for readers that may not need the ids of calls. */
  public ReadContext context(boolean needsIds) {
    return new ReadContext(
        Optional.ofNullable(workload),
        Optional.ofNullable(hostedModel),
        keepIds,
        Optional.ofNullable(sourceZone).map(ZoneId::of),
        ReadContext.DEFAULT_TRACE_EPOCH,
        needsIds);
  }

  public CallNamer namer() {
    return new CallNamer(
        Policy.parse(policy), Catalog.parse(catalog).hostedModels(), Set.copyOf(found.apart()));
  }
}
