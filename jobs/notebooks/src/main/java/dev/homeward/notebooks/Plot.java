package dev.homeward.notebooks;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jetbrains.letsPlot.commons.encoding.UnsupportedRGBEncoder;
import org.jetbrains.letsPlot.commons.geometry.DoubleVector;
import org.jetbrains.letsPlot.core.util.PlotSvgExportCommon;

/**
 * A picture of numbers: bars, lines and points as SVG, drawn by Lets-Plot. The same numbers give
 * the same text, on every machine: no font of the machine is measured.
 *
 * <pre>{@code
 * Plot.of("What it costs").axes("calls a day", "US$ a month").logarithmic()
 *     .line("API", volumes, api).line("own box", volumes, box).svg()
 * }</pre>
 */
public final class Plot {
  /** Colours that people who see few colours tell apart (Okabe and Ito, 2008). */
  private static final List<String> COLOURS =
      List.of("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#999999");

  /** Characters of a name before it is cut. */
  private static final int LONGEST_NAME = 40;

  /** Powers of ten on an axis that need nothing between them. */
  private static final int MANY_POWERS = 3;

  private static final Pattern ID = Pattern.compile("\\bid=\"([^\"]+)\"");

  private static final Pattern NOT_SELECTABLE = Pattern.compile(" *[-a-z]*user-select: none;\n");

  private final String title;
  private final Map<String, Series> series = new LinkedHashMap<>();
  private final List<Map<String, Object>> marks = new ArrayList<>();
  private String subtitle = "";
  private String x = "";
  private String y = "";
  private boolean logX;
  private boolean logY;
  private boolean equality;
  private int width = 820;
  private int height = 380;

  private Plot(String title) {
    this.title = title;
  }

  /** A picture with a title and nothing in it yet. */
  public static Plot of(String title) {
    return new Plot(title);
  }

  /** A line under the title. */
  public Plot saying(String text) {
    subtitle = text;
    return this;
  }

  /** What the axes show, with units. */
  public Plot axes(String horizontal, String vertical) {
    x = horizontal;
    y = vertical;
    return this;
  }

  /** Both axes in powers of ten. */
  public Plot logarithmic() {
    logX = true;
    logY = true;
    return this;
  }

  /** The horizontal axis in powers of ten. */
  public Plot logarithmicX() {
    logX = true;
    return this;
  }

  /** Pixels; 820 by 380 unless it is said. */
  public Plot size(int wide, int high) {
    width = wide;
    height = high;
    return this;
  }

  /**
   * Bars that lie, one a name, from the top down; several series stand side by side.
   *
   * @param values {@code null} where one is not known: no bar
   */
  public Plot bars(String name, List<String> names, List<Double> values) {
    return add(new Series("bar", name, new ArrayList<>(names), new ArrayList<>(values)));
  }

  /** A line through points, from left to right. */
  public Plot line(String name, List<Double> xs, List<Double> ys) {
    return add(new Series("line", name, new ArrayList<>(xs), new ArrayList<>(ys)));
  }

  /** Points. */
  public Plot points(String name, List<Double> xs, List<Double> ys) {
    return add(new Series("point", name, new ArrayList<>(xs), new ArrayList<>(ys)));
  }

  /** A dashed line across, such as a limit. */
  public Plot levelAt(double value) {
    marks.add(mark("hline", "yintercept", value));
    return this;
  }

  /** A dashed line upwards, such as where an answer flips. */
  public Plot markAt(double value) {
    marks.add(mark("vline", "xintercept", value));
    return this;
  }

  /** A dashed line where both axes are the same, from the least to the most of all values. */
  public Plot equality() {
    equality = true;
    return this;
  }

  private static Map<String, Object> mark(String geometry, String where, double value) {
    Map<String, Object> mark = dashed(geometry);
    mark.put(where, value);
    return mark;
  }

  private static Map<String, Object> dashed(String geometry) {
    Map<String, Object> line = new HashMap<>();
    line.put("geom", geometry);
    line.put("color", "#777777");
    line.put("linetype", "dashed");
    line.put("size", 0.8);
    line.put("tooltips", "none");
    return line;
  }

  private Plot add(Series one) {
    if (one.x.size() != one.y.size()) {
      throw new IllegalArgumentException(
          "Cannot draw %s: %d places and %d values"
              .formatted(one.name, one.x.size(), one.y.size()));
    }
    if (series.put(one.name, one) != null) {
      throw new IllegalArgumentException("Cannot draw two series that are called " + one.name);
    }
    boolean bars = one.geometry.equals("bar");
    if (series.values().stream().anyMatch(s -> s.geometry.equals("bar") != bars)) {
      throw new IllegalArgumentException("Cannot draw bars and lines in one picture");
    }
    return this;
  }

  private record Series(String geometry, String name, List<Object> x, List<Object> y) {}

  /** The picture, to be shown as HTML. */
  public String svg() {
    if (series.isEmpty()) {
      throw new IllegalStateException("Cannot draw %s: it has no series".formatted(title));
    }
    String svg =
        PlotSvgExportCommon.INSTANCE.buildSvgImageFromRawSpecs(
            specification(), new DoubleVector(width, height), new UnsupportedRGBEncoder(), false);
    return renamed(svg);
  }

  // Lets-Plot names the parts of a picture at random. Here a part's name is its number, after a
  // word
  // that tells this picture's parts from those of others on the same page.
  private String renamed(String svg) {
    String word = "p%08x".formatted((title + subtitle + series.keySet()).hashCode());
    Set<String> ids = new LinkedHashSet<>();
    Matcher id = ID.matcher(svg);
    while (id.find()) {
      ids.add(id.group(1));
    }
    String named = svg;
    int number = 0;
    for (String old : ids) {
      named = named.replace(old, word + "-" + number++);
    }
    // White under it where the page is dark, and texts that can be marked and copied.
    return NOT_SELECTABLE
        .matcher(named)
        .replaceAll("")
        .replace(
            "<svg ",
            "<svg role=\"img\" aria-label=\"%s\" style=\"background:#ffffff\" "
                .formatted(text(title)));
  }

  private static String text(String plain) {
    return plain
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private Map<String, Object> specification() {
    boolean bars = series.values().iterator().next().geometry.equals("bar");
    List<Object> layers = new ArrayList<>(marks);
    if (equality) {
      layers.add(diagonal());
    }
    Set<Object> names = new LinkedHashSet<>();
    for (Series s : bars ? List.of(together()) : List.copyOf(series.values())) {
      layers.add(layer(s, bars));
      names.addAll(s.x);
    }
    List<Object> scales = new ArrayList<>();
    Map<String, Object> horizontal = scale("x", bars ? y : x);
    Map<String, Object> vertical = scale("y", bars ? x : y);
    if (bars) {
      // The coordinates are flipped below, and the first name belongs at the top.
      List<Object> fromBelow = new ArrayList<>(names);
      Collections.reverse(fromBelow);
      horizontal.put("discrete", true);
      horizontal.put("limits", fromBelow);
      horizontal.put("lablim", LONGEST_NAME);
    }
    if (logX) {
      powersOfTen(bars ? vertical : horizontal, bars ? s -> s.y : s -> s.x);
    }
    if (logY && !bars) {
      powersOfTen(vertical, s -> s.y);
    }
    scales.add(horizontal);
    scales.add(vertical);
    for (String aesthetic : List.of("color", "fill")) {
      Map<String, Object> colours = scale(aesthetic, "");
      colours.put("values", COLOURS);
      colours.put("limits", new ArrayList<>(series.keySet()));
      scales.add(colours);
    }
    Map<String, Object> spec = new HashMap<>();
    spec.put("kind", "plot");
    Map<String, Object> head = new HashMap<>();
    head.put("text", title);
    if (!subtitle.isEmpty()) {
      head.put("subtitle", subtitle);
    }
    spec.put("ggtitle", head);
    spec.put("layers", layers);
    spec.put("scales", scales);
    if (bars) {
      spec.put("coord", new HashMap<>(Map.of("name", "flip")));
    }
    Map<String, Object> theme = new HashMap<>();
    theme.put("name", "minimal");
    theme.put("legend_position", series.size() > 1 ? "bottom" : "none");
    spec.put("theme", theme);
    return spec;
  }

  // Whole powers of ten, and 2 and 5 of them where there would be few.
  private void powersOfTen(Map<String, Object> scale, Function<Series, List<Object>> values) {
    scale.put("trans", "log10");
    double[] ends = ends(values);
    int from = (int) Math.floor(Math.log10(ends[0]));
    int to = (int) Math.ceil(Math.log10(ends[1]));
    List<Object> breaks = new ArrayList<>();
    for (int power = from; power <= to; power++) {
      for (int digit : to - from > MANY_POWERS ? new int[] {1} : new int[] {1, 2, 5}) {
        double at = digit * Math.pow(10, power);
        if (at >= ends[0] && at <= ends[1]) {
          breaks.add(at);
        }
      }
    }
    if (breaks.size() > 1) {
      scale.put("breaks", breaks);
      scale.put("labels", breaks.stream().map(at -> label((Double) at)).toList());
    }
  }

  private static String label(double number) {
    return number >= 1
        ? String.format(Locale.ROOT, "%,.0f", number)
        : BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  // The least and the most of the numbers that are known.
  private double[] ends(Function<Series, List<Object>> values) {
    DoubleSummaryStatistics all =
        series.values().stream()
            .flatMap(s -> values.apply(s).stream())
            .filter(Number.class::isInstance)
            .mapToDouble(n -> ((Number) n).doubleValue())
            .summaryStatistics();
    return new double[] {all.getMin(), all.getMax()};
  }

  private Map<String, Object> diagonal() {
    double[] xs = ends(s -> s.x);
    double[] ys = ends(s -> s.y);
    List<Object> both = List.of(Math.min(xs[0], ys[0]), Math.max(xs[1], ys[1]));
    Map<String, Object> line = dashed("line");
    line.put("data", new HashMap<>(Map.of("x", both, "y", both)));
    line.put("mapping", new HashMap<>(Map.of("x", "x", "y", "y")));
    line.put("stat", "identity");
    return line;
  }

  // Bars of several series must be one layer to stand side by side.
  private Series together() {
    List<Object> x = new ArrayList<>();
    List<Object> y = new ArrayList<>();
    for (Series s : fromBelow()) {
      x.addAll(s.x);
      y.addAll(s.y);
    }
    return new Series("bar", "", x, y);
  }

  // Of bars that lie, what is drawn first lies lowest.
  private List<Series> fromBelow() {
    List<Series> all = new ArrayList<>(series.values());
    Collections.reverse(all);
    return all;
  }

  private Map<String, Object> layer(Series s, boolean bars) {
    List<Object> names = new ArrayList<>();
    if (bars) {
      fromBelow().forEach(one -> one.x.forEach(place -> names.add(one.name)));
    } else {
      s.x.forEach(place -> names.add(s.name));
    }
    Map<String, Object> data = new HashMap<>();
    data.put("x", s.x);
    data.put("y", s.y);
    data.put("series", names);
    Map<String, Object> mapping = new HashMap<>(Map.of("x", "x", "y", "y"));
    mapping.put(bars ? "fill" : "color", "series");
    Map<String, Object> layer = new HashMap<>();
    layer.put("geom", s.geometry);
    layer.put("stat", "identity");
    layer.put("data", data);
    layer.put("mapping", mapping);
    layer.put("tooltips", "none");
    switch (s.geometry) {
      case "bar" -> {
        layer.put("position", "dodge");
        layer.put("size", 0.0);
      }
      case "line" -> layer.put("size", 1.2);
      default -> {
        layer.put("size", 3.5);
        layer.put("alpha", 0.8);
      }
    }
    return layer;
  }

  private static Map<String, Object> scale(String aesthetic, String name) {
    Map<String, Object> scale = new HashMap<>();
    scale.put("aesthetic", aesthetic);
    scale.put("name", name);
    return scale;
  }
}
