package dev.homeward;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Measurements, traces and fixtures beside the checkout; absent on most machines. */
public final class SharedData {
  private SharedData() {}

  /** A file or folder of ../shared/data; the test is skipped, visibly, where it is absent. */
  public static Path path(String name) {
    Path path = root().resolve("..").resolve("shared").resolve("data").resolve(name);
    Assumptions.assumeTrue(Files.exists(path), "../shared/data/" + name + " is not here");
    return path;
  }

  /** The root of the checkout. */
  public static Path root() {
    return Path.of(System.getProperty("homeward.root", "../.."));
  }
}
