package dev.homeward.formats.scan;

import java.io.IOException;

/** The JSON records of a file, one after the other, as bytes. */
public interface JsonRecords {
  /** Reads the next record; false at the end. */
  boolean next() throws IOException;

  /** Holds the record in {@code [from, to)}; valid until the next one is read. */
  byte[] bytes();

  int from();

  int to();

  /** Whether the record is longer than allowed; its bytes are then only the first ones. */
  boolean tooLong();

  /** One-based line on which the record begins. */
  long lineNumber();
}
