package dev.homeward.formats.records;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/** Rows that an adapter makes a call or a bucket of. */
public final class AdaptedRows implements TableRows {
  private final CsvAdapter adapter;
  private final Sink sink;
  private final CallDraft draft = new CallDraft();
  private String[] header;

  public AdaptedRows(CsvAdapter adapter, Sink sink) {
    this.adapter = adapter;
    this.sink = sink;
  }

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    adapter.header(columns);
  }

  @Override
  public void row(CsvRecord record, long line, long length) throws IOException {
    draft.clear();
    draft.sourceLine = line;
    try {
      if (adapter.read(record, draft)) {
        Plausible.check(draft);
        if (draft.isBucket()) {
          sink.bucket(draft);
        } else {
          sink.call(draft);
        }
      } else {
        if (draft.isInTrace()) {
          sink.between(draft);
        }
        sink.ignored();
      }
    } catch (RejectedRecord e) {
      if (draft.isInTrace()) {
        sink.between(draft);
      }
      String sample = Samples.ofCsv(header, record, length);
      sink.rejected(new Rejection(e.reason(), line, e.getMessage(), sample));
    }
  }
}
