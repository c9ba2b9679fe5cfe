package dev.homeward.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NearestNames;
import dev.homeward.units.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Holds user files against the JSON Schemas of {@code schemas/} (draft 2020-12) and reports every
 * problem at once, each with file, path and value.
 */
public final class Schemas {
  private static final String FOLDER = "dev/homeward/schemas/";
  private static final int LONGEST_VALUE = 60;

  private Schemas() {}

  /**
   * Problems of a document, one line each, such as {@code policy.yaml /rules/2: unknown key
   * 'worklaod' (nearest: workload)}; empty if it is valid.
   *
   * @param schema file name under schemas/, such as {@code policy.schema.json}
   * @param document what to check
   * @param where how messages name the document, usually its file
   */
  public static List<String> problems(String schema, JsonNode document, String where) {
    Compiled held = COMPILED.computeIfAbsent(schema, Schemas::compile);
    List<String> problems = new ArrayList<>();
    for (Error error : held.schema().validate(document)) {
      // What stands in a document may command a terminal, or look like another line.
      problems.add(VisibleText.of(line(error, document, held.text(), where)));
    }
    return problems;
  }

  private record Compiled(JsonNode text, Schema schema) {}

  // Compiling takes longer than checking, and a review checks forty scenarios.
  private static final ConcurrentMap<String, Compiled> COMPILED = new ConcurrentHashMap<>();

  private static Compiled compile(String schema) {
    SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder()
                        .locale(Locale.ROOT)
                        .pathType(PathType.JSON_POINTER)
                        .build()));
    JsonNode text = Documents.readResource(FOLDER + schema);
    return new Compiled(text, registry.getSchema(text));
  }

  /**
   * Checks a document.
   *
   * @throws InvalidInput with all problems, one a line
   */
  public static void check(String schema, JsonNode document, String where) {
    List<String> problems = problems(schema, document, where);
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
  }

  private static String line(Error error, JsonNode document, JsonNode schema, String where) {
    String path = error.getInstanceLocation().toString();
    String prefix = where + " " + (path.isEmpty() ? "/" : path) + ": ";
    if ("additionalProperties".equals(error.getKeyword())
        || "unevaluatedProperties".equals(error.getKeyword())) {
      return prefix + "unknown key '" + error.getProperty() + "'" + nearest(error, schema);
    }
    JsonNode value = document.at(path);
    String shown = value.isValueNode() ? " (found %s)".formatted(shorten(value.toString())) : "";
    return prefix + error.getMessage() + shown;
  }

  // The error lies in .../additionalProperties; the keys that are known, beside it.
  private static String nearest(Error error, JsonNode schema) {
    String at = error.getSchemaLocation().getFragment().toString();
    JsonNode keys = schema.at(at.substring(0, at.lastIndexOf('/')) + "/properties");
    List<String> known = new ArrayList<>();
    keys.fieldNames().forEachRemaining(known::add);
    return known.isEmpty()
        ? ""
        : " (nearest: %s)".formatted(NearestNames.of(error.getProperty(), known, 1).get(0));
  }

  private static String shorten(String text) {
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
  }
}
