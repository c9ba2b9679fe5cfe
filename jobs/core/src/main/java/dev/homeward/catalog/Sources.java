package dev.homeward.catalog;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Binding;
import dev.homeward.units.Confidence;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where the figures of a file's entry come from. A figure is a bare number, which has the entry's
 * source, or {@code {value: 1149, source: articles}}; a source is a key of the file's {@code
 * sources} or is written out.
 *
 * @param named the file's sources by their keys
 * @param own the entry's source; empty if it has none
 */
record Sources(Map<String, Source> named, Optional<Source> own) {
  private static final Binding BINDING =
      Binding.plain()
          .reading(Source.class, new SourceReader())
          .reading(Figure.class, new FigureReader());

  /** The sources that a file names. */
  static Sources of(JsonNode file) {
    Map<String, Source> named = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : file.path("sources").properties()) {
      named.put(entry.getKey(), written(entry.getValue()));
    }
    return new Sources(named, Optional.empty());
  }

  /** The same for one of the file's entries: bare numbers in it have its source. */
  Sources inside(JsonNode entry) {
    return new Sources(named, Optional.ofNullable(entry.get("source")).map(this::find));
  }

  /** A binding whose figures and sources are read by these. */
  Binding binding() {
    return BINDING.with(Sources.class, this);
  }

  private Source find(JsonNode value) {
    if (value.isObject()) {
      return written(value);
    }
    Source source = named.get(value.asText());
    if (source == null) {
      throw new InvalidInput("Invalid source: %s (not a key of sources)".formatted(value.asText()));
    }
    return source;
  }

  private static Source written(JsonNode value) {
    return new Source(
        Confidence.parse(value.path("kind").asText()),
        value.path("reference").asText(),
        value.path("date").asText());
  }

  /** Reads a {@link Source}. */
  private static final class SourceReader extends JsonDeserializer<Source> {
    @Override
    public Source deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return sources(context).find(context.readTree(parser));
    }
  }

  /** Reads a {@link Figure}. */
  private static final class FigureReader extends JsonDeserializer<Figure> {
    @Override
    public Figure deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode value = context.readTree(parser);
      Sources sources = sources(context);
      return value.isObject()
          ? new Figure(value.path("value").doubleValue(), sources.find(value.path("source")))
          : new Figure(
              value.doubleValue(),
              sources.own.orElseThrow(
                  () -> new InvalidInput("a bare number in an entry without a source")));
    }
  }

  private static Sources sources(DeserializationContext context) {
    return (Sources) context.getAttribute(Sources.class);
  }
}
