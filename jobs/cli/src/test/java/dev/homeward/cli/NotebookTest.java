package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The notebooks as they are committed, and the files around them. {@code .ci/run} executes them
 * again and holds their outputs against those here.
 */
final class NotebookTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  /** Executed from the top, quiet, and with nothing of the machine that ran them. */
  @Test
  void theNotebooksAreExecutedAndQuiet() throws IOException {
    List<Path> notebooks = new NotebookKernel(Cli.root()).notebooks();
    assertEquals(4, notebooks.size());
    for (Path file : notebooks) {
      String name = file.getFileName().toString();
      JsonNode notebook = JSON.readTree(Files.readString(file));
      assertEquals(List.of(), NotebookFile.read(file).noise(), name);
      int number = 0;
      int pictures = 0;
      for (JsonNode cell : notebook.get("cells")) {
        if (cell.get("cell_type").asText().equals("code")) {
          assertEquals(++number, cell.get("execution_count").asInt(), name);
          for (JsonNode output : cell.get("outputs")) {
            assertFalse(output.get("output_type").asText().equals("execute_result"), name);
            pictures += output.at("/data/text~1html").toString().contains("<svg") ? 1 : 0;
          }
        }
      }
      assertTrue(pictures > 0, name + " draws something");
      String text = Files.readString(file);
      assertFalse(text.contains(System.getProperty("user.home") + "/"), name);
      assertFalse(text.contains("review_id"), name);
      assertTrue(text.contains("pandas.read_parquet") && text.contains("duckdb.sql"), name);
    }
  }

  /** What Homeward writes is what it would write again: Jupyter's layout, nothing else. */
  @Test
  void theLayoutIsJupyters() throws IOException {
    for (Path file : new NotebookKernel(Cli.root()).notebooks()) {
      Path again = folder.resolve(file.getFileName());
      NotebookFile notebook = NotebookFile.read(file);
      notebook.with(notebook).write(again);
      assertEquals(Files.readString(file), Files.readString(again));
    }
  }

  @Test
  void outputsAreComparedWithoutWhatDiffersFromRunToRun() throws IOException {
    String cell =
        "{\"cell_type\":\"code\",\"id\":\"a\",\"execution_count\":%s,\"metadata\":{\"x\":%s},\"source\":[\"1\"],"
            + "\"outputs\":[{\"output_type\":\"%s\",\"name\":\"%s\",\"text\":[\"%s\"],\"transient\":{\"display_id\":\"%s\"}}]}";
    NotebookFile before = notebook(cell.formatted("null", "1", "stream", "stdout", "one", "a"));
    NotebookFile same = notebook(cell.formatted("7", "2", "stream", "stdout", "one", "b"));
    NotebookFile other = notebook(cell.formatted("7", "2", "stream", "stdout", "two", "b"));
    assertEquals(List.of(), before.with(before).differences(before.with(same)));
    assertEquals(
        List.of("cell 1: 'one' is 'two' now"), before.with(before).differences(before.with(other)));
    assertEquals(List.of(), before.with(same).noise());
    assertEquals(
        List.of("cell 1: careful"),
        notebook(cell.formatted("1", "1", "stream", "stderr", "careful", "a")).noise());
    Path none = folder.resolve("none.ipynb");
    Files.writeString(none, "{\"nbformat\":3}");
    assertThrows(InvalidInput.class, () -> NotebookFile.read(none));
  }

  private NotebookFile notebook(String cell) throws IOException {
    Path file = Files.createTempFile(folder, "n", ".ipynb");
    Files.writeString(
        file,
        "{\"cells\":[%s],\"metadata\":{},\"nbformat\":4,\"nbformat_minor\":5}".formatted(cell));
    return NotebookFile.read(file);
  }

  @Test
  void theKernelHasThisProgramAndWhatNotebooksNeedOnItsClassPath() throws IOException {
    Path home = Files.createDirectories(folder.resolve("a checkout"));
    Path target = Files.createDirectories(home.resolve("jobs/notebooks/target"));
    NotebookKernel kernel = new NotebookKernel(home);
    assertThrows(InvalidInput.class, () -> kernel.specification(Optional.empty()));
    Files.writeString(target.resolve("classpath"), "/m2/plot.jar:/m2/kotlin.jar\n");
    Files.createFile(target.resolve("homeward-notebooks-0.2.0.jar"));
    Path file = kernel.install(folder.resolve("kernels"), Optional.of(Path.of("/srv/review")));
    assertEquals(folder.resolve("kernels/homeward/kernel.json"), file);
    JsonNode spec = JSON.readTree(Files.readString(file));
    List<String> argv = new ArrayList<>();
    spec.get("argv").forEach(word -> argv.add(word.asText()));
    assertEquals("{connection_file}", argv.get(argv.size() - 1));
    assertEquals("org.rapaio.jupyter.kernel.MainApp", argv.get(argv.size() - 2));
    List<String> path = List.of(argv.get(argv.indexOf("-cp") + 1).split(":"));
    assertTrue(path.get(0).endsWith("homeward-notebooks-0.2.0.jar"), path.get(0));
    assertTrue(path.get(1).endsWith("kernel/kernel.jar"), path.get(1));
    assertTrue(path.containsAll(List.of("/m2/plot.jar", "/m2/kotlin.jar")), path.toString());
    assertEquals("java", spec.get("language").asText());
    assertEquals("message", spec.get("interrupt_mode").asText());
    assertEquals("/srv/review", spec.at("/env/HOMEWARD_REVIEW").asText());
  }

  @Test
  void whatIsMissingIsSaid() {
    Cli.Ran ran = Cli.run("notebook", "run");
    assertEquals(2, ran.exit());
    assertTrue(ran.err().contains("Start ./homeward notebook there"), ran.err());
  }

  /** Nothing of the notebooks is on the class path of a review. */
  @Test
  void theProgramDoesNotDependOnTheNotebooks() throws IOException {
    for (String module : List.of("core", "faces", "review", "spark", "cli")) {
      String pom = Files.readString(Cli.root().resolve("jobs").resolve(module).resolve("pom.xml"));
      assertFalse(
          Stream.of("rapaio", "lets-plot", "homeward-notebooks", "kotlin").anyMatch(pom::contains),
          module);
    }
  }
}
