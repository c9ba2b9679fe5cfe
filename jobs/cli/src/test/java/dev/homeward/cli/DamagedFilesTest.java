package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that a disk, a copy or a person has damaged, each in its turn: the message names the file,
 * the exit code is that of bad input, and never is it a stack trace or another figure.
 */
final class DamagedFilesTest {
  private static final int BAD_INPUT = 2;

  /** The review without a list of hashes; nothing but its own shape tells that it is damaged. */
  private static final Path OLDER = Path.of("src/test/resources/written-by/0.1.0");

  private static final String OF_OLDER = "triage";

  private static final Map<String, UnaryOperator<byte[]>> DAMAGES = new LinkedHashMap<>();

  static {
    DAMAGES.put("missing", bytes -> null);
    DAMAGES.put("emptied", bytes -> new byte[0]);
    DAMAGES.put("cut in the middle", bytes -> Arrays.copyOf(bytes, bytes.length / 2));
    DAMAGES.put("cut by its last byte", bytes -> Arrays.copyOf(bytes, bytes.length - 1));
    DAMAGES.put("an empty object", bytes -> "{}\n".getBytes(StandardCharsets.UTF_8));
    DAMAGES.put("a list", bytes -> "[]\n".getBytes(StandardCharsets.UTF_8));
    DAMAGES.put("nothing", bytes -> "null\n".getBytes(StandardCharsets.UTF_8));
    DAMAGES.put("no text", bytes -> withByte(bytes, bytes.length / 3, 0xff));
  }

  @TempDir Path folder;

  @Test
  void eachFileOfAnOlderReview() throws IOException {
    for (String name : filesThatCommandsRead(OLDER)) {
      for (Map.Entry<String, UnaryOperator<byte[]>> damage : DAMAGES.entrySet()) {
        if (name.endsWith(".jsonl") && damage.getKey().equals("cut by its last byte")
            || name.endsWith(".json") && damage.getKey().equals("cut by its last byte")
            || name.startsWith("calls/") && damage.getKey().equals("no text")
            || name.equals("replays/replays.jsonl") && damage.getKey().equals("emptied")
            || name.equals("decisions.json") && damage.getKey().equals("no text")) {
          // A line feed more or less; pages are looked at when they are read; answers are found
          // anew; a letter of a name.
          continue;
        }
        Path review = damaged(OLDER, name, damage.getValue());
        assertRefused(
            "%s, %s".formatted(name, damage.getKey()),
            name,
            "diff",
            review.toString(),
            review.toString());
      }
    }
  }

  @Test
  void eachFileThatWhatIfReadsOfAnOlderReview() throws IOException {
    for (String name :
        List.of(
            "settings.json",
            "summary.json",
            "ranking.csv",
            "workloads/workloads.jsonl",
            "spend/spend.jsonl",
            "replays/replays.jsonl")) {
      for (String damage : List.of("missing", "cut in the middle", "an empty object", "nothing")) {
        assertRefused(
            "%s, %s".formatted(name, damage),
            name,
            "whatif",
            damaged(OLDER, name, DAMAGES.get(damage)).toString(),
            "--set",
            "assumptions.horizon-months=36");
      }
    }
  }

  @Test
  void decisionsOfAnOlderReviewThatExplainReads() throws IOException {
    for (String damage : DAMAGES.keySet()) {
      if (damage.equals("no text") || damage.equals("cut by its last byte")) {
        continue;
      }
      assertRefused(
          damage,
          "decisions.json",
          "explain",
          OF_OLDER,
          "--review",
          damaged(OLDER, "decisions.json", DAMAGES.get(damage)).toString());
    }
  }

  /** One of them lost a workload, the others did not. */
  @Test
  void filesOfAnOlderReviewThatSpeakOfOtherWorkloads() throws IOException {
    for (String name : List.of("workloads/workloads.jsonl", "spend/spend.jsonl", "ranking.csv")) {
      Path review =
          damaged(
              OLDER,
              name,
              bytes -> {
                String text = new String(bytes, StandardCharsets.UTF_8);
                int last = text.lastIndexOf('\n', text.length() - 2);
                return text.substring(0, last + 1).getBytes(StandardCharsets.UTF_8);
              });
      Cli.Ran ran = Cli.run("whatif", review.toString(), "--set", "assumptions.horizon-months=36");
      assertEquals(BAD_INPUT, ran.exit(), name + ran.out() + ran.err());
      assertTrue(ran.err().contains(name), ran.err());
    }
  }

  /** What a command reads of calls/ is checked page by page. */
  @Test
  void pagesOfCalls() throws IOException {
    for (int at : lastBytesOf(Set.of("started_at_us", "input_tokens", "output_tokens"))) {
      Path review = damaged(OLDER, "calls/part-00000.parquet", all -> withByte(all, at, -1));
      Cli.Ran ran = Cli.run("whatif", review.toString(), "--set", "hardware.rtx-4090.count=3");
      assertEquals(BAD_INPUT, ran.exit(), at + ran.out() + ran.err());
      assertTrue(ran.err().contains("part-00000.parquet"), ran.err());
      assertFalse(ran.err().contains("LocalInputFile"), ran.err());
      assertFalse(ran.err().contains("\tat "), ran.err());
    }
  }

  // Where columns end that every tape has.
  private static List<Integer> lastBytesOf(Set<String> columns) throws IOException {
    List<Integer> ends = new ArrayList<>();
    InputFile part = new LocalInputFile(OLDER.resolve("calls/part-00000.parquet"));
    try (ParquetFileReader reader = ParquetFileReader.open(part)) {
      for (ColumnChunkMetaData chunk : reader.getRowGroups().get(0).getColumns()) {
        if (columns.contains(chunk.getPath().toDotString())) {
          ends.add((int) (chunk.getStartingPos() + chunk.getTotalSize() - 1));
        }
      }
    }
    assertEquals(columns.size(), ends.size());
    return ends;
  }

  /** Nobody has written what stands there as answers to likely questions into a list of hashes. */
  @Test
  void likelyQuestionsThatWereAddedLater() throws IOException {
    for (String damage : List.of("an empty object", "a list", "nothing", "no text")) {
      Path review = copy(OLDER);
      Path replays = review.resolve("replays/replays.jsonl");
      Files.write(
          review.resolve("replays/likely.jsonl"),
          DAMAGES.get(damage).apply(Files.readAllBytes(replays)));
      assertRefused(
          damage,
          "replays/likely.jsonl",
          "whatif",
          review.toString(),
          "--set",
          "assumptions.horizon-months=36");
    }
  }

  @Test
  void aDirectoryThatIsNoReview() {
    for (String[] command :
        new String[][] {
          {"explain", "w", "--review", folder.toString()},
          {"whatif", folder.toString(), "--set", "assumptions.horizon-months=36"},
          {"diff", folder.toString(), folder.toString()}
        }) {
      Cli.Ran ran = Cli.run(command);
      assertEquals(BAD_INPUT, ran.exit(), ran.err());
      assertTrue(ran.err().contains(folder + ": it is not a review directory"), ran.err());
    }
  }

  /** Compressed logs with a byte changed or the end cut off, wherever. */
  @Test
  void compressedLogs() throws IOException {
    byte[] log = log();
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("log.jsonl.gz", gzip(log));
    all.put("log.jsonl.zst", zstd(log));
    all.put("log.jsonl.bz2", bzip2(log));
    for (Map.Entry<String, byte[]> one : all.entrySet()) {
      byte[] whole = one.getValue();
      assertEquals(0, validate(one.getKey(), whole).exit(), one.getKey());
      for (int eighth = 1; eighth < 8; eighth++) {
        int at = whole.length * eighth / 8;
        for (byte[] bytes :
            List.of(withByte(whole, at, whole[at] ^ 0x10), Arrays.copyOf(whole, at))) {
          Cli.Ran ran = validate(one.getKey(), bytes);
          assertEquals(BAD_INPUT, ran.exit(), one.getKey() + " " + at + ran.out() + ran.err());
          assertTrue(ran.err().contains(one.getKey()), ran.err());
          assertFalse(ran.err().contains("\tat "), ran.err());
        }
      }
    }
  }

  @Test
  void parquetLogs() throws IOException {
    byte[] whole = Files.readAllBytes(OLDER.resolve("calls/part-00000.parquet"));
    assertEquals(0, validate("log.parquet", whole).exit());
    for (byte[] bytes :
        List.of(
            withByte(whole, 60, -1),
            withByte(whole, whole.length / 4, whole[whole.length / 4] ^ 0x10),
            Arrays.copyOf(whole, whole.length / 2),
            Arrays.copyOf(whole, whole.length - 1),
            Arrays.copyOf(whole, whole.length + 7))) {
      Cli.Ran ran = validate("log.parquet", bytes);
      assertEquals(BAD_INPUT, ran.exit(), ran.out() + ran.err());
      assertTrue(ran.err().contains("Cannot read log.parquet to its end: its Parquet data is"));
      assertFalse(ran.err().contains("\tat "), ran.err());
    }
  }

  private Cli.Ran validate(String name, byte[] bytes) throws IOException {
    Path log = folder.resolve(name);
    Files.write(log, bytes);
    return Cli.run("validate", log.toString());
  }

  private static void assertRefused(String what, String named, String... command) {
    Cli.Ran ran = Cli.run(command);
    assertEquals(BAD_INPUT, ran.exit(), what + "\n" + ran.out() + ran.err());
    assertTrue(ran.err().contains(named), what + "\n" + ran.err());
    assertFalse(ran.err().contains("\tat "), what + "\n" + ran.err());
    assertTrue(ran.err().lines().count() <= 5, what + "\n" + ran.err());
  }

  private static List<String> filesThatCommandsRead(Path review) throws IOException {
    try (Stream<Path> all = Files.walk(review)) {
      return all.filter(Files::isRegularFile)
          .map(file -> review.relativize(file).toString())
          .filter(name -> !name.startsWith("rejected/"))
          .filter(name -> !List.of("replays/hours.jsonl", "violations.csv").contains(name))
          .sorted()
          .toList();
    }
  }

  private Path damaged(Path review, String name, UnaryOperator<byte[]> damage) throws IOException {
    Path copy = copy(review);
    Path file = copy.resolve(name);
    byte[] bytes = damage.apply(Files.readAllBytes(file));
    if (bytes == null) {
      Files.delete(file);
    } else {
      Files.write(file, bytes);
    }
    return copy;
  }

  private Path copy(Path review) throws IOException {
    Path copy = Files.createTempDirectory(folder, "review");
    try (Stream<Path> files = Files.walk(review)) {
      for (Path file : files.toList()) {
        Path to = copy.resolve(review.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    }
    return copy;
  }

  private static byte[] withByte(byte[] bytes, int at, int value) {
    byte[] other = bytes.clone();
    if (at < other.length) {
      other[at] = other[at] == (byte) value ? (byte) ~value : (byte) value;
    }
    return other;
  }

  private static byte[] log() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      lines.add(
          "{\"started_at\":\"2026-10-%02dT%02d:%02d:01Z\",\"request_model\":\"gpt-4o\",\"workload\":\"w%d\",\"input_tokens\":%d,\"output_tokens\":%d}"
              .formatted(1 + i % 31, i % 24, i % 60, i % 7, i * 7919L % 10_007, i * 31L % 997));
    }
    return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] zstd(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZstdOutputStream zstd = new ZstdOutputStream(out)) {
      zstd.setChecksum(true);
      zstd.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] bzip2(byte[] bytes) throws IOException {
    BZip2Codec codec = new BZip2Codec();
    codec.setConf(new Configuration(false));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream bzip2 = codec.createOutputStream(out)) {
      bzip2.write(bytes);
    }
    return out.toByteArray();
  }
}
