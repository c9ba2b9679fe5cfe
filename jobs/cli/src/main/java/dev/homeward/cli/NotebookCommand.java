package dev.homeward.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.keeping.Codec;
import dev.homeward.progress.Progress;
import dev.homeward.store.Outputs;
import dev.homeward.store.Reviews;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NearestNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code homeward notebook}: the notebooks of the checkout. */
@Command(
    name = "notebook",
    mixinStandardHelpOptions = true,
    description = {
      "Opens or executes the notebooks under notebooks/: a tour of a review, the articles"
          + " recomputed, what-if on",
      "hardware, how good the serving model is. They are Java and need Jupyter (jupyter-nbconvert,"
          + " jupyter-client)."
    },
    subcommands = {
      NotebookCommand.Run.class,
      NotebookCommand.OpenIt.class,
      NotebookCommand.Install.class
    },
    footer = {
      "",
      "Example: homeward notebook run",
      "Example: homeward notebook open 1-tour-of-a-review",
      "Example: homeward notebook install"
    })
final class NotebookCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new InvalidInput(
        "Cannot run notebook: say what to do (homeward notebook run, open NAME or install). There"
            + " are: "
            + String.join(", ", names(NotebookKernel.ofCheckout())));
  }

  private static List<String> names(NotebookKernel kernel) {
    return kernel.notebooks().stream().map(NotebookCommand::name).toList();
  }

  private static String name(Path notebook) {
    return notebook.getFileName().toString().replaceAll("\\.ipynb$", "");
  }

  private static Path named(NotebookKernel kernel, String name) {
    String wanted = name(Path.of(name));
    return kernel.notebooks().stream()
        .filter(n -> name(n).equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInput(
                    "Unknown notebook: %s (nearest: %s)"
                        .formatted(
                            name, String.join(", ", NearestNames.of(wanted, names(kernel), 3)))));
  }

  /** The review that notebooks read. */
  static final class ReviewFlag {
    @Option(
        names = "--review",
        paramLabel = "DIR",
        description = "Review that they read; default: the last one under reviews/.")
    private Path review;

    Path orLast() {
      Path found =
          review != null
              ? review
              : Path.of(
                  Reviews.last()
                      .orElseThrow(
                          () ->
                              new InvalidInput(
                                  "Cannot run notebooks: there is no review under reviews/. Make"
                                      + " one (homeward review sample-logs) or name one with"
                                      + " --review DIR")));
      Outputs.require(found, "ranking.csv"::equals);
      return found.toAbsolutePath();
    }

    Optional<Path> ifNamed() {
      return Optional.ofNullable(review).map(r -> orLast());
    }
  }

  /** Executes them. */
  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description =
          "Executes notebooks from their tops and writes what they put out into them, or"
              + " elsewhere.",
      footer = {
        "",
        "Exit code 1 with --check if an output is not what it was, or a notebook is not quiet.",
        "Example: homeward notebook run --check --review target/ci-review"
      })
  static final class Run implements Callable<Integer> {
    @Parameters(
        arity = "0..*",
        paramLabel = "NAME",
        description = "Notebooks; default: all of them.")
    private List<String> names = List.of();

    @Mixin private ReviewFlag review;
    @Mixin private OutputFlags output;

    @Option(
        names = "--out",
        paramLabel = "DIR",
        description = "Where to write them; default: in place.")
    private Path out;

    @Option(
        names = "--check",
        description = "Write nothing, and say where the outputs are not those that are there.")
    private boolean check;

    @Override
    public Integer call() {
      NotebookKernel kernel = NotebookKernel.ofCheckout();
      List<Path> chosen =
          names.isEmpty()
              ? kernel.notebooks()
              : names.stream().map(name -> named(kernel, name)).toList();
      Path scratch = NotebookRun.temporary();
      kernel.install(scratch.resolve("kernels"), Optional.of(review.orLast()));
      Progress progress = output.progress();
      NotebookRun run = new NotebookRun(scratch, scratch.resolve("runs"), progress::note);
      ObjectNode document = Codec.object();
      ArrayNode all = document.putArray("notebooks");
      int wrong = 0;
      for (Path notebook : chosen) {
        NotebookFile before = NotebookFile.read(notebook);
        NotebookFile now = before.with(run.of(notebook));
        progress.done("executed %s", name(notebook));
        List<String> problems = new ArrayList<>(now.noise());
        if (check) {
          problems.addAll(before.differences(now));
        } else {
          now.write(out == null ? notebook : out.resolve(notebook.getFileName()));
        }
        wrong += problems.isEmpty() ? 0 : 1;
        output.print(
            String.format(
                Locale.ROOT,
                "%s: %s%n",
                name(notebook),
                problems.isEmpty()
                    ? check ? "as it was" : "executed"
                    : String.join("\n  ", problems)));
        ObjectNode n = all.addObject().put("name", name(notebook)).put("executed", true);
        n.set("problems", Codec.tree(problems));
      }
      output.print("", document);
      return wrong == 0 ? 0 : Main.NOTHING_FEASIBLE;
    }
  }

  /** Opens one in Jupyter. */
  @Command(
      name = "open",
      mixinStandardHelpOptions = true,
      description = "Opens the notebooks, or one of them, in JupyterLab or Jupyter Notebook.",
      footer = {"", "Example: homeward notebook open 3-what-if-on-hardware"})
  static final class OpenIt implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Notebook; default: the folder.")
    private String name;

    @Mixin private ReviewFlag review;
    @Mixin private OutputFlags output;

    @Override
    public Integer call() throws IOException, InterruptedException {
      NotebookKernel kernel = NotebookKernel.ofCheckout();
      Path what = name == null ? kernel.folder() : named(kernel, name);
      Path scratch = NotebookRun.temporary();
      kernel.install(scratch.resolve("kernels"), Optional.of(review.orLast()));
      for (String program : List.of("lab", "notebook")) {
        if (!knows(program)) {
          continue;
        }
        output.print(
            "Opening %s in jupyter %s; end it with Ctrl-C.%n".formatted(what, program),
            Codec.object().put("opened", what.toString()).put("with", "jupyter " + program));
        ProcessBuilder jupyter =
            new ProcessBuilder("jupyter", program, what.toString()).inheritIO();
        jupyter.environment().merge("JUPYTER_PATH", scratch.toString(), (a, b) -> b + ":" + a);
        return jupyter.start().waitFor();
      }
      throw new InvalidInput(
          "Cannot open %s: there is neither JupyterLab nor Jupyter Notebook. Install one (pip install"
                  .formatted(what)
              + " jupyterlab), or execute the notebooks (homeward notebook run)");
    }

    private static boolean knows(String program) throws InterruptedException {
      try {
        Process version =
            new ProcessBuilder("jupyter", program, "--version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return version.waitFor() == 0;
      } catch (IOException e) {
        return false;
      }
    }
  }

  /** Installs the kernel where Jupyter finds it. */
  @Command(
      name = "install",
      mixinStandardHelpOptions = true,
      description = {
        "Installs the kernel's specification for the user, so that any Jupyter runs these notebooks"
            + " and",
        "those that you write (kernel \"Java (Homeward)\")."
      },
      footer = {"", "Example: homeward notebook install --review reviews/2026-10"})
  static final class Install implements Callable<Integer> {
    @Mixin private ReviewFlag review;
    @Mixin private OutputFlags output;

    @Option(
        names = "--kernels",
        paramLabel = "DIR",
        description = "Folder of kernels; default: kernels/ in what jupyter --data-dir says.")
    private Path kernels;

    @Override
    public Integer call() throws IOException, InterruptedException {
      NotebookKernel kernel = NotebookKernel.ofCheckout();
      Path file =
          kernel.install(
              kernels != null ? kernels : dataFolder().resolve("kernels"), review.ifNamed());
      output.print(
          "Wrote %s: Jupyter has the kernel Java (Homeward) now.%n".formatted(file),
          Codec.object().put("kernel", file.toString()));
      return 0;
    }

    private static Path dataFolder() throws IOException, InterruptedException {
      try {
        Process jupyter =
            new ProcessBuilder("jupyter", "--data-dir")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said =
            new String(jupyter.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (jupyter.waitFor() == 0 && !said.isEmpty()) {
          return Path.of(said);
        }
      } catch (IOException e) {
        throw new InvalidInput(
            "Cannot install the kernel: jupyter cannot be started (%s). Install it, or name the folder"
                    .formatted(e.getMessage())
                + " of kernels with --kernels DIR",
            e);
      }
      throw new InvalidInput(
          "Cannot install the kernel: jupyter does not say where its data lies. Name the folder of"
              + " kernels with --kernels DIR");
    }
  }
}
