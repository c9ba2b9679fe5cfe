package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.VisibleText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an object of a Hugging Face {@code config.json} says, under the names that different
 * families of models have for the same thing. A field that is {@code null} is not there; one that
 * is not there has its family's default, where the family's own class has one.
 */
final class ConfigFields {
  /** More layers than any model has: what loops over layers stays short. */
  static final int MOST_LAYERS = 1000;

  /** More than any figure of a model is: products of three of them are no surprise. */
  private static final double MOST = 1e9;

  private static final int LONGEST_WORD = 60;

  private final Path file;
  private final JsonNode node;
  private final String within;
  private final Map<String, Long> defaults;

  ConfigFields(Path file, JsonNode node, String within, Map<String, Long> defaults) {
    this.file = file;
    this.node = node;
    this.within = within;
    this.defaults = defaults;
  }

  /** The same fields with what a family's class has where they are left out. */
  ConfigFields withDefaults(Map<String, Long> others) {
    return new ConfigFields(file, node, within, others);
  }

  /** An object inside this one; empty where there is none. */
  ConfigFields inside(String name) {
    return new ConfigFields(file, node.path(name), within + name + ".", Map.of());
  }

  /** The objects of a list. */
  List<ConfigFields> objects(String name) {
    List<ConfigFields> found = new ArrayList<>();
    for (JsonNode element : node.path(name)) {
      String where = "%s%s[%d].".formatted(within, name, found.size());
      found.add(new ConfigFields(file, element, where, Map.of()));
    }
    return found;
  }

  boolean isObject() {
    return node.isObject();
  }

  JsonNode node() {
    return node;
  }

  /** Whether one of these fields is there. */
  boolean has(String... names) {
    for (String name : names) {
      if (node.hasNonNull(name)) {
        return true;
      }
    }
    return false;
  }

  boolean isList(String name) {
    return node.path(name).isArray();
  }

  /**
   * The first of these fields that is there.
   *
   * @throws InvalidInput if none is, or it is no positive whole number
   */
  long required(String... names) {
    for (String name : names) {
      if (node.hasNonNull(name)) {
        return counted(name, 1);
      }
    }
    for (String name : names) {
      if (defaults.containsKey(name)) {
        return defaults.get(name);
      }
    }
    throw refused(names[0], "missing", "must be a positive whole number");
  }

  /** The first of these fields that is there, which may be 0; otherwise this. */
  long or(long otherwise, String... names) {
    for (String name : names) {
      if (node.hasNonNull(name)) {
        return counted(name, 0);
      }
    }
    for (String name : names) {
      if (defaults.containsKey(name)) {
        return defaults.get(name);
      }
    }
    return otherwise;
  }

  double share(String name, double otherwise) {
    JsonNode value = node.path(name);
    return value.isNumber() && Double.isFinite(value.asDouble()) ? value.asDouble() : otherwise;
  }

  boolean flag(String name, boolean otherwise) {
    JsonNode value = node.path(name);
    return value.isBoolean() ? value.booleanValue() : otherwise;
  }

  String word(String name) {
    return node.path(name).isTextual() ? node.path(name).textValue() : "";
  }

  /** Whole numbers of a list; those of a list of lists one after the other. */
  List<Long> counts(String name) {
    List<Long> found = new ArrayList<>();
    for (JsonNode element : node.path(name)) {
      if (!element.isNumber()) {
        throw refused(name, "a list with " + kind(element), "must be a list of whole numbers");
      }
      found.add(element.asLong());
    }
    return found;
  }

  /** Words of a list. */
  List<String> words(String name) {
    List<String> found = new ArrayList<>();
    for (JsonNode element : node.path(name)) {
      if (!element.isTextual()) {
        throw refused(name, "a list with " + kind(element), "must be a list of words");
      }
      found.add(element.textValue());
    }
    return found;
  }

  private long counted(String name, long least) {
    JsonNode value = node.path(name);
    double number = value.isNumber() ? value.asDouble() : Double.NaN;
    if (!(number >= least && number <= MOST && Math.rint(number) == number)) {
      throw refused(
          name,
          kind(value),
          least > 0 ? "must be a positive whole number" : "must be 0 or a positive whole number");
    }
    return (long) number;
  }

  /** The error that names a field, what it is and what it must be. */
  InvalidInput refused(String name, String what, String rule) {
    return new InvalidInput(
        "Cannot import %s: %s%s is %s (%s)".formatted(file, within, name, what, rule));
  }

  /** What a value is, for a message: numbers and short words themselves, the kind of all others. */
  static String kind(JsonNode value) {
    if (value.isNumber() && value.asText().length() <= LONGEST_WORD) {
      return value.asText();
    }
    if (value.isTextual()) {
      return "'%s'".formatted(visible(value.textValue()));
    }
    return switch (value.getNodeType()) {
      case MISSING -> "missing";
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      case BOOLEAN -> value.asText();
      default -> "a " + value.getNodeType().name().toLowerCase(Locale.ROOT);
    };
  }

  /** A word of the file, cut and made safe to print. */
  static String visible(String word) {
    return VisibleText.of(
        word.length() <= LONGEST_WORD ? word : word.substring(0, LONGEST_WORD) + "...");
  }
}
