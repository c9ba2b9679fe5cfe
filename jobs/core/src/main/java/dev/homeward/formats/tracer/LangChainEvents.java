package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.LooseNumbers;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Totals;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import java.io.IOException;

/**
 * What callbacks of LangChain and LangGraph write, one object an event, with a time beside it: the
 * events of {@code astream_events}, and results ({@code LLMResult}, {@code AIMessage}) that a
 * callback's handler dumps. Only the end of a model's answer is a call; events of chains, tools and
 * parts of a stream repeat or hold none of its usage. {@code usage_metadata} counts cached tokens
 * inside of the input and reasoning inside of the output; {@code token_usage}, which the provider's
 * answer had, is read where that is missing. Messages and prompts are not read.
 *
 * <pre>
 * {"event":"on_chat_model_end","timestamp":"2026-05-04T13:05:13.450Z","run_id":"r","metadata":{"ls_provider":"openai","ls_model_name":"gpt-4o"},"data":{"output":{"usage_metadata":{"input_tokens":10000,"output_tokens":500,"total_tokens":10500,"input_token_details":{"cache_read":8000}},"response_metadata":{"model_name":"gpt-4o-2024-08-06"}}}}
 * </pre>
 */
public final class LangChainEvents implements JsonAdapter {
  private static final String SOURCE = "langchain";

  /** Results nest a few levels; a graph's state that is deeper holds no answer of its own. */
  private static final int DEEPEST = 12;

  private final ReadContext context;
  private final SourceTimes times;

  /** Counts of {@code usage_metadata}, and those of the provider's answer. */
  private final Usage usage = new Usage();

  private final Usage provided = new Usage();
  private CallDraft draft;
  private String event;
  private String run;
  private String message;
  private String tracedModel;
  private long total;
  private long end;
  private long start;
  private long took;

  public LangChainEvents(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    begin(into);
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "event", "event_type", "kind" -> {
          String told = Json.skippedScalar(p);
          event = event == null ? told : event;
        }
        case "run_id", "runId" -> run = Json.skippedScalar(p);
        case "timestamp", "time", "ts", "created_at", "end_time", "endTime" ->
            end = moment(p, field);
        case "start_time", "startTime" -> start = moment(p, field);
        case "duration_ms", "latency_ms", "durationMs", "latencyMs" ->
            took = LooseNumbers.millis(p, field);
        case "duration", "latency", "elapsed", "duration_s" ->
            took = LooseNumbers.seconds(p, field);
        case "model", "model_name" -> {
          String model = Json.skippedScalar(p);
          tracedModel = tracedModel == null ? model : tracedModel;
        }
        case "provider" -> draft.provider = CallNames.provider(Json.skippedScalar(p));
        case "session_id", "thread_id" -> draft.session = Ids.hash(p);
        case "name", "type" -> p.skipChildren();
        default -> result(p, field, 1);
      }
    }
    return isEnd() && finish();
  }

  private void begin(CallDraft into) {
    draft = into;
    usage.clear();
    provided.clear();
    event = null;
    run = null;
    message = null;
    tracedModel = null;
    total = CallDraft.ABSENT;
    end = CallDraft.ABSENT;
    start = CallDraft.ABSENT;
    took = CallDraft.ABSENT;
  }

  /** Whether the event ends a model's answer; what names no event is a result by itself. */
  private boolean isEnd() {
    if (event == null) {
      return !usage.isMissing() || !provided.isMissing();
    }
    return switch (event) {
      case "on_chat_model_end", "on_llm_end", "chat_model_end", "llm_end", "handleLLMEnd" -> true;
      default -> false;
    };
  }

  /** A moment as a text or as seconds or milliseconds since 1970. */
  private long moment(JsonParser p, String field) throws IOException, RejectedRecord {
    String text = Json.skippedScalar(p);
    if (text == null || LooseNumbers.isUnknown(text)) {
      return CallDraft.ABSENT;
    }
    if (text.indexOf('-') > 0) {
      return times.utc(text, field);
    }
    int point = text.indexOf('.');
    int digits = point < 0 ? text.length() : point;
    return digits > 11 ? Times.ofMillis(text, field) : Times.ofSeconds(text, field);
  }

  /** A field of a result, at whatever depth; texts and messages are passed over. */
  private void result(JsonParser p, String field, int depth) throws IOException, RejectedRecord {
    if (!p.currentToken().isStructStart() || depth > DEEPEST) {
      scalar(p, field);
      return;
    }
    switch (field) {
      case "usage_metadata" -> {
        if (usage.isMissing()) {
          usage(p);
        } else {
          p.skipChildren();
        }
      }
      case "token_usage", "tokenUsage", "usage", "estimatedTokenUsage" -> {
        if (provided.isMissing()) {
          provided(p);
        } else {
          p.skipChildren();
        }
      }
      case "metadata" -> metadata(p);
      case "data",
          "output",
          "outputs",
          "response",
          "result",
          "message",
          "kwargs",
          "llm_output",
          "llmOutput",
          "response_metadata",
          "generations",
          "generation" ->
          inside(p, depth);
      default -> p.skipChildren();
    }
  }

  private void inside(JsonParser p, int depth) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.START_ARRAY) {
      for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
        if (p.currentToken().isStructStart() && depth < DEEPEST) {
          inside(p, depth + 1);
        } else {
          p.skipChildren();
        }
      }
      return;
    }
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      result(p, field, depth + 1);
    }
  }

  private void scalar(JsonParser p, String field) throws IOException {
    switch (field) {
      case "model_name", "model", "modelName", "model_id" -> {
        String model = Json.skippedScalar(p);
        draft.responseModel = draft.responseModel == null ? model : draft.responseModel;
      }
      case "model_provider" -> {
        String told = Json.skippedScalar(p);
        draft.provider = draft.provider == null ? CallNames.provider(told) : draft.provider;
      }
      case "id" -> {
        String id = Json.skippedScalar(p);
        message = message == null ? id : message;
      }
      default -> p.skipChildren();
    }
  }

  /** What the run says of itself: the names LangChain gives it, and those of its owner. */
  private void metadata(JsonParser p) throws IOException {
    if (!Json.isObject(p)) {
      p.skipChildren();
      return;
    }
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      String value = Json.skippedScalar(p);
      switch (key) {
        case "ls_provider" -> draft.provider = CallNames.provider(value);
        case "ls_model_name" -> tracedModel = value == null ? tracedModel : value;
        case "thread_id", "session_id" ->
            draft.session = value == null ? draft.session : Ids.hash(value);
        case "langgraph_node" -> CallNames.add(draft, "metadata.node", value);
        default -> {
          boolean own = key.startsWith("ls_") || key.startsWith("langgraph_");
          if (!own && !key.startsWith("checkpoint") && !key.startsWith("__")) {
            CallNames.addMetadata(draft, key, value);
          }
        }
      }
    }
  }

  private void usage(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "input_tokens" -> usage.input = Json.tokens(p, field);
        case "output_tokens" -> usage.output = Json.tokens(p, field);
        case "total_tokens" -> total = Json.tokens(p, field);
        case "cache_read" -> usage.cacheRead = Json.tokens(p, field);
        case "cache_creation" -> usage.cacheWrite = Json.tokens(p, field);
        case "ephemeral_5m_input_tokens" -> usage.cacheWrite5m = Json.tokens(p, field);
        case "ephemeral_1h_input_tokens" -> usage.cacheWrite1h = Json.tokens(p, field);
        case "reasoning" -> usage.reasoning = Json.tokens(p, field);
        case "input_token_details", "output_token_details" -> usage(p);
        default -> p.skipChildren();
      }
    }
  }

  private void provided(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "prompt_tokens", "promptTokens", "input_tokens" ->
            provided.input = Json.tokens(p, field);
        case "completion_tokens", "completionTokens", "output_tokens" ->
            provided.output = Json.tokens(p, field);
        case "total_tokens", "totalTokens" -> {
          long sum = Json.tokens(p, field);
          total = total == CallDraft.ABSENT ? sum : total;
        }
        case "cached_tokens", "cache_read_input_tokens" ->
            provided.cacheRead = Json.tokens(p, field);
        case "cache_creation_input_tokens" -> provided.cacheWrite = Json.tokens(p, field);
        case "reasoning_tokens" -> provided.reasoning = Json.tokens(p, field);
        case "prompt_tokens_details", "completion_tokens_details" -> provided(p);
        default -> p.skipChildren();
      }
    }
  }

  private boolean finish() throws RejectedRecord {
    time();
    String answered = draft.responseModel;
    draft.requestModel = tracedModel == null || tracedModel.isEmpty() ? answered : tracedModel;
    draft.requestModel = "".equals(draft.requestModel) ? null : draft.requestModel;
    Required.model(draft, context, "the event names no model, and --hosted-model is not given");
    if (!usage.isMissing()) {
      Totals.fill(draft, usage, total, "input_tokens", "output_tokens");
    } else {
      fillProvided();
    }
    String id = run == null || run.isEmpty() ? message : run;
    if (id != null && !id.isEmpty()) {
      Ids.identify(draft, SOURCE, id, context.keepIds());
    }
    CallNames.addGivenWorkload(draft, context);
    return true;
  }

  /** Anthropic's own usage has cached tokens beside the input; its names tell it. */
  private void fillProvided() throws RejectedRecord {
    boolean anthropic = provided.cacheWrite != CallDraft.ABSENT;
    if (anthropic) {
      provided.fillDisjoint(draft, "input_tokens", "output_tokens");
    } else {
      Totals.fill(draft, provided, total, "prompt_tokens", "completion_tokens");
    }
  }

  private void time() throws RejectedRecord {
    long done = end;
    if (start == CallDraft.ABSENT && done != CallDraft.ABSENT && took > 0 && took < done) {
      start = done - took;
    }
    draft.startedAtMicros = start == CallDraft.ABSENT ? done : start;
    Required.time(
        draft.startedAtMicros,
        "the event has no time: let the callback write one beside it, as timestamp");
    if (took > 0) {
      draft.durationMicros = took;
    } else if (start != CallDraft.ABSENT && done != CallDraft.ABSENT && done > start) {
      draft.durationMicros = done - start;
    }
  }
}
