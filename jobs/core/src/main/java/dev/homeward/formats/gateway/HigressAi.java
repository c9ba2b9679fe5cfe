package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.LooseNumbers;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonDamage;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Access log of Higress as JSON with its plugin {@code ai-statistics}: {@code ai_log} holds, as an
 * object or as JSON in a text, the model and the counts; older versions have them beside the other
 * fields. All of them are texts, {@code -} for what is not known. The input contains what was
 * cached, unless the total says otherwise; where nothing cached is told all input counts as
 * uncached. Requests that no model answered are no calls. Questions, answers and addresses are not
 * read.
 *
 * <pre>
 * {"ai_log":"{\"model\":\"qwen-max\",\"input_token\":\"10000\",\"output_token\":\"500\",\"llm_first_token_duration\":\"850\",\"llm_service_duration\":\"6200\"}","start_time":"2026-05-04T13:05:07.250Z","duration":"6210","request_id":"r","response_code":"200","route_name":"claims"}
 * </pre>
 */
public final class HigressAi extends GatewayJson {
  private static final String SOURCE = "higress";

  /** Longer names of consumers are keys: some versions take them from the request's header. */
  private static final int LONGEST_CONSUMER = 32;

  private boolean answered;
  private boolean cacheTold;
  private boolean normal;
  private long total;
  private long written;
  private long served;
  private String chat;

  public HigressAi(ReadContext context) {
    super(context);
  }

  @Override
  void begin(CallDraft into) {
    super.begin(into);
    answered = false;
    cacheTold = false;
    normal = false;
    total = CallDraft.ABSENT;
    written = CallDraft.ABSENT;
    served = CallDraft.ABSENT;
    chat = null;
  }

  @Override
  void field(JsonParser p, String field) throws IOException, RejectedRecord {
    switch (field) {
      case "ai_log" -> nested(p, field);
      case "start_time" -> draft.startedAtMicros = moment(p, field);
      case "@timestamp", "timestamp", "time" -> written = moment(p, field);
      case "duration" -> draft.durationMicros = LooseNumbers.millis(p, field);
      case "response_code", "status_code" -> {
        long code = LooseNumbers.tokens(p, field);
        if (code != CallDraft.ABSENT) {
          httpStatus(code);
        }
      }
      case "response_flags" -> {
        // DC: the client went away before the answer ended.
        String told = Json.skippedScalar(p);
        draft.flags |= told != null && told.contains("DC") ? CallFlags.INTERRUPTED : 0;
      }
      case "request_id" -> {
        String id = Json.skippedScalar(p);
        if (id != null && !LooseNumbers.isUnknown(id)) {
          Ids.identify(draft, SOURCE, id, context.keepIds());
        }
      }
      case "route_name", "route" -> name("metadata.route", Json.skippedScalar(p));
      default -> detail(p, field);
    }
  }

  private long moment(JsonParser p, String field) throws IOException, RejectedRecord {
    String text = Json.skippedScalar(p);
    return text == null || LooseNumbers.isUnknown(text) ? CallDraft.ABSENT : times.utc(text, field);
  }

  /** An object, or JSON of one in a text; any other text says that no model answered. */
  private void nested(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() != JsonToken.VALUE_STRING) {
      details(p);
      return;
    }
    String json = p.getText();
    if (LooseNumbers.isUnknown(json)) {
      return;
    }
    try (JsonParser text = Json.FACTORY.createParser(json)) {
      if (text.nextToken() == JsonToken.START_OBJECT) {
        details(text);
      }
    } catch (IOException e) {
      throw JsonDamage.rejection(e, field);
    }
  }

  private void details(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      detail(p, field);
    }
  }

  private void detail(JsonParser p, String field) throws IOException, RejectedRecord {
    switch (field) {
      case "model", "request_model" -> {
        String model = Json.skippedScalar(p);
        boolean told = model != null && !LooseNumbers.isUnknown(model);
        draft.requestModel = told ? model : draft.requestModel;
      }
      case "response_model" -> draft.responseModel = Json.skippedScalar(p);
      case "input_token" -> {
        usage.input = LooseNumbers.tokens(p, field);
        answered |= usage.input != CallDraft.ABSENT;
      }
      case "output_token" -> {
        usage.output = LooseNumbers.tokens(p, field);
        answered |= usage.output != CallDraft.ABSENT;
      }
      case "total_token" -> total = LooseNumbers.tokens(p, field);
      case "cached_tokens", "cache_read_input_tokens" -> {
        long read = LooseNumbers.tokens(p, field);
        cacheTold |= read != CallDraft.ABSENT;
        usage.cacheRead = Math.max(usage.cacheRead, read);
      }
      case "cache_creation_input_tokens" -> usage.cacheWrite = LooseNumbers.tokens(p, field);
      case "reasoning_tokens" -> usage.reasoning = LooseNumbers.tokens(p, field);
      case "input_token_details", "output_token_details" -> nested(p, field);
      case "llm_service_duration" -> {
        served = LooseNumbers.millis(p, field);
        answered |= served != CallDraft.ABSENT;
      }
      case "llm_first_token_duration" -> firstToken = LooseNumbers.millis(p, field);
      case "response_type" -> normal = "normal".equals(Json.skippedScalar(p));
      case "chat_id" -> chat = Json.skippedScalar(p);
      case "session_id" -> {
        String session = Json.skippedScalar(p);
        boolean told = session != null && !LooseNumbers.isUnknown(session);
        draft.session = told ? Ids.hash(session) : draft.session;
      }
      case "consumer" -> {
        String consumer = Json.skippedScalar(p);
        if (consumer != null && consumer.length() <= LONGEST_CONSUMER) {
          name("key-alias", consumer.startsWith("sk-") ? null : consumer);
        }
      }
      default -> p.skipChildren();
    }
  }

  private void name(String source, String value) {
    if (value != null && !LooseNumbers.isUnknown(value)) {
      CallNames.add(draft, source, value);
    }
  }

  @Override
  boolean end() throws RejectedRecord {
    if (!answered) {
      return false;
    }
    streamed = !normal;
    if (served != CallDraft.ABSENT && served > 0) {
      draft.durationMicros = served;
    }
    long took = draft.durationMicros;
    if (draft.startedAtMicros == CallDraft.ABSENT) {
      boolean known = written != CallDraft.ABSENT && took != CallDraft.ABSENT && took < written;
      draft.startedAtMicros = known ? written - took : written;
    }
    if (took != CallDraft.ABSENT && firstToken > took) {
      firstToken = CallDraft.ABSENT;
    }
    if (!draft.hasId && chat != null && !LooseNumbers.isUnknown(chat)) {
      Ids.identify(draft, SOURCE, chat, context.keepIds());
    }
    if (usage.reasoning > usage.output) {
      usage.reasoning = CallDraft.ABSENT;
    }
    if (!cacheTold) {
      usage.cacheWrite = CallDraft.ABSENT;
      return cacheNotTold("start_time", "input_token", "output_token");
    }
    return byTotal(total, "start_time", "input_token", "output_token");
  }
}
