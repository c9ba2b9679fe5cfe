package dev.homeward.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.VisibleText;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells what a user can mend from bugs. Bad input says itself what is wrong. A file that cannot be
 * read or written, because a disk is full or a folder is not ours, is said in one line: what was
 * tried, then why it failed. Everything else is a bug.
 */
final class Failures {
  private static final Pattern CLASS =
      Pattern.compile("\\b(?:[a-z][a-z0-9_]*\\.)+[A-Z]\\w*(?:Exception|Error): ");

  private Failures() {}

  /** What Spark says of a task's failure is text alone. */
  private static final Pattern SAID_BY_A_TASK =
      Pattern.compile("java\\.(?:io|nio\\.file)\\.\\w*(?:Exception|Error): ([^\\n]+)");

  private static final List<String> FULL =
      List.of("no space left", "disk quota exceeded", "not enough space", "file too large");

  /** The message for the user; empty for a bug. */
  static Optional<String> ofUser(Throwable failure) {
    Optional<String> ofExecutor = ExecutorFailures.ofUser(failure);
    if (ofExecutor.isPresent()) {
      return ofExecutor.map(VisibleText::of);
    }
    if (isOutOfMemory(failure)) {
      return Optional.of(outOfMemory());
    }
    for (Throwable t = failure; t != null; t = t.getCause()) {
      // Thrown in a task, it comes wrapped by whoever ran the task.
      if (t instanceof InvalidInput) {
        return Optional.of(t.getMessage());
      }
    }
    String tried = null;
    IOException why = null;
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UncheckedIOException && tried == null) {
        tried = t.getMessage();
      } else if (t instanceof IOException of) {
        why = of;
      }
    }
    if (why == null) {
      why = saidByATask(failure);
    }
    if (why == null) {
      return Optional.empty();
    }
    String reason = reason(why);
    if (tried == null) {
      tried =
          isFull(reason) && isOfSpark(failure)
              ? "Cannot write temporary files of Spark in " + temporaryFolders()
              : "Cannot go on";
    }
    String said = tried.contains(reason) ? tried : tried + ": " + reason;
    return Optional.of(VisibleText.of(said + advice(reason)));
  }

  /** Whether the Java that runs this had too little memory, however it was told. */
  static boolean isOutOfMemory(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof OutOfMemoryError
          || t.getMessage() != null
              && t.getMessage().contains("java.lang.OutOfMemoryError")
              && !(t instanceof InvalidInput)) {
        return true;
      }
    }
    return false;
  }

  static String outOfMemory() {
    return "Not enough memory: Java may use %,d MB here, and they did not do. Give more (%s)%s"
        .formatted(
            Runtime.getRuntime().maxMemory() >> 20,
            // spark-submit says so to the program that it runs.
            System.getProperty("SPARK_SUBMIT") == null
                ? "HOMEWARD_JAVA_OPTS=-Xmx8g homeward ..."
                : "spark-submit --driver-memory 8g ...",
            "; with --workers local the whole log is held in memory, with --workers spark it is not.");
  }

  private static boolean isOfSpark(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t.getClass().getName().startsWith("org.apache.spark.")) {
        return true;
      }
    }
    return false;
  }

  private static String temporaryFolders() {
    String spark = System.getenv("SPARK_LOCAL_DIRS");
    return spark != null && !spark.isBlank() ? spark : System.getProperty("java.io.tmpdir");
  }

  // An IOException of a task reaches whoever asked for it as a line of a longer message.
  private static IOException saidByATask(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      Matcher said = SAID_BY_A_TASK.matcher(String.valueOf(t.getMessage()));
      if (t.getClass().getName().startsWith("org.apache.spark.") && said.find()) {
        return new IOException(said.group(1).strip(), t);
      }
    }
    return null;
  }

  private static boolean isFull(String reason) {
    String lower = reason.toLowerCase(Locale.ROOT);
    return FULL.stream().anyMatch(lower::contains);
  }

  private static String advice(String reason) {
    return isFull(reason)
        ? ". The disk is full: make room there, or name another place (--out; for temporary files"
            + " HOMEWARD_JAVA_OPTS=-Djava.io.tmpdir=DIR), and run it again. No earlier review was"
            + " touched."
        : "";
  }

  private static String reason(IOException why) {
    if (why instanceof NoSuchFileException of) {
      return "no such file: " + of.getFile();
    }
    if (why instanceof AccessDeniedException of) {
      return of.getReason() == null
          ? "permission denied: " + of.getFile()
          : "permission denied: %s (%s)".formatted(of.getFile(), plain(of.getReason()));
    }
    if (why instanceof FileSystemException of) {
      return (of.getReason() == null ? of.getClass().getSimpleName() : of.getReason())
          + (of.getFile() == null ? "" : ": " + of.getFile());
    }
    if (why instanceof JsonProcessingException of) {
      return "it is damaged (%s%s)"
          .formatted(
              of.getOriginalMessage(),
              of.getLocation() == null ? "" : ", line " + of.getLocation().getLineNr());
    }
    if (why instanceof FileNotFoundException && why.getMessage() != null) {
      return why.getMessage();
    }
    return why.getMessage() == null ? why.getClass().getSimpleName() : plain(why.getMessage());
  }

  // What object stores answer comes through several libraries, of which each adds its class.
  private static String plain(String message) {
    String first = message.lines().findFirst().orElse("");
    String said = CLASS.matcher(first).replaceAll("");
    return first.contains("NoAuthWithAWSException")
        ? "no credentials; give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile or role"
        : said;
  }
}
