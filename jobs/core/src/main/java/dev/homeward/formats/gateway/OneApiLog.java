package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.LooseNumbers;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonDamage;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Table {@code logs} of one-api and of what was made of it (new-api, done-hub and others), as rows
 * of JSON or CSV. A row of type 2 is a call; top-ups, management, errors and refunds are none.
 * {@code created_at}, in seconds, is when the call was done, {@code use_time} in seconds, {@code
 * elapsed_time} and {@code request_time} in milliseconds, how long it took.
 *
 * <p>{@code other} is JSON in a text. The input contains what was cached, unless it says {@code
 * claude} or {@code usage_semantic} anthropic: then cached tokens stand beside it. Quota is in the
 * gateway's own units at its own prices, and is not read. Users, addresses and contents neither.
 *
 * <pre>
 * {"id":11,"created_at":1777899913,"type":2,"token_name":"claims-key","model_name":"gpt-4o-mini","quota":450,"prompt_tokens":10000,"completion_tokens":500,"use_time":6,"is_stream":true,"other":"{\"cache_tokens\":8000,\"frt\":850}"}
 * </pre>
 */
public final class OneApiLog extends GatewayRecord implements JsonAdapter, CsvAdapter {
  private static final String SOURCE = "oneapi";
  private static final String CALL = "2";

  private String[] header;

  private String type;
  private String id;
  private String requestId;
  private long done;
  private boolean detailed;
  private boolean anthropic;

  public OneApiLog(ReadContext context) {
    super(context);
  }

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    for (String needed : new String[] {"created_at", "model_name", "prompt_tokens"}) {
      CsvRecords.needed(columns, needed);
    }
  }

  @Override
  public boolean read(CsvRecord record, CallDraft into) throws RejectedRecord {
    begin(into);
    for (int i = 0; i < header.length; i++) {
      if (record.isEmpty(i)) {
        continue;
      }
      if (isDetails(header[i])) {
        try (JsonParser text = record.json(i)) {
          details(text, header[i]);
        } catch (IOException e) {
          throw JsonDamage.rejection(e, header[i]);
        }
      } else if (isRead(header[i])) {
        field(header[i], record.text(i));
      }
    }
    return end();
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    begin(into);
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      field(p, field);
    }
    return end();
  }

  @Override
  void begin(CallDraft into) {
    super.begin(into);
    type = null;
    id = null;
    requestId = null;
    done = CallDraft.ABSENT;
    detailed = false;
    anthropic = false;
    streamed = false;
  }

  private static boolean isDetails(String field) {
    return field.equals("other") || field.equals("metadata");
  }

  private static boolean isRead(String field) {
    return switch (field) {
      case "id", "request_id", "type", "created_at", "token_name", "model_name" -> true;
      case "prompt_tokens", "completion_tokens", "use_time", "elapsed_time" -> true;
      case "request_time", "is_stream", "group", "channel_name" -> true;
      default -> false;
    };
  }

  private void field(JsonParser p, String field) throws IOException, RejectedRecord {
    if (isDetails(field)) {
      if (Json.isObject(p)) {
        object(p);
      } else if (p.currentToken() == JsonToken.VALUE_STRING) {
        text(p, field);
      } else {
        p.skipChildren();
      }
    } else if (isRead(field) && p.currentToken().isStructStart()) {
      throw Json.wrongType(p, field, "a number or a text");
    } else if (isRead(field) && p.currentToken() != JsonToken.VALUE_NULL) {
      field(field, p.getText());
    } else {
      p.skipChildren();
    }
  }

  private void text(JsonParser p, String field) throws IOException, RejectedRecord {
    String json = p.getText();
    if (json.isBlank()) {
      return;
    }
    try (JsonParser text = Json.FACTORY.createParser(json)) {
      details(text, field);
    } catch (IOException e) {
      throw JsonDamage.rejection(e, field);
    }
  }

  private void field(String field, String text) throws RejectedRecord {
    switch (field) {
      case "id" -> id = text;
      case "request_id" -> requestId = text;
      case "type" -> type = text.strip();
      case "created_at" -> done = LooseNumbers.seconds(text, field);
      case "token_name" -> CallNames.add(draft, "key-alias", text);
      case "model_name" -> draft.requestModel = text;
      case "prompt_tokens" -> usage.input = LooseNumbers.tokens(text, field);
      case "completion_tokens" -> usage.output = LooseNumbers.tokens(text, field);
      case "use_time" -> draft.durationMicros = LooseNumbers.seconds(text, field);
      case "elapsed_time", "request_time" ->
          draft.durationMicros = Math.max(draft.durationMicros, LooseNumbers.millis(text, field));
      case "is_stream" -> streamed = text.equals("1") || text.equals("t") || isTrue(text);
      case "group" -> CallNames.add(draft, "metadata.group", text);
      case "channel_name" -> CallNames.add(draft, "metadata.channel", text);
      default -> {}
    }
  }

  private static boolean isTrue(String text) {
    return text.equalsIgnoreCase("true");
  }

  private void details(JsonParser text, String field) throws IOException, RejectedRecord {
    JsonToken first = text.nextToken();
    if (first == JsonToken.START_OBJECT) {
      object(text);
    } else if (first != null && first != JsonToken.VALUE_NULL) {
      throw Json.wrongType(text, field, "an object");
    }
  }

  private void object(JsonParser p) throws IOException, RejectedRecord {
    detailed = true;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "cache_tokens", "cached_tokens", "cached_read_tokens" ->
            usage.cacheRead = Math.max(usage.cacheRead, LooseNumbers.tokens(p, field));
        case "cache_creation_tokens", "cache_write_tokens", "cached_write_tokens" ->
            usage.cacheWrite = Math.max(usage.cacheWrite, LooseNumbers.tokens(p, field));
        case "cache_creation_tokens_5m" -> usage.cacheWrite5m = LooseNumbers.tokens(p, field);
        case "cache_creation_tokens_1h" -> usage.cacheWrite1h = LooseNumbers.tokens(p, field);
        case "reasoning_tokens" -> usage.reasoning = LooseNumbers.tokens(p, field);
        case "web_search_call_count" -> draft.otherUnits = LooseNumbers.tokens(p, field);
        case "claude" -> anthropic |= p.currentToken() == JsonToken.VALUE_TRUE;
        case "usage_semantic" -> anthropic |= "anthropic".equals(Json.skippedScalar(p));
        case "upstream_model_name" -> draft.responseModel = Json.skippedScalar(p);
        case "frt" -> {
          // Below 0 where no first token came.
          String millis = Json.skippedScalar(p);
          boolean came = millis != null && !millis.startsWith("-");
          firstToken = came ? LooseNumbers.millis(millis, field) : CallDraft.ABSENT;
        }
        default -> p.skipChildren();
      }
    }
  }

  @Override
  boolean end() throws RejectedRecord {
    if (type != null && !type.equals(CALL)) {
      return false;
    }
    time();
    identify();
    if (usage.reasoning > usage.output) {
      usage.reasoning = CallDraft.ABSENT;
    }
    if (usage.input == 0 && usage.output == 0) {
      // Written where the model's answer told no counts.
      usage.clear();
    }
    if (!detailed) {
      return cacheNotTold("created_at", "prompt_tokens", "completion_tokens");
    }
    return anthropic || isOldAnthropic()
        ? disjoint("created_at", "prompt_tokens", "completion_tokens")
        : inclusive("created_at", "prompt_tokens", "completion_tokens");
  }

  /** Versions that did not mark Claude's rows: only those tell lifetimes, and can exceed it. */
  private boolean isOldAnthropic() {
    long lifetimes = Math.max(usage.cacheWrite5m, 0) + Math.max(usage.cacheWrite1h, 0);
    long cached = Math.max(usage.cacheRead, 0) + Math.max(usage.cacheWrite, lifetimes);
    return lifetimes > 0 && cached > usage.input;
  }

  private void time() {
    long took = draft.durationMicros;
    if (firstToken != CallDraft.ABSENT && took != CallDraft.ABSENT && firstToken > took) {
      // Whole seconds are cut off.
      took = firstToken;
      draft.durationMicros = took;
    }
    boolean known = done != CallDraft.ABSENT && took != CallDraft.ABSENT && took < done;
    draft.startedAtMicros = known ? done - took : done;
  }

  /** The number alone is no identity: users see it modulo 1024. */
  private void identify() {
    if (requestId != null && !LooseNumbers.isUnknown(requestId)) {
      Ids.identify(draft, SOURCE, requestId, context.keepIds());
    } else if (id != null && !LooseNumbers.isUnknown(id)) {
      String own = id + '/' + done + '/' + usage.input + '/' + usage.output;
      Ids.identify(draft, SOURCE, own, context.keepIds());
    }
  }
}
