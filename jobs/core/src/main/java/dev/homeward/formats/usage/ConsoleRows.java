package dev.homeward.formats.usage;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import dev.homeward.units.TimeUnits;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What people download from the consoles of providers: usage and cost of Anthropic's, cost of
 * OpenAI's. A row is a bucket, not a call. Anthropic's columns of tokens are disjoint, and its rows
 * are of a day of UTC, or of an hour where they say one. All amounts are <b>dollars</b>, also
 * Anthropic's, whose API counts cents.
 *
 * <p>OpenAI's file has as many columns as the report has groups. It shares its first four with the
 * usage export, has rows without an amount for empty days, and names the model only in {@code
 * line_item}, before the comma. Anthropic's cost names models as the console shows them ({@code
 * Claude Haiku 4.5}); they are written as its API does. Keys and users are part of a bucket's
 * identity and of nothing else.
 *
 * <pre>
 * usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,cost_type
 * 2026-02-03,Claude Haiku 4.5,Default,demo-key,message,≤ 200k,input_no_cache,0.05,token
 * </pre>
 */
public final class ConsoleRows implements CsvAdapter {
  private static final int DAY = 10;
  private static final Pattern DATE = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})$");

  private enum Kind {
    ANTHROPIC_USAGE("anthropic-usage-csv", "usage_date_utc", "usage_output_tokens"),
    ANTHROPIC_COST("anthropic-cost-csv", "usage_date_utc", "cost_usd"),
    OPENAI_COSTS("openai-costs-csv", "start_time", "amount_value");

    private final String source;
    private final String time;
    private final String figure;

    Kind(String source, String time, String figure) {
      this.source = source;
      this.time = time;
      this.figure = figure;
    }
  }

  private final Kind kind;
  private final ReadContext context;
  private final Usage usage = new Usage();

  // The fields of a row that are not empty; a report is small and its rows are few.
  private final Map<String, String> row = new LinkedHashMap<>();
  private String[] header;

  private ConsoleRows(ReadContext context, Kind kind) {
    this.context = context;
    this.kind = kind;
  }

  public static ConsoleRows anthropicUsage(ReadContext context) {
    return new ConsoleRows(context, Kind.ANTHROPIC_USAGE);
  }

  public static ConsoleRows anthropicCost(ReadContext context) {
    return new ConsoleRows(context, Kind.ANTHROPIC_COST);
  }

  public static ConsoleRows openAiCosts(ReadContext context) {
    return new ConsoleRows(context, Kind.OPENAI_COSTS);
  }

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    CsvRecords.needed(columns, kind.time);
    CsvRecords.needed(columns, kind.figure);
  }

  @Override
  public boolean read(CsvRecord record, CallDraft into) throws RejectedRecord {
    row.clear();
    for (int i = 0; i < header.length; i++) {
      if (!record.isEmpty(i)) {
        row.put(header[i], record.text(i));
      }
    }
    switch (kind) {
      case ANTHROPIC_USAGE -> {
        day(into);
        anthropic(into);
        tokens(into);
      }
      case ANTHROPIC_COST -> {
        day(into);
        anthropic(into);
        into.requestModel = asInTheApi(row.get("model"));
        into.loggedNanoUsd = dollars("cost_usd");
      }
      default -> {
        if (!row.containsKey("amount_value")) {
          // An empty day.
          return false;
        }
        openAi(into);
      }
    }
    identify(into);
    return true;
  }

  /** A day of UTC, or the hour that the row names. */
  private void day(CallDraft draft) throws RejectedRecord {
    String date = row.get("usage_date_utc");
    if (date == null) {
      throw new RejectedRecord(Reason.MISSING_TIME, "usage_date_utc is missing");
    }
    boolean hour = date.length() > DAY;
    draft.startedAtMicros = Times.parse(hour ? date : date + "T00:00:00Z", "usage_date_utc");
    draft.bucketMicros = hour ? TimeUnits.MICROS_PER_HOUR : TimeUnits.MICROS_PER_DAY;
  }

  private void anthropic(CallDraft draft) {
    draft.provider = "anthropic";
    String geo = row.get("inference_geo");
    draft.region = geo == null || geo.equals("not_available") ? null : geo;
    CallNames.add(draft, "project", row.get("workspace"));
    draft.serviceTier =
        switch (row.getOrDefault("usage_type", "").toLowerCase(Locale.ROOT)) {
          case "batch" -> ServiceTier.BATCH;
          case "flex" -> ServiceTier.FLEX;
          case "priority" -> ServiceTier.PRIORITY;
          default -> ServiceTier.STANDARD;
        };
  }

  private void tokens(CallDraft draft) throws RejectedRecord {
    draft.requestModel = row.getOrDefault("model_version", context.hostedModel().orElse(null));
    if (draft.requestModel == null) {
      throw new RejectedRecord(
          Reason.MISSING_MODEL, "model_version is empty, and --hosted-model is not given");
    }
    usage.clear();
    usage.input = sum("usage_input_tokens_no_cache");
    usage.cacheRead = sum("usage_input_tokens_cache_read");
    // Exports before 2025-08 have one column for all that was written.
    usage.cacheWrite = sum("usage_input_tokens_cache_write");
    usage.cacheWrite5m = sum("usage_input_tokens_cache_write_5m");
    usage.cacheWrite1h = sum("usage_input_tokens_cache_write_1h");
    usage.output = sum("usage_output_tokens");
    draft.otherUnits = sum("web_search_count");
    usage.fillDisjoint(draft, "usage_input_tokens_no_cache", "usage_output_tokens");
  }

  /** {@code Claude Haiku 4.5} as {@code claude-haiku-4-5}, a date behind it without its bars. */
  static String asInTheApi(String shown) {
    if (shown == null || !shown.startsWith("Claude ")) {
      return shown;
    }
    String dashed = shown.strip().toLowerCase(Locale.ROOT).replace(' ', '-').replace('.', '-');
    return DATE.matcher(dashed).replaceFirst("$1$2$3");
  }

  private void openAi(CallDraft draft) throws RejectedRecord {
    String from = row.get("start_time");
    String to = row.get("end_time");
    if (from == null || to == null) {
      throw new RejectedRecord(
          Reason.MISSING_TIME, "the row does not say when it begins and when it ends");
    }
    draft.startedAtMicros = Times.ofSeconds(from, "start_time");
    draft.bucketMicros = Times.ofSeconds(to, "end_time") - draft.startedAtMicros;
    draft.provider = "openai";
    String item = row.getOrDefault("line_item", "");
    int comma = item.indexOf(", ");
    draft.requestModel = comma > 0 ? item.substring(0, comma) : context.hostedModel().orElse(null);
    CallNames.add(draft, "project", row.get("project_id"));
    String currency = row.getOrDefault("amount_currency", "usd");
    if (!currency.equalsIgnoreCase("usd")) {
      throw new RejectedRecord(Reason.INVALID_WORD, "amount_currency is not USD");
    }
    draft.loggedNanoUsd = dollars("amount_value");
  }

  private long sum(String field) throws RejectedRecord {
    String value = row.get(field);
    return value == null ? CallDraft.ABSENT : Json.sum(value, field);
  }

  private long dollars(String field) throws RejectedRecord {
    String value = row.get(field);
    if (value == null) {
      throw new RejectedRecord(Reason.INVALID_NUMBER, field + " is missing");
    }
    return Json.dollars(Json.decimal(value, field), field);
  }

  /** All that tells one bucket from another: every field that is no figure. */
  private void identify(CallDraft draft) {
    StringBuilder dimensions = new StringBuilder();
    row.forEach(
        (field, value) -> {
          boolean figure =
              field.startsWith("usage_input_")
                  || CallNames.isOneOf(
                      field,
                      "usage_output_tokens",
                      "web_search_count",
                      "cost_usd",
                      "list_price_usd",
                      "amount_value",
                      "quantity");
          if (!figure) {
            dimensions.append('/').append(field).append('=').append(value);
          }
        });
    Ids.identify(draft, kind.source, dimensions.toString(), false);
  }
}
