package dev.homeward.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.homeward.units.InvalidInput;

/**
 * Reads parts of a document that its schema has passed into records: a component {@code
 * pricePerHour} takes the key {@code price-per-hour}. What a schema cannot say (an order of two
 * values, a day of the calendar) a record's constructor checks, by an {@link
 * IllegalArgumentException}.
 */
public final class Parts {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private Parts() {}

  /**
   * The record of a document. Keys that it has no component for are left alone: several records may
   * read one document, each its part.
   *
   * @param where how messages name the document
   * @throws InvalidInput naming the path of what is wrong
   */
  public static <T> T of(Class<T> type, JsonNode document, String where) {
    try {
      return MAPPER.treeToValue(document, type);
    } catch (JsonProcessingException e) {
      StringBuilder path = new StringBuilder();
      if (e instanceof JsonMappingException mapping) {
        for (JsonMappingException.Reference step : mapping.getPath()) {
          path.append('/')
              .append(step.getFieldName() == null ? step.getIndex() : step.getFieldName());
        }
      }
      String why =
          e instanceof ValueInstantiationException && e.getCause() != null
              ? e.getCause().getMessage()
              : e.getOriginalMessage();
      // A constructor that knows which of its keys is wrong begins with its path.
      String at = why.startsWith("/") ? path + why : path + ": " + why;
      throw new InvalidInput(where + " " + at, e);
    }
  }
}
