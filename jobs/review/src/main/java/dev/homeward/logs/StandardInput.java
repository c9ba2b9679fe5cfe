package dev.homeward.logs;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Standard input, written to a file because a log is read more than once. The file holds somebody's
 * log, so it must not outlive the program, however the program ends. On Linux its name is removed
 * before its first byte is written, and it is read through the handle that this process holds open.
 * Elsewhere it is removed when the program ends, or by the next run if the program was killed: a
 * run holds a lock on its file, and the system releases the locks of a process that has ended.
 */
final class StandardInput {
  private static final String PREFIX = "homeward-stdin-";

  /** Files in use, kept open: closing one would release its lock or lose its bytes. */
  private static final List<FileChannel> OPEN = new ArrayList<>();

  private StandardInput() {}

  /** Reads standard input to its end and gives the path at which it can be read again. */
  static synchronized String spooled() throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    removeLeftOvers(folder);
    Path spool = folder.resolve(PREFIX + UUID.randomUUID() + ".log");
    FileChannel channel = create(spool);
    OPEN.add(channel);
    Optional<Path> open = openFile(spool);
    if (open.isPresent()) {
      Files.delete(spool);
    } else {
      spool.toFile().deleteOnExit();
      channel.tryLock();
    }
    System.in.transferTo(Channels.newOutputStream(channel));
    return open.orElse(spool).toString();
  }

  private static FileChannel create(Path spool) throws IOException {
    var options =
        java.util.Set.of(
            StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return FileChannel.open(
          spool,
          options,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (UnsupportedOperationException e) {
      // Not a POSIX file system.
      return FileChannel.open(spool, options);
    }
  }

  /** Where Linux shows the file that this process has open; empty elsewhere. */
  private static Optional<Path> openFile(Path spool) throws IOException {
    Path mine = Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "fd");
    if (!Files.isDirectory(mine)) {
      return Optional.empty();
    }
    Path real = spool.toRealPath();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(mine)) {
      for (Path file : files) {
        if (leadsTo(file, real)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean leadsTo(Path link, Path target) throws IOException {
    try {
      return Files.readSymbolicLink(link).equals(target);
    } catch (NoSuchFileException e) {
      // Closed meanwhile.
      return false;
    }
  }

  private static void removeLeftOvers(Path folder) throws IOException {
    try (DirectoryStream<Path> spools = Files.newDirectoryStream(folder, PREFIX + "*.log")) {
      for (Path spool : spools) {
        removeIfUnused(spool);
      }
    }
  }

  private static void removeIfUnused(Path spool) throws IOException {
    try (FileChannel channel = FileChannel.open(spool, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        Files.deleteIfExists(spool);
      }
    } catch (OverlappingFileLockException e) {
      // In use by this very program.
      return;
    } catch (NoSuchFileException
        | FileAlreadyExistsException
        | java.nio.file.AccessDeniedException e) {
      // Gone meanwhile, or another user's.
      return;
    }
  }
}
