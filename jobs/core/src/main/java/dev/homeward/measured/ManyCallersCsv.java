package dev.homeward.measured;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Reads closed loops of vLLM in the layout of public tables: {@code file, gpu, gpus, model, tp, pp,
 * instances, kv, image, conc, n, in_tok, out_tok, dur, out_tps} and others that are not read. A row
 * is a machine of {@code gpus} cards with {@code instances} servers of {@code tp} x {@code pp}
 * cards each, and {@code conc} callers who send {@code n} calls in all; {@code in_tok} and {@code
 * out_tok} are those of all calls. {@code pp} of {@code ?} is 1; {@code kv} is {@code fp8} or, for
 * 16 bits, {@code auto}.
 */
public final class ManyCallersCsv {
  private ManyCallersCsv() {}

  /** Whether a header is that of such a table. */
  public static boolean mayRead(List<String> header) {
    return header.containsAll(List.of("gpu", "instances", "conc", "in_tok", "out_tok", "out_tps"));
  }

  /**
   * A file's points.
   *
   * @param problems gets one line for each row that cannot be used; the others are kept
   */
  public static List<CallersPoint> read(Path file, List<String> problems) {
    return Cells.each(Cells.csv(file), problems, ManyCallersCsv::point);
  }

  private static CallersPoint point(Cells row) {
    int calls = row.count("n", 0, 1);
    String kv = row.text("kv").toLowerCase(Locale.ROOT);
    if (!kv.equals("fp8") && !kv.equals("auto") && !kv.isEmpty()) {
      throw new IllegalArgumentException("Invalid kv: %s (fp8 or auto)".formatted(kv));
    }
    return new CallersPoint(
        row.source(),
        row.text("gpu"),
        row.count("gpus", 1, 1),
        row.text("model"),
        row.count("tp", 1, 1),
        row.text("pp").equals("?") ? 1 : row.count("pp", 1, 1),
        row.count("instances", 1, 1),
        kv.equals("fp8"),
        row.text("image"),
        row.count("conc", 0, 1),
        calls,
        row.positive("in_tok") / calls,
        row.positive("out_tok") / calls,
        row.positive("out_tps"));
  }
}
