package dev.homeward.cli;

import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Executes notebooks with Jupyter's nbconvert, in folders of its own that nobody else sees. */
final class NotebookRun {
  /** A kernel answers within seconds, or never: then a fresh one is started. */
  private static final int START_SECONDS = 45;

  private static final int CELL_SECONDS = 300;
  private static final int STARTS = 4;
  private static final int LINES_SHOWN = 12;
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");
  private static final String NO_ANSWER = "Kernel didn't respond";

  private final Path jupyterPath;
  private final Path scratch;
  private final Consumer<String> notes;

  /**
   * @param jupyterPath a folder that holds {@code kernels/homeward}
   * @param scratch an empty folder
   * @param notes takes what is worth knowing
   */
  NotebookRun(Path jupyterPath, Path scratch, Consumer<String> notes) {
    this.jupyterPath = jupyterPath;
    this.scratch = scratch;
    this.notes = notes;
  }

  /**
   * Executes a notebook from its top.
   *
   * @throws InvalidInput if Jupyter is not there, or a cell fails
   */
  NotebookFile of(Path notebook) {
    String name = notebook.getFileName().toString();
    for (int start = 1; ; start++) {
      String said = converted(notebook, name);
      if (said.isEmpty()) {
        return NotebookFile.read(scratch.resolve(name));
      }
      if (!said.contains(NO_ANSWER) || start == STARTS) {
        List<String> why = new ArrayList<>(List.of("Cannot execute %s:".formatted(notebook)));
        why.addAll(lastLines(said));
        throw new InvalidInput(why);
      }
      notes.accept("the kernel of %s did not answer; starting another".formatted(name));
    }
  }

  // What was wrong; empty if nothing was.
  private String converted(Path notebook, String name) {
    List<String> command =
        List.of(
            "jupyter",
            "nbconvert",
            "--to=notebook",
            "--execute",
            "--ExecutePreprocessor.kernel_name=" + NotebookKernel.NAME,
            "--ExecutePreprocessor.startup_timeout=" + START_SECONDS,
            "--ExecutePreprocessor.timeout=" + CELL_SECONDS,
            "--output-dir=" + scratch,
            "--output=" + name,
            notebook.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Nothing of the user's Jupyter is read or written.
    builder.environment().put("JUPYTER_PATH", jupyterPath.toString());
    for (String folder : List.of("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")) {
      builder.environment().put(folder, scratch.resolve(folder).toString());
    }
    try {
      Files.deleteIfExists(scratch.resolve(name));
      Process process = builder.start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : said.isBlank() ? "nbconvert failed" : said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a notebook ran", e);
    } catch (IOException e) {
      throw new InvalidInput(
          "Cannot execute notebooks: jupyter cannot be started (%s). Install it (apt-get install"
                  .formatted(e.getMessage())
              + " jupyter-nbconvert jupyter-client python3-nbclient, or pip install nbconvert"
              + " nbclient)",
          e);
    }
  }

  // Colours are for terminals, and this may be a scheduler's log.
  private static List<String> lastLines(String said) {
    List<String> lines =
        COLOUR.matcher(said).replaceAll("").lines().filter(l -> !l.isBlank()).toList();
    return lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()).stream()
        .map(l -> "  " + l.stripTrailing())
        .toList();
  }

  /** A folder of this run, which is removed when it ends. */
  static Path temporary() {
    try {
      Path folder = Files.createTempDirectory("homeward-notebooks");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a temporary folder", e);
    }
  }

  private static void delete(Path folder) {
    try (var all = Files.walk(folder)) {
      for (Path file : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // What is left lies in the folder for temporary files.
    }
  }
}
