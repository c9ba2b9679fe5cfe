package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a log whose names command a terminal, forge a line, a formula or a part of a page. */
final class HostileNamesTest {
  private static final List<String> NAMES =
      List.of(
          "new\nread 9,999 records",
          "esc\u001b[31mred\u001b]0;title\u0007",
          "eight\u009bbit",
          "rtl\u202Egnp",
          "=cmd|' !A0",
          "+1+1",
          "-rf",
          "@SUM(A1)",
          "<img src=x onerror=alert(1)>",
          "a,b\"c");

  /** All that must never be written raw: controls but line feeds, marks of direction. */
  private static final Pattern RAW =
      Pattern.compile(
          "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]");

  @TempDir Path folder;
  private Path logs;

  @BeforeEach
  void writeLogs() throws IOException {
    assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "such names can be made");
    logs = Files.createDirectory(folder.resolve("logs"));
    for (int i = 0; i < NAMES.size(); i++) {
      Files.writeString(logs.resolve(NAMES.get(i) + ".jsonl"), calls(i) + "{\"broken\":\n");
      Files.writeString(logs.resolve(NAMES.get(i) + ".txt"), "no log\n");
    }
    Files.createDirectory(logs.resolve("homeward"));
    Files.writeString(logs.resolve("homeward/policy.yaml"), "hardware: [rtx-4090]\n");
  }

  private static String calls(int file) {
    StringBuilder lines = new StringBuilder();
    for (int day = 1; day <= 31; day++) {
      lines.append(
          "{\"started_at\":\"2026-10-%02dT08:%02d:00Z\",\"request_model\":\"gpt-4o\",\"workload\":\"w\",\"input_tokens\":900,\"output_tokens\":9}\n"
              .formatted(day, file));
    }
    return lines.toString();
  }

  @Test
  void namesOfFilesAreWrittenOutWhereverTheyShow() throws IOException {
    Path review = folder.resolve("review");
    List<Cli.Ran> all = new ArrayList<>();
    all.add(Cli.run("validate", logs.toString(), "--verbose"));
    all.add(Cli.run("validate", logs.toString(), "--json"));
    all.add(
        Cli.run(
            "review",
            logs.toString(),
            "--out",
            review.toString(),
            "--workers",
            "local",
            "--verbose"));
    all.add(Cli.run("review", logs.resolve(NAMES.get(1) + ".txt").toString()));
    all.add(Cli.run("explain", "w", "--review", review.toString()));
    for (Cli.Ran ran : all) {
      for (String text : List.of(ran.out(), ran.err())) {
        assertFalse(RAW.matcher(text).find(), text);
        assertFalse(text.lines().anyMatch(line -> line.startsWith("read 9,999")), text);
      }
    }
    assertEquals(1, all.get(0).exit(), all.get(0).err());
    assertTrue(all.get(0).out().contains("esc\\u001b[31mred"), all.get(0).out());
    assertEquals(2, all.get(3).exit());
    assertTrue(all.get(3).err().contains("esc\\u001b[31mred"), all.get(3).err());

    try (Stream<Path> files = Files.walk(review)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        check(file);
      }
    }
  }

  private static void check(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.endsWith(".parquet")) {
      return;
    }
    if (name.endsWith(".xlsx")) {
      try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
        for (ZipEntry part = zip.getNextEntry(); part != null; part = zip.getNextEntry()) {
          String text = new String(zip.readAllBytes(), StandardCharsets.UTF_8);
          assertFalse(text.contains("<f>cmd|"), part.getName());
          assertFalse(text.contains("<img src=x"), part.getName());
        }
      }
      return;
    }
    String text = Files.readString(file);
    assertFalse(RAW.matcher(text.replace("\t", "")).find(), file.toString());
    if (name.endsWith(".html")) {
      assertFalse(text.contains("<img src=x"), "a tag in " + name);
    }
    if (name.endsWith(".csv")) {
      for (String line : text.lines().toList()) {
        assertFalse(line.matches("(.*,)?\"?[=@+].*"), name + ": " + line);
        assertFalse(line.matches("(.*,)?\"?-[^0-9,].*"), name + ": " + line);
      }
    }
  }
}
