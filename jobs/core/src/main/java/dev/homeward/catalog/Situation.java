package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Documents;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NearestNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A named set of assumptions that a person recognises: who keeps the machine, where it stands, what
 * its people and its power cost. Read from the program's situations.yaml.
 *
 * @param description whom it fits, in one line
 * @param boxes hardware of the catalog that goes with it, by id; it chooses none
 * @param values keys of the assumptions with what they are in it; the others keep their defaults
 */
public record Situation(
    String id,
    String name,
    String description,
    List<String> boxes,
    Map<String, Figure> values,
    Optional<Source> source) {

  /** The one that holds where none is named: the defaults of the assumptions. */
  public static final String DEFAULT = "small-team";

  private static final String FILE = "dev/homeward/catalog/situations.yaml";

  public Situation {
    boxes = List.copyOf(boxes);
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The file, read once. */
  private static final class OwnFile {
    private static final List<Situation> ALL = read();

    private static List<Situation> read() {
      JsonNode file = Documents.readResource(FILE);
      Sources sources = Sources.of(file);
      List<Situation> all = new ArrayList<>();
      for (JsonNode node : file.path("situations")) {
        String where = "%s /situations/%d".formatted(FILE, all.size());
        all.add(sources.inside(node).binding().bind(node, Situation.class, where));
      }
      return List.copyOf(all);
    }
  }

  /** All of them, from the least machine to the most. */
  public static List<Situation> all() {
    return OwnFile.ALL;
  }

  /**
   * The situation of that name.
   *
   * @throws InvalidInput if there is none
   */
  public static Situation of(String id) {
    return all().stream()
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInput(
                    "Unknown situation: %s (nearest: %s; homeward catalog situations lists them)"
                        .formatted(
                            id,
                            String.join(
                                ", ",
                                NearestNames.of(
                                    id, all().stream().map(Situation::id).toList(), 2)))));
  }
}
