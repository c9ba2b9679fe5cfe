package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import java.io.IOException;

/**
 * Claude Code transcripts ({@code ~/.claude/projects/**&#47;*.jsonl}). One answer of the API stands
 * on several lines with the same {@code message.id} and {@code requestId} and a growing output;
 * copies also stand in sidechain files. Cache tokens are disjoint from {@code input_tokens}. The
 * time is when the line was written; a start, a first token and a duration are not in the file.
 *
 * <p>Lines without {@code message.usage} (user turns, tool results, summaries) are no calls; nor
 * are the {@code <synthetic>} messages that the program writes itself.
 */
final class ClaudeCode implements JsonAdapter {
  private static final String SOURCE = "claude-code";

  private final ReadContext context;
  private CallDraft draft;
  private boolean hasUsage;
  private String messageId;
  private long input;
  private long cacheRead;
  private long cacheWrite;
  private long cacheWrite5m;
  private long cacheWrite1h;
  private long output;
  private long thinking;

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
        case "isSidechain" -> draft.weakCopy = p.currentToken() == JsonToken.VALUE_TRUE;
        case "costUSD" -> draft.loggedNanoUsd = Json.dollars(p, field);
        case "message" -> message(p);
        default -> p.skipChildren();
      }
    }
    if (!hasUsage || "<synthetic>".equals(draft.responseModel)) {
      return false;
    }
    if (timestamp == null) {
      throw new RejectedRecord(Reason.MISSING_TIME, "timestamp is missing");
    }
    if (draft.responseModel == null) {
      throw new RejectedRecord(Reason.MISSING_MODEL, "message.model is missing");
    }
    draft.startedAtMicros = Times.parse(timestamp, "timestamp");
    draft.requestModel = draft.responseModel;
    draft.provider = "anthropic";
    tokens();
    if (messageId != null) {
      Ids.identify(draft, SOURCE, messageId, context.keepIds());
      draft.idSecond = requestId == null ? 0 : Ids.hash(requestId);
    }
    attributes(directory);
    return true;
  }

  private void attributes(String directory) {
    draft.attributes.add("service", SOURCE);
    if (directory != null) {
      String name = directory.replace('\\', '/').replaceAll("/+$", "");
      draft.attributes.add("path", name.substring(name.lastIndexOf('/') + 1));
    }
    context
        .workload()
        .ifPresent(
            name -> {
              draft.attributes.add("workload", name);
              draft.flags |= CallFlags.GIVEN_BY_USER;
            });
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
        case "input_tokens" -> input = Json.tokens(p, field);
        case "output_tokens" -> output = Json.tokens(p, field);
        case "cache_read_input_tokens" -> cacheRead = Json.tokens(p, field);
        case "cache_creation_input_tokens" -> cacheWrite = Json.tokens(p, field);
        case "ephemeral_5m_input_tokens" -> cacheWrite5m = Json.tokens(p, field);
        case "ephemeral_1h_input_tokens" -> cacheWrite1h = Json.tokens(p, field);
        case "thinking_tokens" -> thinking = Json.tokens(p, field);
        case "cache_creation", "output_tokens_details" -> usage(p);
        default -> p.skipChildren();
      }
    }
  }

  private void tokens() throws RejectedRecord {
    if (input == CallDraft.ABSENT && output == CallDraft.ABSENT) {
      draft.flags |= CallFlags.MISSING_USAGE;
      return;
    }
    draft.inputTokens = Math.max(input, 0);
    draft.outputTokens = Math.max(output, 0);
    draft.cacheReadTokens = Math.max(cacheRead, 0);
    boolean split = cacheWrite5m != CallDraft.ABSENT || cacheWrite1h != CallDraft.ABSENT;
    draft.cacheWrite5mTokens = split ? Math.max(cacheWrite5m, 0) : Math.max(cacheWrite, 0);
    draft.cacheWrite1hTokens = split ? Math.max(cacheWrite1h, 0) : 0;
    draft.reasoningTokens = thinking;
    if (thinking > draft.outputTokens) {
      throw new RejectedRecord(
          Reason.REASONING_EXCEEDS_OUTPUT,
          "output_tokens %d includes thinking_tokens %d".formatted(draft.outputTokens, thinking));
    }
  }

  private void reset(CallDraft into) {
    draft = into;
    hasUsage = false;
    messageId = null;
    input = CallDraft.ABSENT;
    cacheRead = CallDraft.ABSENT;
    cacheWrite = CallDraft.ABSENT;
    cacheWrite5m = CallDraft.ABSENT;
    cacheWrite1h = CallDraft.ABSENT;
    output = CallDraft.ABSENT;
    thinking = CallDraft.ABSENT;
  }
}
