package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.cli.ReadmeCommands.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * What the documents tell people to type exists: every verb and option, and every file of the
 * README's code blocks, or a command further up writes it. {@link ReadmeIT} runs them.
 */
final class ReadmeTest {
  private static final Path ROOT = Cli.root();
  private static final Path README = ROOT.resolve("README.md");

  @Test
  void theReadmeShowsTheCommandsThatPeopleNeed() throws IOException {
    Set<String> verbs = new TreeSet<>();
    for (Command command : ReadmeCommands.ofBlocks(README)) {
      if (command.isHomeward()) {
        verbs.add(command.args().get(0));
      }
    }
    assertTrue(
        verbs.containsAll(
            List.of(
                "review", "whatif", "generate", "diff", "catalog", "calibrate", "validate-model")),
        verbs.toString());
  }

  @Test
  void everyCommandOfACodeBlockParses() throws IOException {
    List<String> problems = new ArrayList<>();
    for (Command command : ReadmeCommands.ofBlocks(README)) {
      if (!command.isHomeward()) {
        continue;
      }
      try {
        Main.commandLine().parseArgs(command.args().toArray(String[]::new));
      } catch (CommandLine.ParameterException e) {
        problems.add(command + ": " + e.getMessage());
      }
    }
    assertEquals(List.of(), problems);
  }

  /** In the text too, and in all of docs: there placeholders stand for values. */
  @Test
  void everyVerbAndOptionExists() throws IOException {
    List<String> problems = new ArrayList<>();
    int checked = 0;
    for (Path document : documents()) {
      List<Command> commands = new ArrayList<>(ReadmeCommands.ofBlocks(document));
      commands.addAll(ReadmeCommands.inline(document));
      for (Command command : commands) {
        if (command.isHomeward()) {
          checked++;
          check(command).forEach(p -> problems.add(document + " " + command + ": " + p));
        }
      }
    }
    assertEquals(List.of(), problems);
    assertTrue(checked > 30, "commands found: " + checked);
  }

  private static List<String> check(Command command) {
    List<String> problems = new ArrayList<>();
    CommandLine at = Main.commandLine();
    boolean verb = false;
    for (String word : command.args()) {
      if (word.startsWith("--")) {
        String option = word.replaceAll("=.*", "").replaceAll("[^a-z-]+$", "");
        if (at.getCommandSpec().findOption(option) == null) {
          problems.add("no option " + option);
        }
      } else if (at.getSubcommands().containsKey(word)) {
        at = at.getSubcommands().get(word);
        verb = true;
      } else if (!verb) {
        problems.add("no verb " + word);
        return problems;
      }
    }
    return problems;
  }

  /** A file is in the checkout, or a command further up has written it. */
  @Test
  void everyFileOfACodeBlockIsThereByThen() throws IOException {
    List<String> problems = new ArrayList<>();
    Set<String> written = new TreeSet<>();
    for (Command command : ReadmeCommands.ofBlocks(README)) {
      if (!Files.exists(ROOT.resolve(command.program()))
          && !List.of("homeward", "java").contains(command.program())) {
        problems.add(command + ": no such program");
      }
      List<String> args = command.args();
      for (int i = command.isHomeward() ? 1 : 0; i < args.size(); i++) {
        String arg = args.get(i);
        boolean isValue = i > 0 && args.get(i - 1).equals("--out");
        if (isValue) {
          written.add(arg);
        } else if (command.isHomeward() && looksLikeAFile(args, i)) {
          if (!Files.exists(ROOT.resolve(arg)) && !written.contains(arg)) {
            problems.add(command + ": no " + arg);
          }
        }
      }
      if (command.isHomeward() && args.get(0).equals("review") && !args.contains("--out")) {
        written.add(args.get(1).equals("sample-logs") ? "reviews/2026-10" : "reviews/2026-11");
      }
    }
    assertEquals(List.of(), problems);
  }

  // What is no option, no value of an option that takes something else, and not a name.
  private static boolean looksLikeAFile(List<String> args, int i) {
    String before = args.get(i - 1);
    if (args.get(i).startsWith("--")) {
      return false;
    }
    if (before.startsWith("--")) {
      return List.of("--scenario", "--hardware", "--data", "--policy", "--review").contains(before);
    }
    return !args.get(0).equals("explain");
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(README, ROOT.resolve("CONTRIBUTING.md")));
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !file.toString().contains("decisions"))
          .sorted()
          .forEach(documents::add);
    }
    return documents;
  }
}
