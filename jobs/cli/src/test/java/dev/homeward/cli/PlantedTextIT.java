package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.homeward.formats.LogFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Logs of every format are read, in which prompts, answers, keys, users, addresses and sessions are
 * planted. None of it may be found: not in what is written or printed, not in temporary files, not
 * in Spark's event log, and not in the memory of the program, of which dumps are taken.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class PlantedTextIT {
  private static final String ROOT = System.getProperty("homeward.root", "../..");

  @TempDir Path folder;

  @Test
  void noPlantedTextIsFoundAfterAReview() throws Exception {
    Path logs = logs(false);
    Path review = folder.resolve("review");
    run(
        List.of(),
        "validate",
        logs.toString(),
        "--then",
        "validate",
        logs.toString(),
        "--json",
        "--then",
        "review",
        logs.toString(),
        "--out",
        review.toString(),
        "--workers",
        "local",
        "--verbose",
        "--then",
        "explain",
        "golden",
        "--review",
        review.toString());
    check(review);
  }

  @Test
  void noPlantedTextIsFoundAfterAnIngestWithSpark() throws Exception {
    Path logs = logs(false);
    Path events = Files.createDirectory(folder.resolve("events"));
    Path clean = folder.resolve("clean");
    run(
        List.of(
            "-Dspark.eventLog.enabled=true",
            "-Dspark.eventLog.dir=" + events,
            // What the workers send each other stays on the disk, and can be read there.
            "-Dspark.cleaner.referenceTracking=false",
            "-Dspark.shuffle.compress=false",
            "-Dspark.broadcast.compress=false"),
        "ingest",
        logs.toString(),
        "--out",
        clean.toString(),
        "--workers",
        "spark",
        "--verbose");
    assertTrue(HomewardProcess.names(events).size() > 0);
    try (Stream<Path> all = Files.walk(folder.resolve("dumps"))) {
      assertTrue(all.anyMatch(file -> file.toString().endsWith(".data")), "no file of a shuffle");
    }
    check(clean);
  }

  /** Traces, which say neither whose they are nor which model answered. */
  @Test
  void noPlantedTextIsFoundAfterTraces() throws Exception {
    Path logs = logs(true);
    Path clean = folder.resolve("clean");
    run(
        List.of(),
        "ingest",
        logs.toString(),
        "--out",
        clean.toString(),
        "--workers",
        "local",
        "--verbose",
        "--workload",
        "given",
        "--hosted-model",
        "gpt-4o");
    check(clean);
  }

  /** The golden files of all formats that are text, with planted words. */
  private Path logs(boolean needWorkload) throws IOException {
    Path logs = Files.createDirectory(folder.resolve("logs"));
    Path golden = Path.of(ROOT, "jobs/core/src/test/resources/formats");
    Planted planted = new Planted();
    for (LogFormat format : LogFormat.values()) {
      boolean csv = format.framing() == LogFormat.Framing.CSV;
      String name = format.word() + ".golden." + (csv ? "csv" : "jsonl");
      if (format.framing() == LogFormat.Framing.PARQUET || format.needsWorkload() != needWorkload) {
        continue;
      }
      String text = planted.in(format.word(), Files.readString(golden.resolve(name)));
      Files.writeString(logs.resolve(name.replace(".golden", "")), text);
    }
    if (!needWorkload) {
      parquet(planted, logs.resolve("canonical.parquet"));
    }
    Path settings = Files.createDirectory(logs.resolve("homeward"));
    Files.copy(golden.resolve("mapped.yaml"), settings.resolve("mapping.yaml"));
    Files.writeString(settings.resolve("policy.yaml"), "hardware: [rtx-4090]\n");
    return logs;
  }

  private static void parquet(Planted planted, Path file) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required binary started_at (UTF8); required binary request_model (UTF8);"
                + " required binary workload (UTF8); required binary session (UTF8);"
                + " required binary call_id (UTF8); required binary x_prompt (UTF8);"
                + " required int64 input_tokens; required int64 output_tokens; }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file)).withType(schema).build()) {
      for (int i = 0; i < 2; i++) {
        Group row = new SimpleGroupFactory(schema).newGroup();
        row.append("started_at", i == 0 ? "2026-10-05T09:00:00Z" : planted.word("parquet", "time"));
        row.append("request_model", "gpt-4o").append("workload", "golden");
        row.append("session", planted.word("parquet", "session"));
        row.append("call_id", planted.word("parquet", "id"));
        row.append("x_prompt", planted.word("parquet", "prompt"));
        writer.write(row.append("input_tokens", 100L).append("output_tokens", 10L));
      }
    }
  }

  private void run(List<String> flags, String... commands) throws Exception {
    Path dumps = Files.createDirectory(folder.resolve("dumps"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    List<String> arguments = new ArrayList<>(List.of(dumps.toString()));
    arguments.addAll(List.of(commands));
    List<String> all = new ArrayList<>(flags);
    all.add("-Djava.io.tmpdir=" + temporary);
    HomewardProcess run =
        HomewardProcess.start(DumpedRun.class, folder, all, arguments.toArray(String[]::new));
    assertEquals(0, run.exit(), run.err());
    long exits = run.out().lines().filter(line -> line.startsWith("exit ")).count();
    assertEquals(1 + Stream.of(commands).filter("--then"::equals).count(), exits, run.out());
    List<String> names = HomewardProcess.names(dumps);
    assertTrue(names.stream().anyMatch(name -> name.startsWith("read-")), names.toString());
    Files.createDirectory(folder.resolve("said"));
    Files.copy(run.outFile(), folder.resolve("said/out.txt"));
    Files.copy(run.errFile(), folder.resolve("said/err.txt"));
  }

  /** Everything below the test's folder but the logs themselves. */
  private void check(Path output) throws IOException {
    assertTrue(Files.isDirectory(output), Files.readString(folder.resolve("said/err.txt")));
    Map<String, TreeSet<String>> found = new TreeMap<>();
    int dumps = 0;
    int tables = 0;
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (file.startsWith(folder.resolve("logs"))) {
          continue;
        }
        TreeSet<String> words = Planted.found(file);
        if (file.toString().endsWith(".parquet")) {
          words.addAll(inTable(file));
          tables++;
        }
        dumps += file.toString().endsWith(".hprof") ? 1 : 0;
        if (!words.isEmpty()) {
          found.put(folder.relativize(file).toString(), words);
        }
      }
    }
    assertTrue(dumps > 1 && tables > 0, dumps + " dumps, " + tables + " tables");
    assertEquals(Map.of(), found);
    assertAllWereRead(output);
  }

  /** A format whose planted records are all refused would show nothing. */
  private void assertAllWereRead(Path output) throws IOException {
    JsonNode inputs =
        new JsonMapper().readTree(output.resolve("manifest.json").toFile()).get("inputs");
    List<String> without = new ArrayList<>();
    for (JsonNode file : inputs) {
      if (file.get("calls").asLong()
              + file.get("duplicates").asLong()
              + file.get("buckets").asLong()
          == 0) {
        without.add(file.toString());
      }
    }
    assertEquals(List.of(), without);
  }

  private static TreeSet<String> inTable(Path file) throws IOException {
    TreeSet<String> words = new TreeSet<>();
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.toUri()))
            .build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        words.addAll(Planted.found(row.toString().getBytes(StandardCharsets.UTF_8)));
      }
    }
    return words;
  }
}
