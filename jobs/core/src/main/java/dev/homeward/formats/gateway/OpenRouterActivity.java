package dev.homeward.formats.gateway;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;

/**
 * Activity of OpenRouter as CSV, a row a generation. {@code tokens_prompt} contains {@code
 * tokens_cached} and {@code tokens_completion} contains {@code tokens_reasoning}. Times are UTC
 * without a zone. With a key of your own at the provider {@code cost_total} is OpenRouter's fee,
 * and {@code byok_usage_inference} what the provider charged: both are added. The user is not read.
 */
public final class OpenRouterActivity extends GatewayCsv {
  private static final String SOURCE = "openrouter";

  private long cost;

  public OpenRouterActivity(ReadContext context) {
    super(context, "created_at", "tokens_prompt", "tokens_completion");
  }

  @Override
  void begin(CallDraft into) {
    super.begin(into);
    cost = CallDraft.ABSENT;
  }

  @Override
  void field(CsvRecord record, int at, String field) throws RejectedRecord {
    switch (field) {
      case "generation_id" -> Ids.identify(draft, SOURCE, record.text(at), context.keepIds());
      case "created_at" -> draft.startedAtMicros = times.utc(record.text(at), field);
      case "cost_total", "byok_usage_inference" -> {
        long part = Json.dollars(Json.decimal(record.text(at), field), field);
        cost = cost == CallDraft.ABSENT ? part : Math.addExact(cost, part);
      }
      case "tokens_prompt" -> usage.input = Json.tokens(record.text(at), field);
      case "tokens_completion" -> usage.output = Json.tokens(record.text(at), field);
      case "tokens_reasoning" -> usage.reasoning = Json.tokens(record.text(at), field);
      case "tokens_cached" -> usage.cacheRead = Json.tokens(record.text(at), field);
      case "model_permaslug" -> draft.requestModel = record.text(at);
      case "provider_name" -> draft.provider = CallNames.provider(record.text(at));
      case "cancelled" -> {
        if (record.text(at).equals("true")) {
          draft.flags |= CallFlags.INTERRUPTED;
        }
      }
      case "streamed" -> streamed = record.text(at).equals("true");
      case "generation_time_ms" -> draft.durationMicros = Times.ofMillis(record.text(at), field);
      case "time_to_first_token_ms" -> firstToken = Times.ofMillis(record.text(at), field);
      case "app_name" -> CallNames.add(draft, "service", record.text(at));
      case "api_key_name" -> CallNames.add(draft, "key-alias", record.text(at));
      default -> {}
    }
  }

  @Override
  boolean end() throws RejectedRecord {
    draft.loggedNanoUsd = cost;
    return inclusive("created_at", "tokens_prompt", "tokens_completion");
  }
}
