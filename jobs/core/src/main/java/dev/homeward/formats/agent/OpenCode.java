package dev.homeward.formats.agent;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.Items;
import dev.homeward.formats.records.JsonItemsAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.Totals;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonDamage;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Messages of OpenCode: its files below {@code storage/message}, rows of the tables {@code message}
 * and {@code session_message} of its database as JSON ({@code data} as an object or a text), and
 * what {@code opencode export} and its server give ({@code info} beside {@code parts}). Input,
 * cache reads and writes are disjoint. {@code output} is without {@code reasoning} unless {@code
 * total} says that it contains it; without a total the two are added, and flagged where it may.
 *
 * <p>Messages of the user, and the parts of a message, are no calls; the parts repeat what the
 * message says. A session that was forked holds its parent's messages under new ids, and a database
 * what older files hold: times, model, counts and cost stand for the id. {@code cost} is OpenCode's
 * own estimate; its 0 says that it knew no price.
 *
 * <pre>
 * {"id":"msg_1","sessionID":"ses_1","role":"assistant","time":{"created":1777899907250,"completed":1777899913450},"modelID":"claude-sonnet-4-5","providerID":"anthropic","cost":0.02,"tokens":{"input":2000,"output":300,"reasoning":200,"cache":{"read":8000,"write":1000}}}
 * </pre>
 */
public final class OpenCode implements JsonItemsAdapter {
  private static final String SOURCE = "opencode";

  private final ReadContext context;
  private final Usage usage = new Usage();

  /** What one message says; fields of a row, of its data and of {@code info} fall together. */
  private static final class Message {
    private String id;
    private String session;
    private String role;
    private String type;
    private String model;
    private String provider;
    private String directory;
    private String agent;
    private String error;
    private long created = CallDraft.ABSENT;
    private long completed = CallDraft.ABSENT;
    private long cost = CallDraft.ABSENT;
    private long input = CallDraft.ABSENT;
    private long output = CallDraft.ABSENT;
    private long reasoning = CallDraft.ABSENT;
    private long read = CallDraft.ABSENT;
    private long write = CallDraft.ABSENT;
    private long total = CallDraft.ABSENT;
    private boolean used;

    /** A session adds up what its messages used. */
    private boolean ofSession;

    boolean isAnswer() {
      boolean answers =
          role != null ? role.equals("assistant") : type == null || type.equals("assistant");
      return answers && used && !ofSession;
    }
  }

  public OpenCode(ReadContext context) {
    this.context = context;
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    Message message = new Message();
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equals("messages")) {
        message.ofSession = true;
        messages(p, items);
      } else {
        field(p, field, message);
      }
    }
    if (message.isAnswer()) {
      add(message, items);
    }
  }

  private void messages(JsonParser p, Items items) throws IOException {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      int outside = Json.depth(p) - (p.currentToken().isStructStart() ? 1 : 0);
      try {
        Message message = new Message();
        fields(p, message);
        if (message.isAnswer()) {
          add(message, items);
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
  }

  private void fields(JsonParser p, Message into) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      field(p, field, into);
    }
  }

  private void field(JsonParser p, String field, Message m) throws IOException, RejectedRecord {
    switch (field) {
      case "info" -> fields(p, m);
      case "data" -> data(p, m);
      case "id" -> m.id = Json.skippedScalar(p);
      case "sessionID", "session_id" -> m.session = Json.skippedScalar(p);
      case "role" -> m.role = Json.skippedScalar(p);
      case "type" -> m.type = Json.skippedScalar(p);
      case "modelID" -> m.model = Json.skippedScalar(p);
      case "providerID" -> m.provider = Json.skippedScalar(p);
      case "model" -> model(p, m);
      case "agent", "mode" -> {
        String name = Json.skippedScalar(p);
        m.agent = m.agent == null || field.equals("agent") && name != null ? name : m.agent;
      }
      case "time" -> time(p, m);
      case "cost" -> m.cost = Json.dollars(p, field);
      case "tokens" -> {
        m.used = Json.isObject(p);
        tokens(p, m);
      }
      case "path" -> path(p, m);
      case "error" -> error(p, m);
      case "projectID", "project_id", "slug", "title" -> {
        m.ofSession = true;
        p.skipChildren();
      }
      default -> p.skipChildren();
    }
  }

  /** A column that holds the message as an object, or as JSON in a text. */
  private void data(JsonParser p, Message m) throws IOException, RejectedRecord {
    if (p.currentToken() != JsonToken.VALUE_STRING) {
      fields(p, m);
      return;
    }
    try (JsonParser text = Json.FACTORY.createParser(p.getText())) {
      if (text.nextToken() == JsonToken.START_OBJECT) {
        fields(text, m);
      }
    } catch (IOException e) {
      throw JsonDamage.rejection(e, "data");
    }
  }

  private static void model(JsonParser p, Message m) throws IOException {
    if (!Json.isObject(p)) {
      p.skipChildren();
      return;
    }
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      String value = Json.skippedScalar(p);
      if (field.equals("id") || field.equals("modelID")) {
        m.model = m.model == null ? value : m.model;
      } else if (field.equals("providerID")) {
        m.provider = m.provider == null ? value : m.provider;
      }
    }
  }

  private static void time(JsonParser p, Message m) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "created" -> m.created = Json.millis(p, "time.created");
        case "completed" -> m.completed = Json.millis(p, "time.completed");
        default -> p.skipChildren();
      }
    }
  }

  private static void tokens(JsonParser p, Message m) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "input" -> m.input = Json.tokens(p, "tokens.input");
        case "output" -> m.output = Json.tokens(p, "tokens.output");
        case "reasoning" -> m.reasoning = Json.tokens(p, "tokens.reasoning");
        case "total" -> m.total = Json.tokens(p, "tokens.total");
        case "read" -> m.read = Json.tokens(p, "tokens.cache.read");
        case "write" -> m.write = Json.tokens(p, "tokens.cache.write");
        case "cache" -> tokens(p, m);
        default -> p.skipChildren();
      }
    }
  }

  private static void path(JsonParser p, Message m) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      String value = Json.skippedScalar(p);
      boolean root = field.equals("root") && value != null && value.length() > 1;
      if (root || field.equals("cwd") && m.directory == null) {
        m.directory = value;
      }
    }
  }

  private static void error(JsonParser p, Message m) throws IOException {
    if (!Json.isObject(p)) {
      p.skipChildren();
      return;
    }
    m.error = "";
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equals("name")) {
        String name = Json.skippedScalar(p);
        m.error = name == null ? "" : name;
      } else {
        p.skipChildren();
      }
    }
  }

  private void add(Message m, Items items) {
    CallDraft draft = items.next();
    try {
      fill(m, draft);
      items.add();
    } catch (RejectedRecord e) {
      items.reject(e);
    }
  }

  private void fill(Message m, CallDraft draft) throws RejectedRecord {
    Required.time(m.created, "time.created is missing");
    draft.startedAtMicros = m.created;
    if (m.completed != CallDraft.ABSENT && m.completed > m.created) {
      draft.durationMicros = m.completed - m.created;
    }
    draft.requestModel = m.model == null || m.model.isEmpty() ? null : m.model;
    Required.model(draft, context, "the message names no model, and --hosted-model is not given");
    draft.provider = CallNames.provider(m.provider);
    draft.session = m.session == null ? CallDraft.ABSENT : Ids.hash(m.session);
    if (m.error != null && m.error.contains("Aborted")) {
      draft.flags |= CallFlags.INTERRUPTED;
    } else if (m.error != null) {
      draft.status = CallStatus.FAILURE;
    }
    boolean nothing = usage(m, draft) == 0;
    draft.loggedNanoUsd = m.cost > 0 && !nothing ? m.cost : CallDraft.ABSENT;
    identify(m, draft, nothing);
    CallNames.add(draft, "service", SOURCE);
    CallNames.add(draft, "path", CallNames.repository(m.directory));
    CallNames.addWithoutRun(draft, "metadata.agent", m.agent);
    CallNames.addGivenWorkload(draft, context);
  }

  /** Fills the counts; gives their sum, where 0 is what a message says before it is answered. */
  private long usage(Message m, CallDraft draft) throws RejectedRecord {
    usage.clear();
    long reasoning = Math.max(m.reasoning, 0);
    long inside =
        Math.max(m.input, 0) + Math.max(m.output, 0) + Math.max(m.read, 0) + Math.max(m.write, 0);
    if (inside + reasoning > 0) {
      usage.input = m.input;
      usage.cacheRead = m.read;
      usage.cacheWrite = m.write;
      usage.reasoning = m.reasoning;
      boolean contained = reasoning <= m.output;
      boolean told = m.total > 0;
      boolean within = told && contained && m.total == inside;
      usage.output = m.output == CallDraft.ABSENT || within ? m.output : m.output + reasoning;
      if (told && !within && m.total != inside + reasoning) {
        Totals.unexplained(draft);
      }
      // Versions without a total counted the reasoning of some models in the output too.
      boolean maybeTwice = reasoning > 0 && !told && contained;
      draft.flags |= maybeTwice ? CallFlags.ESTIMATED_USAGE : 0;
    }
    usage.fillDisjoint(draft, "tokens.input", "tokens.output");
    return inside + reasoning;
  }

  private void identify(Message m, CallDraft draft, boolean nothing) {
    if (!nothing && m.completed != CallDraft.ABSENT) {
      String print =
          m.created
              + "/"
              + m.completed
              + '/'
              + m.model
              + '/'
              + m.provider
              + '/'
              + m.cost
              + '/'
              + m.input
              + '/'
              + m.output
              + '/'
              + m.reasoning
              + '/'
              + m.read
              + '/'
              + m.write;
      Ids.identify(draft, SOURCE, print, false);
      draft.id = context.keepIds() ? m.id : null;
    } else if (m.id != null && !m.id.isEmpty()) {
      Ids.identify(draft, SOURCE, m.id, context.keepIds());
    }
  }
}
