package dev.homeward.formats;

import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.Items;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.JsonItemsAdapter;
import dev.homeward.formats.records.Plausible;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Samples;
import dev.homeward.formats.records.Sink;
import dev.homeward.formats.scan.JsonDamage;
import dev.homeward.formats.scan.JsonScanner;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/** Reads JSON records of one file with its format's adapter, each into the sink. */
final class RecordReader {
  private final JsonAdapter adapter;
  private final JsonItemsAdapter itemsAdapter;
  private final Sink sink;
  private final CallDraft draft = new CallDraft();
  private final Items items;
  private final JsonScanner parser = new JsonScanner();

  RecordReader(LogFormat format, ReadContext context, Sink sink) {
    this.adapter = format.jsonAdapter(context);
    this.itemsAdapter = adapter == null ? format.itemsAdapter(context) : null;
    this.sink = sink;
    this.items = new Items(sink);
  }

  /** Reads one record from {@code bytes[from, to)}. */
  void read(byte[] bytes, int from, int to, long line) {
    draft.clear();
    draft.sourceLine = line;
    items.begin(line);
    boolean found;
    try {
      found = readObject(bytes, from, to - from);
      if (found) {
        Plausible.check(draft);
      }
    } catch (RejectedRecord e) {
      if (draft.isInTrace()) {
        sink.between(draft);
      }
      sink.rejected(
          new Rejection(e.reason(), line, e.getMessage(), Samples.ofJson(bytes, from, to)));
      return;
    }
    if (found) {
      if (draft.isBucket()) {
        sink.bucket(draft);
      } else {
        sink.call(draft);
      }
    } else if (items.count() == 0) {
      if (draft.isInTrace()) {
        sink.between(draft);
      }
      sink.ignored();
    }
  }

  private boolean readObject(byte[] bytes, int offset, int length) throws RejectedRecord {
    parser.reset(bytes, offset, offset + length);
    try {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new RejectedRecord(Reason.NOT_A_RECORD, "the record is not a JSON object");
      }
      boolean found = false;
      if (adapter != null) {
        found = adapter.read(parser, draft);
      } else {
        itemsAdapter.read(parser, items);
      }
      if (parser.nextToken() != null) {
        throw new RejectedRecord(Reason.MALFORMED_JSON, "text after the end of the object");
      }
      return found;
    } catch (IOException e) {
      throw JsonDamage.rejection(e, "the record");
    }
  }
}
