package dev.homeward.validate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.files.Files;
import dev.homeward.formats.mapped.TableReading;
import dev.homeward.logs.LogFiles;
import dev.homeward.logs.LogInputs;
import dev.homeward.logs.LogOptions;
import dev.homeward.logs.OwnTables;
import dev.homeward.settings.SettingsFiles;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.VisibleText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The mappings that tables of one's own propose for themselves, each with its open questions. */
final class Suggestion {
  private static final int MOST_SHOWN = 5;

  private final Map<String, TableReading> readings;

  private Suggestion(Map<String, TableReading> readings) {
    this.readings = readings;
  }

  /**
   * What the tables among the files propose.
   *
   * @throws InvalidInput if a file cannot be read
   */
  static Suggestion of(Files storage, LogOptions options) {
    OwnTables tables = LogInputs.tables(new SettingsFiles(options.settingsFolder()), options);
    return new Suggestion(LogFiles.tables(storage, options.paths(), tables));
  }

  boolean isEmpty() {
    return readings.isEmpty();
  }

  /** Whether a table cannot be read before something is answered. */
  boolean isOpen() {
    return readings.values().stream().anyMatch(reading -> !reading.isClear());
  }

  /** The mappings and their open questions, for programs. */
  ObjectNode document() {
    return FindingsDocument.mappings(readings);
  }

  /** The mappings, for people; tables with the same columns have one. */
  String text() {
    StringBuilder text = new StringBuilder();
    int shown = 0;
    for (Map.Entry<String, List<String>> mapping : byMapping().entrySet()) {
      if (shown++ == MOST_SHOWN) {
        text.append("More tables with other columns are not shown; name them alone.\n");
        break;
      }
      String names = VisibleText.of(String.join(", ", mapping.getValue()));
      TableReading reading = readings.get(mapping.getValue().get(0));
      int open = reading.open().size();
      text.append(
          open == 0
              ? "The mapping of %s, as its columns tell it:%n".formatted(names)
              : "%s is a table of calls that is read once %s in its mapping:%n"
                  .formatted(
                      names,
                      open == 1 ? "a question is answered" : open + " questions are answered"));
      text.append('\n').append(mapping.getKey()).append('\n');
      text.append(
          "Write it with --suggest-mapping FILE; it is read with --mapping FILE, or as"
              + " homeward/mapping.yaml beside the log.\n");
    }
    return text.toString();
  }

  private Map<String, List<String>> byMapping() {
    Map<String, List<String>> byMapping = new LinkedHashMap<>();
    readings.forEach(
        (name, reading) ->
            byMapping.computeIfAbsent(reading.mapping(), m -> new ArrayList<>()).add(name));
    return byMapping;
  }

  /**
   * Writes the one mapping that all tables have.
   *
   * @return what to show
   * @throws InvalidInput if there is none, or more than one, or the file exists
   */
  String write(String file) {
    Map<String, List<String>> mappings = byMapping();
    if (mappings.size() != 1) {
      throw new InvalidInput(
          mappings.isEmpty()
              ? "Cannot suggest a mapping: no file is a table of calls that is not of a known"
                  + " format"
              : "Cannot suggest one mapping: the files have other columns each (%d). Name one file"
                  .formatted(mappings.size()));
    }
    Map.Entry<String, List<String>> only = mappings.entrySet().iterator().next();
    Path path = Path.of(file);
    String head =
        "# What the columns of %s mean to Homeward; docs/mapping.md says more.%n"
            .formatted(VisibleText.of(only.getValue().get(0)));
    try {
      if (path.toAbsolutePath().getParent() != null) {
        java.nio.file.Files.createDirectories(path.toAbsolutePath().getParent());
      }
      java.nio.file.Files.writeString(
          path, head + only.getKey(), StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new InvalidInput("Cannot write %s: it exists. Name another file".formatted(file), e);
    } catch (IOException e) {
      throw new InvalidInput("Cannot write %s: %s".formatted(file, e.getMessage()), e);
    }
    int open = readings.get(only.getValue().get(0)).open().size();
    return "Wrote %s%s%n"
        .formatted(
            file,
            open == 0
                ? ""
                : ": answer %s in it, then give it with --mapping"
                    .formatted(open == 1 ? "its question" : "its %d questions".formatted(open)));
  }
}
