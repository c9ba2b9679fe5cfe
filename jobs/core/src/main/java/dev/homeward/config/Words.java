package dev.homeward.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NearestNames;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How enums and days are written in files: {@code ON_DEMAND} is {@code on-demand}. */
final class Words extends SimpleModule {
  private static final long serialVersionUID = 1L;

  Words() {
    addDeserializer(LocalDate.class, new DayReader());
    addSerializer(LocalDate.class, new DayWriter());
    addSerializer(enums(), new WordWriter());
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Class<Enum<?>> enums() {
    return (Class) Enum.class;
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addDeserializers(
        new Deserializers.Base() {
          @Override
          public JsonDeserializer<?> findEnumDeserializer(
              Class<?> type, DeserializationConfig config, BeanDescription description) {
            return new WordReader(type);
          }
        });
    context.addKeyDeserializers(
        (JavaType type, DeserializationConfig config, BeanDescription description) ->
            type.isEnumType() ? new WordKeyReader(type.getRawClass()) : null);
  }

  private static String word(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Object constant(Class<?> type, String text) {
    List<String> words = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      if (word(constant).equals(text)) {
        return constant;
      }
      words.add(word(constant));
    }
    throw new InvalidInput(
        "Unknown word: %s (nearest: %s; one of %s)"
            .formatted(text, NearestNames.of(text, words, 1).get(0), String.join(", ", words)));
  }

  private static final class WordReader extends JsonDeserializer<Object> {
    private final Class<?> type;

    WordReader(Class<?> type) {
      this.type = type;
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return constant(type, parser.getText());
    }
  }

  private static final class WordKeyReader extends KeyDeserializer {
    private final Class<?> type;

    WordKeyReader(Class<?> type) {
      this.type = type;
    }

    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return constant(type, key);
    }
  }

  private static final class WordWriter extends JsonSerializer<Enum<?>> {
    @Override
    public void serialize(Enum<?> value, JsonGenerator to, SerializerProvider provider)
        throws IOException {
      to.writeString(word(value));
    }
  }

  private static final class DayReader extends JsonDeserializer<LocalDate> {
    @Override
    public LocalDate deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      try {
        return LocalDate.parse(parser.getText());
      } catch (DateTimeParseException e) {
        throw new InvalidInput(
            "not a day of the calendar (found %s)".formatted(parser.getText()), e);
      }
    }
  }

  private static final class DayWriter extends JsonSerializer<LocalDate> {
    @Override
    public void serialize(LocalDate value, JsonGenerator to, SerializerProvider provider)
        throws IOException {
      to.writeString(value.toString());
    }
  }
}
