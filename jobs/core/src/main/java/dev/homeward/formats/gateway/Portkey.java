package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallStatus;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.util.Locale;

/**
 * Log export of Portkey, JSON lines. It does not tell cached input: all of {@code req_units} counts
 * as uncached. {@code cost} is in US cents; a cost in another currency is not taken. A hit of
 * Portkey's own cache, exact or semantic, is avoided volume. Bodies and the user are not read.
 */
public final class Portkey extends GatewayJson {
  private static final String SOURCE = "portkey";
  private static final int CENTS_A_DOLLAR = 100;

  /** Cents, read as if they were dollars: the cost in nano-dollars times 100. */
  private long centNanos;

  private String currency;

  public Portkey(ReadContext context) {
    super(context);
  }

  @Override
  void begin(CallDraft into) {
    super.begin(into);
    centNanos = CallDraft.ABSENT;
    currency = null;
  }

  @Override
  void field(JsonParser p, String field) throws IOException, RejectedRecord {
    switch (field) {
      case "id" -> Ids.identify(draft, SOURCE, p, context.keepIds());
      case "created_at" -> draft.startedAtMicros = times.utc(p, field);
      case "is_success" -> {
        String success = Json.skippedScalar(p);
        if ("0".equals(success) || "false".equals(success)) {
          draft.status = CallStatus.FAILURE;
        }
      }
      case "ai_org" -> draft.provider = CallNames.provider(Json.text(p, field));
      case "ai_model" -> draft.requestModel = Json.text(p, field);
      case "req_units" -> usage.input = Json.tokens(p, field);
      case "res_units" -> usage.output = Json.tokens(p, field);
      case "cost" -> centNanos = Json.dollars(p, field);
      case "cost_currency" -> currency = Json.text(p, field);
      case "response_status_code" -> httpStatus(Json.number(p, field));
      case "response_time" -> draft.durationMicros = Json.millis(p, field);
      case "cache_status" -> {
        String status = Json.skippedScalar(p);
        if (status != null && status.toUpperCase(Locale.ROOT).endsWith("HIT")) {
          proxyCacheHit();
        }
      }
      case "retry_success_count" -> retries(Json.number(p, field));
      case "trace_id" -> draft.session = Ids.hash(p);
      case "metadata" -> CallNames.addAllMetadata(draft, p);
      default -> p.skipChildren();
    }
  }

  @Override
  boolean end() throws RejectedRecord {
    boolean dollars = currency == null || currency.equalsIgnoreCase("USD");
    if (centNanos != CallDraft.ABSENT && dollars) {
      draft.loggedNanoUsd = (centNanos + CENTS_A_DOLLAR / 2) / CENTS_A_DOLLAR;
    }
    return cacheNotTold("created_at", "req_units", "res_units");
  }
}
