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

  /** The memory of an executor is not that of the program that tells of it. */
  @Test
  void anExecutorThatRunsOutOfMemoryIsNamed() throws ReflectiveOperationException {
    String said =
        Failures.ofUser(
                ofSpark(
                    TASK.replace("localhost executor driver", "10.0.0.7 executor 3")
                        + "java.lang.OutOfMemoryError: Java heap space\n\tat x"))
            .orElseThrow();
    assertTrue(said.startsWith("Not enough memory in an executor on 10.0.0.7. Give "), said);
    assertTrue(said.contains("--executor-memory") && !said.contains("-Xmx"), said);
    assertEquals(1, said.lines().count());
  }

  /** As Spark 4.2 says it: an executor that has no memory left ends with 52. */
  @Test
  void executorsThatWereLostAreNoBug() throws ReflectiveOperationException {
    String lost =
        "Job aborted due to stage failure: Task 0 in stage 3.0 failed 4 times, most recent failure:"
            + " Lost task 0.3 in stage 3.0 (TID 12) (10.0.0.7 executor 3): ExecutorLostFailure"
            + " (executor 3 exited caused by one of the running tasks) Reason: ";
    String memory =
        Failures.ofUser(ofSpark(lost + "Command exited with code 52\nDriver stacktrace:"))
            .orElseThrow();
    assertTrue(
        memory.startsWith(
            "Lost the executor of one task 4 times, the last time on 10.0.0.7: Command exited with code 52. "),
        memory);
    assertTrue(memory.contains("too little memory") && memory.contains("--executor-memory"));
    assertEquals(1, memory.lines().count());

    // As it was seen: the executor's own blocks are gone with it.
    String files =
        Failures.ofUser(
                ofSpark(
                    "Job aborted due to stage failure: ShuffleMapStage 2 (mapToPair at X.java:126) has"
                        + " failed the maximum allowable number of times: 4. Most recent failure"
                        + " reason:\norg.apache.spark.shuffle.MetadataFetchFailedException: Missing"
                        + " an output location for shuffle 2 partition 0\n\tat x"))
            .orElseThrow();
    assertTrue(
        files.startsWith("Lost executors, and what they had written for others, 4 times"), files);
    assertTrue(files.contains("--executor-memory"), files);
    assertEquals(1, files.lines().count());

    String gone = Failures.ofUser(ofSpark(lost + "worker lost: gone\n")).orElseThrow();
    assertTrue(gone.contains("worker lost: gone") && !gone.contains("memory"), gone);
  }

  @Test
  void aClusterThatGivesUpIsNoBug() throws ReflectiveOperationException {
    String said =
        Failures.ofUser(ofSpark("Job 3 cancelled because SparkContext was shut down"))
            .orElseThrow();
    assertTrue(said.startsWith("The cluster has given up on this run: Job 3 cancelled"), said);
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
