package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a user can mend is told from bugs however deep it is wrapped. */
final class FailuresTest {
  private static final String TASK =
      "Job aborted due to stage failure: Task 1 in stage 2.0 failed 1 times, most recent failure:"
          + " Lost task 1.0 in stage 2.0 (TID 7) (localhost executor driver): ";

  @Test
  void aFullDiskIsNamedWithItsPathAndWhatToDo() {
    String said =
        Failures.ofUser(
                new IllegalStateException(
                    new UncheckedIOException(
                        "Cannot write /srv/a.csv", new IOException("No space left on device"))))
            .orElseThrow();
    assertTrue(
        said.startsWith("Cannot write /srv/a.csv: No space left on device. The disk is full"),
        said);
    assertEquals(1, said.lines().count());
  }

  /** Without a cause: what a task on another machine met is text. */
  @Test
  void aFullDiskOfSparksOwnFilesIsToldByItsText() throws ReflectiveOperationException {
    String said =
        Failures.ofUser(
                ofSpark(TASK + "java.io.IOException: No space left on device\n\tat java.base/x"))
            .orElseThrow();
    assertTrue(said.startsWith("Cannot write temporary files of Spark in "), said);
    assertTrue(said.contains("No space left on device. The disk is full"), said);
    assertEquals(1, said.lines().count());
  }

  @Test
  void memoryThatRanOutIsToldHoweverItIsWrapped() throws ReflectiveOperationException {
    for (Throwable failure :
        new Throwable[] {
          new OutOfMemoryError("Java heap space"),
          new IllegalStateException(new OutOfMemoryError("Java heap space")),
          ofSpark(TASK + "java.lang.OutOfMemoryError: Java heap space\n\tat x")
        }) {
      String said = Failures.ofUser(failure).orElseThrow();
      assertTrue(said.startsWith("Not enough memory: Java may use "), said);
      assertTrue(said.contains("-Xmx") && said.contains("--workers"), said);
      assertEquals(1, said.lines().count());
    }
  }

  @Test
  void aBugIsABug() throws ReflectiveOperationException {
    assertEquals(Optional.empty(), Failures.ofUser(new IllegalStateException("no such state")));
    assertEquals(
        Optional.empty(),
        Failures.ofUser(ofSpark(TASK + "java.lang.NullPointerException\n\tat x")));
    assertEquals(
        Optional.of("Invalid x"),
        Failures.ofUser(new IllegalStateException(new InvalidInput("Invalid x"))));
  }

  /** Of Spark's own class, which this module does not compile against. */
  private static Throwable ofSpark(String message) throws ReflectiveOperationException {
    return Class.forName("org.apache.spark.SparkException")
        .asSubclass(Throwable.class)
        .getConstructor(String.class)
        .newInstance(message);
  }
}
