package dev.homeward.economics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.InvalidInput;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What the money and the replay assume. The defaults and their reasons stand in the program's
 * assumptions.yaml; a user's file replaces single ones.
 */
public record Assumptions(
    int horizonMonths,
    double discountRatePerYear,
    double residualShare,
    double electricityUsdPerKwh,
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
    Optional<LocalDate> priceForecastDate) {

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
        n.get("electricity-usd-per-kwh").doubleValue(),
        n.get("pue").doubleValue(),
        n.get("space-usd-per-box-month").doubleValue(),
        n.get("engineer-usd-per-hour").doubleValue(),
        n.get("setup-hours-per-fleet").doubleValue(),
        n.get("setup-hours-per-workload").doubleValue(),
        n.get("upkeep-hours-per-fleet-month").doubleValue(),
        n.get("upkeep-hours-per-workload-month").doubleValue(),
        n.get("incident-hours-per-fleet-month").doubleValue(),
        Redundancy.valueOf(
            n.get("redundancy").textValue().toUpperCase(java.util.Locale.ROOT).replace('-', '_')),
        n.get("local-availability").doubleValue(),
        n.get("most-replicas").intValue(),
        n.get("prefix-cache").asText().equals("as-logged"),
        n.get("prefix-cache").asDouble(0),
        n.get("sessions").textValue().equals("closed"),
        n.get("prompt-token-ratio").doubleValue(),
        n.get("output-token-ratio").doubleValue(),
        speculation(n.get("speculative-decoding"), where),
        day);
  }
}
