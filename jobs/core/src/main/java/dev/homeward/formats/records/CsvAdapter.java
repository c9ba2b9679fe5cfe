package dev.homeward.formats.records;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/** Makes a call, or a bucket of usage, of one CSV record. One instance serves one file. */
public interface CsvAdapter {
  /**
   * Learns the header.
   *
   * @throws RejectedRecord if a needed column is missing: then every record is rejected with it
   */
  void header(String[] columns) throws RejectedRecord;

  /**
   * Reads a record with as many fields as the header.
   *
   * @return false if the record is no call
   */
  boolean read(CsvRecord record, CallDraft into) throws IOException, RejectedRecord;
}
