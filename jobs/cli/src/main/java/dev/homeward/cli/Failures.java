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
import java.util.Optional;

/**
 * Tells what a user can mend from bugs. Bad input says itself what is wrong. A file that cannot be
 * read or written, because a disk is full or a folder is not ours, is said in one line: what was
 * tried, then why it failed. Everything else is a bug.
 */
final class Failures {
  private Failures() {}

  /** The message for the user; empty for a bug. */
  static Optional<String> ofUser(Throwable failure) {
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
      return Optional.empty();
    }
    String reason = reason(why);
    boolean saysMore = tried != null && !tried.contains(reason);
    return Optional.of(
        VisibleText.of(saysMore ? tried + ": " + reason : "Cannot go on: " + reason));
  }

  private static String reason(IOException why) {
    if (why instanceof NoSuchFileException of) {
      return "no such file: " + of.getFile();
    }
    if (why instanceof AccessDeniedException of) {
      return "permission denied: " + of.getFile();
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
    return why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
  }
}
