package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.util.Locale;

/**
 * Requests of Helicone, as its API and its exporter write them. It has columns of its own for what
 * was read from and written to the provider's cache. Helicone passes the provider's count on. For
 * Anthropic's models they stand beside {@code prompt_tokens}, as Anthropic counts, whether
 * Anthropic serves them or a cloud (Bedrock, Vertex) that passes its counts on; for every other
 * model, and for Anthropic's behind what answers in OpenAI's shape (OpenRouter), the input contains
 * them. A total, or cached tokens above the input, say it more surely.
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
      case "total_tokens" -> usage.total = Json.tokens(p, field);
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
    boolean disjoint = "anthropic".equals(draft.provider) || (isClaude() && !speaksOpenAi());
    boolean exceeds = usage.input != CallDraft.ABSENT && usage.cached() > usage.input;
    if (disjoint || exceeds) {
      // Its total is what it adds up itself, input and output, whatever the provider's are.
      usage.total = usage.total == usage.input + usage.output ? CallDraft.ABSENT : usage.total;
      return disjoint("request_created_at", "prompt_tokens", "completion_tokens");
    }
    return inclusive("request_created_at", "prompt_tokens", "completion_tokens");
  }

  private boolean isClaude() {
    String model = draft.responseModel == null ? draft.requestModel : draft.responseModel;
    return model != null && model.toLowerCase(Locale.ROOT).contains("claude");
  }

  private boolean speaksOpenAi() {
    return draft.provider != null
        && CallNames.isOneOf(draft.provider, "openrouter", "openai", "together", "groq");
  }
}
