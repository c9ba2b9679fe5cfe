package dev.homeward.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands that a document shows: each line of its code blocks (indented, or between fences),
 * cut at {@code &&}, without what stands behind a {@code #}; and what stands between backticks in
 * its text.
 */
final class ReadmeCommands {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
  private static final Pattern INLINE = Pattern.compile("`((?:\\./)?homeward [^`]+)`");

  private ReadmeCommands() {}

  /**
   * A command.
   *
   * @param line its line in the document
   * @param program what is started
   * @param args its arguments, without quotes
   */
  record Command(int line, String program, List<String> args) {
    boolean isHomeward() {
      return program.equals("./homeward") || program.equals("homeward");
    }

    @Override
    public String toString() {
      return "line %d: %s %s".formatted(line, program, String.join(" ", args));
    }
  }

  /** Those of code blocks, in their order. */
  static List<Command> ofBlocks(Path document) throws IOException {
    List<Command> commands = new ArrayList<>();
    boolean fenced = false;
    int number = 0;
    for (String line : Files.readAllLines(document)) {
      number++;
      if (line.startsWith("```")) {
        fenced = !fenced;
      } else if (line.startsWith("    ") && !fenced) {
        add(line, number, commands);
      }
    }
    return commands;
  }

  /** Those between backticks. */
  static List<Command> inline(Path document) throws IOException {
    List<Command> commands = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(document)) {
      number++;
      Matcher found = INLINE.matcher(line);
      while (found.find()) {
        add(found.group(1), number, commands);
      }
    }
    return commands;
  }

  private static void add(String line, int number, List<Command> commands) {
    for (String part : line.replaceAll("\\s#\\s.*", "").split("&&", -1)) {
      List<String> words = new ArrayList<>();
      Matcher word = WORD.matcher(part);
      while (word.find()) {
        words.add(
            word.group(1) != null
                ? word.group(1)
                : word.group(2) != null ? word.group(2) : word.group(3));
      }
      if (!words.isEmpty() && words.get(0).equals("time")) {
        words.remove(0);
      }
      if (!words.isEmpty()) {
        commands.add(
            new Command(number, words.get(0), List.copyOf(words.subList(1, words.size()))));
      }
    }
  }
}
