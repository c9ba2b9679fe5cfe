package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonDamage;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/**
 * What LiteLLM's spend log and its logging payload share: usage in the shapes of several providers,
 * metadata, tags, tiers, and what a call of each type is.
 *
 * <p>{@code prompt_tokens} includes cache reads and writes for every provider, but for messages of
 * Anthropic's own API that were passed through, where some versions leave them out: there the total
 * tells, or that the cached tokens exceed the prompt's.
 */
final class LiteLlmRow {
  static final String SOURCE = "litellm";
  private static final String USER_AGENT_TAG = "User-Agent: ";

  /**
   * Call types, without the leading {@code a} of the asynchronous ones, that are not about text.
   */
  private static final Set<String> OTHER_CALLS =
      Set.of(
          "image_generation",
          "image_edit",
          "image_variation",
          "transcription",
          "speech",
          "rerank",
          "moderation",
          "search",
          "ocr",
          "video_generation",
          "create_video",
          "video_content",
          "video_remix",
          "vector_store_search",
          "vector_store_create",
          "call_mcp_tool",
          "list_mcp_tools",
          "create_file",
          "list_files",
          "file_content",
          "file_retrieve",
          "file_delete",
          "create_fine_tuning_job");

  private final ReadContext context;
  final Usage usage = new Usage();
  CallDraft draft;

  // Fields of the row that are needed together, ABSENT or null until seen.
  String callType;
  long start;
  long end;
  long firstToken;
  long durationMillis;
  boolean proxyCacheHit;

  /** Whether a first token's time before the end means that the answer was streamed; null: yes. */
  Boolean streamed;

  String teamId;
  private long inputOfUsage;
  private long outputOfUsage;
  private boolean batch;
  private boolean fast;
  private boolean ofOutput;
  private String mappedModel;
  private String projectAlias;
  private String projectId;
  private String teamAlias;

  // Nearly every row has the call type of the row before.
  private String lastCallType;
  private Operation lastOperation;

  LiteLlmRow(ReadContext context) {
    this.context = context;
  }

  void status(String word) throws RejectedRecord {
    if (word.equals("failure")) {
      draft.status = CallStatus.FAILURE;
    } else if (!word.equals("success")) {
      throw new RejectedRecord(Reason.INVALID_WORD, "status is neither success nor failure");
    }
  }

  void nested(JsonParser p, String field, boolean tags) throws IOException, RejectedRecord {
    switch (p.currentToken()) {
      case START_ARRAY, START_OBJECT -> value(p, field, tags);
      case VALUE_STRING ->
          parse(
              Json.FACTORY.createParser(
                  p.getTextCharacters(), p.getTextOffset(), p.getTextLength()),
              field,
              tags);
      case VALUE_NULL -> {}
      default -> throw Json.wrongType(p, field, tags ? "an array" : "an object");
    }
  }

  /** JSON that stands in a text, as Postgres exports it. */
  void parse(JsonParser text, String field, boolean tags) throws RejectedRecord {
    try (JsonParser inner = text) {
      if (inner.nextToken() == null) {
        return;
      }
      value(inner, field, tags);
      if (inner.nextToken() != null) {
        throw new RejectedRecord(Reason.MALFORMED_JSON, field + " goes on after its end");
      }
    } catch (IOException e) {
      throw JsonDamage.rejection(e, field);
    }
  }

  void value(JsonParser p, String field, boolean tags) throws IOException, RejectedRecord {
    if (tags && p.currentToken() == JsonToken.START_ARRAY) {
      while (p.nextToken() != JsonToken.END_ARRAY) {
        if (p.currentToken() == JsonToken.VALUE_STRING) {
          String tag = p.getText();
          if (!tag.startsWith(USER_AGENT_TAG)) {
            CallNames.add(draft, "tag", tag);
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

  void metadata(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "user_api_key_project_alias" -> projectAlias = Json.skippedScalar(p);
        case "user_api_key_project_id" -> projectId = Json.skippedScalar(p);
        case "user_api_key_alias" -> CallNames.add(draft, "key-alias", Json.skippedScalar(p));
        case "user_api_key_team_alias" -> teamAlias = Json.skippedScalar(p);
        case "status" -> {
          // Rows older than the column have it here only.
          String word = Json.skippedScalar(p);
          if (word != null && !word.isEmpty()) {
            status(word);
          }
        }
        case "spend_logs_metadata" -> CallNames.addAllMetadata(draft, p);
        case "user_api_key_team_id" -> {
          String team = Json.skippedScalar(p);
          teamId = teamId == null ? team : teamId;
        }
        case "user_api_key_auth_metadata" -> CallNames.addAllMetadata(draft, p);
        case "attempted_retries", "attempted_fallbacks" -> {
          long attempts = Json.number(p, field);
          draft.flags |= attempts > 0 ? CallFlags.RETRIED : 0;
        }
        case "usage_object", "additional_usage_values" -> usage(p);
        case "model_map_information" -> modelMap(p);
        case "batch_models" -> {
          for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
            batch = true;
            p.skipChildren();
          }
        }
        default -> p.skipChildren();
      }
    }
  }

  void usage(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "cache_read_input_tokens", "cached_tokens", "prompt_cache_hit_tokens" ->
            usage.cacheRead = larger(usage.cacheRead, Json.tokens(p, field));
        case "cache_creation_input_tokens", "cache_creation_tokens", "cache_write_tokens" ->
            usage.cacheWrite = larger(usage.cacheWrite, Json.tokens(p, field));
        case "ephemeral_5m_input_tokens" ->
            usage.cacheWrite5m = larger(usage.cacheWrite5m, Json.tokens(p, field));
        case "ephemeral_1h_input_tokens" ->
            usage.cacheWrite1h = larger(usage.cacheWrite1h, Json.tokens(p, field));
        case "reasoning_tokens" -> usage.reasoning = larger(usage.reasoning, Json.tokens(p, field));
        // Of a row that keeps the provider's answer in the shape of responses.
        case "input_tokens" -> inputOfUsage = larger(inputOfUsage, Json.tokens(p, field));
        case "output_tokens" -> outputOfUsage = larger(outputOfUsage, Json.tokens(p, field));
        case "audio_tokens" -> {
          long audio = Json.tokens(p, field);
          if (ofOutput) {
            draft.audioOutputTokens = larger(draft.audioOutputTokens, audio);
          } else {
            draft.audioInputTokens = larger(draft.audioInputTokens, audio);
          }
        }
        case "inference_geo" -> {
          String geo = Json.skippedScalar(p);
          draft.region = geo == null || geo.isEmpty() || geo.equals("not_available") ? null : geo;
        }
        case "speed" -> fast |= "fast".equals(Json.skippedScalar(p));
        case "prompt_tokens_details",
            "input_tokens_details",
            "cache_creation_token_details",
            "cache_creation",
            "server_tool_use" ->
            usage(p);
        case "completion_tokens_details", "output_tokens_details" -> {
          ofOutput = true;
          usage(p);
          ofOutput = false;
        }
        case "web_search_requests" -> {
          draft.otherUnits = larger(draft.otherUnits, Json.tokens(p, field));
          draft.webSearches = draft.otherUnits;
        }
        case "service_tier" -> tier(Json.skippedScalar(p));
        default -> p.skipChildren();
      }
    }
  }

  /** What LiteLLM itself takes the model for: of a deployment it says which model that is. */
  void modelMap(JsonParser p) throws IOException {
    String key = null;
    boolean known = false;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "model_map_key" -> key = Json.skippedScalar(p);
        case "model_map_value" -> {
          known = p.currentToken() == JsonToken.START_OBJECT;
          p.skipChildren();
        }
        default -> p.skipChildren();
      }
    }
    if (known && key != null && !key.isEmpty()) {
      mappedModel = key;
    }
  }

  void tier(String word) {
    if (word == null) {
      return;
    }
    switch (word.toLowerCase(Locale.ROOT)) {
      case "batch" -> draft.serviceTier = ServiceTier.BATCH;
      case "flex" -> draft.serviceTier = ServiceTier.FLEX;
      case "priority" -> draft.serviceTier = ServiceTier.PRIORITY;
      default -> {}
    }
  }

  // The same count stands in several places of a row; a place that was left at 0 does not count.
  private static long larger(long known, long value) {
    return Math.max(known, value);
  }

  boolean finish() throws RejectedRecord {
    operation();
    // A row may leave its own columns at 0 beside an answer that has counts.
    if (usage.input <= 0 && usage.output <= 0) {
      usage.input = larger(usage.input, inputOfUsage);
      usage.output = larger(usage.output, outputOfUsage);
    }
    boolean nothingUsed =
        usage.input <= 0 && usage.output <= 0 && draft.loggedNanoUsd <= 0 && !proxyCacheHit;
    if (draft.requestModel == null) {
      if (nothingUsed && draft.status == CallStatus.FAILURE) {
        return false;
      }
      draft.requestModel = context.hostedModel().orElse(null);
      draft.flags |= CallFlags.GIVEN_BY_USER;
    }
    if (nothingUsed && isManagement()) {
      return false;
    }
    Required.time(start, "startTime is missing");
    draft.startedAtMicros = start;
    if (draft.requestModel == null) {
      throw new RejectedRecord(
          Reason.MISSING_MODEL, "model is missing, and --hosted-model is not given");
    }
    times();
    tokens();
    if (proxyCacheHit) {
      draft.flags |= CallFlags.PROXY_CACHE_HIT;
    }
    if (batch) {
      draft.serviceTier = ServiceTier.BATCH;
    } else if (fast) {
      draft.serviceTier = ServiceTier.FAST;
    }
    if (mappedModel != null && !mappedModel.equals(draft.requestModel)) {
      draft.responseModel = mappedModel;
    }
    CallNames.add(draft, "project", projectAlias);
    CallNames.add(draft, "project", projectId);
    CallNames.add(draft, "team", teamAlias != null && !teamAlias.isEmpty() ? teamAlias : teamId);
    CallNames.addGivenWorkload(draft, context);
    return true;
  }

  private void operation() {
    if (callType == null) {
      return;
    }
    if (!callType.equals(lastCallType)) {
      lastCallType = callType;
      lastOperation = operation(callType);
    }
    draft.operation = lastOperation;
    batch |= callType.contains("batch");
  }

  private static Operation operation(String callType) {
    if (callType.contains("embedding")) {
      return Operation.EMBEDDINGS;
    }
    boolean other =
        OTHER_CALLS.contains(callType)
            || (callType.startsWith("a") && OTHER_CALLS.contains(callType.substring(1)));
    return other ? Operation.OTHER : Operation.CHAT;
  }

  private boolean isManagement() {
    return callType != null
        && (callType.contains("batch")
            || callType.contains("file")
            || callType.contains("fine_tuning")
            || callType.contains("vector_store")
            || callType.contains("mcp_tool"));
  }

  private void times() throws RejectedRecord {
    if (end != CallDraft.ABSENT) {
      if (end < draft.startedAtMicros) {
        throw new RejectedRecord(Reason.END_BEFORE_START, "endTime is before startTime");
      }
      draft.durationMicros = end - draft.startedAtMicros;
      boolean early = firstToken >= draft.startedAtMicros && firstToken < end;
      if (early && !Boolean.FALSE.equals(streamed)) {
        draft.ttftMicros = firstToken - draft.startedAtMicros;
        draft.flags |= CallFlags.STREAMED;
      }
    } else if (durationMillis != CallDraft.ABSENT) {
      if (durationMillis < 0) {
        throw new RejectedRecord(Reason.END_BEFORE_START, "request_duration_ms is negative");
      }
      draft.durationMicros = Math.multiplyExact(Math.min(durationMillis, 1L << 40), 1000);
    }
  }

  private void tokens() throws RejectedRecord {
    if (usage.input == CallDraft.ABSENT
        || (usage.input == 0
            && (usage.output == CallDraft.ABSENT || usage.output == 0)
            && draft.status == CallStatus.SUCCESS)) {
      // A success without any token is an interrupted stream or a call that is not about tokens.
      draft.flags |= CallFlags.MISSING_USAGE;
      return;
    }
    if (usage.output == CallDraft.ABSENT && draft.operation == Operation.CHAT) {
      throw new RejectedRecord(Reason.INCOMPLETE_USAGE, "prompt_tokens without completion_tokens");
    }
    usage.output = Math.max(usage.output, 0);
    if (callType != null && callType.contains("anthropic_messages")) {
      usage.fillAsTold(draft, "prompt_tokens", "completion_tokens");
    } else {
      usage.fillInclusive(draft, "prompt_tokens", "completion_tokens");
    }
    if (draft.status == CallStatus.FAILURE
        && draft.loggedNanoUsd == 0
        && usage.input + usage.output > 0) {
      // LiteLLM writes its own estimate for a dispatched request that failed.
      draft.flags |= CallFlags.ESTIMATED_USAGE;
    }
  }

  void reset(CallDraft into) {
    draft = into;
    usage.clear();
    inputOfUsage = CallDraft.ABSENT;
    outputOfUsage = CallDraft.ABSENT;
    callType = null;
    start = CallDraft.ABSENT;
    end = CallDraft.ABSENT;
    firstToken = CallDraft.ABSENT;
    durationMillis = CallDraft.ABSENT;
    proxyCacheHit = false;
    batch = false;
    fast = false;
    ofOutput = false;
    mappedModel = null;
    projectAlias = null;
    projectId = null;
    teamAlias = null;
    teamId = null;
    streamed = null;
  }
}
