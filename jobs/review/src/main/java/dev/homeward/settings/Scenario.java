package dev.homeward.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.ServiceTier;
import dev.homeward.catalog.PriceBook;
import dev.homeward.catalog.Situation;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NearestNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What would be otherwise: changes to the settings of a review, from a scenario file or from {@code
 * --set path=value}.
 *
 * @param changes documents in the order in which they are applied
 * @param sets single values by path, applied after them
 */
public record Scenario(String name, List<ObjectNode> changes, Map<String, JsonNode> sets) {
  private static final List<String> KINDS =
      List.of("assumptions", "policy", "workloads", "hardware", "prices");

  /** A scenario file. */
  public static Scenario read(Path file) {
    JsonNode document = Documents.read(file);
    if (!document.isObject()) {
      throw new InvalidInput("Cannot read %s: it holds no scenario".formatted(file));
    }
    Schemas.check("scenario.schema.json", document, file.toString());
    String fallback = file.getFileName().toString().replaceAll("\\.(ya?ml|json)$", "");
    Map<String, JsonNode> sets = new LinkedHashMap<>();
    document.path("set").properties().forEach(e -> sets.put(e.getKey(), e.getValue()));
    return new Scenario(
        document.path("name").asText(fallback), List.of((ObjectNode) document), sets);
  }

  /** A scenario of one value, named by its path. */
  public static Scenario of(String path, JsonNode value) {
    return new Scenario(path, List.of(), Map.of(path, value));
  }

  /** The scenario of another situation, named by it. */
  public static Scenario in(Situation situation) {
    return new Scenario(
        situation.id(),
        List.of(),
        Map.of("assumptions.situation", JsonNodeFactory.instance.textNode(situation.id())));
  }

  /**
   * A scenario of single values.
   *
   * @param texts as {@code path=value}
   */
  public static Scenario of(String name, List<String> texts) {
    Map<String, JsonNode> sets = new LinkedHashMap<>();
    for (String text : texts) {
      int at = text.indexOf('=');
      if (at < 1) {
        throw new InvalidInput(
            "Invalid --set: %s (write path=value, such as hardware.rtx-4090.price=1400)"
                .formatted(text));
      }
      sets.put(
          text.substring(0, at),
          Documents.parse(
              text.substring(at + 1).getBytes(StandardCharsets.UTF_8), "--set " + text));
    }
    return new Scenario(name, List.of(), sets);
  }

  /**
   * Applies it.
   *
   * @param after the first day after the month: new prices are announced for it
   */
  public ReviewSettings apply(ReviewSettings base, LocalDate after) {
    ReviewSettings s = base;
    for (ObjectNode change : changes) {
      if (change.has("policy")) {
        s = s.with(s.policy().with((ObjectNode) change.get("policy"), name + " /policy"));
      }
      if (change.has("assumptions")) {
        s =
            s.with(
                s.assumptions()
                    .with((ObjectNode) change.get("assumptions"), name + " /assumptions"));
      }
      if (change.has("catalog")) {
        s = s.with(s.catalog().with(change.get("catalog"), name + " /catalog"));
      }
      if (change.has("prices")) {
        s = s.with(s.prices().with(change.get("prices"), name + " /prices"));
      }
    }
    List<String> problems = new ArrayList<>();
    for (Map.Entry<String, JsonNode> set : sets.entrySet()) {
      try {
        s = set(s, set.getKey(), set.getValue(), after);
      } catch (InvalidInput e) {
        problems.add(e.getMessage());
      }
    }
    for (String key : s.policy().readsOtherwise(base.policy())) {
      problems.add(
          "Cannot change policy.%s in %s: it acts while a log is read. Put it into policy.yaml and review again"
              .formatted(key, name));
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return s;
  }

  private static ReviewSettings set(
      ReviewSettings s, String path, JsonNode value, LocalDate after) {
    int dot = path.indexOf('.');
    String kind = dot < 0 ? path : path.substring(0, dot);
    if (dot < 0 || !KINDS.contains(kind)) {
      throw new InvalidInput(
          "Unknown path: %s (begins with one of %s; nearest: %s)"
              .formatted(
                  path,
                  String.join(", ", KINDS),
                  String.join(", ", NearestNames.of(kind, KINDS, 1))));
    }
    String rest = path.substring(dot + 1);
    int last = rest.lastIndexOf('.');
    String where = "--set " + path;
    switch (kind) {
      case "assumptions":
        return s.with(s.assumptions().with(rest, value, where));
      case "policy":
        return s.with(s.policy().with(object(rest, value), where));
      case "workloads":
        needsTwo(path, last);
        ObjectNode workloads = JsonNodeFactory.instance.objectNode();
        workloads.set(
            "workloads", object(rest.substring(0, last), object(rest.substring(last + 1), value)));
        return s.with(s.policy().with(workloads, where));
      case "hardware":
        needsTwo(path, last);
        return s.with(
            s.catalog()
                .withHardware(rest.substring(0, last), rest.substring(last + 1), value, where));
      default:
        needsTwo(path, last);
        String model = rest.substring(0, last);
        if (!value.isNumber()) {
          throw new InvalidInput(
              "Invalid price of %s: %s (dollars a million tokens)".formatted(model, value));
        }
        return s.with(announced(s.prices(), model, rest.substring(last + 1), value, after, where));
    }
  }

  // prices.MODEL.KEY holds at every tier; prices.MODEL.TIER.KEY at one. A model's id may have dots
  // of its own.
  private static PriceBook announced(
      PriceBook book, String model, String key, JsonNode value, LocalDate after, String where) {
    int dot = model.lastIndexOf('.');
    Optional<String> tier =
        Arrays.stream(ServiceTier.values())
            .map(ServiceTier::word)
            .filter(word -> dot > 0 && model.substring(dot + 1).equals(word))
            .findFirst();
    return book.announce(
        tier.isPresent() ? model.substring(0, dot) : model,
        tier,
        key,
        value.decimalValue(),
        after,
        where);
  }

  private static void needsTwo(String path, int last) {
    if (last < 1) {
      throw new InvalidInput(
          "Invalid path: %s (a name and a key, such as hardware.rtx-4090.price)".formatted(path));
    }
  }

  private static ObjectNode object(String key, JsonNode value) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.set(key, value);
    return object;
  }
}
