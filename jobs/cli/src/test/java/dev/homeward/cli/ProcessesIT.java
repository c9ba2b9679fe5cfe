package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
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
    Files.write(log, calls(300));
  }

  /** As soon as it has written something, and once it has shown a result of its own. */
  @Test
  void aSignalLeavesNothingAndIsSaidInOneLine() throws Exception {
    assumeTrue(new File("/bin/kill").canExecute() || new File("/usr/bin/kill").canExecute());
    for (String stage : List.of("read settings", "read 300 records", "priced")) {
      Path parent = Files.createDirectory(folder.resolve(stage.replace(' ', '-')));
      Run run = start("review", log.toString(), "--workers", "local", "--out", parent + "/review");
      run.waitFor(stage);
      new ProcessBuilder("kill", "-TERM", Long.toString(run.process.pid())).start().waitFor();
      assertEquals(TERMINATED, run.exit(), run.err());
      assertEquals("", run.out());
      List<String> said =
          run.err().lines().filter(line -> !line.matches(".* \\d+\\.\\d s|.*\\d s left")).toList();
      assertEquals(List.of("homeward: stopped by a signal before it was done."), said, stage);
      assertEquals(List.of(), names(parent), stage);
    }
  }

  @Test
  void twoRunsIntoOneDirectoryLeaveOneWholeReview() throws Exception {
    Path review = folder.resolve("reviews/october");
    Run first = start("review", log.toString(), "--workers", "local", "--out", review.toString());
    Run second = start("review", log.toString(), "--workers", "local", "--out", review.toString());
    assertEquals(0, first.exit(), first.err());
    assertEquals(0, second.exit(), second.err());
    assertWhole(review);
    assertEquals(List.of("october"), names(review.getParent()));
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
    Run run =
        start(
            List.of("-Djava.io.tmpdir=" + temporary),
            "review",
            "-",
            "--workers",
            "local",
            "--out",
            folder.resolve("out/review").toString());
    try (OutputStream in = run.process.getOutputStream()) {
      in.write(Files.readAllBytes(log));
    }
    run.waitFor("read 300 records");
    run.process.destroyForcibly();
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
    Run run = start("validate", logs.toString());
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
    assertWhole(target);
    assertWhole(folder.resolve("not-yet"));
  }

  private static void assertWhole(Path review) throws Exception {
    JsonNode manifest = new JsonMapper().readTree(review.resolve("manifest.json").toFile());
    TreeSet<String> listed = new TreeSet<>();
    for (JsonNode output : manifest.get("outputs")) {
      String name = output.get("path").asText();
      listed.add(name);
      byte[] bytes = Files.readAllBytes(review.resolve(name));
      assertEquals(
          output.get("sha256").asText(),
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
          name);
    }
    assertTrue(listed.contains("ranking.csv"), listed.toString());
    TreeSet<String> there = new TreeSet<>();
    try (Stream<Path> files = Files.walk(review)) {
      files
          .filter(Files::isRegularFile)
          .forEach(file -> there.add(review.relativize(file).toString()));
    }
    // What is added, or made again, once the manifest is there.
    assertTrue(there.containsAll(List.of("report.html", "report.json")), there.toString());
    there.removeAll(List.of("manifest.json", "replays/likely.jsonl", "report.html", "report.json"));
    assertEquals(listed, there);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }

  private static List<String> calls(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(
          "{\"started_at\":\"2026-10-%02dT%02d:%02d:01Z\",\"request_model\":\"gpt-4o\",\"workload\":\"w%d\",\"input_tokens\":%d,\"output_tokens\":100,\"duration_us\":1000000}"
              .formatted(1 + i % 31, i % 24, i % 60, i % 3, 3000 + i));
    }
    return lines;
  }

  private Run start(String... command) throws IOException {
    return start(List.of(), command);
  }

  private Run start(List<String> flags, String... command) throws IOException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(
        List.of(
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "-Dfile.encoding=UTF-8",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED"));
    all.addAll(flags);
    all.addAll(
        List.of("-cp", absolute(System.getProperty("java.class.path")), Main.class.getName()));
    all.addAll(List.of(command));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(all).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.directory(folder.toFile());
    builder.environment().put("LC_ALL", "C");
    return new Run(builder.start(), out, err);
  }

  private static String absolute(String classPath) {
    return String.join(
        File.pathSeparator,
        Stream.of(classPath.split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  private record Run(Process process, Path outFile, Path errFile) {
    /** Returns once the run has said so, or is over. */
    void waitFor(String said) throws Exception {
      while (process.isAlive() && !err().contains(said)) {
        process.waitFor(20, TimeUnit.MILLISECONDS);
      }
    }

    int exit() throws InterruptedException {
      return process.waitFor();
    }

    String out() throws IOException {
      return Files.readString(outFile);
    }

    String err() throws IOException {
      return Files.readString(errFile);
    }
  }
}
