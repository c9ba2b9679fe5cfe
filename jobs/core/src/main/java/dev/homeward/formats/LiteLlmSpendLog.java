package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.calls.ServiceTier;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * LiteLLM proxy, table {@code LiteLLM_SpendLogs}: one JSON object a line, or the CSV that Postgres
 * exports with JSON as text.
 *
 * <p>{@code prompt_tokens} includes cache reads and writes for every provider; the parts are in
 * {@code metadata.usage_object} or {@code metadata.additional_usage_values}, in Anthropic's or
 * OpenAI's shape. {@code cache_hit} is the proxy's own response cache, not the provider's prompt
 * cache: such a row repeats the original token counts at no cost. Rows that were not streamed have
 * {@code completionStartTime} equal to {@code endTime}, which is no time to first token. Times
 * without a zone are UTC. The user, end user, key hash, address and all texts are not read.
 */
final class LiteLlmSpendLog implements JsonAdapter, CsvAdapter {
  private static final String SOURCE = "litellm";
  private static final String USER_AGENT_TAG = "User-Agent: ";

  private final ReadContext context;
  private String[] header;
  private CallDraft draft;

  // Fields of the row that are needed together, ABSENT or null until seen.
  private String requestId;
  private String callType;
  private long promptTokens;
  private long completionTokens;
  private long cacheRead;
  private long cacheWrite;
  private long cacheWrite5m;
  private long cacheWrite1h;
  private long reasoning;
  private String start;
  private String end;
  private String firstToken;
  private long durationMillis;
  private boolean proxyCacheHit;
  private boolean batch;

  LiteLlmSpendLog(ReadContext context) {
    this.context = context;
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    reset(into);
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      JsonToken token = p.nextToken();
      switch (field) {
        case "prompt_tokens" -> promptTokens = Json.tokens(p, field);
        case "completion_tokens" -> completionTokens = Json.tokens(p, field);
        case "request_duration_ms" -> durationMillis = Json.number(p, field);
        case "spend" -> draft.loggedNanoUsd = Json.dollars(p, field);
        case "metadata" -> nested(p, field, false);
        case "request_tags" -> nested(p, field, true);
        default -> {
          if (isText(field) && token.isScalarValue()) {
            text(field, Json.scalar(p));
          } else {
            p.skipChildren();
          }
        }
      }
    }
    return finish();
  }

  @Override
  public void header(String[] columns) {
    header = columns;
  }

  @Override
  public boolean read(String[] fields, CallDraft into) throws IOException, RejectedRecord {
    reset(into);
    for (int i = 0; i < header.length; i++) {
      String value = fields[i];
      if (value.isEmpty() || value.equals("\\N")) {
        continue;
      }
      switch (header[i]) {
        case "prompt_tokens" -> promptTokens = csvTokens(value, header[i]);
        case "completion_tokens" -> completionTokens = csvTokens(value, header[i]);
        case "request_duration_ms" -> durationMillis = csvNumber(value, header[i]);
        case "spend" -> draft.loggedNanoUsd = Json.dollars(csvDecimal(value, header[i]), header[i]);
        case "metadata" -> parseText(value, header[i], false);
        case "request_tags" -> parseText(value, header[i], true);
        default -> {
          if (isText(header[i])) {
            text(header[i], value);
          }
        }
      }
    }
    return finish();
  }

  private static boolean isText(String field) {
    return switch (field) {
      case "request_id",
          "call_type",
          "startTime",
          "endTime",
          "completionStartTime",
          "model",
          "custom_llm_provider",
          "cache_hit",
          "session_id",
          "status",
          "team_id" ->
          true;
      default -> false;
    };
  }

  private void text(String field, String value) {
    if (value == null || value.isEmpty()) {
      return;
    }
    switch (field) {
      case "request_id" -> requestId = value;
      case "call_type" -> callType = value;
      case "startTime" -> start = value;
      case "endTime" -> end = value;
      case "completionStartTime" -> firstToken = value;
      case "model" -> draft.requestModel = value;
      case "custom_llm_provider" -> draft.provider = value;
      case "cache_hit" -> proxyCacheHit = value.equalsIgnoreCase("true");
      case "session_id" -> draft.session = Ids.hash(value);
      case "status" -> {
        if (value.equals("failure")) {
          draft.status = CallStatus.FAILURE;
        }
      }
      case "team_id" -> draft.attributes.add("team", value);
      default -> throw new IllegalArgumentException(field);
    }
  }

  private void nested(JsonParser p, String field, boolean tags) throws IOException, RejectedRecord {
    switch (p.currentToken()) {
      case START_ARRAY, START_OBJECT -> value(p, field, tags);
      case VALUE_STRING -> parseText(p.getText(), field, tags);
      case VALUE_NULL -> {}
      default -> throw Json.wrongType(p, field, tags ? "an array" : "an object");
    }
  }

  /** JSON that stands in a text, as Postgres exports it. */
  private void parseText(String json, String field, boolean tags)
      throws IOException, RejectedRecord {
    if (json.isEmpty()) {
      return;
    }
    try (JsonParser inner = Json.FACTORY.createParser(json)) {
      inner.nextToken();
      if (inner.currentToken() == null) {
        return;
      }
      value(inner, field, tags);
    } catch (JsonProcessingException e) {
      throw new RejectedRecord(Reason.MALFORMED_JSON, field + " is not JSON");
    }
  }

  private void value(JsonParser p, String field, boolean tags) throws IOException, RejectedRecord {
    if (tags && p.currentToken() == JsonToken.START_ARRAY) {
      while (p.nextToken() != JsonToken.END_ARRAY) {
        if (p.currentToken() == JsonToken.VALUE_STRING) {
          String tag = p.getText();
          if (!tag.startsWith(USER_AGENT_TAG)) {
            draft.attributes.add("tag", tag);
          }
        } else {
          p.skipChildren();
        }
      }
    } else if (!tags && Json.isObject(p)) {
      metadata(p);
    } else if (p.currentToken() == JsonToken.START_OBJECT && tags) {
      // {} is how Prisma writes an empty JSON column.
      p.skipChildren();
    } else if (p.currentToken() != JsonToken.VALUE_NULL) {
      throw Json.wrongType(p, field, tags ? "an array" : "an object");
    }
  }

  private void metadata(JsonParser p) throws IOException, RejectedRecord {
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "user_api_key_project_alias", "user_api_key_project_id" -> attribute(p, "project");
        case "user_api_key_alias" -> attribute(p, "key-alias");
        case "user_api_key_team_alias" -> attribute(p, "team");
        case "spend_logs_metadata" -> freeMetadata(p);
        case "usage_object", "additional_usage_values" -> usage(p);
        case "batch_models" -> {
          batch |= p.currentToken() == JsonToken.START_ARRAY;
          p.skipChildren();
        }
        default -> p.skipChildren();
      }
    }
  }

  private void attribute(JsonParser p, String source) throws IOException {
    String value = Json.scalar(p);
    if (value != null && !value.isEmpty()) {
      draft.attributes.add(source, value);
    }
    p.skipChildren();
  }

  private void freeMetadata(JsonParser p) throws IOException {
    if (!Json.isObject(p)) {
      p.skipChildren();
      return;
    }
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String key = p.currentName();
      p.nextToken();
      attribute(p, "metadata." + key);
    }
  }

  private void usage(JsonParser p) throws IOException, RejectedRecord {
    if (!Json.isObject(p)) {
      p.skipChildren();
      return;
    }
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "cache_read_input_tokens", "cached_tokens" ->
            cacheRead = larger(cacheRead, Json.tokens(p, field));
        case "cache_creation_input_tokens", "cache_creation_tokens", "cache_write_tokens" ->
            cacheWrite = larger(cacheWrite, Json.tokens(p, field));
        case "ephemeral_5m_input_tokens" ->
            cacheWrite5m = larger(cacheWrite5m, Json.tokens(p, field));
        case "ephemeral_1h_input_tokens" ->
            cacheWrite1h = larger(cacheWrite1h, Json.tokens(p, field));
        case "reasoning_tokens" -> reasoning = larger(reasoning, Json.tokens(p, field));
        case "prompt_tokens_details",
            "completion_tokens_details",
            "cache_creation_token_details",
            "cache_creation" ->
            usage(p);
        case "service_tier" -> tier(Json.scalar(p));
        default -> p.skipChildren();
      }
    }
  }

  private void tier(String word) {
    if (word == null) {
      return;
    }
    switch (word.toLowerCase(Locale.ROOT)) {
      case "batch" -> draft.serviceTier = ServiceTier.BATCH;
      case "flex" -> draft.serviceTier = ServiceTier.FLEX;
      case "priority", "fast" -> draft.serviceTier = ServiceTier.PRIORITY;
      default -> {}
    }
  }

  // The same count stands in several places of a row; a place that was left at 0 does not count.
  private static long larger(long known, long value) {
    return Math.max(known, value);
  }

  private boolean finish() throws RejectedRecord {
    if (start == null) {
      throw new RejectedRecord(Reason.MISSING_TIME, "startTime is missing");
    }
    draft.startedAtMicros = Times.parse(start, "startTime");
    if (draft.requestModel == null) {
      throw new RejectedRecord(Reason.MISSING_MODEL, "model is missing");
    }
    times();
    tokens();
    if (requestId != null) {
      Ids.identify(draft, SOURCE, requestId, context.keepIds());
    }
    if (proxyCacheHit) {
      draft.flags |= CallFlags.PROXY_CACHE_HIT;
    }
    if (callType != null) {
      if (callType.contains("embedding")) {
        draft.operation = Operation.EMBEDDINGS;
      } else if (!callType.contains("completion")
          && !callType.contains("responses")
          && !callType.contains("anthropic_messages")
          && !callType.contains("generate_content")) {
        draft.operation = Operation.OTHER;
      }
      batch |= callType.contains("batch");
    }
    if (batch) {
      draft.serviceTier = ServiceTier.BATCH;
    }
    context
        .workload()
        .ifPresent(
            name -> {
              draft.attributes.add("workload", name);
              draft.flags |= CallFlags.GIVEN_BY_USER;
            });
    return true;
  }

  private void times() throws RejectedRecord {
    if (end != null) {
      long ended = Times.parse(end, "endTime");
      if (ended < draft.startedAtMicros) {
        throw new RejectedRecord(Reason.END_BEFORE_START, "endTime is before startTime");
      }
      draft.durationMicros = ended - draft.startedAtMicros;
      if (firstToken != null) {
        long first = Times.parse(firstToken, "completionStartTime");
        if (first >= draft.startedAtMicros && first < ended) {
          draft.ttftMicros = first - draft.startedAtMicros;
          draft.flags |= CallFlags.STREAMED;
        }
      }
    } else if (durationMillis != CallDraft.ABSENT && durationMillis >= 0) {
      draft.durationMicros = Math.multiplyExact(Math.min(durationMillis, 1L << 40), 1000);
    }
  }

  private void tokens() throws RejectedRecord {
    if (promptTokens == CallDraft.ABSENT
        || (promptTokens == 0
            && (completionTokens == CallDraft.ABSENT || completionTokens == 0)
            && draft.status == CallStatus.SUCCESS)) {
      // A success without any token is an interrupted stream or a call that is not about tokens.
      draft.flags |= CallFlags.MISSING_USAGE;
      return;
    }
    long read = Math.max(cacheRead, 0);
    long hour = Math.max(cacheWrite1h, 0);
    long write = Math.max(Math.max(cacheWrite, 0), Math.max(cacheWrite5m, 0) + hour);
    if (read + write > promptTokens) {
      throw new RejectedRecord(
          Reason.CACHE_EXCEEDS_INPUT,
          "prompt_tokens %d includes cache reads %d and writes %d"
              .formatted(promptTokens, read, write));
    }
    draft.inputTokens = promptTokens - read - write;
    draft.cacheReadTokens = read;
    draft.cacheWrite1hTokens = hour;
    draft.cacheWrite5mTokens = write - hour;
    draft.outputTokens = Math.max(completionTokens, 0);
    draft.reasoningTokens = reasoning;
    if (reasoning > draft.outputTokens) {
      throw new RejectedRecord(
          Reason.REASONING_EXCEEDS_OUTPUT,
          "completion_tokens %d includes reasoning_tokens %d"
              .formatted(draft.outputTokens, reasoning));
    }
  }

  private void reset(CallDraft into) {
    draft = into;
    requestId = null;
    callType = null;
    promptTokens = CallDraft.ABSENT;
    completionTokens = CallDraft.ABSENT;
    cacheRead = CallDraft.ABSENT;
    cacheWrite = CallDraft.ABSENT;
    cacheWrite5m = CallDraft.ABSENT;
    cacheWrite1h = CallDraft.ABSENT;
    reasoning = CallDraft.ABSENT;
    start = null;
    end = null;
    firstToken = null;
    durationMillis = CallDraft.ABSENT;
    proxyCacheHit = false;
    batch = false;
  }

  private static long csvTokens(String value, String field) throws RejectedRecord {
    long tokens = csvNumber(value, field);
    Json.checkTokens(tokens, field);
    return tokens;
  }

  private static long csvNumber(String value, String field) throws RejectedRecord {
    return Json.whole(csvDecimal(value, field), field);
  }

  static BigDecimal csvDecimal(String value, String field) throws RejectedRecord {
    try {
      if (value.length() <= 100) {
        return new BigDecimal(value.trim());
      }
    } catch (NumberFormatException e) {
      // falls through to the one message
    }
    throw new RejectedRecord(Reason.INVALID_NUMBER, field + " is not a number");
  }
}
