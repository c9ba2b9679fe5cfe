package dev.homeward.workers;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.decision.PrefixCaches;
import dev.homeward.economics.Assumptions;
import dev.homeward.pricing.Discounts;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.settings.ReviewSettings;
import dev.homeward.units.TimeUnits;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What all replays of a review share, small and serializable.
 *
 * @param run another one in each run of the program, so that files of the same name are told apart
 * @param catalog the user's catalog files
 * @param prices the user's price books
 * @param forecastDay day of the announced prices, or null
 * @param discounts percent by provider
 * @param fromMicros start of the month
 * @param toMicros its end
 */
public record ReplayContext(
    String run,
    List<String> catalog,
    List<String> prices,
    String forecastDay,
    TreeMap<String, BigDecimal> discounts,
    long fromMicros,
    long toMicros,
    ReplaySettings replay)
    implements Serializable {

  /** What the replays of a review share. */
  public static ReplayContext of(ReviewSettings settings, ReviewPeriod period) {
    Assumptions a = settings.assumptions();
    return new ReplayContext(
        UUID.randomUUID().toString(),
        settings.catalog().userDocuments(),
        settings.prices().userDocuments(),
        a.api().priceForecastDate().map(LocalDate::toString).orElse(null),
        new TreeMap<>(a.api().apiDiscountsPercent()),
        period.fromMicros(),
        period.toMicros(),
        replaySettings(a, period));
  }

  /** What all replays of a review have in common. */
  public static ReplaySettings replaySettings(Assumptions a, ReviewPeriod period) {
    long offset =
        period
                .zone()
                .getRules()
                .getOffset(Instant.ofEpochMilli(period.fromMicros() / TimeUnits.MICROS_PER_MILLI))
                .getTotalSeconds()
            * TimeUnits.MICROS_PER_SECOND;
    return new ReplaySettings(
        period.observedFromMicros(),
        period.observedToMicros(),
        PrefixCaches.expected(a.serving()),
        new ReplayOptions.Lengths(
            a.serving().promptTokenRatio(),
            a.serving().outputTokenRatio(),
            new ReplayOptions.Speculation(
                a.serving().speculativeDecoding().draftTokens(),
                a.serving().speculativeDecoding().acceptedTokens(),
                a.serving().speculativeDecoding().draftShare())),
        offset,
        a.serving().sessions() == Assumptions.Loop.CLOSED);
  }

  // Tasks of one process read the catalog once.
  private static volatile Catalog last;
  private static volatile List<String> lastOf;

  Catalog readCatalog() {
    synchronized (ReplayContext.class) {
      if (!catalog.equals(lastOf)) {
        last = Catalog.parse(catalog);
        lastOf = List.copyOf(catalog);
      }
      return last;
    }
  }

  Pricer pricer() {
    return new Pricer(
        PriceBook.parse(prices),
        Optional.ofNullable(forecastDay).map(LocalDate::parse),
        Discounts.of(discounts));
  }
}
