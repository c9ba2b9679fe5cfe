package dev.homeward.cli;

import dev.homeward.config.Version;
import dev.homeward.files.LocaleNames;
import dev.homeward.files.Signals;
import dev.homeward.files.Stopping;
import dev.homeward.units.VisibleText;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line. Exit codes: 0 done, 1 ran and nothing feasible, 2 bad input, a file that cannot
 * be read or written or too little memory, 129, 130 and 143 stopped by a signal, 70 a bug.
 *
 * <p>The text of a bug's stack trace goes to standard error; a user's mistake is one clear message.
 */
@Command(
    name = "homeward",
    versionProvider = Main.FromBuild.class,
    mixinStandardHelpOptions = true,
    description =
        "Reads the log of your calls to hosted language models, replays them on hardware you could"
            + " own or rent, and ranks the workloads worth bringing home.",
    subcommands = {
      ReviewCommand.class,
      WhatIfCommand.class,
      DiffCommand.class,
      ExplainCommand.class,
      ReportCommand.class,
      HistoryCommand.class,
      ValidateCommand.class,
      IngestCommand.class,
      CatalogCommand.class,
      PricesCommand.class,
      ModelsCommand.class,
      CalibrateCommand.class,
      ValidateModelCommand.class,
      GenerateCommand.class,
      NotebookCommand.class,
      PrepareCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 ran and nothing feasible, 2 bad input, a file that cannot be read or"
          + " written,",
      "or too little memory or disk, 129, 130 and 143 stopped by a signal, 70 a bug.",
      "Example: homeward review sample-logs"
    })
public final class Main {
  static final int NOTHING_FEASIBLE = 1;
  private static final int BAD_INPUT = 2;
  private static final int BUG = 70;

  /** Never seen: a signal ends the program with its own code, 129, 130 or 143. */
  private static final int STOPPED = 143;

  private static final long MOST_MILLIS_TO_STOP = 4500;

  /** Commands that read logs: they take a while, may start Spark, and clean up when stopped. */
  private static final List<String> LONG = List.of("review", "ingest", "validate");

  private Main() {}

  /** What {@code --version} says. */
  static final class FromBuild implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"homeward " + Version.current()};
    }
  }

  /** Runs a command line and ends the program with its exit code. */
  public static void main(String[] args) {
    // Messages are English wherever they are read: a locale with digits of its own must not show in
    // them.
    Locale.setDefault(Locale.ROOT);
    boolean isLong = args.length > 0 && (LONG.contains(args[0]) || args[0].equals("prepare"));
    if (!isLong) {
      // Nothing is logged there, and Spark's logger takes a tenth of a second to start.
      System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
      System.setProperty("slf4j.internal.verbosity", "ERROR");
    }
    int code;
    Thread.setDefaultUncaughtExceptionHandler(Main::uncaught);
    if (isLong) {
      // Others have nothing to stop that Java's own answer to a signal does not.
      Signals.answer(() -> System.err.println("homeward: stopped by a signal before it was done."));
    }
    try {
      code = run(args);
    } catch (Error e) {
      // A broken installation: never an exit code that means something else.
      if (!Signals.came()) {
        e.printStackTrace();
      }
      code = BUG;
    }
    Signals.over();
    System.exit(code);
  }

  private static void exitWithin(long millis, int code) {
    Thread watch =
        new Thread(
            () -> {
              try {
                Thread.sleep(millis);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(code);
            },
            "homeward-stop");
    watch.setDaemon(true);
    watch.start();
  }

  // Of a thread that nobody waits for. Where memory has run out, others might wait for ever for
  // what it was to do; anything else is told, and those that wait for it find out.
  private static void uncaught(Thread thread, Throwable failure) {
    if (Signals.came() || Stopping.isStopping()) {
      return;
    }
    try {
      boolean outOfMemory = Failures.isOutOfMemory(failure);
      Optional<String> mistake = Failures.ofUser(failure);
      if (mistake.isPresent()) {
        System.err.println(mistake.get());
      } else {
        System.err.println("Exception in thread " + thread.getName());
        failure.printStackTrace();
      }
      if (outOfMemory) {
        exitWithin(MOST_MILLIS_TO_STOP, BAD_INPUT);
        System.exit(BAD_INPUT);
      }
    } catch (OutOfMemoryError e) {
      Runtime.getRuntime().halt(BAD_INPUT);
    }
  }

  /** Runs a command line. */
  static int run(String... args) {
    for (String arg : args) {
      if (!LocaleNames.areReadable(arg)) {
        System.err.println(
            VisibleText.of("Cannot read %s: %s".formatted(arg, LocaleNames.advice())));
        return BAD_INPUT;
      }
    }
    CommandLine commandLine = commandLine();
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (Stopping.isStopping()) {
            // What fails while the program is being stopped fails because of that.
            return STOPPED;
          }
          Optional<String> mistake = Failures.ofUser(failure);
          if (mistake.isPresent()) {
            command.getErr().println(mistake.get());
            if (isVerbose(parsed)) {
              failure.printStackTrace(command.getErr());
            }
            command.getErr().flush();
            return BAD_INPUT;
          }
          command.getErr().println("This is a bug in Homeward. Please report it with this trace:");
          failure.printStackTrace(command.getErr());
          command.getErr().flush();
          return BUG;
        });
    if (args.length == 0) {
      return usage(commandLine);
    }
    try {
      return commandLine.execute(args);
    } catch (Error e) {
      // Hadoop says by an Error that a disk is full, Java that it has too little memory.
      Optional<String> mistake = Failures.ofUser(e);
      if (mistake.isEmpty()) {
        throw e;
      }
      System.err.println(mistake.get());
      return BAD_INPUT;
    }
  }

  // Whether the verb that was called, which stands last, was given --verbose.
  private static boolean isVerbose(CommandLine.ParseResult parsed) {
    CommandLine.ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.hasMatchedOption("--verbose");
  }

  /** The verbs and their options. */
  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  private static int usage(CommandLine commandLine) {
    commandLine.usage(System.err);
    return BAD_INPUT;
  }
}
