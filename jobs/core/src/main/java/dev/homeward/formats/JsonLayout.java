package dev.homeward.formats;

/** How the JSON objects of a file stand. */
public enum JsonLayout {
  /** One object a line: a plain file can be cut at any byte, and damage costs its line. */
  LINES,
  /** Objects over several lines, one after the other or in an array: read from the beginning. */
  DOCUMENT
}
