package dev.homeward.formats;

import java.util.Optional;

/** Tells bytes that are no text, and what to do with them. */
final class NotText {
  private NotText() {}

  /** Why a file that begins with these bytes is no text; empty if it is one. */
  static Optional<String> why(byte[] head, int length) {
    if (startsWith(head, length, 0x1F, 0x8B)
        || startsWith(head, length, 0x28, 0xB5, 0x2F, 0xFD)
        || startsWith(head, length, 'B', 'Z', 'h')) {
      return Optional.of("it is compressed inside of what was read; unpack it once");
    }
    if (startsWith(head, length, 'P', 'K', 3, 4)) {
      return Optional.of("it is a zip archive; unpack it first");
    }
    if (startsWith(head, length, 0xFF, 0xFE) || startsWith(head, length, 0xFE, 0xFF)) {
      return Optional.of("it is UTF-16 text; convert it to UTF-8");
    }
    if (startsWith(head, length, 'S', 'Q', 'L', 'i', 't', 'e', ' ', 'f')) {
      return Optional.of(
          "it is an SQLite database; export the table that holds the calls as text, and give that:"
              + " sqlite3 FILE '.dump TABLE' > calls.sql (of OpenCode, TABLE is message, in newer"
              + " versions session_message)");
    }
    if (startsWith(head, length, 'P', 'G', 'D', 'M', 'P')) {
      return Optional.of(
          "it is a dump of PostgreSQL in its own format; write one in text (pg_dump --format plain,"
              + " or pg_restore --file)");
    }
    int controls = 0;
    for (int i = 0; i < length; i++) {
      if (head[i] == 0) {
        return Optional.of("it is a binary file (a zero byte at offset %d)".formatted(i));
      }
      boolean white = head[i] == '\n' || head[i] == '\r' || head[i] == '\t' || head[i] == '\f';
      controls += head[i] >= 0 && head[i] < ' ' && !white ? 1 : 0;
    }
    return controls > length / 50
        ? Optional.of("it is a binary file (%d control bytes)".formatted(controls))
        : Optional.empty();
  }

  static boolean startsWith(byte[] head, int length, int... magic) {
    if (length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (head[i] != (byte) magic[i]) {
        return false;
      }
    }
    return true;
  }
}
