package dev.homeward.economics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.catalog.Situation;
import dev.homeward.config.Binding;
import dev.homeward.config.Default;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the money and the replay assume. The defaults and their reasons stand in the program's
 * assumptions.yaml; a {@link Situation} replaces some of them, a user's file single ones. Every
 * part takes its components from the keys of the same name: {@code horizonMonths} is {@code
 * horizon-months}.
 *
 * @param fees what single cost lines pay by
 * @param document all keys with their values, as they were given
 * @param given the keys that somebody gave: they stay in another situation
 */
public record Assumptions(
    Chosen chosen,
    Finance finance,
    Power power,
    People people,
    Outages outages,
    Cost.Fees fees,
    Serving serving,
    Api api,
    Factors factors,
    Future future,
    ObjectNode document,
    Set<String> given) {

  private static final String DEFAULTS = "dev/homeward/economics/assumptions.yaml";
  private static final String SCHEMA = "assumptions.schema.json";

  /** The one key without a default. */
  private static final String PRICE_FORECAST_DATE = "price-forecast-date";

  private static final String SITUATION = "situation";

  /**
   * The hours of a review that names no situation: its program knew no hours of boxes and none that
   * fleets share, and a fleet's were these.
   */
  private static final Map<String, Double> HOURS_BEFORE_SITUATIONS =
      Map.of(
          "setup-hours-per-fleet", 8.0,
          "setup-hours-shared", 0.0,
          "upkeep-hours-per-fleet-month", 2.0,
          "upkeep-hours-shared-month", 0.0,
          "incident-hours-per-fleet-month", 1.0,
          "incident-hours-per-box-month", 0.0);

  /** Where a review keeps which keys were given; no key of a user's file. */
  private static final String GIVEN = "given";

  /**
   * What is named and not counted.
   *
   * @param situation id of a {@link Situation}
   */
  public record Chosen(String situation) {}

  /**
   * Over what time a purchase is judged.
   *
   * @param residualShare of its price, what a bought box fetches at the end of the horizon
   */
  public record Finance(int horizonMonths, double discountRatePerYear, double residualShare) {

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
  }

  /**
   * Electricity.
   *
   * @param electricityUsdPerKwh where no window of the tariff holds
   * @param pue power usage effectiveness of the room: all power over that of the boxes
   */
  public record Power(
      double electricityUsdPerKwh, List<Tariff.PricedHours> electricityTariff, double pue) {
    public Power {
      electricityTariff = List.copyOf(electricityTariff);
    }

    /** What a kWh costs by the hour of the clock. */
    public Tariff tariff() {
      return new Tariff(electricityUsdPerKwh, electricityTariff);
    }
  }

  /**
   * Hours of the people who run it, and what one costs.
   *
   * @param setupHoursPerFleet for a model under an engine
   * @param setupHoursPerBox for a bought box that does not say its own
   * @param setupHoursShared for all fleets together, once
   * @param upkeepHoursSharedMonth for all fleets together
   * @param minutesPerEvaluationTask of people's time for a task of an evaluation
   */
  public record People(
      double engineerUsdPerHour,
      double setupHoursPerFleet,
      double setupHoursPerBox,
      double setupHoursPerWorkload,
      double setupHoursShared,
      double upkeepHoursPerFleetMonth,
      double upkeepHoursPerBoxMonth,
      double upkeepHoursPerWorkloadMonth,
      double upkeepHoursSharedMonth,
      double incidentHoursPerFleetMonth,
      double incidentHoursPerBoxMonth,
      double minutesPerEvaluationTask) {}

  /**
   * When a local fleet does not answer.
   *
   * @param localAvailability share of the month that it is up
   */
  public record Outages(
      Redundancy redundancy,
      double localAvailability,
      double spotInterruptionsPerBoxMonth,
      double spotRecoveryMinutes) {}

  /** What answers while the local fleet is down. */
  public enum Redundancy {
    API_FALLBACK,
    N_PLUS_1,
    NONE
  }

  /**
   * How calls are replayed.
   *
   * @param mostReplicas of a fleet
   * @param prefixFoundInSession of the prompt tokens that a session's call read from the API's
   *     prompt cache, the share that the local engine finds if its cache still holds them
   * @param prefixFoundWithoutSession of those of a call without a session, the share it finds
   * @param sessions whether a session's call waits for its last one
   * @param promptTokenRatio tokens of the local model for one of the hosted one
   */
  public record Serving(
      int mostReplicas,
      PrefixCache prefixCache,
      Spread prefixFoundInSession,
      Spread prefixFoundWithoutSession,
      Loop sessions,
      double promptTokenRatio,
      double outputTokenRatio,
      Speculation speculativeDecoding) {}

  /** Whether a session's next call waits for the answer to its last one. */
  public enum Loop {
    OPEN,
    CLOSED
  }

  /**
   * Prompt tokens that the local engine finds in its prefix cache.
   *
   * @param share of every prompt, where the rule is that
   */
  public record PrefixCache(Rule rule, double share) {
    /** How they are known. */
    public enum Rule {
      /** What engines keep of sessions is replayed; without a session, a range is assumed. */
      REPLAYED,
      /** The tokens that the API found in its own cache are found here too. */
      AS_LOGGED,
      /** A share of every prompt; 0 if off. */
      SHARE
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static PrefixCache read(JsonNode n) {
      Rule rule =
          switch (n.asText()) {
            case "replayed" -> Rule.REPLAYED;
            case "as-logged" -> Rule.AS_LOGGED;
            default -> Rule.SHARE;
          };
      return new PrefixCache(rule, n.asDouble(0));
    }
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
      int draftTokens, double acceptedTokens, @Default("0") double draftShare, String source) {
    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public Speculation {
      if (acceptedTokens > draftTokens + 1) {
        throw new IllegalArgumentException(
            "/accepted-tokens: at most draft-tokens + 1 = %d (found %s)"
                .formatted(draftTokens + 1, acceptedTokens));
      }
    }

    @JsonCreator
    static Speculation word(String word) {
      if (!word.equals("off")) {
        throw new IllegalArgumentException("needs off, or an object (found %s)".formatted(word));
      }
      return new Speculation(0, 1, 0, "");
    }
  }

  /**
   * What the organisation pays providers.
   *
   * @param priceForecastDate the day whose prices the forecast uses; empty: the last announced ones
   * @param apiDiscountsPercent off list prices, by provider or {@code *}
   * @param apiSubscriptions what is paid by the month for seats and units
   * @param apiAccounts whom providers bill, by provider
   */
  public record Api(
      Optional<LocalDate> priceForecastDate,
      Map<String, BigDecimal> apiDiscountsPercent,
      List<ApiAgreement> apiAgreements,
      List<ApiSubscription> apiSubscriptions,
      Map<String, ApiAccount> apiAccounts) {
    public Api {
      apiDiscountsPercent = Collections.unmodifiableMap(new TreeMap<>(apiDiscountsPercent));
      apiAgreements = List.copyOf(apiAgreements);
      apiSubscriptions = List.copyOf(apiSubscriptions);
      apiAccounts = Collections.unmodifiableMap(new TreeMap<>(apiAccounts));
    }
  }

  /** What-if factors on all API prices and on all volumes. */
  public record Factors(double apiPriceFactor, double volumeFactor) {}

  /**
   * What may be different from today, as quantiles.
   *
   * @param growthPerMonth of the volume, as a factor less 1; empty: from the log
   * @param growthHalvesAfterMonths growth is damped: half of it is left after so many months
   * @param mostGrowthPerMonth growth is capped at this, and its inverse
   * @param apiPriceChangePerYear of API prices, as a factor less 1
   * @param peopleFactor on upkeep and incidents
   * @param tariffFactor on electricity prices
   * @param tokenFactor on the local model's tokens
   * @param samples points of the integration, a power of two
   * @param seed of their shift
   */
  public record Future(
      @JsonDeserialize(using = SpreadOrFromLog.class) Optional<Spread> growthPerMonth,
      double growthHalvesAfterMonths,
      double mostGrowthPerMonth,
      Spread apiPriceChangePerYear,
      Spread peopleFactor,
      Spread tariffFactor,
      Spread tokenFactor,
      int samples,
      long seed) {}

  /** Reads a range; nothing for the text from-log. */
  private static final class SpreadOrFromLog extends StdDeserializer<Optional<Spread>> {
    private static final long serialVersionUID = 1L;

    SpreadOrFromLog() {
      super(Optional.class);
    }

    @Override
    public Optional<Spread> deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode n = parser.readValueAsTree();
      return n.isTextual() ? Optional.empty() : Optional.of(Spread.read(n));
    }
  }

  @Override
  public ObjectNode document() {
    return document.deepCopy();
  }

  public Assumptions {
    given = Collections.unmodifiableSet(new TreeSet<>(given));
  }

  /** The program's defaults. */
  public static Assumptions defaults() {
    return of((ObjectNode) Documents.readResource(DEFAULTS), Set.of(), DEFAULTS);
  }

  /** The defaults with a user's file over them. */
  public static Assumptions load(Path file) {
    JsonNode given = Documents.read(file);
    if (given.isMissingNode() || given.isNull()) {
      return defaults();
    }
    Schemas.check(SCHEMA, given, file.toString());
    return defaults().over((ObjectNode) given, file.toString());
  }

  /**
   * What a review kept by {@link #text}. A key that the program did not know then has its default,
   * and the situation was {@link Situation#DEFAULT}.
   *
   * @param where how messages name the text
   * @throws InvalidInput if it holds keys that this program does not know: a newer one wrote it
   */
  public static Assumptions parse(String text, String where) {
    JsonNode kept = Documents.parse(text.getBytes(StandardCharsets.UTF_8), "assumptions.json");
    if (!kept.isObject()) {
      throw new InvalidInput("%s: holds no assumptions (found %s)".formatted(where, kept));
    }
    ObjectNode values = kept.deepCopy();
    JsonNode named = values.remove(GIVEN);
    ObjectNode defaults = defaults().document;
    List<String> unknown = new ArrayList<>();
    values
        .fieldNames()
        .forEachRemaining(
            key -> {
              if (!defaults.has(key) && !key.equals(PRICE_FORECAST_DATE)) {
                unknown.add(
                    "%s /%s: unknown key; was it written by a newer version of the program?"
                        .formatted(where, key));
              }
            });
    if (!unknown.isEmpty()) {
      throw new InvalidInput(unknown);
    }
    if (!values.has(SITUATION)) {
      HOURS_BEFORE_SITUATIONS.forEach((key, hours) -> defaults.set(key, number(hours)));
    }
    String situation = values.path(SITUATION).asText(Situation.DEFAULT);
    ObjectNode below = defaults.setAll(values(Situation.of(situation)));
    Set<String> given = new TreeSet<>();
    if (named == null) {
      // Reviews that name no situation do not say what was given: what differs from it was.
      values.properties().stream()
          .filter(e -> !same(e.getValue(), below.get(e.getKey())))
          .forEach(e -> given.add(e.getKey()));
    } else {
      named.forEach(key -> given.add(key.asText()));
    }
    given.remove(SITUATION);
    return of(below.setAll(values), given, where);
  }

  private static boolean same(JsonNode a, JsonNode b) {
    return b != null && a.isNumber() && b.isNumber()
        ? a.decimalValue().compareTo(b.decimalValue()) == 0
        : a.equals(b);
  }

  /** All keys with their values, and which of them were given, as JSON: {@link #parse} reads it. */
  public String text() {
    ObjectNode kept = document.deepCopy();
    ArrayNode names = kept.putArray(GIVEN);
    given.forEach(names::add);
    return kept.toString();
  }

  /** These in another situation: keys that somebody gave stay as they are. */
  public Assumptions in(Situation situation) {
    return with(SITUATION, JsonNodeFactory.instance.textNode(situation.id()), SITUATION);
  }

  /** The situation. */
  public Situation situation() {
    return Situation.of(chosen.situation());
  }

  /**
   * These with one value otherwise.
   *
   * @param key of the schema
   * @param where how messages name the value
   */
  public Assumptions with(String key, JsonNode value, String where) {
    return with(JsonNodeFactory.instance.objectNode().set(key, value), where);
  }

  /**
   * These with other values over them.
   *
   * @param over keys of the schema
   * @param where how messages name them
   */
  public Assumptions with(ObjectNode over, String where) {
    Schemas.check(SCHEMA, over, where);
    return over(over, where);
  }

  private Assumptions over(ObjectNode over, String where) {
    ObjectNode below = document.deepCopy();
    if (over.has(SITUATION)) {
      Situation to = Situation.of(over.get(SITUATION).asText());
      ObjectNode defaults = defaults().document;
      Set<String> theirs = new TreeSet<>();
      if (!to.equals(situation())) {
        Situation.all().forEach(s -> theirs.addAll(s.values().keySet()));
        theirs.addAll(HOURS_BEFORE_SITUATIONS.keySet());
        theirs.removeAll(given);
      }
      ObjectNode values = values(to);
      theirs.forEach(key -> below.set(key, values.has(key) ? values.get(key) : defaults.get(key)));
    }
    Set<String> all = new TreeSet<>(given);
    over.fieldNames().forEachRemaining(all::add);
    all.remove(SITUATION);
    return of(below.setAll(over.deepCopy()), all, where);
  }

  private static ObjectNode values(Situation situation) {
    ObjectNode values = JsonNodeFactory.instance.objectNode();
    situation.values().forEach((key, figure) -> values.set(key, number(figure.value())));
    return values;
  }

  // As a file would have it, so that what is kept is read as the same.
  private static JsonNode number(double value) {
    return value == (int) value
        ? JsonNodeFactory.instance.numberNode((int) value)
        : JsonNodeFactory.instance.numberNode(value);
  }

  private static Assumptions of(ObjectNode n, Set<String> given, String where) {
    return new Assumptions(
        part(Chosen.class, n, where),
        part(Finance.class, n, where),
        part(Power.class, n, where),
        part(People.class, n, where),
        part(Outages.class, n, where),
        part(Cost.Fees.class, n, where),
        part(Serving.class, n, where),
        part(Api.class, n, where),
        part(Factors.class, n, where),
        part(Future.class, n, where),
        n,
        given);
  }

  private static <T extends Record> T part(Class<T> type, ObjectNode n, String where) {
    return Binding.plain().bind(n.deepCopy().retain(Binding.keys(type)), type, where);
  }
}
