package dev.homeward.formats.mapped;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the columns of a table mean, as a file says it (schemas/mapping.schema.json,
 * docs/mapping.md). A column of JSON is written with the keys above it, {@code
 * usage/prompt_tokens}.
 *
 * <pre>
 * decimal: ","
 * columns:
 *   started_at: { column: Datum, format: day-first, zone: Europe/Berlin }
 *   request_model: Modell
 *   input_tokens: { column: Eingabe, unit: thousands }
 *   output_tokens: Ausgabe
 *   cost: { column: Kosten, unit: usd }
 * attributes: { workload: Anwendung, metadata.region: Standort }
 * </pre>
 *
 * @param separator what stands between the fields of CSV; empty: told by the header
 * @param decimal mark before decimals, a point or a comma
 * @param records keys above the array that holds the records of a JSON document; empty: none
 * @param columns the columns of each field
 * @param attributes the columns of each name that policy rules know
 * @param notRead columns that are left out
 * @param othersKept whether all other columns become names for policy rules
 * @param constants what holds of every call where no column says it: fields of texts, and
 *     attributes
 * @param cachedInput how cached tokens stand to the input; empty where no column has any
 * @param reasoning how reasoning stands to the output; empty where no column has any
 * @param name where it was written, for messages
 * @param text the mapping as it was written
 */
public record Mapping(
    Optional<Character> separator,
    char decimal,
    String records,
    Map<MappedField, Source> columns,
    Map<String, List<String>> attributes,
    Set<String> notRead,
    boolean othersKept,
    Map<String, String> constants,
    Optional<Counted> cachedInput,
    Optional<Counted> reasoning,
    String name,
    String text) {

  private static final String SCHEMA = "mapping.schema.json";

  /** Whether a part of tokens is counted in the whole or beside it. */
  public enum Counted {
    INSIDE,
    BESIDE
  }

  /**
   * The columns of a field.
   *
   * @param columns their names; several are added up
   * @param clock the column that holds the time of day where the first one holds the day; or empty
   * @param format how times are written
   * @param zone zone of times that carry none; empty: what the command line says
   * @param unit what numbers count, a word of {@link MappedUnit}; empty: the field's own
   * @param usd dollars that one unit of another currency is worth; empty: dollars
   * @param failure words that mean a failure; empty: the usual ones
   * @param success words that mean a success, where all others mean a failure
   */
  record Source(
      List<String> columns,
      String clock,
      WrittenTime.Format format,
      Optional<ZoneId> zone,
      Optional<MappedUnit> unit,
      Optional<BigDecimal> usd,
      List<String> failure,
      List<String> success) {}

  /**
   * The mapping in a file.
   *
   * @throws InvalidInput with every problem of the file
   */
  public static Mapping load(Path file) {
    try {
      return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
    } catch (NoSuchFileException e) {
      throw new InvalidInput("Cannot read %s: no such file".formatted(file), e);
    } catch (IOException e) {
      throw new InvalidInput("Cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * The mapping that a text holds.
   *
   * @param where how messages name it
   * @throws InvalidInput with every problem of the text
   */
  public static Mapping parse(String text, String where) {
    JsonNode document = Documents.parse(text.getBytes(StandardCharsets.UTF_8), where);
    Schemas.check(SCHEMA, document, where);
    return read(document, text, where);
  }

  /**
   * The mapping that a reader was told.
   *
   * @throws RejectedRecord if it was told none: then no record can be read
   */
  static Mapping of(ReadContext context) throws RejectedRecord {
    if (context.mapping().isEmpty()) {
      throw new RejectedRecord(
          Reason.MISSING_COLUMN, "no mapping says what its columns mean; give one with --mapping");
    }
    return checked(context.mapping().get());
  }

  /** The same of a text that was checked before. */
  static Mapping checked(String text) {
    String where = "the mapping";
    return read(Documents.parse(text.getBytes(StandardCharsets.UTF_8), where), text, where);
  }

  private static Mapping read(JsonNode document, String text, String where) {
    List<String> problems = new ArrayList<>();
    Map<MappedField, Source> columns = new EnumMap<>(MappedField.class);
    document
        .path("columns")
        .properties()
        .forEach(
            e -> {
              MappedField field = MappedField.of(e.getKey());
              columns.put(field, source(field, e.getValue(), where, problems));
            });
    Map<String, List<String>> attributes = new LinkedHashMap<>();
    document
        .path("attributes")
        .properties()
        .forEach(e -> attributes.put(e.getKey(), texts(e.getValue())));
    attributes.forEach((name, of) -> checkPrivate(name, of, where, problems));
    Map<String, String> constants = new LinkedHashMap<>();
    document
        .path("constants")
        .properties()
        .forEach(e -> constants.put(e.getKey(), e.getValue().asText()));
    String separator = document.path("separator").asText("");
    Mapping mapping =
        new Mapping(
            separator.isEmpty() ? Optional.empty() : Optional.of(separator(separator)),
            document.path("decimal").asText(".").charAt(0),
            document.path("records").asText(""),
            columns,
            attributes,
            new LinkedHashSet<>(texts(document.path("not-read"))),
            !document.path("other-columns").asText("kept").equals("left-out"),
            constants,
            counted(document, "cached-input"),
            counted(document, "reasoning"),
            where,
            text);
    if (mapping.named().contains("?")) {
      problems.add(
          where + " /columns: a question is open: put the name of a column where ? stands");
    }
    mapping.check(where, problems);
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return mapping;
  }

  private static char separator(String written) {
    return written.equals("tab") ? '\t' : written.charAt(0);
  }

  private static Optional<Counted> counted(JsonNode document, String key) {
    String word = document.path(key).asText("");
    return word.isEmpty()
        ? Optional.empty()
        : Optional.of(Counted.valueOf(word.toUpperCase(Locale.ROOT)));
  }

  private static List<String> texts(JsonNode node) {
    if (node.isTextual()) {
      return List.of(node.asText());
    }
    List<String> texts = new ArrayList<>();
    node.forEach(item -> texts.add(item.asText()));
    return texts;
  }

  private static Source source(
      MappedField field, JsonNode node, String where, List<String> problems) {
    String at = "%s /columns/%s".formatted(where, field.key());
    boolean plain = !node.isObject();
    List<String> columns = texts(plain ? node : node.path("column"));
    Optional<ZoneId> zone = Optional.empty();
    if (node.has("zone")) {
      try {
        zone = Optional.of(ZoneId.of(node.path("zone").asText()));
      } catch (DateTimeException e) {
        problems.add(
            "%s/zone: no such zone (found %s; a name such as Europe/Berlin, or UTC)"
                .formatted(at, node.path("zone")));
      }
    }
    Optional<MappedUnit> unit =
        node.has("unit")
            ? Optional.of(MappedUnit.of(node.path("unit").asText()))
            : Optional.empty();
    if (unit.isPresent() && unit.get().kind() != field.kind()) {
      problems.add(
          "%s/unit: %s is no unit of %s (one of %s)"
              .formatted(at, unit.get().word(), field.key(), MappedUnit.words(field.kind())));
    }
    if (field.kind() == MappedField.Kind.SPAN && unit.isEmpty()) {
      problems.add(
          "%s: say what the numbers count, { column: %s, unit: ... } (one of %s)"
              .formatted(at, columns.get(0), MappedUnit.words(field.kind())));
    }
    if (field.kind() == MappedField.Kind.MONEY && unit.isEmpty() && !node.has("usd")) {
      problems.add(
          "%s: say what the numbers count, { column: %s, unit: ... } (one of %s, or usd: and what one"
                  .formatted(at, columns.get(0), MappedUnit.words(field.kind()))
              + " unit of another currency is worth in dollars)");
    }
    if (columns.size() > 1
        && field.kind() != MappedField.Kind.TOKENS
        && field.kind() != MappedField.Kind.MONEY) {
      problems.add(at + ": several columns are added up, which only counts and costs can be");
    }
    return new Source(
        columns,
        node.path("clock").asText(""),
        WrittenTime.Format.of(node.path("format").asText("iso")),
        zone,
        unit,
        node.has("usd") ? Optional.of(node.path("usd").decimalValue()) : Optional.empty(),
        texts(node.path("failure")),
        texts(node.path("success")));
  }

  private static void checkPrivate(
      String name, List<String> columns, String where, List<String> problems) {
    for (String column : columns) {
      if (PrivateNames.isPrivate(column)) {
        problems.add(
            "%s /attributes/%s: %s speaks of a person, a secret or a text, which is not kept (rename the column if it does not)"
                .formatted(where, name, column));
      }
    }
    boolean free = name.startsWith("metadata.");
    if (free && PrivateNames.isPrivate(name.substring("metadata.".length()))) {
      problems.add(
          "%s /attributes/%s: no name of a person or secret is kept".formatted(where, name));
    }
  }

  private void check(String where, List<String> problems) {
    boolean cached =
        has(MappedField.CACHE_READ_TOKENS)
            || has(MappedField.CACHE_WRITE_TOKENS)
            || has(MappedField.CACHE_WRITE_1H_TOKENS);
    if (cached && cachedInput.isEmpty()) {
      problems.add(
          where
              + " /: cached-input is missing: say whether input_tokens contain the cached ones, inside"
              + " (as OpenAI counts) or beside (as Anthropic counts)");
    }
    if (has(MappedField.REASONING_TOKENS) && reasoning.isEmpty()) {
      problems.add(
          where
              + " /: reasoning is missing: say whether output_tokens contain the reasoning, inside (as"
              + " OpenAI counts) or beside (as Gemini's API counts thoughts)");
    }
    if (!has(MappedField.STARTED_AT) && !has(MappedField.ENDED_AT)) {
      problems.add(
          where + " /columns: neither started_at nor ended_at is there: when was the call?");
    }
    boolean output = has(MappedField.OUTPUT_TOKENS) || has(MappedField.TOTAL_TOKENS);
    if (has(MappedField.INPUT_TOKENS) != output) {
      problems.add(
          where
              + " /columns: only one of input_tokens and output_tokens is there (total_tokens may stand"
              + " for the output)");
    }
    if (!has(MappedField.INPUT_TOKENS) && !has(MappedField.COST)) {
      problems.add(where + " /columns: neither tokens nor cost are there: nothing could be priced");
    }
  }

  boolean has(MappedField field) {
    return columns.containsKey(field);
  }

  /**
   * The column that tells when a call was.
   *
   * @param column its name
   * @param zone zone of its times where they carry none; empty: what the command line says
   * @param unitsPerSecond of counts since 1970; 0 of times that are written out
   */
  public record TimeOf(String column, Optional<ZoneId> zone, long unitsPerSecond) {}

  /** The column that tells when a call began or, where none does, when it ended. */
  public TimeOf time() {
    Source source =
        has(MappedField.STARTED_AT)
            ? columns.get(MappedField.STARTED_AT)
            : columns.get(MappedField.ENDED_AT);
    long units =
        switch (source.format()) {
          case SECONDS -> 1;
          case MILLISECONDS -> 1_000;
          case MICROSECONDS -> 1_000_000;
          case NANOSECONDS -> 1_000_000_000;
          case ISO, DAY_FIRST, MONTH_FIRST, SPREADSHEET_DAYS -> 0;
        };
    return new TimeOf(source.columns().get(0), source.zone(), units);
  }

  /** The columns of its fields, for messages. */
  public List<String> columnNames() {
    return named();
  }

  /** Every column that it names, but those of attributes and those not read. */
  List<String> named() {
    List<String> named = new ArrayList<>();
    for (Source source : columns.values()) {
      named.addAll(source.columns());
      if (!source.clock().isEmpty()) {
        named.add(source.clock());
      }
    }
    return named;
  }

  /**
   * The columns that a table must have to be read by this mapping and that are not among these
   * names; empty if it is such a table. Of JSON records any may leave out a key.
   *
   * @param isJson whether the table is JSON, where a key that has no value is often left out
   */
  public List<String> missing(Set<String> names, boolean isJson) {
    Set<String> known = new LinkedHashSet<>();
    names.forEach(name -> known.add(ColumnWords.plain(name)));
    List<String> missing = new ArrayList<>();
    columns.forEach(
        (field, source) -> {
          boolean needed =
              !isJson
                  || field == MappedField.STARTED_AT
                  || field == MappedField.REQUEST_MODEL
                  || field == MappedField.INPUT_TOKENS;
          for (String column : source.columns()) {
            if (needed && !known.contains(ColumnWords.plain(column))) {
              missing.add(column);
            }
          }
        });
    return missing;
  }
}
