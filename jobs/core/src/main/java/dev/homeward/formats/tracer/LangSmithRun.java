package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonScanner;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * One run of LangSmith. Counts stand beside the run, in the usage of its metadata or in the usage
 * of its outputs, and where they stand in several places the largest is taken: the others were left
 * at 0. Numbers may be texts, as tables of runs have them.
 */
final class LangSmithRun {
  private static final String SOURCE = "langsmith";
  private static final int LONGEST_TEXT = 1 << 16;

  private final ReadContext context;
  private final SourceTimes times;
  private final CallDraft draft = new CallDraft();
  private final Usage usage = new Usage();
  private String trace;
  private String id;
  private String parent;
  private String type;
  private String invokedModel;
  private String answeredModel;
  private long end = CallDraft.ABSENT;
  private long firstToken = CallDraft.ABSENT;
  private boolean unfinished;

  LangSmithRun(ReadContext context, SourceTimes times) {
    this.context = context;
    this.times = times;
  }

  /** The run as a call, or its place alone where it is none. */
  CallDraft draft() {
    return draft;
  }

  /** Notes where in its trace the run stands: what repeats others is found over the whole log. */
  void place() {
    Ids.place(draft, SOURCE, trace, id, parent);
  }

  boolean isCall() {
    return "llm".equals(type) && !unfinished || "embedding".equals(type);
  }

  /** Reads a field, or passes it over. */
  void field(String field, JsonParser p) throws IOException, RejectedRecord {
    switch (field) {
      case "id" -> id = Json.skippedScalar(p);
      case "trace_id" -> trace = Json.skippedScalar(p);
      case "parent_run_id" -> parent = Json.skippedScalar(p);
      case "run_type" -> type = Json.skippedScalar(p);
      case "start_time" -> draft.startedAtMicros = moment(p, field);
      case "end_time" -> end = moment(p, field);
      case "first_token_time" -> firstToken = moment(p, field);
      case "status" -> status(Json.skippedScalar(p));
      case "error" -> error(p);
      case "session_name" -> CallNames.add(draft, "project", Json.skippedScalar(p));
      case "tags" -> tags(p);
      case "extra" -> opened(p, this::extra);
      case "metadata" -> opened(p, this::metadata);
      case "prompt_tokens", "completion_tokens", "total_tokens" -> count(field, p);
      case "prompt_token_details" -> opened(p, inner -> details(inner, true));
      case "completion_token_details" -> opened(p, inner -> details(inner, false));
      case "total_cost" -> draft.loggedNanoUsd = dollars(p, field);
      case "outputs" -> outputs(p, 0);
      default -> p.skipChildren();
    }
  }

  /** Reads an object. */
  private interface Reader {
    void read(JsonParser p) throws IOException, RejectedRecord;
  }

  /** Reads an object, or the JSON of one in a text, as bulk exports and tables of runs have it. */
  private static void opened(JsonParser p, Reader reader) throws IOException, RejectedRecord {
    boolean text = p.currentToken() == JsonToken.VALUE_STRING;
    boolean tooLong =
        p instanceof JsonScanner scanner && scanner.to() - scanner.from() > LONGEST_TEXT;
    if (!text || tooLong) {
      reader.read(p);
      return;
    }
    try (JsonParser inner = Json.FACTORY.createParser(p.getText())) {
      if (inner.nextToken() == JsonToken.START_OBJECT) {
        reader.read(inner);
      }
    } catch (JsonProcessingException e) {
      // No JSON, so that it says nothing; what stands beside it is read.
      return;
    }
  }

  private long moment(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken().isNumeric()) {
      // The SDK for JavaScript counts milliseconds, a table of runs what its columns count.
      return ExportedSpan.ofCount(p.getText(), field);
    }
    return times.utc(p, field);
  }

  private void status(String word) {
    if (word == null) {
      return;
    }
    switch (word) {
      case "error" -> draft.status = CallStatus.FAILURE;
      case "pending" -> unfinished = true;
      case "interrupted" -> draft.flags |= CallFlags.INTERRUPTED;
      default -> {}
    }
  }

  // Whether there is one; what it says may quote the prompt.
  private void error(JsonParser p) throws IOException {
    boolean empty = p instanceof JsonScanner scanner && scanner.to() == scanner.from();
    boolean text = p.currentToken() == JsonToken.VALUE_STRING;
    if (p.currentToken() != JsonToken.VALUE_NULL && !(text && empty)) {
      draft.status = CallStatus.FAILURE;
    }
    p.skipChildren();
  }

  private void tags(JsonParser p) throws IOException {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      CallNames.add(draft, "tag", Json.skippedScalar(p));
    }
  }

  private void extra(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "metadata" -> metadata(p);
        case "invocation_params" -> parameters(p);
        default -> p.skipChildren();
      }
    }
  }

  private void parameters(JsonParser p) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "model", "model_name", "model_id" -> {
          String model = Json.skippedScalar(p);
          invokedModel = model == null ? invokedModel : model;
        }
        case "service_tier" -> tier(Json.skippedScalar(p));
        default -> p.skipChildren();
      }
    }
  }

  private void tier(String word) {
    if ("flex".equals(word)) {
      draft.serviceTier = ServiceTier.FLEX;
    } else if ("priority".equals(word)) {
      draft.serviceTier = ServiceTier.PRIORITY;
    }
  }

  private void metadata(JsonParser p) throws IOException, RejectedRecord {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      switch (key) {
        case "ls_provider" -> draft.provider = provider(Json.skippedScalar(p));
        case "ls_model_name" -> draft.requestModel = Json.skippedScalar(p);
        case "thread_id", "session_id", "conversation_id" -> draft.session = Ids.hash(p);
        case "usage_metadata" -> usage(p);
        default -> {
          String value = Json.skippedScalar(p);
          if (!key.startsWith("ls_")) {
            CallNames.addMetadata(draft, key, value);
          }
        }
      }
    }
  }

  private static String provider(String logged) {
    String word = CallNames.provider(logged);
    return word == null
        ? null
        : switch (word) {
          case "google_vertexai", "google_anthropic_vertex" -> "vertex_ai";
          case "google_genai" -> "google";
          case "azure_ai_foundry" -> "azure_ai";
          default -> word;
        };
  }

  /**
   * Of outputs the usage alone: beside the messages, in the last message of LangChain, or as the
   * provider gave it. What else is there is passed over unread.
   */
  private void outputs(JsonParser p, int depth) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.START_ARRAY && depth < 6) {
      for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
        outputs(p, depth + 1);
      }
      return;
    }
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "usage_metadata", "usage", "token_usage" -> usage(p);
        case "generations", "message", "kwargs", "llm_output", "response_metadata", "output" -> {
          if (depth < 8) {
            outputs(p, depth + 1);
          } else {
            p.skipChildren();
          }
        }
        case "model_name", "model" -> {
          String model = Json.skippedScalar(p);
          answeredModel = model == null ? answeredModel : model;
        }
        default -> p.skipChildren();
      }
    }
  }

  private void usage(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "input_tokens",
            "prompt_tokens",
            "output_tokens",
            "completion_tokens",
            "total_tokens" ->
            count(field, p);
        case "input_token_details", "prompt_tokens_details", "input_tokens_details" ->
            details(p, true);
        case "output_token_details", "completion_tokens_details", "output_tokens_details" ->
            details(p, false);
        case "total_cost" -> {
          long cost = dollars(p, field);
          draft.loggedNanoUsd = Math.max(draft.loggedNanoUsd, cost);
        }
        default -> p.skipChildren();
      }
    }
  }

  private void count(String field, JsonParser p) throws IOException, RejectedRecord {
    if (field.startsWith("input") || field.startsWith("prompt")) {
      usage.input = Math.max(usage.input, tokens(p, field));
    } else if (field.startsWith("total")) {
      usage.total = Math.max(usage.total, tokens(p, field));
    } else {
      usage.output = Math.max(usage.output, tokens(p, field));
    }
  }

  // Keys may begin with the tier that the tokens are charged at: flex_cache_read.
  private void details(JsonParser p, boolean ofInput) throws IOException, RejectedRecord {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      if (p.currentToken().isStructStart()) {
        p.skipChildren();
        continue;
      }
      int bar = key.indexOf('_');
      String first = bar < 0 ? key : key.substring(0, bar);
      boolean tiered = first.equals("flex") || first.equals("priority");
      switch (tiered && bar > 0 ? key.substring(bar + 1) : key) {
        case "cache_read", "cached_tokens" ->
            usage.cacheRead = Math.max(usage.cacheRead, tokens(p, key));
        case "cache_creation" -> usage.cacheWrite = Math.max(usage.cacheWrite, tokens(p, key));
        case "ephemeral_5m_input_tokens" ->
            usage.cacheWrite5m = Math.max(usage.cacheWrite5m, tokens(p, key));
        case "ephemeral_1h_input_tokens" ->
            usage.cacheWrite1h = Math.max(usage.cacheWrite1h, tokens(p, key));
        case "reasoning", "reasoning_tokens" -> {
          if (!ofInput) {
            usage.reasoning = Math.max(usage.reasoning, tokens(p, key));
          }
        }
        default -> {}
      }
      if (tiered) {
        tier(first);
      }
    }
  }

  private static long tokens(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.VALUE_STRING) {
      String text = p.getText();
      return text.isEmpty() ? CallDraft.ABSENT : Json.tokens(text, field);
    }
    return Json.tokens(p, field);
  }

  private static long dollars(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.VALUE_STRING) {
      String text = p.getText();
      return text.isEmpty() ? CallDraft.ABSENT : Json.dollars(Json.decimal(text, field), field);
    }
    return Json.dollars(p, field);
  }

  /** Makes the call, all fields of which were read. */
  void finish() throws RejectedRecord {
    Required.time(draft.startedAtMicros, "start_time is missing");
    if (draft.requestModel == null) {
      draft.requestModel = invokedModel != null ? invokedModel : answeredModel;
    }
    draft.responseModel = answeredModel;
    Required.model(
        draft, context, "neither ls_model_name nor a model is named, nor --hosted-model given");
    if (end != CallDraft.ABSENT) {
      if (end < draft.startedAtMicros) {
        throw new RejectedRecord(Reason.END_BEFORE_START, "end_time is before start_time");
      }
      draft.durationMicros = end - draft.startedAtMicros;
    }
    if (firstToken != CallDraft.ABSENT && firstToken >= draft.startedAtMicros) {
      draft.ttftMicros = firstToken - draft.startedAtMicros;
      draft.flags |= CallFlags.STREAMED;
    }
    if (type.equals("embedding")) {
      draft.operation = Operation.EMBEDDINGS;
      if (usage.output == CallDraft.ABSENT && usage.input != CallDraft.ABSENT) {
        usage.output = 0;
      }
    }
    if (draft.status == CallStatus.FAILURE && usage.input <= 0 && usage.output <= 0) {
      // A failed run has zeros where nothing is known of what it used.
      usage.clear();
    }
    usage.fillInclusive(draft, "prompt_tokens", "completion_tokens");
    if (id != null) {
      Ids.identify(draft, SOURCE, id, context.keepIds());
    }
    CallNames.addGivenWorkload(draft, context);
  }
}
