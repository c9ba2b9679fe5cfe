package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.cli.ReadmeCommands.Command;
import dev.homeward.generate.Generator;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of the README's code blocks one after the other, in a directory of their own,
 * as a reader does. So that it takes no hour: the sample month is a small one, reviews run without
 * Spark, and what builds, tests or measures speed is left out.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class ReadmeIT {
  private static final String SMALL = "0.005";

  @TempDir Path folder;

  @Test
  void everyCommandRuns() throws Exception {
    Path examples = Files.createDirectories(folder.resolve("docs/examples"));
    try (Stream<Path> files = Files.list(Cli.root().resolve("docs/examples"))) {
      for (Path file : files.toList()) {
        Files.copy(file, examples.resolve(file.getFileName()));
      }
    }
    Generator.write(7, Double.parseDouble(SMALL), folder.resolve("sample-logs"));
    List<String> ran = new ArrayList<>();
    for (Command command : ReadmeCommands.ofBlocks(Cli.root().resolve("README.md"))) {
      if (!command.isHomeward() || isBenchmark(command)) {
        continue;
      }
      List<String> args = new ArrayList<>(command.args());
      switch (args.get(0)) {
        case "review" -> args.addAll(List.of("--workers", "local"));
        case "generate" -> args.addAll(List.of("--scale", SMALL));
        default -> {}
      }
      Path out = folder.resolve("out.txt");
      int exit = run(args, out);
      // A comparison that finds what it was to find is no failure.
      Set<Integer> fine = args.get(0).equals("diff") ? Set.of(0, 1) : Set.of(0);
      assertTrue(
          fine.contains(exit), command + ": exit code " + exit + "\n" + Files.readString(out));
      ran.add(args.get(0));
    }
    assertEquals(
        List.of(
            "review",
            "whatif",
            "whatif",
            "whatif",
            "whatif",
            "generate",
            "review",
            "diff",
            "history",
            "catalog",
            "review",
            "calibrate",
            "validate-model",
            "review",
            "whatif"),
        ran);
    assertTrue(Files.exists(folder.resolve("reviews/2026-10/ranking.csv")));
    assertTrue(Files.exists(folder.resolve("my-h200.yaml")));
    // As the first one says of itself: again, in the directory that now holds all of this.
    Path out = folder.resolve("again.txt");
    assertEquals(0, run(List.of("review", "sample-logs", "--workers", "local"), out));
    assertTrue(Files.readString(out).contains("Nothing to do: "), Files.readString(out));
  }

  // The last block measures the speed on 300 workloads.
  private static boolean isBenchmark(Command command) {
    return command.args().contains("4.45")
        || command.args().contains("big")
        || command.args().contains("big-review");
  }

  private int run(List<String> args, Path out) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(List.of("-Xmx2g", "-cp", absolute(System.getProperty("java.class.path"))));
    all.add(Main.class.getName());
    all.addAll(args);
    ProcessBuilder builder =
        new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.directory(folder.toFile());
    return builder.start().waitFor();
  }

  private static String absolute(String classPath) {
    return String.join(
        File.pathSeparator,
        Stream.of(classPath.split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }
}
