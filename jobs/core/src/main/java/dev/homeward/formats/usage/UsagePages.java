package dev.homeward.formats.usage;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.Items;
import dev.homeward.formats.records.JsonItemsAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.math.BigDecimal;

/**
 * Pages of the usage and cost reports of OpenAI and Anthropic: {@code data} holds buckets of time,
 * each with results by model and other dimensions. A result is a bucket here, not a call.
 *
 * <p>OpenAI's {@code input_tokens} contain what was cached and written; Anthropic's {@code
 * uncached_input_tokens} do not. OpenAI's cost is in dollars, and its model stands in the text of
 * {@code line_item} before the comma; Anthropic's cost is <b>a decimal text in cents</b>. Anthropic
 * does not count requests. A dimension that the report was not grouped by is null: usage without a
 * model cannot be compared with calls and is rejected, cost without one is kept. Keys and users are
 * part of a bucket's identity and of nothing else.
 */
public final class UsagePages implements JsonItemsAdapter {
  /** The four reports. */
  private enum Kind {
    OPENAI_USAGE("openai-usage", "openai"),
    OPENAI_COSTS("openai-costs", "openai"),
    ANTHROPIC_USAGE("anthropic-usage", "anthropic"),
    ANTHROPIC_COST("anthropic-cost", "anthropic");

    private final String source;
    private final String provider;

    Kind(String source, String provider) {
      this.source = source;
      this.provider = provider;
    }

    boolean isCost() {
      return this == OPENAI_COSTS || this == ANTHROPIC_COST;
    }
  }

  private final Kind kind;
  private final ReadContext context;
  private final SourceTimes times;
  private final Usage usage = new Usage();
  private final StringBuilder dimensions = new StringBuilder();
  private CallDraft draft;
  private long from;
  private long to;
  private String model;
  private String currency;
  private BigDecimal amount;

  private UsagePages(ReadContext context, Kind kind) {
    this.kind = kind;
    this.context = context;
    this.times = new SourceTimes(context);
  }

  public static UsagePages openAiUsage(ReadContext context) {
    return new UsagePages(context, Kind.OPENAI_USAGE);
  }

  public static UsagePages openAiCosts(ReadContext context) {
    return new UsagePages(context, Kind.OPENAI_COSTS);
  }

  public static UsagePages anthropicUsage(ReadContext context) {
    return new UsagePages(context, Kind.ANTHROPIC_USAGE);
  }

  public static UsagePages anthropicCost(ReadContext context) {
    return new UsagePages(context, Kind.ANTHROPIC_COST);
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    from = CallDraft.ABSENT;
    to = CallDraft.ABSENT;
    bucket(p, items);
  }

  /** A page, whose data are buckets, or a bucket, whose results are read. */
  private void bucket(JsonParser p, Items items) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "start_time" -> from = Json.seconds(p, field);
        case "end_time" -> to = Json.seconds(p, field);
        case "starting_at" -> from = times.utc(p, field);
        case "ending_at" -> to = times.utc(p, field);
        case "data", "results" -> list(p, items, field.equals("results"));
        default -> p.skipChildren();
      }
    }
  }

  private void list(JsonParser p, Items items, boolean results) throws IOException, RejectedRecord {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      if (!Json.isObject(p)) {
        p.skipChildren();
        continue;
      }
      int depth = Json.depth(p) - 1;
      try {
        if (results) {
          result(p, items);
        } else {
          from = CallDraft.ABSENT;
          to = CallDraft.ABSENT;
          bucket(p, items);
        }
      } catch (RejectedRecord e) {
        items.reject(e);
        Json.climb(p, depth);
      }
    }
  }

  private void result(JsonParser p, Items items) throws IOException, RejectedRecord {
    draft = items.next();
    usage.clear();
    dimensions.setLength(0);
    model = null;
    currency = null;
    amount = null;
    fields(p);
    if (from == CallDraft.ABSENT || to == CallDraft.ABSENT) {
      throw new RejectedRecord(
          Reason.MISSING_TIME, "the bucket does not say when it begins and ends");
    }
    if (to <= from) {
      throw new RejectedRecord(Reason.END_BEFORE_START, "the bucket ends before it begins");
    }
    draft.startedAtMicros = from;
    draft.bucketMicros = to - from;
    draft.provider = kind.provider;
    draft.requestModel = model != null ? model : context.hostedModel().orElse(null);
    if (kind.isCost()) {
      cost();
    } else if (draft.requestModel == null) {
      throw new RejectedRecord(
          Reason.MISSING_MODEL, "no model: group the report by model, or give --hosted-model");
    } else if (kind == Kind.OPENAI_USAGE) {
      usage.fillInclusive(draft, "input_tokens", "output_tokens");
    } else {
      usage.fillDisjoint(draft, "uncached_input_tokens", "output_tokens");
    }
    Ids.identify(draft, kind.source, from + "/" + to + dimensions, false);
    items.add();
  }

  private void fields(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "input_tokens", "uncached_input_tokens" -> usage.input = Json.sum(p, field);
        case "output_tokens" -> usage.output = Json.sum(p, field);
        case "input_cached_tokens", "cache_read_input_tokens" ->
            usage.cacheRead = Json.sum(p, field);
        case "input_cache_write_tokens" -> usage.cacheWrite = Json.sum(p, field);
        case "ephemeral_5m_input_tokens" -> usage.cacheWrite5m = Json.sum(p, field);
        case "ephemeral_1h_input_tokens" -> usage.cacheWrite1h = Json.sum(p, field);
        case "num_model_requests" -> draft.bucketCalls = Json.sum(p, field);
        case "web_search_requests" -> draft.otherUnits = Json.sum(p, field);
        case "cache_creation", "server_tool_use" -> fields(p);
        case "amount" -> {
          if (Json.isObject(p)) {
            fields(p);
          } else {
            amount(p, field);
          }
        }
        case "value" -> amount(p, field);
        case "currency" -> currency = Json.text(p, field);
        default -> dimension(field, Json.skippedScalar(p));
      }
    }
  }

  private void amount(JsonParser p, String field) throws IOException, RejectedRecord {
    String text = Json.skippedScalar(p);
    amount = text == null ? null : Json.decimal(text, field);
  }

  private void dimension(String field, String value) {
    if (value == null) {
      return;
    }
    switch (field) {
      case "model" -> model = value;
      case "line_item" -> {
        int comma = value.indexOf(", ");
        model = comma > 0 ? value.substring(0, comma) : model;
      }
      case "batch" -> {
        if (value.equals("true")) {
          draft.serviceTier = ServiceTier.BATCH;
        }
      }
      case "service_tier" -> {
        switch (value) {
          case "batch" -> draft.serviceTier = ServiceTier.BATCH;
          case "flex" -> draft.serviceTier = ServiceTier.FLEX;
          case "priority" -> draft.serviceTier = ServiceTier.PRIORITY;
          default -> {}
        }
      }
      case "project_id", "workspace_id" -> CallNames.add(draft, "project", value);
      default -> {}
    }
    if (!field.equals("quantity") && !field.equals("object")) {
      dimensions.append('/').append(field).append('=').append(value);
    }
  }

  private void cost() throws RejectedRecord {
    if (amount == null) {
      throw new RejectedRecord(Reason.INVALID_NUMBER, "amount is missing");
    }
    if (currency != null && !currency.equalsIgnoreCase("USD")) {
      throw new RejectedRecord(Reason.INVALID_WORD, "currency is not USD");
    }
    // Checked as dollars before the point is moved: 1e999999999 must not be expanded.
    draft.loggedNanoUsd = Json.dollars(amount, "amount");
    if (kind == Kind.ANTHROPIC_COST) {
      draft.loggedNanoUsd = Json.dollars(amount.movePointLeft(2), "amount");
    }
  }
}
