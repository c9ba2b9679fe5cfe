package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.LooseNumbers;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/**
 * Logs of Apache APISIX with its plugins {@code ai-proxy} and {@code ai-proxy-multi}, as JSON: what
 * its loggers (http, kafka, file and others) write, with {@code llm_summary}, and access logs and
 * log formats of one's own in the names of its variables, {@code llm_prompt_tokens} and so on.
 * Counts are often texts. Requests that no model answered are no calls.
 *
 * <p>What was cached is told by newer versions only; without it all input counts as uncached. The
 * input contains it, but for Claude's own protocol, which the model's name tells: there it stands
 * beside the input, and outside of APISIX's total. Requests and answers are not read.
 *
 * <pre>
 * {"start_time":1777899907250,"latency":6200,"route_id":"claims","response":{"status":200},"llm_summary":{"request_model":"gpt-4o","model":"gpt-4o","duration":"850","prompt_tokens":"10000","completion_tokens":"500"}}
 * </pre>
 */
public final class Apisix extends GatewayJson {
  private static final String SOURCE = "apisix";
  private static final String[] MONTHS = {
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"
  };
  private static final Map<String, String> HOSTS =
      Map.of(
          "api.openai.com", "openai",
          "api.anthropic.com", "anthropic",
          "api.deepseek.com", "deepseek",
          "openrouter.ai", "openrouter",
          "generativelanguage.googleapis.com", "google");

  private boolean answered;
  private boolean other;
  private boolean cacheTold;
  private boolean streaming;
  private long total;
  private long done;
  private long upstream;

  public Apisix(ReadContext context) {
    super(context);
  }

  @Override
  void begin(CallDraft into) {
    super.begin(into);
    answered = false;
    other = false;
    cacheTold = false;
    streaming = false;
    total = CallDraft.ABSENT;
    done = CallDraft.ABSENT;
    upstream = CallDraft.ABSENT;
  }

  @Override
  void field(JsonParser p, String field) throws IOException, RejectedRecord {
    switch (field) {
      case "llm_summary" -> {
        answered |= Json.isObject(p);
        summary(p);
      }
      case "start_time" -> draft.startedAtMicros = LooseNumbers.millis(p, field);
      case "latency" -> draft.durationMicros = LooseNumbers.millis(p, field);
      case "request_time" -> draft.durationMicros = LooseNumbers.seconds(p, field);
      case "@timestamp", "time_iso8601", "time_local", "timestamp", "time" ->
          done = moment(Json.skippedScalar(p), field);
      case "msec" -> done = LooseNumbers.seconds(p, field);
      case "status", "upstream_status" -> status(Json.skippedScalar(p), field);
      case "response", "consumer" -> envelope(p, field);
      case "request_type" -> {
        String type = String.valueOf(Json.skippedScalar(p));
        streaming |= type.equals("ai_stream");
        other |= type.equals("traditional_http");
      }
      case "upstream_host" -> host(Json.skippedScalar(p));
      case "consumer_name" -> name("key-alias", Json.skippedScalar(p));
      case "route_name", "route_id" -> name("metadata.route", Json.skippedScalar(p));
      case "service_name" -> name("service", Json.skippedScalar(p));
      case "request_id", "apisix_request_id" -> id(Json.skippedScalar(p));
      default -> {
        if (field.startsWith("llm_") || field.equals("request_llm_model")) {
          count(p, field, field.substring(field.indexOf("llm_") + 4));
        } else if (field.endsWith("upstream_response_time")) {
          count(p, field, "upstream_response_time");
        } else {
          p.skipChildren();
        }
      }
    }
  }

  private void summary(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      count(p, field, field);
    }
  }

  /** A variable of the plugin, under its own name or as a field of the summary. */
  private void count(JsonParser p, String field, String name) throws IOException, RejectedRecord {
    switch (name) {
      case "request_model" -> draft.requestModel = model(p, draft.requestModel);
      case "model" -> {
        if (field.equals("request_llm_model")) {
          draft.requestModel = model(p, draft.requestModel);
        } else {
          draft.responseModel = model(p, draft.responseModel);
        }
      }
      case "prompt_tokens" -> {
        answered = true;
        usage.input = LooseNumbers.tokens(p, field);
      }
      case "completion_tokens" -> {
        answered = true;
        usage.output = LooseNumbers.tokens(p, field);
      }
      case "total_tokens" -> total = LooseNumbers.tokens(p, field);
      case "cache_read_input_tokens" -> usage.cacheRead = cached(p, field);
      case "cache_creation_input_tokens" -> usage.cacheWrite = cached(p, field);
      case "reasoning_tokens" -> usage.reasoning = LooseNumbers.tokens(p, field);
      case "duration", "time_to_first_token" -> firstToken = LooseNumbers.millis(p, field);
      case "upstream_response_time" -> upstream = last(Json.skippedScalar(p), field);
      case "stream" -> {
        String told = String.valueOf(Json.skippedScalar(p));
        streaming |= told.equals("true") || told.equals("1");
      }
      default -> p.skipChildren();
    }
  }

  private long cached(JsonParser p, String field) throws IOException, RejectedRecord {
    long tokens = LooseNumbers.tokens(p, field);
    cacheTold |= tokens != CallDraft.ABSENT;
    return tokens;
  }

  private static String model(JsonParser p, String known) throws IOException {
    String told = Json.skippedScalar(p);
    return told == null || LooseNumbers.isUnknown(told) ? known : told;
  }

  /** nginx writes the times of several tries behind each other; the last one answered. */
  private static long last(String text, String field) throws RejectedRecord {
    if (text == null) {
      return CallDraft.ABSENT;
    }
    String answer = text.substring(Math.max(text.lastIndexOf(','), text.lastIndexOf(':')) + 1);
    return LooseNumbers.seconds(answer.strip(), field);
  }

  private void envelope(JsonParser p, String of) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (of.equals("response") && field.equals("status")) {
        status(Json.skippedScalar(p), field);
      } else if (of.equals("consumer") && field.equals("username")) {
        name("key-alias", Json.skippedScalar(p));
      } else {
        p.skipChildren();
      }
    }
  }

  private void status(String text, String field) throws RejectedRecord {
    long code = text == null ? CallDraft.ABSENT : LooseNumbers.tokens(text, field);
    if (code != CallDraft.ABSENT) {
      httpStatus(code);
    }
  }

  private void name(String source, String value) {
    if (value != null && !LooseNumbers.isUnknown(value)) {
      CallNames.add(draft, source, value);
    }
  }

  private void id(String text) {
    if (text != null && !LooseNumbers.isUnknown(text)) {
      Ids.identify(draft, SOURCE, text, context.keepIds());
    }
  }

  private void host(String host) {
    if (host == null) {
      return;
    }
    String known = HOSTS.get(host.toLowerCase(Locale.ROOT));
    if (known != null) {
      draft.provider = known;
    } else if (host.endsWith(".openai.azure.com")) {
      draft.provider = "azure";
    } else if (host.startsWith("bedrock-runtime.")) {
      draft.provider = "bedrock";
    } else if (host.endsWith("aiplatform.googleapis.com")) {
      draft.provider = "vertex";
    }
  }

  private long moment(String text, String field) throws RejectedRecord {
    if (text == null || LooseNumbers.isUnknown(text)) {
      return CallDraft.ABSENT;
    }
    return times.utc(isLocal(text) ? iso(text) : text, field);
  }

  /** nginx's {@code 04/May/2026:13:05:13 +0000}. */
  private static boolean isLocal(String text) {
    return text.length() > 20 && text.charAt(2) == '/' && text.charAt(6) == '/';
  }

  private static String iso(String local) {
    String month = local.substring(3, 6).toLowerCase(Locale.ROOT);
    int number = 0;
    for (int i = 0; i < MONTHS.length; i++) {
      number = MONTHS[i].equals(month) ? i + 1 : number;
    }
    // An unknown month becomes 00, which is no time.
    return "%s-%02d-%sT%s"
        .formatted(local.substring(7, 11), number, local.substring(0, 2), local.substring(12));
  }

  @Override
  boolean end() throws RejectedRecord {
    if (!answered || other) {
      return false;
    }
    streamed = streaming;
    time();
    String model = draft.responseModel == null ? draft.requestModel : draft.responseModel;
    String maker = String.valueOf(model).toLowerCase(Locale.ROOT);
    if (!cacheTold) {
      return cacheNotTold("the time", "prompt_tokens", "completion_tokens");
    }
    if (maker.contains("claude") || maker.contains("anthropic")) {
      return disjoint("the time", "prompt_tokens", "completion_tokens");
    }
    return byTotal(total, "the time", "prompt_tokens", "completion_tokens");
  }

  private void time() {
    if (draft.durationMicros == CallDraft.ABSENT) {
      draft.durationMicros = upstream;
    }
    long took = draft.durationMicros;
    if (draft.startedAtMicros == CallDraft.ABSENT) {
      // The line is written when the answer is done.
      boolean known = done != CallDraft.ABSENT && took != CallDraft.ABSENT && took < done;
      draft.startedAtMicros = known ? done - took : done;
    }
    if (took != CallDraft.ABSENT && firstToken > took) {
      firstToken = CallDraft.ABSENT;
    }
  }
}
