package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Logs of Cloudflare's AI Gateway, one object a line. It does not tell cached input: all of {@code
 * tokens_in} counts as uncached. {@code cached} means the gateway's own cache. {@code metadata} is
 * JSON in a text, or an object.
 */
public final class CloudflareAiGateway implements JsonAdapter {
  private static final String SOURCE = "cloudflare";

  private final ReadContext context;
  private final SourceTimes times;
  private final GatewayCall call;

  public CloudflareAiGateway(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
    this.call = new GatewayCall(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    call.reset(into);
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "id" -> Ids.identify(into, SOURCE, p, context.keepIds());
        case "created_at" -> into.startedAtMicros = times.utc(p, field);
        case "provider" -> into.provider = CallNames.provider(Json.text(p, field));
        case "model" -> into.requestModel = Json.text(p, field);
        case "model_type" -> {
          String type = Json.skippedScalar(p);
          if (type != null && type.contains("embedding")) {
            into.operation = Operation.EMBEDDINGS;
          }
        }
        case "success" -> {
          if (p.currentToken() == JsonToken.VALUE_FALSE) {
            into.status = CallStatus.FAILURE;
          }
        }
        case "status_code" -> call.httpStatus(Json.number(p, field));
        case "cached" -> {
          if (p.currentToken() == JsonToken.VALUE_TRUE) {
            into.flags |= CallFlags.PROXY_CACHE_HIT;
          }
        }
        case "tokens_in" -> call.usage.input = Json.tokens(p, field);
        case "tokens_out" -> call.usage.output = Json.tokens(p, field);
        case "cost" -> into.loggedNanoUsd = Json.dollars(p, field);
        case "duration" -> into.durationMicros = Json.millis(p, field);
        case "step" -> into.flags |= Json.number(p, field) > 0 ? CallFlags.RETRIED : 0;
        case "metadata" -> CallNames.addAllMetadata(into, p);
        default -> p.skipChildren();
      }
    }
    into.flags |= CallFlags.NO_CACHE_SPLIT;
    return call.inclusive("created_at", "tokens_in", "tokens_out");
  }
}
