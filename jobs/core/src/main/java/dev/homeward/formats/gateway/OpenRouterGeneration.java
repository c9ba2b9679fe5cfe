package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.Operation;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Generations of OpenRouter as {@code /api/v1/generation} gives them, one an answer. {@code
 * native_tokens_prompt} contains {@code native_tokens_cached} and {@code native_tokens_completion}
 * contains {@code native_tokens_reasoning}: the provider's own counts, which are what is charged;
 * {@code tokens_prompt} counts the same text in one tokenizer for all models and is taken only
 * without them. With a key of your own at the provider {@code total_cost} is OpenRouter's fee, and
 * {@code upstream_inference_cost} what the provider charged.
 *
 * <pre>
 * {"id":"gen-1","created_at":"2026-02-03T09:00:00.000Z","model":"openai/gpt-4o-mini",
 *  "provider_name":"OpenAI","native_tokens_prompt":2000,"native_tokens_completion":150,
 *  "native_tokens_cached":1024,"total_cost":0.000236}
 * </pre>
 */
public final class OpenRouterGeneration extends GatewayJson {
  private static final String SOURCE = "openrouter";

  private long prompt;
  private long completion;
  private long cost;
  private long upstream;
  private boolean ownKey;

  public OpenRouterGeneration(ReadContext context) {
    super(context);
  }

  @Override
  void begin(CallDraft into) {
    super.begin(into);
    prompt = CallDraft.ABSENT;
    completion = CallDraft.ABSENT;
    cost = CallDraft.ABSENT;
    upstream = CallDraft.ABSENT;
    ownKey = false;
  }

  @Override
  void field(JsonParser p, String field) throws IOException, RejectedRecord {
    switch (field) {
      case "id" -> Ids.identify(draft, SOURCE, p, context.keepIds());
      case "created_at" -> draft.startedAtMicros = times.utc(p, field);
      case "model" -> draft.requestModel = Json.text(p, field);
      case "provider_name" -> draft.provider = CallNames.provider(Json.text(p, field));
      case "native_tokens_prompt" -> usage.input = Json.tokens(p, field);
      case "native_tokens_completion" -> usage.output = Json.tokens(p, field);
      case "native_tokens_reasoning" -> usage.reasoning = Json.tokens(p, field);
      case "native_tokens_cached" -> usage.cacheRead = Json.tokens(p, field);
      case "tokens_prompt" -> prompt = Json.tokens(p, field);
      case "tokens_completion" -> completion = Json.tokens(p, field);
      case "num_search_results" -> draft.otherUnits = Json.tokens(p, field);
      case "total_cost" -> cost = Json.dollars(p, field);
      case "upstream_inference_cost" -> upstream = Json.dollars(p, field);
      case "is_byok" -> ownKey = "true".equals(Json.skippedScalar(p));
      case "generation_time" -> draft.durationMicros = Json.millis(p, field);
      case "cancelled" -> {
        if ("true".equals(Json.skippedScalar(p))) {
          draft.flags |= CallFlags.INTERRUPTED;
        }
      }
      case "api_type" -> {
        if ("embeddings".equals(Json.skippedScalar(p))) {
          draft.operation = Operation.EMBEDDINGS;
        }
      }
      default -> p.skipChildren();
    }
  }

  @Override
  boolean end() throws RejectedRecord {
    usage.input = usage.input == CallDraft.ABSENT ? prompt : usage.input;
    usage.output = usage.output == CallDraft.ABSENT ? completion : usage.output;
    boolean both = ownKey && cost != CallDraft.ABSENT && upstream != CallDraft.ABSENT;
    draft.loggedNanoUsd = both ? Math.addExact(cost, upstream) : cost;
    return inclusive("created_at", "native_tokens_prompt", "native_tokens_completion");
  }
}
