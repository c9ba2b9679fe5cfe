package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Small files that become large when they are read: they cost time by their size, not memory. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class BombsIT {
  private static final int MEGABYTES = 300;
  private static final String CALL =
      "{\"started_at\":\"2026-10-05T08:00:01Z\",\"request_model\":\"gpt-4o\",\"workload\":\"w\",\"input_tokens\":9,\"output_tokens\":1}\n";

  @TempDir Path folder;

  @Test
  void compressedBombsAreReadInLittleMemory() throws Exception {
    Path logs = Files.createDirectory(folder.resolve("logs"));
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(logs.resolve("a.jsonl.gz")))) {
      bomb(out, CALL + "{\"x_prompt\":\"");
    }
    try (OutputStream out =
        new ZstdOutputStream(Files.newOutputStream(logs.resolve("b.jsonl.zst")))) {
      bomb(out, CALL.replace("08:00:01", "08:00:02") + "{\"x_prompt\":\"");
    }
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(logs.resolve("c.csv.gz")))) {
      bomb(
          out,
          "started_at,request_model,workload,input_tokens,output_tokens\n2026-10-05T08:00:03Z,gpt-4o,w,9,1\n\"");
    }
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(logs.resolve("d.zip")))) {
      zip.putNextEntry(new ZipEntry("a.jsonl"));
      bomb(zip, CALL);
    }
    try (OutputStream out =
        new GZIPOutputStream(
            new GZIPOutputStream(Files.newOutputStream(logs.resolve("e.jsonl.gz"))))) {
      bomb(out, CALL);
    }
    assertTrue(Files.size(logs.resolve("a.jsonl.gz")) < 1_000_000);

    HomewardProcess run = validate(logs);
    assertEquals(1, run.exit(), run.err());
    String out = run.out();
    assertEquals(3 + 1, out.split("1 record_too_large|3 record_too_large", -1).length - 1, out);
    assertTrue(out.contains("d.zip: it is a zip archive"), out);
    assertTrue(out.contains("e.jsonl.gz: it is compressed inside of what was read"), out);
  }

  /** A table of a few kilobytes: every row says the same 256 KB, more than a gigabyte in all. */
  @Test
  void aTableThatRepeatsOneValueIsReadInLittleMemory() throws Exception {
    Path logs = Files.createDirectory(folder.resolve("logs"));
    Path file = logs.resolve("calls.parquet");
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required binary started_at (UTF8); required binary request_model (UTF8);"
                + " required binary workload (UTF8); required int64 input_tokens;"
                + " required int64 output_tokens; }");
    String endless = "w".repeat(1 << 18);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withType(schema)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .build()) {
      for (int i = 0; i < 5_000; i++) {
        Group row = new SimpleGroupFactory(schema).newGroup();
        row.append("started_at", "2026-10-05T08:%02d:%02dZ".formatted(i / 60 % 60, i % 60));
        row.append("request_model", "gpt-4o").append("workload", endless);
        writer.write(row.append("input_tokens", 9L).append("output_tokens", 1L));
      }
    }
    assertTrue(Files.size(file) < 100_000, Files.size(file) + " bytes");
    HomewardProcess run = validate(logs);
    assertEquals(0, run.exit(), run.err());
    assertTrue(run.out().contains("records     5,000 = 5,000 calls"), run.out());
    assertTrue(run.out().length() < 5_000, run.out().length() + " characters");
  }

  private HomewardProcess validate(Path logs) throws IOException {
    return HomewardProcess.start(folder, List.of("-Xmx300m"), "validate", logs.toString());
  }

  private static void bomb(OutputStream out, String start) throws IOException {
    out.write(start.getBytes(StandardCharsets.UTF_8));
    byte[] block = "a".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < MEGABYTES; i++) {
      out.write(block);
    }
  }
}
