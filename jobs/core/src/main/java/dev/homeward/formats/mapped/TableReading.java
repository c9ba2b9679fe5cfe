package dev.homeward.formats.mapped;

import dev.homeward.formats.mapped.Draft.Entry;
import dev.homeward.formats.mapped.TableSample.Column;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a table of one's own says of itself by the names and values of its columns: a mapping, and
 * the questions that it leaves open.
 *
 * @param mapping the mapping in full, as a file; its questions stand in comments
 * @param columns which column is which field, for messages
 * @param questions what the table does not say
 * @param names the names of its columns, and of the keys below them
 * @param isJson whether it is JSON
 */
public record TableReading(
    String mapping, String columns, List<Question> questions, Set<String> names, boolean isJson) {

  /** Whether it can be read without asking anything. */
  public boolean isClear() {
    return questions.stream().noneMatch(Question::mustBeAnswered);
  }

  /** Whether a column names the model. */
  public boolean namesModel() {
    return columns.contains(" = " + MappedField.REQUEST_MODEL.key());
  }

  /** The questions without whose answer it is not read. */
  public List<Question> open() {
    return questions.stream().filter(Question::mustBeAnswered).toList();
  }

  /**
   * What a CSV says of itself.
   *
   * @param separator what stands between its fields
   * @param whole whether the bytes are the whole file
   * @param modelGiven whether the command line names the model
   * @return empty if it is no table of calls
   */
  public static Optional<TableReading> ofCsv(
      byte[] head, int length, char separator, boolean whole, boolean modelGiven) {
    return TableSample.csv(head, length, separator, whole).flatMap(s -> of(s, modelGiven));
  }

  /**
   * What JSON objects say of themselves.
   *
   * @param lines whether each stands on a line
   */
  public static Optional<TableReading> ofJson(
      byte[] head, int length, boolean lines, boolean modelGiven) {
    return TableSample.json(head, length, lines).flatMap(s -> of(s, modelGiven));
  }

  /**
   * The columns that a mapping needs and that a table does not have.
   *
   * @param separator of a CSV
   */
  public static List<String> missing(
      Mapping mapping, byte[] head, int length, boolean isJson, char separator) {
    Optional<TableSample> sample =
        isJson
            ? TableSample.json(head, length, mapping.records())
            : TableSample.csv(head, length, separator, true);
    Set<String> names = new LinkedHashSet<>();
    sample.ifPresent(s -> s.columns().forEach(column -> names.add(column.name)));
    return mapping.missing(names, isJson);
  }

  private static Optional<TableReading> of(TableSample sample, boolean modelGiven) {
    Draft draft = new Draft(sample);
    TimeColumns times = new TimeColumns(draft);
    times.find();
    CountColumns counts = new CountColumns(draft);
    counts.tokens();
    NameColumns names = new NameColumns(draft);
    names.model();
    boolean time = draft.has(MappedField.STARTED_AT) || draft.has(MappedField.ENDED_AT);
    boolean tokens =
        draft.has(MappedField.INPUT_TOKENS)
            || draft.has(MappedField.OUTPUT_TOKENS)
            || draft.has(MappedField.TOTAL_TOKENS);
    new MoneyColumns(draft).find();
    boolean money = draft.has(MappedField.COST);
    boolean model = draft.has(MappedField.REQUEST_MODEL);
    boolean counted = tokens && (counts.areSizes() ? time && model : time || model);
    if (sample.rows() == 0 || !counted && !(money && time && model)) {
      return Optional.empty();
    }
    times.spans();
    new CacheRelation(draft).find();
    names.others();
    missing(draft, time, model || modelGiven);
    if (!draft.mark.settled()) {
      draft.markUnknown = true;
      draft.ask(
          true,
          "Do decimals follow a point or a comma? Numbers like 1,234 or 1.234 may be either.",
          "decimal: \",\", or decimal: \".\"");
    }
    if (sample.namesTwice()) {
      draft.ask(
          true, "Two columns have one name. Which one counts?", "rename one of them in the file");
    }
    Set<String> all = new LinkedHashSet<>();
    sample.columns().forEach(column -> all.add(column.name));
    return Optional.of(
        new TableReading(
            new MappingText(draft).write(),
            told(draft),
            List.copyOf(draft.questions),
            all,
            sample.isJson()));
  }

  private static void missing(Draft draft, boolean time, boolean model) {
    if (!time) {
      draft.ask(
          true,
          "Which column says when a call was made? None holds times.",
          "columns: { started_at: COLUMN }");
    }
    if (!model) {
      draft.ask(
          true,
          "Which column names the model? None is called so or holds names of models.",
          "columns: { request_model: COLUMN }, or constants: { request_model: NAME }, or --hosted-model NAME");
    }
    boolean input = draft.has(MappedField.INPUT_TOKENS);
    boolean output = draft.has(MappedField.OUTPUT_TOKENS);
    boolean total = draft.has(MappedField.TOTAL_TOKENS);
    if (input && !output && total) {
      return;
    }
    if (total && !input && !output) {
      draft.ask(
          true,
          "Which columns split %s into input and output? They have different prices."
              .formatted(MappingText.shown(draft.column(MappedField.TOTAL_TOKENS))),
          "columns: { input_tokens: COLUMN, output_tokens: COLUMN }");
    } else if (!input && !output) {
      draft.ask(
          true,
          "Which columns count tokens? None is called so.",
          "columns: { input_tokens: COLUMN, output_tokens: COLUMN }");
    } else if (!output && !onlyEmbeddings(draft) || !input) {
      draft.ask(
          true,
          "Which column counts %s tokens? None is called so.".formatted(input ? "output" : "input"),
          "columns: { %s: COLUMN }".formatted(input ? "output_tokens" : "input_tokens"));
    }
  }

  private static boolean onlyEmbeddings(Draft draft) {
    Column model = draft.column(MappedField.REQUEST_MODEL);
    return model != null
        && model.known().stream().allMatch(name -> name.toLowerCase(Locale.ROOT).contains("embed"));
  }

  private static String told(Draft draft) {
    List<String> told = new ArrayList<>();
    draft.entries.forEach(
        (field, entry) -> {
          if (!entry.open) {
            told.add(names(entry) + " = " + field.key());
          }
        });
    draft.attributes.forEach(
        (name, columns) -> {
          if (!name.startsWith("metadata.")) {
            told.add("%s = %s".formatted(columns.get(0), name));
          }
        });
    return String.join(", ", told);
  }

  private static String names(Entry entry) {
    List<String> names = new ArrayList<>();
    entry.columns.forEach(column -> names.add(MappingText.shown(column)));
    return String.join(" + ", names);
  }
}
