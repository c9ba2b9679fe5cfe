package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Requests of Helicone, as its API and its exporter write them. It has columns of its own for what
 * was read from and written to the provider's cache. For Anthropic they stand beside {@code
 * prompt_tokens}, as Anthropic counts; for every other provider the input contains them, as OpenAI
 * counts: Helicone passes the provider's count on, so that the provider decides, never the numbers.
 *
 * <p>{@code delay_ms} is the whole {@code cache_reference_id} means that Helicone answered from its
 * own cache. The user, the bodies and the country are not read.
 */
public final class Helicone extends GatewayJson {
  private static final String SOURCE = "helicone";
  private static final String NO_REFERENCE = "00000000-0000-0000-0000-000000000000";

  private long cost;

  public Helicone(ReadContext context) {
    super(context);
  }

  @Override
  void begin(CallDraft into) {
    super.begin(into);
    cost = CallDraft.ABSENT;
  }

  @Override
  void field(JsonParser p, String field) throws IOException, RejectedRecord {
    switch (field) {
      case "request_id" -> Ids.identify(draft, SOURCE, p, context.keepIds());
      case "request_created_at" -> draft.startedAtMicros = times.utc(p, field);
      case "response_status" -> httpStatus(Json.number(p, field));
      case "request_model" -> draft.requestModel = Json.text(p, field);
      case "response_model" -> draft.responseModel = Json.text(p, field);
      case "provider" -> draft.provider = CallNames.provider(Json.text(p, field));
      case "delay_ms" -> draft.durationMicros = Json.millis(p, field);
      case "time_to_first_token" -> firstToken = Json.millis(p, field);
      case "prompt_tokens" -> usage.input = Json.tokens(p, field);
      case "completion_tokens" -> usage.output = Json.tokens(p, field);
      case "prompt_cache_read_tokens" -> usage.cacheRead = Json.tokens(p, field);
      case "prompt_cache_write_tokens" -> usage.cacheWrite = Json.tokens(p, field);
      case "reasoning_tokens" -> usage.reasoning = Json.tokens(p, field);
      case "cost", "costUSD", "cost_usd" -> cost = Math.max(cost, Json.dollars(p, field));
      case "cache_reference_id" -> {
        String reference = Json.skippedScalar(p);
        if (reference != null && !reference.isEmpty() && !reference.equals(NO_REFERENCE)) {
          proxyCacheHit();
        }
      }
      // The API writes the properties under both names: they count once.
      case "properties", "request_properties" -> {
        if (draft.attributes.size() == 0) {
          CallNames.addAllMetadata(draft, p);
        } else {
          p.skipChildren();
        }
      }
      default -> p.skipChildren();
    }
  }

  @Override
  boolean end() throws RejectedRecord {
    draft.loggedNanoUsd = cost;
    return "anthropic".equals(draft.provider)
        ? disjoint("request_created_at", "prompt_tokens", "completion_tokens")
        : inclusive("request_created_at", "prompt_tokens", "completion_tokens");
  }
}
