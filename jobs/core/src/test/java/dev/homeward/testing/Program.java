package dev.homeward.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a class of the program as users do: a process with an environment of its own, without what
 * the machine's says of databases and stores.
 */
public final class Program {
  private static final int MINUTES = 5;

  /** How the variables begin that say where databases and stores are, and give passwords. */
  private static final List<String> OUTSIDE = List.of("PG", "AWS_", "CLICKHOUSE_");

  private Program() {}

  /**
   * How a process ended.
   *
   * @param text its standard output and standard error
   */
  public record Ran(int exit, String text) {
    /** The lines that say why it failed. */
    public List<String> complaints() {
      return text.lines()
          .filter(line -> line.startsWith("Cannot") || line.startsWith("Invalid"))
          .toList();
    }
  }

  /** The program itself. */
  public static Ran homeward(Path in, Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    return java(in, environment, List.of(), "dev.homeward.cli.Main", args);
  }

  /**
   * A class on the class path of the tests.
   *
   * @param flags for the virtual machine
   */
  public static Ran java(
      Path in, Map<String, String> environment, List<String> flags, String main, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path")), main));
    command.addAll(List.of(args));
    Path out = Files.createTempFile(in, "out", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> OUTSIDE.stream().anyMatch(prefix -> name.startsWith(prefix)));
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("still running after %d minutes: %s".formatted(MINUTES, command));
    }
    String text = Files.readString(out, StandardCharsets.UTF_8);
    Files.delete(out);
    return new Ran(process.exitValue(), text);
  }

  private static String absolute(String classPath) {
    List<String> all = new ArrayList<>();
    for (String part : classPath.split(java.io.File.pathSeparator)) {
      all.add(Path.of(part).toAbsolutePath().toString());
    }
    return String.join(java.io.File.pathSeparator, all);
  }
}
