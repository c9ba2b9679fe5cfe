package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Rejection;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each golden file reads as the calls, buckets and rejections that {@code <word>.expected.json}
 * beside it says, field by field: what stands there must be found, and what does not stand there
 * must be absent. The expected files are written by hand from the golden files, never copied from
 * what the reader gives.
 */
final class ExpectedTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** Stands in golden files where an adapter must not look. */
  private static final List<String> PRIVATE =
      List.of("someone", "secret", "a prompt", "an answer", "10.0.0.1", "a@b", "User-Agent");

  @ParameterizedTest
  @EnumSource(
      value = LogFormat.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CANONICAL_PARQUET"})
  void theGoldenFileReadsAsExpected(LogFormat format) throws IOException {
    byte[] bytes = Reading.golden(format);
    JsonNode expected = JSON.readTree(Reading.resource(format.word() + ".expected.json"));
    JsonNode given = expected.path("given");
    // Ids are kept here so that a reader of the expected file sees the id and not its hash.
    ReadContext context = new ReadContext(text(given, "workload"), text(given, "model"), true);
    if (given.has("mapping")) {
      byte[] mapping = Reading.resource(given.get("mapping").asText());
      context = context.with(new String(mapping, StandardCharsets.UTF_8));
    }

    SharedCall.checkDetected(format, bytes);
    Reading reading = Reading.of(format, context, bytes);

    ObjectNode found = JSON.createObjectNode();
    if (!given.isMissingNode()) {
      found.set("given", given);
    }
    list(found, "calls", reading.calls);
    list(found, "buckets", reading.buckets);
    ArrayNode rejections = JSON.createArrayNode();
    for (Rejection rejection : reading.rejections) {
      rejections.addObject().put("line", rejection.line()).put("reason", rejection.reason().word());
    }
    if (!rejections.isEmpty()) {
      found.set("rejections", rejections);
    }
    found.put("ignored", reading.ignored);
    assertEquals(pretty(comparable(expected)), pretty(found));
    for (String secret : PRIVATE) {
      assertFalse(found.toString().contains(secret), secret);
    }
  }

  private static Optional<String> text(JsonNode node, String field) {
    return node.has(field) ? Optional.of(node.get(field).asText()) : Optional.empty();
  }

  private static void list(ObjectNode into, String name, List<CallDraft> drafts) {
    if (!drafts.isEmpty()) {
      ArrayNode list = into.putArray(name);
      drafts.forEach(draft -> list.add(node(draft)));
    }
  }

  /** All that a draft says; what is absent, or as usual, is left out. */
  private static ObjectNode node(CallDraft call) {
    ObjectNode node = JSON.createObjectNode();
    node.put("line", call.sourceLine);
    node.put("started_at", instant(call.startedAtMicros));
    put(node, "width_s", call.bucketMicros, 6);
    put(node, "calls", call.bucketCalls, 0);
    put(node, "duration_s", call.durationMicros, 6);
    put(node, "ttft_s", call.ttftMicros, 6);
    put(node, "provider", call.provider);
    put(node, "region", call.region);
    put(node, "request_model", call.requestModel);
    put(node, "response_model", call.responseModel);
    put(node, "operation", call.operation == Operation.CHAT ? null : word(call.operation));
    put(node, "tier", call.serviceTier == ServiceTier.STANDARD ? null : word(call.serviceTier));
    put(node, "status", call.status == CallStatus.SUCCESS ? null : word(call.status));
    put(node, "input_tokens", call.inputTokens, 0);
    put(node, "cache_read_tokens", call.cacheReadTokens, 0);
    put(node, "cache_write_5m_tokens", call.cacheWrite5mTokens, 0);
    put(node, "cache_write_1h_tokens", call.cacheWrite1hTokens, 0);
    put(node, "output_tokens", call.outputTokens, 0);
    put(node, "reasoning_tokens", call.reasoningTokens, 0);
    put(node, "other_units", call.otherUnits, 0);
    put(node, "logged_usd", call.loggedNanoUsd, 9);
    put(node, "id", call.hasId && call.id == null ? "of all its dimensions" : call.id);
    if (call.idSecond != 0) {
      node.put("second_id", call.idSecond);
    }
    if (call.session != CallDraft.ABSENT) {
      node.put("session", call.session);
    }
    if (call.weakCopy) {
      node.put("weak_copy", true);
    }
    if (call.flags != 0) {
      node.set("flags", flags(call.flags));
    }
    if (call.attributes.size() > 0) {
      ArrayNode names = node.putArray("names");
      Reading.attributes(call).forEach(names::add);
    }
    return node;
  }

  /** A count, seconds or dollars as text, without trailing zeros: 4.5 and not 4.500000. */
  private static void put(ObjectNode node, String name, long value, int decimals) {
    if (value != CallDraft.ABSENT) {
      BigDecimal exact = BigDecimal.valueOf(value, decimals).stripTrailingZeros();
      node.put(name, exact.toPlainString());
    }
  }

  private static void put(ObjectNode node, String name, String value) {
    if (value != null) {
      node.put(name, value);
    }
  }

  private static String instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static ArrayNode flags(int flags) {
    ArrayNode words = JSON.createArrayNode();
    try {
      for (Field field : CallFlags.class.getFields()) {
        boolean one = Modifier.isStatic(field.getModifiers()) && !field.getName().equals("ALL");
        if (one && (flags & field.getInt(null)) != 0) {
          words.add(field.getName().toLowerCase(Locale.ROOT));
        }
      }
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
    return words;
  }

  /**
   * The expected file as {@link #node} writes what was found: sessions and second ids are kept as
   * hashes only, and counts and amounts are compared as exact decimals.
   */
  private static JsonNode comparable(JsonNode expected) {
    JsonNode copy = expected.deepCopy();
    for (String list : List.of("calls", "buckets")) {
      for (JsonNode draft : copy.path(list)) {
        for (Map.Entry<String, JsonNode> field : ((ObjectNode) draft).properties()) {
          JsonNode value = field.getValue();
          switch (field.getKey()) {
            case "session", "second_id" ->
                field.setValue(LongNode.valueOf(Ids.hash(value.asText())));
            case "line" -> {}
            default -> {
              if (value.isNumber()) {
                String exact = value.decimalValue().stripTrailingZeros().toPlainString();
                field.setValue(TextNode.valueOf(exact));
              }
            }
          }
        }
      }
    }
    return copy;
  }

  private static String pretty(JsonNode node) throws JsonProcessingException {
    // Through a tree of maps, so that the order of fields does not matter.
    Object sorted = JSON.treeToValue(node, Object.class);
    return JSON.writer()
        .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .withDefaultPrettyPrinter()
        .writeValueAsString(sorted);
  }
}
