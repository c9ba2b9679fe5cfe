package dev.homeward.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What went wrong on machines of a cluster, as Spark tells it: in the text of its own exceptions.
 * Memory of an executor is not the memory of the program that tells of it.
 */
final class ExecutorFailures {
  /** Where Spark runs in one process, its executor is called driver. */
  private static final Pattern OUT_OF_MEMORY =
      Pattern.compile("\\((\\S+) executor (?!driver\\b)\\S+\\): java\\.lang\\.OutOfMemoryError");

  private static final Pattern LOST =
      Pattern.compile(
          "failed (\\d+) times.*\\((\\S+) executor \\S+\\): ExecutorLostFailure \\([^)]*\\)+ Reason: ([^\\n]+)");

  /** What an executor had written for others is lost with it, and tasks wait in vain for it. */
  private static final Pattern LOST_WITH_ITS_FILES =
      Pattern.compile("has failed the maximum allowable number of times: (\\d+)");

  /** How Spark's executor ends where memory has run out, and the kernel's way. */
  private static final Pattern MEMORY_CODE = Pattern.compile("(?:exit(?:ed with)? )?code (52|137)");

  private static final Pattern REFUSED =
      Pattern.compile(
          "All masters are unresponsive|Master removed our application|SparkContext was shut down"
              + "|Could not parse Master URL");

  private ExecutorFailures() {}

  /** The message for the user; empty if it was something else. */
  static Optional<String> ofUser(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (message == null || !t.getClass().getName().startsWith("org.apache.spark.")) {
        continue;
      }
      Matcher memory = OUT_OF_MEMORY.matcher(message);
      if (memory.find()) {
        return Optional.of(
            "Not enough memory in an executor on %s. %s".formatted(memory.group(1), more()));
      }
      Matcher lost = LOST.matcher(message);
      if (lost.find()) {
        String why = lost.group(3).strip();
        return Optional.of(
            "Lost the executor of one task %s times, the last time on %s: %s. %s"
                .formatted(
                    lost.group(1),
                    lost.group(2),
                    why,
                    MEMORY_CODE.matcher(why).find()
                        ? "That is what too little memory looks like. " + more()
                        : "Look at the executor's log there, and run it again"));
      }
      Matcher gone = LOST_WITH_ITS_FILES.matcher(message);
      if (gone.find()) {
        return Optional.of(
            "Lost executors, and what they had written for others, %s times in one stage. Mostly that is too little memory; Spark's lines above and the executors' logs say why (code 52 is memory). %s"
                .formatted(gone.group(1), more()));
      }
      Matcher refused = REFUSED.matcher(message);
      if (refused.find()) {
        return Optional.of(
            "The cluster has given up on this run: %s. Look at the master and at the logs of the executors, and run it again"
                .formatted(message.lines().findFirst().orElse(message).strip()));
      }
    }
    return Optional.empty();
  }

  private static String more() {
    return "Give executors more (spark-submit --executor-memory 4g), or cut calls/ into more parts (--partitions), and run it again";
  }
}
