package dev.homeward.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strict reader of OpenMetrics 1.0, written from the grammar and the rules of the specification
 * (prometheus.io/docs/specs/om/open_metrics_spec, "ABNF" and "Overall structure"), as far as gauges
 * go: no other type, no timestamps, no exemplars.
 */
final class OpenMetricsParser {
  // metricname = metricname-initial-char 0*metricname-char; label names have no colon.
  private static final String METRIC = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*";
  // escaped-string: normal-char is all but LF, quote and backslash; or \n, \", \\.
  private static final String STRING = "(?:[^\\n\"\\\\]|\\\\[n\"\\\\])*";
  // realnumber of the grammar, without NaN and infinities, which the program never writes.
  private static final String NUMBER =
      "[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?";
  private static final Pattern DESCRIPTOR =
      Pattern.compile("# (TYPE|UNIT|HELP) (" + METRIC + ") (.*)");
  private static final Pattern SAMPLE =
      Pattern.compile("(" + METRIC + ")(?:\\{(.*)\\})? (" + NUMBER + ")");
  private static final Pattern PAIR = Pattern.compile("(" + LABEL + ")=\"(" + STRING + ")\"(,|$)");

  /** A family. */
  record Family(String name, String type, String unit, String help, List<Sample> samples) {}

  /** A value. */
  record Sample(Map<String, String> labels, double value) {}

  private final Map<String, Family> families = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private String name = "";
  private String type = "";
  private String unit = "";
  private String help = "";
  private List<Sample> samples = new ArrayList<>();

  private OpenMetricsParser() {}

  /** The families by name; every rule that is broken is an error that names the line. */
  static Map<String, Family> parse(String text) {
    return new OpenMetricsParser().read(text);
  }

  private Map<String, Family> read(String text) {
    if (!text.endsWith("# EOF\n")) {
      throw new IllegalArgumentException("must end in # EOF and a line feed");
    }
    if (text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("carriage return");
    }
    List<String> lines = List.of(text.split("\n", -1));
    for (int i = 0; i < lines.size() - 2; i++) {
      try {
        line(lines.get(i));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "line %d: %s: %s".formatted(i + 1, e.getMessage(), lines.get(i)), e);
      }
    }
    close();
    return families;
  }

  private void line(String line) {
    Matcher descriptor = DESCRIPTOR.matcher(line);
    if (line.startsWith("#")) {
      if (!descriptor.matches()) {
        throw new IllegalArgumentException("neither TYPE, UNIT nor HELP");
      }
      describe(descriptor.group(1), descriptor.group(2), descriptor.group(3));
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    if (!sample.matches()) {
      throw new IllegalArgumentException("no sample");
    }
    if (!sample.group(1).equals(name)) {
      throw new IllegalArgumentException("a gauge's sample has the name of its family");
    }
    if (!type.equals("gauge")) {
      throw new IllegalArgumentException("no gauge");
    }
    Map<String, String> labels = labels(sample.group(2));
    if (!seen.add(name + labels)) {
      throw new IllegalArgumentException("the same labels twice");
    }
    samples.add(new Sample(labels, Double.parseDouble(sample.group(3))));
  }

  private void describe(String what, String of, String value) {
    if (!of.equals(name)) {
      close();
      if (families.containsKey(of)) {
        throw new IllegalArgumentException("families must not be interleaved");
      }
      name = of;
    } else if (!samples.isEmpty()) {
      throw new IllegalArgumentException("what describes a family stands before its samples");
    }
    switch (what) {
      case "TYPE" -> type = once(type, value);
      case "UNIT" -> {
        unit = once(unit, value);
        if (!name.endsWith("_" + unit)) {
          throw new IllegalArgumentException("a unit must be the end of the name");
        }
      }
      default -> {
        if (!value.matches(STRING)) {
          throw new IllegalArgumentException("help is not escaped");
        }
        help = once(help, value);
      }
    }
  }

  private static String once(String before, String value) {
    if (!before.isEmpty()) {
      throw new IllegalArgumentException("said twice");
    }
    return value;
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (text == null) {
      return labels;
    }
    Matcher pair = PAIR.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!pair.find(at) || pair.start() != at) {
        throw new IllegalArgumentException("labels end at character " + at);
      }
      if (labels.put(pair.group(1), unescaped(pair.group(2))) != null) {
        throw new IllegalArgumentException("label %s twice".formatted(pair.group(1)));
      }
      at = pair.end();
      if (at == text.length() && pair.group(3).equals(",")) {
        throw new IllegalArgumentException("a comma ends the labels");
      }
    }
    return labels;
  }

  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        char next = text.charAt(++i);
        plain.append(next == 'n' ? '\n' : next);
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  private void close() {
    if (!name.isEmpty()) {
      families.put(name, new Family(name, type, unit, help, List.copyOf(samples)));
    }
    name = "";
    type = "";
    unit = "";
    help = "";
    samples = new ArrayList<>();
  }
}
