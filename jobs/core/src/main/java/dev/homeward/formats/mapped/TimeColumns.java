package dev.homeward.formats.mapped;

import dev.homeward.formats.mapped.Draft.Entry;
import dev.homeward.formats.mapped.TableSample.Column;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the columns that say when a call was made and how long it took. */
final class TimeColumns {
  private static final Set<String> NOT_OF_CALL =
      Set.of(
          "updated",
          "modified",
          "deleted",
          "exported",
          "inserted",
          "ingested",
          "expires",
          "expiry",
          "expiration",
          "birthday",
          "synced",
          "loaded",
          "reset",
          "deadline",
          "due");
  private static final Set<String> END =
      Set.of(
          "end",
          "ended",
          "finish",
          "finished",
          "complete",
          "completed",
          "done",
          "stop",
          "stopped",
          "ende",
          "fin",
          "closed",
          "responded",
          "response",
          "answered",
          "hasta",
          "fine");
  private static final Set<String> START =
      Set.of("start", "started", "begin", "began", "beginn", "inicio", "debut", "inizio", "von");
  private static final Set<String> REQUEST =
      Set.of("request", "requested", "sent", "issued", "called", "call", "invoked", "invocation");
  private static final Set<String> STAMP =
      Set.of(
          "timestamp",
          "ts",
          "zeitstempel",
          "horodatage",
          "tstamp",
          "unixtime",
          "epoch",
          "utc",
          "t");
  private static final Set<String> MADE =
      Set.of("created", "creation", "logged", "occurred", "event", "recorded", "erstellt", "cree");
  private static final Set<String> DAY =
      Set.of(
          "datetime",
          "date",
          "time",
          "datum",
          "zeit",
          "zeitpunkt",
          "fecha",
          "data",
          "heure",
          "jour",
          "day",
          "when",
          "uhrzeit",
          "hora",
          "tag",
          "dia",
          "giorno",
          "ora",
          "dt",
          "tijd",
          "at");
  private static final Set<String> SPAN =
      Set.of(
          "latency",
          "duration",
          "elapsed",
          "took",
          "runtime",
          "dauer",
          "laufzeit",
          "duree",
          "duracion",
          "durata",
          "e2e",
          "roundtrip",
          "rtt",
          "latenz",
          "latence",
          "latencia",
          "taken",
          "antwortzeit",
          "wall");
  private static final Set<String> OF_SPAN =
      Set.of(
          "response",
          "processing",
          "execution",
          "inference",
          "generation",
          "total",
          "completion",
          "request",
          "llm",
          "model",
          "api",
          "call");

  /** No call answers more output tokens a second, whatever serves it. */
  private static final BigDecimal MOST_TOKENS_A_SECOND = new BigDecimal(20_000);

  /** Half of all calls of a log do not take longer than this many seconds. */
  private static final BigDecimal LONG_SECONDS = new BigDecimal(600);

  private final Draft draft;

  TimeColumns(Draft draft) {
    this.draft = draft;
  }

  void find() {
    Column best = null;
    int most = 0;
    boolean tie = false;
    Column end = null;
    List<Column> clocks = new ArrayList<>();
    List<Column> moments = new ArrayList<>();
    for (Column column : draft.left()) {
      ColumnValues values = draft.values(column);
      List<String> words = ColumnWords.of(column.leaf);
      if (values.isClocks() && !isSpan(words)) {
        clocks.add(column);
      } else if (!values.times().isEmpty()) {
        moments.add(column);
        int score = score(words, values.times());
        if (isAny(words, END) && !isAny(words, START) && score >= 0) {
          end = end == null ? column : end;
        } else if (score > most) {
          best = column;
          most = score;
          tie = false;
        } else if (score == most && score > 0) {
          tie = true;
        }
      }
    }
    if (best == null && end == null) {
      return;
    }
    if (best != null) {
      time(MappedField.STARTED_AT, best, clocks);
    }
    if (end != null) {
      time(MappedField.ENDED_AT, end, List.of());
    }
    if (tie && best != null) {
      moments.remove(end);
      draft.entries.get(MappedField.STARTED_AT).unknown = true;
      draft.ask(
          true,
          "Which column says when a call began? %s hold times alike."
              .formatted(MappingText.names(moments)),
          "columns: { started_at: %s }".formatted(MappingText.yaml(best.name)));
    }
    moments.forEach(draft::take);
    moments.forEach(column -> draft.notRead.add(column.name));
    for (MappedField field : List.of(MappedField.STARTED_AT, MappedField.ENDED_AT)) {
      if (draft.has(field)) {
        draft.notRead.remove(draft.column(field).name);
      }
    }
  }

  private static boolean isAny(List<String> words, Set<String> of) {
    return words.stream().anyMatch(of::contains);
  }

  private static boolean isSpan(List<String> words) {
    return isAny(words, SPAN);
  }

  /** How much a column is the start of a call; 0 if it cannot be. */
  private static int score(List<String> words, List<WrittenTime.Format> formats) {
    boolean isDays = formats.equals(List.of(WrittenTime.Format.SPREADSHEET_DAYS));
    if (isAny(words, NOT_OF_CALL)) {
      return -1;
    }
    if (isAny(words, START)) {
      return 10;
    }
    boolean timed = isAny(words, DAY) || isAny(words, STAMP);
    if (isAny(words, REQUEST) && timed) {
      return 9;
    }
    if (isAny(words, STAMP)) {
      return 8;
    }
    if (isAny(words, MADE)) {
      return 7;
    }
    if (isAny(words, DAY)) {
      return 6;
    }
    return isDays || formats.get(0).isCount() ? 0 : 1;
  }

  private void time(MappedField field, Column column, List<Column> clocks) {
    ColumnValues values = draft.values(column);
    List<WrittenTime.Format> formats = values.times();
    Entry entry = draft.put(field, column);
    entry.format = formats.get(0);
    boolean either =
        formats.contains(WrittenTime.Format.DAY_FIRST)
            && formats.contains(WrittenTime.Format.MONTH_FIRST);
    if (either && values.contains(".") && !values.contains("/")) {
      entry.why = "days with points come before their month";
    } else if (either && draft.mark.mark() == ',') {
      entry.why = "where decimals have a comma, days come before their month";
    } else if (either) {
      entry.formatUnknown = true;
      draft.ask(
          true,
          "Does %s write the day or the month first? No day above 12 stands in the first %d rows."
              .formatted(MappingText.shown(column), draft.sample.rows()),
          "columns: { %s: { column: %s, format: day-first } }, or month-first"
              .formatted(field.key(), MappingText.yaml(column.name)));
    }
    if (!values.hasClock(entry.format)) {
      clock(entry, column, clocks);
    }
    zone(entry, column, values);
  }

  private void clock(Entry entry, Column column, List<Column> clocks) {
    if (!clocks.isEmpty()) {
      entry.clock = clocks.get(0);
      draft.take(entry.clock);
      return;
    }
    draft.ask(
        false,
        "%s holds days without a time of day. Which column holds the clock? Until it is named, calls are spread evenly over their day and marked as synthesised."
            .formatted(MappingText.shown(column)),
        "columns: { started_at: { column: %s, clock: COLUMN } }"
            .formatted(MappingText.yaml(column.name)));
  }

  private void zone(Entry entry, Column column, ColumnValues values) {
    boolean utc =
        column.utc
            || ColumnWords.of(column.leaf).stream()
                .anyMatch(w -> w.equals("utc") || w.equals("gmt"));
    if (values.hasZone(entry.format)) {
      return;
    }
    if (utc) {
      entry.zone = "UTC";
      entry.why = "its name says UTC";
      return;
    }
    draft.ask(
        false,
        "In which zone are the times of %s? They carry none and are read as UTC."
            .formatted(MappingText.shown(column)),
        "columns: { %s: { column: %s, zone: Europe/Berlin } }, or --source-timezone"
            .formatted(
                draft.column(MappedField.STARTED_AT) == column ? "started_at" : "ended_at",
                MappingText.yaml(column.name)));
  }

  /** Finds how long calls took, once the counts of tokens are known. */
  void spans() {
    for (Column column : draft.left()) {
      ColumnValues values = draft.values(column);
      List<String> words = ColumnWords.of(column.leaf);
      boolean excluded = words.contains("per") || words.contains("tpot") || words.contains("itl");
      if (!values.isSpans() || excluded) {
        continue;
      }
      if (isFirstToken(words) && !draft.has(MappedField.TTFT)) {
        span(MappedField.TTFT, column);
      } else if (isDuration(words, column) && !draft.has(MappedField.DURATION)) {
        span(MappedField.DURATION, column);
      }
    }
  }

  private static boolean isFirstToken(List<String> words) {
    return words.contains("ttft")
        || words.contains("ttfb")
        || words.contains("first") && (words.contains("token") || words.contains("byte"));
  }

  private static boolean isDuration(List<String> words, Column column) {
    boolean named = isSpan(words);
    boolean ofCall = words.contains("time") && isAny(words, OF_SPAN) || words.contains("zeit");
    boolean bare =
        words.equals(List.of("time"))
            || words.equals(List.of("ms"))
            || words.equals(List.of("seconds"));
    boolean unit = ColumnWords.timeUnit(column.leaf).isPresent();
    return named || ofCall || bare || unit && words.contains("time");
  }

  private void span(MappedField field, Column column) {
    Optional<MappedUnit> unit = ColumnWords.timeUnit(column.leaf);
    Entry entry = draft.put(field, column);
    entry.unit = unit;
    if (unit.isPresent()) {
      return;
    }
    if (draft.values(column).isSpansWithUnits()) {
      entry.unit = Optional.of(MappedUnit.SECONDS);
      entry.why = "its values say their unit";
      return;
    }
    List<MappedUnit> possible = new ArrayList<>();
    for (MappedUnit candidate : List.of(MappedUnit.SECONDS, MappedUnit.MILLISECONDS)) {
      if (isPossible(column, candidate)) {
        possible.add(candidate);
      }
    }
    if (possible.size() == 1) {
      entry.unit = Optional.of(possible.get(0));
      entry.why =
          possible.get(0) == MappedUnit.MILLISECONDS
              ? "in seconds calls would take more than ten minutes"
              : "in milliseconds calls would answer more than 20,000 tokens a second";
      return;
    }
    draft.open(entry);
    draft.ask(
        false,
        "Does %s count seconds or milliseconds? It is not read until that is said."
            .formatted(MappingText.shown(column)),
        "columns: { %s: { column: %s, unit: milliseconds } }, or seconds"
            .formatted(field.key(), MappingText.yaml(column.name)));
  }

  private boolean isPossible(Column column, MappedUnit unit) {
    ColumnValues values = draft.values(column);
    BigDecimal median = values.median();
    if (median == null) {
      return true;
    }
    BigDecimal seconds = median.multiply(unit.factor()).movePointLeft(6);
    if (seconds.compareTo(LONG_SECONDS) > 0) {
      return false;
    }
    Column output = draft.column(MappedField.OUTPUT_TOKENS);
    BigDecimal tokens = output == null ? null : draft.values(output).median();
    return tokens == null
        || seconds.signum() == 0
        || tokens.compareTo(seconds.multiply(MOST_TOKENS_A_SECOND)) <= 0;
  }
}
