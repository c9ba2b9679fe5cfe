package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.calls.ServiceTier;
import java.io.IOException;
import java.util.Locale;

/**
 * Homeward's own record, for those who export from a system of their own: JSON lines, CSV or
 * Parquet with the column names of calls/ plus {@code call_id, tags, metadata, project, team,
 * key_alias, service, started_at}. Token kinds are disjoint. A field that is not known is an error,
 * unless its name begins with {@code x_}: a misspelt column would otherwise be money that nobody
 * sees.
 *
 * <pre>
 * {"started_at":"2026-05-04T13:05:07.250Z","request_model":"gpt-4o-mini","workload":"triage","input_tokens":500,"output_tokens":300}
 * </pre>
 */
final class Canonical implements JsonAdapter, CsvAdapter {
  private static final String SOURCE = "canonical";

  private final ReadContext context;
  private String[] header;
  private String callId;

  Canonical(ReadContext context) {
    this.context = context;
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    callId = null;
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      JsonToken token = p.nextToken();
      if (field.equals("tags") && token == JsonToken.START_ARRAY) {
        while (p.nextToken() != JsonToken.END_ARRAY) {
          into.attributes.add("tag", required(Json.text(p, "tags"), "tags"));
        }
      } else if (field.equals("metadata") && token == JsonToken.START_OBJECT) {
        metadata(p, into);
      } else if (field.startsWith("x_")) {
        p.skipChildren();
      } else if (token.isScalarValue()) {
        if (token != JsonToken.VALUE_NULL) {
          set(field, token, p.getText(), into);
        }
      } else {
        throw Json.wrongType(p, field, "a scalar");
      }
    }
    return finish(into);
  }

  @Override
  public void header(String[] columns) {
    header = columns;
  }

  @Override
  public boolean read(String[] fields, CallDraft into) throws IOException, RejectedRecord {
    callId = null;
    for (int i = 0; i < header.length; i++) {
      if (fields[i].isEmpty() || header[i].startsWith("x_")) {
        continue;
      }
      if (header[i].equals("tags")) {
        for (String tag : fields[i].split(";")) {
          into.attributes.add("tag", tag.trim());
        }
      } else if (header[i].equals("metadata")) {
        try (JsonParser p = Json.FACTORY.createParser(fields[i])) {
          if (p.nextToken() != JsonToken.START_OBJECT) {
            throw new RejectedRecord(Reason.WRONG_TYPE, "metadata is not a JSON object");
          }
          metadata(p, into);
        } catch (JsonProcessingException e) {
          throw new RejectedRecord(Reason.MALFORMED_JSON, "metadata is not JSON");
        }
      } else {
        set(header[i], JsonToken.VALUE_STRING, fields[i], into);
      }
    }
    return finish(into);
  }

  private static void metadata(JsonParser p, CallDraft into) throws IOException {
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String key = p.currentName();
      p.nextToken();
      String value = Json.scalar(p);
      if (value != null) {
        into.attributes.add("metadata." + key, value);
      }
      p.skipChildren();
    }
  }

  private void set(String field, JsonToken token, String value, CallDraft into)
      throws RejectedRecord {
    switch (field) {
      case "call_id" -> callId = value;
      case "started_at" -> into.startedAtMicros = Times.parse(value, field);
      case "started_at_us" -> into.startedAtMicros = number(value, field, token);
      case "duration_us" -> into.durationMicros = time(value, field, token);
      case "ttft_us" -> into.ttftMicros = time(value, field, token);
      case "input_tokens" -> into.inputTokens = tokens(value, field, token);
      case "cache_read_tokens" -> into.cacheReadTokens = tokens(value, field, token);
      case "cache_write_5m_tokens" -> into.cacheWrite5mTokens = tokens(value, field, token);
      case "cache_write_1h_tokens" -> into.cacheWrite1hTokens = tokens(value, field, token);
      case "output_tokens" -> into.outputTokens = tokens(value, field, token);
      case "reasoning_tokens" -> into.reasoningTokens = tokens(value, field, token);
      case "other_units" -> into.otherUnits = tokens(value, field, token);
      case "logged_nano_usd" -> into.loggedNanoUsd = time(value, field, token);
      case "logged_usd" ->
          into.loggedNanoUsd = Json.dollars(LiteLlmSpendLog.csvDecimal(value, field), field);
      case "provider" -> into.provider = value;
      case "region" -> into.region = value;
      case "request_model" -> into.requestModel = value;
      case "response_model" -> into.responseModel = value;
      case "operation" -> into.operation = word(Operation.values(), value, field);
      case "service_tier" -> into.serviceTier = word(ServiceTier.values(), value, field);
      case "status" -> into.status = word(CallStatus.values(), value, field);
      case "session" -> into.session = Ids.hash(value);
      case "workload", "project", "team", "service", "owner" -> into.attributes.add(field, value);
      case "data_class" -> into.attributes.add("data-class", value);
      case "key_alias" -> into.attributes.add("key-alias", value);
      case "proxy_cache_hit" -> {
        if (value.equals("true")) {
          into.flags |= CallFlags.PROXY_CACHE_HIT;
        }
      }
      default ->
          throw new RejectedRecord(
              Reason.UNKNOWN_FIELD,
              "a field is not one of the canonical record's (names of your own begin with x_)");
    }
  }

  private boolean finish(CallDraft into) throws RejectedRecord {
    if (into.startedAtMicros == CallDraft.ABSENT) {
      throw new RejectedRecord(Reason.MISSING_TIME, "started_at is missing");
    }
    if (into.requestModel == null && into.responseModel == null) {
      into.requestModel = context.hostedModel().orElse(null);
      if (into.requestModel == null) {
        throw new RejectedRecord(Reason.MISSING_MODEL, "request_model is missing");
      }
      into.flags |= CallFlags.GIVEN_BY_USER;
    }
    if (into.inputTokens == CallDraft.ABSENT) {
      if (into.outputTokens != CallDraft.ABSENT) {
        throw new RejectedRecord(Reason.INVALID_NUMBER, "output_tokens without input_tokens");
      }
      into.flags |= CallFlags.MISSING_USAGE;
    } else {
      into.outputTokens = Math.max(into.outputTokens, 0);
    }
    if (into.reasoningTokens > Math.max(into.outputTokens, 0)) {
      throw new RejectedRecord(
          Reason.REASONING_EXCEEDS_OUTPUT, "reasoning_tokens exceed output_tokens");
    }
    if (into.ttftMicros != CallDraft.ABSENT) {
      if (into.durationMicros != CallDraft.ABSENT && into.ttftMicros > into.durationMicros) {
        throw new RejectedRecord(Reason.END_BEFORE_START, "ttft_us exceeds duration_us");
      }
      into.flags |= CallFlags.STREAMED;
    }
    if (callId != null) {
      Ids.identify(into, SOURCE, callId, context.keepIds());
    }
    context.workload().ifPresent(name -> into.attributes.add("workload", name));
    return true;
  }

  private static String required(String value, String field) throws RejectedRecord {
    if (value == null) {
      throw new RejectedRecord(Reason.WRONG_TYPE, field + " holds a null");
    }
    return value;
  }

  private static long tokens(String value, String field, JsonToken token) throws RejectedRecord {
    long tokens = number(value, field, token);
    Json.checkTokens(tokens, field);
    return tokens;
  }

  private static long time(String value, String field, JsonToken token) throws RejectedRecord {
    long number = number(value, field, token);
    if (number < 0) {
      throw new RejectedRecord(
          Reason.INVALID_NUMBER, "%s is %d (must be 0 or more)".formatted(field, number));
    }
    return number;
  }

  private static long number(String value, String field, JsonToken token) throws RejectedRecord {
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      throw new RejectedRecord(Reason.WRONG_TYPE, field + " is a boolean (must be a number)");
    }
    return Json.whole(LiteLlmSpendLog.csvDecimal(value, field), field);
  }

  private static <E extends Enum<E>> E word(E[] values, String word, String field)
      throws RejectedRecord {
    for (E value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(word)) {
        return value;
      }
    }
    throw new RejectedRecord(Reason.WRONG_TYPE, field + " is not one of its words");
  }
}
