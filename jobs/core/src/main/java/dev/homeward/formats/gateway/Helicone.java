package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Requests of Helicone, as its API and its exporter write them. It has columns of its own for what
 * was read from and written to the provider's cache. For Anthropic they stand beside {@code
 * prompt_tokens}, as Anthropic counts; for every other provider the input contains them, as OpenAI
 * counts: Helicone passes the provider's count on, so that the provider decides, never the numbers.
 *
 * <p>{@code delay_ms} is the whole call. {@code cache_reference_id} means that Helicone answered
 * from its own cache. The user, the bodies and the country are not read.
 */
public final class Helicone implements JsonAdapter {
  private static final String SOURCE = "helicone";
  private static final String NO_REFERENCE = "00000000-0000-0000-0000-000000000000";

  private final ReadContext context;
  private final SourceTimes times;
  private final GatewayCall call;

  public Helicone(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
    this.call = new GatewayCall(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    call.reset(into);
    long cost = CallDraft.ABSENT;
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "request_id" -> Ids.identify(into, SOURCE, p, context.keepIds());
        case "request_created_at" -> into.startedAtMicros = times.utc(p, field);
        case "response_status" -> call.httpStatus(Json.number(p, field));
        case "request_model" -> into.requestModel = Json.text(p, field);
        case "response_model" -> into.responseModel = Json.text(p, field);
        case "provider" -> into.provider = CallNames.provider(Json.text(p, field));
        case "delay_ms" -> into.durationMicros = Json.millis(p, field);
        case "time_to_first_token" -> call.firstToken = Json.millis(p, field);
        case "prompt_tokens" -> call.usage.input = Json.tokens(p, field);
        case "completion_tokens" -> call.usage.output = Json.tokens(p, field);
        case "prompt_cache_read_tokens" -> call.usage.cacheRead = Json.tokens(p, field);
        case "prompt_cache_write_tokens" -> call.usage.cacheWrite = Json.tokens(p, field);
        case "reasoning_tokens" -> call.usage.reasoning = Json.tokens(p, field);
        case "cost", "costUSD", "cost_usd" -> cost = Math.max(cost, Json.dollars(p, field));
        case "cache_reference_id" -> {
          String reference = Json.skippedScalar(p);
          if (reference != null && !reference.isEmpty() && !reference.equals(NO_REFERENCE)) {
            into.flags |= CallFlags.PROXY_CACHE_HIT;
          }
        }
        // The API writes the properties under both names.
        case "properties" -> CallNames.addAllMetadata(into, p);
        case "request_properties" -> {
          if (into.attributes.size() == 0) {
            CallNames.addAllMetadata(into, p);
          } else {
            p.skipChildren();
          }
        }
        default -> p.skipChildren();
      }
    }
    into.loggedNanoUsd = cost;
    return "anthropic".equals(into.provider)
        ? call.disjoint("request_created_at", "prompt_tokens", "completion_tokens")
        : call.inclusive("request_created_at", "prompt_tokens", "completion_tokens");
  }
}
