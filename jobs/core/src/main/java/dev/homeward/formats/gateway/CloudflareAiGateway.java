package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Logs of Cloudflare's AI Gateway, one object a line. It does not tell cached input: all of {@code
 * tokens_in} counts as uncached. {@code cached} means the gateway's own cache. {@code metadata} is
 * JSON in a text, or an object.
 */
public final class CloudflareAiGateway extends GatewayJson {
  private static final String SOURCE = "cloudflare";

  public CloudflareAiGateway(ReadContext context) {
    super(context);
  }

  @Override
  void field(JsonParser p, String field) throws IOException, RejectedRecord {
    switch (field) {
      case "id" -> Ids.identify(draft, SOURCE, p, context.keepIds());
      case "created_at" -> draft.startedAtMicros = times.utc(p, field);
      case "provider" -> draft.provider = CallNames.provider(Json.text(p, field));
      case "model" -> draft.requestModel = Json.text(p, field);
      case "model_type" -> {
        String type = Json.skippedScalar(p);
        if (type != null && type.contains("embedding")) {
          draft.operation = Operation.EMBEDDINGS;
        }
      }
      case "success" -> {
        if (p.currentToken() == JsonToken.VALUE_FALSE) {
          draft.status = CallStatus.FAILURE;
        }
      }
      case "status_code" -> httpStatus(Json.number(p, field));
      case "cached" -> {
        if (p.currentToken() == JsonToken.VALUE_TRUE) {
          proxyCacheHit();
        }
      }
      case "tokens_in" -> usage.input = Json.tokens(p, field);
      case "tokens_out" -> usage.output = Json.tokens(p, field);
      case "cost" -> draft.loggedNanoUsd = Json.dollars(p, field);
      case "duration" -> draft.durationMicros = Json.millis(p, field);
      case "step" -> retries(Json.number(p, field));
      case "metadata" -> CallNames.addAllMetadata(draft, p);
      default -> p.skipChildren();
    }
  }

  @Override
  boolean end() throws RejectedRecord {
    return cacheNotTold("created_at", "tokens_in", "tokens_out");
  }
}
