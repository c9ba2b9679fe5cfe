package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * LiteLLM's StandardLoggingPayload, as its callbacks write it to S3, GCS, Azure and others: one
 * object a file, or a line. {@code prompt_tokens} includes cache reads and writes. Times are
 * seconds since 1970; older versions wrote texts in UTC. Unlike the spend log it says whether the
 * answer was streamed.
 *
 * <p>Guardrails count what they masked: a count above 0 gives the call the name {@code
 * metadata.contains_pii} = {@code true}, which a policy may take for a data class. The user, keys,
 * addresses and all texts are not read.
 *
 * <pre>
 * {"id":"chatcmpl-1","call_type":"acompletion","stream":true,"response_cost":0.01,"prompt_tokens":11,"completion_tokens":5,"startTime":1777899907.25,"endTime":1777899913.45,"completionStartTime":1777899908.1,"model":"gpt-4o","metadata":{"user_api_key_alias":"claims"}}
 * </pre>
 */
public final class LiteLlmPayload implements JsonAdapter {
  private final ReadContext context;
  private final SourceTimes times;
  private final LiteLlmRow row;

  public LiteLlmPayload(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
    this.row = new LiteLlmRow(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    row.reset(into);
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "id" -> Ids.identify(into, LiteLlmRow.SOURCE, p, context.keepIds());
        case "trace_id" -> into.session = Ids.hash(p);
        case "call_type" -> row.callType = Json.text(p, field);
        case "stream" -> row.streamed = p.currentToken() == JsonToken.VALUE_TRUE;
        case "response_cost" -> into.loggedNanoUsd = Json.dollars(p, field);
        case "status" -> {
          String word = Json.text(p, field);
          if (word != null) {
            row.status(word);
          }
        }
        case "custom_llm_provider" -> into.provider = Json.text(p, field);
        case "prompt_tokens" -> row.usage.input = Json.tokens(p, field);
        case "completion_tokens" -> row.usage.output = Json.tokens(p, field);
        case "total_tokens" -> row.usage.total = Json.tokens(p, field);
        case "startTime" -> row.start = time(p, field);
        case "endTime" -> row.end = time(p, field);
        case "completionStartTime" -> row.firstToken = time(p, field);
        case "model" -> into.requestModel = Json.text(p, field);
        case "cache_hit" -> row.proxyCacheHit = isTrue(p);
        case "api_base" -> into.serverAddress = Json.skippedScalar(p);
        case "model_map_information" -> row.modelMap(p);
        case "metadata" -> row.nested(p, field, false);
        case "request_tags" -> row.nested(p, field, true);
        case "response" -> response(p);
        case "guardrail_information" -> guardrails(p);
        default -> p.skipChildren();
      }
    }
    return row.finish();
  }

  /** The answer's usage, which tells what was cached; nothing else of the answer is read. */
  private void response(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equals("usage")) {
        row.usage(p);
      } else {
        p.skipChildren();
      }
    }
  }

  private void guardrails(JsonParser p) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.START_ARRAY) {
      while (p.nextToken() != JsonToken.END_ARRAY) {
        guardrails(p);
      }
      return;
    }
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (!field.equals("masked_entity_count")) {
        p.skipChildren();
        continue;
      }
      boolean masked = false;
      for (String kind = Json.firstField(p); kind != null; kind = Json.nextField(p)) {
        masked |= Json.number(p, kind) > 0;
      }
      if (masked) {
        row.draft.attributes.add("metadata.contains_pii", "true");
      }
    }
  }

  private static boolean isTrue(JsonParser p) throws IOException {
    return p.currentToken() == JsonToken.VALUE_TRUE
        || "true".equalsIgnoreCase(Json.skippedScalar(p));
  }

  private long time(JsonParser p, String field) throws IOException, RejectedRecord {
    return p.currentToken().isNumeric() ? Json.seconds(p, field) : times.utc(p, field);
  }
}
