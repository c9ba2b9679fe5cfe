package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.Items;
import dev.homeward.formats.records.JsonItemsAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.RunIds;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * OTLP traces as JSON ({@code {"resourceSpans":[...]}}, a line or a document): spans of calls in
 * the names of OpenTelemetry's GenAI conventions, old and new, of OpenInference, of OpenLLMetry and
 * of the AI SDK. How their counts are meant is said at {@link SpanUsage}.
 *
 * <p>A span is a call if its operation or kind says that a model answered, or if it says none but
 * names a model and usage; spans of agents, workflows, tools and of other software are no calls. A
 * span with usage above another span with usage of its trace repeats it and is no call: here if
 * they stand in one document, else when the whole log has been read. Ids may be hex or base64,
 * numbers may be texts, kinds and states may be words: exporters differ. Prompts and answers, in
 * attributes or events, are not read.
 *
 * <p>Where a trace was sampled, it holds a part of the calls; the spans do not say which part.
 */
public final class Otlp implements JsonItemsAdapter {
  private static final String SOURCE = "otlp";

  private final ReadContext context;
  private final SpanUsage usage = new SpanUsage();
  private final CallDraft draft = new CallDraft();
  private final SpanTree spans = new SpanTree();

  // What the resource says of all its spans: source, value, ...
  private final List<String> resource = new ArrayList<>();

  // Name of the instrumentation whose spans are read; null where it is not told before them.
  private String scope;

  // The span at hand.
  private Boolean answeredByModel;
  private String workflow;
  private String agent;

  public Otlp(ReadContext context) {
    this.context = context;
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    spans.clear();
    try {
      object(p, items);
    } finally {
      spans.handOver(items);
    }
  }

  private void object(JsonParser p, Items items) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        // Tempo calls the spans of its traces batches.
        case "resourceSpans", "batches", "scopeSpans", "instrumentationLibrarySpans" -> {
          for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
            if (field.equals("resourceSpans") || field.equals("batches")) {
              resource.clear();
            }
            scope = null;
            object(p, items);
          }
        }
        case "resource" -> resource(p);
        case "scope", "instrumentationLibrary" -> scope(p);
        case "spans" -> spans(p, items);
        default -> p.skipChildren();
      }
    }
  }

  private void resource(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equals("attributes")) {
        attributes(p, true);
      } else {
        p.skipChildren();
      }
    }
  }

  private void scope(JsonParser p) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equals("name")) {
        scope = Json.skippedScalar(p);
      } else {
        p.skipChildren();
      }
    }
  }

  private void spans(JsonParser p, Items items) throws IOException, RejectedRecord {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      if (Json.isObject(p)) {
        span(p, items);
      } else {
        p.skipChildren();
      }
    }
  }

  private void span(JsonParser p, Items items) throws IOException, RejectedRecord {
    draft.clear();
    usage.clear();
    answeredByModel = null;
    workflow = null;
    agent = null;
    String trace = null;
    String id = null;
    String parent = null;
    long end = CallDraft.ABSENT;
    RejectedRecord damage = null;
    int depth = Json.depth(p);
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      try {
        switch (field) {
          case "traceId" -> trace = Json.skippedScalar(p);
          case "spanId" -> id = Json.skippedScalar(p);
          case "parentSpanId" -> parent = Json.skippedScalar(p);
          case "startTimeUnixNano" -> draft.startedAtMicros = nanos(p, field);
          case "endTimeUnixNano" -> end = nanos(p, field);
          case "status" -> status(p);
          case "attributes" -> attributes(p, false);
          default -> p.skipChildren();
        }
      } catch (RejectedRecord e) {
        // The span is lost, the ones beside it are not: what follows of it is read past.
        damage = damage == null ? e : damage;
        Json.climb(p, depth);
      }
    }
    Ids.place(draft, SOURCE, trace, id, parent);
    boolean named = draft.requestModel != null || draft.responseModel != null;
    boolean call = answeredByModel != null ? answeredByModel : named && !usage.isMissing();
    if (!call) {
      spans.other(draft);
      return;
    }
    try {
      if (damage != null) {
        throw damage;
      }
      finish(trace, id, end);
      spans.call(draft);
    } catch (RejectedRecord e) {
      items.reject(e, draft);
    }
  }

  private void finish(String trace, String id, long end) throws RejectedRecord {
    Required.time(draft.startedAtMicros, "startTimeUnixNano is missing");
    if (end != CallDraft.ABSENT && end > 0) {
      if (end < draft.startedAtMicros) {
        throw new RejectedRecord(
            Reason.END_BEFORE_START, "endTimeUnixNano is before startTimeUnixNano");
      }
      draft.durationMicros = end - draft.startedAtMicros;
    }
    if (draft.requestModel == null) {
      draft.requestModel = draft.responseModel;
    }
    Required.model(draft, context, "the span names no model, and --hosted-model is not given");
    usage.fill(draft, scope);
    if (trace != null && id != null) {
      Ids.identify(draft, SOURCE, trace + "/" + id, context.keepIds());
    }
    workload();
    for (int i = 0; i < resource.size(); i += 2) {
      CallNames.add(draft, resource.get(i), resource.get(i + 1));
    }
    CallNames.addGivenWorkload(draft, context);
  }

  /** The workflow, unless that only says what is done: then the agent, else what the service is. */
  private void workload() {
    String lasting = RunIds.cut(workflow);
    if (RunIds.isGeneric(lasting)) {
      lasting = agent != null ? agent : resource.contains("service") ? null : lasting;
    }
    CallNames.add(draft, "workload", workflow == null ? null : lasting);
  }

  private static long nanos(JsonParser p, String field) throws IOException, RejectedRecord {
    String text = Json.skippedScalar(p);
    return text == null || text.isEmpty() ? CallDraft.ABSENT : Times.ofNanos(text, field);
  }

  private void status(JsonParser p) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equals("code")) {
        String word = Json.skippedScalar(p);
        if ("2".equals(word) || "STATUS_CODE_ERROR".equals(word)) {
          draft.status = CallStatus.FAILURE;
        }
      } else {
        p.skipChildren();
      }
    }
  }

  private void attributes(JsonParser p, boolean ofResource) throws IOException, RejectedRecord {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      attribute(p, ofResource);
    }
  }

  private void attribute(JsonParser p, boolean ofResource) throws IOException, RejectedRecord {
    String key = null;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equals("key")) {
        key = Json.skippedScalar(p);
      } else if (field.equals("value") && key != null && Json.isObject(p)) {
        value(p, key, ofResource);
      } else {
        p.skipChildren();
      }
    }
  }

  /** The value of an attribute: one field that names its type. */
  private void value(JsonParser p, String key, boolean ofResource)
      throws IOException, RejectedRecord {
    for (String kind = Json.firstField(p); kind != null; kind = Json.nextField(p)) {
      if (p.currentToken().isStructStart()) {
        if (key.equals("tag.tags")) {
          tags(p);
        } else {
          p.skipChildren();
        }
        continue;
      }
      if (ofResource) {
        resourceAttribute(key, p);
      } else {
        spanAttribute(key, p);
      }
    }
  }

  private void tags(JsonParser p) throws IOException {
    int depth = 1;
    while (depth > 0) {
      JsonToken token = p.nextToken();
      if (token == JsonToken.VALUE_STRING) {
        CallNames.add(draft, "tag", p.getText());
      }
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }
  }

  private void resourceAttribute(String key, JsonParser p) throws IOException {
    switch (key) {
      case "service.name" -> {
        String name = p.getText();
        if (!name.startsWith("unknown_service")) {
          String lasting = RunIds.cut(name);
          resource.add("service");
          resource.add(lasting.isEmpty() ? name : lasting);
        }
      }
      case "service.namespace" -> {
        resource.add("team");
        resource.add(p.getText());
      }
      case "deployment.environment", "deployment.environment.name" -> {
        resource.add("metadata.environment");
        resource.add(p.getText());
      }
      default -> {}
    }
  }

  private void spanAttribute(String key, JsonParser p) throws IOException, RejectedRecord {
    switch (key) {
      case "gen_ai.operation.name", "openinference.span.kind", "llm.request.type" ->
          operation(p.getText());
      case "traceloop.span.kind" -> answeredByModel = false;
      case "operation.name", "ai.operationId" -> aiOperation(p.getText());
      case "gen_ai.provider.name", "gen_ai.system", "llm.provider" -> provider(p.getText());
      case "ai.model.provider" -> {
        usage.aiProvider(p.getText());
        draft.provider = draft.provider == null ? AiSdk.provider(p.getText()) : draft.provider;
      }
      case "ai.model.id" ->
          draft.requestModel = draft.requestModel == null ? p.getText() : draft.requestModel;
      case "ai.response.providerMetadata" -> usage.providerMetadata(p);
      case "ai.response.msToFirstChunk" -> {
        draft.ttftMicros = Json.millis(p, key);
        draft.flags |= draft.ttftMicros == CallDraft.ABSENT ? 0 : CallFlags.STREAMED;
      }
      case "ai.telemetry.functionId" ->
          CallNames.addWithoutRun(draft, "metadata.function", p.getText());
      case "llm.system" ->
          draft.provider =
              draft.provider == null ? CallNames.provider(p.getText()) : draft.provider;
      case "server.address" -> draft.serverAddress = p.getText();
      case "gen_ai.request.model", "llm.model_name", "embedding.model_name" ->
          draft.requestModel = p.getText();
      case "gen_ai.response.model" -> draft.responseModel = p.getText();
      case "gen_ai.response.time_to_first_chunk", "gen_ai.server.time_to_first_token" -> {
        draft.ttftMicros = Json.seconds(p, key);
        draft.flags |= CallFlags.STREAMED;
      }
      case "llm.cost.total", "gen_ai.usage.cost" ->
          draft.loggedNanoUsd = Json.dollars(Json.decimal(p.getText(), key), key);
      case "gen_ai.conversation.id", "session.id" -> draft.session = Ids.hash(p);
      case "error.type" -> draft.status = CallStatus.FAILURE;
      case "metadata" -> CallNames.addAllMetadata(draft, p);
      case "traceloop.workflow.name" -> workflow = p.getText();
      case "gen_ai.agent.name" -> {
        agent = RunIds.cut(p.getText());
        agent = agent.isBlank() ? null : agent;
        CallNames.add(draft, "metadata.agent", agent);
      }
      default -> {
        if (usage.take(key, p)) {
          return;
        }
        if (key.startsWith("traceloop.association.properties.")) {
          CallNames.addMetadata(draft, key.substring(key.lastIndexOf("ies.") + 4), p.getText());
        }
      }
    }
  }

  private void operation(String word) {
    switch (word.toLowerCase(Locale.ROOT)) {
      case "chat", "text_completion", "completion", "generate_content", "llm" ->
          answeredByModel = true;
      case "embeddings", "embedding" -> {
        answeredByModel = true;
        draft.operation = Operation.EMBEDDINGS;
      }
      default -> answeredByModel = false;
    }
  }

  /** What the AI SDK does in a span: one call of a model, or several and the tools between them. */
  private void aiOperation(String words) {
    if (!words.startsWith("ai.")) {
      return;
    }
    String operation = words.split(" ", 2)[0];
    if (operation.endsWith(".doEmbed")) {
      operation("embeddings");
    } else if (operation.endsWith(".doGenerate") || operation.endsWith(".doStream")) {
      answeredByModel = true;
    } else if (operation.startsWith("ai.toolCall")) {
      answeredByModel = false;
    } else if (operation.startsWith("ai.embed")) {
      draft.operation = Operation.EMBEDDINGS;
    }
  }

  private void provider(String word) {
    // A framework is no provider.
    draft.provider = word.equals("strands-agents") ? draft.provider : AiSdk.provider(word);
  }
}
