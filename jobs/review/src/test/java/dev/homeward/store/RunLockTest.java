package dev.homeward.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.files.HadoopFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who holds a lock, and that nobody who is dead does. */
final class RunLockTest {
  private static final RunLock.Locks NONE =
      channel -> {
        throw new IOException("No locks available");
      };

  /** Of a process that nobody has: its number was given again to this one. */
  private static final String DEAD =
      new RunId(RunId.OF_THIS.machine(), RunId.OF_THIS.process(), "1").text() + "\n";

  private static final String ALIVE_HERE = RunId.OF_THIS.text() + "\n";
  private static final String ELSEWHERE = new RunId("other-machine", 1, "1").text() + "\n";

  @TempDir private Path folder;

  /** Another process, with a lock of the system. */
  @Test
  void anotherProcessHoldsItUntilItIsKilled() throws Exception {
    Path file = folder.resolve("lock");
    Process other = holder(file);
    try {
      assertEquals('!', other.getInputStream().read());
      assertEquals(Optional.empty(), RunLock.tryTake(file).map(RunLock::isLocked));
      assertTrue(Files.readString(file).startsWith("homeward run " + other.pid() + " started "));
      assertEquals(
          Optional.empty(), RunLock.tryTake(file, NONE).map(RunLock::isLocked), "by its number");
    } finally {
      other.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
    }
    try (RunLock lock = RunLock.tryTake(file).orElseThrow()) {
      assertTrue(lock.isLocked());
      assertEquals(Optional.of(other.pid()), lock.before().map(RunId::process));
    }
    assertFalse(Files.exists(file));
  }

  @Test
  void withoutLocksTheProcessNumberTells() throws IOException {
    Path file = folder.resolve("lock");
    try (RunLock lock = RunLock.tryTake(file, NONE).orElseThrow()) {
      assertFalse(lock.isLocked());
      assertTrue(Files.readString(file).startsWith(RunId.OF_THIS.text()));
      assertTrue(RunLock.tryTake(file, NONE).isEmpty());
    }
    assertFalse(Files.exists(file));

    Files.writeString(file, DEAD);
    try (RunLock lock = RunLock.tryTake(file, NONE).orElseThrow()) {
      assertEquals(DEAD, lock.before().orElseThrow().text() + "\n");
      assertTrue(Files.readString(file).startsWith(RunId.OF_THIS.text()));
    }
    for (String alive : List.of(ALIVE_HERE, ELSEWHERE, "")) {
      Files.writeString(file, alive);
      assertTrue(RunLock.tryTake(file, NONE).isEmpty(), alive);
      assertEquals(alive, Files.readString(file));
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  /** A file system that grants every lock does not make a living run a dead one. */
  @Test
  void aLockThatEverybodyGetsIsNotBelieved() throws IOException {
    Path file = folder.resolve("lock");
    Files.writeString(file, ALIVE_HERE);
    assertTrue(RunLock.tryTake(file, FileChannel::tryLock).isEmpty());
    Files.writeString(file, DEAD);
    RunLock.tryTake(file, FileChannel::tryLock).orElseThrow().close();
  }

  @Test
  void whatARunOnAnotherMachineWroteWithinTheHourStays() throws IOException {
    Path left = Files.createDirectory(folder.resolve(".out.staging-0-12345678"));
    Path file = Files.writeString(left.resolve("part"), "half");
    Path lock = folder.resolve(".out.staging-0-12345678.lock");
    Files.writeString(lock, ELSEWHERE);
    try (Staging staging = stage()) {
      assertEquals(List.of(true, true), List.of(Files.exists(file), Files.exists(lock)));
      assertEquals(ELSEWHERE, Files.readString(lock));
      assertTrue(staging.leftAlone().stream().anyMatch(l -> l.endsWith("-12345678")));
    }
    FileTime longAgo = FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() - 7_200_000);
    Files.setLastModifiedTime(file, longAgo);
    Files.setLastModifiedTime(left, longAgo);
    try (Staging staging = stage()) {
      assertEquals(List.of(), staging.leftAlone());
    }
    assertFalse(Files.exists(left));
    assertFalse(Files.exists(lock));
  }

  private Staging stage() {
    return Staging.beside(HadoopFiles.standalone(), folder.resolve("out").toString(), "id");
  }

  private static Process holder(Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Takes a lock, says so, and waits until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      RunLock lock = RunLock.tryTake(Path.of(args[0])).orElseThrow();
      System.out.print(lock.isLocked() ? '!' : '?');
      System.out.flush();
      System.in.read();
      System.exit(0);
    }
  }
}
