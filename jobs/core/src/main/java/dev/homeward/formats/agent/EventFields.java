package dev.homeward.formats.agent;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.LooseNumbers;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.Totals;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import java.io.IOException;
import java.util.Locale;

/**
 * The attributes of one event or span by which coding agents say what a call used, each under its
 * own names, and which of the events are calls:
 *
 * <ul>
 *   <li>Claude Code: {@code api_request}. Its input is what was not cached; the cost is its
 *       estimate.
 *   <li>Gemini CLI, and Qwen Code made of it: {@code *.api_response}, counts as {@link
 *       GeminiTokens} has them. The event of the GenAI conventions beside it repeats it.
 *   <li>Codex: {@code codex.sse_event} of the kind {@code response.completed}; input contains what
 *       was cached.
 *   <li>others in the GenAI conventions: {@code gen_ai.client.inference.operation.details}, and
 *       spans of a model's answer. Input contains what was cached, unless a total says otherwise.
 * </ul>
 */
final class EventFields {
  private static final String INFERENCE = "gen_ai.client.inference.operation.details";
  private static final String COMPLETED = "response.completed";

  private final Usage usage = new Usage();
  private final GeminiTokens gemini = new GeminiTokens();

  /** What names the event where no attribute does: its body or its name. */
  String body;

  String traceId;
  String spanId;

  /** When it was written or, of a span, began, microseconds. */
  long atMicros;

  /** How long the span took; ABSENT for an event, which may say it in an attribute. */
  long spanMicros;

  boolean isSpan;
  boolean failed;

  private String event;
  private String kind;
  private String operation;
  private String requestModel;
  private String responseModel;
  private String provider;
  private String authType;
  private String session;
  private String requestId;
  private String responseId;
  private String sequence;
  private String agent;
  private String source;
  private long duration;
  private long firstToken;
  private long cost;
  private long total;
  private long attempt;
  private long loggedMicros;

  /** Input and output as the event counts them. */
  private long counted;

  void clear() {
    usage.clear();
    gemini.clear();
    body = null;
    traceId = null;
    spanId = null;
    atMicros = CallDraft.ABSENT;
    spanMicros = CallDraft.ABSENT;
    isSpan = false;
    failed = false;
    event = null;
    kind = null;
    operation = null;
    requestModel = null;
    responseModel = null;
    provider = null;
    authType = null;
    session = null;
    requestId = null;
    responseId = null;
    sequence = null;
    agent = null;
    source = null;
    duration = CallDraft.ABSENT;
    firstToken = CallDraft.ABSENT;
    cost = CallDraft.ABSENT;
    total = CallDraft.ABSENT;
    attempt = CallDraft.ABSENT;
    loggedMicros = CallDraft.ABSENT;
    counted = 0;
  }

  /** Takes an attribute whose scalar value the parser stands on; most are passed over. */
  void set(String key, JsonParser p) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    switch (key) {
      case "event.name" -> event = p.getText();
      case "event.kind" -> kind = p.getText();
      case "event.timestamp" -> loggedMicros = Times.parse(p.getText(), key);
      case "event.sequence" -> sequence = p.getText();
      case "gen_ai.operation.name" -> operation = p.getText().toLowerCase(Locale.ROOT);
      case "model", "gen_ai.request.model" -> requestModel = p.getText();
      case "gen_ai.response.model" -> responseModel = p.getText();
      case "gen_ai.provider.name", "gen_ai.system" -> provider = CallNames.provider(p.getText());
      case "auth_type" -> authType = p.getText();
      case "session.id", "gen_ai.conversation.id", "conversation.id", "copilot_chat.session_id" ->
          session = p.getText();
      case "request_id" -> requestId = p.getText();
      case "gen_ai.response.id" -> responseId = p.getText();
      case "query_source" -> source = p.getText();
      case "gen_ai.agent.name", "agent.name" -> agent = p.getText();
      case "duration_ms" -> duration = LooseNumbers.millis(p, key);
      case "ttft_ms", "copilot_chat.time_to_first_token" ->
          firstToken = LooseNumbers.millis(p, key);
      case "gen_ai.response.time_to_first_chunk" -> firstToken = LooseNumbers.seconds(p, key);
      case "cost_usd" -> cost = LooseNumbers.dollars(p, key);
      case "attempt" -> attempt = LooseNumbers.tokens(p, key);
      case "error.type" -> failed = true;
      default -> count(key, p);
    }
  }

  private void count(String key, JsonParser p) throws IOException, RejectedRecord {
    switch (key) {
      case "input_tokens", "gen_ai.usage.input_tokens" -> usage.input = number(p, key);
      case "output_tokens", "gen_ai.usage.output_tokens" -> usage.output = number(p, key);
      case "cache_read_tokens",
          "gen_ai.usage.cache_read.input_tokens",
          "gen_ai.usage.cache_read_input_tokens" ->
          usage.cacheRead = number(p, key);
      case "cache_creation_tokens",
          "gen_ai.usage.cache_creation.input_tokens",
          "gen_ai.usage.cache_creation_input_tokens",
          "gen_ai.usage.cache_write.input_tokens",
          "cache_write_token_count" ->
          usage.cacheWrite = number(p, key);
      case "gen_ai.usage.reasoning.output_tokens",
          "gen_ai.usage.reasoning_tokens",
          "reasoning_token_count" ->
          usage.reasoning = number(p, key);
      case "gen_ai.usage.total_tokens" -> total = number(p, key);
      case "input_token_count" -> gemini.input = number(p, key);
      case "output_token_count" -> gemini.output = number(p, key);
      case "cached_content_token_count", "cached_token_count" -> gemini.cached = number(p, key);
      case "thoughts_token_count" -> gemini.thoughts = number(p, key);
      case "tool_token_count" -> gemini.tool = number(p, key);
      case "total_token_count" -> gemini.total = number(p, key);
      default -> {}
    }
  }

  private static long number(JsonParser p, String key) throws IOException, RejectedRecord {
    return LooseNumbers.tokens(p, key);
  }

  /**
   * Whether this is a call.
   *
   * @param program what the resource or the scope calls the program; may be null
   */
  boolean isCall(String program) {
    if (isSpan) {
      return isAnswer();
    }
    return isClaude() || isGemini() || isCodex() || isInference(program);
  }

  private boolean isAnswer() {
    if (operation == null) {
      return body != null && body.startsWith("chat ") && !usage.isMissing();
    }
    return switch (operation) {
      case "chat", "text_completion", "generate_content", "embeddings" -> true;
      default -> false;
    };
  }

  private boolean isNamed(String name) {
    return name.equals(event) || event == null && name.equals(body);
  }

  private boolean isClaude() {
    return isNamed("api_request") && gemini.input == CallDraft.ABSENT
        || isNamed("claude_code.api_request");
  }

  private boolean isGemini() {
    String name = event == null ? body : event;
    return name != null && name.endsWith(".api_response");
  }

  private boolean isCodex() {
    return isNamed("codex.sse_event") && COMPLETED.equals(kind);
  }

  /** An event of the GenAI conventions; Gemini CLI writes one beside its own, of the same call. */
  boolean isInference(String program) {
    boolean named = isNamed(INFERENCE) || body != null && body.startsWith("GenAI inference");
    boolean again = program != null && (program.contains("gemini") || program.contains("qwen"));
    return named && !again;
  }

  /** The answer's own id, which its span and its event share; null if not told. */
  String responseId() {
    return responseId;
  }

  /** What tells a call of a trace from the others where no id does. */
  String print() {
    return requestModel + "/" + counted;
  }

  /** Fills a draft with what the attributes say. */
  void fill(CallDraft draft, ReadContext context, String program) throws RejectedRecord {
    draft.requestModel = isEmpty(requestModel) ? responseModel : requestModel;
    draft.responseModel = responseModel;
    if (isEmpty(draft.requestModel)) {
      draft.requestModel = null;
    }
    Required.model(draft, context, "the event names no model, and --hosted-model is not given");
    draft.provider = provider();
    draft.session = isEmpty(session) ? CallDraft.ABSENT : Ids.hash(session);
    draft.loggedNanoUsd = cost > 0 ? cost : CallDraft.ABSENT;
    draft.flags |= attempt > 1 ? CallFlags.RETRIED : 0;
    if (failed) {
      draft.status = CallStatus.FAILURE;
    }
    if ("embeddings".equals(operation)) {
      draft.operation = Operation.EMBEDDINGS;
    }
    time(draft);
    counted =
        Math.max(usage.input, 0)
            + Math.max(usage.output, 0)
            + Math.max(gemini.input, 0)
            + Math.max(gemini.output, 0);
    use(draft);
    identify(draft, context);
    CallNames.addWithoutRun(draft, "service", program);
    CallNames.addWithoutRun(draft, "metadata.agent", agent);
    CallNames.add(draft, "metadata.query_source", source);
    CallNames.addGivenWorkload(draft, context);
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }

  /** Where it was served, as far as the event tells. */
  private String provider() {
    if (provider != null || requestModel == null) {
      return provider;
    }
    if (requestModel.contains("anthropic.")) {
      return "bedrock";
    }
    if (requestModel.startsWith("claude") && isClaude()) {
      return requestModel.indexOf('@') >= 0 ? "vertex" : "anthropic";
    }
    if (requestModel.startsWith("gemini") && isGemini()) {
      return "vertex-ai".equals(authType) ? "vertex" : "google";
    }
    return null;
  }

  private void time(CallDraft draft) throws RejectedRecord {
    long logged = atMicros == CallDraft.ABSENT ? loggedMicros : atMicros;
    Required.time(logged, "the event has no time");
    if (isSpan) {
      draft.startedAtMicros = logged;
      draft.durationMicros = spanMicros;
    } else {
      // An event is written when the answer is done.
      boolean timed = duration != CallDraft.ABSENT && duration > 0 && duration < logged;
      draft.startedAtMicros = timed ? logged - duration : logged;
      draft.durationMicros = timed ? duration : CallDraft.ABSENT;
    }
    boolean within = draft.durationMicros == CallDraft.ABSENT || firstToken <= draft.durationMicros;
    if (firstToken > 0 && within) {
      draft.ttftMicros = firstToken;
      draft.flags |= CallFlags.STREAMED;
    }
  }

  private void use(CallDraft draft) throws RejectedRecord {
    if (isSpan || !(isClaude() || isGemini() || isCodex())) {
      if (draft.operation == Operation.EMBEDDINGS && usage.output == CallDraft.ABSENT) {
        usage.output = usage.input == CallDraft.ABSENT ? CallDraft.ABSENT : 0;
      }
      Totals.fill(draft, usage, total, "input tokens", "output tokens");
    } else if (isClaude()) {
      usage.fillDisjoint(draft, "input_tokens", "output_tokens");
    } else if (isGemini()) {
      gemini.fill(draft, usage, "input_token_count", "output_token_count");
    } else {
      usage.input = gemini.input;
      usage.output = gemini.output;
      usage.cacheRead = gemini.cached;
      // What Codex calls tool tokens is its total.
      Totals.fill(draft, usage, gemini.tool, "input_token_count", "output_token_count");
    }
  }

  private void identify(CallDraft draft, ReadContext context) {
    String id;
    if (isSpan || !(isClaude() || isGemini() || isCodex())) {
      id = isEmpty(traceId) || isEmpty(spanId) ? responseId : traceId + '/' + spanId;
    } else if (!isEmpty(requestId)) {
      id = requestId;
    } else {
      long moment = atMicros == CallDraft.ABSENT ? loggedMicros : atMicros;
      String place = sequence == null ? "" : sequence;
      id = isEmpty(session) ? null : session + '/' + moment + '/' + place + '/' + counted;
    }
    draft.weakCopy = !isSpan && isInference(null);
    if (!isEmpty(id)) {
      Ids.identify(draft, OtlpLogs.SOURCE, id, context.keepIds());
    }
  }
}
