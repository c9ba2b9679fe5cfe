package dev.homeward.focus;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.BillingMode;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.HostedModels;
import dev.homeward.catalog.Providers;
import dev.homeward.catalog.ServedBy;
import dev.homeward.economics.ApiAccount;
import dev.homeward.economics.ApiSubscription;
import dev.homeward.economics.Assumptions;
import dev.homeward.focus.FocusCosts.CostBasis;
import dev.homeward.keeping.Codec;
import dev.homeward.pricing.SpendOfDay;
import dev.homeward.units.VisibleText;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The charges of a review: a row a workload, hosted model, data class, token kind, tier and UTC
 * day, and where calls of these differ in place, in owner, in how they are paid for or in what they
 * are charged (below and above a long-context limit) a row of each. Then seats and units as
 * purchases, and what agreements leave to be paid as adjustments.
 *
 * <p>Costs are exact: unit price times quantity, without rounding, so that the contracted costs of
 * a workload are {@code api_cost_usd} of ranking.csv. Calls without a price have no cost that could
 * stand here, and are left out; summary.json counts them.
 */
final class FocusRows {
  private static final String USD = "USD";
  private static final String USAGE = "Usage";
  private static final String CATEGORY = "AI and Machine Learning";
  private static final String SUBCATEGORY = "Generative AI";

  private final ReviewPeriod period;
  private final HostedModels models;
  private final Assumptions.Api api;
  private final List<SpendOfDay.OfWorkload> spend;
  private final FocusCosts costs;

  FocusRows(
      ReviewPeriod period,
      HostedModels models,
      Assumptions.Api api,
      List<SpendOfDay.OfWorkload> spend) {
    this.period = period;
    this.models = models;
    this.api = api;
    this.spend = spend;
    this.costs = new FocusCosts(spend, models, api, period.coverage());
  }

  /**
   * Gives every row in turn: values by column, absent for NULL, texts made visible. The map is
   * filled anew for the next.
   */
  void forEach(Consumer<Map<FocusColumn, Object>> rows) {
    Map<FocusColumn, Object> row = new EnumMap<>(FocusColumn.class);
    for (SpendOfDay.OfWorkload workload : spend) {
      for (SpendOfDay day : workload.days()) {
        for (SpendOfDay.Line line : day.lines()) {
          row.clear();
          usage(row, workload.key(), day, line);
          give(row, rows);
        }
      }
    }
    for (ApiSubscription seats : api.apiSubscriptions()) {
      row.clear();
      purchase(row, seats);
      give(row, rows);
    }
    for (FocusCosts.Shortfall shortfall : costs.shortfalls()) {
      row.clear();
      adjustment(row, shortfall);
      give(row, rows);
    }
  }

  private static void give(Map<FocusColumn, Object> row, Consumer<Map<FocusColumn, Object>> rows) {
    row.replaceAll((column, value) -> value instanceof String text ? VisibleText.of(text) : value);
    rows.accept(row);
  }

  private void usage(
      Map<FocusColumn, Object> row, WorkloadKey key, SpendOfDay day, SpendOfDay.Line line) {
    String host = Sellers.host(day.place(), key.hostedModel(), models);
    seller(row, host, Sellers.publisher(key.hostedModel(), host, models));
    period(row, day.day(), day.day().plusDays(1));
    row.put(FocusColumn.CHARGE_CATEGORY, USAGE);
    row.put(FocusColumn.CHARGE_FREQUENCY, "Usage-Based");
    Meter meter = Meter.of(line.kind());
    row.put(
        FocusColumn.CHARGE_DESCRIPTION,
        "%s, %s, %s tier%s"
            .formatted(
                key.hostedModel(),
                meter.name(),
                day.tier().word(),
                line.longContext() ? ", long context" : ""));
    row.put(FocusColumn.CONSUMED_QUANTITY, BigDecimal.valueOf(line.units()));
    row.put(FocusColumn.CONSUMED_UNIT, meter.unit());
    row.put(FocusColumn.PRICING_QUANTITY, meter.quantity(line.units()));
    row.put(FocusColumn.PRICING_UNIT, meter.pricingUnit());
    price(row, meter.price(line.listMicroUsd()), meter.price(line.microUsd()));
    cost(
        row,
        FocusCosts.list(line),
        FocusCosts.contracted(line),
        costs.billed(line, host, day.billingMode()),
        costs.effective(line, host, day.billingMode()));
    // Of the specification's words: a price known beforehand, or a price model of another kind.
    row.put(
        FocusColumn.PRICING_CATEGORY,
        day.billingMode() == BillingMode.METERED ? "Standard" : "Other");
    sku(row, host, key.hostedModel(), day, line, meter);
    ServedBy place = ServedBy.parse(day.place());
    if (place.isInRegion() && !place.area().equals(ServedBy.IN_REGION)) {
      row.put(FocusColumn.REGION_ID, place.area());
      row.put(FocusColumn.REGION_NAME, place.area());
    }
    row.put(FocusColumn.TAGS, tags(key, day.owner()));
    row.put(FocusColumn.X_BILLING_MODE, day.billingMode().word());
    row.put(FocusColumn.X_COST_BASIS, costs.basis(host, day.billingMode()).word());
    row.put(FocusColumn.X_DATA_CLASS, key.dataClass());
    row.put(FocusColumn.X_HOSTED_MODEL, key.hostedModel());
    if (!day.owner().isEmpty()) {
      row.put(FocusColumn.X_OWNER, day.owner());
    }
    row.put(FocusColumn.X_SERVICE_TIER, day.tier().word());
    row.put(FocusColumn.X_TOKEN_KIND, line.kind());
    row.put(FocusColumn.X_WORKLOAD, key.workload());
  }

  // A SKU is what is sold, its price what the tier, the day and the length of the prompt make of
  // it: the row of the price book can be found by it.
  private void sku(
      Map<FocusColumn, Object> row,
      String host,
      String hostedModel,
      SpendOfDay day,
      SpendOfDay.Line line,
      Meter meter) {
    String sku = "%s/%s/%s".formatted(host, hostedModel, line.kind());
    SpendOfDay.PriceName price = day.price();
    row.put(FocusColumn.SKU_ID, sku);
    row.put(FocusColumn.SKU_METER, meter.name());
    row.put(
        FocusColumn.SKU_PRICE_ID,
        "%s/%s%s%s%s/%s"
            .formatted(
                sku,
                price.tier(),
                line.longContext() ? "/long-context" : "",
                price.provider().isEmpty() ? "" : "/" + price.provider(),
                price.region().isEmpty() ? "" : "/" + price.region(),
                price.validFrom()));
    ObjectNode details = Codec.object();
    details.put("x_LongContext", line.longContext());
    details.put("x_ModelDeveloper", Sellers.publisher(hostedModel, host, models));
    details.put("x_ModelId", VisibleText.of(hostedModel));
    details.put("x_PriceTier", price.tier());
    details.put("x_TokenKind", line.kind());
    row.put(FocusColumn.SKU_PRICE_DETAILS, Codec.write(details));
  }

  private static String tags(WorkloadKey key, String owner) {
    ObjectNode tags = Codec.object();
    tags.put("data_class", VisibleText.of(key.dataClass()));
    if (!owner.isEmpty()) {
      tags.put("owner", VisibleText.of(owner));
    }
    tags.put("workload", VisibleText.of(key.workload()));
    return Codec.write(tags);
  }

  private void purchase(Map<FocusColumn, Object> row, ApiSubscription seats) {
    String host = Providers.canonical(seats.provider());
    Sellers.Seller seller = Sellers.of(host);
    seller(row, host, seller.name());
    YearMonth month = period.month();
    period(row, month.atDay(1), month.plusMonths(1).atDay(1));
    String name =
        seats.name().isEmpty() ? seller.service() + " " + seats.billingMode() : seats.name();
    row.put(FocusColumn.CHARGE_CATEGORY, "Purchase");
    row.put(FocusColumn.CHARGE_FREQUENCY, "Recurring");
    row.put(FocusColumn.CHARGE_DESCRIPTION, name);
    row.put(FocusColumn.PRICING_QUANTITY, BigDecimal.valueOf(seats.seats()));
    row.put(FocusColumn.PRICING_UNIT, "Unit-Months");
    price(row, seats.seatMonthlyUsd(), seats.seatMonthlyUsd());
    // It is the calls behind it that have its effective cost.
    cost(row, seats.monthlyUsd(), seats.monthlyUsd(), seats.monthlyUsd(), BigDecimal.ZERO);
    row.put(FocusColumn.PRICING_CATEGORY, "Standard");
    String sku = "%s/%s/%s".formatted(host, seats.billingMode(), name);
    row.put(FocusColumn.SKU_ID, sku);
    row.put(FocusColumn.SKU_METER, "Seats");
    row.put(FocusColumn.SKU_PRICE_ID, sku + "/" + FocusText.number(seats.seatMonthlyUsd()));
    row.put(FocusColumn.X_BILLING_MODE, seats.billingMode());
    row.put(FocusColumn.X_COST_BASIS, CostBasis.STATED.word());
  }

  private void adjustment(Map<FocusColumn, Object> row, FocusCosts.Shortfall shortfall) {
    seller(row, shortfall.host(), Sellers.of(shortfall.host()).name());
    YearMonth month = period.month();
    period(row, month.atDay(1), month.plusMonths(1).atDay(1));
    row.put(FocusColumn.CHARGE_CATEGORY, "Adjustment");
    row.put(FocusColumn.CHARGE_FREQUENCY, "One-Time");
    row.put(FocusColumn.CHARGE_DESCRIPTION, "Commitment that the month's use does not reach");
    cost(row, shortfall.usd(), shortfall.usd(), shortfall.usd(), shortfall.usd());
    row.put(FocusColumn.X_COST_BASIS, CostBasis.ESTIMATED.word());
  }

  // Who sells it also bills it: a log knows no reseller but the host itself.
  private void seller(Map<FocusColumn, Object> row, String host, String publisher) {
    Sellers.Seller seller = Sellers.of(host);
    Optional<ApiAccount> account = account(host);
    row.put(
        FocusColumn.BILLING_ACCOUNT_ID,
        account.map(ApiAccount::id).orElse("homeward:" + (host.isEmpty() ? "unknown" : host)));
    account
        .flatMap(ApiAccount::name)
        .ifPresent(name -> row.put(FocusColumn.BILLING_ACCOUNT_NAME, name));
    row.put(FocusColumn.PROVIDER_NAME, seller.name());
    row.put(FocusColumn.HOST_PROVIDER_NAME, seller.name());
    row.put(FocusColumn.SERVICE_PROVIDER_NAME, seller.name());
    row.put(FocusColumn.INVOICE_ISSUER_NAME, seller.name());
    row.put(FocusColumn.PUBLISHER_NAME, publisher);
    row.put(FocusColumn.SERVICE_CATEGORY, CATEGORY);
    row.put(FocusColumn.SERVICE_SUBCATEGORY, SUBCATEGORY);
    row.put(FocusColumn.SERVICE_NAME, seller.service());
    row.put(FocusColumn.BILLING_CURRENCY, USD);
    row.put(FocusColumn.PRICING_CURRENCY, USD);
  }

  private Optional<ApiAccount> account(String host) {
    return api.apiAccounts().entrySet().stream()
        .filter(e -> Providers.canonical(e.getKey()).equals(host))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  // Providers bill by calendar months of UTC, whatever the business time zone.
  private static void period(Map<FocusColumn, Object> row, LocalDate from, LocalDate to) {
    YearMonth month = YearMonth.from(from);
    row.put(FocusColumn.BILLING_PERIOD_START, month.atDay(1));
    row.put(FocusColumn.BILLING_PERIOD_END, month.plusMonths(1).atDay(1));
    row.put(FocusColumn.CHARGE_PERIOD_START, from);
    row.put(FocusColumn.CHARGE_PERIOD_END, to);
  }

  private static void price(Map<FocusColumn, Object> row, BigDecimal list, BigDecimal contracted) {
    row.put(FocusColumn.LIST_UNIT_PRICE, list);
    row.put(FocusColumn.PRICING_CURRENCY_LIST_UNIT_PRICE, list);
    row.put(FocusColumn.CONTRACTED_UNIT_PRICE, contracted);
    row.put(FocusColumn.PRICING_CURRENCY_CONTRACTED_UNIT_PRICE, contracted);
  }

  private static void cost(
      Map<FocusColumn, Object> row,
      BigDecimal list,
      BigDecimal contracted,
      BigDecimal billed,
      BigDecimal effective) {
    row.put(FocusColumn.LIST_COST, list);
    row.put(FocusColumn.CONTRACTED_COST, contracted);
    row.put(FocusColumn.BILLED_COST, billed);
    row.put(FocusColumn.EFFECTIVE_COST, effective);
    row.put(FocusColumn.PRICING_CURRENCY_EFFECTIVE_COST, effective);
  }
}
