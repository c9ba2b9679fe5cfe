package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only whole processes can show: signals, two runs at once, the locale Java is started in. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ProcessesIT {
  private static final int BAD_INPUT = 2;
  private static final int TERMINATED = 143;

  @TempDir Path folder;
  private Path log;

  @BeforeEach
  void writeLog() throws IOException {
    log = folder.resolve("log.jsonl");
    Files.write(log, HomewardProcess.calls(300));
  }

  /** As soon as it has written something, and once it has shown a result of its own. */
  @Test
  void aSignalLeavesNothingAndIsSaidInOneLine() throws Exception {
    assumeTrue(new File("/bin/kill").canExecute() || new File("/usr/bin/kill").canExecute());
    for (String stage : List.of("read settings", "read 300 records", "priced")) {
      Path parent = Files.createDirectory(folder.resolve(stage.replace(' ', '-')));
      HomewardProcess run =
          start("review", log.toString(), "--workers", "local", "--out", parent + "/review");
      run.waitFor(stage);
      new ProcessBuilder("kill", "-TERM", Long.toString(run.process().pid())).start().waitFor();
      assertEquals(TERMINATED, run.exit(), run.err());
      assertEquals("", run.out());
      assertEquals(List.of("homeward: stopped by a signal before it was done."), run.said(), stage);
      assertEquals(List.of(), HomewardProcess.names(parent), stage);
    }
  }

  @Test
  void twoRunsIntoOneDirectoryLeaveOneWholeReview() throws Exception {
    Path review = folder.resolve("reviews/october");
    HomewardProcess first =
        start("review", log.toString(), "--workers", "local", "--out", review.toString());
    HomewardProcess second =
        start("review", log.toString(), "--workers", "local", "--out", review.toString());
    assertEquals(0, first.exit(), first.err());
    assertEquals(0, second.exit(), second.err());
    HomewardProcess.assertWhole(review);
    assertEquals(List.of("october"), HomewardProcess.names(review.getParent()));
    // Whoever came second found the very same review and said so.
    String both = first.out() + second.out();
    assertEquals(1, both.split("Review of 2026-10", -1).length - 1, both);
    assertEquals(1, both.split("Nothing to do: ", -1).length - 1, both);
  }

  /** A killed run cannot clean up: what it read from standard input has no name by then. */
  @Test
  void aKilledReviewOfStandardInputLeavesNoneOfItsLog() throws Exception {
    assumeFalse(System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    HomewardProcess run =
        start(
            List.of("-Djava.io.tmpdir=" + temporary),
            "review",
            "-",
            "--workers",
            "local",
            "--out",
            folder.resolve("out/review").toString());
    try (OutputStream in = run.process().getOutputStream()) {
      in.write(Files.readAllBytes(log));
    }
    run.waitFor("read 300 records");
    run.process().destroyForcibly();
    run.exit();
    try (Stream<Path> left = Files.walk(temporary)) {
      for (Path file : left.filter(Files::isRegularFile).toList()) {
        assertFalse(
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .contains("request_model"),
            file.toString());
      }
    }
  }

  /** Java reads names by the locale it is started in; without one it must not lose a file. */
  @Test
  void aNameBeyondTheLocaleIsReadOrNamed() throws Exception {
    Path logs = Files.createDirectory(folder.resolve("logs"));
    Files.copy(log, logs.resolve("plain.jsonl"));
    assumeTrue(
        "UTF-8".equals(System.getProperty("sun.jnu.encoding")),
        "the test itself can make the name");
    Files.copy(log, logs.resolve("größe-日本.jsonl"));
    HomewardProcess run = start("validate", logs.toString());
    int exit = run.exit();
    if (exit == 0) {
      assertTrue(run.out().contains("größe-日本.jsonl"), run.out());
    } else {
      assertEquals(BAD_INPUT, exit, run.err());
      assertTrue(run.err().contains("jsonl"), run.err());
    }
  }

  @Test
  void aLinkStaysALinkWhereverItLeads() throws Exception {
    Path target = Files.createDirectory(folder.resolve("target"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("not-yet"));
    for (String out : List.of(link.toString(), link + "/", dangling.toString())) {
      Cli.Ran ran = Cli.run("review", log.toString(), "--workers", "local", "--out", out);
      assertEquals(0, ran.exit(), out + ran.err());
    }
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(Files.isSymbolicLink(dangling));
    assertTrue(Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS));
    HomewardProcess.assertWhole(target);
    HomewardProcess.assertWhole(folder.resolve("not-yet"));
  }

  private HomewardProcess start(String... command) throws IOException {
    return start(List.of(), command);
  }

  private HomewardProcess start(List<String> flags, String... command) throws IOException {
    return HomewardProcess.start(folder, flags, command);
  }
}
