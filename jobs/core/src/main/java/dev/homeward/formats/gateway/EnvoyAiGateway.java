package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Access log of Envoy AI Gateway as JSON lines, in the names of its documentation; an operator
 * chooses which fields there are. Input contains what was cached; without {@code
 * gen_ai.usage.cached_input_tokens} all of it counts as uncached. What Envoy does not know it
 * writes as null or {@code -}.
 *
 * <p>The provider is the second part of the backend's name ({@code default/anthropic/route/...}).
 * {@code x-envoy-upstream-service-time} is when the first byte of the answer came; it is the first
 * token only where the answer was streamed, which the log does not say, and is not taken.
 */
public final class EnvoyAiGateway extends GatewayJson {
  private static final String SOURCE = "envoy";
  private static final String UNKNOWN = "-";
  private static final String INPUT = "gen_ai.usage.input_tokens";
  private static final String OUTPUT = "gen_ai.usage.output_tokens";

  private boolean cacheTold;

  public EnvoyAiGateway(ReadContext context) {
    super(context);
  }

  @Override
  void begin(CallDraft into) {
    super.begin(into);
    cacheTold = false;
  }

  @Override
  void field(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.VALUE_STRING && UNKNOWN.equals(p.getText())) {
      return;
    }
    switch (field) {
      case "start_time" -> draft.startedAtMicros = times.utc(p, field);
      case "duration" -> draft.durationMicros = Json.millis(p, field);
      case "gen_ai.provider.name" -> draft.provider = provider(Json.text(p, field));
      case "gen_ai.request.model" -> draft.requestModel = Json.text(p, field);
      case "gen_ai.response.model" -> draft.responseModel = Json.text(p, field);
      case INPUT -> usage.input = tokens(p, field);
      case OUTPUT -> usage.output = tokens(p, field);
      case "gen_ai.usage.total_tokens" -> usage.total = tokens(p, field);
      case "gen_ai.usage.cached_input_tokens" -> {
        usage.cacheRead = tokens(p, field);
        cacheTold = true;
      }
      case "gen_ai.usage.cache_creation_input_tokens" -> usage.cacheWrite = tokens(p, field);
      case "gen_ai.usage.reasoning_tokens" -> usage.reasoning = tokens(p, field);
      case "response_code" -> httpStatus(Json.number(p, field));
      case "response_flags" -> {
        // DC: the client went away before the answer ended.
        if (p.getText().contains("DC")) {
          draft.flags |= CallFlags.INTERRUPTED;
        }
      }
      case "x-request-id" -> Ids.identify(draft, SOURCE, p, context.keepIds());
      case "session.id" -> draft.session = Ids.hash(p);
      case "route_name" -> CallNames.add(draft, "metadata.route", Json.skippedScalar(p));
      default -> p.skipChildren();
    }
  }

  @Override
  boolean end() throws RejectedRecord {
    return cacheTold
        ? inclusive("start_time", INPUT, OUTPUT)
        : cacheNotTold("start_time", INPUT, OUTPUT);
  }

  // Envoy writes numbers as texts where its configuration does.
  private static long tokens(JsonParser p, String field) throws IOException, RejectedRecord {
    return p.currentToken() == JsonToken.VALUE_STRING
        ? Json.tokens(p.getText(), field)
        : Json.tokens(p, field);
  }

  private static String provider(String backend) {
    if (backend == null) {
      return null;
    }
    String[] parts = backend.split("/", 3);
    return CallNames.provider(parts.length > 1 ? parts[1] : backend);
  }
}
