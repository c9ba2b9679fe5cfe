package dev.homeward.formats.provider;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.AnthropicTokens;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Message objects of Anthropic's API, and the lines of a message batch's results. Cache tokens are
 * disjoint from {@code input_tokens}.
 *
 * <p>A message holds no time. It is read from the object that wraps it, as a program that keeps its
 * answers can write it: {@code timestamp} (or {@code created_at}) beside {@code message}, or inside
 * the message itself; optionally {@code duration_ms} and {@code ttft_ms}.
 *
 * <pre>
 * {"timestamp":"2026-05-04T13:05:07.250Z","message":{"id":"msg_1","type":"message","model":"claude-sonnet-4-5","usage":{"input_tokens":3,"output_tokens":500}}}
 * </pre>
 */
public final class AnthropicMessage implements JsonAdapter {
  private static final String SOURCE = "anthropic";

  private final ReadContext context;
  private final SourceTimes times;
  private final Usage usage = new Usage();
  private CallDraft draft;
  private long start;
  private boolean isMessage;
  private boolean isAnswer;
  private boolean hasUsage;
  private String messageId;

  public AnthropicMessage(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    draft = into;
    usage.clear();
    start = CallDraft.ABSENT;
    isMessage = false;
    isAnswer = false;
    hasUsage = false;
    messageId = null;
    object(p);
    // Programs that keep answers leave the type out, and keep the role.
    if (!isMessage && !(isAnswer && hasUsage && draft.responseModel != null)) {
      return false;
    }
    Required.time(
        start, "a message holds no time: write it as {\"timestamp\": ..., \"message\": {...}}");
    draft.startedAtMicros = start;
    Required.model(draft, context, "model is missing, and --hosted-model is not given");
    draft.provider = AnthropicTokens.provider(messageId, draft.requestModel);
    usage.fillDisjoint(draft, "input_tokens", "output_tokens");
    CallNames.addGivenWorkload(draft, context);
    return true;
  }

  private void object(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "timestamp", "created_at" -> start = times.utc(p, field);
        case "duration_ms" -> draft.durationMicros = Json.millis(p, field);
        case "ttft_ms" -> {
          draft.ttftMicros = Json.millis(p, field);
          draft.flags |= draft.ttftMicros == CallDraft.ABSENT ? 0 : CallFlags.STREAMED;
        }
        case "id" -> {
          messageId = Json.scalar(p);
          if (messageId != null && !messageId.isEmpty()) {
            Ids.identify(draft, SOURCE, messageId, context.keepIds());
          }
        }
        case "model" -> {
          draft.requestModel = Json.text(p, field);
          draft.responseModel = draft.requestModel;
        }
        case "type" -> {
          String type = Json.skippedScalar(p);
          isMessage |= "message".equals(type);
          if ("errored".equals(type) || "error".equals(type)) {
            draft.status = CallStatus.FAILURE;
          }
        }
        case "role" -> isAnswer |= "assistant".equals(Json.skippedScalar(p));
        case "usage" -> {
          hasUsage |= Json.isObject(p);
          AnthropicTokens.read(p, usage, draft);
        }
        case "custom_id" -> draft.serviceTier = ServiceTier.BATCH;
        case "message", "result" -> {
          ServiceTier tier = draft.serviceTier;
          object(p);
          draft.serviceTier = tier == ServiceTier.BATCH ? tier : draft.serviceTier;
        }
        default -> p.skipChildren();
      }
    }
  }
}
