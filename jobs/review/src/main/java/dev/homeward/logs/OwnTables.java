package dev.homeward.logs;

import dev.homeward.formats.Envelope;
import dev.homeward.formats.LogFormat;
import dev.homeward.formats.OwnTable;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.formats.mapped.Question;
import dev.homeward.formats.mapped.TableReading;
import dev.homeward.units.InvalidInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells how tables of one's own are read: by a mapping that the user gave, or by what their columns
 * say.
 *
 * @param mappings those of the user, the nearest first
 * @param modelGiven whether the command line names the model of calls that name none
 */
public record OwnTables(List<Mapping> mappings, boolean modelGiven) {

  static final String BY_COLUMNS = "read by its columns";

  /** No mapping, and no model. */
  public static OwnTables none() {
    return new OwnTables(List.of(), false);
  }

  /**
   * How a table is read.
   *
   * @param mapping what its columns mean, as a file says it
   * @param why what told it
   */
  record Told(LogFormat format, Envelope envelope, String mapping, String why) {}

  /** The mapping of the user that reads a table; empty if none does. */
  Optional<Told> given(OwnTable table) {
    for (Mapping mapping : mappings) {
      if (table.missing(mapping).isEmpty()) {
        return Optional.of(told(table, mapping, "mapped by " + mapping.name()));
      }
    }
    return Optional.empty();
  }

  /**
   * What the columns of a table say of themselves; empty if it is no table of calls, or leaves
   * questions open.
   */
  Optional<Told> derived(OwnTable table, String name) {
    return table
        .reading(modelGiven)
        .filter(TableReading::isClear)
        .map(
            reading ->
                told(
                    table,
                    // The mapping is YAML, whatever the file's own ending says.
                    Mapping.parse(
                        reading.mapping(), "the mapping of %s by its columns".formatted(name)),
                    "%s: %s; homeward validate FILE --suggest-mapping shows it"
                        .formatted(BY_COLUMNS, reading.columns())));
  }

  private static Told told(OwnTable table, Mapping mapping, String why) {
    return new Told(table.format(), table.envelope(mapping), mapping.text(), why);
  }

  /** What keeps a table of calls from being read; empty if it is none. */
  Optional<String> questions(OwnTable table, String name) {
    Optional<TableReading> reading = table.reading(modelGiven);
    if (reading.isEmpty() || reading.get().isClear()) {
      return Optional.empty();
    }
    List<Question> open = reading.get().open();
    List<String> asked = new ArrayList<>();
    for (Question question : open) {
      asked.add("%s (%s)".formatted(question.text(), question.answer()));
    }
    return Optional.of(
        "Cannot read %s by its columns, %s: %s. Maybe write its mapping with homeward validate %s --suggest-mapping mapping.yaml, answer there, and give --mapping mapping.yaml"
            .formatted(
                name,
                open.size() == 1
                    ? "one thing must be asked"
                    : open.size() + " things must be asked",
                String.join(" ", asked).replaceAll("\\.$", ""),
                name));
  }

  /**
   * Why no mapping of the user reads a table.
   *
   * @throws InvalidInput always, if there is a mapping
   */
  void explain(OwnTable table, String name) {
    if (mappings.isEmpty()) {
      return;
    }
    List<String> problems = new ArrayList<>();
    for (Mapping mapping : mappings) {
      problems.add(
          "Cannot read %s by %s: it has no column %s. Maybe see its columns with homeward validate %s"
              .formatted(name, mapping.name(), String.join(", ", table.missing(mapping)), name));
    }
    throw new InvalidInput(problems);
  }
}
