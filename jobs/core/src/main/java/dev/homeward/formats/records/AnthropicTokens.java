package dev.homeward.formats.records;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * The {@code usage} object of Anthropic's messages: input tokens are those that were not cached,
 * and cache reads and writes stand beside them. Thinking is part of output.
 */
public final class AnthropicTokens {
  private AnthropicTokens() {}

  /** Reads the object the parser stands on; anything else is passed over. */
  public static void read(JsonParser p, Usage usage, CallDraft draft)
      throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "input_tokens" -> usage.input = Json.tokens(p, field);
        case "output_tokens" -> usage.output = Json.tokens(p, field);
        case "cache_read_input_tokens" -> usage.cacheRead = Json.tokens(p, field);
        case "cache_creation_input_tokens" -> usage.cacheWrite = Json.tokens(p, field);
        case "ephemeral_5m_input_tokens" -> usage.cacheWrite5m = Json.tokens(p, field);
        case "ephemeral_1h_input_tokens" -> usage.cacheWrite1h = Json.tokens(p, field);
        case "thinking_tokens" -> usage.reasoning = Json.tokens(p, field);
        case "cache_creation", "output_tokens_details", "server_tool_use" -> read(p, usage, draft);
        case "web_search_requests" -> draft.otherUnits = Json.tokens(p, field);
        case "service_tier" -> {
          String tier = Json.skippedScalar(p);
          if ("batch".equals(tier)) {
            draft.serviceTier = ServiceTier.BATCH;
          } else if ("priority".equals(tier)) {
            draft.serviceTier = ServiceTier.PRIORITY;
          }
        }
        case "inference_geo" -> {
          String geo = Json.skippedScalar(p);
          draft.region = geo == null || geo.isEmpty() || geo.equals("not_available") ? null : geo;
        }
        default -> p.skipChildren();
      }
    }
  }
}
