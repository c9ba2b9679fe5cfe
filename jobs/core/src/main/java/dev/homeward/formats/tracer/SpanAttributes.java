package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The attributes of a span or of its resource, in whatever form an exporter writes them: an object
 * with dotted keys or with objects inside of objects, or a list of keys and values ({@code key} and
 * {@code value}, {@code Key} and {@code Value}, or an array of both). They end as dotted keys and
 * texts, which is what {@link Otlp} reads.
 *
 * <p>What may hold a prompt, an answer or a person is passed over unread: lists, long texts, and
 * texts under a key that speaks of them.
 */
final class SpanAttributes {
  private static final int LONGEST_TEXT = 1_024;
  private static final int LONGEST_METADATA = 16_384;
  private static final int LONGEST_KEY = 256;
  private static final int DEEPEST = 8;

  private static final String OF_METADATA = "traceloop.association.properties.";

  /** Counts stand under such names too, and those are wanted. */
  private static final Pattern COUNT = Pattern.compile("token|usage");

  private static final Pattern CONTENT =
      Pattern.compile(
          "message|prompt|completion|content|instruction|(^|[._])(input|output)s?([._]|$)"
              + "|[._](value|arguments|text|result|stacktrace)$|tools?([._]|$)|function[._]"
              + "|document|^user|[._]user|mail|^(http|url|db|code|net|server|client|peer)[.]"
              + "|spaninputs|spanoutputs");

  private final List<String> keys = new ArrayList<>();
  private final List<String> values = new ArrayList<>();
  private final List<String> tags = new ArrayList<>();

  /** Reads the attributes that the parser stands on; a text or a number is passed over. */
  void read(JsonParser p) throws IOException {
    if (p.currentToken() == JsonToken.START_OBJECT) {
      members(p, "", 1);
      return;
    }
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      if (Json.isObject(p)) {
        pair(p);
      } else {
        keyThenValue(p);
      }
    }
  }

  /** Reads one attribute whose value the parser stands on. */
  void read(String key, JsonParser p) throws IOException {
    value(p, key, 1);
  }

  /** Adds an attribute, unless it has one of this key. */
  void add(String key, String value) {
    if (value != null && get(key) == null) {
      keys.add(key);
      values.add(value);
    }
  }

  /** The value of a key, or null. */
  String get(String key) {
    int at = keys.indexOf(key);
    return at < 0 ? null : values.get(at);
  }

  /** Takes over all of another's that are not here. */
  void addAll(SpanAttributes others) {
    for (int i = 0; i < others.keys.size(); i++) {
      add(others.keys.get(i), others.values.get(i));
    }
  }

  /** Whether any key speaks of tokens: then a damaged span is a call that is lost. */
  boolean speakOfTokens() {
    return keys.stream().anyMatch(key -> COUNT.matcher(key.toLowerCase(Locale.ROOT)).find());
  }

  /** Writes them as OTLP does. */
  void write(JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("attributes");
    for (int i = 0; i < keys.size(); i++) {
      out.writeStartObject();
      out.writeStringField("key", clean(keys.get(i)));
      out.writeObjectFieldStart("value");
      out.writeStringField("stringValue", clean(values.get(i)));
      out.writeEndObject();
      out.writeEndObject();
    }
    if (!tags.isEmpty()) {
      out.writeStartObject();
      out.writeStringField("key", "tag.tags");
      out.writeObjectFieldStart("value");
      out.writeArrayFieldStart("arrayValue");
      for (String tag : tags) {
        out.writeString(clean(tag));
      }
      out.writeEndArray();
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void members(JsonParser p, String above, int depth) throws IOException {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      value(p, above + key, depth);
    }
  }

  /** An object that names key and value: the value as it is, or below the name of its type. */
  private void pair(JsonParser p) throws IOException {
    String key = null;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equalsIgnoreCase("key")) {
        key = Json.skippedScalar(p);
      } else if (field.equalsIgnoreCase("value") && key != null) {
        typed(p, key);
      } else {
        p.skipChildren();
      }
    }
  }

  private void typed(JsonParser p, String key) throws IOException {
    if (!Json.isObject(p)) {
      value(p, key, 1);
      return;
    }
    for (String type = Json.firstField(p); type != null; type = Json.nextField(p)) {
      if (type.equalsIgnoreCase("type")) {
        p.skipChildren();
      } else {
        value(p, key, 1);
      }
    }
  }

  /** An array of a key and a value; anything else is passed over. */
  private void keyThenValue(JsonParser p) throws IOException {
    String key = null;
    boolean first = true;
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      if (first) {
        key = Json.skippedScalar(p);
      } else if (key != null) {
        value(p, key, 1);
        key = null;
      } else {
        p.skipChildren();
      }
      first = false;
    }
  }

  private void value(JsonParser p, String key, int depth) throws IOException {
    JsonToken token = p.currentToken();
    if (key.length() > LONGEST_KEY || token == JsonToken.VALUE_NULL) {
      p.skipChildren();
    } else if (token == JsonToken.START_OBJECT) {
      if (depth >= DEEPEST) {
        p.skipChildren();
      } else {
        members(p, key.equals("metadata") ? OF_METADATA : key + '.', depth + 1);
      }
    } else if (token == JsonToken.START_ARRAY) {
      tags(p, key);
    } else if (isWanted(p, key)) {
      add(key, key.equals("metadata") ? asJson(p.getText()) : p.getText());
    }
  }

  private void tags(JsonParser p, String key) throws IOException {
    if (!key.equals("tag.tags")) {
      p.skipChildren();
      return;
    }
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      String tag = Json.skippedScalar(p);
      if (tag != null) {
        tags.add(tag);
      }
    }
  }

  private static boolean isWanted(JsonParser p, String key) {
    if (p.currentToken() != JsonToken.VALUE_STRING) {
      return true;
    }
    int longest = key.equals("metadata") ? LONGEST_METADATA : LONGEST_TEXT;
    if (p instanceof JsonScanner scanner && scanner.to() - scanner.from() > longest) {
      return false;
    }
    return mayBeRead(key);
  }

  /** Whether a key does not speak of prompts, answers or persons. */
  static boolean mayBeRead(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return COUNT.matcher(lower).find() || !CONTENT.matcher(lower).find();
  }

  /** A text that can be written as UTF-8: half of a surrogate pair becomes a question mark. */
  static String clean(String text) {
    return text.chars().anyMatch(c -> Character.isSurrogate((char) c))
        ? new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
        : text;
  }

  /** A dict as Python prints it, where turning its quotes makes JSON of it; else the text. */
  private static String asJson(String text) {
    return text.startsWith("{'") && text.indexOf('"') < 0 ? text.replace('\'', '"') : text;
  }

  /**
   * Puts what MLflow says in its own names under the names that {@link Otlp} knows. Its values are
   * JSON in texts, a text with its quotes.
   *
   * <p>MLflow's input contains what was cached, since a version in 2026; older versions copied
   * Anthropic's, which does not. Where cache exceeds input, it cannot be inside.
   */
  void translateMlflow() {
    add("gen_ai.request.model", unquoted(get("mlflow.llm.model")));
    add("gen_ai.provider.name", unquoted(get("mlflow.llm.provider")));
    String type = unquoted(get("mlflow.spanType"));
    if (type != null && !type.equals("UNKNOWN")) {
      add("gen_ai.operation.name", type.equals("CHAT_MODEL") ? "chat" : type);
    }
    open("mlflow.chat.tokenUsage");
    open("mlflow.llm.cost");
    add("gen_ai.usage.cost", get("mlflow.llm.cost.total_cost"));
    String input = get("mlflow.chat.tokenUsage.input_tokens");
    String read = get("mlflow.chat.tokenUsage.cache_read_input_tokens");
    String written = get("mlflow.chat.tokenUsage.cache_creation_input_tokens");
    long cached = Math.max(count(read), 0) + Math.max(count(written), 0);
    boolean beside = count(input) >= 0 && cached > count(input);
    add("gen_ai.usage.input_tokens", beside ? Long.toString(count(input) + cached) : input);
    add("gen_ai.usage.output_tokens", get("mlflow.chat.tokenUsage.output_tokens"));
    add("gen_ai.usage.total_tokens", beside ? null : get("mlflow.chat.tokenUsage.total_tokens"));
    add("gen_ai.usage.cache_read.input_tokens", read);
    add("gen_ai.usage.cache_creation.input_tokens", written);
  }

  /** Takes the model from the parameters of the call, where nothing else names it. */
  void takeModelFromParameters() {
    for (String key : List.of("invocation_params", "llm.invocation_parameters")) {
      open(key);
      add("gen_ai.request.model", unquoted(get(key + ".model")));
      add("gen_ai.request.model", unquoted(get(key + ".model_name")));
    }
    add("gen_ai.request.model", unquoted(get("model")));
  }

  boolean nameAModel() {
    return List.of("gen_ai.request.model", "gen_ai.response.model", "llm.model_name", "ai.model.id")
        .stream()
        .anyMatch(key -> get(key) != null);
  }

  /** Reads the JSON of an object in a text as attributes below its key. */
  private void open(String key) {
    String text = get(key);
    if (text == null || !text.startsWith("{")) {
      return;
    }
    try (JsonParser inner = Json.FACTORY.createParser(text)) {
      inner.nextToken();
      members(inner, key + '.', DEEPEST - 1);
    } catch (JsonProcessingException e) {
      // No JSON, so that it says nothing; what was read before the damage stays.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a text in memory", e);
    }
  }

  private static String unquoted(String text) {
    boolean quoted = text != null && text.length() > 1 && text.startsWith("\"");
    return quoted && text.endsWith("\"") ? text.substring(1, text.length() - 1) : text;
  }

  // What is no count is rejected where it is read as one.
  private static long count(String text) {
    try {
      return text == null ? -1 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
