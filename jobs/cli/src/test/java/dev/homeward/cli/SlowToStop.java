package dev.homeward.cli;

import dev.homeward.files.Signals;
import dev.homeward.files.Stopping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program whose workers take a minute to stop, as Spark may; for tests of signals. It says {@code
 * ready} once there is something to remove.
 */
final class SlowToStop {
  private SlowToStop() {}

  public static void main(String[] args) throws Exception {
    Signals.answer(() -> System.err.println("stopped"));
    Path file = Path.of(args[0]);
    Stopping.first(() -> sleep(60_000));
    Stopping.last(
        () -> {
          try {
            Files.deleteIfExists(file);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    Files.writeString(file, "what must not be left");
    System.err.println("ready");
    sleep(120_000);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
