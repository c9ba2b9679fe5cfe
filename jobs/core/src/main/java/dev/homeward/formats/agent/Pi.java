package dev.homeward.formats.agent;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Totals;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Sessions of pi (<code>~/.pi/agent/sessions/**&#47;*.jsonl</code>) and of agents made of it: a
 * line that names session and directory, then a line a message. {@code input}, {@code cacheRead}
 * and {@code cacheWrite} are disjoint, {@code output} contains {@code reasoning}. {@code
 * usage.cost} is pi's own estimate; its 0 says that it knew no price. The time is when the answer
 * was done. A branched session repeats its parent's lines in a file of its own: what such a line
 * says stands for its id.
 *
 * <pre>
 * {"type":"session","version":3,"id":"s","timestamp":"2026-05-04T13:05:07.250Z","cwd":"/repo/claims"}
 * {"type":"message","id":"a1b2c3d4","timestamp":"2026-05-04T13:05:13.450Z","message":{"role":"assistant","provider":"anthropic","model":"claude-sonnet-4-5","usage":{"input":2000,"output":500,"cacheRead":8000,"cacheWrite":1000,"totalTokens":11500,"cost":{"total":0.02}},"stopReason":"stop"}}
 * </pre>
 */
public final class Pi implements JsonAdapter {
  private static final String SOURCE = "pi";

  private final ReadContext context;
  private final SourceTimes times;
  private final Usage usage = new Usage();

  // What the file has said so far.
  private String session;
  private String directory;

  // The line being read.
  private String type;
  private String id;
  private String timestamp;
  private String lineDirectory;
  private String role;
  private String responseId;
  private String stopReason;
  private boolean used;
  private long total;
  private CallDraft draft;

  public Pi(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    begin(into);
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "type" -> type = Json.skippedScalar(p);
        case "id" -> id = Json.skippedScalar(p);
        case "timestamp" -> timestamp = Json.skippedScalar(p);
        case "cwd" -> lineDirectory = Json.skippedScalar(p);
        case "message" -> message(p);
        default -> p.skipChildren();
      }
    }
    if ("session".equals(type)) {
      session = id;
      directory = lineDirectory;
    }
    if (!used || !"message".equals(type) || !"assistant".equals(role)) {
      return false;
    }
    boolean timed = timestamp != null && !timestamp.isEmpty();
    draft.startedAtMicros = timed ? times.utc(timestamp, "timestamp") : CallDraft.ABSENT;
    Required.time(draft.startedAtMicros, "timestamp is missing");
    Required.model(draft, context, "message.model is missing, and --hosted-model is not given");
    draft.session = session == null ? CallDraft.ABSENT : Ids.hash(session);
    if ("error".equals(stopReason)) {
      draft.status = CallStatus.FAILURE;
    } else if ("aborted".equals(stopReason)) {
      draft.flags |= CallFlags.INTERRUPTED;
    }
    fill();
    CallNames.add(draft, "service", SOURCE);
    CallNames.add(draft, "path", CallNames.repository(directory));
    CallNames.addGivenWorkload(draft, context);
    return true;
  }

  private void begin(CallDraft into) {
    draft = into;
    usage.clear();
    type = null;
    id = null;
    timestamp = null;
    lineDirectory = null;
    role = null;
    responseId = null;
    stopReason = null;
    used = false;
    total = CallDraft.ABSENT;
  }

  private void message(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "role" -> role = Json.skippedScalar(p);
        case "provider" -> draft.provider = CallNames.provider(Json.skippedScalar(p));
        case "model" -> {
          String model = Json.skippedScalar(p);
          draft.requestModel = model == null || model.isEmpty() ? null : model;
        }
        case "responseModel" -> draft.responseModel = Json.skippedScalar(p);
        case "responseId" -> responseId = Json.skippedScalar(p);
        case "stopReason" -> stopReason = Json.skippedScalar(p);
        case "usage" -> {
          used = Json.isObject(p);
          usage(p);
        }
        default -> p.skipChildren();
      }
    }
  }

  private void usage(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "input" -> usage.input = Json.tokens(p, field);
        case "output" -> usage.output = Json.tokens(p, field);
        case "cacheRead" -> usage.cacheRead = Json.tokens(p, field);
        case "cacheWrite" -> usage.cacheWrite = Json.tokens(p, field);
        case "cacheWrite1h" -> usage.cacheWrite1h = Json.tokens(p, field);
        case "reasoning" -> usage.reasoning = Json.tokens(p, field);
        case "totalTokens" -> total = Json.tokens(p, field);
        case "cost" -> cost(p);
        default -> p.skipChildren();
      }
    }
  }

  private void cost(JsonParser p) throws IOException, RejectedRecord {
    if (!Json.isObject(p)) {
      p.skipChildren();
      return;
    }
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equals("total")) {
        draft.loggedNanoUsd = Json.dollars(p, "usage.cost.total");
      } else {
        p.skipChildren();
      }
    }
  }

  private void fill() throws RejectedRecord {
    long cached = Math.max(usage.cacheRead, 0) + Math.max(usage.cacheWrite, 0);
    long sum = Math.max(usage.input, 0) + Math.max(usage.output, 0) + cached;
    if (draft.loggedNanoUsd == 0) {
      draft.loggedNanoUsd = CallDraft.ABSENT;
    }
    if (sum == 0) {
      // Broken off before the first token, or not told: the file writes both alike.
      usage.clear();
    }
    identify(sum);
    if (total > 0 && total != sum) {
      Totals.unexplained(draft);
    }
    usage.fillDisjoint(draft, "usage.input", "usage.output");
  }

  private void identify(long sum) {
    if (responseId != null && !responseId.isEmpty()) {
      Ids.identify(draft, SOURCE, responseId, context.keepIds());
    } else if (id != null && !id.isEmpty()) {
      // Ids are short and of one session; the moment and the counts tell the sessions apart.
      Ids.identify(draft, SOURCE, id + '/' + timestamp + '/' + sum, context.keepIds());
    }
  }
}
