package dev.homeward.formats.mapped;

import dev.homeward.formats.mapped.Mapping.Counted;
import dev.homeward.formats.mapped.TableSample.Column;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A mapping while it is derived from a table. */
final class Draft {
  final TableSample sample;
  final DecimalMark.Told mark;
  final Map<MappedField, Entry> entries = new EnumMap<>(MappedField.class);
  final Map<String, List<String>> attributes = new LinkedHashMap<>();
  final Set<String> notRead = new LinkedHashSet<>();
  final List<Question> questions = new ArrayList<>();
  Optional<Counted> cachedInput = Optional.empty();
  Optional<Counted> reasoning = Optional.empty();
  boolean cachedUnknown;
  boolean reasoningUnknown;
  boolean markUnknown;

  /** Whether it is asked if a row is a call. */
  boolean rowUnknown;

  String cachedWhy = "";
  String reasoningWhy = "";

  private final Map<Column, ColumnValues> values = new LinkedHashMap<>();
  private final Set<Column> taken = new HashSet<>();

  /** The columns of a field, as far as they are told. */
  static final class Entry {
    final List<Column> columns = new ArrayList<>();
    Column clock;
    WrittenTime.Format format = WrittenTime.Format.ISO;
    String zone = "";
    Optional<MappedUnit> unit = Optional.empty();
    List<String> success = List.of();
    List<String> failure = List.of();

    /** Whether it is asked which column it is. */
    boolean unknown;

    /** Whether it is asked how its times are written. */
    boolean formatUnknown;

    /** Whether a question is open, so that it stands in the proposal only as a comment. */
    boolean open;

    /** Why it is read so, for a comment; empty where the name says it. */
    String why = "";
  }

  Draft(TableSample sample) {
    this.sample = sample;
    this.mark = DecimalMark.of(sample);
    sample.columns().forEach(column -> values.put(column, new ColumnValues(column, mark.mark())));
  }

  /** The columns that no field has taken, in the table's order. */
  List<Column> left() {
    return values.keySet().stream().filter(column -> !taken.contains(column)).toList();
  }

  ColumnValues values(Column column) {
    return values.get(column);
  }

  Entry put(MappedField field, Column column) {
    Entry entry = entries.computeIfAbsent(field, f -> new Entry());
    entry.columns.add(column);
    taken.add(column);
    return entry;
  }

  void take(Column column) {
    taken.add(column);
  }

  /** The column of a field; null if it has none. */
  Column column(MappedField field) {
    Entry entry = entries.get(field);
    return entry == null ? null : entry.columns.get(0);
  }

  boolean has(MappedField field) {
    return entries.containsKey(field);
  }

  /** Leaves the column of a field out until a question is answered. */
  void open(Entry entry) {
    entry.open = true;
    entry.columns.forEach(column -> notRead.add(column.name));
  }

  void ask(boolean mustBeAnswered, String text, String answer) {
    questions.add(new Question(mustBeAnswered, text, answer));
  }
}
