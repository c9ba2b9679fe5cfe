package dev.homeward.calls;

import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * The columns of calls/, once: name, type, and where the value stands in a {@link CallTable}. In
 * the words of OpenTelemetry GenAI; schemas/calls.columns.json says the same for people and tools.
 */
public final class CallColumns {

  /**
   * One column.
   *
   * @param text the text column it comes from, or null
   * @param number the number column it comes from, or null
   * @param words for an enumeration its words by ordinal, or null
   */
  record Column(String name, Text text, Number number, String[] words) {
    boolean isText() {
      return text != null || words != null;
    }
  }

  static final List<Column> ALL = new ArrayList<>();

  static {
    text("workload", Text.WORKLOAD);
    text("hosted_model", Text.HOSTED_MODEL);
    text("data_class", Text.DATA_CLASS);
    number("started_at_us", Number.STARTED_AT);
    text("provider", Text.PROVIDER);
    text("region", Text.REGION);
    text("served_by", Text.SERVED_BY);
    text("request_model", Text.REQUEST_MODEL);
    text("response_model", Text.RESPONSE_MODEL);
    words("operation", Number.OPERATION, Operation.values(), Operation::word);
    words("service_tier", Number.SERVICE_TIER, ServiceTier.values(), ServiceTier::word);
    words("billing_mode", Number.BILLING_MODE, BillingMode.values(), BillingMode::word);
    text("owner", Text.OWNER);
    number("duration_us", Number.DURATION);
    number("ttft_us", Number.TTFT);
    number("input_tokens", Number.INPUT);
    number("cache_read_tokens", Number.CACHE_READ);
    number("cache_write_5m_tokens", Number.CACHE_WRITE_5M);
    number("cache_write_1h_tokens", Number.CACHE_WRITE_1H);
    number("output_tokens", Number.OUTPUT);
    number("reasoning_tokens", Number.REASONING);
    number("other_units", Number.OTHER_UNITS);
    number("logged_nano_usd", Number.LOGGED_NANO_USD);
    number("audio_input_tokens", Number.AUDIO_INPUT);
    number("audio_output_tokens", Number.AUDIO_OUTPUT);
    number("web_searches", Number.WEB_SEARCHES);
    words("status", Number.STATUS, CallStatus.values(), CallStatus::word);
    number("session", Number.SESSION);
    number("flags", Number.FLAGS);
    text("source_file", Text.SOURCE_FILE);
    number("source_line", Number.SOURCE_LINE);
    text("call_id", Text.CALL_ID);
  }

  /** The Parquet schema; every column is optional, absent is NULL. */
  public static final MessageType SCHEMA = schema();

  private CallColumns() {}

  private static void text(String name, Text column) {
    ALL.add(new Column(name, column, null, null));
  }

  private static void number(String name, Number column) {
    ALL.add(new Column(name, null, column, null));
  }

  private static <E> void words(String name, Number column, E[] values, Function<E, String> word) {
    String[] words = new String[values.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = word.apply(values[i]);
    }
    ALL.add(new Column(name, null, column, words));
  }

  private static MessageType schema() {
    Types.MessageTypeBuilder builder = Types.buildMessage();
    for (Column column : ALL) {
      if (column.isText()) {
        builder
            .optional(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named(column.name());
      } else {
        builder.optional(PrimitiveTypeName.INT64).named(column.name());
      }
    }
    return builder.named("call");
  }
}
