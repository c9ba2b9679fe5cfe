package dev.homeward.config;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a record of what stands in a file, by name: the component {@code loadBytes} is the key
 * {@code load-bytes}, unless {@link JsonProperty} names another. An enum's constant {@code
 * ON_DEMAND} is the word {@code on-demand}. A part marked {@link JsonUnwrapped} has its keys beside
 * the others; it may not be called as one of them. What a key has where it is left out stands
 * beside its component: {@link Default}.
 *
 * <p>A user's file is held against its JSON Schema first ({@link Schemas}), which finds all
 * problems at once. What only the record can tell, such as two figures that contradict each other,
 * is an {@link InvalidInput} here, with its path.
 */
public final class Binding {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new Words())
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
          .build();

  private final JsonMapper mapper;
  private final Map<Object, Object> context;

  private Binding(JsonMapper mapper, Map<Object, Object> context) {
    this.mapper = mapper;
    this.context = context;
  }

  /** A binding that knows nothing beside the file. */
  public static Binding plain() {
    return new Binding(MAPPER, Map.of());
  }

  /**
   * This binding with something that a component's own reader asks for, such as the sources that a
   * file names.
   */
  public Binding with(Object key, Object value) {
    Map<Object, Object> more = new HashMap<>(context);
    more.put(key, value);
    return new Binding(mapper, more);
  }

  /** This binding with a reader for components of a type. Make it once: it learns as it reads. */
  public <T> Binding reading(Class<T> type, JsonDeserializer<T> reader) {
    return new Binding(
        mapper
            .rebuild()
            .addModule(new SimpleModule(type.getName()).addDeserializer(type, reader))
            .build(),
        context);
  }

  /**
   * The record of an entry.
   *
   * @param node the entry; it is not changed
   * @param where how messages name it, such as {@code mine.yaml /hardware/3}
   * @throws InvalidInput naming the path inside the entry
   */
  public <T extends Record> T bind(JsonNode node, Class<T> type, String where) {
    JsonNode complete = node.deepCopy();
    if (complete instanceof ObjectNode entry) {
      fill(entry, type, "");
    }
    try {
      return mapper.readerFor(type).withAttributes(context).readValue(complete);
    } catch (JsonMappingException e) {
      throw new InvalidInput(at(where, path(e), message(e)), e);
    } catch (JsonProcessingException e) {
      throw new InvalidInput("%s: %s".formatted(where, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new InvalidInput("%s: %s".formatted(where, e.getMessage()), e);
    }
  }

  /** An entry as a file would hold it: what {@link #bind} makes the record of. */
  public static ObjectNode tree(Record value) {
    return MAPPER.valueToTree(value);
  }

  /** The keys of a record in files, those of its parts marked {@link JsonUnwrapped} among them. */
  public static Set<String> keys(Class<? extends Record> type) {
    Set<String> keys = new LinkedHashSet<>();
    keys(type, "", keys);
    return keys;
  }

  private static void keys(Class<?> type, String prefix, Set<String> keys) {
    for (Slot slot : Slot.of(type)) {
      if (slot.besidePrefix() != null) {
        keys(slot.type(), prefix + slot.besidePrefix(), keys);
      } else {
        keys.add(prefix + slot.key());
      }
    }
  }

  // Puts in what the file leaves out.
  private static void fill(ObjectNode entry, Class<?> type, String prefix) {
    for (Slot slot : Slot.of(type)) {
      if (slot.besidePrefix() != null) {
        fill(entry, slot.type(), prefix + slot.besidePrefix());
        continue;
      }
      String key = prefix + slot.key();
      JsonNode given = entry.get(key);
      if (given == null) {
        given = leftOut(entry, slot, prefix);
        if (given != null) {
          entry.set(key, given);
        }
      }
      if (given != null && slot.part() != null) {
        for (JsonNode value : slot.many() ? given : List.of(given)) {
          if (value instanceof ObjectNode part) {
            fill(part, slot.part(), "");
          }
        }
      }
    }
  }

  private static JsonNode leftOut(ObjectNode entry, Slot slot, String prefix) {
    if (!slot.sameAs().isEmpty()) {
      return entry.get(prefix + slot.sameAs());
    }
    // A copy: it becomes a part of the entry and may be filled itself.
    return slot.leftOut() == null ? null : slot.leftOut().deepCopy();
  }

  private static String at(String where, String path, String message) {
    // A record that knows which of its keys is wrong begins with that key's path.
    String at = message.startsWith("/") ? path + message : path + ": " + message;
    boolean file = at.startsWith("/") && !where.contains(" /");
    return where + (file ? " " : "") + at;
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      path.append('/').append(step.getFieldName() == null ? step.getIndex() : step.getFieldName());
    }
    return path.toString();
  }

  // What a record's own check says, rather than what Jackson says of it.
  private static String message(JsonMappingException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidInput || cause.getClass() == IllegalArgumentException.class) {
        return cause.getMessage();
      }
    }
    return e.getOriginalMessage();
  }
}
