package dev.homeward.formats.canonical;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.BillingMode;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonDamage;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Homeward's own record, for those who export from a system of their own: JSON lines, CSV or
 * Parquet with the column names of calls/ plus {@code call_id, tags, metadata, project, team,
 * key_alias, service, started_at, logged_usd, proxy_cache_hit}. Token kinds are disjoint. A field
 * that is not known is an error, unless its name begins with {@code x_}: a misspelt column would
 * otherwise be money that nobody sees. The format in full: schemas/call.schema.json.
 *
 * <pre>
 * {"started_at":"2026-05-04T13:05:07.250Z","request_model":"gpt-4o-mini","workload":"triage","input_tokens":500,"output_tokens":300}
 * </pre>
 *
 * In CSV an empty field is absent. {@code tags} may stand in a text, as a JSON array or a list with
 * semicolons; so may {@code metadata}, as a JSON object.
 */
public final class Canonical implements JsonAdapter, CsvAdapter {
  private static final String SOURCE = "canonical";
  private static final Pattern SHOWABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,39}");
  private static final int KNOWN_FLAGS = CallFlags.ALL;

  private final ReadContext context;
  private String[] header;
  private String callId;
  private String hostedModel;
  private boolean csv;

  public Canonical(ReadContext context) {
    this.context = context;
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    callId = null;
    hostedModel = null;
    csv = false;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      JsonToken token = p.currentToken();
      if (field.startsWith("x_")) {
        p.skipChildren();
      } else if (field.equals("tags") && token == JsonToken.START_ARRAY) {
        tags(p, into);
      } else if (field.equals("metadata") && token == JsonToken.START_OBJECT) {
        metadata(p, into);
      } else if (token == JsonToken.VALUE_STRING && field.equals("tags")) {
        tags(p.getText(), into);
      } else if (token == JsonToken.VALUE_STRING && field.equals("metadata")) {
        parse(Json.FACTORY.createParser(p.getText()), field, JsonToken.START_OBJECT, into);
      } else if (token.isScalarValue()) {
        if (token != JsonToken.VALUE_NULL) {
          set(field, token, p.getText(), into);
        }
      } else {
        throw Json.wrongType(p, shown(field), "a scalar");
      }
    }
    return finish(into);
  }

  @Override
  public void header(String[] columns) {
    header = columns;
  }

  @Override
  public boolean read(CsvRecord record, CallDraft into) throws IOException, RejectedRecord {
    callId = null;
    hostedModel = null;
    csv = true;
    for (int i = 0; i < header.length; i++) {
      if (record.isEmpty(i) || header[i].startsWith("x_")) {
        continue;
      }
      switch (header[i]) {
        case "tags" -> tags(record.text(i), into);
        case "metadata" -> parse(record.json(i), "metadata", JsonToken.START_OBJECT, into);
        default -> set(header[i], JsonToken.VALUE_STRING, record.text(i), into);
      }
    }
    return finish(into);
  }

  /** Tags in a text: a JSON array, or a list with semicolons. */
  private static void tags(String list, CallDraft into) throws IOException, RejectedRecord {
    if (list.startsWith("[")) {
      parse(Json.FACTORY.createParser(list), "tags", JsonToken.START_ARRAY, into);
      return;
    }
    for (String tag : list.split(";")) {
      CallNames.add(into, "tag", tag.trim());
    }
  }

  private static void parse(JsonParser text, String field, JsonToken start, CallDraft into)
      throws RejectedRecord {
    try (JsonParser p = text) {
      if (p.nextToken() != start) {
        throw new RejectedRecord(
            Reason.WRONG_TYPE,
            "%s is not a JSON %s"
                .formatted(field, start == JsonToken.START_ARRAY ? "array" : "object"));
      }
      if (start == JsonToken.START_ARRAY) {
        tags(p, into);
      } else {
        metadata(p, into);
      }
      if (p.nextToken() != null) {
        throw new RejectedRecord(Reason.MALFORMED_JSON, field + " goes on after its end");
      }
    } catch (IOException e) {
      throw JsonDamage.rejection(e, field);
    }
  }

  private static void tags(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    while (p.nextToken() != JsonToken.END_ARRAY) {
      if (p.currentToken() != JsonToken.VALUE_STRING) {
        throw new RejectedRecord(Reason.WRONG_TYPE, "tags holds something that is not a text");
      }
      CallNames.add(into, "tag", p.getText());
    }
  }

  private static void metadata(JsonParser p, CallDraft into) throws IOException {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      CallNames.addMetadata(into, key, Json.scalar(p));
      p.skipChildren();
    }
  }

  private void set(String field, JsonToken token, String value, CallDraft into)
      throws RejectedRecord {
    switch (field) {
      case "started_at_us" -> into.startedAtMicros = number(value, field, token);
      case "duration_us" -> into.durationMicros = positive(value, field, token);
      case "ttft_us" -> into.ttftMicros = positive(value, field, token);
      case "input_tokens" -> into.inputTokens = tokens(value, field, token);
      case "cache_read_tokens" -> into.cacheReadTokens = tokens(value, field, token);
      case "cache_write_5m_tokens" -> into.cacheWrite5mTokens = tokens(value, field, token);
      case "cache_write_1h_tokens" -> into.cacheWrite1hTokens = tokens(value, field, token);
      case "output_tokens" -> into.outputTokens = tokens(value, field, token);
      case "reasoning_tokens" -> into.reasoningTokens = tokens(value, field, token);
      case "audio_input_tokens" -> into.audioInputTokens = tokens(value, field, token);
      case "audio_output_tokens" -> into.audioOutputTokens = tokens(value, field, token);
      case "web_searches" -> into.webSearches = positive(value, field, token);
      case "other_units" -> into.otherUnits = positive(value, field, token);
      case "logged_nano_usd" -> into.loggedNanoUsd = positive(value, field, token);
      case "logged_usd" -> into.loggedNanoUsd = Json.dollars(decimal(value, field, token), field);
      case "flags" -> into.flags |= (int) (number(value, field, token) & KNOWN_FLAGS);
      case "session" -> into.session = Ids.hash(value);
      case "source_line" -> number(value, field, token);
      case "proxy_cache_hit" -> {
        if (flag(value, field, token)) {
          into.flags |= CallFlags.PROXY_CACHE_HIT;
        }
      }
      default -> {
        if (token != JsonToken.VALUE_STRING) {
          throw isText(field) || field.equals("tags") || field.equals("metadata")
              ? new RejectedRecord(Reason.WRONG_TYPE, field + " is of the wrong type")
              : unknown(field);
        }
        if (!value.isEmpty()) {
          setText(field, value, into);
        }
      }
    }
  }

  private static boolean isText(String field) {
    return switch (field) {
      case "call_id",
          "started_at",
          "provider",
          "region",
          "served_by",
          "request_model",
          "response_model",
          "hosted_model",
          "operation",
          "service_tier",
          "billing_mode",
          "status",
          "workload",
          "project",
          "team",
          "service",
          "owner",
          "data_class",
          "key_alias",
          "source_file" ->
          true;
      default -> false;
    };
  }

  private void setText(String field, String value, CallDraft into) throws RejectedRecord {
    switch (field) {
      case "call_id" -> callId = value;
      case "started_at" -> into.startedAtMicros = Times.parse(value, field);
      case "provider" -> into.provider = value;
      case "region" -> into.region = value;
      case "served_by" -> into.servedBy = value;
      case "request_model" -> into.requestModel = value;
      case "response_model" -> into.responseModel = value;
      // What calls/ says beside the names of the log; used where the log named no model.
      case "hosted_model" -> hostedModel = value;
      case "operation" -> into.operation = word(Operation.values(), value, field);
      case "service_tier" -> into.serviceTier = word(ServiceTier.values(), value, field);
      case "billing_mode" ->
          into.attributes.add("billing-mode", word(BillingMode.values(), value, field).word());
      case "status" -> into.status = word(CallStatus.values(), value, field);
      case "workload", "project", "team", "service", "owner" -> CallNames.add(into, field, value);
      case "data_class" -> CallNames.add(into, "data-class", value);
      case "key_alias" -> CallNames.add(into, "key-alias", value);
      // Provenance of an earlier review: this file and line take its place.
      case "source_file" -> {}
      default -> throw unknown(field);
    }
  }

  private static RejectedRecord unknown(String field) {
    return new RejectedRecord(
        Reason.UNKNOWN_FIELD,
        "%s is not a field of the canonical record (names of your own begin with x_)"
            .formatted(shown(field)));
  }

  private static String shown(String field) {
    return SHOWABLE.matcher(field).matches() ? field : "a field";
  }

  private boolean finish(CallDraft into) throws RejectedRecord {
    Required.time(into.startedAtMicros, "started_at is missing");
    if (into.requestModel == null && into.responseModel == null) {
      into.requestModel = hostedModel;
    }
    if (into.requestModel == null && into.responseModel == null) {
      into.requestModel = context.hostedModel().orElse(null);
      into.flags |= CallFlags.GIVEN_BY_USER;
      if (into.requestModel == null) {
        throw new RejectedRecord(
            Reason.MISSING_MODEL, "request_model is missing, and --hosted-model is not given");
      }
    }
    usage(into);
    if (into.ttftMicros != CallDraft.ABSENT) {
      if (into.durationMicros != CallDraft.ABSENT && into.ttftMicros > into.durationMicros) {
        throw new RejectedRecord(Reason.END_BEFORE_START, "ttft_us exceeds duration_us");
      }
      into.flags |= CallFlags.STREAMED;
    }
    if (callId != null) {
      Ids.identify(into, SOURCE, callId, context.keepIds());
    }
    CallNames.addGivenWorkload(into, context);
    return true;
  }

  private static void usage(CallDraft into) throws RejectedRecord {
    if (into.inputTokens == CallDraft.ABSENT) {
      if (Math.max(
              Math.max(into.outputTokens, into.cacheReadTokens),
              Math.max(into.cacheWrite5mTokens, into.cacheWrite1hTokens))
          != CallDraft.ABSENT) {
        throw new RejectedRecord(
            Reason.INCOMPLETE_USAGE, "other token counts without input_tokens");
      }
      into.reasoningTokens = CallDraft.ABSENT;
      into.flags |= CallFlags.MISSING_USAGE;
      return;
    }
    into.flags &= ~CallFlags.MISSING_USAGE;
    if (into.outputTokens == CallDraft.ABSENT) {
      if (into.operation != Operation.EMBEDDINGS) {
        throw new RejectedRecord(
            Reason.INCOMPLETE_USAGE, "input_tokens without output_tokens (embeddings have none)");
      }
      into.outputTokens = 0;
    }
    into.cacheReadTokens = Math.max(into.cacheReadTokens, 0);
    into.cacheWrite5mTokens = Math.max(into.cacheWrite5mTokens, 0);
    into.cacheWrite1hTokens = Math.max(into.cacheWrite1hTokens, 0);
    if (into.reasoningTokens > into.outputTokens) {
      throw new RejectedRecord(
          Reason.REASONING_EXCEEDS_OUTPUT,
          "output_tokens %d includes reasoning_tokens %d"
              .formatted(into.outputTokens, into.reasoningTokens));
    }
  }

  private long tokens(String value, String field, JsonToken token) throws RejectedRecord {
    mustBeNumber(field, token);
    return Json.tokens(value, field);
  }

  private long positive(String value, String field, JsonToken token) throws RejectedRecord {
    long number = number(value, field, token);
    if (number < 0) {
      throw new RejectedRecord(
          Reason.INVALID_NUMBER, "%s is %d (must be 0 or more)".formatted(field, number));
    }
    return number;
  }

  private long number(String value, String field, JsonToken token) throws RejectedRecord {
    return Json.whole(decimal(value, field, token), field);
  }

  // Amounts may be texts in JSON too: that is how many programs keep all digits.
  private BigDecimal decimal(String value, String field, JsonToken token) throws RejectedRecord {
    if (!field.equals("logged_usd") || token != JsonToken.VALUE_STRING) {
      mustBeNumber(field, token);
    }
    return Json.decimal(value, field);
  }

  private void mustBeNumber(String field, JsonToken token) throws RejectedRecord {
    if (!csv && !token.isNumeric()) {
      throw new RejectedRecord(Reason.WRONG_TYPE, field + " is not a number");
    }
  }

  private boolean flag(String value, String field, JsonToken token) throws RejectedRecord {
    if ((csv || token.isBoolean()) && (value.equals("true") || value.equals("false"))) {
      return value.equals("true");
    }
    throw new RejectedRecord(Reason.WRONG_TYPE, field + " is neither true nor false");
  }

  private static <E extends Enum<E>> E word(E[] values, String word, String field)
      throws RejectedRecord {
    for (E value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(word)) {
        return value;
      }
    }
    throw new RejectedRecord(
        Reason.INVALID_WORD,
        field
            + " is none of "
            + Arrays.stream(values)
                .map(v -> v.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
  }
}
