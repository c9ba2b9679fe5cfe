package dev.homeward.formats.agent;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.Items;
import dev.homeward.formats.records.JsonItemsAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Sessions of Gemini CLI (<code>~/.gemini/tmp/&#42;/chats/session-*</code>): one object with its
 * {@code messages}, or, of newer versions, a line a message after a line that names the session. A
 * message is written again when its tool calls are done, with the same id; the copies are removed
 * later. {@code $set} and {@code $rewindTo} repeat or take back messages: what was taken back was
 * paid all the same. Input contains {@code cached}; {@code thoughts} and {@code tool} stand beside
 * input and output, as {@code total} says. The time is when the answer began; a duration and a cost
 * are not in the file.
 *
 * <pre>
 * {"sessionId":"s","projectHash":"p","startTime":"2026-05-04T13:05:07.250Z","messages":[{"id":"m","timestamp":"2026-05-04T13:05:13.450Z","type":"gemini","model":"gemini-2.5-pro","tokens":{"input":10000,"output":300,"cached":8000,"thoughts":200,"tool":0,"total":10500}}]}
 * </pre>
 */
public final class GeminiCli implements JsonItemsAdapter {
  private static final String SOURCE = "gemini-cli";

  private final ReadContext context;
  private final SourceTimes times;
  private final Usage usage = new Usage();
  private final GeminiTokens tokens = new GeminiTokens();

  /** The session that the file has named last. */
  private String session;

  // The message at hand.
  private String id;
  private String type;
  private String timestamp;
  private String model;
  private boolean used;

  public GeminiCli(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    begin();
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "sessionId" -> {
          String named = Json.skippedScalar(p);
          session = named == null ? session : named;
        }
        case "messages" -> messages(p, items);
        default -> field(p, field);
      }
    }
    if (isAnswer()) {
      add(items);
    }
  }

  private void messages(JsonParser p, Items items) throws IOException {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      int outside = Json.depth(p) - (p.currentToken().isStructStart() ? 1 : 0);
      begin();
      try {
        for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
          field(p, field);
        }
        if (isAnswer()) {
          add(items);
        } else {
          items.ignore();
        }
      } catch (RejectedRecord e) {
        // The message is lost, the ones beside it are not: what follows of it is read past.
        Json.climb(p, outside);
        items.next();
        items.reject(e);
      }
    }
    begin();
  }

  private void begin() {
    id = null;
    type = null;
    timestamp = null;
    model = null;
    used = false;
    tokens.clear();
  }

  private void field(JsonParser p, String field) throws IOException, RejectedRecord {
    switch (field) {
      case "id" -> id = Json.skippedScalar(p);
      case "type" -> type = Json.skippedScalar(p);
      case "timestamp" -> timestamp = Json.skippedScalar(p);
      case "model" -> model = Json.skippedScalar(p);
      case "tokens" -> {
        used = Json.isObject(p);
        tokens(p);
      }
      default -> p.skipChildren();
    }
  }

  private void tokens(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "input" -> tokens.input = Json.tokens(p, "tokens.input");
        case "output" -> tokens.output = Json.tokens(p, "tokens.output");
        case "cached" -> tokens.cached = Json.tokens(p, "tokens.cached");
        case "thoughts" -> tokens.thoughts = Json.tokens(p, "tokens.thoughts");
        case "tool" -> tokens.tool = Json.tokens(p, "tokens.tool");
        case "total" -> tokens.total = Json.tokens(p, "tokens.total");
        default -> p.skipChildren();
      }
    }
  }

  private boolean isAnswer() {
    return used && "gemini".equals(type);
  }

  private void add(Items items) {
    CallDraft draft = items.next();
    try {
      fill(draft);
      items.add();
    } catch (RejectedRecord e) {
      items.reject(e);
    }
  }

  private void fill(CallDraft draft) throws RejectedRecord {
    boolean timed = timestamp != null && !timestamp.isEmpty();
    draft.startedAtMicros = timed ? times.utc(timestamp, "timestamp") : CallDraft.ABSENT;
    Required.time(draft.startedAtMicros, "timestamp is missing");
    draft.requestModel = model == null || model.isEmpty() ? null : model;
    Required.model(draft, context, "the message names no model, and --hosted-model is not given");
    draft.provider = draft.requestModel.startsWith("gemini") ? "google" : null;
    draft.session = session == null ? CallDraft.ABSENT : Ids.hash(session);
    tokens.fill(draft, usage, "tokens.input", "tokens.output");
    if (id != null && !id.isEmpty()) {
      Ids.identify(draft, SOURCE, id, context.keepIds());
    }
    CallNames.add(draft, "service", SOURCE);
    CallNames.addGivenWorkload(draft, context);
  }
}
