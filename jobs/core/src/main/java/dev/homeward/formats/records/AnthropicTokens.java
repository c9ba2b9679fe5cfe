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
 *
 * <p>{@code iterations} divides the usage by what the server did. The counts beside it hold its
 * messages and leave out its compactions (a summary of what came before), which are billed too, so
 * that these are added. A message that a model declined before a fallback answered is not billed.
 * What another model used (an advisor) has that model's price and cannot be part of this call.
 */
public final class AnthropicTokens {
  private AnthropicTokens() {}

  /**
   * Who answered with a message: Bedrock and Vertex AI give ids of their own, and Bedrock's names
   * have the maker before a dot ({@code us.anthropic.claude-...}), Vertex AI's a date after an at
   * sign. Null for a model that is not Anthropic's: other servers speak the protocol too.
   *
   * @param id of the message; null if there is none
   * @param model as the record names it; null if it does not
   */
  public static String provider(String id, String model) {
    if ((id != null && id.startsWith("msg_bdrk_"))
        || (model != null && (model.startsWith("anthropic.") || model.contains(".anthropic.")))) {
      return "bedrock";
    }
    if (model != null && !model.contains("claude")) {
      // Other servers speak this protocol too.
      return null;
    }
    boolean vertex = id != null && (id.startsWith("msg_vrtx_") || id.startsWith("req_vrtx_"));
    return vertex || (model != null && model.startsWith("claude-") && model.indexOf('@') > 0)
        ? "vertex"
        : "anthropic";
  }

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
        case "iterations" -> iterations(p, usage, draft);
        case "web_search_requests" -> {
          draft.otherUnits = Json.tokens(p, field);
          draft.webSearches = draft.otherUnits;
        }
        case "speed" -> {
          if ("fast".equals(Json.skippedScalar(p))) {
            draft.serviceTier = ServiceTier.FAST;
          }
        }
        case "service_tier" -> {
          String tier = Json.skippedScalar(p);
          if ("batch".equals(tier)) {
            draft.serviceTier = ServiceTier.BATCH;
          } else if ("priority".equals(tier) && draft.serviceTier != ServiceTier.FAST) {
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

  /** Reads what the server did in turn; what is billed beside the top level is added beside. */
  public static void iterations(JsonParser p, Usage usage, CallDraft draft)
      throws IOException, RejectedRecord {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      // The type may stand before or after the counts.
      Usage of = new Usage();
      String type = null;
      for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
        switch (field) {
          case "type" -> type = Json.skippedScalar(p);
          case "input_tokens" -> of.input = Json.tokens(p, field);
          case "output_tokens" -> of.output = Json.tokens(p, field);
          case "cache_read_input_tokens" -> of.cacheRead = Json.tokens(p, field);
          case "cache_creation_input_tokens" -> of.cacheWrite = Json.tokens(p, field);
          case "cache_creation", "output_tokens_details" -> read(p, of, draft);
          default -> p.skipChildren();
        }
      }
      if ("compaction".equals(type)) {
        usage.addBeside(of);
      } else if (!"message".equals(type) && !"fallback_message".equals(type)) {
        usage.unexplained |= Math.max(of.input, 0) + Math.max(of.output, 0) + of.cached() > 0;
      }
    }
  }
}
