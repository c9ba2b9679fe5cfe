package dev.homeward.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where settings are looked for: what a user calls the log decides, not the current directory. */
final class LogOptionsTest {
  @TempDir private Path folder;

  @BeforeEach
  void aLogWithSettings() throws IOException {
    Files.createDirectories(folder.resolve("logs/homeward"));
    Files.createDirectories(folder.resolve("logs/gateway"));
    Files.writeString(folder.resolve("logs/gateway/a.jsonl.gz"), "x");
    Files.writeString(folder.resolve("logs/all.jsonl"), "x");
  }

  @Test
  void theyLieInTheLogOrBesideIt() {
    Optional<Path> settings = Optional.of(folder.resolve("logs/homeward"));
    for (String log :
        List.of(
            "logs",
            "logs/all.jsonl",
            "logs/gateway",
            "logs/gateway/a.jsonl.gz",
            "logs/*.jsonl",
            "logs/gateway/*.gz",
            "logs/*/*.gz",
            "logs/{gateway,exports}/a.jsonl.gz")) {
      assertEquals(settings, of(folder.resolve(log).toString()), log);
    }
  }

  @Test
  void thoseInTheLogComeFirst() throws IOException {
    Path own = Files.createDirectory(folder.resolve("logs/gateway/homeward"));
    assertEquals(Optional.of(own), of(folder.resolve("logs/gateway").toString()));
  }

  /** Where there are none, the folder that one would make. */
  @Test
  void whereThereAreNoneTheyBelongIntoTheLog() throws IOException {
    Path bare = Files.createDirectories(folder.resolve("other/logs"));
    assertEquals(Optional.of(bare.resolve("homeward")), of(bare.toString()));
    // The program's own launcher has that name: it is no folder of settings.
    Files.writeString(folder.resolve("other/homeward"), "#!/bin/sh");
    assertEquals(Optional.of(bare.resolve("homeward")), of(bare.toString()));
    assertEquals(Optional.empty(), of("s3a://bucket/logs"));
    assertEquals(Optional.empty(), of("-"));
  }

  private static Optional<Path> of(String log) {
    return new LogOptions(
            List.of(log),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            1,
            Optional.empty(),
            List.of())
        .settingsFolder();
  }
}
