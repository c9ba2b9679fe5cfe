package dev.homeward.economics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.InvalidInput;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the money and the replay assume. The defaults and their reasons stand in the program's
 * assumptions.yaml; a user's file replaces single ones.
 */
public record Assumptions(
    int horizonMonths,
    double discountRatePerYear,
    double residualShare,
    double pue,
    double spaceUsdPerBoxMonth,
    double engineerUsdPerHour,
    double setupHoursPerFleet,
    double setupHoursPerWorkload,
    double upkeepHoursPerFleetMonth,
    double upkeepHoursPerWorkloadMonth,
    double incidentHoursPerFleetMonth,
    Redundancy redundancy,
    double localAvailability,
    int mostReplicas,
    boolean prefixCacheAsLogged,
    double prefixCacheShare,
    boolean closedSessions,
    double promptTokenRatio,
    double outputTokenRatio,
    Speculation speculation,
    Optional<LocalDate> priceForecastDate,
    Tariff tariff,
    double licenceUsdPerAcceleratorMonth,
    double networkUsdPerFleetMonth,
    double spotInterruptionsPerBoxMonth,
    double spotRecoveryMinutes,
    Map<String, BigDecimal> apiDiscountsPercent,
    List<ApiAgreement> apiAgreements,
    double apiPriceFactor,
    double volumeFactor,
    Future future,
    String text) {

  private static final String DEFAULTS = "dev/homeward/economics/assumptions.yaml";

  /** What answers while the local fleet is down. */
  public enum Redundancy {
    API_FALLBACK,
    N_PLUS_1,
    NONE
  }

  /**
   * Speculative decoding of engines that batch continuously.
   *
   * @param draftTokens checked in a step beside the next token; 0 if there is none
   * @param acceptedTokens put out in a step, from 1 to draftTokens + 1
   * @param draftShare time of drafting over that of the step's own products
   * @param source where the accepted tokens come from
   */
  public record Speculation(
      int draftTokens, double acceptedTokens, double draftShare, String source) {}

  private static Speculation speculation(JsonNode n, String where) {
    if (!n.isObject()) {
      return new Speculation(0, 1, 0, "");
    }
    int draft = n.get("draft-tokens").intValue();
    double accepted = n.get("accepted-tokens").doubleValue();
    if (accepted > draft + 1) {
      throw new InvalidInput(
          "%s /speculative-decoding/accepted-tokens: at most draft-tokens + 1 = %d (found %s)"
              .formatted(where, draft + 1, accepted));
    }
    return new Speculation(
        draft, accepted, n.path("draft-share").asDouble(0), n.get("source").textValue());
  }

  /**
   * What may come otherwise than today, as quantiles.
   *
   * @param growthPerMonth of the volume, as a factor less 1; empty: from the log
   * @param growthHalvesAfterMonths growth is damped: half of it is left after so many months
   * @param mostGrowthPerMonth growth is capped at this, and its inverse
   * @param apiPricePerYear factor on API prices in a year
   * @param people factor on upkeep and incidents
   * @param tariff factor on electricity prices
   * @param tokens factor on the local model's tokens
   * @param samples points of the integration, a power of two
   * @param seed of their shift
   */
  public record Future(
      Optional<Spread> growthPerMonth,
      double growthHalvesAfterMonths,
      double mostGrowthPerMonth,
      Spread apiPricePerYear,
      Spread people,
      Spread tariff,
      Spread tokens,
      int samples,
      long seed) {}

  private static Map<String, BigDecimal> discounts(JsonNode n) {
    Map<String, BigDecimal> discounts = new TreeMap<>();
    n.properties().forEach(e -> discounts.put(e.getKey(), e.getValue().decimalValue()));
    return discounts;
  }

  private static Tariff tariff(JsonNode n) {
    List<Tariff.Window> windows = new ArrayList<>();
    for (JsonNode w : n.path("electricity-tariff")) {
      windows.add(
          new Tariff.Window(
              w.get("from-hour").intValue(),
              w.get("to-hour").intValue(),
              Tariff.Days.valueOf(w.path("days").asText("all").toUpperCase(Locale.ROOT)),
              w.get("usd-per-kwh").doubleValue()));
    }
    return new Tariff(n.get("electricity-usd-per-kwh").doubleValue(), windows);
  }

  private static List<ApiAgreement> agreements(JsonNode nodes, String where) {
    List<ApiAgreement> agreements = new ArrayList<>();
    for (JsonNode node : nodes) {
      List<ApiAgreement.Tier> tiers = new ArrayList<>();
      for (JsonNode tier : node.path("tiers")) {
        tiers.add(
            new ApiAgreement.Tier(
                tier.get("from-monthly-usd").doubleValue(), tier.get("percent-off").doubleValue()));
      }
      for (int i = 1; i < tiers.size(); i++) {
        if (tiers.get(i).fromMonthlyUsd() <= tiers.get(i - 1).fromMonthlyUsd()) {
          throw new InvalidInput(
              "%s /api-agreements/%d/tiers/%d/from-monthly-usd: must rise (found %s after %s)"
                  .formatted(
                      where,
                      agreements.size(),
                      i,
                      tiers.get(i).fromMonthlyUsd(),
                      tiers.get(i - 1).fromMonthlyUsd()));
        }
      }
      agreements.add(
          new ApiAgreement(
              node.get("provider").textValue(),
              node.path("monthly-commitment-usd").asDouble(0),
              tiers));
    }
    return List.copyOf(agreements);
  }

  private static Future future(JsonNode n, String where) {
    JsonNode growth = n.get("growth-per-month");
    return new Future(
        growth.isTextual()
            ? Optional.empty()
            : Optional.of(spread(growth, where, "growth-per-month")),
        n.get("growth-halves-after-months").doubleValue(),
        n.get("most-growth-per-month").doubleValue(),
        spread(n.get("api-price-change-per-year"), where, "api-price-change-per-year"),
        spread(n.get("people-factor"), where, "people-factor"),
        spread(n.get("tariff-factor"), where, "tariff-factor"),
        spread(n.get("token-factor"), where, "token-factor"),
        n.get("samples").intValue(),
        n.get("seed").longValue());
  }

  private static Spread spread(JsonNode n, String where, String key) {
    if (n.isNumber()) {
      return Spread.fixed(n.doubleValue());
    }
    try {
      return new Spread(
          n.get("p10").doubleValue(), n.get("p50").doubleValue(), n.get("p90").doubleValue());
    } catch (IllegalArgumentException e) {
      throw new InvalidInput("%s /%s: %s".formatted(where, key, e.getMessage()), e);
    }
  }

  /** The assumptions of {@link #text}. */
  public static Assumptions parse(String text) {
    return of(Documents.parse(text.getBytes(StandardCharsets.UTF_8), "assumptions.json"), "");
  }

  /**
   * These with other values over them.
   *
   * @param given keys of the schema
   * @param where how messages name them
   */
  public Assumptions with(ObjectNode given, String where) {
    Schemas.check("assumptions.schema.json", given, where);
    ObjectNode merged =
        (ObjectNode) Documents.parse(text.getBytes(StandardCharsets.UTF_8), "assumptions.json");
    merged.setAll(given);
    return of(merged, where);
  }

  /** The program's defaults. */
  public static Assumptions defaults() {
    return of(Documents.readResource(DEFAULTS), DEFAULTS);
  }

  /** The defaults with a user's file over them. */
  public static Assumptions load(Path file) {
    JsonNode given = Documents.read(file);
    if (given.isMissingNode() || given.isNull()) {
      return defaults();
    }
    Schemas.check("assumptions.schema.json", given, file.toString());
    ObjectNode merged = (ObjectNode) Documents.readResource(DEFAULTS);
    merged.setAll((ObjectNode) given);
    return of(merged, file.toString());
  }

  /** Monthly rate that compounds to the yearly one: (1 + r)^(1/12) - 1. */
  public double discountRatePerMonth() {
    return Math.pow(1 + discountRatePerYear, 1.0 / 12) - 1;
  }

  /**
   * What one dollar spent now costs a month over the horizon: i / (1 - (1 + i)^-n); 1 / n at 0 %.
   * Example: 8 % a year, 36 months: i = 0.006434, so 0.031208.
   */
  public double annuityPerMonth() {
    double i = discountRatePerMonth();
    return i == 0 ? 1.0 / horizonMonths : i / (1 - Math.pow(1 + i, -horizonMonths));
  }

  private static Assumptions of(JsonNode n, String where) {
    Optional<LocalDate> day = Optional.empty();
    if (n.has("price-forecast-date")) {
      String text = n.get("price-forecast-date").textValue();
      try {
        day = Optional.of(LocalDate.parse(text));
      } catch (DateTimeException e) {
        throw new InvalidInput(
            "%s /price-forecast-date: not a day of the calendar (found %s)".formatted(where, text),
            e);
      }
    }
    return new Assumptions(
        n.get("horizon-months").intValue(),
        n.get("discount-rate-per-year").doubleValue(),
        n.get("residual-share").doubleValue(),
        n.get("pue").doubleValue(),
        n.get("space-usd-per-box-month").doubleValue(),
        n.get("engineer-usd-per-hour").doubleValue(),
        n.get("setup-hours-per-fleet").doubleValue(),
        n.get("setup-hours-per-workload").doubleValue(),
        n.get("upkeep-hours-per-fleet-month").doubleValue(),
        n.get("upkeep-hours-per-workload-month").doubleValue(),
        n.get("incident-hours-per-fleet-month").doubleValue(),
        Redundancy.valueOf(
            n.get("redundancy").textValue().toUpperCase(Locale.ROOT).replace('-', '_')),
        n.get("local-availability").doubleValue(),
        n.get("most-replicas").intValue(),
        n.get("prefix-cache").asText().equals("as-logged"),
        n.get("prefix-cache").asDouble(0),
        n.get("sessions").textValue().equals("closed"),
        n.get("prompt-token-ratio").doubleValue(),
        n.get("output-token-ratio").doubleValue(),
        speculation(n.get("speculative-decoding"), where),
        day,
        tariff(n),
        n.get("licence-usd-per-accelerator-month").doubleValue(),
        n.get("network-usd-per-fleet-month").doubleValue(),
        n.get("spot-interruptions-per-box-month").doubleValue(),
        n.get("spot-recovery-minutes").doubleValue(),
        discounts(n.get("api-discounts-percent")),
        agreements(n.get("api-agreements"), where),
        n.get("api-price-factor").doubleValue(),
        n.get("volume-factor").doubleValue(),
        future(n, where),
        n.toString());
  }
}
