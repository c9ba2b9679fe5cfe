package dev.homeward.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/**
 * One move after it was made: what an earlier review promised, and what the calls of this month
 * show. As in realised.csv and in summary.json; unknown is empty.
 *
 * @param cells a {@code String}, {@code Long} or {@code BigDecimal} by column; absent where unknown
 */
public record Realised(Map<Column, Object> cells) {

  /** The columns, in their order. */
  public enum Column {
    WORKLOAD(Type.TEXT, "the workload"),
    DATA_CLASS(Type.TEXT, "its data class"),
    HOSTED_MODELS(Type.TEXT, "what it called before, separated by ;"),
    PROMISED_IN(Type.TEXT, "month of the review that promised it; empty if none did"),
    PROMISED_BY(Type.TEXT, "review_id of it"),
    LOCAL_MODEL(Type.TEXT, "the plan's local model"),
    HARDWARE(Type.TEXT, "the plan's box"),
    SERVED_AS(Type.TEXT, "what the log calls the local models that answered, separated by ;"),
    PROMISED_CALLS_PER_DAY(Type.RATE, "calls a day in the month of the promise"),
    LOCAL_CALLS_PER_DAY(Type.RATE, "calls a day that servers of one's own answered"),
    API_CALLS_PER_DAY(Type.RATE, "calls a day that the same hosted models still answered"),
    FAILURES(Type.COUNT, "calls that failed at the servers of one's own"),
    PROMISED_OVERFLOW_SHARE(Type.SHARE, "share of calls that were to go to the API"),
    OVERFLOW_SHARE(Type.SHARE, "share that went there"),
    PROMISED_TTFT_P95_MS(
        Type.MILLIS, "replayed time to first token, 95th percentile; on a shared fleet its limit"),
    TTFT_P95_MS(Type.MILLIS, "logged, of streamed local calls"),
    PROMISED_TPOT_P95_MS(Type.MILLIS, "replayed time per output token, 95th percentile; likewise"),
    TPOT_P95_MS(Type.MILLIS, "logged, of streamed local calls"),
    PROMISED_E2E_P95_MS(Type.MILLIS, "replayed end-to-end time, 95th percentile; likewise"),
    E2E_P95_MS(Type.MILLIS, "logged, of local calls"),
    PROMISED_SAVING_USD(Type.MONEY, "a month, its part of the plan's saving"),
    REALISED_SAVING_USD(Type.MONEY, "api_equivalent_usd less fleet_usd"),
    API_EQUIVALENT_USD(Type.MONEY, "what the month's local calls would have cost at the API"),
    FLEET_USD(Type.MONEY, "what the fleet was to cost a month; no log holds what it did"),
    OVERFLOW_USD(Type.MONEY, "what the API was paid a month for its calls all the same"),
    NOTE(Type.TEXT, "what is not known, and why");

    private final Type type;
    private final String meaning;

    Column(Type type, String meaning) {
      this.type = type;
      this.meaning = meaning;
    }

    /** What it holds, one line. */
    public String meaning() {
      return meaning;
    }

    /** The name in the files. */
    public String columnName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private enum Type {
    TEXT(0),
    COUNT(0),
    RATE(2),
    SHARE(4),
    MILLIS(3),
    MONEY(2);

    private final int decimals;

    Type(int decimals) {
      this.decimals = decimals;
    }
  }

  /** A figure rounded as files have it, HALF_EVEN. */
  static BigDecimal rounded(Column column, double value) {
    BigDecimal rounded =
        new BigDecimal(value).setScale(column.type.decimals, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? rounded.abs() : rounded;
  }

  /** A cell as a text; empty if unknown. */
  public String text(Column column) {
    Object value = cells.get(column);
    return value == null
        ? ""
        : value instanceof BigDecimal number ? number.toPlainString() : value.toString();
  }

  /** realised.csv. */
  public static String csv(List<Realised> rows) {
    StringJoiner header = new StringJoiner(",", "", "\n");
    for (Column column : Column.values()) {
      header.add(column.columnName());
    }
    StringBuilder csv = new StringBuilder(header.toString());
    for (Realised row : rows) {
      StringJoiner line = new StringJoiner(",", "", "\n");
      for (Column column : Column.values()) {
        String text = row.text(column);
        line.add(column.type == Type.TEXT ? Csv.cell(text) : text);
      }
      csv.append(line);
    }
    return csv.toString();
  }

  /** Rows of realised.csv, by the names of its columns, as {@link ReviewDiff} reads them. */
  static List<Realised> read(List<Map<String, String>> rows) {
    List<Realised> read = new ArrayList<>();
    for (Map<String, String> row : rows) {
      Map<Column, Object> cells = new LinkedHashMap<>();
      for (Column column : Column.values()) {
        String text = row.getOrDefault(column.columnName(), "");
        if (!text.isEmpty()) {
          cells.put(
              column,
              switch (column.type) {
                case TEXT -> Csv.text(text);
                case COUNT -> (Object) Long.valueOf(text);
                default -> new BigDecimal(text);
              });
        }
      }
      read.add(new Realised(cells));
    }
    return read;
  }

  /** Adds the rows to summary.json, with what all moves together promised and came to. */
  public static void write(List<Realised> rows, ObjectNode summary) {
    if (rows.isEmpty()) {
      return;
    }
    ObjectNode n = summary.putObject("realised");
    sum(rows, Column.PROMISED_SAVING_USD)
        .ifPresent(usd -> n.put("promised_saving_monthly_usd", usd));
    sum(rows, Column.REALISED_SAVING_USD)
        .ifPresent(usd -> n.put("realised_saving_monthly_usd", usd));
    ArrayNode moves = n.putArray("moves");
    for (Realised row : rows) {
      ObjectNode move = moves.addObject();
      row.cells.forEach(
          (column, value) -> {
            if (value instanceof BigDecimal number) {
              move.put(column.columnName(), number);
            } else if (value instanceof Long count) {
              move.put(column.columnName(), count);
            } else {
              move.put(column.columnName(), (String) value);
            }
          });
    }
  }

  /** A sum over all promised moves; empty if one of them is not known. */
  static OptionalDouble sum(List<Realised> rows, Column column) {
    double sum = 0;
    int promised = 0;
    for (Realised row : rows) {
      if (!row.cells.containsKey(Column.PROMISED_IN)) {
        continue;
      }
      if (!(row.cells.get(column) instanceof BigDecimal number)) {
        return OptionalDouble.empty();
      }
      promised++;
      sum += number.doubleValue();
    }
    return promised == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(rounded(Column.REALISED_SAVING_USD, sum).doubleValue());
  }

  /** Its name for people: workload and data class. */
  public String name() {
    return text(Column.WORKLOAD) + " / " + text(Column.DATA_CLASS);
  }

  /** Promised beside measured, in a line without its name. */
  public String inWords() {
    if (!cells.containsKey(Column.PROMISED_IN)) {
      return "%s calls a day on %s; no earlier review promised it"
          .formatted(text(Column.LOCAL_CALLS_PER_DAY), text(Column.SERVED_AS));
    }
    if (!cells.containsKey(Column.SERVED_AS)) {
      return "not moved: the plan of %s has it on %s, and no call of it was served locally"
          .formatted(text(Column.PROMISED_IN), text(Column.LOCAL_MODEL));
    }
    StringJoiner parts = new StringJoiner("; ");
    parts.add(
        "on %s (%s, promised in %s)"
            .formatted(text(Column.SERVED_AS), text(Column.LOCAL_MODEL), text(Column.PROMISED_IN)));
    parts.add(
        "%s calls a day and %s at the API (promised %s in all)"
            .formatted(
                text(Column.LOCAL_CALLS_PER_DAY),
                text(Column.API_CALLS_PER_DAY),
                text(Column.PROMISED_CALLS_PER_DAY)));
    both(parts, "overflow", Column.OVERFLOW_SHARE, Column.PROMISED_OVERFLOW_SHARE, "");
    both(parts, "TTFT p95", Column.TTFT_P95_MS, Column.PROMISED_TTFT_P95_MS, " ms");
    both(parts, "TPOT p95", Column.TPOT_P95_MS, Column.PROMISED_TPOT_P95_MS, " ms");
    both(parts, "E2E p95", Column.E2E_P95_MS, Column.PROMISED_E2E_P95_MS, " ms");
    parts.add(
        "saves %s a month (promised %s)"
            .formatted(usd(Column.REALISED_SAVING_USD), usd(Column.PROMISED_SAVING_USD)));
    if (cells.containsKey(Column.NOTE)) {
      parts.add(text(Column.NOTE));
    }
    return parts.toString();
  }

  // Where neither is known there is nothing to say.
  private void both(StringJoiner parts, String name, Column measured, Column promised, String u) {
    if (cells.containsKey(measured) || cells.containsKey(promised)) {
      parts.add("%s %s (promised %s)".formatted(name, figure(measured, u), figure(promised, u)));
    }
  }

  private String figure(Column column, String unit) {
    String text = text(column);
    return text.isEmpty() ? "?" : text + unit;
  }

  private String usd(Column column) {
    return cells.get(column) instanceof BigDecimal number
        ? PlanFigures.usd(number.doubleValue())
        : "$?";
  }
}
