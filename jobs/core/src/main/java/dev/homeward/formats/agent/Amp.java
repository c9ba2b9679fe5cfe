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
import dev.homeward.formats.records.Totals;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Threads of Amp (<code>~/.local/share/amp/threads/T-*.json</code>), one object a thread. A call
 * stands in the usage of its message, in an event of {@code usageLedger}, or in both: the event has
 * the time, the message what was cached, and the two are one call where the event names the message
 * or has the same model and counts. Input, cache reads and writes are disjoint, unless a total says
 * otherwise. Credits are not dollars and are not read. A message without a time, of older versions,
 * stands at the beginning of its thread.
 *
 * <pre>
 * {"id":"T-1","created":1777899907250,"messages":[{"role":"assistant","messageId":1,"usage":{"model":"claude-sonnet-4-5","inputTokens":2000,"outputTokens":500,"cacheCreationInputTokens":1000,"cacheReadInputTokens":8000}}],"usageLedger":{"events":[{"id":"e1","timestamp":"2026-05-04T13:05:13.450Z","model":"claude-sonnet-4-5","tokens":{"input":2000,"output":500},"toMessageId":1}]}}
 * </pre>
 */
public final class Amp implements JsonItemsAdapter {
  private static final String SOURCE = "amp";

  private final ReadContext context;
  private final SourceTimes times;
  private final List<Use> messages = new ArrayList<>();
  private final List<Use> events = new ArrayList<>();
  private final Usage usage = new Usage();

  private String thread;
  private long created;

  /** What a message or an event says of a call. */
  private static final class Use {
    private String id;
    private String messageId;
    private String role;
    private String model;
    private String timestamp;
    private long input = CallDraft.ABSENT;
    private long output = CallDraft.ABSENT;
    private long read = CallDraft.ABSENT;
    private long write = CallDraft.ABSENT;
    private long total = CallDraft.ABSENT;
    private long totalInput = CallDraft.ABSENT;
    private boolean used;

    boolean isOf(Use message) {
      if (messageId != null && message.messageId != null) {
        return messageId.equals(message.messageId);
      }
      return model != null
          && model.equals(message.model)
          && input == message.input
          && output == message.output;
    }

    /** Takes over what only the message says. */
    void take(Use message) {
      read = read == CallDraft.ABSENT ? message.read : read;
      write = write == CallDraft.ABSENT ? message.write : write;
      totalInput = message.totalInput;
      model = model == null ? message.model : model;
      timestamp = timestamp == null ? message.timestamp : timestamp;
    }

    long sum() {
      return Math.max(input, 0) + Math.max(output, 0) + Math.max(read, 0) + Math.max(write, 0);
    }
  }

  public Amp(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    messages.clear();
    events.clear();
    thread = null;
    created = CallDraft.ABSENT;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "id" -> thread = Json.skippedScalar(p);
        case "created" -> created = Json.millis(p, field);
        case "messages" -> list(p, messages, items);
        case "usageLedger" -> ledger(p, items);
        default -> p.skipChildren();
      }
    }
    handOver(items);
  }

  private void ledger(JsonParser p, Items items) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equals("events")) {
        list(p, events, items);
      } else {
        p.skipChildren();
      }
    }
  }

  private static void list(JsonParser p, List<Use> into, Items items) throws IOException {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      int outside = Json.depth(p) - (p.currentToken().isStructStart() ? 1 : 0);
      try {
        Use use = new Use();
        fields(p, use);
        if (use.used && (use.role == null || use.role.equals("assistant"))) {
          into.add(use);
        } else {
          items.ignore();
        }
      } catch (RejectedRecord e) {
        // The item is lost, the ones beside it are not: what follows of it is read past.
        Json.climb(p, outside);
        items.next();
        items.reject(e);
      }
    }
  }

  private static void fields(JsonParser p, Use use) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "id" -> use.id = Json.skippedScalar(p);
        case "messageId", "toMessageId" -> use.messageId = Json.skippedScalar(p);
        case "role" -> use.role = Json.skippedScalar(p);
        case "model" -> use.model = Json.skippedScalar(p);
        case "timestamp" -> use.timestamp = Json.skippedScalar(p);
        case "input", "inputTokens" -> use.input = Json.tokens(p, field);
        case "output", "outputTokens" -> use.output = Json.tokens(p, field);
        case "cacheReadInputTokens" -> use.read = Json.tokens(p, field);
        case "cacheCreationInputTokens" -> use.write = Json.tokens(p, field);
        case "total", "totalTokens" -> use.total = Json.tokens(p, field);
        case "totalInputTokens" -> use.totalInput = Json.tokens(p, field);
        case "tokens", "usage" -> {
          use.used = Json.isObject(p);
          fields(p, use);
        }
        default -> p.skipChildren();
      }
    }
  }

  private void handOver(Items items) {
    boolean[] taken = new boolean[messages.size()];
    for (Use event : events) {
      int twin = twin(event, taken);
      if (twin >= 0) {
        taken[twin] = true;
        event.take(messages.get(twin));
        items.ignore();
      }
      add(event, items);
    }
    for (int i = 0; i < taken.length; i++) {
      if (!taken[i]) {
        add(messages.get(i), items);
      }
    }
  }

  private int twin(Use event, boolean[] taken) {
    for (int i = 0; i < taken.length; i++) {
      if (!taken[i] && event.isOf(messages.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private void add(Use use, Items items) {
    CallDraft draft = items.next();
    try {
      if (use.sum() == 0 && use.total <= 0) {
        items.ignore();
        return;
      }
      fill(use, draft);
      items.add();
    } catch (RejectedRecord e) {
      items.reject(e);
    }
  }

  private void fill(Use use, CallDraft draft) throws RejectedRecord {
    boolean timed = use.timestamp != null && !use.timestamp.isEmpty();
    draft.startedAtMicros = timed ? times.utc(use.timestamp, "timestamp") : created;
    Required.time(draft.startedAtMicros, "neither the call nor its thread has a time");
    draft.requestModel = use.model == null || use.model.isEmpty() ? null : use.model;
    Required.model(draft, context, "no model is named, and --hosted-model is not given");
    draft.session = thread == null ? CallDraft.ABSENT : Ids.hash(thread);
    usage.clear();
    usage.input = use.input;
    usage.output = use.output;
    usage.cacheRead = use.read;
    usage.cacheWrite = use.write;
    long cached = Math.max(use.read, 0) + Math.max(use.write, 0);
    boolean within =
        cached > 0
            && (use.total > 0 && use.total == use.sum() - cached
                || use.totalInput > 0 && use.totalInput == use.input);
    if (!within && use.total > 0 && use.total != use.sum()) {
      Totals.unexplained(draft);
    }
    if (within) {
      usage.fillInclusive(draft, "input tokens", "output tokens");
    } else {
      usage.fillDisjoint(draft, "input tokens", "output tokens");
    }
    identify(use, draft);
    CallNames.add(draft, "service", SOURCE);
    CallNames.addGivenWorkload(draft, context);
  }

  private void identify(Use use, CallDraft draft) {
    if (thread != null && (use.id != null || use.messageId != null || use.timestamp != null)) {
      // Several events may be of one message.
      String own = use.id != null ? use.id : use.messageId + "@" + use.timestamp;
      Ids.identify(draft, SOURCE, thread + '/' + own, context.keepIds());
    }
  }
}
