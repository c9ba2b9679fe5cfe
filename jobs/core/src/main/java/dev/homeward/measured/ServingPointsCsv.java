package dev.homeward.measured;

import dev.homeward.units.InvalidInput;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads serving points in the layout of AIConfigurator's measurements: {@code id, backend,
 * backend_version, model_path, system, precision, isl, osl, gemm_quant_mode, moe_quant_mode,
 * batch_size, tp_size, pp_size, attention_dp_size, moe_tp_size, moe_ep_size, silicon_ttft_ms,
 * silicon_tpot_ms}. Only {@code backend}, {@code model_path}, {@code system}, {@code isl}, {@code
 * osl}, {@code batch_size} and one of the times are needed.
 *
 * <p>Two of its habits are put straight. {@code tp_size} (or {@code attention_dp_size}) of a
 * mixture is sometimes tensor times expert parallelism, which counts each accelerator several
 * times: 64 with 8 x 8 experts is a node of 8. {@code batch_size} is a rank's with attention data
 * parallelism, so callers are batch x {@code attention_dp_size}; ids that end their name in {@code
 * _c128} say so too, and one that says otherwise is a contradiction.
 */
public final class ServingPointsCsv {
  private static final Pattern CALLERS = Pattern.compile("_c(\\d*)(?:_|$)");
  private static final Set<String> NEEDED =
      Set.of("backend", "model_path", "system", "isl", "osl", "batch_size");

  private ServingPointsCsv() {}

  /** Whether a header is that of such a file. */
  public static boolean mayRead(List<String> header) {
    return header.containsAll(NEEDED);
  }

  /**
   * A file's points.
   *
   * @param problems gets one line for each row that cannot be used; the others are kept
   * @throws InvalidInput if the file cannot be read or a column is missing
   */
  public static List<ServingPoint> read(Path file, List<String> problems) {
    List<Cells> rows = Cells.csv(file);
    for (Cells row : rows) {
      for (String column : NEEDED) {
        if (!row.has(column)) {
          throw new InvalidInput("Cannot read %s: no column %s".formatted(file, column));
        }
      }
    }
    return Cells.each(rows, problems, ServingPointsCsv::point);
  }

  private static ServingPoint point(Cells row) {
    int tensor = row.count("tp_size", 1, 1);
    int attentionData = row.count("attention_dp_size", 1, 1);
    int expertTensor = row.count("moe_tp_size", 1, 1);
    int expertRanks = row.count("moe_ep_size", 1, 1);
    int pipeline = row.count("pp_size", 1, 1);
    int batch = row.count("batch_size", 0, 1);
    if (batch < 1) {
      throw new IllegalArgumentException("batch_size is missing");
    }
    int callers = Math.multiplyExact(batch, attentionData);
    int larger = Math.max(tensor, attentionData);
    boolean countedTwice =
        expertTensor == expertRanks && expertTensor > 1 && larger == expertTensor * expertRanks;
    int accelerators =
        countedTwice
            ? expertTensor
            : tensor == attentionData ? tensor : Math.multiplyExact(tensor, attentionData);
    OptionalDouble tpot = row.ifPositive("silicon_tpot_ms");
    OptionalDouble ttft = row.ifPositive("silicon_ttft_ms");
    if (tpot.isEmpty() && ttft.isEmpty()) {
      throw new IllegalArgumentException("neither silicon_ttft_ms nor silicon_tpot_ms");
    }
    String id = row.text("id");
    return new ServingPoint(
        row.source(),
        id,
        row.text("backend"),
        row.text("backend_version"),
        row.text("model_path"),
        row.text("system"),
        first(row.text("gemm_quant_mode"), row.text("precision")),
        first(row.text("moe_quant_mode"), row.text("precision")),
        Math.multiplyExact(accelerators, pipeline),
        attentionData > 1,
        callers,
        row.positive("isl"),
        row.positive("osl"),
        ttft,
        tpot,
        contradiction(id, callers));
  }

  private static String contradiction(String id, int callers) {
    Matcher inId = CALLERS.matcher(id);
    if (!inId.find()) {
      return "";
    }
    String said = inId.group(1);
    if (said.isEmpty()) {
      return "the id leaves out the concurrency";
    }
    return Long.parseLong(said) == callers
        ? ""
        : "the id says %s callers, batch_size %d".formatted(said, callers);
  }

  private static String first(String a, String b) {
    return a.isEmpty() ? b : a;
  }
}
