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
 * above a generation repeats its usage and is no call. The trace's name, tags, session and metadata
 * belong to each of its calls if they stand before the observations, as Langfuse writes them.
 */
public final class LangfuseTrace implements JsonItemsAdapter {
  private final LangfuseObservation observation;
  private final CallDraft draft = new CallDraft();
  private final CallDraft trace = new CallDraft();
  private final SpanTree spans = new SpanTree();

  public LangfuseTrace(ReadContext context) {
    this.observation = new LangfuseObservation(context);
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    trace.clear();
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
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "name" -> CallNames.add(trace, "service", Json.skippedScalar(p));
        case "sessionId" -> trace.session = Ids.hash(p);
        case "metadata" -> CallNames.addAllMetadata(trace, p);
        case "tags" -> {
          for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
            CallNames.add(trace, "tag", Json.skippedScalar(p));
          }
        }
        default -> p.skipChildren();
      }
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
        boolean call = observation.read(p, draft);
        spans.link(observation.id(), observation.parent());
        if (!call) {
          spans.other();
          continue;
        }
        for (int i = 0; i < trace.attributes.size(); i++) {
          draft.attributes.add(trace.attributes.source(i), trace.attributes.value(i));
        }
        draft.session = draft.session == CallDraft.ABSENT ? trace.session : draft.session;
        spans.call(observation.id(), draft);
      } catch (RejectedRecord e) {
        items.reject(e);
      }
    }
  }
}
