package dev.homeward.formats.usage;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import dev.homeward.units.TimeUnits;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Usage reports with a row a bucket: the CSV of OpenAI's dashboard, LiteLLM's daily tables ({@code
 * LiteLLM_Daily*Spend}) and OpenRouter's activity by day. A row is a bucket here, not a call. The
 * input of all three contains what was cached; OpenRouter does not tell how much that was.
 *
 * <p>LiteLLM writes the same spend once into each of its tables, by user, team, tag and so on:
 * which table a row is from is kept as {@code metadata.entity}, and tables are never added up.
 * OpenAI's CSV has rows without figures for empty minutes. Keys and users are part of a bucket's
 * identity and of nothing else.
 */
public final class UsageRows implements JsonAdapter, CsvAdapter {
  private static final String[] ENTITIES = {
    "user_id", "team_id", "tag", "organization_id", "end_user_id", "agent_id"
  };

  private enum Kind {
    OPENAI_CSV("openai-usage-csv"),
    LITELLM_DAILY("litellm-daily-spend"),
    OPENROUTER("openrouter-usage"),
    OPENROUTER_CSV("openrouter-usage");

    private final String source;

    Kind(String source) {
      this.source = source;
    }
  }

  private final Kind kind;
  private final ReadContext context;
  private final Usage usage = new Usage();

  // The scalar fields of a row; a report is small and its rows are few.
  private final Map<String, String> row = new LinkedHashMap<>();
  private String[] header;

  private UsageRows(ReadContext context, Kind kind) {
    this.context = context;
    this.kind = kind;
  }

  public static UsageRows openAiCsv(ReadContext context) {
    return new UsageRows(context, Kind.OPENAI_CSV);
  }

  public static UsageRows liteLlmDaily(ReadContext context) {
    return new UsageRows(context, Kind.LITELLM_DAILY);
  }

  public static UsageRows openRouter(ReadContext context) {
    return new UsageRows(context, Kind.OPENROUTER);
  }

  public static UsageRows openRouterCsv(ReadContext context) {
    return new UsageRows(context, Kind.OPENROUTER_CSV);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    row.clear();
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      String value = Json.skippedScalar(p);
      if (value != null && !value.isEmpty()) {
        row.put(field, value);
      }
    }
    return bucket(into);
  }

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    if (kind == Kind.OPENROUTER_CSV) {
      CsvRecords.needed(columns, "date");
      return;
    }
    CsvRecords.needed(columns, "start_time");
    CsvRecords.needed(columns, "end_time");
  }

  @Override
  public boolean read(CsvRecord record, CallDraft into) throws RejectedRecord {
    row.clear();
    for (int i = 0; i < header.length; i++) {
      if (!record.isEmpty(i)) {
        row.put(header[i], record.text(i));
      }
    }
    return bucket(into);
  }

  private boolean bucket(CallDraft draft) throws RejectedRecord {
    if (kind == Kind.OPENAI_CSV && !row.containsKey("num_model_requests")) {
      return false;
    }
    usage.clear();
    time(draft);
    draft.requestModel = row.getOrDefault("model", context.hostedModel().orElse(null));
    if (draft.requestModel == null) {
      throw new RejectedRecord(
          Reason.MISSING_MODEL, "no model: group the report by model, or give --hosted-model");
    }
    switch (kind) {
      case OPENAI_CSV -> openAi(draft);
      case LITELLM_DAILY -> liteLlm(draft);
      default -> openRouter(draft);
    }
    identify(draft);
    return true;
  }

  private void time(CallDraft draft) throws RejectedRecord {
    String from = row.get(kind == Kind.OPENAI_CSV ? "start_time" : "date");
    if (from == null) {
      throw new RejectedRecord(Reason.MISSING_TIME, "the row does not say when it begins");
    }
    if (kind != Kind.OPENAI_CSV) {
      // A day of UTC; some write a midnight behind it.
      String day = from.length() > 10 ? from.substring(0, 10) : from;
      draft.startedAtMicros = Times.parse(day + "T00:00:00Z", "date");
      draft.bucketMicros = TimeUnits.MICROS_PER_DAY;
      return;
    }
    draft.startedAtMicros = Times.ofSeconds(from, "start_time");
    String to = row.get("end_time");
    if (to == null) {
      throw new RejectedRecord(Reason.MISSING_TIME, "the row does not say when it ends");
    }
    draft.bucketMicros = Times.ofSeconds(to, "end_time") - draft.startedAtMicros;
  }

  private void openAi(CallDraft draft) throws RejectedRecord {
    draft.provider = "openai";
    draft.bucketCalls = sum("num_model_requests");
    usage.input = sum("input_tokens");
    usage.output = sum("output_tokens");
    usage.cacheRead = sum("input_cached_tokens");
    usage.cacheWrite = sum("input_cache_write_tokens");
    if ("true".equalsIgnoreCase(row.get("batch"))) {
      draft.serviceTier = ServiceTier.BATCH;
    }
    CallNames.add(draft, "project", row.get("project_id"));
    usage.fillInclusive(draft, "input_tokens", "output_tokens");
  }

  private void liteLlm(CallDraft draft) throws RejectedRecord {
    draft.provider = CallNames.provider(row.get("custom_llm_provider"));
    draft.bucketCalls = sum("successful_requests");
    usage.input = sum("prompt_tokens");
    usage.output = sum("completion_tokens");
    usage.cacheRead = sum("cache_read_input_tokens");
    usage.cacheWrite = sum("cache_creation_input_tokens");
    draft.loggedNanoUsd = dollars("spend");
    for (String entity : ENTITIES) {
      if (row.containsKey(entity)) {
        draft.attributes.add("metadata.entity", entity);
        break;
      }
    }
    usage.fillInclusive(draft, "prompt_tokens", "completion_tokens");
  }

  private void openRouter(CallDraft draft) throws RejectedRecord {
    draft.provider = CallNames.provider(row.get("provider_name"));
    draft.bucketCalls = sum("requests");
    usage.input = sum("prompt_tokens");
    usage.output = sum("completion_tokens");
    usage.reasoning = sum("reasoning_tokens");
    long fee = dollars("usage");
    long own = dollars("byok_usage_inference");
    draft.loggedNanoUsd = fee == CallDraft.ABSENT ? own : Math.addExact(fee, Math.max(own, 0));
    draft.flags |= CallFlags.NO_CACHE_SPLIT;
    usage.fillInclusive(draft, "prompt_tokens", "completion_tokens");
  }

  private long sum(String field) throws RejectedRecord {
    String value = row.get(field);
    return value == null ? CallDraft.ABSENT : Json.sum(value, field);
  }

  private long dollars(String field) throws RejectedRecord {
    String value = row.get(field);
    if (value == null) {
      return CallDraft.ABSENT;
    }
    BigDecimal amount = Json.decimal(value, field);
    return Json.dollars(amount, field);
  }

  /** All that tells one bucket from another: every field that is no figure. */
  private void identify(CallDraft draft) {
    StringBuilder dimensions = new StringBuilder();
    row.forEach(
        (field, value) -> {
          boolean figure =
              field.endsWith("tokens")
                  || field.endsWith("requests")
                  || CallNames.isOneOf(
                      field,
                      "spend",
                      "usage",
                      "byok_usage_inference",
                      "id",
                      "created_at",
                      "updated_at");
          if (!figure) {
            dimensions.append('/').append(field).append('=').append(value);
          }
        });
    Ids.identify(draft, kind.source, dimensions.toString(), false);
  }
}
