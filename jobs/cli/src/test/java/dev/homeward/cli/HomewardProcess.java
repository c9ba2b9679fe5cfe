package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command in a process of its own, which may be stopped, killed and starved. */
record HomewardProcess(Process process, Path outFile, Path errFile) {
  /**
   * Starts a command.
   *
   * @param folder where it works
   * @param flags of Java, after those that every test has
   */
  static HomewardProcess start(Path folder, List<String> flags, String... command)
      throws IOException {
    return start(Main.class, folder, flags, command);
  }

  /** Starts another program of the tests. */
  static HomewardProcess start(Class<?> main, Path folder, List<String> flags, String... command)
      throws IOException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(List.of("-Xmx1g", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8"));
    for (String open :
        List.of(
            "java.lang",
            "java.lang.invoke",
            "java.lang.reflect",
            "java.io",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "jdk.internal.ref",
            "sun.nio.ch",
            "sun.nio.cs",
            "sun.security.action",
            "sun.util.calendar")) {
      all.add("--add-opens=java.base/" + open + "=ALL-UNNAMED");
    }
    all.addAll(flags);
    all.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), main.getName()));
    all.addAll(List.of(command));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(all).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.directory(folder.toFile());
    builder.environment().put("LC_ALL", "C");
    return new HomewardProcess(builder.start(), out, err);
  }

  private static String absolute(String classPath) {
    return String.join(
        File.pathSeparator,
        Stream.of(classPath.split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  /** Returns once the run has said so, or is over. */
  void waitFor(String said) throws Exception {
    while (process.isAlive() && !err().contains(said)) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  /** Sends a signal, by its name without SIG. */
  void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
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

  /**
   * What it said, without what its stages took and how far it was, which a slow machine is told.
   */
  List<String> said() throws IOException {
    return err()
        .lines()
        .filter(line -> !line.matches(".* \\d+\\.\\d s|.*\\d s left|.*\\d [a-z]+ so far"))
        .toList();
  }

  static void assertWhole(Path review) throws Exception {
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

  /** What lies in a folder. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }

  /** So many calls of a month, of three workloads. */
  static List<String> calls(int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(
          "{\"started_at\":\"2026-10-%02dT%02d:%02d:01Z\",\"request_model\":\"gpt-4o\",\"workload\":\"w%d\",\"input_tokens\":%d,\"output_tokens\":100,\"duration_us\":1000000}"
              .formatted(1 + i % 31, i % 24, i % 60, i % 3, 3000 + i));
    }
    return lines;
  }
}
