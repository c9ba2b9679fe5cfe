package dev.homeward.formats.mapped;

import dev.homeward.formats.mapped.Draft.Entry;
import dev.homeward.formats.mapped.Mapping.Counted;
import dev.homeward.formats.mapped.TableSample.Column;
import dev.homeward.units.Columns;
import dev.homeward.units.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes a derived mapping as the file that a user would write, with its questions. */
final class MappingText {
  /** A longer name is no name of a column but a text. */
  static final int LONGEST_NAME = 80;

  private static final int MOST_NOT_READ = 60;
  private static final int MOST_NAMES = 6;
  private static final int WIDTH = 100;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]{0,79}");
  private static final Pattern SHOWABLE =
      Pattern.compile("[\\p{L}\\p{N} _./()\\[\\]$€%#:&+-]{1," + LONGEST_NAME + "}");
  private static final Set<String> NOT_PLAIN =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private final Draft draft;
  private final StringBuilder text = new StringBuilder();

  MappingText(Draft draft) {
    this.draft = draft;
  }

  /** A column as messages name it. */
  static String shown(Column column) {
    return SHOWABLE.matcher(column.name).matches() ? column.name : "a column";
  }

  /** Columns as messages name them. */
  static String names(List<Column> columns) {
    List<String> names = new ArrayList<>();
    for (Column column : columns.subList(0, Math.min(MOST_NAMES, columns.size()))) {
      names.add(shown(column));
    }
    if (columns.size() > MOST_NAMES) {
      return String.join(", ", names) + ", …";
    }
    return names.size() < 2
        ? String.join("", names)
        : String.join(", ", names.subList(0, names.size() - 1))
            + " and "
            + names.get(names.size() - 1);
  }

  /** A name as it stands in YAML. */
  static String yaml(String name) {
    if (PLAIN.matcher(name).matches() && !NOT_PLAIN.contains(name.toLowerCase(Locale.ROOT))) {
      return name;
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < name.length(); ) {
      int c = name.codePointAt(i);
      String visible = VisibleText.of(Character.toString(c));
      if (c == '"' || c == '\\') {
        quoted.append('\\').appendCodePoint(c);
      } else if (visible.length() > Character.charCount(c)) {
        quoted.append(c <= 0xFFFF ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
      } else {
        quoted.appendCodePoint(c);
      }
      i += Character.charCount(c);
    }
    return quoted.append('"').toString();
  }

  /** The whole mapping. */
  String write() {
    if (!draft.sample.isJson() && draft.sample.separator() != ',') {
      String separator =
          draft.sample.separator() == '\t' ? "tab" : "\"" + draft.sample.separator() + "\"";
      line("separator: " + separator, "");
    }
    if (draft.markUnknown || draft.mark.mark() == ',') {
      line(draft.markUnknown ? "decimal: \"?\"" : "decimal: \",\"", "");
    }
    if (draft.rowUnknown) {
      line("row: \"?\"", "");
    }
    if (!draft.sample.records().isEmpty()) {
      line("records: " + yaml(draft.sample.records()), "");
    }
    line("columns:", "");
    draft.entries.forEach(this::field);
    counted("cached-input", draft.cachedUnknown, draft.cachedInput, draft.cachedWhy);
    counted("reasoning", draft.reasoningUnknown, draft.reasoning, draft.reasoningWhy);
    if (!draft.attributes.isEmpty()) {
      line("attributes:", "names for the rules of a policy");
      draft.attributes.forEach(
          (name, columns) -> line("  " + yaml(name) + ": " + yaml(columns.get(0)), ""));
    }
    notRead();
    questions();
    return text.toString();
  }

  private void counted(String key, boolean unknown, Optional<Counted> counted, String why) {
    if (unknown) {
      line(key + ": \"?\"", "");
    } else {
      counted.ifPresent(c -> line(key + ": " + c.name().toLowerCase(Locale.ROOT), why));
    }
  }

  private void field(MappedField field, Entry entry) {
    List<String> keys = new ArrayList<>();
    if (entry.clock != null) {
      keys.add("clock: " + yaml(entry.clock.name));
    }
    if (entry.format != WrittenTime.Format.ISO) {
      keys.add("format: " + (entry.formatUnknown ? "\"?\"" : entry.format.word()));
    }
    if (!entry.zone.isEmpty()) {
      keys.add("zone: " + entry.zone);
    }
    entry.unit.ifPresent(unit -> keys.add("unit: " + unit.word()));
    words(keys, "failure", entry.failure);
    words(keys, "success", entry.success);
    List<String> names = new ArrayList<>();
    entry.columns.forEach(column -> names.add(entry.unknown ? "\"?\"" : yaml(column.name)));
    String columns = names.size() == 1 ? names.get(0) : "[" + String.join(", ", names) + "]";
    if (entry.open) {
      line(
          "  # %s: { column: %s, unit: ? }".formatted(field.key(), columns),
          "not read yet, see below");
    } else if (keys.isEmpty()) {
      line("  %s: %s".formatted(field.key(), columns), entry.why);
    } else {
      keys.add(0, "column: " + columns);
      line("  %s: { %s }".formatted(field.key(), String.join(", ", keys)), entry.why);
    }
  }

  private static void words(List<String> keys, String key, List<String> words) {
    if (!words.isEmpty()) {
      List<String> quoted = words.stream().map(word -> "\"" + word + "\"").toList();
      keys.add("%s: [%s]".formatted(key, String.join(", ", quoted)));
    }
  }

  private void notRead() {
    List<String> names =
        draft.notRead.stream()
            .filter(name -> name.length() <= LONGEST_NAME && !PrivateNames.isAddress(name))
            .toList();
    if (names.isEmpty()) {
      return;
    }
    line(
        "not-read:", "ids, texts, people, what repeats other columns, and what is left open below");
    for (String name : names.subList(0, Math.min(MOST_NOT_READ, names.size()))) {
      line("  - " + yaml(name), "");
    }
    if (names.size() > MOST_NOT_READ) {
      line(
          "",
          "and %d more, whose names say that they are not kept"
              .formatted(names.size() - MOST_NOT_READ));
    }
  }

  private void questions() {
    int number = 1;
    for (Question question : draft.questions) {
      if (question.mustBeAnswered()) {
        text.append('\n');
        comment(
            "Question %d, to be answered where ? stands: %s".formatted(number++, question.text()));
        comment("Answer: " + question.answer());
      }
    }
    for (Question question : draft.questions) {
      if (!question.mustBeAnswered()) {
        text.append('\n');
        comment("Left open: %s".formatted(question.text()));
        comment("To say it: " + question.answer());
      }
    }
  }

  private void comment(String words) {
    for (String line : Columns.wrapped(VisibleText.of(words), WIDTH - 2, "")) {
      text.append("# ").append(line).append('\n');
    }
  }

  private void line(String yaml, String why) {
    text.append(yaml);
    if (!why.isEmpty()) {
      text.append(yaml.isEmpty() ? "# " : "  # ").append(why);
    }
    text.append('\n');
  }
}
