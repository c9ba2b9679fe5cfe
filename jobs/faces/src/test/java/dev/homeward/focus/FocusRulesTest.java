package dev.homeward.focus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Files keep the rules of FOCUS, and the check of them finds who does not. */
final class FocusRulesTest {
  /** Everything at once: discounts came with the spend; here are agreement, seats, accounts. */
  private static final String API =
      """
      { "api-agreements": [{ "provider": "anthropic", "monthly-commitment-usd": 1,
            "tiers": [{ "from-monthly-usd": 0.1, "percent-off": 12.5 }] }],
        "api-subscriptions": [{ "provider": "anthropic", "name": "Claude Max", "seats": 3, "seat-monthly-usd": 100.5 }],
        "api-accounts": { "anthropic": { "id": "org-1", "name": "Acme" }, "bedrock": { "id": "4711", "name": "aws" },
            "azure": { "id": "sub-1", "name": "Azure" }, "acme": { "id": "a", "name": "b" } } }
      """;

  /** What the data is: FocusRules says it in words. */
  private static final Set<String> CRITERIA =
      Set.of(
          "PUBLIC_PRICE_LIST",
          "UNIT_PRICING",
          "USAGE_MEASUREMENT",
          "NEGOTIATED_PRICING",
          "TAGGING",
          "MULTIPLE_PRICING_CATEGORIES",
          "REGION",
          "PRICING_BILLING_CURRENCY_DIFFERENCES",
          "SUB_ACCOUNT",
          "ACCOUNT_NAMING");

  @TempDir private Path folder;

  // The one made-up model has no account that anybody could name.
  private static FocusBench.Files written(FocusVersion version) throws IOException {
    return FocusBench.files(version, FocusBench.ALL.subList(0, 3), API);
  }

  @ParameterizedTest
  @EnumSource(FocusVersion.class)
  void everyRuleHoldsOfTextAndParquet(FocusVersion version) throws IOException {
    FocusRules rules = FocusRules.carried();
    assertEquals(198, rules.byId().size());
    FocusBench.Files files = written(version);
    assertEquals(List.of(), rules.brokenBy(files.text()));
    assertEquals(List.of(), rules.brokenBy(files.table(folder)));
    assertTrue(files.text().rows().size() >= 12, files.text().rows().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "BilledCost, , BilledCost-C-003-M",
    "BilledCost, 3, BilledCost-C-001-M",
    "BilledCost, $3, BilledCost-C-002-M",
    "ProviderName, Reseller, BilledCost-C-005-C",
    "BillingCurrency, XXX, BillingCurrency-C-006-M",
    "ChargeCategory, Use, ChargeCategory-C-003-M",
    "ChargePeriodStart, 2026-05-04, ChargePeriodStart-C-002-M",
    "ListUnitPrice, 3.1, ListUnitPrice-C-010-C",
    "ListUnitPrice, -3.0, ListUnitPrice-C-008-M",
    "ContractedUnitPrice, , ContractedUnitPrice-C-006-C",
    "ContractedCost, 1.0, ContractedUnitPrice-C-011-C",
    "ConsumedUnit, , ConsumedUnit-C-006-C",
    "ServiceSubcategory, Chips, ServiceSubcategory-C-003-M",
    "ServiceCategory, Compute, ServiceSubcategory-C-004-M",
    "SkuId, other, SkuPriceId-C-008-M",
    "SkuMeter, , SkuMeter-C-005-C",
    "PricingUnit, bushels, PricingUnit-C-003-O",
    "PricingCategory, , PricingCategory-C-004-C",
    "Tags, '{\"a\":[1]}', Tags-C-001-M",
    "Tags, '{\"a\":1,\"a\":2}', Tags-C-001-M",
    "SkuPriceDetails, no object, SkuPriceDetails-C-001-M",
    "RegionId, eu-west-1, RegionName-C-005-C",
  })
  void aBrokenRuleIsFound(String column, String value, String rule) throws IOException {
    FocusTable table = written(FocusVersion.V1_2).text();
    List<Map<String, String>> rows = new ArrayList<>();
    table.rows().forEach(row -> rows.add(new LinkedHashMap<>(row)));
    // Two rows of one SKU price, so that they can contradict each other.
    rows.add(new LinkedHashMap<>(rows.get(0)));
    if (value == null) {
      rows.get(0).remove(column);
    } else {
      rows.get(0).put(column, value);
    }
    List<String> broken =
        FocusRules.carried().brokenBy(new FocusTable(table.columns(), Map.of(), rows));
    assertTrue(broken.stream().anyMatch(b -> b.startsWith(rule)), broken.toString());
  }

  @Test
  void aMissingColumnIsFound() throws IOException {
    FocusTable table = written(FocusVersion.V1_2).text();
    List<String> columns = new ArrayList<>(table.columns());
    columns.remove("ListCost");
    assertEquals(
        List.of("CostAndUsage-D-032-M"),
        FocusRules.carried().brokenBy(new FocusTable(columns, Map.of(), table.rows())));
  }

  /** The rules that no machine of the model checks, as far as one can. */
  @ParameterizedTest
  @EnumSource(FocusVersion.class)
  void namesOrderTimesAndObjectsAreAsTheAttributesWant(FocusVersion version) throws IOException {
    FocusTable table = written(version).text();
    List<String> own = table.columns().stream().filter(c -> c.startsWith("x_")).toList();
    List<String> theirs = table.columns().stream().filter(c -> !c.startsWith("x_")).toList();
    List<String> both = new ArrayList<>(theirs);
    both.addAll(own);
    assertEquals(both, table.columns(), "columns of our own come last");
    assertEquals(theirs.stream().sorted().toList(), theirs);
    for (String column : table.columns()) {
      assertTrue(column.matches("(x_)?([A-Z][a-z]+)+") && column.length() <= 50, column);
    }
    ObjectMapper json = new ObjectMapper();
    for (Map<String, String> row : table.rows()) {
      // A billing period holds the charge period; both begin and end at midnight of UTC.
      assertTrue(row.get("BillingPeriodStart").compareTo(row.get("ChargePeriodStart")) <= 0);
      assertTrue(row.get("ChargePeriodStart").compareTo(row.get("ChargePeriodEnd")) < 0);
      assertTrue(row.get("ChargePeriodEnd").compareTo(row.get("BillingPeriodEnd")) <= 0);
      for (String cell : row.values()) {
        assertTrue(!cell.equals("N/A") && !cell.equals("null") && !cell.isBlank(), cell);
      }
      if (row.containsKey("SkuPriceDetails")) {
        for (Map.Entry<String, JsonNode> detail :
            json.readTree(row.get("SkuPriceDetails")).properties()) {
          assertTrue(detail.getKey().matches("x_([A-Z][a-z]+)+"), detail.getKey());
        }
      }
    }
  }

  @Test
  void theRulesCarriedAreThoseOfTheValidatorsModel() throws IOException {
    Path model =
        Path.of(System.getProperty("homeward.root", "../.."))
            .resolve("../shared/data/formats/focus_model-1.2.json");
    Assumptions.assumeTrue(Files.exists(model), model + " is not here");
    FocusRules theirs = FocusModel.read(model, CRITERIA);
    assertEquals(theirs.byId(), FocusRules.carried().byId());
    assertEquals(List.of(), theirs.brokenBy(written(FocusVersion.V1_2).table(folder)));
  }
}
