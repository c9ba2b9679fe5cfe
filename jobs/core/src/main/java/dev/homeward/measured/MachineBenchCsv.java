package dev.homeward.measured;

import dev.homeward.units.InvalidInput;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads tables of single machines as they stand in public repositories: a row a rate, with the
 * columns {@code accelerator, count, model, quantization, engine, version, kind, tokens, depth,
 * batch, tokens_per_second} and, if there, {@code ubatch} and {@code note}.
 *
 * <p>{@code kind} is {@code prefill} or {@code decode} of one sequence (llama-bench's pp and tg),
 * or {@code batched_prefill} or {@code batched_decode} of {@code batch} sequences at once
 * (llama-batched-bench), whose rate is that of all of them. {@code tokens} are measured a sequence,
 * {@code depth} are in its context before. A note such as {@code ubatch 2048} gives the tokens of a
 * pass.
 */
public final class MachineBenchCsv {
  private static final int BATCH = 2048;
  private static final int PASS = 512;
  private static final Pattern UBATCH = Pattern.compile("\\bubatch (\\d{1,6})\\b");

  private MachineBenchCsv() {}

  /** Whether a header is that of such a table. */
  public static boolean mayRead(List<String> header) {
    return header.containsAll(List.of("engine", "kind", "tokens", "tokens_per_second"));
  }

  /**
   * A file's points.
   *
   * @param problems gets one line for each row that cannot be used; the others are kept
   * @throws InvalidInput if the file cannot be read
   */
  public static List<BenchPoint> read(Path file, List<String> problems) {
    return Cells.each(Cells.csv(file), problems, MachineBenchCsv::point);
  }

  private static BenchPoint point(Cells row) {
    String kind = row.text("kind").toLowerCase(Locale.ROOT);
    boolean prefill =
        switch (kind) {
          case "prefill", "batched_prefill" -> true;
          case "decode", "batched_decode" -> false;
          default ->
              throw new IllegalArgumentException(
                  "Invalid kind: %s (prefill, decode, batched_prefill or batched_decode)"
                      .formatted(kind));
        };
    int sequences = row.count("batch", 1, 1);
    int tokens = row.count("tokens", 0, 1);
    int depth = row.count("depth", 0, 0);
    double seconds = (double) tokens * sequences / row.positive("tokens_per_second");
    int pass = row.count("ubatch", ubatch(row.text("note")), 1);
    return new BenchPoint(
        row.source(),
        row.text("engine"),
        row.text("version"),
        row.text("model"),
        row.text("quantization"),
        row.text("accelerator"),
        row.count("count", 1, 1),
        OptionalLong.empty(),
        depth,
        prefill ? tokens : 0,
        prefill ? 0 : tokens,
        sequences,
        kind.startsWith("batched"),
        Math.max(BATCH, pass),
        pass,
        prefill ? OptionalDouble.of(seconds) : OptionalDouble.empty(),
        prefill ? OptionalDouble.empty() : OptionalDouble.of(seconds));
  }

  private static int ubatch(String note) {
    Matcher found = UBATCH.matcher(note);
    return found.find() ? Integer.parseInt(found.group(1)) : PASS;
  }
}
