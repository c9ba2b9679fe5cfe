package dev.homeward.metrics;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A text of gauges in the format of OpenMetrics 1.0
 * (prometheus.io/docs/specs/om/open_metrics_spec), which the older text format of Prometheus can
 * read as well: families one after the other, each with its type, its unit where it has one and its
 * help, and {@code # EOF} at the end.
 */
public final class OpenMetrics {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  private final StringBuilder text = new StringBuilder();
  private String family = "";

  /**
   * Begins a family of gauges.
   *
   * @param unit in which they are, the end of the name; {@code ""} for plain counts
   * @param help what they say, in one line
   */
  public OpenMetrics gauge(String name, String unit, String help) {
    if (!NAME.matcher(name).matches() || !unit.isEmpty() && !name.endsWith("_" + unit)) {
      throw new IllegalArgumentException("Invalid metric: %s, unit %s".formatted(name, unit));
    }
    family = name;
    text.append("# TYPE ").append(name).append(" gauge\n");
    if (!unit.isEmpty()) {
      text.append("# UNIT ").append(name).append(' ').append(unit).append('\n');
    }
    text.append("# HELP ").append(name).append(' ').append(escaped(help)).append('\n');
    return this;
  }

  /** Adds a value of the family. */
  public OpenMetrics value(Labels labels, String number) {
    // Whoever hands over a text that is no number is mistaken; unknown values are left out.
    new BigDecimal(number);
    text.append(family).append(labels).append(' ').append(number).append('\n');
    return this;
  }

  /** Adds a count, or a share. */
  public OpenMetrics value(Labels labels, long number) {
    return value(labels, Long.toString(number));
  }

  /** The text. */
  public String text() {
    return text + "# EOF\n";
  }

  /** The labels of a value, in the order in which they were named. */
  public static final class Labels {
    public static final Labels NONE = new Labels(Map.of());

    private final Map<String, String> values;

    private Labels(Map<String, String> values) {
      this.values = values;
    }

    /** One label. */
    public static Labels of(String name, String value) {
      return NONE.and(name, value);
    }

    /** One more. */
    public Labels and(String name, String value) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("Invalid label: " + name);
      }
      Map<String, String> more = new LinkedHashMap<>(values);
      more.put(name, value);
      return new Labels(more);
    }

    @Override
    public String toString() {
      StringBuilder all = new StringBuilder();
      values.forEach(
          (name, value) ->
              all.append(all.isEmpty() ? '{' : ',')
                  .append(name)
                  .append("=\"")
                  .append(escaped(value))
                  .append('"'));
      return all.isEmpty() ? "" : all.append('}').toString();
    }
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
  }
}
