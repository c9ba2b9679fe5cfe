package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts the program, with a build and a Java that only count. */
final class LauncherTest {
  @TempDir private Path home;

  /** Sources of the future would be newer than every jar, and each start would build again. */
  @Test
  void aClockThatWasSetBackDoesNotBuildAtEachStart() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")));
    Path launcher = home.resolve("homeward");
    Files.copy(Cli.root().resolve("homeward"), launcher);
    Path target = Files.createDirectories(home.resolve("jobs/cli/target"));
    Path source = Files.createDirectories(home.resolve("jobs/core/src/main")).resolve("A.java");
    script(
        home.resolve("mvnw"),
        "echo built >>builds; echo jar >jobs/cli/target/homeward.jar; echo x >jobs/cli/target/classpath");
    script(
        Files.createDirectories(home.resolve("java/bin")).resolve("java"),
        "case $1 in -version) echo 'openjdk version \"17.0.1\" 2026-01-01' >&2;; *) echo ran;; esac");
    for (String when : new String[] {"2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z"}) {
      Files.writeString(source, when);
      Files.setLastModifiedTime(source, FileTime.from(Instant.parse(when)));
      Files.setLastModifiedTime(
          Files.writeString(source.resolveSibling("B.java"), ""),
          FileTime.from(Instant.parse("2098-01-01T00:00:00Z")));
      run(launcher);
      long builds = Files.readAllLines(home.resolve("builds")).size();
      FileTime archive = Files.getLastModifiedTime(target.resolve("homeward-17.jsa"));
      run(launcher);
      assertEquals(builds, Files.readAllLines(home.resolve("builds")).size(), when);
      assertEquals(archive, Files.getLastModifiedTime(target.resolve("homeward-17.jsa")), when);
    }
    assertTrue(Files.readAllLines(home.resolve("builds")).size() >= 2, "and it does build");
  }

  private static void script(Path file, String text) throws Exception {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private void run(Path launcher) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", launcher.toString(), "--version");
    builder.environment().put("JAVA_HOME", home.resolve("java").toString());
    Path said = home.resolve("said");
    int exit = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start().waitFor();
    assertEquals(0, exit, Files.readString(said));
    assertTrue(Files.readString(said).endsWith("ran\n"), Files.readString(said));
  }
}
