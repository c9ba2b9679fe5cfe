package dev.homeward.store;

import dev.homeward.catalog.Catalog;
import dev.homeward.config.Version;
import dev.homeward.faces.Faces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Which program this is, so that a review can say who made it. */
public final class ProgramVersion {
  private ProgramVersion() {}

  /** The program's version and, when it runs from its jars, their hash. */
  public static String text() {
    try {
      MessageDigest digest = sha256();
      for (Class<?> of : List.of(ProgramVersion.class, Faces.class, Catalog.class)) {
        var source = of.getProtectionDomain().getCodeSource();
        Path jar = source == null ? null : Path.of(source.getLocation().toURI());
        if (jar == null || !Files.isRegularFile(jar)) {
          return Version.current() + "+classes";
        }
        digest.update(Files.readAllBytes(jar));
      }
      return Version.current() + "+" + HexFormat.of().formatHex(digest.digest()).substring(0, 12);
    } catch (URISyntaxException e) {
      return Version.current() + "+classes";
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the program's own jars", e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
