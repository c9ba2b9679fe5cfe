package dev.homeward.config;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
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
 * say. Of YAML one document is read, without aliases (which could stand for more than any memory
 * holds) and whatever its tags say: a document makes maps, lists and texts, never other objects.
 */
public final class Documents {
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
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

  /** The reader of YAML takes so many characters, each of four bytes at the most. */
  private static final int MOST_BYTES = 4 * 3 * 1024 * 1024;

  /** It takes time by the square of the length of a text or comment that stands in one line. */
  private static final int LONGEST_LINE = 1 << 20;

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
    if (name.endsWith(".json")) {
      return parse(bytes, name, JSON);
    }
    checkSize(bytes, name);
    return parse(bytes, name, YAML);
  }

  private static void checkSize(byte[] bytes, String name) {
    if (bytes.length > MOST_BYTES) {
      throw new InvalidInput(
          "Cannot read %s: it has %,d bytes, and YAML of at most 3 MB is read"
              .formatted(name, bytes.length));
    }
    int line = 1;
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n' || bytes[i] == '\r') {
        line += bytes[i] == '\n' ? 1 : 0;
        start = i + 1;
      } else if (i - start > LONGEST_LINE) {
        throw new InvalidInput(
            "Cannot read %s:%d: the line is longer than %,d bytes"
                .formatted(name, line, LONGEST_LINE));
      }
    }
  }

  /** YAML's tokens, in which an alias is an error: its name would be taken for a text. */
  private static final class WithoutAliases extends JsonParserDelegate {
    private final YAMLParser yaml;

    WithoutAliases(YAMLParser yaml) {
      super(yaml);
      this.yaml = yaml;
    }

    @Override
    public JsonToken nextToken() throws IOException {
      JsonToken token = super.nextToken();
      if (yaml.isCurrentAlias()) {
        throw new JsonParseException(
            this, "an alias (*%s): write out what it stands for".formatted(yaml.getText()));
      }
      return token;
    }
  }

  private static JsonNode parse(byte[] bytes, String name, ObjectMapper mapper) {
    try {
      JsonParser parser = mapper.createParser(bytes);
      JsonNode node =
          mapper.readTree(parser instanceof YAMLParser yaml ? new WithoutAliases(yaml) : parser);
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
