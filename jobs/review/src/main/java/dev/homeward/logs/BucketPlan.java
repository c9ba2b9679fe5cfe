package dev.homeward.logs;

import dev.homeward.calls.BilledKey;
import dev.homeward.calls.UsageBucket;
import dev.homeward.calls.UsageReports;
import dev.homeward.keeping.Codec;
import java.util.Set;
import java.util.TreeSet;

/**
 * What ingest does with the buckets of usage reports.
 *
 * @param copies buckets that are copies of another one
 * @param made sums whose buckets are turned into calls; none where the log has calls of its own
 */
public record BucketPlan(Set<UsageBucket.BucketPlace> copies, Set<BilledKey> made) {

  /** No usage report. */
  public static BucketPlan none() {
    return new BucketPlan(Set.of(), Set.of());
  }

  /** Beside calls: buckets are counted only. */
  public static BucketPlan beside(UsageReports reports) {
    return new BucketPlan(reports.copies(), Set.of());
  }

  /** Alone: buckets become calls where they can. */
  public static BucketPlan alone(UsageReports reports) {
    return new BucketPlan(reports.copies(), reports.chosen());
  }

  /** The plan of {@link Codec#write}. */
  public static BucketPlan read(String json) {
    BucketPlan plan = Codec.read(json, BucketPlan.class);
    return new BucketPlan(new TreeSet<>(plan.copies), new TreeSet<>(plan.made));
  }

  public boolean isCopy(UsageBucket bucket) {
    return copies.contains(bucket.place());
  }

  public boolean makesCallsOf(UsageBucket bucket) {
    return bucket.amount().makeable() > 0 && made.contains(bucket.key());
  }
}
