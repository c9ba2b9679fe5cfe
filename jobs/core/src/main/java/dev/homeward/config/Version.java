package dev.homeward.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of the program, as the root pom's {@code revision} says it. */
public final class Version {
  private Version() {}

  /** The version, such as 0.2.0. */
  public static String current() {
    // The build writes it there.
    try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
      if (in == null) {
        throw new IllegalStateException("Missing version.txt in the program's jar: build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read version.txt in the program's jar", e);
    }
  }
}
