package dev.homeward.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.NamingBase;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A component of a record, as files see it. Java reads a component's annotations anew each time it
 * is asked, so what they say is kept by record.
 *
 * @param key its key in files
 * @param type its own type
 * @param besidePrefix what stands before its keys where these stand beside the others of the entry;
 *     null where it has a key of its own
 * @param part the record it holds, or each of its values; null if it holds none
 * @param many whether it holds several
 * @param sameAs the key whose value it has where it is left out; empty if there is none
 * @param leftOut what else it has where it is left out; null if it must be given or is optional
 */
record Slot(
    String key,
    Class<?> type,
    String besidePrefix,
    Class<?> part,
    boolean many,
    String sameAs,
    JsonNode leftOut) {
  private static final NamingBase KEYS = (NamingBase) PropertyNamingStrategies.KEBAB_CASE;
  private static final JsonMapper JSON = new JsonMapper();

  private static final ClassValue<List<Slot>> OF =
      new ClassValue<>() {
        @Override
        protected List<Slot> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents()).map(Slot::of).toList();
        }
      };

  /** The components of a record, in their order. */
  static List<Slot> of(Class<?> type) {
    return OF.get(type);
  }

  private static Slot of(RecordComponent component) {
    JsonUnwrapped beside = component.getAccessor().getAnnotation(JsonUnwrapped.class);
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    Class<?> type = component.getType();
    boolean many = Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
    Class<?> part = type;
    if (component.getGenericType() instanceof ParameterizedType of) {
      // Optional<Part>, List<Part> and Map<Name, Part>.
      Object last = of.getActualTypeArguments()[of.getActualTypeArguments().length - 1];
      part = last instanceof Class<?> inside ? inside : Object.class;
    }
    Default value = component.getAnnotation(Default.class);
    return new Slot(
        named != null && !named.value().isEmpty()
            ? named.value()
            : KEYS.translate(component.getName()),
        type,
        beside == null ? null : beside.prefix(),
        part.isRecord() ? part : null,
        many,
        value == null ? "" : value.sameAs(),
        leftOut(component, value));
  }

  private static JsonNode leftOut(RecordComponent component, Default value) {
    if (value != null) {
      return value.sameAs().isEmpty() ? json(value.value(), component) : null;
    }
    if (Collection.class.isAssignableFrom(component.getType())) {
      return JsonNodeFactory.instance.arrayNode();
    }
    return Map.class.isAssignableFrom(component.getType())
        ? JsonNodeFactory.instance.objectNode()
        : null;
  }

  private static JsonNode json(String text, RecordComponent component) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Invalid default of %s: %s".formatted(component, text), e);
    }
  }
}
