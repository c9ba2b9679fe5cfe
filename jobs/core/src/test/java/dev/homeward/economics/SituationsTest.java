package dev.homeward.economics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.Figure;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.Situation;
import dev.homeward.config.Documents;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each key of each situation: read, obeyed, and given up for what a user says. */
final class SituationsTest {
  private static final ObjectNode DEFAULTS = Assumptions.defaults().document();

  private static ObjectNode without(ObjectNode document, Set<String> keys) {
    return document.without(keys);
  }

  private static double number(Assumptions a, String key) {
    return a.document().get(key).doubleValue();
  }

  private static ObjectNode key(String key, double value) {
    return JsonNodeFactory.instance.objectNode().put(key, value);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Test
  void theSchemaNamesThem() {
    JsonNode schema = Documents.readResource("dev/homeward/schemas/assumptions.schema.json");
    assertEquals(
        Situation.all().stream().map(Situation::id).toList(),
        texts(schema.at("/properties/situation/enum")));
    assertEquals(Situation.DEFAULT, Assumptions.defaults().situation().id());
    assertEquals(Map.of(), Situation.of(Situation.DEFAULT).values());
  }

  /** Exactly the keys it names have its values; a value that is the default needs no line. */
  @Test
  void eachKeyOfEachSituationActsAndNoOther() {
    int keys = 0;
    for (Situation situation : Situation.all()) {
      Assumptions in = Assumptions.defaults().in(situation);
      assertEquals(situation, in.situation());
      Set<String> changed = new TreeSet<>(situation.values().keySet());
      changed.add("situation");
      assertEquals(without(DEFAULTS.deepCopy(), changed), without(in.document(), changed));
      for (Map.Entry<String, Figure> value : situation.values().entrySet()) {
        String key = value.getKey();
        assertTrue(DEFAULTS.has(key), key);
        assertEquals(value.getValue().value(), number(in, key), situation.id() + " " + key);
        assertTrue(
            DEFAULTS.get(key).doubleValue() != number(in, key),
            situation.id() + " " + key + " is the default");
        keys++;
      }
    }
    assertTrue(keys > 25, keys + " keys");
  }

  /**
   * A key of the user's file stands, in whichever order, and in every situation asked for later.
   */
  @Test
  void whatIsGivenStandsKeyByKey() {
    for (Situation situation : Situation.all()) {
      for (String key : situation.values().keySet()) {
        double mine = key.equals("pue") ? 1.01 : 0.011;
        ObjectNode both = key(key, mine).put("situation", situation.id());
        Assumptions inOne = Assumptions.defaults().with(both, "test");
        assertEquals(mine, number(inOne, key), key);
        assertEquals(
            inOne.document(),
            Assumptions.defaults().with(key(key, mine), "test").in(situation).document());
        assertEquals(
            inOne.document(),
            Assumptions.defaults().in(situation).with(key(key, mine), "test").document());
        assertEquals(Set.of(key), inOne.given());
        for (Situation other : Situation.all()) {
          assertEquals(mine, number(inOne.in(other), key), other.id() + " " + key);
        }
      }
    }
  }

  /** From one into another nothing of the first is left, however the review was kept. */
  @Test
  void anotherSituationLeavesNothingOfTheFirst() {
    for (Situation first : Situation.all()) {
      Assumptions a = Assumptions.defaults().with(key("pue", 1.11), "test").in(first);
      Assumptions kept = Assumptions.parse(a.text(), "settings.json");
      assertEquals(a.text(), kept.text());
      for (Situation second : Situation.all()) {
        Assumptions straight = Assumptions.defaults().with(key("pue", 1.11), "test").in(second);
        assertEquals(straight.text(), a.in(second).text(), first.id() + " to " + second.id());
        assertEquals(straight.text(), kept.in(second).text());
      }
    }
  }

  /**
   * A review of a program that knew none was made as a small team; which of its keys were given it
   * does not say: those that differ from the small team's.
   */
  @Test
  void anOlderReviewIsASmallTeams() {
    ObjectNode written = DEFAULTS.deepCopy();
    written.remove("situation");
    // What that program did not know, and what it said of a fleet instead.
    written.remove(
        List.of(
            "setup-hours-shared",
            "setup-hours-per-box",
            "upkeep-hours-shared-month",
            "upkeep-hours-per-box-month",
            "incident-hours-per-box-month"));
    written.put("setup-hours-per-fleet", 8);
    written.put("upkeep-hours-per-fleet-month", 2);
    written.put("incident-hours-per-fleet-month", 1);
    written.put("engineer-usd-per-hour", 75);
    // The same number, written otherwise.
    written.put("pue", new java.math.BigDecimal("1.30"));
    Assumptions older = Assumptions.parse(written.toString(), "settings.json");
    assertEquals("small-team", older.situation().id());
    assertEquals(Set.of("engineer-usd-per-hour"), older.given());
    // Its figures stay what they were: all hours are the fleet's.
    assertEquals(8, older.people().setupHoursPerFleet());
    assertEquals(0, older.people().setupHoursShared());
    assertEquals(0, older.people().upkeepHoursSharedMonth());
    assertEquals(0, older.people().incidentHoursPerBoxMonth());
    assertEquals(
        older.people(), Assumptions.parse("{\"engineer-usd-per-hour\": 75}", "old").people());
    assertEquals(older.text(), older.in(Situation.of("small-team")).text());
    Assumptions company = older.in(Situation.of("company"));
    assertEquals(75, number(company, "engineer-usd-per-hour"));
    assertEquals(1.58, number(company, "pue"));
    assertEquals(12, company.people().setupHoursPerFleet());
    assertEquals(0.5, company.people().incidentHoursPerBoxMonth());
  }

  @Test
  void aFileNamesOneAndAnUnknownOneIsRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("assumptions.yaml");
    Files.writeString(file, "situation: own-machine\npue: 1.2\n");
    Assumptions a = Assumptions.load(file);
    assertEquals("own-machine", a.situation().id());
    assertEquals(1.2, a.power().pue());
    // The owner's hour, not the team's.
    assertEquals(64, a.people().engineerUsdPerHour());
    assertEquals(0.45, a.finance().residualShare());
    Files.writeString(file, "situation: my-garage\n");
    String message = assertThrows(InvalidInput.class, () -> Assumptions.load(file)).getMessage();
    assertTrue(message.startsWith(file + " /situation: "), message);
    assertTrue(message.contains("own-machine") && message.contains("my-garage"), message);
    assertEquals(
        "Unknown situation: companies (nearest: company, own-machine; homeward catalog situations"
            + " lists them)",
        assertThrows(InvalidInput.class, () -> Situation.of("companies")).getMessage());
  }

  /** Each number says where it comes from; the boxes that go with it are in the catalog. */
  @Test
  void eachNumberHasASourceAndEachBoxIsKnown() {
    Set<String> boxes =
        Catalog.standard().hardware().stream().map(HardwareProfile::id).collect(Collectors.toSet());
    for (Situation situation : Situation.all()) {
      assertTrue(boxes.containsAll(situation.boxes()), situation.boxes().toString());
      for (Map.Entry<String, Figure> value : situation.values().entrySet()) {
        assertTrue(value.getValue().source().reference().length() > 20, value.getKey());
      }
    }
  }

  /**
   * An owned laptop that is on anyway, for one workload. People in its owner's spare time: 0.25 +
   * 0.1 + 0.15 hours at $64 are $32 a month, where a small team's 1 + 0.5 + 0.5 at $90 are $180 and
   * another $90 for all fleets; 4 hours of set-up over 36 months at 8 % are 4 x 64 x 0.031208 =
   * $7.99, where 10 at $90 are $28.09 and 2 more are for all fleets.
   */
  @Test
  void anOwnedLaptopByHand() {
    HardwareProfile laptop = Catalog.standard().hardware("laptop-no-gpu-owned");
    FleetUse use = new FleetUse(1, 720, 10, 1, 100, true);
    LocalCost own =
        LocalCost.of(Assumptions.defaults().in(Situation.of("own-machine")), laptop, use);
    assertEquals(32, people(own), 1e-9);
    assertEquals(4 * 64 * 0.031208, line(own, "set-up"), 1e-3);
    // 1 W for a third of 720 hours and 39 W more for 10, at 18 cents and without a room's overhead.
    assertEquals(0.18 * (0.24 + 0.39), line(own, "power"), 1e-9);
    assertEquals(3, line(own, "API while local is down"), 1e-9);
    LocalCost team = LocalCost.of(Assumptions.defaults(), laptop, use);
    assertEquals(180, people(team), 1e-9);
    assertEquals(10 * 90 * 0.031208, line(team, "set-up"), 1e-3);
    double shared = 90 + 2 * 90 * 0.031208;
    assertEquals(shared, FleetRates.of(Assumptions.defaults(), laptop, use).sharedUsd(), 1e-3);
  }

  private static double people(LocalCost cost) {
    return line(cost, "upkeep") + line(cost, "incidents");
  }

  private static double line(LocalCost cost, String name) {
    return cost.lines().stream()
        .filter(l -> l.name().equals(name))
        .mapToDouble(CostLine::monthlyUsd)
        .sum();
  }
}
