package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
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
public final class EnvoyAiGateway implements JsonAdapter {
  private static final String SOURCE = "envoy";
  private static final String UNKNOWN = "-";

  private final ReadContext context;
  private final SourceTimes times;
  private final GatewayCall call;

  public EnvoyAiGateway(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
    this.call = new GatewayCall(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    call.reset(into);
    boolean split = false;
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      JsonToken token = p.nextToken();
      if (token == JsonToken.VALUE_STRING && UNKNOWN.equals(p.getText())) {
        continue;
      }
      switch (field) {
        case "start_time" -> into.startedAtMicros = times.utc(p, field);
        case "duration" -> into.durationMicros = Json.millis(p, field);
        case "gen_ai.provider.name" -> into.provider = provider(Json.text(p, field));
        case "gen_ai.request.model" -> into.requestModel = Json.text(p, field);
        case "gen_ai.response.model" -> into.responseModel = Json.text(p, field);
        case "gen_ai.usage.input_tokens" -> call.usage.input = tokens(p, field);
        case "gen_ai.usage.output_tokens" -> call.usage.output = tokens(p, field);
        case "gen_ai.usage.cached_input_tokens" -> {
          call.usage.cacheRead = tokens(p, field);
          split = true;
        }
        case "gen_ai.usage.cache_creation_input_tokens" -> call.usage.cacheWrite = tokens(p, field);
        case "gen_ai.usage.reasoning_tokens" -> call.usage.reasoning = tokens(p, field);
        case "response_code" -> call.httpStatus(Json.number(p, field));
        case "response_flags" -> {
          // DC: the client went away before the answer ended.
          if (p.getText().contains("DC")) {
            into.flags |= CallFlags.INTERRUPTED;
          }
        }
        case "x-request-id" -> Ids.identify(into, SOURCE, p, context.keepIds());
        case "session.id" -> into.session = Ids.hash(p);
        case "route_name" -> CallNames.add(into, "metadata.route", Json.skippedScalar(p));
        default -> p.skipChildren();
      }
    }
    if (!split) {
      into.flags |= CallFlags.NO_CACHE_SPLIT;
    }
    return call.inclusive("start_time", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens");
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
