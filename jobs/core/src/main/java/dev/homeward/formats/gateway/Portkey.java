package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.util.Locale;

/**
 * Log export of Portkey, JSON lines. It does not tell cached input: all of {@code req_units} counts
 * as uncached. {@code cost} is in US cents; a cost in another currency is not taken. A hit of
 * Portkey's own cache, exact or semantic, is avoided volume. Bodies and the user are not read.
 */
public final class Portkey implements JsonAdapter {
  private static final String SOURCE = "portkey";
  private static final int CENTS_A_DOLLAR = 100;

  private final ReadContext context;
  private final SourceTimes times;
  private final GatewayCall call;

  public Portkey(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
    this.call = new GatewayCall(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    call.reset(into);
    long centNanos = CallDraft.ABSENT;
    String currency = null;
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "id" -> Ids.identify(into, SOURCE, p, context.keepIds());
        case "created_at" -> into.startedAtMicros = times.utc(p, field);
        case "is_success" -> {
          String success = Json.skippedScalar(p);
          if ("0".equals(success) || "false".equals(success)) {
            into.status = CallStatus.FAILURE;
          }
        }
        case "ai_org" -> into.provider = CallNames.provider(Json.text(p, field));
        case "ai_model" -> into.requestModel = Json.text(p, field);
        case "req_units" -> call.usage.input = Json.tokens(p, field);
        case "res_units" -> call.usage.output = Json.tokens(p, field);
        case "cost" -> centNanos = Json.dollars(p, field);
        case "cost_currency" -> currency = Json.text(p, field);
        case "response_status_code" -> call.httpStatus(Json.number(p, field));
        case "response_time" -> into.durationMicros = Json.millis(p, field);
        case "cache_status" -> {
          String status = Json.skippedScalar(p);
          if (status != null && status.toUpperCase(Locale.ROOT).endsWith("HIT")) {
            into.flags |= CallFlags.PROXY_CACHE_HIT;
          }
        }
        case "retry_success_count" -> {
          into.flags |= Json.number(p, field) > 0 ? CallFlags.RETRIED : 0;
        }
        case "trace_id" -> into.session = Ids.hash(p);
        case "metadata" -> CallNames.addAllMetadata(into, p);
        default -> p.skipChildren();
      }
    }
    boolean dollars = currency == null || currency.equalsIgnoreCase("USD");
    if (centNanos != CallDraft.ABSENT && dollars) {
      into.loggedNanoUsd = (centNanos + CENTS_A_DOLLAR / 2) / CENTS_A_DOLLAR;
    }
    into.flags |= CallFlags.NO_CACHE_SPLIT;
    return call.inclusive("created_at", "req_units", "res_units");
  }
}
