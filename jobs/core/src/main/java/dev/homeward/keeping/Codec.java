package dev.homeward.keeping;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Records as JSON, in the files of a review and between the tasks of a job. Keys are the names of
 * components, in snake case where a record says so. A key that a record does not know is left
 * unread; one that is missing is an error, unless its component is an Optional.
 */
public final class Codec {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .visibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE)
          .visibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String VERSION = "version";

  private Codec() {}

  /** A record or a tree in one line, without its end. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + value.getClass().getSimpleName(), e);
    }
  }

  /** {@link #write} in UTF-8. */
  public static byte[] bytes(Object value) {
    return write(value).getBytes(StandardCharsets.UTF_8);
  }

  /** Records, one a line. */
  public static String lines(List<?> values) {
    StringBuilder lines = new StringBuilder();
    values.forEach(value -> lines.append(write(value)).append('\n'));
    return lines.toString();
  }

  /** A record or a tree laid out for people, with a line's end. */
  public static String pretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write " + value.getClass().getSimpleName(), e);
    }
  }

  /** An empty tree. */
  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** A record as a tree, by the names of its components. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** What {@link #bytes} wrote in this very run. */
  public static <T> T read(byte[] json, Class<T> type) {
    return read(new String(json, StandardCharsets.UTF_8), type);
  }

  /** What {@link #write} wrote in this very run. */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot read " + type.getSimpleName(), e);
    }
  }

  /**
   * The record of a kept file.
   *
   * @param where the file in messages
   * @throws InvalidInput naming file and line, if the text is damaged or of a newer version
   */
  public static <T> T file(KeptFile file, String text, Class<T> type, String where) {
    return value(file, text, type, where, 1);
  }

  /** The tree of a kept file; otherwise like {@link #file}. */
  public static JsonNode tree(KeptFile file, String text, String where) {
    return file(file, text, ObjectNode.class, where);
  }

  /** The records of a kept file that has one a line; otherwise like {@link #file}. */
  public static <T> List<T> lines(KeptFile file, List<String> lines, Class<T> type, String where) {
    return IntStream.range(0, lines.size())
        .parallel()
        .mapToObj(i -> value(file, lines.get(i), type, where, i + 1))
        .toList();
  }

  private static <T> T value(
      KeptFile file, String text, Class<T> type, String where, int firstLine) {
    try {
      checkVersion(file, text, where);
      T value = MAPPER.readValue(text, type);
      if (value == null) {
        throw new InvalidInput(
            "Cannot read %s:%d: it is damaged (it holds null). Take a copy of the review, or make it again"
                .formatted(where, firstLine));
      }
      return value;
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      throw new InvalidInput(
          "Cannot read %s:%d: it is damaged%s (%s). Take a copy of the review, or make it again"
              .formatted(where, firstLine + line - 1, path(e), firstLine(e.getOriginalMessage())),
          e);
    } catch (IOException e) {
      throw new IllegalStateException("A text cannot fail to be read", e);
    }
  }

  private static void checkVersion(KeptFile file, String text, String where) throws IOException {
    try (JsonParser parser = MAPPER.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT
          || !VERSION.equals(parser.nextFieldName())
          || parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
        return;
      }
      long version = parser.getLongValue();
      if (version > file.version()) {
        throw new InvalidInput(
            "Cannot read %s: it is of version %d, this program knows versions up to %d. Take a newer Homeward"
                .formatted(where, version, file.version()));
      }
    }
  }

  private static String path(JsonProcessingException e) {
    if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
      return "";
    }
    StringBuilder path = new StringBuilder(" at ");
    for (JsonMappingException.Reference step : mapping.getPath()) {
      path.append('/').append(step.getFieldName() == null ? step.getIndex() : step.getFieldName());
    }
    return path.toString();
  }

  private static String firstLine(String message) {
    return message == null ? "not JSON" : message.lines().findFirst().orElse("not JSON");
  }
}
