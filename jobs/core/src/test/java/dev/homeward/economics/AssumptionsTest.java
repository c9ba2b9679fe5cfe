package dev.homeward.economics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.OtherAssumptions;
import dev.homeward.economics.Assumptions.Loop;
import dev.homeward.economics.Assumptions.PrefixCache;
import dev.homeward.economics.Assumptions.PrefixCache.Rule;
import dev.homeward.economics.Assumptions.Redundancy;
import dev.homeward.economics.Assumptions.Speculation;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key that is read into the wrong place, or into none, would be obeyed by nobody. */
final class AssumptionsTest {

  /** The components of all parts, by the key that their name spells. */
  private static Map<String, Object> byKey(Assumptions a) throws ReflectiveOperationException {
    Map<String, Object> byKey = new TreeMap<>();
    for (RecordComponent part : Assumptions.class.getRecordComponents()) {
      if (part.getType().isRecord()) {
        Object of = part.getAccessor().invoke(a);
        for (RecordComponent component : part.getType().getRecordComponents()) {
          String key =
              component.getName().replaceAll("([A-Z]|\\d+)", "-$1").toLowerCase(Locale.ROOT);
          assertEquals(null, byKey.put(key, component.getAccessor().invoke(of)), key);
        }
      }
    }
    return byKey;
  }

  @Test
  void everyKeyHasAComponentOfItsNameAndEveryComponentAKey() throws Exception {
    assertEquals(
        OtherAssumptions.values().keySet().stream().sorted().toList(),
        List.copyOf(byKey(Assumptions.defaults()).keySet()));
  }

  /** Each key in turn: its component has the new value, all others keep theirs. */
  @Test
  void everyKeySetToAnotherValueShowsInItsComponentAlone() throws Exception {
    Map<String, Object> before = byKey(Assumptions.defaults());
    Map<String, JsonNode> others = OtherAssumptions.values();
    // It changes other keys: SituationsTest.
    others.remove("situation");
    for (Map.Entry<String, JsonNode> other : others.entrySet()) {
      String key = other.getKey();
      Map<String, Object> after = byKey(Assumptions.defaults().with(key, other.getValue(), "test"));
      assertNotEquals(before.get(key), after.get(key), key);
      if (other.getValue().isNumber() && after.get(key) instanceof Number number) {
        assertEquals(other.getValue().doubleValue(), number.doubleValue(), key);
      }
      after.put(key, before.get(key));
      assertEquals(before, after, key);
    }
  }

  @Test
  void valuesThatAreNoNumbersMeanWhatTheySay() throws IOException {
    Assumptions a =
        with(
            """
            {"redundancy": "none", "prefix-cache": "off", "sessions": "closed",
             "speculative-decoding": {"draft-tokens": 3, "accepted-tokens": 2.4, "source": "ours"},
             "price-forecast-date": "2026-12-01",
             "electricity-usd-per-kwh": 0.3,
             "electricity-tariff": [{"from-hour": 22, "to-hour": 6, "usd-per-kwh": 0.1},
                                    {"from-hour": 0, "to-hour": 24, "days": "weekends", "usd-per-kwh": 0.2}],
             "api-discounts-percent": {"openai": 12.5, "*": 3},
             "api-agreements": [{"provider": "acme"},
                                {"provider": "openai", "monthly-commitment-usd": 5000,
                                 "tiers": [{"from-monthly-usd": 10000, "percent-off": 10}]}],
             "growth-per-month": 0.02, "people-factor": {"p10": 0.5, "p50": 1, "p90": 3}}
            """);
    assertEquals(Redundancy.NONE, a.outages().redundancy());
    assertEquals(new PrefixCache(Rule.SHARE, 0), a.serving().prefixCache());
    assertEquals(Loop.CLOSED, a.serving().sessions());
    assertEquals(new Speculation(3, 2.4, 0, "ours"), a.serving().speculativeDecoding());
    assertEquals(Optional.of(LocalDate.of(2026, 12, 1)), a.api().priceForecastDate());
    assertEquals(
        new Tariff(
            0.3,
            List.of(
                new Tariff.PricedHours(22, 6, Tariff.Days.ALL, 0.1),
                new Tariff.PricedHours(0, 24, Tariff.Days.WEEKENDS, 0.2))),
        a.power().tariff());
    assertEquals(
        Map.of("openai", new BigDecimal("12.5"), "*", BigDecimal.valueOf(3)),
        a.api().apiDiscountsPercent());
    assertEquals(
        List.of(
            new ApiAgreement("acme", 0, List.of()),
            new ApiAgreement("openai", 5000, List.of(new ApiAgreement.DiscountStep(10_000, 10)))),
        a.api().apiAgreements());
    assertEquals(Optional.of(Spread.fixed(0.02)), a.future().growthPerMonth());
    assertEquals(new Spread(0.5, 1, 3), a.future().peopleFactor());
  }

  @Test
  void defaultsAreThoseOfTheFile() throws IOException {
    Assumptions a = Assumptions.defaults();
    assertEquals(new PrefixCache(Rule.REPLAYED, 0), a.serving().prefixCache());
    assertEquals(
        new PrefixCache(Rule.SHARE, 0.25),
        with("{\"prefix-cache\": 0.25}").serving().prefixCache());
    assertEquals(
        new PrefixCache(Rule.AS_LOGGED, 0),
        with("{\"prefix-cache\": \"as-logged\"}").serving().prefixCache());
    assertEquals(new Spread(0.8, 1, 1), a.serving().prefixFoundInSession());
    assertEquals(new Spread(0.3, 0.6, 0.95), a.serving().prefixFoundWithoutSession());
    assertEquals(new Speculation(0, 1, 0, ""), a.serving().speculativeDecoding());
    assertEquals(Optional.empty(), a.api().priceForecastDate());
    assertEquals(Optional.empty(), a.future().growthPerMonth());
    assertEquals(Redundancy.API_FALLBACK, a.outages().redundancy());
    assertEquals(Loop.OPEN, a.serving().sessions());
  }

  /** Reviews are kept for years: what one says holds, and a key that is younger has its default. */
  @Test
  void anOlderReviewWithoutAKeyIsReadWithItsDefault() throws Exception {
    Map<String, JsonNode> others = OtherAssumptions.values();
    Map<String, Object> defaults =
        byKey(Assumptions.defaults().with("situation", others.get("situation"), "test"));
    defaults.put("situation", "small-team");
    ObjectNode all = new ObjectMapper().createObjectNode();
    others.forEach(all::set);
    Map<String, Object> kept = byKey(Assumptions.defaults().with(all, "test"));
    for (String missing : others.keySet()) {
      ObjectNode older = all.deepCopy();
      older.remove(missing);
      Map<String, Object> read = byKey(Assumptions.parse(older.toString(), "old/settings.json"));
      assertEquals(defaults.get(missing), read.put(missing, kept.get(missing)), missing);
      assertEquals(kept, read, missing);
    }
    // A review that names no situation knew all hours as the fleet's.
    assertEquals(
        byKey(
            with(
                """
                {"setup-hours-per-fleet": 8, "setup-hours-shared": 0,
                 "upkeep-hours-per-fleet-month": 2, "upkeep-hours-shared-month": 0,
                 "incident-hours-per-fleet-month": 1, "incident-hours-per-box-month": 0}
                """)),
        byKey(Assumptions.parse("{}", "old/settings.json")));
  }

  @Test
  void whatAReviewKeepsIsReadAsItWas() throws Exception {
    for (Map.Entry<String, JsonNode> other : OtherAssumptions.values().entrySet()) {
      Assumptions a = Assumptions.defaults().with(other.getKey(), other.getValue(), "test");
      Assumptions read = Assumptions.parse(a.text(), "settings.json");
      assertEquals(byKey(a), byKey(read), other.getKey());
      assertEquals(a.given(), read.given(), other.getKey());
      assertEquals(read.text(), Assumptions.parse(read.text(), "settings.json").text());
    }
  }

  @Test
  void aReviewOfANewerProgramIsRefusedByName() {
    InvalidInput e =
        assertThrows(
            InvalidInput.class,
            () -> Assumptions.parse("{\"pue\": 1.2, \"moon-phase\": 3}", "r/settings.json"));
    assertEquals(
        "r/settings.json /moon-phase: unknown key; was it written by a newer version of the program?",
        e.getMessage());
  }

  @Test
  void aDamagedValueOfAReviewIsNamed() {
    for (String text :
        List.of(
            "{\"pue\": \"much\"}",
            "{\"people-factor\": {\"p10\": 1}}",
            "{\"redundancy\": \"two\"}",
            "{\"horizon-months\": null}")) {
      InvalidInput e =
          assertThrows(InvalidInput.class, () -> Assumptions.parse(text, "r/settings.json"));
      String key = text.substring(2, text.indexOf('"', 2));
      assertTrue(e.getMessage().startsWith("r/settings.json /" + key), e.getMessage());
    }
  }

  /** What a schema cannot say. */
  @Test
  void valuesThatContradictEachOtherAreNamed(@TempDir Path folder) throws IOException {
    String[][] wrong = {
      {
        "price-forecast-date: \"2026-02-30\"",
        "/price-forecast-date: not a day of the calendar (found 2026-02-30)"
      },
      {
        "people-factor: { p10: 2, p50: 1, p90: 3 }",
        "/people-factor: Invalid spread: 2.0, 1.0, 3.0 (p10 <= p50 <= p90)"
      },
      {
        "growth-per-month: { p10: 0.2, p50: 0.1, p90: 0.3 }",
        "/growth-per-month: Invalid spread: 0.2, 0.1, 0.3 (p10 <= p50 <= p90)"
      },
      {
        "speculative-decoding: { draft-tokens: 2, accepted-tokens: 4, source: x }",
        "/speculative-decoding/accepted-tokens: at most draft-tokens + 1 = 3 (found 4.0)"
      },
      {
        "api-agreements: [{ provider: a }, { provider: b, tiers: [{ from-monthly-usd: 5, percent-off: 1 },"
            + " { from-monthly-usd: 5, percent-off: 2 }] }]",
        "/api-agreements/1/tiers/1/from-monthly-usd: must rise (found 5.0 after 5.0)"
      }
    };
    for (String[] row : wrong) {
      Path file = folder.resolve("a.yaml");
      Files.writeString(file, row[0]);
      InvalidInput e = assertThrows(InvalidInput.class, () -> Assumptions.load(file));
      assertEquals(file + " " + row[1], e.getMessage());
    }
  }

  private static Assumptions with(String json) throws IOException {
    return Assumptions.defaults().with((ObjectNode) new ObjectMapper().readTree(json), "test");
  }
}
