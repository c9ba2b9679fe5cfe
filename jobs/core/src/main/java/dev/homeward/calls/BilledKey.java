package dev.homeward.calls;

import dev.homeward.units.TimeUnits;
import java.time.LocalDate;
import java.util.Comparator;

/**
 * What buckets of usage reports are added up by.
 *
 * @param source word of the report's format
 * @param part which of several overlapping tables of the source (by team, by tag); empty if it has
 *     one only
 * @param provider one word; empty if the report names none
 * @param hostedModel as calls of it are kept; empty where the report does not group by model
 * @param day UTC day on which the bucket begins
 * @param widthMicros width of the bucket, rounded up to a minute, an hour or whole days, so that a
 *     last bucket that was cut short stays with the others of its report
 */
public record BilledKey(
    String source,
    String part,
    String provider,
    String hostedModel,
    LocalDate day,
    long widthMicros)
    implements Comparable<BilledKey> {
  private static final String OPENROUTER_USAGE = "openrouter-usage";
  private static final String OPENROUTER = "openrouter";

  private static final Comparator<BilledKey> ORDER =
      Comparator.comparing(BilledKey::source)
          .thenComparing(BilledKey::part)
          .thenComparing(BilledKey::provider)
          .thenComparing(BilledKey::hostedModel)
          .thenComparing(BilledKey::day)
          .thenComparingLong(BilledKey::widthMicros);

  /** The key of a bucket whose provider and model have been named. */
  public static BilledKey of(
      CallDraft bucket, String source, String part, String provider, String hostedModel) {
    return new BilledKey(
        source,
        part,
        provider,
        hostedModel,
        LocalDate.ofEpochDay(Math.floorDiv(bucket.startedAtMicros, TimeUnits.MICROS_PER_DAY)),
        roundedUp(bucket.bucketMicros));
  }

  /** Days that the bucket reaches over, at least one. */
  public int days() {
    return (int) Math.max(1, widthMicros / TimeUnits.MICROS_PER_DAY);
  }

  /**
   * Who is paid: OpenRouter's report names the providers that answered, and OpenRouter bills for
   * them.
   */
  public String payee() {
    return source.startsWith(OPENROUTER_USAGE) ? OPENROUTER : provider;
  }

  /** The same without the width: buckets of two widths there are the same usage twice. */
  BilledKey ofAnyWidth() {
    return new BilledKey(source, part, provider, hostedModel, day, 0);
  }

  @Override
  public int compareTo(BilledKey other) {
    return ORDER.compare(this, other);
  }

  private static long roundedUp(long micros) {
    if (micros <= TimeUnits.MICROS_PER_MINUTE) {
      return TimeUnits.MICROS_PER_MINUTE;
    }
    if (micros <= TimeUnits.MICROS_PER_HOUR) {
      return TimeUnits.MICROS_PER_HOUR;
    }
    return -Math.floorDiv(-micros, TimeUnits.MICROS_PER_DAY) * TimeUnits.MICROS_PER_DAY;
  }
}
