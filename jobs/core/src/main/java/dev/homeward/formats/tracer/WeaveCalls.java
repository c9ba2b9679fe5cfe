package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallStatus;
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
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Calls of Weave (Weights and Biases), an object a call, or a page of them below {@code calls}.
 * Most are calls of functions of the application; the ones of models are told by {@code
 * summary.usage}, which names each model with its counts. Weave adds the usage of what a call made
 * to its own, so that callers repeat it: one that says that several requests were made, or several
 * models asked, is a caller.
 *
 * <p>{@code prompt_tokens} contain what was cached, as OpenAI counts; {@code input_tokens} with
 * {@code cache_read_input_tokens} beside them do not, as Anthropic counts. {@code
 * summary.weave.costs} are Weave's estimate. Inputs are not read but for the model, outputs not at
 * all.
 *
 * <pre>
 * {"id":"c1","op_name":"weave:///acme/app/op/openai.chat.completions.create:Xk","trace_id":"t1",
 *  "parent_id":"c0","started_at":"2026-02-03T09:00:00Z","ended_at":"2026-02-03T09:00:03Z",
 *  "summary":{"usage":{"gpt-4o":{"requests":1,"prompt_tokens":2000,"completion_tokens":150}}}}
 * </pre>
 */
public final class WeaveCalls implements JsonItemsAdapter {
  private static final String SOURCE = "weave";

  private final ReadContext context;
  private final SourceTimes times;
  private final SpanTree spans = new SpanTree();

  // The call at hand.
  private final CallDraft draft = new CallDraft();
  private final CallDraft names = new CallDraft();
  private final Map<String, ModelUsage> models = new LinkedHashMap<>();
  private String trace;
  private String id;
  private String parent;
  private long start;
  private long end;
  private long session;
  private boolean failed;

  public WeaveCalls(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  /** What a call says of one model. */
  private static final class ModelUsage {
    final Usage usage = new Usage();
    boolean asAnthropic;
    long requests = CallDraft.ABSENT;
    long cost = CallDraft.ABSENT;
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    spans.clear();
    try {
      call(p, items);
    } finally {
      spans.handOver(items);
    }
  }

  private void call(JsonParser p, Items items) throws IOException {
    reset();
    boolean page = false;
    RejectedRecord damage = null;
    int depth = Json.depth(p);
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equals("calls") && p.currentToken() == JsonToken.START_ARRAY) {
        page = true;
        calls(p, items);
        continue;
      }
      try {
        field(field, p);
      } catch (RejectedRecord e) {
        // The call is lost, the ones beside it are not.
        damage = damage == null ? e : damage;
        Json.climb(p, depth);
      }
    }
    if (page) {
      return;
    }
    draft.clear();
    Ids.place(draft, SOURCE, trace, id, parent);
    if (models.isEmpty() && damage == null) {
      spans.other(draft);
      return;
    }
    try {
      if (damage != null) {
        throw damage;
      }
      finish();
    } catch (RejectedRecord e) {
      items.reject(e, draft);
    }
  }

  private void calls(JsonParser p, Items items) throws IOException {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      if (Json.isObject(p)) {
        call(p, items);
      } else {
        p.skipChildren();
      }
    }
  }

  private void field(String field, JsonParser p) throws IOException, RejectedRecord {
    switch (field) {
      case "id" -> id = Json.skippedScalar(p);
      case "trace_id" -> trace = Json.skippedScalar(p);
      case "parent_id" -> parent = Json.skippedScalar(p);
      case "started_at" -> start = times.utc(p, field);
      case "ended_at" -> end = times.utc(p, field);
      case "thread_id" -> session = Ids.hash(p);
      case "exception" -> {
        failed |= p.currentToken() != JsonToken.VALUE_NULL;
        p.skipChildren();
      }
      case "op_name" -> project(Json.skippedScalar(p));
      case "attributes" -> attributes(p);
      case "summary" -> summary(p);
      default -> p.skipChildren();
    }
  }

  /** {@code weave:///ENTITY/PROJECT/op/NAME:VERSION}. */
  private void project(String op) {
    String[] parts = op == null ? new String[0] : op.split("/", 7);
    if (op != null && op.startsWith("weave:///") && parts.length > 5) {
      CallNames.add(names, "team", parts[3]);
      CallNames.add(names, "project", parts[4]);
    }
  }

  private void attributes(JsonParser p) throws IOException {
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      String value = Json.skippedScalar(p);
      if (!key.equals("weave")) {
        CallNames.addMetadata(names, key, value);
      }
    }
  }

  private void summary(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "usage" -> {
          for (String m = Json.firstField(p); m != null; m = Json.nextField(p)) {
            usage(p, models.computeIfAbsent(m, name -> new ModelUsage()));
          }
        }
        case "weave" -> summary(p);
        case "costs" -> {
          for (String m = Json.firstField(p); m != null; m = Json.nextField(p)) {
            costs(p, m);
          }
        }
        case "status" -> failed |= "error".equals(Json.skippedScalar(p));
        default -> p.skipChildren();
      }
    }
  }

  private void usage(JsonParser p, ModelUsage of) throws IOException, RejectedRecord {
    Usage usage = of.usage;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "requests" -> of.requests = Json.tokens(p, field);
        case "prompt_tokens" -> usage.input = Math.max(usage.input, Json.tokens(p, field));
        case "input_tokens" -> {
          of.asAnthropic |= usage.input == CallDraft.ABSENT;
          usage.input = Math.max(usage.input, Json.tokens(p, field));
        }
        case "total_tokens" -> usage.total = Math.max(usage.total, Json.tokens(p, field));
        case "completion_tokens", "output_tokens" ->
            usage.output = Math.max(usage.output, Json.tokens(p, field));
        case "cached_tokens" -> {
          of.asAnthropic = false;
          usage.cacheRead = Math.max(usage.cacheRead, Json.tokens(p, field));
        }
        case "cache_read_input_tokens" ->
            usage.cacheRead = Math.max(usage.cacheRead, Json.tokens(p, field));
        case "cache_creation_input_tokens" ->
            usage.cacheWrite = Math.max(usage.cacheWrite, Json.tokens(p, field));
        case "ephemeral_5m_input_tokens" -> usage.cacheWrite5m = Json.tokens(p, field);
        case "ephemeral_1h_input_tokens" -> usage.cacheWrite1h = Json.tokens(p, field);
        case "reasoning_tokens" ->
            usage.reasoning = Math.max(usage.reasoning, Json.tokens(p, field));
        case "prompt_tokens_details",
            "input_tokens_details",
            "completion_tokens_details",
            "output_tokens_details",
            "cache_creation" ->
            usage(p, of);
        default -> p.skipChildren();
      }
    }
  }

  private void costs(JsonParser p, String model) throws IOException, RejectedRecord {
    long sum = CallDraft.ABSENT;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (!field.endsWith("_tokens_total_cost")) {
        p.skipChildren();
        continue;
      }
      long part = Json.dollars(p, field);
      if (part != CallDraft.ABSENT) {
        sum = sum == CallDraft.ABSENT ? part : Math.addExact(sum, part);
      }
    }
    ModelUsage known = models.get(model);
    if (known != null) {
      known.cost = sum;
    }
  }

  private void finish() throws RejectedRecord {
    if (models.size() > 1 || models.values().iterator().next().requests > 1) {
      spans.other(draft);
      return;
    }
    String model = models.keySet().iterator().next();
    ModelUsage of = models.get(model);
    if (start == CallDraft.ABSENT) {
      throw new RejectedRecord(Reason.MISSING_TIME, "started_at is missing");
    }
    draft.startedAtMicros = start;
    if (end != CallDraft.ABSENT) {
      if (end < start) {
        throw new RejectedRecord(Reason.END_BEFORE_START, "ended_at is before started_at");
      }
      draft.durationMicros = end - start;
    }
    draft.requestModel = model;
    draft.status = failed ? CallStatus.FAILURE : CallStatus.SUCCESS;
    draft.session = session;
    draft.loggedNanoUsd = of.cost;
    if (of.asAnthropic) {
      // Its total, where there is one, leaves the cached tokens out too.
      of.usage.total = CallDraft.ABSENT;
      of.usage.fillDisjoint(draft, "input_tokens", "output_tokens");
    } else {
      of.usage.fillAsTold(draft, "prompt_tokens", "completion_tokens");
    }
    for (int i = 0; i < names.attributes.size(); i++) {
      draft.attributes.add(names.attributes.source(i), names.attributes.value(i));
    }
    if (id != null) {
      Ids.identify(draft, SOURCE, id, context.keepIds());
    }
    CallNames.addGivenWorkload(draft, context);
    spans.call(draft);
  }

  private void reset() {
    names.clear();
    models.clear();
    trace = null;
    id = null;
    parent = null;
    start = CallDraft.ABSENT;
    end = CallDraft.ABSENT;
    session = CallDraft.ABSENT;
    failed = false;
  }
}
