package dev.homeward.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.keeping.Codec;
import dev.homeward.units.InvalidInput;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel that runs the notebooks: Java, with this very program, Spark and what the notebooks
 * draw with on its class path. What it needs besides this program lies in {@code
 * jobs/notebooks/target} of the checkout, where the launcher has Maven put it.
 */
final class NotebookKernel {
  /** The kernel's name in notebooks and in Jupyter's folders. */
  static final String NAME = "homeward";

  /** Set by the launcher: the checkout. */
  static final String HOME = "homeward.home";

  private final Path home;

  NotebookKernel(Path home) {
    this.home = home;
  }

  /**
   * That of the checkout that runs.
   *
   * @throws InvalidInput if this program was started otherwise
   */
  static NotebookKernel ofCheckout() {
    return new NotebookKernel(
        Optional.ofNullable(System.getProperty(HOME))
            .map(Path::of)
            .orElseThrow(
                () ->
                    new InvalidInput(
                        "Cannot run notebooks: they belong to a checkout. Start ./homeward notebook"
                            + " there")));
  }

  /** The notebooks' folder. */
  Path folder() {
    return home.resolve("notebooks");
  }

  /** Notebooks by name, in order. */
  List<Path> notebooks() {
    try (var files = Files.list(folder())) {
      return files.filter(f -> f.toString().endsWith(".ipynb")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + folder(), e);
    }
  }

  /**
   * kernel.json.
   *
   * @param review that the notebooks read; empty: the last one of the checkout
   */
  ObjectNode specification(Optional<Path> review) {
    List<String> argv = new ArrayList<>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    argv.addAll(flags());
    argv.addAll(List.of("-cp", classPath(), "org.rapaio.jupyter.kernel.MainApp"));
    argv.add("{connection_file}");
    ObjectNode kernel = Codec.object();
    kernel.set("argv", Codec.tree(argv));
    kernel.put("display_name", "Java (Homeward)").put("language", "java");
    kernel.put("interrupt_mode", "message");
    ObjectNode environment = kernel.putObject("env");
    environment.put("RJK_TIMEOUT_MILLIS", "-1");
    review.ifPresent(r -> environment.put("HOMEWARD_REVIEW", r.toAbsolutePath().toString()));
    return kernel;
  }

  // What Spark needs is what this program was started with; a kernel has its own memory and no
  // archive of classes.
  private static List<String> flags() {
    List<String> flags = new ArrayList<>();
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("--")
          || flag.startsWith("-Dfile.encoding")
          || flag.startsWith("-Djava.awt.headless")
          || flag.startsWith("-XX:+IgnoreUnrecognizedVMOptions")) {
        flags.add(flag);
      }
    }
    flags.addAll(List.of("-Xmx2g", "--add-modules=jdk.incubator.vector"));
    return flags;
  }

  private String classPath() {
    Path target = home.resolve("jobs/notebooks/target");
    Path list = target.resolve("classpath");
    List<String> path = new ArrayList<>();
    try (var jars = Files.list(target)) {
      // Before the kernel's own jar: it brings a class that stands in for one of the kernel's.
      jars.map(Path::toString)
          .filter(f -> f.matches(".*homeward-notebooks-[^-]*\\.jar"))
          .sorted()
          .forEach(path::add);
      path.add(target.resolve("kernel/kernel.jar").toString());
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        path.add(Path.of(entry).toAbsolutePath().toString());
      }
      path.addAll(List.of(Files.readString(list).strip().split(File.pathSeparator)));
    } catch (IOException e) {
      throw new InvalidInput(
          "Cannot run notebooks: %s is not there. ./homeward notebook builds it"
              .formatted(e.getMessage()),
          e);
    }
    return String.join(File.pathSeparator, path);
  }

  /**
   * Writes the kernel's specification.
   *
   * @param kernels folder of kernels, such as {@code ~/.local/share/jupyter/kernels}
   * @return the file
   */
  Path install(Path kernels, Optional<Path> review) {
    Path file = kernels.resolve(NAME).resolve("kernel.json");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, Codec.pretty(specification(review)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
    return file;
  }
}
