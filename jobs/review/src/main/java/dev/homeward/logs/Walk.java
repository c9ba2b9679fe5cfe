package dev.homeward.logs;

import dev.homeward.files.Files;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Looks for the files below a path. A folder that links lead to, be it one above the link itself,
 * is gone through once.
 */
final class Walk {
  private static final Set<String> NOT_LOGS = Set.of("readme", "license", "notice", "_success");

  private final Files storage;
  private final List<Files.Entry> found;
  private final List<String> ours;

  /** Folders gone through, without links on their way. */
  private final Set<String> seen = new HashSet<>();

  /** Folders behind links, which are gone through last: what they lead to has its own name then. */
  private final Deque<Files.Entry> links = new ArrayDeque<>();

  /**
   * @param found where to put the files
   * @param ours where to put the folders that this program wrote, which are left out
   */
  Walk(Files storage, List<Files.Entry> found, List<String> ours) {
    this.storage = storage;
    this.found = found;
    this.ours = ours;
  }

  /**
   * Goes through what the user named.
   *
   * @throws InvalidInput if that is no file that can be read twice
   */
  void from(Files.Entry root) throws IOException {
    if (!root.isFolder() && storage.isSpecial(root.path())) {
      throw new InvalidInput(
          "Cannot read %s: it is a pipe, a socket or a device, and a log is read more than once. Give the file itself, or - for standard input"
              .formatted(storage.plain(root.path())));
    }
    at(root, true);
    while (!links.isEmpty()) {
      folder(links.remove());
    }
  }

  private void at(Files.Entry at, boolean named) throws IOException {
    String name = storage.name(at.path());
    if (!named && (name.startsWith(".") || name.startsWith("_"))) {
      return;
    }
    if (at.isFolder()) {
      if (named) {
        folder(at);
      } else if (!name.equals(LogFiles.SETTINGS)) {
        boolean isLink =
            storage.local(at.path()).filter(java.nio.file.Files::isSymbolicLink).isPresent();
        if (isLink) {
          links.add(at);
        } else {
          folder(at);
        }
      }
      return;
    }
    String stem = name.replaceFirst("\\..*$", "").toLowerCase(Locale.ROOT);
    // Empty files in a folder are sessions that never began, or pipes and devices; an empty file
    // that the user names is a mistake.
    if (named || !NOT_LOGS.contains(stem) && at.bytes() > 0) {
      found.add(at);
    }
  }

  private void folder(Files.Entry folder) throws IOException {
    if (!seen.add(storage.withoutLinks(folder.path()))) {
      return;
    }
    List<Files.Entry> children = storage.list(folder.path());
    if (LogFiles.isOurs(storage, children)) {
      ours.add(storage.plain(folder.path()));
      return;
    }
    for (Files.Entry child : children) {
      at(child, false);
    }
  }
}
