package dev.homeward.logs;

import dev.homeward.files.Compression;
import dev.homeward.formats.Envelope;
import java.io.Serializable;

/**
 * One file of a log.
 *
 * @param path where it is
 * @param name its path below what the user named: what calls/ and messages call it, so that results
 *     do not depend on where the log lies
 * @param bytes its size as stored
 * @param sha256 of the bytes as stored; empty where nobody asked
 * @param secret what only who has the file can know: a hash of its size, beginning and end that is
 *     never written
 * @param format word of its log format
 * @param envelope how its records stand in it
 * @param why how the format was recognised
 * @param mapping what the columns of a table of one's own mean; empty for all other formats
 */
public record LogFile(
    String path,
    String name,
    long bytes,
    String sha256,
    String secret,
    Compression compression,
    String format,
    Envelope envelope,
    String why,
    String mapping)
    implements Serializable {

  /** Whether its columns alone tell how it is read. */
  public boolean isReadByItsColumns() {
    return !mapping.isEmpty() && why.startsWith(OwnTables.BY_COLUMNS);
  }

  /** The same file under another name. */
  public LogFile named(String other) {
    return new LogFile(
        path, other, bytes, sha256, secret, compression, format, envelope, why, mapping);
  }
}
