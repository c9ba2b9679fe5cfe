package dev.homeward.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Sets every key of a JSON Schema to another value, one at a time, and looks whether that value
 * shows in what is read. The list of keys is the schema's, so that a new key fails the test until
 * the document of the test has it, and then until a record has it.
 */
public final class EveryKey {
  private final String schemaName;
  private final JsonNode schema;
  private final ObjectNode document;
  private final Map<String, JsonNode> values = new HashMap<>();

  /**
   * Keys of a schema.
   *
   * @param yaml a valid document that has every key somewhere
   */
  public EveryKey(String schema, String yaml) {
    this.schemaName = schema;
    this.schema = Documents.readResource("dev/homeward/schemas/" + schema);
    this.document =
        (ObjectNode) Documents.parse(yaml.getBytes(StandardCharsets.UTF_8), "test.yaml");
    assertEquals(List.of(), Schemas.problems(schema, document, "the test's document"));
  }

  /** The other value of a key as JSON, by its pointer in the document: where not any will do. */
  public EveryKey to(String pointer, String json) {
    values.put(pointer, Documents.parse(json.getBytes(StandardCharsets.UTF_8), "value.json"));
    return this;
  }

  /** Reads the document with each key changed; each value must show. */
  public int shows(Function<ObjectNode, Object> read) {
    List<Key> keys = keys();
    for (Key key : keys) {
      assertFalse(key.pointer.isEmpty(), "the test's document has no " + key.path);
    }
    return shows(read, keys);
  }

  /** The same for the keys that the document has, where a schema has keys that exclude others. */
  public int showsGiven(Function<ObjectNode, Object> read) {
    return shows(read, keys().stream().filter(key -> !key.pointer.isEmpty()).toList());
  }

  private List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    walk(schema, List.of(""), "", keys);
    return keys;
  }

  private int shows(Function<ObjectNode, Object> read, List<Key> keys) {
    Map<String, String> before = flat(read.apply(document.deepCopy()));
    for (Key key : keys) {
      boolean shown = false;
      for (JsonNode other : others(key)) {
        ObjectNode changed = document.deepCopy();
        set(changed, key.pointer, other);
        if (Schemas.problems(schemaName, changed, "").isEmpty()) {
          Map<String, String> after = flat(read.apply(changed));
          after.entrySet().removeAll(before.entrySet());
          List<String> wanted = new ArrayList<>(flat(other).values());
          assertTrue(
              after.values().containsAll(wanted),
              "%s to %s shows only in %s".formatted(key.pointer, other, after));
          shown = true;
          break;
        }
      }
      assertTrue(shown, "no other valid value for " + key.pointer);
    }
    return keys.size();
  }

  /**
   * A key.
   *
   * @param path with * for list items and names
   * @param pointer where the document has it; empty if nowhere
   */
  private record Key(String path, String pointer, JsonNode schema) {}

  private void walk(JsonNode node, List<String> places, String path, List<Key> keys) {
    JsonNode at = resolved(node);
    if (at.has("properties")) {
      for (Map.Entry<String, JsonNode> property : at.get("properties").properties()) {
        walk(
            property.getValue(),
            below(places, property.getKey()),
            path + "/" + property.getKey(),
            keys);
      }
    } else if (at.has("items") && resolved(at.get("items")).has("properties")) {
      walk(at.get("items"), all(places), path + "/*", keys);
    } else if (at.path("additionalProperties").isObject()) {
      walk(at.get("additionalProperties"), all(places), path + "/*", keys);
    } else {
      keys.add(new Key(path, places.isEmpty() ? "" : places.get(0), at));
    }
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? schema.at(node.get("$ref").textValue().substring(1)) : node;
  }

  private List<String> below(List<String> places, String key) {
    return places.stream().map(p -> p + "/" + key).filter(p -> has(p)).toList();
  }

  private List<String> all(List<String> places) {
    List<String> all = new ArrayList<>();
    for (String place : places) {
      JsonNode node = document.at(place);
      for (int i = 0; i < (node.isArray() ? node.size() : 0); i++) {
        all.add(place + "/" + i);
      }
      node.fieldNames().forEachRemaining(name -> all.add(place + "/" + name));
    }
    return all;
  }

  private boolean has(String pointer) {
    return !document.at(pointer).isMissingNode();
  }

  private static void set(ObjectNode document, String pointer, JsonNode value) {
    int slash = pointer.lastIndexOf('/');
    JsonNode parent = document.at(pointer.substring(0, slash));
    String last = pointer.substring(slash + 1);
    if (parent instanceof ArrayNode list) {
      list.set(Integer.parseInt(last), value);
    } else {
      ((ObjectNode) parent).set(last, value);
    }
  }

  // Values that a key may have instead, the likely ones first; the first that is valid is taken.
  private List<JsonNode> others(Key key) {
    JsonNode now = document.at(key.pointer);
    List<JsonNode> others = new ArrayList<>();
    if (values.containsKey(key.pointer)) {
      others.add(values.get(key.pointer));
    } else if (now.isBoolean()) {
      others.add(BooleanNode.valueOf(!now.booleanValue()));
    } else if (now.isNumber()) {
      BigDecimal n = now.decimalValue();
      for (String change : List.of("0.125", "1", "-0.125", "-1")) {
        others.add(DecimalNode.valueOf(n.add(new BigDecimal(change))));
      }
    } else if (now.isArray()) {
      for (String word : List.of("another", "xx", "audio")) {
        others.add(JsonNodeFactory.instance.arrayNode().add(word));
      }
    } else {
      key.schema.path("enum").forEach(word -> addUnless(now, word, others));
      // A source that is written out, where the name of one stands.
      if (key.schema.has("oneOf") || key.path.endsWith("/source")) {
        others.add(
            JsonNodeFactory.instance
                .objectNode()
                .put("kind", "published")
                .put("reference", "another page")
                .put("date", "2031"));
      }
      for (String word : List.of(now.asText() + "-other", "2031-05-06", "team")) {
        others.add(TextNode.valueOf(word));
      }
    }
    return others;
  }

  private static void addUnless(JsonNode now, JsonNode word, List<JsonNode> others) {
    if (!now.equals(word)) {
      others.add(word);
    }
  }

  /** Every value inside records, lists and maps, by where it stands. */
  static Map<String, String> flat(Object value) {
    Map<String, String> flat = new TreeMap<>();
    flatten("", value, flat);
    return flat;
  }

  private static void flatten(String at, Object value, Map<String, String> flat) {
    if (value instanceof Record record) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        flatten(at + "/" + component.getName(), of(record, component), flat);
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((k, v) -> flatten(at + "/" + k, v, flat));
    } else if (value instanceof JsonNode node && node.isContainerNode()) {
      node.properties().forEach(e -> flatten(at + "/" + e.getKey(), e.getValue(), flat));
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        flatten(at + "/" + i, node.get(i), flat);
      }
    } else if (value instanceof Iterable<?> items && !(value instanceof JsonNode)) {
      int i = 0;
      for (Object item : items) {
        flatten(at + "/" + i++, item, flat);
      }
    } else if (value instanceof Optional<?> maybe) {
      maybe.ifPresent(inside -> flatten(at, inside, flat));
    } else if (value instanceof OptionalDouble maybe) {
      maybe.ifPresent(inside -> flatten(at, inside, flat));
    } else if (value instanceof OptionalLong maybe) {
      maybe.ifPresent(inside -> flatten(at, inside, flat));
    } else if (value instanceof OptionalInt maybe) {
      maybe.ifPresent(inside -> flatten(at, inside, flat));
    } else {
      flat.put(at, text(value));
    }
  }

  private static Object of(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Object value) {
    if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    boolean number = value instanceof Number || value instanceof JsonNode n && n.isNumber();
    String text = value instanceof JsonNode node ? node.asText() : String.valueOf(value);
    return number ? new BigDecimal(text).stripTrailingZeros().toPlainString() : text;
  }
}
