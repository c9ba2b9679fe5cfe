package dev.homeward.focus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads the rules of focus_validator's model in their own layout, as {@link FocusRules} has them:
 * from the root down, conditions and criteria of what contains a rule added to its own.
 */
final class FocusModel {
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("ColumnPresent", "present"),
          Map.entry("TypeString", "text"),
          Map.entry("TypeDecimal", "decimal"),
          Map.entry("TypeDateTime", "time"),
          Map.entry("FormatString", "text-form"),
          Map.entry("FormatNumeric", "number-form"),
          Map.entry("FormatDateTime", "time-form"),
          Map.entry("FormatUnit", "unit-form"),
          Map.entry("FormatKeyValue", "object-form"),
          Map.entry("FormatCurrency", "currency-form"),
          Map.entry("CheckNationalCurrency", "national-currency"),
          Map.entry("CheckDecimalValue", "number-form"),
          Map.entry("CheckValue", "is"),
          Map.entry("CheckNotValue", "is-not"),
          Map.entry("CheckGreaterOrEqualThanValue", "at-least"),
          Map.entry("ColumnByColumnEqualsColumnValue", "product"),
          Map.entry("CheckDistinctCount", "distinct"),
          Map.entry("CheckSameValue", "same"),
          Map.entry("CheckNotSameValue", "differs"));

  private static final Set<String> ASKS =
      Set.of("MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "RECOMMENDED");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode model;
  private final Set<String> criteria;
  private final Map<String, JsonNode> rules = new TreeMap<>();

  private FocusModel(JsonNode model, Set<String> criteria) {
    this.model = model;
    this.criteria = criteria;
  }

  /**
   * The rules that ask for something and can be checked row by row.
   *
   * @param criteria that the data meets, without {@code _SUPPORTED}
   */
  static FocusRules read(Path file, Set<String> criteria) throws IOException {
    FocusModel read = new FocusModel(JSON.readTree(file.toFile()).get("ModelRules"), criteria);
    read.visit("CostAndUsage-D-000-M", List.of(), Set.of());
    return new FocusRules(read.rules);
  }

  private void visit(String id, List<JsonNode> conditions, Set<String> asked) {
    JsonNode rule = model.get(id);
    Set<String> of = new TreeSet<>(asked);
    rule.get("ApplicabilityCriteria").forEach(c -> of.add(c.asText().replace("_SUPPORTED", "")));
    if (!criteria.containsAll(of)) {
      return;
    }
    JsonNode validation = rule.get("ValidationCriteria");
    List<JsonNode> all = new ArrayList<>(conditions);
    if (!validation.get("Condition").isEmpty()) {
      all.add(check(validation.get("Condition")));
    }
    JsonNode requirement = validation.get("Requirement");
    if (!rule.get("Function").asText().equals("Composite")) {
      if (rule.get("Type").asText().equals("Static")
          && ASKS.contains(validation.get("Keyword").asText())) {
        put(id, check(requirement), all);
      }
    } else if (requirement.get("CheckFunction").asText().equals("OR")) {
      ArrayNode any = JSON.createArrayNode().add("or");
      for (JsonNode item : requirement.get("Items")) {
        any.add(
            check(
                model.get(item.get("ModelRuleId").asText()).at("/ValidationCriteria/Requirement")));
      }
      put(id, any, all);
    } else {
      requirement.get("Items").forEach(item -> visit(item.get("ModelRuleId").asText(), all, of));
    }
  }

  private void put(String id, JsonNode holds, List<JsonNode> conditions) {
    ObjectNode rule = JSON.createObjectNode().put("rule", id);
    rule.set("holds", holds);
    if (conditions.size() == 1) {
      rule.set("if", conditions.get(0));
    } else if (!conditions.isEmpty()) {
      rule.set("if", JSON.createArrayNode().add("and").addAll(conditions));
    }
    rules.put(id, rule);
  }

  private static JsonNode check(JsonNode check) {
    String function = check.get("CheckFunction").asText();
    ArrayNode words = JSON.createArrayNode();
    if (function.equals("AND") || function.equals("OR")) {
      words.add(function.equals("AND") ? "and" : "or");
      check.get("Items").forEach(item -> words.add(check(item)));
      return words;
    }
    words.add(WORDS.get(function));
    for (Map.Entry<String, JsonNode> argument : check.properties()) {
      if (!argument.getKey().equals("CheckFunction")) {
        words.add(
            argument.getValue().isNull()
                ? argument.getValue()
                : JSON.getNodeFactory().textNode(argument.getValue().asText()));
      }
    }
    // One of four names a second argument that says nothing.
    while (function.equals("TypeDateTime") && words.size() > 2) {
      words.remove(2);
    }
    return words;
  }
}
