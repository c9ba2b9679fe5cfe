package dev.homeward.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a command says of its stages. */
final class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long nanos;
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  /** Times are real, so only what they add up to is known: the parts are the whole. */
  @Test
  void theStagesAddUpToTheWholeTime() {
    Progress progress = new Progress(out, false);
    progress.done(Stage.SETTINGS, "read settings");
    progress.done("left alone: something within the next stage");
    burn();
    progress.done(Stage.READ, "read %,d records", 1000);
    burn();
    progress.done(Stage.DECIDED, "decided");
    progress.summary();
    List<String> lines = said().lines().toList();
    assertTrue(lines.get(2).startsWith("read 1,000 records"), lines.get(2));
    Matcher all =
        Pattern.compile("Where the time went, (\\d+\\.\\d) s in all:").matcher(lines.get(4));
    assertTrue(all.matches(), lines.get(4));
    double sum = 0;
    double shares = 0;
    Pattern row = Pattern.compile(" +(\\d+\\.\\d) s +(\\d+) %  (.*)");
    for (String line : lines.subList(5, lines.size())) {
      Matcher stage = row.matcher(line);
      assertTrue(stage.matches(), line);
      sum += Double.parseDouble(stage.group(1));
      shares += Double.parseDouble(stage.group(2));
    }
    // Each of three is rounded by itself.
    assertEquals(Double.parseDouble(all.group(1)), sum, 0.2);
    assertEquals(100, shares, 1.5);
    assertEquals(8, lines.size());
    assertTrue(lines.get(5).endsWith("settings and files"), said());
    assertTrue(lines.get(7).endsWith("replays and decision"), said());
  }

  @Test
  void withoutAStageThereIsNoSummary() {
    Progress progress = new Progress(out, false);
    progress.note("a note");
    progress.summary();
    assertEquals("a note", said().strip());
  }

  @Test
  void detailsAreForThoseWhoAsk() {
    Progress usual = new Progress(out, false);
    usual.detail("file %s", "a");
    usual.done(Stage.READ, "read");
    assertFalse(said().contains("file a"), said());
    assertFalse(said().contains("memory"), said());
    Progress more = new Progress(out, false, Progress.Detail.MORE);
    more.detail("file %s", "a\u001b[31m");
    more.done(Stage.READ, "read");
    assertTrue(said().contains("  file a\\u001b[31m"), said());
    assertTrue(
        said().matches("(?s).*memory: [\\d,]+ MiB of heap in use, [\\d,]+ MiB at most.*"), said());
  }

  /** A scheduler's log shows that something still happens, also where nobody knows for how long. */
  @Test
  void aStageOfUnknownLengthSaysWhatIsDoneSoFar() {
    Progress progress = new Progress(out, false, Progress.Detail.USUAL, () -> nanos);
    try (Progress.Bar bar = progress.count("deciding", "replays")) {
      bar.add(1_200);
      assertEquals("", said());
      nanos += 9_900_000_000L;
      bar.add(1);
      assertEquals("", said());
      nanos += 100_000_000L;
      bar.add(33);
      assertEquals("deciding: 1,234 replays so far", said().strip());
      bar.add(1);
    }
    assertEquals(1, said().lines().count());
  }

  @Test
  void aStageOfKnownLengthSaysWhatIsLeft() {
    Progress progress = new Progress(out, false, Progress.Detail.USUAL, () -> nanos);
    try (Progress.Bar bar = progress.bar("reading", 6_000_000, "MB", 1_000_000)) {
      nanos += 10_000_000_000L;
      bar.set(2_000_000);
    }
    assertEquals("reading: 2 of 6 MB, 0 MB/s, 20 s left", said().strip());
  }

  private String said() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  // Some tenths of a second of work: a sleep would do, but a machine may sleep longer than asked.
  private static void burn() {
    long end = System.nanoTime() + 150_000_000L;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
