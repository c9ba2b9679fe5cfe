package dev.homeward.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads the small files a person writes: YAML, or JSON where the name ends in {@code .json}. A key
 * that stands twice is an error; decimals keep all their digits; of YAML's words only {@code true}
 * and {@code false} are no texts, so that {@code off} and the language {@code no} are what they
 * say.
 */
public final class Documents {
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final ObjectMapper PYTHON_JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Documents() {}

  /**
   * The document in a file; an empty file is a {@link MissingNode}.
   *
   * @throws InvalidInput if the file is missing or is not YAML (JSON), with file, line and column
   */
  public static JsonNode read(Path file) {
    return parse(bytes(file), file.toString());
  }

  /**
   * The document in a file that a program in Python wrote, whose JSON has {@code Infinity} and
   * {@code NaN} for numbers.
   *
   * @throws InvalidInput if the file is missing or is not such JSON, with file, line and column
   */
  public static JsonNode readPythonJson(Path file) {
    return parse(bytes(file), file.toString(), PYTHON_JSON);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new InvalidInput("Cannot read %s: no such file".formatted(file), e);
    } catch (IOException e) {
      throw new InvalidInput("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * The document in a resource of the program. Where the build has prepared it, that is read, in a
   * fifth of the time ({@link PreparedDocument}).
   *
   * @param path absolute resource path without a leading slash
   */
  public static JsonNode readResource(String path) {
    byte[] written = resource(path);
    if (written == null) {
      throw new IllegalStateException("Cannot find resource " + path);
    }
    byte[] prepared = resource(path + PreparedDocument.SUFFIX);
    return prepared != null && PreparedDocument.isOf(prepared, written)
        ? PreparedDocument.read(prepared)
        : parse(written, path);
  }

  private static byte[] resource(String path) {
    try (InputStream in = Documents.class.getClassLoader().getResourceAsStream(path)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read resource " + path, e);
    }
  }

  /** The document in these bytes; {@code name} says where they come from in messages. */
  public static JsonNode parse(byte[] bytes, String name) {
    return parse(bytes, name, name.endsWith(".json") ? JSON : YAML);
  }

  private static JsonNode parse(byte[] bytes, String name, ObjectMapper mapper) {
    try {
      JsonNode node = mapper.readTree(bytes);
      return node == null ? MissingNode.getInstance() : node;
    } catch (JsonProcessingException e) {
      String at =
          e.getLocation() == null
              ? ""
              : ":%d:%d".formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw new InvalidInput(
          "Cannot read %s%s: %s".formatted(name, at, firstLine(e.getOriginalMessage())), e);
    } catch (IOException e) {
      throw new InvalidInput("Cannot read %s: %s".formatted(name, firstLine(e.getMessage())), e);
    }
  }

  private static String firstLine(String message) {
    return message == null ? "not readable" : message.lines().findFirst().orElse("not readable");
  }
}
