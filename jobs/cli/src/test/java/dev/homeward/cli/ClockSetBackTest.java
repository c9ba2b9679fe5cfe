package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock that was set back leaves files of the future behind: nothing is concluded from that. */
final class ClockSetBackTest {
  private static final FileTime FUTURE = FileTime.from(Instant.parse("2099-01-01T00:00:00Z"));

  @TempDir private Path folder;

  @Test
  void filesOfTheFutureAreFilesLikeOthers() throws IOException {
    Path log = folder.resolve("log.jsonl");
    Files.write(log, HomewardProcess.calls(60));
    Path out = folder.resolve("reviews/october");
    String[] review = {"review", log.toString(), "--workers", "local", "--out", out.toString()};
    assertEquals(0, Cli.run(review).exit());
    String[] whatIf = {"whatif", out.toString(), "--set", "assumptions.horizon-months=37"};
    String answer = Cli.run(whatIf).out();
    // What a killed run left, and what it was to replace.
    Path left = Files.createDirectory(out.resolveSibling(".october.staging-00ff-12345678"));
    Files.writeString(left.resolve("part"), "half");
    Files.writeString(out.resolveSibling(".october.staging-00ff-12345678.lock"), "");
    setTimes(folder, FUTURE);

    assertTrue(Cli.run(review).out().startsWith("Nothing to do"));
    assertEquals(List.of("october"), HomewardProcess.names(out.getParent()));
    assertEquals(answer, Cli.run(whatIf).out());
    assertEquals(0, Cli.run("diff", out.toString(), out.toString()).exit());
    assertEquals(0, Cli.run("history", folder.resolve("reviews").toString()).exit());

    Files.delete(out.resolve("ranking.csv"));
    Cli.Ran again = Cli.run(review);
    assertEquals(0, again.exit(), again.err());
    assertTrue(again.err().contains("ranking.csv is missing"), again.err());
    assertTrue(Files.exists(out.resolve("ranking.csv")));
    assertEquals(answer, Cli.run(whatIf).out());
    assertEquals(List.of("october"), HomewardProcess.names(out.getParent()));
  }

  private static void setTimes(Path folder, FileTime time) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.toList()) {
        Files.setLastModifiedTime(file, time);
      }
    }
  }
}
