package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.formats.records.Items;
import dev.homeward.formats.records.JsonItemsAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Runs of LangSmith, an object a run, with its children below {@code child_runs} if they were
 * loaded, or a page of runs below {@code runs}. A run of the type {@code llm} or {@code embedding}
 * is a call; chains, tools and retrievers repeat the sums of what is below them. {@code
 * prompt_tokens} contain what {@code prompt_token_details} names as read from or written to the
 * cache. {@code total_cost} is LangSmith's estimate. Inputs are not read, and of outputs only the
 * usage in them.
 *
 * <pre>
 * {"id":"1f0","run_type":"llm","start_time":"2026-02-03T09:00:00","end_time":"2026-02-03T09:00:04",
 *  "parent_run_id":"1e0","extra":{"metadata":{"ls_provider":"openai","ls_model_name":"gpt-4o"}},
 *  "prompt_tokens":2000,"completion_tokens":150,"prompt_token_details":{"cache_read":1024}}
 * </pre>
 */
public final class LangSmithRuns implements JsonItemsAdapter {
  private final ReadContext context;
  private final SourceTimes times;
  private final SpanTree spans = new SpanTree();

  public LangSmithRuns(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    spans.clear();
    try {
      run(p, items);
    } finally {
      spans.handOver(items);
    }
  }

  private void run(JsonParser p, Items items) throws IOException {
    LangSmithRun run = new LangSmithRun(context, times);
    boolean page = false;
    int depth = Json.depth(p);
    RejectedRecord damage = null;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      boolean runs = field.equals("runs") && p.currentToken() == JsonToken.START_ARRAY;
      if (runs || field.equals("child_runs")) {
        page |= runs;
        runs(p, items);
        continue;
      }
      try {
        run.field(field, p);
      } catch (RejectedRecord e) {
        // The run is lost, its children and the ones beside it are not.
        damage = damage == null ? e : damage;
        Json.climb(p, depth);
      }
    }
    if (page) {
      return;
    }
    run.place();
    if (!run.isCall()) {
      spans.other(run.draft());
      return;
    }
    try {
      if (damage != null) {
        throw damage;
      }
      run.finish();
      spans.call(run.draft());
    } catch (RejectedRecord e) {
      items.reject(e, run.draft());
    }
  }

  private void runs(JsonParser p, Items items) throws IOException {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      if (Json.isObject(p)) {
        run(p, items);
      } else {
        p.skipChildren();
      }
    }
  }
}
