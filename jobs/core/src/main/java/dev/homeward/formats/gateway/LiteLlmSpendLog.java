package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.util.List;

/**
 * LiteLLM proxy, table {@code LiteLLM_SpendLogs}: one JSON object a line, or the CSV that Postgres
 * exports with JSON as text.
 *
 * <p>{@code prompt_tokens} includes cache reads and writes for every provider; the parts are in
 * {@code metadata.usage_object} or {@code metadata.additional_usage_values}, in Anthropic's or
 * OpenAI's shape, of chat completions or of responses. {@code cache_hit} is the proxy's own
 * response cache, not the provider's prompt cache: such a row repeats the original token counts at
 * no cost. Rows that were not streamed have {@code completionStartTime} equal to {@code endTime},
 * which is no time to first token. Times without a zone are UTC. The user, end user, key hash,
 * address and all texts are not read.
 *
 * <p>Rows of calls that reach no model (files, batch management, failures before a model was
 * chosen) carry neither tokens nor spend and are ignored.
 */
public final class LiteLlmSpendLog implements JsonAdapter, CsvAdapter {
  /** The columns that are read, but for the metadata: what is asked of a table that holds them. */
  public static final List<String> COLUMNS =
      List.of(
          "request_id",
          "call_type",
          "startTime",
          "endTime",
          "completionStartTime",
          "model",
          "custom_llm_provider",
          "api_base",
          "cache_hit",
          "session_id",
          "status",
          "team_id",
          "prompt_tokens",
          "completion_tokens",
          "total_tokens",
          "request_duration_ms",
          "spend",
          "request_tags");

  /** A row without one of these is no row of the spend log. */
  public static final List<String> NEEDED =
      List.of("startTime", "model", "prompt_tokens", "completion_tokens");

  /** The column of which some keys are read. */
  public static final String METADATA = "metadata";

  /** Keys of the metadata that are read whole; the others hold prompts, errors and users. */
  public static final List<String> METADATA_KEYS =
      List.of(
          "user_api_key_project_alias",
          "user_api_key_project_id",
          "user_api_key_alias",
          "user_api_key_team_alias",
          "user_api_key_team_id",
          "user_api_key_auth_metadata",
          "status",
          "spend_logs_metadata",
          "attempted_retries",
          "attempted_fallbacks",
          "usage_object",
          "additional_usage_values",
          "batch_models");

  /** The key of the metadata of which some keys are read. */
  public static final String MODEL_MAP = "model_map_information";

  /** Of the model's entry its name. */
  public static final String MODEL_MAP_KEY = "model_map_key";

  /** Of the model's entry whether it is an object; nothing in it is read. */
  public static final String MODEL_MAP_VALUE = "model_map_value";

  private final ReadContext context;
  private final SourceTimes times;
  private final LiteLlmRow row;
  private String[] header;

  public LiteLlmSpendLog(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
    this.row = new LiteLlmRow(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    row.reset(into);
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "prompt_tokens" -> row.usage.input = Json.tokens(p, field);
        case "completion_tokens" -> row.usage.output = Json.tokens(p, field);
        case "total_tokens" -> row.usage.total = Json.tokens(p, field);
        case "request_duration_ms" -> row.durationMillis = Json.number(p, field);
        case "spend" -> row.draft.loggedNanoUsd = Json.dollars(p, field);
        case "metadata" -> row.nested(p, field, false);
        case "request_tags" -> row.nested(p, field, true);
        case "startTime" -> row.start = times.utc(p, field);
        case "endTime" -> row.end = times.utc(p, field);
        case "completionStartTime" -> row.firstToken = times.utc(p, field);
        case "request_id" -> {
          scalar(p, field);
          if (context.needsIds()) {
            Ids.identify(row.draft, LiteLlmRow.SOURCE, p, context.keepIds());
          }
        }
        case "session_id" -> row.draft.session = Ids.hash(scalar(p, field));
        case "call_type",
            "model",
            "custom_llm_provider",
            "api_base",
            "cache_hit",
            "status",
            "team_id" ->
            text(field, Json.scalar(scalar(p, field)));
        default -> p.skipChildren();
      }
    }
    return row.finish();
  }

  private static JsonParser scalar(JsonParser p, String field) throws RejectedRecord {
    if (p.currentToken().isStructStart()) {
      throw Json.wrongType(p, field, "a text");
    }
    return p;
  }

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    for (String needed : NEEDED) {
      CsvRecords.needed(columns, needed);
    }
  }

  @Override
  public boolean read(CsvRecord record, CallDraft into) throws IOException, RejectedRecord {
    row.reset(into);
    for (int i = 0; i < header.length; i++) {
      String field = header[i];
      if (record.isEmpty(i)) {
        continue;
      }
      switch (field) {
        case "prompt_tokens" -> row.usage.input = Json.tokens(record.text(i), field);
        case "completion_tokens" -> row.usage.output = Json.tokens(record.text(i), field);
        case "total_tokens" -> row.usage.total = Json.tokens(record.text(i), field);
        case "request_duration_ms" ->
            row.durationMillis = Json.whole(Json.decimal(record.text(i), field), field);
        case "spend" ->
            row.draft.loggedNanoUsd = Json.dollars(Json.decimal(record.text(i), field), field);
        case "metadata" -> row.parse(record.json(i), field, false);
        case "request_tags" -> row.parse(record.json(i), field, true);
        default -> {
          if (isText(field)) {
            text(field, record.text(i));
          }
        }
      }
    }
    return row.finish();
  }

  private static boolean isText(String field) {
    return switch (field) {
      case "request_id",
          "call_type",
          "startTime",
          "endTime",
          "completionStartTime",
          "model",
          "custom_llm_provider",
          "api_base",
          "cache_hit",
          "session_id",
          "status",
          "team_id" ->
          true;
      default -> false;
    };
  }

  private void text(String field, String value) throws RejectedRecord {
    if (value == null || value.isEmpty()) {
      return;
    }
    switch (field) {
      case "request_id" -> Ids.identify(row.draft, LiteLlmRow.SOURCE, value, context.keepIds());
      case "call_type" -> row.callType = value;
      case "startTime" -> row.start = times.utc(value, field);
      case "endTime" -> row.end = times.utc(value, field);
      case "completionStartTime" -> row.firstToken = times.utc(value, field);
      case "model" -> row.draft.requestModel = value;
      case "custom_llm_provider" -> row.draft.provider = value;
      case "api_base" -> row.draft.serverAddress = value;
      case "cache_hit" -> row.proxyCacheHit = value.equalsIgnoreCase("true");
      case "session_id" -> row.draft.session = Ids.hash(value);
      case "status" -> row.status(value);
      case "team_id" -> row.teamId = value;
      default -> throw new IllegalArgumentException(field);
    }
  }
}
