package dev.homeward.formats;

import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.JsonItemsAdapter;
import dev.homeward.formats.records.ReadContext;
import java.util.function.Function;

/** A framing and the adapter for it; exactly one of the three is there. */
record Reads(
    LogFormat.Framing framing,
    Function<ReadContext, JsonAdapter> json,
    Function<ReadContext, JsonItemsAdapter> items,
    Function<ReadContext, CsvAdapter> csv) {

  static Reads json(Function<ReadContext, JsonAdapter> adapter) {
    return new Reads(LogFormat.Framing.JSON, adapter, null, null);
  }

  static Reads items(Function<ReadContext, JsonItemsAdapter> adapter) {
    return new Reads(LogFormat.Framing.JSON, null, adapter, null);
  }

  static Reads csv(Function<ReadContext, CsvAdapter> adapter) {
    return new Reads(LogFormat.Framing.CSV, null, null, adapter);
  }

  static Reads parquet(Function<ReadContext, JsonAdapter> adapter) {
    return new Reads(LogFormat.Framing.PARQUET, adapter, null, null);
  }
}
