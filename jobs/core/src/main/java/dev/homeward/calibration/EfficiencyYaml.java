package dev.homeward.calibration;

import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.Source;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes efficiency sets as a catalog file that {@code --hardware} takes. */
public final class EfficiencyYaml {
  private EfficiencyYaml() {}

  /**
   * A set to write.
   *
   * @param accelerators ids that it holds for
   * @param comment lines about the fit
   */
  public record FittedSet(
      String engine, List<String> accelerators, Efficiency efficiency, List<String> comment) {}

  /** The file, newline at its end. */
  public static String of(List<FittedSet> entries, String header) {
    StringBuilder yaml = new StringBuilder();
    header.lines().forEach(line -> yaml.append("# ").append(line).append('\n'));
    yaml.append("efficiencies:\n");
    for (FittedSet entry : entries) {
      entry.comment().forEach(line -> yaml.append("  # ").append(line).append('\n'));
      Source source = entry.efficiency().source();
      yaml.append("  - engines: [").append(entry.engine()).append("]\n");
      yaml.append("    accelerators: [")
          .append(String.join(", ", entry.accelerators()))
          .append("]\n");
      yaml.append("    residual: ").append(number(entry.efficiency().residual())).append('\n');
      yaml.append("    mixture-residual: ")
          .append(number(entry.efficiency().mixtureResidual()))
          .append('\n');
      yaml.append(
          String.format(
              Locale.ROOT,
              "    source: { kind: %s, reference: \"%s\", date: \"%s\" }%n",
              source.kind().name().toLowerCase(Locale.ROOT),
              source.reference().replace("\\", "\\\\").replace("\"", "\\\""),
              source.date()));
      yaml.append("    values: { ")
          .append(
              entry.efficiency().values().entrySet().stream()
                  .map(value -> value.getKey().key() + ": " + number(value.getValue()))
                  .collect(Collectors.joining(", ")))
          .append(" }\n");
    }
    return yaml.toString();
  }

  private static String number(double value) {
    String text = Double.toString(value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
