package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.scan.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParquetLogTest {
  private static final long START = 1_791_187_201_500_000L;

  @TempDir Path folder;

  @Test
  void aRowReadsAsTheGoldenJsonLine() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { optional binary call_id (UTF8); optional int64 started_at (TIMESTAMP(MILLIS,true));"
                + " optional int64 duration_us; optional int64 ttft_us; optional binary provider (UTF8);"
                + " optional binary region (UTF8); optional binary request_model (UTF8);"
                + " optional int32 input_tokens; optional int64 cache_read_tokens;"
                + " optional double cache_write_5m_tokens; optional int64 cache_write_1h_tokens;"
                + " optional int32 output_tokens; optional int32 reasoning_tokens;"
                + " optional fixed_len_byte_array(9) logged_usd (DECIMAL(20,10)); optional binary status (UTF8);"
                + " optional binary session (UTF8); optional binary workload (UTF8);"
                + " optional binary data_class (UTF8); optional binary owner (UTF8);"
                + " optional binary tags (UTF8); optional binary metadata (UTF8); optional boolean x_mine; }");
    Group row = new SimpleGroupFactory(schema).newGroup();
    row.append("call_id", "golden-1").append("started_at", START / 1000);
    row.append("duration_us", 4_500_000L).append("ttft_us", 700_000L);
    row.append("provider", "anthropic").append("region", "eu");
    row.append("request_model", "claude-haiku-4-5").append("input_tokens", 1200);
    row.append("cache_read_tokens", 3000L).append("cache_write_5m_tokens", 400.0);
    row.append("output_tokens", 250).append("reasoning_tokens", 90);
    byte[] cost = ByteBuffer.allocate(9).put((byte) 0).putLong(123_456_789L).array();
    row.append("logged_usd", Binary.fromConstantByteArray(cost)).append("status", "success");
    row.append("session", "session-1").append("workload", "golden");
    row.append("data_class", "internal").append("owner", "CC-1").append("tags", "app:golden");
    row.append("metadata", "{\n \"stage\": \"prod\"\n}").append("x_mine", true);

    Reading reading = read(schema, List.of(row, row));
    assertEquals(List.of(), reading.rejections);
    CallDraft golden =
        Reading.of(
                LogFormat.CANONICAL_JSONL,
                Reading.NOTHING_GIVEN,
                Reading.resource("canonical-jsonl.golden.jsonl"))
            .calls
            .get(0);
    assertEquals(sorted(golden), sorted(reading.calls.get(0)));
    assertEquals(2, reading.calls.get(1).sourceLine);
  }

  @Test
  void sparksOldTimestampsAreRead() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required int96 started_at; required binary request_model (UTF8); }");
    // 2026-10-05 is day 20,731 since 1970-01-01, which is Julian day 2,440,588.
    byte[] int96 =
        ByteBuffer.allocate(12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong((8 * 3600L + 1) * 1_000_000_000L + 500_000_000L)
            .putInt(2_440_588 + 20_731)
            .array();
    Group row =
        new SimpleGroupFactory(schema)
            .newGroup()
            .append("started_at", Binary.fromConstantByteArray(int96))
            .append("request_model", "m");
    assertEquals(START, read(schema, List.of(row)).calls.get(0).startedAtMicros);
  }

  @Test
  void nestedAndUnknownColumnsRejectTheirRows() throws IOException {
    MessageType nested =
        MessageTypeParser.parseMessageType(
            "message m { required int64 started_at_us; repeated binary tags (UTF8); }");
    Group tagged =
        new SimpleGroupFactory(nested)
            .newGroup()
            .append("started_at_us", START)
            .append("tags", "a")
            .append("tags", "b");
    Reading reading = read(nested, List.of(tagged));
    assertEquals(Reason.WRONG_TYPE, reading.rejections.get(0).reason());

    MessageType unknown =
        MessageTypeParser.parseMessageType(
            "message m { required int64 started_at_us; required int32 tokens; }");
    Group row =
        new SimpleGroupFactory(unknown)
            .newGroup()
            .append("started_at_us", START)
            .append("tokens", 1);
    Rejection rejection = read(unknown, List.of(row, row)).rejections.get(1);
    assertEquals(2, rejection.line());
    assertEquals(
        "tokens is not a field of the canonical record (names of your own begin with x_)",
        rejection.detail());
  }

  private Reading read(MessageType schema, List<Group> rows) throws IOException {
    Path file = Files.createTempDirectory(folder, "p").resolve("log.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file)).withType(schema).build()) {
      for (Group row : rows) {
        writer.write(row);
      }
    }
    byte[] head = Files.readAllBytes(file);
    assertEquals(
        Optional.of(LogFormat.CANONICAL_PARQUET),
        FormatDetection.detect(head, head.length).format());
    Reading reading = new Reading();
    ParquetLog.read(new LocalInputFile(file), Reading.NOTHING_GIVEN, reading);
    assertEquals(rows.size(), reading.records());
    return reading;
  }

  // The order of attributes is the order of columns, which is not the point here.
  private static List<String> sorted(CallDraft call) {
    String all = Reading.describe(call);
    return List.of(all.replaceAll("[\\[\\],]", " ").split(" +")).stream().sorted().toList();
  }
}
