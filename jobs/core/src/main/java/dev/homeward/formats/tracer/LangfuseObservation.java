package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.CountNames;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonDamage;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;

/**
 * Observations of Langfuse: the blob export (JSON lines, JSON, CSV; names with underscores) and
 * what its API and its interface give (names in camel case). Only generations and embeddings are
 * calls.
 *
 * <p>The keys of {@code usage_details} are disjoint and add up to {@code total}: {@code input} is
 * what was not cached, and {@code output} what was not reasoning, if reasoning has a key of its
 * own. A total that says otherwise is right, and what it holds beyond all keys of a call of
 * Gemini's are thoughts. Keys that begin with {@code prompt_details} or {@code completion_details}
 * come from OpenInference, which means a part of input or output by them. Times without a zone are
 * UTC; {@code latency} and {@code time_to_first_token} are seconds. Input, output and the user are
 * not read.
 */
public final class LangfuseObservation implements JsonAdapter, CsvAdapter {
  /** The column of which some keys are read. */
  public static final String METADATA = "metadata";

  /**
   * The columns of a table of observations that are read, by the names of the blob export: what is
   * asked of a database that holds them. The export has one more that is worked out of two of them,
   * {@link #TTFT}.
   */
  public static final List<String> COLUMNS =
      List.of(
          "id",
          "trace_id",
          "parent_observation_id",
          "type",
          "start_time",
          "end_time",
          "completion_start_time",
          "level",
          "provided_model_name",
          "usage_details",
          "total_cost",
          "name",
          "environment",
          "prompt_name",
          "trace_name",
          "session_id",
          "tags",
          METADATA);

  /** Seconds to the first token, where the time of it is not told. */
  public static final String TTFT = "time_to_first_token";

  private static final String SOURCE = "langfuse";

  /** Those of the largest whole number of 64 bits, and one. */
  private static final int DIGITS = 20;

  private final ReadContext context;
  private final SourceTimes times;
  private final Usage usage = new Usage();
  private String[] header;
  private CallDraft draft;
  private final LangfuseNames names = new LangfuseNames();
  private String traceGiven;
  private String trace;
  private String id;
  private String parent;
  private String type;
  private long end;
  private long firstToken;
  private long ttftSeconds;

  // Reasoning under a key of its own beside the output's.
  private long reasoningBeside;

  // Counts of older exports, which stand where usage_details is empty or missing.
  private final Usage legacy = new Usage();

  public LangfuseObservation(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  /** Names the trace of the observations read from now on, where they do not name it. */
  void within(String traceId) {
    traceGiven = traceId;
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    reset(into);
    RejectedRecord damage = null;
    int depth = Json.depth(p);
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      try {
        field(field, p);
      } catch (RejectedRecord e) {
        // Read on to the end of the object: others may follow it in the same document.
        damage = damage == null ? e : damage;
        Json.climb(p, depth);
      }
    }
    if (damage != null && isCall()) {
      place();
      throw damage;
    }
    return finish();
  }

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    CsvRecords.needed(columns, "type");
    CsvRecords.needed(columns, "start_time");
  }

  @Override
  public boolean read(CsvRecord record, CallDraft into) throws IOException, RejectedRecord {
    reset(into);
    for (int i = 0; i < header.length; i++) {
      if (record.isEmpty(i)) {
        continue;
      }
      switch (header[i]) {
        case "usage_details", "tags", "metadata" -> nested(record, i);
        case "session_id" -> draft.session = Ids.hash(record.text(i));
        case "total_cost" ->
            draft.loggedNanoUsd = Json.dollars(Json.decimal(record.text(i), header[i]), header[i]);
        case "time_to_first_token" -> ttftSeconds = Times.ofSeconds(record.text(i), header[i]);
        case "start_time", "end_time", "completion_start_time" ->
            time(header[i], times.utc(record.text(i), header[i]));
        case "id",
            "trace_id",
            "trace_name",
            "parent_observation_id",
            "type",
            "level",
            "provided_model_name",
            "name",
            "environment",
            "prompt_name" ->
            text(header[i], record.text(i));
        default -> {}
      }
    }
    return finish();
  }

  private void nested(CsvRecord record, int column) throws IOException, RejectedRecord {
    String field = header[column];
    try (JsonParser json = record.json(column)) {
      json.nextToken();
      switch (field) {
        case "usage_details" -> usage(json);
        case "tags" -> tags(json);
        default -> names.metadata(draft, json);
      }
    } catch (IOException e) {
      throw JsonDamage.rejection(e, field);
    }
  }

  private void field(String field, JsonParser p) throws IOException, RejectedRecord {
    switch (field) {
      case "start_time", "startTime", "end_time", "endTime" -> time(field, times.utc(p, field));
      case "completion_start_time", "completionStartTime" -> time(field, times.utc(p, field));
      case "usage_details", "usageDetails" -> usage(p);
      case "total_cost", "totalCost", "calculatedTotalCost" -> {
        long cost = dollars(p, field);
        draft.loggedNanoUsd = cost == CallDraft.ABSENT ? draft.loggedNanoUsd : cost;
      }
      case "time_to_first_token", "timeToFirstToken" -> ttftSeconds = Json.seconds(p, field);
      case "metadata" -> names.metadata(draft, p);
      case "usage" -> legacy(p);
      case "promptTokens" -> legacy.input = Json.tokens(p, field);
      case "completionTokens" -> legacy.output = Json.tokens(p, field);
      case "totalTokens" -> legacy.total = Json.tokens(p, field);
      case "session_id", "sessionId" -> draft.session = Ids.hash(p);
      case "tags" -> tags(p);
      case "id",
          "trace_id",
          "traceId",
          "trace_name",
          "traceName",
          "parent_observation_id",
          "parentObservationId",
          "type",
          "level",
          "provided_model_name",
          "providedModelName",
          "model",
          "name",
          "environment",
          "prompt_name",
          "promptName" ->
          text(field, Json.skippedScalar(p));
      default -> p.skipChildren();
    }
  }

  // The API writes decimals as texts, so that no digit is lost.
  private static long dollars(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.VALUE_STRING) {
      BigDecimal amount = Json.decimal(p.getText(), field);
      return Json.dollars(amount, field);
    }
    return Json.dollars(p, field);
  }

  private void time(String field, long micros) {
    switch (field) {
      case "start_time", "startTime" -> draft.startedAtMicros = micros;
      case "end_time", "endTime" -> end = micros;
      default -> firstToken = micros;
    }
  }

  private void text(String field, String value) {
    if (value == null || value.isEmpty()) {
      return;
    }
    switch (field) {
      case "id" -> id = value;
      case "trace_id", "traceId" -> trace = value;
      case "trace_name", "traceName" -> names.trace(value);
      case "parent_observation_id", "parentObservationId" -> parent = value;
      case "type" -> type = value;
      case "level" -> draft.status = value.equals("ERROR") ? CallStatus.FAILURE : draft.status;
      case "name" -> CallNames.addWithoutRun(draft, "metadata.name", value);
      case "environment" -> CallNames.add(draft, "metadata.environment", value);
      case "prompt_name", "promptName" -> CallNames.add(draft, "metadata.prompt_name", value);
      default -> draft.requestModel = value;
    }
  }

  private void tags(JsonParser p) throws IOException {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      CallNames.add(draft, "tag", Json.skippedScalar(p));
    }
  }

  private void usage(JsonParser p) throws IOException, RejectedRecord {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      long tokens = count(p, key);
      if (tokens == CallDraft.ABSENT) {
        continue;
      }
      switch (key) {
        case "total" -> usage.total = tokens;
        case "input_cached_tokens", "input_cache_read", "cache_read_input_tokens" ->
            usage.cacheRead = sum(usage.cacheRead, tokens);
        case "input_cache_write_tokens", "input_cache_creation", "cache_creation_input_tokens" ->
            usage.cacheWrite = sum(usage.cacheWrite, tokens);
        case "input_cache_creation_5m", "ephemeral_5m_input_tokens" ->
            usage.cacheWrite5m = sum(usage.cacheWrite5m, tokens);
        case "input_cache_creation_1h", "ephemeral_1h_input_tokens" ->
            usage.cacheWrite1h = sum(usage.cacheWrite1h, tokens);
        case "output_reasoning_tokens", "output_reasoning" ->
            reasoningBeside = sum(reasoningBeside, tokens);
        case "completion_details.reasoning" -> usage.reasoning = sum(usage.reasoning, tokens);
        case "prompt_details.cache_read" -> {
          usage.cacheRead = sum(usage.cacheRead, tokens);
          usage.input = sum(usage.input, -tokens);
        }
        default -> {
          if (key.startsWith("input")) {
            usage.input = sum(usage.input, tokens);
          } else if (key.startsWith("output")) {
            usage.output = sum(usage.output, tokens);
          } else {
            other(key, tokens);
          }
        }
      }
    }
  }

  // ClickHouse writes whole numbers of 64 bits as texts, unless it is told not to.
  private static long count(JsonParser p, String key) throws IOException, RejectedRecord {
    if (p.currentToken().isNumeric()) {
      return Json.tokens(p, key);
    }
    if (p.currentToken() == JsonToken.VALUE_STRING) {
      String text = p.getText();
      return isWhole(text) ? Json.tokens(text, key) : CallDraft.ABSENT;
    }
    p.skipChildren();
    return CallDraft.ABSENT;
  }

  private static boolean isWhole(String text) {
    return !text.isEmpty()
        && text.length() <= DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** A count that its writer named as it liked; what already stands under a usual key stays. */
  private void other(String key, long tokens) {
    switch (CountNames.of(key)) {
      case CACHE_READ -> usage.cacheRead = Math.max(usage.cacheRead, tokens);
      case CACHE_WRITE -> usage.cacheWrite = Math.max(usage.cacheWrite, tokens);
      case REASONING -> usage.reasoning = Math.max(usage.reasoning, tokens);
      case INPUT -> legacy.input = tokens;
      case OUTPUT -> legacy.output = tokens;
      case TOTAL -> legacy.total = tokens;
      default -> {}
    }
  }

  /** Counts of exports and pages of the API from before {@code usage_details}. */
  private void legacy(JsonParser p) throws IOException, RejectedRecord {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      if (!p.currentToken().isNumeric()) {
        p.skipChildren();
        continue;
      }
      switch (CountNames.of(key)) {
        case INPUT -> legacy.input = Json.tokens(p, key);
        case OUTPUT -> legacy.output = Json.tokens(p, key);
        case TOTAL -> legacy.total = Json.tokens(p, key);
        default -> {}
      }
    }
  }

  private static long sum(long known, long more) {
    return known == CallDraft.ABSENT ? more : known + more;
  }

  private boolean isCall() {
    return "GENERATION".equals(type) || "EMBEDDING".equals(type);
  }

  private boolean finish() throws RejectedRecord {
    place();
    if (!isCall()) {
      return false;
    }
    if (type.equals("EMBEDDING")) {
      draft.operation = Operation.EMBEDDINGS;
    }
    Required.time(draft.startedAtMicros, "start_time is missing");
    Required.model(
        draft, context, "provided_model_name is missing, and --hosted-model is not given");
    times();
    tokens();
    if (id != null) {
      Ids.identify(draft, SOURCE, id, context.keepIds());
    }
    CallNames.add(draft, "service", names.service());
    CallNames.addGivenWorkload(draft, context);
    return true;
  }

  private void place() {
    Ids.place(draft, SOURCE, trace == null ? traceGiven : trace, id, parent);
  }

  private void times() throws RejectedRecord {
    if (end != CallDraft.ABSENT) {
      if (end < draft.startedAtMicros) {
        throw new RejectedRecord(Reason.END_BEFORE_START, "end_time is before start_time");
      }
      draft.durationMicros = end - draft.startedAtMicros;
    }
    if (firstToken != CallDraft.ABSENT && firstToken >= draft.startedAtMicros) {
      draft.ttftMicros = firstToken - draft.startedAtMicros;
      draft.flags |= CallFlags.STREAMED;
    } else if (ttftSeconds != CallDraft.ABSENT) {
      draft.ttftMicros = ttftSeconds;
      draft.flags |= CallFlags.STREAMED;
    }
  }

  private void tokens() throws RejectedRecord {
    if (usage.input < 0 && usage.input != CallDraft.ABSENT) {
      throw new RejectedRecord(
          Reason.CACHE_EXCEEDS_INPUT, "prompt_details.cache_read exceeds input");
    }
    if (usage.isMissing() && reasoningBeside == CallDraft.ABSENT) {
      usage.input = legacy.input;
      usage.output = legacy.output;
      usage.total = Math.max(usage.total, legacy.total);
    }
    long rest = usage.total - Math.max(usage.input, 0) - usage.cached();
    // The keys add up to the total, so that a key left out is what is missing from it.
    boolean noOutput = usage.output == CallDraft.ABSENT && reasoningBeside == CallDraft.ABSENT;
    if (noOutput && usage.input >= 0 && usage.total >= 0 && rest >= 0) {
      usage.output = rest;
    } else if (usage.input == CallDraft.ABSENT
        && usage.output >= 0
        && rest == usage.output + Math.max(reasoningBeside, 0)) {
      usage.input = 0;
    }
    if (reasoningBeside != CallDraft.ABSENT) {
      boolean inside = rest == usage.output || usage.total == usage.input + usage.output;
      usage.reasoning = Math.max(usage.reasoning, reasoningBeside);
      usage.output =
          inside && reasoningBeside <= usage.output
              ? usage.output
              : sum(usage.output, reasoningBeside);
    }
    usage.fillDisjoint(draft, "usage_details.input", "usage_details.output");
  }

  private void reset(CallDraft into) {
    draft = into;
    usage.clear();
    legacy.clear();
    names.clear();
    reasoningBeside = CallDraft.ABSENT;
    trace = null;
    id = null;
    parent = null;
    type = null;
    end = CallDraft.ABSENT;
    firstToken = CallDraft.ABSENT;
    ttftSeconds = CallDraft.ABSENT;
  }
}
