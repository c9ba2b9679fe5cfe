package dev.homeward.formats;

import dev.homeward.formats.records.Sink;
import dev.homeward.formats.records.TableRows;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.JsonBytes;
import dev.homeward.formats.scan.JsonText;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.util.List;

/**
 * Rows of a table whose format is read as JSON: the record is JSON in one column, or the row itself
 * is the object and its columns are the keys. A field that is a number, a truth value, an object or
 * an array as JSON writes them counts as one; an empty field is absent.
 */
final class JsonRows implements TableRows {
  private final RecordReader records;
  private final Unwrapper unwrapper;
  private final String column;
  private final Sink sink;
  private final JsonBytes json = new JsonBytes();
  private String[] header;
  private int at;

  /**
   * @param path the column of the records and keys below it; empty where rows are the records
   */
  JsonRows(RecordReader records, Sink sink, List<String> path) {
    this.records = records;
    this.sink = sink;
    this.column = path.isEmpty() ? null : path.get(0);
    this.unwrapper =
        path.isEmpty() ? null : new Unwrapper(records, sink, path.subList(1, path.size()));
  }

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    at = column == null ? 0 : List.of(columns).indexOf(column);
    if (at < 0) {
      throw new RejectedRecord(Reason.MISSING_COLUMN, "the header has no column " + column);
    }
  }

  @Override
  public void row(CsvRecord record, long line, long length) {
    if (unwrapper == null) {
      wholeRow(record);
      records.read(json.bytes(), 0, json.length(), line);
      return;
    }
    byte[] bytes = record.bytes();
    int start = JsonText.objectStart(bytes, record.start(at), record.end(at));
    if (start < 0) {
      sink.ignored();
    } else {
      unwrapper.read(bytes, start, record.end(at), line);
    }
  }

  private void wholeRow(CsvRecord record) {
    json.clear();
    json.open('{');
    for (int i = 0; i < header.length; i++) {
      if (!record.isEmpty(i)) {
        json.name(header[i]);
        json.field(record.bytes(), record.start(i), record.end(i));
      }
    }
    json.close('}');
  }
}
