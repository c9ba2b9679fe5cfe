package dev.homeward.formats.records;

import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/** Takes the rows of one table, each of which ends in its sink. */
public interface TableRows {
  /**
   * Learns the names of the columns.
   *
   * @throws RejectedRecord if a needed column is missing: then every record is rejected with it
   */
  void header(String[] columns) throws RejectedRecord;

  /**
   * Takes a row with as many fields as the header.
   *
   * @param line its first line
   * @param length its bytes in the file
   */
  void row(CsvRecord record, long line, long length) throws IOException;
}
