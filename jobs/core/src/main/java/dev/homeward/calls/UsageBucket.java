package dev.homeward.calls;

import java.util.Comparator;
import java.util.Optional;

/**
 * One bucket of a usage report and where it stands.
 *
 * @param identity of the bucket within its source: the same page downloaded twice gives it twice;
 *     empty where the report gives none
 */
public record UsageBucket(
    BilledKey key, Optional<String> identity, BucketPlace place, Billed amount) {

  /** Of several copies the one that counts comes first: a later download holds more. */
  private static final Comparator<UsageBucket> BEST_FIRST =
      Comparator.comparingLong((UsageBucket b) -> -b.amount.knownTokens())
          .thenComparingLong(b -> -b.amount.calls().orElse(-1))
          .thenComparing(b -> b.amount.cost().map(c -> -c.nanos()).orElse(Long.MAX_VALUE))
          .thenComparing(UsageBucket::place);

  /**
   * Where a bucket stands: its file, which byte range of it, and which bucket of that, from 0.
   *
   * @param file name of the file
   */
  public record BucketPlace(String file, int range, long ordinal)
      implements Comparable<BucketPlace> {
    private static final Comparator<BucketPlace> ORDER =
        Comparator.comparing(BucketPlace::file)
            .thenComparingInt(BucketPlace::range)
            .thenComparingLong(BucketPlace::ordinal);

    @Override
    public int compareTo(BucketPlace other) {
      return ORDER.compare(this, other);
    }
  }

  /** Describes a bucket. */
  public static UsageBucket of(CallDraft bucket, BilledKey key, BucketPlace place) {
    return new UsageBucket(
        key,
        bucket.hasId
            ? Optional.of("%016x%016x".formatted(bucket.idHigh, bucket.idLow))
            : Optional.empty(),
        place,
        Billed.of(bucket));
  }

  /** Text that copies of one bucket share and no other bucket has. */
  public String sameness() {
    return identity.orElseGet(() -> place.file() + "\n" + place.range() + "\n" + place.ordinal());
  }

  /** Whether this bucket counts when both are copies of one. */
  public boolean isBefore(UsageBucket other) {
    return BEST_FIRST.compare(this, other) < 0;
  }
}
