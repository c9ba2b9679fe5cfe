package dev.homeward.focus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.pricing.SpendOfDay;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the charges say and come to, each figure worked out by hand. */
final class FocusRowsTest {
  @TempDir private Path folder;

  private static Map<String, String> row(FocusTable table, String workload, String kind) {
    return table.rows().stream()
        .filter(r -> workload.equals(r.get("x_Workload")) && kind.equals(r.get("x_TokenKind")))
        .findFirst()
        .orElseThrow();
  }

  /** 10,000 tokens at $3 a million are $0.03; a tenth off, $0.027. */
  @Test
  void aRowIsTokensTimesItsTwoPrices() throws IOException {
    FocusTable table = FocusBench.files(FocusVersion.V1_2, FocusBench.ALL, "{}").text();
    Map<String, String> input = row(table, "claims", "input");
    assertEquals("10000.0", input.get("ConsumedQuantity"));
    assertEquals("Tokens", input.get("ConsumedUnit"));
    assertEquals("0.01", input.get("PricingQuantity"));
    assertEquals("1000000 Tokens", input.get("PricingUnit"));
    assertEquals("3.0", input.get("ListUnitPrice"));
    assertEquals("0.03", input.get("ListCost"));
    assertEquals("2.7", input.get("ContractedUnitPrice"));
    assertEquals("0.027", input.get("ContractedCost"));
    assertEquals("0.027", input.get("BilledCost"));
    assertEquals("0.027", input.get("EffectiveCost"));
    assertEquals("2026-05-04T00:00:00Z", input.get("ChargePeriodStart"));
    assertEquals("2026-05-05T00:00:00Z", input.get("ChargePeriodEnd"));
    assertEquals("2026-05-01T00:00:00Z", input.get("BillingPeriodStart"));
    assertEquals("2026-06-01T00:00:00Z", input.get("BillingPeriodEnd"));
    assertEquals("Estimated", input.get("x_CostBasis"));
    assertEquals("Anthropic", input.get("ProviderName"));
    assertEquals("Claude API", input.get("ServiceName"));
    assertEquals("homeward:anthropic", input.get("BillingAccountId"));
    // Seven searches at $10 a thousand.
    Map<String, String> searches = row(table, "claims", "web_search");
    assertEquals("0.007", searches.get("PricingQuantity"));
    assertEquals("1000 Requests", searches.get("PricingUnit"));
    assertEquals("10.0", searches.get("ListUnitPrice"));
    assertEquals("0.07", searches.get("ListCost"));
    // One token at $7.500001 a million keeps all its decimals.
    Map<String, String> one =
        table.rows().stream()
            .filter(
                r -> "eu-west-1".equals(r.get("RegionId")) && "output".equals(r.get("x_TokenKind")))
            .findFirst()
            .orElseThrow();
    assertEquals("0.000007500001", one.get("ListCost"));
    assertEquals("AWS", one.get("ProviderName"));
    assertEquals("Anthropic", one.get("PublisherName"));
    assertTrue(one.get("SkuPriceId").contains("/long-context"), one.get("SkuPriceId"));
    // What nobody said is not there.
    assertFalse(one.containsKey("x_Owner"));
    Map<String, String> own = row(table, "own", "input");
    assertEquals("Unknown", own.get("ProviderName"));
    assertEquals("0.000000000005", own.get("ListCost"));
  }

  @Test
  void textAndParquetHoldTheSame() throws IOException {
    for (FocusVersion version : FocusVersion.values()) {
      FocusBench.Files files = FocusBench.files(version, FocusBench.ALL, "{}");
      FocusTable parquet = files.table(folder);
      assertEquals(files.text().columns(), parquet.columns());
      assertEquals(files.text().rows(), parquet.rows());
    }
  }

  @Test
  void onlyTheNewerVersionNamesServiceAndHostProviders() throws IOException {
    List<String> older = FocusBench.files(FocusVersion.V1_2, FocusBench.ALL, "{}").text().columns();
    FocusTable newer = FocusBench.files(FocusVersion.V1_3, FocusBench.ALL, "{}").text();
    assertFalse(older.contains("ServiceProviderName") || older.contains("HostProviderName"));
    Map<String, String> voice = row(newer, "voice", "audio_input");
    assertEquals("Microsoft", voice.get("ServiceProviderName"));
    assertEquals("Microsoft", voice.get("HostProviderName"));
    assertEquals(older.size() + 2, newer.columns().size());
    assertEquals(FocusVersion.V1_3, FocusVersion.parse("1.3"));
    InvalidInput e = assertThrows(InvalidInput.class, () -> FocusVersion.parse("2"));
    assertEquals("Invalid version of FOCUS: 2 (1.2, 1.3)", e.getMessage());
  }

  /**
   * Half the month was seen, and metered Anthropic calls of it cost $0.1554804 after discounts (27
   * + 10.8 + 16.875 + 0.0054 + 33.75 + 63 thousandths), $0.3028608 ... a month twice that. From
   * $0.2 a month a quarter is off; $1 a month is the least.
   */
  @Test
  void anAgreementLowersWhatIsBilledAndLeavesItsShortfall() throws IOException {
    String api =
        """
        { "api-agreements": [{ "provider": "anthropic", "monthly-commitment-usd": 1,
              "tiers": [{ "from-monthly-usd": 0.2, "percent-off": 25 }] }] }
        """;
    FocusTable table = FocusBench.files(FocusVersion.V1_2, FocusBench.ALL, api, 0.5).text();
    Map<String, String> input = row(table, "claims", "input");
    assertEquals("0.03", input.get("ListCost"));
    assertEquals("0.027", input.get("ContractedCost"));
    assertEquals("0.02025", input.get("BilledCost"));
    assertEquals("0.02025", input.get("EffectiveCost"));
    BigDecimal contracted =
        new BigDecimal("0.027")
            .add(new BigDecimal("0.0108"))
            .add(new BigDecimal("0.016875"))
            .add(new BigDecimal("0.0000054"))
            .add(new BigDecimal("0.03375"))
            .add(new BigDecimal("0.063"));
    BigDecimal seen =
        table.rows().stream()
            .filter(
                r ->
                    "Anthropic".equals(r.get("ProviderName"))
                        && "metered".equals(r.get("x_BillingMode")))
            .map(r -> new BigDecimal(r.get("ContractedCost")))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    assertEquals(0, contracted.compareTo(seen), seen.toString());
    // Half of the dollar, less three quarters of what was used: 0.5 - 0.1135728 = 0.39.
    List<Map<String, String>> adjustments =
        table.rows().stream().filter(r -> r.get("ChargeCategory").equals("Adjustment")).toList();
    assertEquals(1, adjustments.size());
    for (String cost : List.of("ListCost", "ContractedCost", "BilledCost", "EffectiveCost")) {
      assertEquals("0.39", adjustments.get(0).get(cost), cost);
    }
    assertFalse(adjustments.get(0).containsKey("PricingQuantity"));
  }

  /** Three seats of $100.50 over calls that are worth $5 and $15 by the token. */
  @Test
  void seatsArePurchasesAndTheirCallsHaveTheEffectiveCost() throws IOException {
    String api =
        """
        { "api-subscriptions": [{ "provider": "anthropic", "name": "Claude Max", "seats": 3,
              "seat-monthly-usd": 100.5 }] }
        """;
    FocusTable table = FocusBench.files(FocusVersion.V1_2, FocusBench.ALL, api).text();
    List<Map<String, String>> purchases =
        table.rows().stream().filter(r -> r.get("ChargeCategory").equals("Purchase")).toList();
    assertEquals(1, purchases.size());
    Map<String, String> seats = purchases.get(0);
    assertEquals("Recurring", seats.get("ChargeFrequency"));
    assertEquals("3.0", seats.get("PricingQuantity"));
    assertEquals("100.5", seats.get("ContractedUnitPrice"));
    assertEquals("301.5", seats.get("BilledCost"));
    assertEquals("0.0", seats.get("EffectiveCost"));
    assertEquals("Stated", seats.get("x_CostBasis"));
    assertEquals("2026-06-01T00:00:00Z", seats.get("ChargePeriodEnd"));
    List<Map<String, String>> calls =
        table.rows().stream().filter(r -> "coder".equals(r.get("x_Workload"))).toList();
    assertEquals(List.of("0.0", "0.0"), calls.stream().map(r -> r.get("BilledCost")).toList());
    assertEquals(
        List.of("75.375", "226.125"), calls.stream().map(r -> r.get("EffectiveCost")).toList());
    assertEquals(List.of("5.0", "15.0"), calls.stream().map(r -> r.get("ListCost")).toList());
    assertEquals(List.of("Allocated", "Allocated"), basis(calls));
    // Units behind which nobody stated a price: not billed by the call, and said to be unknown.
    List<Map<String, String>> voice =
        table.rows().stream().filter(r -> "voice".equals(r.get("x_Workload"))).toList();
    assertEquals(List.of("Unknown", "Unknown"), basis(voice));
    assertEquals("0.0", voice.get(0).get("BilledCost"));
  }

  /**
   * Half the month was seen, so half of the $100 for seats is spread, over calls that would have
   * cost $4 and $6 by the token after a discount ($5 and $15 at list prices).
   */
  @Test
  void ofSeatsThePartOfTheMonthThatWasSeenIsSpreadByDiscountedPrices() throws IOException {
    String api =
        """
        { "api-subscriptions": [{ "provider": "anthropic", "name": "Claude Max", "seats": 1,
              "seat-monthly-usd": 100 }] }
        """;
    List<SpendOfDay.OfWorkload> spend =
        List.of(
            FocusBench.behindSeats(
                new WorkloadKey("coder", "claude-opus-4-6", "internal"),
                FocusBench.line("input", 1_000_000, 5_000_000, 4_000_000),
                FocusBench.line("output", 3_000_000, 5_000_000, 2_000_000)));
    FocusTable table = FocusBench.files(FocusVersion.V1_2, spend, api, 0.5).text();
    assertEquals("20.0", row(table, "coder", "input").get("EffectiveCost"));
    assertEquals("30.0", row(table, "coder", "output").get("EffectiveCost"));
  }

  @Test
  void anAgreementThatIsUsedUpLeavesNothingToPay() throws IOException {
    String api =
        """
        { "api-agreements": [{ "provider": "anthropic",
              "tiers": [{ "from-monthly-usd": 0.2, "percent-off": 25 }] }] }
        """;
    FocusTable table = FocusBench.files(FocusVersion.V1_2, FocusBench.ALL, api, 0.5).text();
    assertTrue(table.rows().stream().noneMatch(r -> r.get("ChargeCategory").equals("Adjustment")));
  }

  private static List<String> basis(List<Map<String, String>> rows) {
    return rows.stream().map(r -> r.get("x_CostBasis")).toList();
  }

  @Test
  void accountsAreThoseThatAreStated() throws IOException {
    FocusTable table =
        FocusBench.files(
                FocusVersion.V1_2,
                FocusBench.ALL,
                "{ \"api-accounts\": { \"azure_openai\": { \"id\": \"sub-1\", \"name\": \"Acme\" } } }")
            .text();
    Map<String, String> voice = row(table, "voice", "audio_input");
    assertEquals("sub-1", voice.get("BillingAccountId"));
    assertEquals("Acme", voice.get("BillingAccountName"));
    assertFalse(row(table, "claims", "input").containsKey("BillingAccountName"));
  }

  @Test
  void hostileNamesStayInTheirCells() throws IOException {
    String long10k = "x".repeat(10_000);
    List<String> names =
        List.of(
            "=cmd|' /C calc'!A0",
            "<script>alert(1)</script>",
            "a\u202Eb\",\n\"c",
            "back\\slash \"quoted\"",
            long10k);
    for (String name : names) {
      FocusTable table =
          FocusBench.files(
                  FocusVersion.V1_3,
                  List.of(
                      FocusBench.of(
                          new WorkloadKey(name, "gpt-4o", "internal"),
                          name,
                          FocusBench.line("input", 1, 1, 1))),
                  "{}")
              .text();
      assertEquals(1, table.rows().size(), name);
      Map<String, String> row = table.rows().get(0);
      assertFalse(row.get("x_Workload").startsWith("="), name);
      JsonNode tags = new ObjectMapper().readTree(row.get("Tags"));
      assertEquals(3, tags.size());
      assertFalse(row.get("Tags").contains("\u202E"));
      assertEquals(
          name.replace("\u202E", "\\u202e").replace("\n", "\\u000a"),
          tags.get("workload").asText());
      assertTrue(FocusRules.isFlatObject(row.get("Tags")), row.get("Tags"));
    }
  }
}
