package dev.homeward.cli;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A notebook (nbformat 4) without what differs from run to run: its cells, what they put out, and
 * nothing of who ran it when. The same run gives the same bytes, in the layout that Jupyter writes.
 */
final class NotebookFile {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int SHOWN = 100;

  private final ObjectNode root;

  private NotebookFile(ObjectNode root) {
    this.root = root;
  }

  /**
   * Reads a notebook.
   *
   * @throws InvalidInput if it is none
   */
  static NotebookFile read(Path file) {
    try {
      JsonNode root = JSON.readTree(Files.readString(file));
      if (root.path("nbformat").asInt() != 4 || !root.path("cells").isArray()) {
        throw new InvalidInput("Cannot read %s: it is no notebook of nbformat 4".formatted(file));
      }
      return new NotebookFile((ObjectNode) root);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /** This notebook with the outputs of a run of it. */
  NotebookFile with(NotebookFile run) {
    ObjectNode clean = JsonNodeFactory.instance.objectNode();
    ArrayNode cells = clean.putArray("cells");
    int number = 0;
    for (int i = 0; i < root.path("cells").size(); i++) {
      JsonNode mine = root.path("cells").get(i);
      ObjectNode cell = cells.addObject();
      boolean code = mine.path("cell_type").asText().equals("code");
      cell.put("cell_type", mine.path("cell_type").asText());
      if (code) {
        cell.put("execution_count", ++number);
      }
      cell.put("id", mine.path("id").asText());
      cell.putObject("metadata");
      if (code) {
        cell.set("outputs", outputs(run.root.path("cells").path(i).path("outputs"), number));
      }
      cell.set("source", mine.path("source"));
    }
    clean.set("metadata", root.path("metadata"));
    clean.put("nbformat", 4).put("nbformat_minor", 5);
    return new NotebookFile(clean);
  }

  private static ArrayNode outputs(JsonNode of, int number) {
    ArrayNode outputs = JsonNodeFactory.instance.arrayNode();
    for (JsonNode output : of) {
      ObjectNode copy = output.deepCopy();
      if (copy.has("execution_count")) {
        copy.put("execution_count", number);
      }
      // A kernel may name what it shows at random.
      copy.remove("transient");
      if (copy.has("metadata")) {
        copy.putObject("metadata");
      }
      outputs.add(copy);
    }
    return outputs;
  }

  /** What makes a run of it not quiet: errors, and what was written to standard error. */
  List<String> noise() {
    List<String> noise = new ArrayList<>();
    for (int i = 0; i < root.path("cells").size(); i++) {
      for (JsonNode output : root.path("cells").get(i).path("outputs")) {
        if (output.path("name").asText().equals("stderr")
            || output.path("output_type").asText().equals("error")) {
          noise.add("cell %d: %s".formatted(i + 1, shown(said(output))));
        }
      }
    }
    return noise;
  }

  /** Where this notebook's outputs are not those of another one of the same cells. */
  List<String> differences(NotebookFile other) {
    List<String> differences = new ArrayList<>();
    JsonNode mine = root.path("cells");
    JsonNode theirs = other.root.path("cells");
    if (mine.size() != theirs.size()) {
      differences.add("%d cells and %d".formatted(mine.size(), theirs.size()));
    }
    for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
      JsonNode a = mine.get(i).path("outputs");
      JsonNode b = theirs.get(i).path("outputs");
      if (!a.equals(b)) {
        differences.add("cell %d: %s".formatted(i + 1, firstDifference(all(a), all(b))));
      }
    }
    return differences;
  }

  private static String all(JsonNode outputs) {
    StringBuilder text = new StringBuilder();
    outputs.forEach(output -> text.append(said(output)));
    return text.toString();
  }

  private static String said(JsonNode output) {
    return text(output.path("text")) + text(output.path("data")) + text(output.path("traceback"));
  }

  private static String text(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue();
    }
    StringBuilder text = new StringBuilder();
    node.forEach(child -> text.append(text(child)));
    return text.toString();
  }

  private static String firstDifference(String a, String b) {
    int at = 0;
    while (at < Math.min(a.length(), b.length()) && a.charAt(at) == b.charAt(at)) {
      at++;
    }
    int from = Math.max(0, at - 20);
    return "'%s' is '%s' now"
        .formatted(
            shown(a.substring(Math.min(from, a.length()))),
            shown(b.substring(Math.min(from, b.length()))));
  }

  private static String shown(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }

  /** Writes it. */
  void write(Path file) {
    DefaultPrettyPrinter layout =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter(" ", "\n"))
            .withArrayIndenter(new DefaultIndenter(" ", "\n"));
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      Files.writeString(file, JSON.writer(layout).writeValueAsString(root) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }
}
