package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import java.io.IOException;

/**
 * Sessions of the Codex CLI ({@code ~/.codex/sessions/**&#47;rollout-*.jsonl}). Input contains what
 * was read from the cache, output contains reasoning. The model stands in a {@code turn_context}
 * before the counts, so that a file is read from its beginning.
 *
 * <p>A {@code token_count} event with {@code last_token_usage} is one answer of the API. Snapshots
 * whose running total has not changed repeat the one before and are no calls; where {@code
 * last_token_usage} is missing the difference of the totals is the call. A session that goes on
 * from another one begins with a copy of its events: the id of a call is its time and its running
 * total, so that such copies are found. The time is when the event was written; a start and a
 * duration are not in the file.
 */
final class Codex implements JsonItemsAdapter {
  private static final String SOURCE = "codex";

  private final ReadContext context;
  private final SourceTimes times;
  private final Usage last = new Usage();
  private final Usage total = new Usage();

  // What the events before say.
  private String model;
  private String provider = "openai";
  private String repository;
  private long session = CallDraft.ABSENT;
  private final long[] before = {0, 0, 0, 0};
  private boolean counted;

  // The event at hand.
  private long time;
  private String type;
  private String innerType;
  private boolean hasLast;
  private boolean hasTotal;
  private String eventModel;
  private String eventDirectory;
  private String eventSession;
  private String eventProvider;

  Codex(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    reset();
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "timestamp" -> time = times.utc(p, field);
        case "type" -> type = Json.skippedScalar(p);
        case "payload" -> payload(p);
        default -> p.skipChildren();
      }
    }
    if ("turn_context".equals(type) || "session_meta".equals(type)) {
      remember();
    } else if ("event_msg".equals(type) && "token_count".equals(innerType)) {
      count(items);
    }
  }

  private void payload(JsonParser p) throws IOException, RejectedRecord {
    if (!Json.isObject(p)) {
      p.skipChildren();
      return;
    }
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "type" -> innerType = Json.skippedScalar(p);
        case "model" -> eventModel = Json.skippedScalar(p);
        case "cwd" -> eventDirectory = Json.skippedScalar(p);
        case "id" -> eventSession = Json.skippedScalar(p);
        case "model_provider" -> eventProvider = Json.skippedScalar(p);
        case "info" -> info(p);
        default -> p.skipChildren();
      }
    }
  }

  private void info(JsonParser p) throws IOException, RejectedRecord {
    if (!Json.isObject(p)) {
      p.skipChildren();
      return;
    }
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      if (field.equals("last_token_usage") && Json.isObject(p)) {
        hasLast = true;
        usage(p, last);
      } else if (field.equals("total_token_usage") && Json.isObject(p)) {
        hasTotal = true;
        usage(p, total);
      } else {
        p.skipChildren();
      }
    }
  }

  private static void usage(JsonParser p, Usage into) throws IOException, RejectedRecord {
    while (p.nextToken() == JsonToken.FIELD_NAME) {
      String field = p.currentName();
      p.nextToken();
      switch (field) {
        case "input_tokens" -> into.input = Json.tokens(p, field);
        case "cached_input_tokens" -> into.cacheRead = Json.tokens(p, field);
        case "output_tokens" -> into.output = Json.tokens(p, field);
        case "reasoning_output_tokens" -> into.reasoning = Json.tokens(p, field);
        default -> p.skipChildren();
      }
    }
  }

  private void remember() {
    model = eventModel == null ? model : eventModel;
    provider = eventProvider == null ? provider : Names.provider(eventProvider);
    repository = eventDirectory == null ? repository : Names.repository(eventDirectory);
    if ("session_meta".equals(type) && eventSession != null) {
      session = Ids.hash(eventSession);
    }
  }

  private void count(Items items) throws RejectedRecord {
    long[] now = {
      Math.max(total.input, 0),
      Math.max(total.cacheRead, 0),
      Math.max(total.output, 0),
      Math.max(total.reasoning, 0)
    };
    if (hasTotal && counted && java.util.Arrays.equals(now, before)) {
      return;
    }
    if (!hasLast && !hasTotal) {
      return;
    }
    CallDraft draft = items.next();
    if (!hasLast) {
      last.input = now[0] - before[0];
      last.cacheRead = now[1] - before[1];
      last.output = now[2] - before[2];
      last.reasoning = now[3] - before[3];
      if (last.input < 0 || last.cacheRead < 0 || last.output < 0 || last.reasoning < 0) {
        System.arraycopy(now, 0, before, 0, now.length);
        throw new RejectedRecord(
            Reason.NEGATIVE_TOKENS, "total_token_usage is less than it was before");
      }
    }
    if (hasTotal) {
      System.arraycopy(now, 0, before, 0, now.length);
      counted = true;
    }
    if (time == CallDraft.ABSENT) {
      throw new RejectedRecord(Reason.MISSING_TIME, "timestamp is missing");
    }
    draft.startedAtMicros = time;
    draft.requestModel = model != null ? model : context.hostedModel().orElse(null);
    if (draft.requestModel == null) {
      throw new RejectedRecord(
          Reason.MISSING_MODEL, "no turn_context names a model, and --hosted-model is not given");
    }
    draft.flags |= model == null ? CallFlags.GIVEN_BY_USER : 0;
    draft.provider = provider;
    draft.session = session;
    last.fillInclusive(draft, "input_tokens", "output_tokens");
    // Not counted by OpenAI: there is nothing to pay for writing to its cache.
    draft.cacheWrite5mTokens = 0;
    Ids.identify(draft, SOURCE, time + "/" + java.util.Arrays.toString(now), false);
    Names.add(draft, "service", SOURCE);
    Names.add(draft, "path", repository);
    Names.addGivenWorkload(draft, context);
    items.add();
  }

  private void reset() {
    last.clear();
    total.clear();
    time = CallDraft.ABSENT;
    type = null;
    innerType = null;
    hasLast = false;
    hasTotal = false;
    eventModel = null;
    eventDirectory = null;
    eventSession = null;
    eventProvider = null;
  }
}
