package dev.homeward.focus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The columns of focus.csv and focus.parquet: those of the specification by name, then those of our
 * own, which it wants to begin with {@code x_}. What each holds: docs/focus.md.
 */
enum FocusColumn {
  BILLED_COST(Type.COST),
  BILLING_ACCOUNT_ID(Type.TEXT),
  BILLING_ACCOUNT_NAME(Type.TEXT),
  BILLING_CURRENCY(Type.TEXT),
  BILLING_PERIOD_END(Type.DAY),
  BILLING_PERIOD_START(Type.DAY),
  CHARGE_CATEGORY(Type.TEXT),
  CHARGE_CLASS(Type.TEXT),
  CHARGE_DESCRIPTION(Type.TEXT),
  CHARGE_FREQUENCY(Type.TEXT),
  CHARGE_PERIOD_END(Type.DAY),
  CHARGE_PERIOD_START(Type.DAY),
  COMMITMENT_DISCOUNT_STATUS(Type.TEXT),
  CONSUMED_QUANTITY(Type.QUANTITY),
  CONSUMED_UNIT(Type.TEXT),
  CONTRACTED_COST(Type.COST),
  CONTRACTED_UNIT_PRICE(Type.PRICE),
  EFFECTIVE_COST(Type.COST),
  HOST_PROVIDER_NAME(Type.TEXT, FocusVersion.V1_3),
  INVOICE_ID(Type.TEXT),
  INVOICE_ISSUER_NAME(Type.TEXT),
  LIST_COST(Type.COST),
  LIST_UNIT_PRICE(Type.PRICE),
  PRICING_CATEGORY(Type.TEXT),
  PRICING_CURRENCY(Type.TEXT),
  PRICING_CURRENCY_CONTRACTED_UNIT_PRICE(Type.PRICE),
  PRICING_CURRENCY_EFFECTIVE_COST(Type.COST),
  PRICING_CURRENCY_LIST_UNIT_PRICE(Type.PRICE),
  PRICING_QUANTITY(Type.QUANTITY),
  PRICING_UNIT(Type.TEXT),
  PROVIDER_NAME(Type.TEXT),
  PUBLISHER_NAME(Type.TEXT),
  REGION_ID(Type.TEXT),
  REGION_NAME(Type.TEXT),
  SERVICE_CATEGORY(Type.TEXT),
  SERVICE_NAME(Type.TEXT),
  SERVICE_PROVIDER_NAME(Type.TEXT, FocusVersion.V1_3),
  SERVICE_SUBCATEGORY(Type.TEXT),
  SKU_ID(Type.TEXT),
  SKU_METER(Type.TEXT),
  SKU_PRICE_DETAILS(Type.TEXT),
  SKU_PRICE_ID(Type.TEXT),
  SUB_ACCOUNT_ID(Type.TEXT),
  SUB_ACCOUNT_NAME(Type.TEXT),
  TAGS(Type.TEXT),
  X_BILLING_MODE(Type.TEXT),
  X_COST_BASIS(Type.TEXT),
  X_DATA_CLASS(Type.TEXT),
  X_HOSTED_MODEL(Type.TEXT),
  X_OWNER(Type.TEXT),
  X_SERVICE_TIER(Type.TEXT),
  X_TOKEN_KIND(Type.TEXT),
  X_WORKLOAD(Type.TEXT);

  /**
   * What a value is: a {@code String}, a {@code LocalDate} for the start of that day in UTC, or a
   * {@code BigDecimal} with at most so many decimals. A cost is tokens times micro-dollars per
   * million, exact in 12.
   */
  enum Type {
    TEXT(-1),
    DAY(-1),
    QUANTITY(6),
    PRICE(9),
    COST(12);

    private final int decimals;

    Type(int decimals) {
      this.decimals = decimals;
    }

    int decimals() {
      return decimals;
    }
  }

  private final Type type;
  private final FocusVersion since;
  private final String columnName;

  FocusColumn(Type type) {
    this(type, FocusVersion.V1_2);
  }

  FocusColumn(Type type, FocusVersion since) {
    this.type = type;
    this.since = since;
    this.columnName = columnName(name());
  }

  private static String columnName(String constant) {
    StringBuilder name = new StringBuilder();
    for (String word : constant.split("_")) {
      name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return constant.startsWith("X_") ? "x_" + name.substring(1) : name.toString();
  }

  Type type() {
    return type;
  }

  /** The name in the files. */
  String columnName() {
    return columnName;
  }

  /** The columns of a version, in their order. */
  static List<FocusColumn> of(FocusVersion version) {
    List<FocusColumn> columns = new ArrayList<>(Arrays.asList(values()));
    columns.removeIf(column -> column.since.compareTo(version) > 0);
    return List.copyOf(columns);
  }
}
