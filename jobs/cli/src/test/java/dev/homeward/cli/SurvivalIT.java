package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.homeward.files.HadoopFiles;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A review while things go wrong around it: its files vanish, its disk fills, its memory runs out,
 * it is stopped or killed. It says so in one line with its exit code, and no half review is left.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class SurvivalIT {
  private static final int BAD_INPUT = 2;
  private static final int HUNG_UP = 129;
  private static final int INTERRUPTED = 130;
  private static final int TERMINATED = 143;
  private static final int KILLED = 137;
  private static final long MOST_MILLIS_TO_STOP = 5000;
  private static final List<String> WORKERS = List.of("local", "spark");

  @TempDir Path folder;
  private Path log;

  @BeforeEach
  void writeLog() throws IOException {
    log = folder.resolve("log.jsonl");
    Files.write(log, HomewardProcess.calls(300));
  }

  private HomewardProcess review(List<String> flags, Path out, String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of("review", log.toString(), "--out"));
    command.add(out.toString());
    command.addAll(List.of(more));
    return HomewardProcess.start(folder, flags, command.toArray(String[]::new));
  }

  /** The second commits while the first still adds what people are likely to ask. */
  @Test
  void twoRunsThatReplaceEachOtherLeaveOneWholeReview() throws Exception {
    Path out = folder.resolve("reviews/october");
    HomewardProcess first = review(List.of(), out, "--workers", "local", "--force");
    first.waitFor("read 300 records");
    HomewardProcess second = review(List.of(), out, "--workers", "local", "--force");
    assertEquals(0, first.exit(), first.err());
    assertEquals(0, second.exit(), second.err());
    HomewardProcess.assertWhole(out);
    assertEquals(List.of("october"), HomewardProcess.names(out.getParent()));
  }

  /** Somebody clears up what a run has written so far; the rest alone must not look whole. */
  @Test
  void aRunWhoseFilesVanishMakesNoReview() throws Exception {
    Path parent = Files.createDirectory(folder.resolve("reviews"));
    HomewardProcess run = review(List.of(), parent.resolve("october"), "--workers", "local");
    run.waitFor("priced");
    for (String name : HomewardProcess.names(parent)) {
      if (name.contains(".staging-") && !name.endsWith(".lock")) {
        HadoopFiles.standalone().delete(parent.resolve(name).toString());
      }
    }
    assertEquals(BAD_INPUT, run.exit(), run.err());
    assertOneLine(run, "calls/part-00000.parquet");
    assertEquals(List.of(), HomewardProcess.names(parent));
  }

  /** At every stage, from the first moments of the program to what it adds to a whole review. */
  @Test
  void aSignalIsAnsweredSoonWhateverTheWorkersDo() throws Exception {
    assumeTrue(new File("/bin/kill").canExecute() || new File("/usr/bin/kill").canExecute());
    int turn = 0;
    for (String workers : WORKERS) {
      for (String stage :
          List.of("read settings", "started ", "priced", "the review is c", "decided in")) {
        String name = workers + "-" + stage.replace(' ', '-');
        Path parent = Files.createDirectory(folder.resolve(name));
        Path temporary = Files.createDirectory(folder.resolve(name + "-tmp"));
        HomewardProcess run =
            review(
                List.of("-Djava.io.tmpdir=" + temporary, "-XX:-UsePerfData"),
                parent.resolve("review"),
                "--workers",
                workers);
        run.waitFor(stage);
        boolean interrupt = turn++ % 2 == 0;
        long begun = System.nanoTime();
        run.signal(interrupt ? "INT" : "TERM");
        assertEquals(interrupt ? INTERRUPTED : TERMINATED, run.exit(), run.err());
        long millis = (System.nanoTime() - begun) / 1_000_000;
        assertTrue(millis < MOST_MILLIS_TO_STOP, millis + " ms");
        assertEquals(
            List.of("homeward: stopped by a signal before it was done."), run.said(), name);
        boolean isThere = stage.startsWith("the review") || stage.startsWith("decided in");
        assertEquals(isThere ? List.of("review") : List.of(), HomewardProcess.names(parent), name);
        assertEquals(List.of(), HomewardProcess.names(temporary), name);
        if (isThere) {
          HomewardProcess.assertWhole(parent.resolve("review"));
        }
      }
    }
  }

  /** What stops politely may take a minute, as Spark may: neither exit code nor clean-up wait. */
  @Test
  void aSignalIsAnsweredWithItsOwnCodeWhereWorkersDoNotStop() throws Exception {
    assumeTrue(new File("/bin/kill").canExecute() || new File("/usr/bin/kill").canExecute());
    for (String signal : List.of("INT", "TERM", "HUP")) {
      Path file = folder.resolve("left-" + signal);
      HomewardProcess run =
          HomewardProcess.start(SlowToStop.class, folder, List.of(), file.toString());
      run.waitFor("ready");
      long begun = System.nanoTime();
      run.signal(signal);
      // Impatient people press Ctrl-C again.
      run.signal("INT");
      int code = signal.equals("INT") ? INTERRUPTED : signal.equals("TERM") ? TERMINATED : HUNG_UP;
      assertEquals(code, run.exit(), run.err());
      long millis = (System.nanoTime() - begun) / 1_000_000;
      assertTrue(millis < MOST_MILLIS_TO_STOP, millis + " ms");
      assertEquals(List.of("ready", "stopped"), run.err().lines().toList());
      assertFalse(Files.exists(file), signal);
    }
  }

  /** Whether its signals are heard yet or not, a program that begins says no word too many. */
  @Test
  void aSignalWhileTheProgramBeginsShowsNoTrace() throws Exception {
    assumeTrue(new File("/bin/kill").canExecute() || new File("/usr/bin/kill").canExecute());
    for (int millis = 150; millis <= 2400; millis += 250) {
      HomewardProcess run = review(List.of(), folder.resolve("early/review"));
      assertFalse(run.process().waitFor(millis, TimeUnit.MILLISECONDS));
      run.signal("INT");
      assertEquals(INTERRUPTED, run.exit(), run.err());
      assertTrue(
          run.said().isEmpty()
              || run.said().equals(List.of("homeward: stopped by a signal before it was done.")),
          run.err());
      assertFalse(Files.exists(folder.resolve("early")));
    }
  }

  @Test
  void whatAKilledRunLeftIsRemovedButNotWhatALivingOneWrites() throws Exception {
    Path parent = Files.createDirectory(folder.resolve("reviews"));
    HomewardProcess killed = review(List.of(), parent.resolve("a"), "--workers", "local");
    killed.waitFor("read 300 records");
    killed.process().destroyForcibly();
    assertEquals(KILLED, killed.exit());
    List<String> left = HomewardProcess.names(parent);
    assertEquals(2, left.size(), left.toString());
    HomewardProcess living = review(List.of(), parent.resolve("b"), "--workers", "local");
    living.waitFor("read 300 records");
    assertFalse(HomewardProcess.names(parent).contains(left.get(0)));
    HomewardProcess other = review(List.of(), parent.resolve("c"), "--workers", "local");
    assertEquals(0, other.exit(), other.err());
    assertEquals(0, living.exit(), living.err());
    assertEquals(List.of("b", "c"), HomewardProcess.names(parent));
    HomewardProcess.assertWhole(parent.resolve("b"));
  }

  @Test
  void tooLittleMemoryIsSaidInOneLine() throws Exception {
    Files.write(log, HomewardProcess.calls(60_000));
    for (String workers : WORKERS) {
      Path parent = Files.createDirectory(folder.resolve("memory-" + workers));
      HomewardProcess run =
          review(
              List.of(workers.equals("local") ? "-Xmx40m" : "-Xmx100m"),
              parent.resolve("review"),
              "--workers",
              workers);
      int exit = run.exit();
      assertEquals(BAD_INPUT, exit, workers + run.err());
      assertOneLine(run, "HOMEWARD_JAVA_OPTS=-Xmx");
      assertTrue(run.err().contains("Not enough memory"), run.err());
      assertEquals(List.of(), HomewardProcess.names(parent), workers);
    }
  }

  /** Full before it begins, full of calls/, full while it is written, full when it is whole. */
  @Test
  void aFullDiskIsSaidInOneLineAndHarmsNoEarlierReview() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mount(disk, "24m"), "only root can mount a small disk to fill");
    try {
      Path out = disk.resolve("reviews/october");
      assertEquals(0, review(List.of(), out, "--workers", "local").exit());
      long bytes = bytes(out);
      for (String workers : WORKERS) {
        for (long room : List.of(0L, 20_000L, bytes / 3, bytes * 2 / 3, bytes + 60_000)) {
          Path filler = fill(disk, room);
          HomewardProcess run = review(List.of(), out, "--workers", workers, "--force");
          int exit = run.exit();
          String what = workers + " with " + room + " bytes: " + run.err();
          Files.delete(filler);
          if (exit == 0) {
            // Only what is added to a whole review may be left out.
            assertTrue(room > bytes, what);
            assertFalse(run.err().contains("\tat "), what);
          } else {
            assertEquals(BAD_INPUT, exit, what);
            assertOneLine(run, disk.toString());
          }
          HomewardProcess.assertWhole(out);
          assertEquals(List.of("october"), HomewardProcess.names(out.getParent()), what);
        }
      }
    } finally {
      unmount(disk);
    }
  }

  /** Where Java and Spark put what they need for a moment only. */
  @Test
  void noRoomForTemporaryFilesIsSaidInOneLine() throws Exception {
    Path missing = folder.resolve("missing/tmp");
    Path parent = Files.createDirectory(folder.resolve("reviews"));
    Files.writeString(folder.resolve("missing"), "a file where the folder should be");
    HomewardProcess run =
        review(
            List.of("-Djava.io.tmpdir=" + missing), parent.resolve("review"), "--workers", "spark");
    assertEquals(BAD_INPUT, run.exit(), run.err());
    assertOneLine(run, missing.toString());
    assertEquals(List.of(), HomewardProcess.names(parent));

    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mount(disk, "1m"), "only root can mount a small disk to fill");
    try {
      Files.write(log, HomewardProcess.calls(60_000));
      for (long room : List.of(0L, 200_000L)) {
        Path filler = fill(disk, room);
        HomewardProcess full =
            review(
                List.of("-Djava.io.tmpdir=" + disk),
                parent.resolve("review"),
                "--workers",
                "spark");
        assertEquals(BAD_INPUT, full.exit(), full.err());
        assertOneLine(full, disk.toString());
        assertEquals(List.of(), HomewardProcess.names(parent));
        Files.delete(filler);
      }
    } finally {
      unmount(disk);
    }
  }

  @Test
  void aPlaceThatMayNotBeWrittenIsNamed() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(mount(disk, "1m"), "only root can mount a disk that may not be written");
    try {
      assumeTrue(sh("mount", "-o", "remount,ro", disk.toString()) == 0);
      for (String workers : WORKERS) {
        HomewardProcess run =
            review(List.of(), disk.resolve("reviews/october"), "--workers", workers);
        assertEquals(BAD_INPUT, run.exit(), run.err());
        assertOneLine(run, disk.toString());
      }
    } finally {
      unmount(disk);
    }
  }

  private static void assertOneLine(HomewardProcess run, String named) throws IOException {
    List<String> said = run.said();
    assertEquals(1, said.size(), run.err());
    assertTrue(said.get(0).contains(named), run.err());
    assertEquals("", run.out());
  }

  private static long bytes(Path review) throws IOException {
    try (Stream<Path> files = Files.walk(review)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** Leaves so much room and no more. */
  private static Path fill(Path disk, long room) throws IOException {
    Path filler = disk.resolve("filler");
    long free = Files.getFileStore(disk).getUsableSpace() - room;
    try (var out = Files.newOutputStream(filler)) {
      byte[] block = new byte[4096];
      for (long written = 0; written + block.length <= free; written += block.length) {
        out.write(block);
      }
    }
    return filler;
  }

  private static boolean mount(Path at, String size) throws Exception {
    return new File("/bin/mount").canExecute()
        && sh("mount", "-t", "tmpfs", "-o", "size=" + size, "none", at.toString()) == 0;
  }

  private static void unmount(Path at) throws Exception {
    sh("umount", at.toString());
  }

  private static int sh(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
