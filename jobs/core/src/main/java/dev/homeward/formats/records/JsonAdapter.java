package dev.homeward.formats.records;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Makes a call, or a bucket of usage, of one JSON object. One instance reads one file or byte range
 * of one; it may keep scratch fields, and something of an earlier record only if its format is
 * never split.
 */
public interface JsonAdapter {
  /**
   * Reads the object whose start the parser stands on, to its end.
   *
   * @return false if the object is no call in this format (a user turn, a summary)
   */
  boolean read(JsonParser parser, CallDraft into) throws IOException, RejectedRecord;
}
