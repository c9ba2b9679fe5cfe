package dev.homeward.formats;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How the records of a file stand in it: what the tool that fetched or exported them has put around
 * them. It is told by content, and any format may stand in any envelope: the format's adapter sees
 * its records only.
 *
 * @param kind what the file is made of
 * @param path keys on the way from such a piece to its records, the outermost first; arrays on the
 *     way and texts that hold JSON are stepped through. In a table the first one is a column. Empty
 *     where the pieces themselves are the records
 * @param streamed how many keys of the path lead to the array whose items are read one by one from
 *     a document; 0 where its objects are read whole
 * @param separator between the fields of a table
 */
public record Envelope(Kind kind, List<String> path, int streamed, char separator)
    implements Serializable {

  /** What a file is made of. */
  public enum Kind {
    /** JSON objects, one a line. */
    LINES,
    /** The same behind something else on each line, such as a time. Lines without an object: no. */
    PREFIXED_LINES,
    /** JSON objects over several lines, one after the other or in an array. */
    DOCUMENT,
    /** JSON whose rows are lists, below the names of their columns. */
    JSON_TABLE,
    /** Objects as Node.js prints them for people. */
    NODE_TEXT,
    /** Header and records of fields between separators, with quotes (RFC 4180). */
    TABLE,
    /** A dump of PostgreSQL in text: rows below COPY, of several tables maybe. */
    COPY,
    /** A dump of a database as statements that insert rows, of several tables maybe. */
    INSERTS,
    /** Parquet. */
    PARQUET
  }

  public Envelope {
    path = List.copyOf(path);
    if (streamed < 0 || streamed > path.size()) {
      throw new IllegalArgumentException(
          "Invalid envelope: %d streamed keys of %s".formatted(streamed, path));
    }
  }

  /** JSON objects that are the records. */
  public static Envelope of(JsonLayout layout) {
    return of(layout == JsonLayout.LINES ? Kind.LINES : Kind.DOCUMENT);
  }

  /** Pieces that are the records. */
  static Envelope of(Kind kind) {
    return new Envelope(kind, List.of(), 0, ',');
  }

  /** Records of fields. */
  public static Envelope table(char separator) {
    return new Envelope(Kind.TABLE, List.of(), 0, separator);
  }

  /** The same file, where the records are JSON in one column. */
  Envelope inColumn(String column, List<String> below) {
    List<String> all = new ArrayList<>(below);
    all.add(0, column);
    return new Envelope(kind, all, 0, separator);
  }

  /** How its JSON objects stand; LINES where it is no JSON. */
  public JsonLayout layout() {
    return kind == Kind.DOCUMENT ? JsonLayout.DOCUMENT : JsonLayout.LINES;
  }

  /** Whether it is made of JSON objects. */
  boolean isJson() {
    return isLines() || kind == Kind.DOCUMENT || kind == Kind.JSON_TABLE || kind == Kind.NODE_TEXT;
  }

  /** Whether it may be cut at any byte. */
  boolean isLines() {
    return kind == Kind.LINES || kind == Kind.PREFIXED_LINES;
  }

  /** Keys that lead to the array that a document is read from. */
  List<String> streamedPath() {
    return path.subList(0, streamed);
  }

  /** Keys that lead on from there. */
  List<String> pathInRecord() {
    return path.subList(streamed, path.size());
  }

  /** What it is, for people. */
  String what() {
    String where =
        switch (kind) {
          case LINES -> "JSON lines";
          case PREFIXED_LINES -> "lines that end in JSON";
          case DOCUMENT -> "JSON over several lines";
          case TABLE ->
              switch (separator) {
                case '\t' -> "TSV";
                case ';' -> "CSV with semicolons";
                case ',' -> "CSV";
                default -> "CSV with the separator " + separator;
              };
          case JSON_TABLE -> "JSON with columns and rows apart";
          case NODE_TEXT -> "objects as Node.js prints them";
          case COPY -> "dump of PostgreSQL";
          case INSERTS -> "dump of a database";
          case PARQUET -> "Parquet";
        };
    return path.isEmpty() ? where : where + ", records in " + String.join("/", path) + ",";
  }
}
