package dev.homeward.nextsteps;

import dev.homeward.units.VisibleText;
import java.util.List;

/** Comments of files, which may hold names from logs. */
final class Comments {
  private static final int WIDTH = 100;

  private Comments() {}

  /** A name from a log as comments and running text have it: short, visible, without escapes. */
  static String name(String name) {
    return VisibleText.shortNameOf(name, VisibleText.LONGEST_NAME).replace('\\', '/');
  }

  /** One line, whatever the text holds. */
  static String line(String text) {
    // A backslash at the end would take the next line in where a reader goes on behind it.
    return VisibleText.of(text).replace('\\', '/').strip();
  }

  /** Lines that begin with a hash, broken between words. */
  static String of(List<String> paragraphs) {
    StringBuilder block = new StringBuilder();
    for (String paragraph : paragraphs) {
      StringBuilder line = new StringBuilder("#");
      for (String word : line(paragraph).split(" +")) {
        if (line.length() > 1 && line.length() + 1 + word.length() > WIDTH) {
          block.append(line).append('\n');
          line.setLength(0);
          line.append("#  ");
        }
        line.append(' ').append(word);
      }
      block.append(line.toString().stripTrailing()).append('\n');
    }
    return block.toString();
  }
}
