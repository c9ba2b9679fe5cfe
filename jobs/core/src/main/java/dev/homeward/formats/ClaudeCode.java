package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.ServiceTier;
import java.io.IOException;
import java.util.Locale;

/**
 * Claude Code transcripts ({@code ~/.claude/projects/**&#47;*.jsonl}). One answer of the API stands
 * on several lines with the same {@code message.id} and {@code requestId} and a growing output;
 * copies also stand in sidechain files. Cache tokens are disjoint from {@code input_tokens}. The
 * time is when the line was written; a start, a first token and a duration are not in the file.
 *
 * <p>Lines without {@code message.usage} (user turns, tool results, summaries) are no calls; nor
 * are the messages that the program writes itself: model {@code <synthetic>}, or marked {@code
 * isApiErrorMessage}. A {@code speed} of {@code fast} has its own price at the provider, which is
 * no service tier; such calls count as standard.
 *
 * <pre>
 * {"type":"assistant","timestamp":"2026-05-04T13:05:13.450Z","sessionId":"s","cwd":"/repo/claims","requestId":"req_1","message":{"id":"msg_1","model":"claude-sonnet-4-5","usage":{"input_tokens":3,"output_tokens":500}}}
 * </pre>
 */
final class ClaudeCode implements JsonAdapter {
  private static final String SOURCE = "claude-code";

  private final ReadContext context;
  private final Usage usage = new Usage();
  private CallDraft draft;
  private boolean hasUsage;
  private boolean ofProgram;
  private String type;
  private String messageId;

  ClaudeCode(ReadContext context) {
    this.context = context;
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    reset(into);
    String timestamp = null;
    String requestId = null;
    String directory = null;
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "timestamp" -> timestamp = Json.scalar(p);
        case "requestId" -> requestId = Json.scalar(p);
        case "cwd" -> directory = Json.scalar(p);
        case "sessionId" -> {
          String session = Json.scalar(p);
          draft.session = session == null ? CallDraft.ABSENT : Ids.hash(session);
        }
        case "type" -> type = Json.scalar(p);
        case "isApiErrorMessage" -> ofProgram = p.currentToken() == JsonToken.VALUE_TRUE;
        case "isSidechain" -> draft.weakCopy = p.currentToken() == JsonToken.VALUE_TRUE;
        case "costUSD" -> draft.loggedNanoUsd = Json.dollars(p, field);
        case "message" -> message(p);
        default -> p.skipChildren();
      }
    }
    boolean answer = type == null || type.equals("assistant");
    if (!answer || !hasUsage || ofProgram || "<synthetic>".equals(draft.responseModel)) {
      return false;
    }
    if (timestamp == null) {
      throw new RejectedRecord(Reason.MISSING_TIME, "timestamp is missing");
    }
    if (draft.responseModel == null || draft.responseModel.isEmpty()) {
      throw new RejectedRecord(Reason.MISSING_MODEL, "message.model is missing");
    }
    draft.startedAtMicros = Times.parse(timestamp, "timestamp");
    draft.requestModel = draft.responseModel;
    draft.provider = "anthropic";
    usage.fillDisjoint(draft, "input_tokens", "output_tokens");
    if (messageId != null) {
      Ids.identify(draft, SOURCE, messageId, context.keepIds());
      draft.idSecond = requestId == null ? 0 : Ids.hash(requestId);
    }
    attributes(directory);
    return true;
  }

  private void attributes(String directory) {
    Names.add(draft, "service", SOURCE);
    Names.add(draft, "path", repository(directory));
    Names.addGivenWorkload(draft, context);
  }

  /** The name of the working directory, unless that is a person's home. */
  private static String repository(String directory) {
    if (directory == null) {
      return null;
    }
    String path = directory.replace('\\', '/');
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    path = path.substring(0, end);
    int slash = path.lastIndexOf('/');
    String parent = path.substring(0, Math.max(slash, 0)).toLowerCase(Locale.ROOT);
    boolean home = parent.equals("/home") || parent.endsWith("/users");
    return home || parent.endsWith(":/users") ? null : path.substring(slash + 1);
  }

  private void message(JsonParser p) throws IOException, RejectedRecord {
    if (!Json.isObject(p)) {
      p.skipChildren();
      return;
    }
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "id" -> messageId = Json.scalar(p);
        case "model" -> draft.responseModel = Json.scalar(p);
        case "usage" -> {
          hasUsage = Json.isObject(p);
          usage(p);
        }
        default -> p.skipChildren();
      }
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
        case "input_tokens" -> usage.input = Json.tokens(p, field);
        case "output_tokens" -> usage.output = Json.tokens(p, field);
        case "cache_read_input_tokens" -> usage.cacheRead = Json.tokens(p, field);
        case "cache_creation_input_tokens" -> usage.cacheWrite = Json.tokens(p, field);
        case "ephemeral_5m_input_tokens" -> usage.cacheWrite5m = Json.tokens(p, field);
        case "ephemeral_1h_input_tokens" -> usage.cacheWrite1h = Json.tokens(p, field);
        case "thinking_tokens" -> usage.reasoning = Json.tokens(p, field);
        case "cache_creation", "output_tokens_details", "server_tool_use" -> usage(p);
        case "web_search_requests" -> draft.otherUnits = Json.tokens(p, field);
        case "service_tier" -> tier(p);
        case "inference_geo" -> {
          String geo = Json.scalar(p);
          draft.region = geo == null || geo.isEmpty() || geo.equals("not_available") ? null : geo;
          p.skipChildren();
        }
        default -> p.skipChildren();
      }
    }
  }

  private void tier(JsonParser p) throws IOException {
    String word = Json.scalar(p);
    p.skipChildren();
    if ("batch".equals(word)) {
      draft.serviceTier = ServiceTier.BATCH;
    } else if ("priority".equals(word)) {
      draft.serviceTier = ServiceTier.PRIORITY;
    }
  }

  private void reset(CallDraft into) {
    draft = into;
    usage.clear();
    hasUsage = false;
    ofProgram = false;
    type = null;
    messageId = null;
  }
}
