package dev.homeward.formats.records;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Makes calls, or buckets of usage, of JSON objects that may hold several of them: an export of
 * spans, a page of a usage report. One instance reads one file, so that it may remember what an
 * earlier record said where the format needs that.
 */
public interface JsonItemsAdapter {
  /**
   * Reads the object whose start the parser stands on, to its end. What was handed to {@code items}
   * stays good if the object turns out to be damaged later on. An object that hands over nothing is
   * no call.
   */
  void read(JsonParser parser, Items items) throws IOException, RejectedRecord;
}
