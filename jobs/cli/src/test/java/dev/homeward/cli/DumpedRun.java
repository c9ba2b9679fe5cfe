package dev.homeward.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs commands in this process and dumps its heap, all that is reachable: once its logs have been
 * looked at, once they have been read, and when each command is over. What lies in the folder for
 * temporary files by then is kept too.
 *
 * <p>Arguments: a folder for the dumps, and the commands with {@code --then} between them.
 */
final class DumpedRun {
  private DumpedRun() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    System.setErr(new PrintStream(new Watched(System.err, folder), true, StandardCharsets.UTF_8));
    List<List<String>> commands = new ArrayList<>(List.of(new ArrayList<>()));
    for (String arg : Arrays.asList(args).subList(1, args.length)) {
      if (arg.equals("--then")) {
        commands.add(new ArrayList<>());
      } else {
        commands.get(commands.size() - 1).add(arg);
      }
    }
    for (List<String> command : commands) {
      int exit = Main.run(command.toArray(String[]::new));
      System.out.println("exit " + exit + " of " + command.get(0));
      dump(folder, "after-" + command.get(0));
    }
    System.exit(0);
  }

  private static void dump(Path folder, String name) throws IOException {
    Path file = folder.resolve(name + "-" + names(folder) + ".hprof");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpHeap(file.toString(), true);
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Path kept = Files.createDirectory(folder.resolve("temporary-" + names(folder)));
    try (Stream<Path> all = Files.walk(temporary)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        copy(path, kept.resolve(names(kept) + "-" + path.getFileName()));
      }
    }
  }

  // False where Spark has just removed it.
  private static boolean copy(Path from, Path to) throws IOException {
    try {
      Files.copy(from, to);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static int names(Path folder) throws IOException {
    return HomewardProcess.names(folder).size();
  }

  /** Dumps at the lines that say how far a command is, before these are written. */
  private static final class Watched extends OutputStream {
    private final PrintStream to;
    private final Path folder;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Watched(PrintStream to, Path folder) {
      this.to = to;
      this.folder = folder;
    }

    @Override
    public synchronized void write(int one) {
      to.write(one);
      if (one != '\n') {
        line.write(one);
        return;
      }
      String said = line.toString(StandardCharsets.UTF_8);
      line.reset();
      try {
        if (said.startsWith("read settings") || said.matches("read [0-9,]+ records.*")) {
          dump(folder, said.startsWith("read settings") ? "looked" : "read");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void flush() {
      to.flush();
    }
  }
}
