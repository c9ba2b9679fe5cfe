package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.homeward.formats.records.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of one review cannot be joined with those of another, nor looked up in a dictionary. */
final class KeyedSessionsTest {
  /** A session that can be guessed. */
  private static final String GUESSED = "alice@example.org";

  @TempDir Path folder;

  @Test
  void aSessionHasAnotherNumberInEveryCleanLog() throws IOException {
    Path october = log("october", call(1, GUESSED) + call(2, GUESSED) + call(3, "bob"));
    Path both = log("both", Files.readString(october.resolve("calls.jsonl")) + call(4, "carol"));

    List<Long> one = sessions(ingest(october, "one"));
    assertEquals(3, one.size());
    assertEquals(one.get(0), one.get(1));
    assertEquals(2, Set.copyOf(one).size());

    List<Long> other = sessions(ingest(both, "other"));
    assertEquals(3, Set.copyOf(other).size());
    assertNotEquals(one.get(0), other.get(0));
    for (List<Long> found : List.of(one, other)) {
      assertEquals(false, found.contains(Ids.hash(GUESSED)), "the hash that anybody can make");
    }
  }

  @Test
  void theSameLogGivesTheSameBytes() throws IOException {
    Path october = log("october", call(1, GUESSED) + call(2, "bob"));
    Path moved = log("elsewhere/november", Files.readString(october.resolve("calls.jsonl")));
    Path one = ingest(october, "one");
    Path again = ingest(moved, "again");
    assertArrayEquals(
        Files.readAllBytes(parts(one).get(0)), Files.readAllBytes(parts(again).get(0)));
  }

  private Path log(String name, String text) throws IOException {
    Path logs = Files.createDirectories(folder.resolve(name));
    Files.writeString(logs.resolve("calls.jsonl"), text);
    return logs;
  }

  private static String call(int second, String session) {
    return """
        {"started_at":"2026-10-05T08:00:0%dZ","request_model":"gpt-4o","workload":"w","session":"%s","input_tokens":9,"output_tokens":1}
        """
        .formatted(second, session);
  }

  private Path ingest(Path logs, String name) {
    Path out = folder.resolve(name);
    Cli.Ran ran = Cli.run("ingest", logs.toString(), "--out", out.toString(), "--workers", "local");
    assertEquals(0, ran.exit(), ran.err());
    return out;
  }

  private static List<Path> parts(Path clean) throws IOException {
    try (Stream<Path> files = Files.list(clean.resolve("calls"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  private static List<Long> sessions(Path clean) throws IOException {
    List<Long> sessions = new ArrayList<>();
    for (Path part : parts(clean)) {
      try (ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), new org.apache.hadoop.fs.Path(part.toUri()))
              .build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          sessions.add(row.getLong("session", 0));
        }
      }
    }
    return sessions;
  }
}
