package dev.homeward.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.OutputFile;

/**
 * The files a review reads and writes, wherever they lie. A path is text as a user writes it:
 * local, {@code hdfs://...} or {@code s3a://...}.
 */
public interface Files {
  /**
   * A file or a folder.
   *
   * @param path its whole path, with its scheme
   * @param bytes its size; 0 of a folder
   */
  record Entry(String path, long bytes, boolean isFolder) {}

  boolean exists(String path) throws IOException;

  /**
   * What is at a path.
   *
   * @throws java.io.FileNotFoundException if nothing is
   */
  Entry entry(String path) throws IOException;

  /** What lies directly in a folder. */
  List<Entry> list(String folder) throws IOException;

  /** The same, but what cannot be opened is left out: it is not ours. */
  List<Entry> listReadable(String folder) throws IOException;

  /** What a pattern with {@code *}, {@code ?}, {@code [..]} or {@code {a,b}} names; may be none. */
  List<Entry> glob(String pattern) throws IOException;

  /**
   * The bytes of a file.
   *
   * @param offset first byte as stored; not 0 only where the file is not compressed
   */
  InputStream open(String path, Compression compression, long offset) throws IOException;

  /** A file to write, in place of one that is there; its folders are made. */
  OutputStream create(String path) throws IOException;

  void makeFolder(String path) throws IOException;

  /**
   * Gives a file or folder another name. On this machine's disks it happens at once or not at all,
   * and a file that has the name already is replaced.
   *
   * @throws IOException if it did not happen
   */
  void rename(String from, String to) throws IOException;

  /**
   * Whether a folder gets another name in one step, of which nobody sees a half. Object stores have
   * no folders: there every file is copied and removed, one after the other; but a file that is
   * written appears whole.
   */
  boolean renamesAtOnce(String path) throws IOException;

  /** Removes a file, or a folder with all it holds; nothing happens where nothing is. */
  void delete(String path) throws IOException;

  /** Removes a folder that holds nothing; another stays as it is. */
  void deleteIfEmpty(String folder) throws IOException;

  /** Where a path lies on this machine's own disks; empty if it does not. */
  Optional<Path> local(String path) throws IOException;

  /** The path that a link leads to, and on through further links; of other paths the same. */
  String behindLinks(String path) throws IOException;

  /** The path of the same without links on its way; of other machines' paths the same. */
  String withoutLinks(String path);

  /** Whether it is a pipe, a socket or a device of this machine: nothing to read twice. */
  boolean isSpecial(String path) throws IOException;

  InputFile parquetInput(String path) throws IOException;

  OutputFile parquetOutput(String path) throws IOException;

  /** The path in the form that this file system writes it. */
  String normal(String path);

  /** The path of what lies in a folder. */
  String child(String folder, String name);

  /** The folder that holds it; {@code .} for a bare name. */
  String parent(String path);

  /** The last part of a path. */
  String name(String path);

  /** The path without its scheme and host, for people. */
  String plain(String path);

  default void write(String path, String text) throws IOException {
    write(path, text.getBytes(StandardCharsets.UTF_8));
  }

  default void write(String path, byte[] bytes) throws IOException {
    try (OutputStream out = create(path)) {
      out.write(bytes);
    }
  }

  default String read(String path) throws IOException {
    try (InputStream in = open(path, Compression.NONE, 0)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
