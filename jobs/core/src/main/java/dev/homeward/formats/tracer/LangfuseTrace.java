package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.Items;
import dev.homeward.formats.records.JsonItemsAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * One trace of Langfuse with its observations, as its interface exports it: {@code {"trace": {...},
 * "observations": [...]}}; pages of the API with {@code data} instead are read too. A generation
 * above a generation of the trace repeats its usage and is no call. The trace's name, tags, session
 * and metadata belong to each of its calls if they stand before the observations, as Langfuse
 * writes them.
 */
public final class LangfuseTrace implements JsonItemsAdapter {
  private final LangfuseObservation observation;
  private final CallDraft draft = new CallDraft();
  private final CallDraft trace = new CallDraft();
  private final LangfuseNames names = new LangfuseNames();
  private String traceId;
  private final SpanTree spans = new SpanTree();

  public LangfuseTrace(ReadContext context) {
    this.observation = new LangfuseObservation(context);
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    trace.clear();
    names.clear();
    traceId = null;
    spans.clear();
    try {
      for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
        if (field.equals("trace") && Json.isObject(p)) {
          trace(p);
        } else if (field.equals("observations") || field.equals("data")) {
          observations(p, items);
        } else {
          p.skipChildren();
        }
      }
    } finally {
      spans.handOver(items);
    }
  }

  private void trace(JsonParser p) throws IOException {
    CallDraft told = new CallDraft();
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "id" -> traceId = Json.skippedScalar(p);
        case "name" -> names.trace(Json.skippedScalar(p));
        case "sessionId" -> trace.session = Ids.hash(p);
        case "metadata" -> names.metadata(told, p);
        case "tags" -> {
          for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
            CallNames.add(told, "tag", Json.skippedScalar(p));
          }
        }
        default -> p.skipChildren();
      }
    }
    CallNames.add(trace, "service", names.service());
    for (int i = 0; i < told.attributes.size(); i++) {
      trace.attributes.add(told.attributes.source(i), told.attributes.value(i));
    }
  }

  private void observations(JsonParser p, Items items) throws IOException {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      if (!Json.isObject(p)) {
        p.skipChildren();
        continue;
      }
      draft.clear();
      try {
        observation.within(traceId);
        if (!observation.read(p, draft)) {
          spans.other(draft);
          continue;
        }
        for (int i = 0; i < trace.attributes.size(); i++) {
          draft.attributes.add(trace.attributes.source(i), trace.attributes.value(i));
        }
        draft.session = draft.session == CallDraft.ABSENT ? trace.session : draft.session;
        spans.call(draft);
      } catch (RejectedRecord e) {
        items.reject(e, draft);
      }
    }
  }
}
