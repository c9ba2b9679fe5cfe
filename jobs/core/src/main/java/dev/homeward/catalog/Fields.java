package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.units.Confidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one entry of a catalog file. A figure is a bare number, which has the entry's source, or
 * {@code {value: 1149, source: articles}}; a source is a key of the file's {@code sources} or is
 * written out.
 */
final class Fields {
  private final JsonNode node;
  private final Map<String, Source> sources;
  private final Source own;

  Fields(JsonNode node, Map<String, Source> sources) {
    this.node = node;
    this.sources = sources;
    this.own = node.has("source") ? source(node.get("source")) : null;
  }

  Source source() {
    if (own == null) {
      throw new IllegalArgumentException("%s has no source".formatted(text("id")));
    }
    return own;
  }

  Source source(JsonNode value) {
    if (value.isObject()) {
      return written(value);
    }
    Source source = sources.get(value.asText());
    if (source == null) {
      throw new IllegalArgumentException(
          "Invalid source: %s (not a key of sources)".formatted(value.asText()));
    }
    return source;
  }

  private static Source written(JsonNode value) {
    return new Source(
        Confidence.parse(value.path("kind").asText()),
        value.path("reference").asText(),
        value.path("date").asText());
  }

  Figure figure(String key) {
    return optional(key)
        .orElseThrow(() -> new IllegalArgumentException("%s has no %s".formatted(text("id"), key)));
  }

  Optional<Figure> optional(String key) {
    JsonNode value = node.get(key);
    if (value == null) {
      return Optional.empty();
    }
    return Optional.of(
        value.isObject()
            ? new Figure(value.get("value").doubleValue(), source(value.get("source")))
            : new Figure(value.doubleValue(), source()));
  }

  String text(String key) {
    return node.path(key).asText();
  }

  Optional<String> optionalText(String key) {
    return Optional.ofNullable(node.path(key).textValue());
  }

  int integer(String key, int otherwise) {
    return node.has(key) ? node.get(key).intValue() : otherwise;
  }

  boolean flag(String key, boolean otherwise) {
    return node.has(key) ? node.get(key).booleanValue() : otherwise;
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    node.path(key).forEach(text -> texts.add(text.asText()));
    return List.copyOf(texts);
  }

  JsonNode node() {
    return node;
  }

  Fields inside(String key) {
    return new Fields(node.get(key), sources, own);
  }

  private Fields(JsonNode node, Map<String, Source> sources, Source own) {
    this.node = node;
    this.sources = sources;
    this.own = node.has("source") ? source(node.get("source")) : own;
  }
}
