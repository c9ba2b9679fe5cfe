package dev.homeward.formats;

import dev.homeward.calls.CallDraft;
import java.io.IOException;

/** Makes a call of one CSV record. One instance serves one file. */
interface CsvAdapter {
  /** Learns the header. */
  void header(String[] columns);

  /**
   * Reads a record with as many fields as the header.
   *
   * @return false if the record is no call
   */
  boolean read(String[] fields, CallDraft into) throws IOException, RejectedRecord;
}
