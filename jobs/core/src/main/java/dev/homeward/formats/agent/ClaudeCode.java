package dev.homeward.formats.agent;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.AnthropicTokens;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import java.io.IOException;

/**
 * Claude Code transcripts (<code>~/.claude/projects/**&#47;*.jsonl</code>). One answer of the API
 * stands on several lines with the same {@code message.id} and {@code requestId} and a growing
 * output; copies also stand in sidechain files. Cache tokens are disjoint from {@code
 * input_tokens}. The time is when the line was written; a start, a first token and a duration are
 * not in the file.
 *
 * <p>Lines without {@code message.usage} (user turns, tool results, summaries) are no calls; nor
 * are the messages that the program writes itself: model {@code <synthetic>}, or marked {@code
 * isApiErrorMessage}. A {@code speed} of {@code fast} is a tier with prices of its own. Answers of
 * Bedrock and Vertex AI are told by their ids, {@code msg_bdrk_...} and {@code msg_vrtx_...}, or by
 * the model's name.
 *
 * <pre>
 * {"type":"assistant","timestamp":"2026-05-04T13:05:13.450Z","sessionId":"s","cwd":"/repo/claims","requestId":"req_1","message":{"id":"msg_1","model":"claude-sonnet-4-5","usage":{"input_tokens":3,"output_tokens":500}}}
 * </pre>
 */
public final class ClaudeCode implements JsonAdapter {
  private static final String SOURCE = "claude-code";

  private final ReadContext context;
  private final Usage usage = new Usage();
  private CallDraft draft;
  private boolean hasUsage;
  private boolean ofProgram;
  private String type;
  private String messageId;

  public ClaudeCode(ReadContext context) {
    this.context = context;
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    reset(into);
    String timestamp = null;
    String requestId = null;
    String directory = null;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
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
    draft.provider = AnthropicTokens.provider(messageId, draft.responseModel);
    usage.fillDisjoint(draft, "input_tokens", "output_tokens");
    if (messageId != null) {
      Ids.identify(draft, SOURCE, messageId, context.keepIds());
      draft.idSecond = requestId == null ? 0 : Ids.hash(requestId);
    }
    attributes(directory);
    return true;
  }

  private void attributes(String directory) {
    CallNames.add(draft, "service", SOURCE);
    CallNames.add(draft, "path", CallNames.repository(directory));
    CallNames.addGivenWorkload(draft, context);
  }

  private void message(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "id" -> messageId = Json.scalar(p);
        case "model" -> draft.responseModel = Json.scalar(p);
        case "usage" -> {
          hasUsage = Json.isObject(p);
          AnthropicTokens.read(p, usage, draft);
        }
        default -> p.skipChildren();
      }
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
