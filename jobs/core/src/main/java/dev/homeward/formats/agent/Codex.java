package dev.homeward.formats.agent;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Rollouts of Codex (<code>~/.codex/sessions/**&#47;rollout-*.jsonl</code>), one session a file.
 * The model and working directory of a call are in the last {@code turn_context} before it. {@code
 * input_tokens} includes {@code cached_input_tokens} and {@code cache_write_input_tokens};
 * reasoning is part of output. The time is when the answer was done; a start, a first token and a
 * duration are not in the file.
 *
 * <p>Newer versions write a {@code token_usage_record} for each answer, with its id; older ones,
 * and newer ones too, an event {@code token_count} with the use of the last answer and the
 * session's total. From the first record on the events are not read. An event whose total did not
 * move repeats the one before; where the last use is missing, the totals' difference stands for it.
 *
 * <p>The file of a forked session repeats its parent's history, often under new times. The session
 * is that of the first {@code session_meta}. What names another thread, belongs to a turn older
 * than the session (both ids are UUIDs of version 7, which begin with a time), or is dated before
 * it, was used by the parent, whose file holds it.
 *
 * <pre>
 * {"timestamp":"2026-05-04T13:05:07.250Z","type":"session_meta","payload":{"id":"019e","cwd":"/repo/claims","model_provider":"openai"}}
 * {"timestamp":"2026-05-04T13:05:07.251Z","type":"turn_context","payload":{"turn_id":"019e","cwd":"/repo/claims","model":"gpt-5-codex"}}
 * {"timestamp":"2026-05-04T13:05:13.450Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{...},"last_token_usage":{"input_tokens":11000,"cached_input_tokens":8000,"output_tokens":500,"reasoning_output_tokens":200}}}}
 * </pre>
 */
public final class Codex implements JsonAdapter {
  private static final String SOURCE = "codex";
  private static final Pattern TIMED_ID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}");

  /** Characters of a UUID of version 7 that hold its time. */
  private static final int TIME_OF_ID = 13;

  private final ReadContext context;
  private final SourceTimes times;

  // What the file has said so far.
  private String session;
  private long sessionCreated = CallDraft.ABSENT;
  private String provider;
  private String directory;
  private String model;
  private String turn;
  private boolean hasRecords;
  private Counts total = new Counts();

  // The line being read.
  private String timestamp;
  private String type;
  private String payloadType;
  private String payloadId;
  private String payloadTimestamp;
  private String payloadProvider;
  private String payloadDirectory;
  private String payloadModel;
  private String payloadTurn;
  private String payloadThread;
  private String responseId;
  private Counts lineUse;
  private Counts lineTotal;

  public Codex(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft draft) throws IOException, RejectedRecord {
    reset();
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "timestamp" -> timestamp = Json.text(p, field);
        case "type" -> type = Json.text(p, field);
        case "payload" -> payload(p);
        default -> p.skipChildren();
      }
    }
    if ("session_meta".equals(type)) {
      sessionMeta();
    } else if ("turn_context".equals(type)) {
      turnContext();
    } else if ("token_usage_record".equals(type)) {
      return usageRecord(draft);
    } else if ("event_msg".equals(type) && "token_count".equals(payloadType)) {
      return tokenCount(draft);
    }
    return false;
  }

  private void payload(JsonParser p) throws IOException, RejectedRecord {
    boolean message = type != null && (type.equals("response_item") || type.equals("compacted"));
    if (message || !Json.isObject(p)) {
      p.skipChildren();
      return;
    }
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "type" -> payloadType = Json.skippedScalar(p);
        case "id" -> payloadId = Json.skippedScalar(p);
        case "timestamp" -> payloadTimestamp = Json.skippedScalar(p);
        case "model_provider" -> payloadProvider = Json.skippedScalar(p);
        case "cwd" -> payloadDirectory = Json.skippedScalar(p);
        case "model" -> payloadModel = Json.skippedScalar(p);
        case "turn_id" -> payloadTurn = Json.skippedScalar(p);
        case "thread_id" -> payloadThread = Json.skippedScalar(p);
        case "response_id" -> responseId = Json.skippedScalar(p);
        case "usage" -> lineUse = counts(p, field, false);
        case "info" -> info(p);
        default -> p.skipChildren();
      }
    }
  }

  private void info(JsonParser p) throws IOException, RejectedRecord {
    // Null where only limits of the plan were told.
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "last_token_usage" -> lineUse = counts(p, field, false);
        case "total_token_usage" -> lineTotal = counts(p, field, true);
        default -> p.skipChildren();
      }
    }
  }

  /** Counts of one answer or, as sums, of a session; null for null. */
  private static Counts counts(JsonParser p, String name, boolean sums)
      throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (!Json.isObject(p)) {
      throw Json.wrongType(p, name, "an object");
    }
    Counts counts = new Counts();
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "input_tokens" -> counts.input = count(p, field, sums);
        case "cached_input_tokens" -> counts.cached = count(p, field, sums);
        case "cache_write_input_tokens" -> counts.written = count(p, field, sums);
        case "output_tokens" -> counts.output = count(p, field, sums);
        case "reasoning_output_tokens" -> counts.reasoning = count(p, field, sums);
        case "total_tokens" -> {
          // Of a session it may be an estimate of the context's size.
          counts.total = sums ? CallDraft.ABSENT : Json.tokens(p, field);
          p.skipChildren();
        }
        default -> p.skipChildren();
      }
    }
    return counts;
  }

  private static long count(JsonParser p, String field, boolean sum)
      throws IOException, RejectedRecord {
    return sum ? Json.sum(p, field) : Json.tokens(p, field);
  }

  private void sessionMeta() throws RejectedRecord {
    if (session != null || payloadId == null) {
      // A fork repeats its parent's after its own.
      return;
    }
    if (payloadTimestamp != null) {
      sessionCreated = times.utc(payloadTimestamp, "payload.timestamp");
    }
    session = payloadId;
    provider = payloadProvider == null ? null : payloadProvider.toLowerCase(Locale.ROOT);
    directory = payloadDirectory;
  }

  private void turnContext() {
    turn = payloadTurn;
    model = payloadModel == null ? model : payloadModel;
    directory = payloadDirectory == null ? directory : payloadDirectory;
  }

  private boolean usageRecord(CallDraft draft) throws RejectedRecord {
    hasRecords = true;
    if (lineUse == null || isOfParent(payloadTurn)) {
      return false;
    }
    fill(draft, lineUse);
    if (responseId != null) {
      Ids.identify(draft, SOURCE, responseId, context.keepIds());
    }
    return true;
  }

  private boolean tokenCount(CallDraft draft) throws RejectedRecord {
    Counts before = total;
    boolean repeated = lineTotal != null && lineTotal.isSameAs(before);
    total = lineTotal == null ? total : lineTotal;
    Counts used = lineUse != null || lineTotal == null ? lineUse : lineTotal.since(before);
    // After a compaction an estimate of the context's size stands in total_tokens alone.
    boolean nothing = used == null || (used.input == 0 && used.output == 0);
    if (hasRecords || repeated || nothing || isOfParent(turn)) {
      return false;
    }
    fill(draft, used);
    if (session != null) {
      Ids.identify(draft, SOURCE, session + '/' + timestamp, context.keepIds());
    }
    return true;
  }

  private boolean isOfParent(String ofTurn) throws RejectedRecord {
    if (session == null) {
      return false;
    }
    boolean otherThread = payloadThread != null && !payloadThread.equals(session);
    boolean earlier =
        sessionCreated != CallDraft.ABSENT
            && timestamp != null
            && times.utc(timestamp, "timestamp") < sessionCreated;
    return otherThread || earlier || isOlder(ofTurn, session);
  }

  private static boolean isOlder(String id, String than) {
    return id != null
        && TIMED_ID.matcher(id).matches()
        && TIMED_ID.matcher(than).matches()
        && id.substring(0, TIME_OF_ID).compareTo(than.substring(0, TIME_OF_ID)) < 0;
  }

  private void fill(CallDraft draft, Counts used) throws RejectedRecord {
    if (timestamp == null) {
      throw new RejectedRecord(Reason.MISSING_TIME, "timestamp is missing");
    }
    draft.startedAtMicros = times.utc(timestamp, "timestamp");
    if (model != null && !model.isEmpty()) {
      draft.requestModel = model;
    } else if (context.hostedModel().isPresent()) {
      draft.requestModel = context.hostedModel().get();
      draft.flags |= CallFlags.GIVEN_BY_USER;
    } else {
      throw new RejectedRecord(
          Reason.MISSING_MODEL,
          "no turn_context before it names a model, and --hosted-model is not given");
    }
    draft.provider = provider;
    draft.session = session == null ? CallDraft.ABSENT : Ids.hash(session);
    Usage usage = new Usage();
    usage.input = used.input;
    usage.cacheRead = used.cached;
    usage.cacheWrite = used.written;
    usage.output = used.output;
    usage.reasoning = used.reasoning;
    usage.total = used.total;
    usage.fillInclusive(draft, "input_tokens", "output_tokens");
    CallNames.add(draft, "service", SOURCE);
    CallNames.add(draft, "path", CallNames.repository(directory));
    CallNames.addGivenWorkload(draft, context);
  }

  private void reset() {
    timestamp = null;
    type = null;
    payloadType = null;
    payloadId = null;
    payloadTimestamp = null;
    payloadProvider = null;
    payloadDirectory = null;
    payloadModel = null;
    payloadTurn = null;
    payloadThread = null;
    responseId = null;
    lineUse = null;
    lineTotal = null;
  }

  /** The counts of one usage object; ABSENT where it does not have them. */
  private static final class Counts {
    long input = CallDraft.ABSENT;
    long cached = CallDraft.ABSENT;
    long written = CallDraft.ABSENT;
    long output = CallDraft.ABSENT;
    long reasoning = CallDraft.ABSENT;

    /** The answer's own sum; not read of a session's. */
    long total = CallDraft.ABSENT;

    boolean isSameAs(Counts other) {
      return input == other.input
          && cached == other.cached
          && written == other.written
          && output == other.output
          && reasoning == other.reasoning;
    }

    /** What came since an earlier total; all of it where the count began anew. */
    Counts since(Counts earlier) {
      boolean anew = input < earlier.input || output < earlier.output || cached < earlier.cached;
      Counts since = new Counts();
      since.input = anew ? input : difference(input, earlier.input);
      since.cached = anew ? cached : difference(cached, earlier.cached);
      since.written = anew ? written : difference(written, earlier.written);
      since.output = anew ? output : difference(output, earlier.output);
      since.reasoning = anew ? reasoning : difference(reasoning, earlier.reasoning);
      return since;
    }

    private static long difference(long now, long before) {
      return now == CallDraft.ABSENT || before == CallDraft.ABSENT
          ? now
          : Math.max(now - before, 0);
    }
  }
}
