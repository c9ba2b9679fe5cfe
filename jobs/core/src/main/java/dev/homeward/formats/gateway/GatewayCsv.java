package dev.homeward.formats.gateway;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.RejectedRecord;

/** A gateway's log as CSV: {@link #field} for each column that is not empty, then the end. */
abstract class GatewayCsv extends GatewayRecord implements CsvAdapter {
  private final String[] needed;
  private String[] header;

  /**
   * @param needed columns without which no record can be read
   */
  GatewayCsv(ReadContext context, String... needed) {
    super(context);
    this.needed = needed;
  }

  @Override
  public final void header(String[] columns) throws RejectedRecord {
    header = columns;
    for (String column : needed) {
      CsvRecords.needed(columns, column);
    }
  }

  @Override
  public final boolean read(CsvRecord record, CallDraft into) throws RejectedRecord {
    begin(into);
    for (int i = 0; i < header.length; i++) {
      if (!record.isEmpty(i)) {
        field(record, i, header[i]);
      }
    }
    return end();
  }

  /** Reads the field at a position; a text that nobody asks the record for is never made. */
  abstract void field(CsvRecord record, int at, String field) throws RejectedRecord;
}
