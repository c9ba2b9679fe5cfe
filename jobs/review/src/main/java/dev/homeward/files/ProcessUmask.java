package dev.homeward.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/**
 * The permissions that whoever started this process takes from new files. Hadoop's local file
 * system sets those of its own settings, 022, whatever the process has: a log that only its owner
 * may read would become a review that all may.
 */
final class ProcessUmask {
  private static final String SETTING = "fs.permissions.umask-mode";
  private static final String OWN_DEFAULTS = "core-default.xml";

  private ProcessUmask() {}

  // It does not change while a process runs, unless native code wants it to.
  private static final class Found {
    static final Optional<String> UMASK = probe(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** Makes the local file system use it, unless a user's Hadoop settings name another. */
  static void applyTo(Configuration configuration) {
    String[] from = configuration.getPropertySources(SETTING);
    if (from == null || from.length == 0 || from[from.length - 1].equals(OWN_DEFAULTS)) {
      Found.UMASK.ifPresent(umask -> configuration.set(SETTING, umask));
    }
  }

  /** In octal, from a directory made and removed; empty where no permissions are kept. */
  static Optional<String> probe(Path folder) {
    Path made = folder.resolve("homeward-" + UUID.randomUUID());
    try {
      Files.createDirectory(made);
      try {
        Set<PosixFilePermission> taken = EnumSet.allOf(PosixFilePermission.class);
        taken.removeAll(Files.getPosixFilePermissions(made));
        int bits = 0;
        for (PosixFilePermission permission : taken) {
          // Declared from the owner's read to the others' execute, the highest bit first.
          bits |= 0400 >> permission.ordinal();
        }
        return Optional.of("%03o".formatted(bits));
      } finally {
        Files.delete(made);
      }
    } catch (IOException | UnsupportedOperationException noneToBeSeen) {
      return Optional.empty();
    }
  }
}
