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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** What it shows of the sample review is part of what the tour shows in full. */
  @Test
  void theReadmeIsShortAndShowsNothingElseThanTheTour() throws IOException {
    List<String> lines = Files.readAllLines(README);
    assertTrue(lines.size() <= 166, lines.size() + " lines");
    String tour = Files.readString(ROOT.resolve("docs/tour.md"));
    List<String> blocks = new ArrayList<>();
    StringBuilder block = null;
    for (String line : lines) {
      if (line.startsWith("```")) {
        if (block != null) {
          blocks.add(block.toString());
        }
        block = block == null ? new StringBuilder() : null;
      } else if (block != null) {
        block.append(line).append('\n');
      }
    }
    assertEquals(2, blocks.size());
    blocks.forEach(shown -> assertTrue(tour.contains("\n" + shown), shown));
  }

  /** Every figure of the answers is one of the pages that tests work out. */
  @Test
  void theAnswersHaveTheFiguresOfTheBookAndTheArticles() throws IOException {
    String known =
        Files.readString(ROOT.resolve("docs/cases/book.md"))
            + Files.readString(ROOT.resolve("docs/articles.md"));
    Matcher figure =
        Pattern.compile(
                "\\$?[0-9]+(,[0-9]{3})*\\.[0-9]+|\\$[0-9]+(,[0-9]{3})*|[0-9]+,[0-9]{3} calls")
            .matcher(Files.readString(ROOT.resolve("docs/questions.md")));
    List<String> unknown = new ArrayList<>();
    int figures = 0;
    while (figure.find()) {
      figures++;
      String of = figure.group();
      if (!Pattern.compile("(?<![0-9,.$])" + Pattern.quote(of) + "(?![0-9])").matcher(known).find()
          && !known.contains(of)) {
        unknown.add(of);
      }
    }
    assertEquals(List.of(), unknown);
    assertTrue(figures > 40, figures + " figures");
  }

  /** Links of the documents lead to files that are there. */
  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    Pattern link = Pattern.compile("\\]\\(([^)#:\\s]+)(#[^)\\s]*)?\\)");
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path document : documents()) {
      Matcher found = link.matcher(Files.readString(document));
      while (found.find()) {
        links++;
        if (!Files.exists(document.resolveSibling(found.group(1)))) {
          broken.add(document + ": " + found.group(1));
        }
      }
    }
    assertEquals(List.of(), broken);
    assertTrue(links > 60, links + " links");
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
