package dev.homeward.focus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Rules of FOCUS 1.2 that a program can check, and who breaks them. They stand in
 * focus-1.2-rules.jsonl, one a line, in our own words: {@code holds} what must hold of every row,
 * {@code if} of which rows. Carried over from the rules of the FinOps Foundation's focus_validator
 * 2.0.1 (model-1.2.json, MIT): those that apply to a provider with public and negotiated prices by
 * unit, measured usage, tags, regions, sub accounts, named accounts, and that ask for something
 * (MUST, SHOULD and their negations). FocusRulesTest holds the two lists together.
 */
final class FocusRules {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?(E-?\\d+)?");
  private static final Pattern WITH_POINT = Pattern.compile("-?\\d+\\.\\d+");
  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");

  /** Units of the specification's list as far as files here have them, alone or in thousands. */
  private static final Pattern UNIT =
      Pattern.compile("(1000(000)? )?(Tokens|Requests)|Unit-Months");

  private final Map<String, JsonNode> rules;

  FocusRules(Map<String, JsonNode> rules) {
    this.rules = new TreeMap<>(rules);
  }

  /** The rules that this project carries. */
  static FocusRules carried() throws IOException {
    Map<String, JsonNode> rules = new TreeMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                FocusRules.class.getResourceAsStream("focus-1.2-rules.jsonl"),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode rule = JSON.readTree(line);
        rules.put(rule.get("rule").asText(), rule);
      }
    }
    return new FocusRules(rules);
  }

  Map<String, JsonNode> byId() {
    return rules;
  }

  /** Ids of the rules that a file breaks, each with the first row that does. */
  List<String> brokenBy(FocusTable table) {
    List<String> broken = new ArrayList<>();
    rules.forEach(
        (id, rule) -> {
          JsonNode holds = rule.get("holds");
          if (holds.get(0).asText().equals("present")) {
            if (!table.columns().contains(holds.get(1).asText())) {
              broken.add(id);
            }
          } else if (holds.get(0).asText().equals("distinct")) {
            if (!distinct(table, holds)) {
              broken.add(id);
            }
          } else {
            rows(table, rule, holds).ifPresent(row -> broken.add(id + " " + row));
          }
        });
    return broken;
  }

  private static java.util.Optional<Map<String, String>> rows(
      FocusTable table, JsonNode rule, JsonNode holds) {
    for (Map<String, String> row : table.rows()) {
      if ((!rule.has("if") || holds(table, row, rule.get("if"))) && !holds(table, row, holds)) {
        return java.util.Optional.of(row);
      }
    }
    return java.util.Optional.empty();
  }

  private static boolean distinct(FocusTable table, JsonNode check) {
    Map<String, Set<String>> values = new TreeMap<>();
    for (Map<String, String> row : table.rows()) {
      String of = row.get(check.get(1).asText());
      if (of != null) {
        values
            .computeIfAbsent(of, v -> new HashSet<>())
            .add(String.valueOf(row.get(check.get(2).asText())));
      }
    }
    return values.values().stream().allMatch(v -> v.size() == check.get(3).asInt());
  }

  private static boolean holds(FocusTable table, Map<String, String> row, JsonNode check) {
    String word = check.get(0).asText();
    if (word.equals("and") || word.equals("or")) {
      boolean all = word.equals("and");
      for (int i = 1; i < check.size(); i++) {
        if (holds(table, row, check.get(i)) != all) {
          return !all;
        }
      }
      return all;
    }
    String column = check.get(1).asText();
    String value = row.get(column);
    String second = check.has(2) && !check.get(2).isNull() ? check.get(2).asText() : null;
    return switch (word) {
      case "is" -> equal(value, second);
      case "is-not" -> !equal(value, second);
      case "at-least" -> value == null || number(value).compareTo(number(second)) >= 0;
      case "same" -> equal(value, row.get(second));
      case "differs" -> !equal(value, row.get(second));
      case "product" ->
          number(value)
                  .multiply(number(row.get(second)))
                  .compareTo(number(row.get(check.get(3).asText())))
              == 0;
      case "decimal" ->
          table.types().isEmpty()
              ? value == null || WITH_POINT.matcher(value).matches()
              : table.types().get(column).equals("decimal");
      case "text" -> table.types().isEmpty() || table.types().get(column).equals("text");
      case "time" ->
          table.types().isEmpty()
              ? value == null || TIME.matcher(value).matches()
              : table.types().get(column).equals("time");
      case "number-form" -> value == null || NUMBER.matcher(value).matches();
      case "time-form" -> value == null || TIME.matcher(value).matches();
      case "text-form" -> value == null || !value.isBlank();
      case "unit-form" -> value == null || UNIT.matcher(value).matches();
      case "currency-form", "national-currency" -> value == null || value.equals("USD");
      case "object-form" -> value == null || isFlatObject(value);
      default -> throw new AssertionError("unknown check " + check);
    };
  }

  /** One value each of its keys, none of them an object or a list. */
  static boolean isFlatObject(String text) {
    try {
      JsonNode object = JSON.readTree(text);
      return object.isObject()
          && object.properties().stream().allMatch(e -> e.getValue().isValueNode());
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static BigDecimal number(String value) {
    return new BigDecimal(value);
  }

  private static boolean equal(String a, String b) {
    if (a != null && b != null && NUMBER.matcher(a).matches() && NUMBER.matcher(b).matches()) {
      return number(a).compareTo(number(b)) == 0;
    }
    return a == null ? b == null : a.equals(b);
  }
}
