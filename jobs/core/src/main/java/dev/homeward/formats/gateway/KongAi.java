package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.Operation;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Log of Kong's AI plugins: Kong's request log with {@code ai.proxy} (or another plugin's name
 * below {@code ai}) holding {@code usage} and {@code meta}. The input contains what was cached; the
 * parts are told by {@code prompt_tokens_details} only, and without it all input counts as
 * uncached. {@code started_at} is in milliseconds since 1970. The consumer of a gateway is an
 * application: its name is kept as {@code key-alias}. Lines without {@code ai} are other requests.
 */
public final class KongAi extends GatewayJson {
  private boolean found;
  private boolean cacheTold;

  public KongAi(ReadContext context) {
    super(context);
  }

  @Override
  void begin(CallDraft into) {
    super.begin(into);
    found = false;
    cacheTold = false;
  }

  @Override
  void field(JsonParser p, String field) throws IOException, RejectedRecord {
    switch (field) {
      case "started_at" -> draft.startedAtMicros = Json.millis(p, field);
      case "ai" -> ai(p);
      case "consumer", "route", "service", "response" -> envelope(p, field);
      default -> p.skipChildren();
    }
  }

  @Override
  boolean end() throws RejectedRecord {
    if (!found) {
      return false;
    }
    return cacheTold
        ? inclusive("started_at", "prompt_tokens", "completion_tokens")
        : cacheNotTold("started_at", "prompt_tokens", "completion_tokens");
  }

  private void envelope(JsonParser p, String of) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (of.equals("response") && field.equals("status")) {
        httpStatus(Json.number(p, field));
      } else if (of.equals("consumer") && field.equals("username")) {
        CallNames.add(draft, "key-alias", Json.skippedScalar(p));
      } else if (field.equals("name") && of.equals("service")) {
        CallNames.add(draft, "service", Json.skippedScalar(p));
      } else if (field.equals("name") && of.equals("route")) {
        CallNames.add(draft, "metadata.route", Json.skippedScalar(p));
      } else {
        p.skipChildren();
      }
    }
  }

  private void ai(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "usage", "prompt_tokens_details", "completion_tokens_details" -> {
          found |= Json.isObject(p);
          usage(p);
        }
        case "meta" -> meta(p);
        default -> ai(p);
      }
    }
  }

  private void usage(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "prompt_tokens" -> usage.input = Json.tokens(p, field);
        case "completion_tokens" -> usage.output = Json.tokens(p, field);
        case "total_tokens" -> usage.total = Json.tokens(p, field);
        case "cost" -> draft.loggedNanoUsd = Json.dollars(p, field);
        case "time_to_first_token" -> firstToken = Json.millis(p, field);
        case "cached_tokens" -> {
          usage.cacheRead = Json.tokens(p, field);
          cacheTold = true;
        }
        case "reasoning_tokens" -> usage.reasoning = Json.tokens(p, field);
        case "prompt_tokens_details", "completion_tokens_details" -> usage(p);
        default -> p.skipChildren();
      }
    }
  }

  private void meta(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "request_model" -> draft.requestModel = Json.text(p, field);
        case "response_model" -> draft.responseModel = Json.text(p, field);
        case "provider_name" -> draft.provider = CallNames.provider(Json.text(p, field));
        case "llm_latency" -> draft.durationMicros = Json.millis(p, field);
        case "request_mode" -> streamed = "stream".equals(Json.skippedScalar(p));
        case "llm_format", "route_type" -> {
          String route = Json.skippedScalar(p);
          if (route != null && route.contains("embedding")) {
            draft.operation = Operation.EMBEDDINGS;
          }
        }
        default -> p.skipChildren();
      }
    }
  }
}
