package dev.homeward.formats.mapped;

import dev.homeward.formats.mapped.Draft.Entry;
import dev.homeward.formats.mapped.TableSample.Column;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the columns that count tokens. */
final class CountColumns {
  static final Set<String> IN =
      Set.of(
          "input",
          "in",
          "prompt",
          "prompts",
          "request",
          "req",
          "ingress",
          "sent",
          "context",
          "query",
          "question",
          "eingabe",
          "eingang",
          "entree",
          "entrada",
          "inputs",
          "ins",
          "ingresso",
          "invoer",
          "consumed",
          "read",
          "anfrage",
          "uncached",
          "fresh",
          "prefill",
          "ptok",
          "ptoks");
  static final Set<String> OUT =
      Set.of(
          "output",
          "out",
          "completion",
          "completions",
          "response",
          "resp",
          "generated",
          "generation",
          "answer",
          "reply",
          "received",
          "result",
          "ausgabe",
          "ausgang",
          "sortie",
          "salida",
          "produced",
          "outputs",
          "gen",
          "saida",
          "uitvoer",
          "uscita",
          "antwort",
          "written",
          "egress",
          "decode",
          "decoded",
          "compl",
          "ctok",
          "ctoks");
  static final Set<String> CACHE =
      Set.of("cache", "cached", "caching", "cachehit", "hit", "hits", "gecacht");
  private static final Set<String> WRITE =
      Set.of(
          "write",
          "writes",
          "written",
          "creation",
          "created",
          "create",
          "stored",
          "store",
          "5m",
          "1h");
  static final Set<String> REASON =
      Set.of("reasoning", "thinking", "thought", "thoughts", "reason");
  static final Set<String> TOTAL =
      Set.of(
          "total",
          "totals",
          "sum",
          "overall",
          "all",
          "gesamt",
          "summe",
          "totale",
          "combined",
          "insgesamt");
  private static final Set<String> NOT_TOKENS =
      Set.of(
          "max",
          "maximum",
          "limit",
          "budget",
          "rate",
          "per",
          "price",
          "cost",
          "costs",
          "avg",
          "average",
          "mean",
          "remaining",
          "quota",
          "allowed",
          "speed",
          "tps",
          "window",
          "temperature",
          "audio",
          "image",
          "images",
          "video",
          "accepted",
          "rejected",
          "prediction",
          "ratio",
          "percent",
          "pct",
          "share",
          "first",
          "latency",
          "min",
          "p50",
          "p95",
          "usd",
          "eur",
          "time",
          "ms",
          "seconds",
          "hash",
          "id",
          "estimated",
          "left",
          "spend",
          "second",
          "sec",
          "tool",
          "tools",
          "name",
          "type");
  private static final Set<String> SIZES =
      Set.of("length", "len", "size", "chars", "characters", "words", "bytes");
  private static final Set<String> USAGE = Set.of("usage", "counts", "count");
  private static final Set<String> CALLS =
      Set.of("requests", "calls", "invocations", "anfragen", "aufrufe", "requetes", "queries");

  private final Draft draft;
  private boolean sized;
  private final Map<MappedField, List<Column>> found = new EnumMap<>(MappedField.class);

  CountColumns(Draft draft) {
    this.draft = draft;
  }

  void tokens() {
    boolean told = false;
    for (boolean named : new boolean[] {true, false}) {
      Map<MappedField, List<Column>> mine = new EnumMap<>(MappedField.class);
      for (Column column : draft.left()) {
        MappedField field = field(column, named);
        // Beside columns of tokens, one called cached or thinking counts them too; in a table that
        // has none, so does one called input.
        boolean taken =
            field != null && !named && (found.containsKey(field) || !isPart(field) && told);
        if (field != null
            && !taken
            && draft.values(column).isCounts()
            && (named || isMany(column))) {
          mine.computeIfAbsent(field, f -> new ArrayList<>()).add(column);
        }
      }
      mine.forEach((field, columns) -> found.merge(field, columns, (a, b) -> a));
      told =
          found.containsKey(MappedField.INPUT_TOKENS)
              || found.containsKey(MappedField.TOTAL_TOKENS);
    }
    found.forEach(this::choose);
    if (!draft.has(MappedField.INPUT_TOKENS) && !draft.has(MappedField.OUTPUT_TOKENS)) {
      sizes();
    }
    calls();
  }

  private static boolean isPart(MappedField field) {
    return field == MappedField.CACHE_READ_TOKENS
        || field == MappedField.CACHE_WRITE_TOKENS
        || field == MappedField.CACHE_WRITE_1H_TOKENS
        || field == MappedField.REASONING_TOKENS;
  }

  /** Whether it counts, and is no flag of 0 and 1. */
  private boolean isMany(Column column) {
    return Arrays.stream(draft.values(column).numbers())
        .anyMatch(number -> number != null && number.compareTo(BigDecimal.ONE) > 0);
  }

  /** What a column counts by its name; null if no tokens. */
  private static MappedField field(Column column, boolean named) {
    List<String> leaf = ColumnWords.of(column.leaf);
    List<String> above = ColumnWords.of(lastKey(column.above));
    boolean isNamed =
        leaf.stream().anyMatch(ColumnWords::isToken)
            || above.stream().anyMatch(w -> ColumnWords.isToken(w) || USAGE.contains(w));
    boolean excluded = leaf.stream().anyMatch(NOT_TOKENS::contains);
    boolean detail = above.contains("details") || above.contains("detail");
    if (excluded || isNamed != named) {
      return null;
    }
    boolean cache = any(leaf, CACHE) || any(above, CACHE);
    boolean uncached =
        leaf.contains("uncached")
            || leaf.contains("fresh")
            || leaf.contains("non")
            || leaf.contains("noncached");
    if (cache && !uncached) {
      boolean write = any(leaf, WRITE) || any(above, WRITE);
      boolean hour = leaf.contains("1h") || leaf.contains("hour");
      return !write
          ? MappedField.CACHE_READ_TOKENS
          : hour ? MappedField.CACHE_WRITE_1H_TOKENS : MappedField.CACHE_WRITE_TOKENS;
    }
    if (any(leaf, REASON) || any(above, REASON)) {
      return MappedField.REASONING_TOKENS;
    }
    if (detail || !named && any(leaf, SIZES)) {
      return null;
    }
    return direction(leaf, above, named);
  }

  private static MappedField direction(List<String> leaf, List<String> above, boolean named) {
    boolean in = any(leaf, IN);
    boolean out = any(leaf, OUT);
    if (!in && !out) {
      in = any(above, IN);
      out = any(above, OUT);
    }
    if (in && out) {
      return any(leaf, TOTAL) ? MappedField.TOTAL_TOKENS : null;
    }
    if (in || out) {
      return in ? MappedField.INPUT_TOKENS : MappedField.OUTPUT_TOKENS;
    }
    boolean alone =
        leaf.stream().allMatch(w -> ColumnWords.isToken(w) || USAGE.contains(w) || isNoise(w));
    return any(leaf, TOTAL) && named || alone && named ? MappedField.TOTAL_TOKENS : null;
  }

  private static boolean isNoise(String word) {
    return Set.of(
            "num", "nb", "number", "n", "no", "of", "cnt", "anzahl", "used", "the", "llm", "k",
            "ai")
        .contains(word);
  }

  static String lastKey(String above) {
    return above.substring(above.lastIndexOf('/') + 1);
  }

  static boolean any(List<String> words, Set<String> of) {
    return words.stream().anyMatch(of::contains);
  }

  private void choose(MappedField field, List<Column> columns) {
    Column first = best(columns);
    List<Column> others = new ArrayList<>();
    for (Column column : columns) {
      if (column != first && !isSame(first, column)) {
        others.add(column);
      }
    }
    Entry entry = draft.put(field, first);
    entry.unit = ColumnWords.countUnit(first.leaf);
    if (entry.unit.isEmpty()) {
      entry.unit = ColumnWords.countUnit(lastKey(first.above));
    }
    columns.forEach(draft::take);
    columns.stream().filter(c -> c != first).forEach(c -> draft.notRead.add(c.name));
    boolean parts =
        field == MappedField.CACHE_WRITE_TOKENS && others.stream().allMatch(CountColumns::isPart);
    if (!others.isEmpty() && !parts) {
      others.add(0, first);
      entry.unknown = true;
      draft.ask(
          true,
          "Which column is %s? %s hold different counts."
              .formatted(field.key(), MappingText.names(others)),
          "columns: { %s: %s }".formatted(field.key(), MappingText.yaml(first.name)));
    }
  }

  /** The most of all: parts of a lifetime stand beside their sum. */
  private static Column best(List<Column> columns) {
    for (Column column : columns) {
      if (!isPart(column) && ColumnWords.of(column.leaf).stream().anyMatch(ColumnWords::isToken)) {
        return column;
      }
    }
    return columns.get(0);
  }

  private static boolean isPart(Column column) {
    List<String> words = ColumnWords.of(column.leaf);
    return words.contains("5m") || words.contains("ephemeral");
  }

  private static boolean isSame(Column a, Column b) {
    for (int i = 0; i < a.values.length; i++) {
      if (a.values[i] != null && b.values[i] != null && !a.values[i].equals(b.values[i])) {
        return false;
      }
    }
    return true;
  }

  /** Whether the only columns that may count tokens may as well count characters. */
  boolean areSizes() {
    return sized;
  }

  private void sizes() {
    List<Column> inputs = sizes(IN, OUT);
    List<Column> outputs = sizes(OUT, IN);
    if (inputs.isEmpty() || outputs.isEmpty() || draft.has(MappedField.TOTAL_TOKENS)) {
      return;
    }
    Column input = inputs.get(0);
    Column output = outputs.get(0);
    sized = true;
    draft.put(MappedField.INPUT_TOKENS, input).unknown = true;
    draft.put(MappedField.OUTPUT_TOKENS, output).unknown = true;
    draft.ask(
        true,
        "Do %s count tokens? Their names may mean characters or bytes."
            .formatted(MappingText.names(List.of(input, output))),
        "columns: { input_tokens: %s, output_tokens: %s }, if they are tokens"
            .formatted(MappingText.yaml(input.name), MappingText.yaml(output.name)));
  }

  /** The columns of sizes of one direction and not of the other. */
  private List<Column> sizes(Set<String> of, Set<String> not) {
    List<Column> sizes = new ArrayList<>();
    for (Column column : draft.left()) {
      List<String> words = ColumnWords.of(column.leaf);
      if (any(words, SIZES)
          && any(words, of)
          && !any(words, not)
          && draft.values(column).isCounts()) {
        sizes.add(column);
      }
    }
    return sizes;
  }

  /** A column that counts calls makes of a row more than one call. */
  private void calls() {
    for (Column column : draft.left()) {
      List<String> words = ColumnWords.of(column.leaf);
      boolean named =
          any(words, CALLS)
              || words.contains("count") && (words.contains("request") || words.contains("call"));
      if (!named || !draft.values(column).isCounts()) {
        continue;
      }
      boolean several =
          Arrays.stream(draft.values(column).numbers())
              .anyMatch(n -> n != null && n.compareTo(BigDecimal.ONE) > 0);
      if (several) {
        draft.ask(
            true,
            "Is a row one call? %s counts up to several in a row. A table of sums has no sizes and times of calls: give the log of single calls, or the provider's usage report."
                .formatted(MappingText.shown(column)),
            "row: call, if a row is one call all the same");
        draft.rowUnknown = true;
      }
    }
  }
}
