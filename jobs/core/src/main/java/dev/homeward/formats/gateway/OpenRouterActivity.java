package dev.homeward.formats.gateway;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import java.io.IOException;

/**
 * Activity of OpenRouter as CSV, a row a generation. {@code tokens_prompt} contains {@code
 * tokens_cached} and {@code tokens_completion} contains {@code tokens_reasoning}. Times are UTC
 * without a zone. With a key of your own at the provider {@code cost_total} is OpenRouter's fee,
 * and {@code byok_usage_inference} what the provider charged: both are added. The user is not read.
 */
public final class OpenRouterActivity implements CsvAdapter {
  private static final String SOURCE = "openrouter";

  private final ReadContext context;
  private final SourceTimes times;
  private final GatewayCall call;
  private String[] header;

  public OpenRouterActivity(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
    this.call = new GatewayCall(context);
  }

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    CsvRecords.needed(columns, "created_at");
    CsvRecords.needed(columns, "tokens_prompt");
    CsvRecords.needed(columns, "tokens_completion");
  }

  @Override
  public boolean read(CsvRecord record, CallDraft into) throws IOException, RejectedRecord {
    call.reset(into);
    long cost = CallDraft.ABSENT;
    for (int i = 0; i < header.length; i++) {
      String field = header[i];
      if (record.isEmpty(i)) {
        continue;
      }
      switch (field) {
        case "generation_id" -> Ids.identify(into, SOURCE, record.text(i), context.keepIds());
        case "created_at" -> into.startedAtMicros = times.utc(record.text(i), field);
        case "cost_total", "byok_usage_inference" -> {
          long part = Json.dollars(Json.decimal(record.text(i), field), field);
          cost = cost == CallDraft.ABSENT ? part : Math.addExact(cost, part);
        }
        case "tokens_prompt" -> call.usage.input = Json.tokens(record.text(i), field);
        case "tokens_completion" -> call.usage.output = Json.tokens(record.text(i), field);
        case "tokens_reasoning" -> call.usage.reasoning = Json.tokens(record.text(i), field);
        case "tokens_cached" -> call.usage.cacheRead = Json.tokens(record.text(i), field);
        case "model_permaslug" -> into.requestModel = record.text(i);
        case "provider_name" -> into.provider = CallNames.provider(record.text(i));
        case "cancelled" -> {
          if (record.text(i).equals("true")) {
            into.flags |= CallFlags.INTERRUPTED;
          }
        }
        case "streamed" -> call.streamed = record.text(i).equals("true");
        case "generation_time_ms" -> into.durationMicros = Times.ofMillis(record.text(i), field);
        case "time_to_first_token_ms" -> call.firstToken = Times.ofMillis(record.text(i), field);
        case "app_name" -> CallNames.add(into, "service", record.text(i));
        case "api_key_name" -> CallNames.add(into, "key-alias", record.text(i));
        default -> {}
      }
    }
    into.loggedNanoUsd = cost;
    return call.inclusive("created_at", "tokens_prompt", "tokens_completion");
  }
}
