package dev.homeward.measured;

import dev.homeward.units.InvalidInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Reads runs that were measured call by call: CSV with {@code arrival_s, input_tokens,
 * output_tokens, ttft_s, e2e_s}, or lines of JSON with {@code input_toks, output_toks, queued_ts,
 * first_token_ts, last_token_ts} in seconds of any clock; and watts as CSV with {@code t_s,
 * power_w}.
 */
public final class RunFiles {
  private RunFiles() {}

  /**
   * The calls of a run, in the order they were sent; the first at 0.
   *
   * @param problems gets one line for each row that cannot be used; the others are kept
   */
  public static List<MeasuredCall> calls(Path file, List<String> problems) {
    boolean csv = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    List<MeasuredCall> calls = new ArrayList<>();
    List<Cells> rows = csv ? Cells.csv(file) : Cells.json(file);
    double origin = Double.MAX_VALUE;
    for (Cells row : rows) {
      if (!row.has("arrival_s") && !row.has("queued_ts")) {
        throw new InvalidInput(
            "Cannot read %s: no column arrival_s or queued_ts".formatted(row.source()));
      }
      try {
        origin = Math.min(origin, row.amount(csv ? "arrival_s" : "queued_ts"));
      } catch (IllegalArgumentException e) {
        // Named below, where the row is read whole.
      }
    }
    for (Cells row : rows) {
      try {
        calls.add(csv ? ofCsv(row, origin) : ofJson(row, origin));
      } catch (IllegalArgumentException e) {
        problems.add(row.source() + ": " + e.getMessage());
      }
    }
    calls.sort(Comparator.comparingDouble(MeasuredCall::sentSeconds));
    return calls;
  }

  /** Mean watts of a run; samples are taken to be equally spaced. */
  public static double meanWatts(Path file) {
    List<Cells> rows = Cells.csv(file);
    if (rows.isEmpty() || !rows.get(0).has("power_w")) {
      throw new InvalidInput("Cannot read %s: no column power_w".formatted(file));
    }
    double sum = 0;
    for (Cells row : rows) {
      sum += row.amount("power_w");
    }
    return sum / rows.size();
  }

  /** The least watts of a run: those of the idle board, if it ever idled. */
  public static double leastWatts(Path file) {
    return Cells.csv(file).stream().mapToDouble(row -> row.amount("power_w")).min().orElseThrow();
  }

  private static MeasuredCall ofCsv(Cells row, double origin) {
    return new MeasuredCall(
        row.amount("arrival_s") - origin,
        row.count("input_tokens", 0, 0),
        row.count("output_tokens", 0, 0),
        row.positive("ttft_s"),
        row.positive("e2e_s"));
  }

  private static MeasuredCall ofJson(Cells row, double origin) {
    double sent = row.amount("queued_ts");
    return new MeasuredCall(
        sent - origin,
        row.count("input_toks", 0, 0),
        row.count("output_toks", 0, 0),
        row.amount("first_token_ts") - sent,
        row.amount("last_token_ts") - sent);
  }
}
