package dev.homeward.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.SharedData;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GeneratorTest {
  /** Compressed files are compared by content: zlib may pack the same bytes differently. */
  @Test
  void theCommittedSampleLogsAreWhatTheGeneratorMakes(@TempDir Path folder) throws IOException {
    Generator.write(7, 1, folder);
    TreeMap<String, Path> made = files(folder);
    TreeMap<String, Path> committed = files(SharedData.root().resolve("sample-logs"));
    assertEquals(made.keySet(), committed.keySet());
    for (String name : made.keySet()) {
      assertArrayEquals(content(made.get(name)), content(committed.get(name)), name);
    }
  }

  @Test
  void anotherSeedGivesAnotherMonth(@TempDir Path folder) throws IOException {
    Generator.write(1, 0.01, folder.resolve("a"));
    Generator.write(1, 0.01, folder.resolve("b"));
    Generator.write(2, 0.01, folder.resolve("c"));
    String name = "exports/batch-and-search-2026-10.jsonl.gz";
    byte[] a = content(folder.resolve("a").resolve(name));
    assertArrayEquals(a, content(folder.resolve("b").resolve(name)));
    assertTrue(!java.util.Arrays.equals(a, content(folder.resolve("c").resolve(name))));
  }

  /** Arabic as written in Egypt has digits of its own, for file names too. */
  @Test
  void theSameBytesInAnyLocaleAndTimeZone(@TempDir Path folder) throws IOException {
    Generator.write(3, 0.01, folder.resolve("a"));
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      Generator.write(3, 0.01, folder.resolve("b"));
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
    }
    TreeMap<String, Path> a = files(folder.resolve("a"));
    TreeMap<String, Path> b = files(folder.resolve("b"));
    assertEquals(a.keySet(), b.keySet());
    for (String name : a.keySet()) {
      assertArrayEquals(content(a.get(name)), content(b.get(name)), name);
    }
  }

  /** Policy and evaluations lie where a review looks for them, of a later month too. */
  @Test
  void settingsAreWrittenAndThoseOfOthersAreNotWrittenOver(@TempDir Path folder)
      throws IOException {
    Generator.write(1, 0.001, folder, Generator.FIRST_MONTH.plusMonths(1));
    assertTrue(Policy.load(folder.resolve("homeward/policy.yaml")).text().contains("branch-kiosk"));
    assertEquals(6, Evaluations.load(folder.resolve("homeward/evaluations.yaml")).all().size());
    assertTrue(Files.exists(folder.resolve("exports/batch-and-search-2026-11.jsonl.gz")));
    // Again, over its own.
    Generator.write(1, 0.001, folder, Generator.FIRST_MONTH.plusMonths(1));
    Files.writeString(folder.resolve("homeward/policy.yaml"), "unclassified: local-only\n");
    InvalidInput refused =
        assertThrows(InvalidInput.class, () -> Generator.write(1, 0.001, folder));
    assertEquals(
        "Cannot write %s: another one is there. Choose another --out or remove it"
            .formatted(folder.resolve("homeward/policy.yaml")),
        refused.getMessage());
    assertEquals(
        "unclassified: local-only\n", Files.readString(folder.resolve("homeward/policy.yaml")));
  }

  @Test
  void theMonthIsLargeEnoughAndSmallEnough() throws IOException {
    long bytes = 0;
    for (Path file : files(SharedData.root().resolve("sample-logs")).values()) {
      bytes += Files.size(file);
    }
    assertTrue(bytes <= 16_000_000, "bytes: " + bytes);
    assertTrue(Organisation.WORKLOADS.size() >= 12);
  }

  private static TreeMap<String, Path> files(Path folder) throws IOException {
    TreeMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .filter(f -> !f.getFileName().toString().equals("README.md"))
          .forEach(f -> files.put(folder.relativize(f).toString(), f));
    }
    return files;
  }

  private static byte[] content(Path file) throws IOException {
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
      return in.readAllBytes();
    }
  }
}
