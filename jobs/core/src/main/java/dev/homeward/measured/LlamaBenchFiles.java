package dev.homeward.measured;

import dev.homeward.units.InvalidInput;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Reads what llama.cpp's benches write: {@code llama-bench -o json|jsonl|csv}, {@code
 * llama-batched-bench --output-format jsonl}, and tables of either as CSV ({@code model, quant,
 * prompt_tokens_per_sequence, generated_tokens_per_sequence, sequences, prefill_s, decode_s};
 * {@code model, quant, prompt_tokens, generated_tokens, tokens_per_s_mean}).
 */
public final class LlamaBenchFiles {
  private static final int BATCH = 2048;
  private static final int PASS = 512;

  private LlamaBenchFiles() {}

  /** Whether keys or columns are those of such a file. */
  public static boolean mayRead(List<String> names) {
    return names.contains("avg_ts") && names.contains("n_prompt")
        || names.contains("t_pp") && names.contains("pl")
        || names.contains("tokens_per_s_mean")
        || names.contains("prefill_s") && names.contains("sequences");
  }

  /**
   * A file's points.
   *
   * @param problems gets one line for each row that cannot be used; the others are kept
   * @throws InvalidInput if the file cannot be read or is none of these
   */
  public static List<BenchPoint> read(Path file, List<String> problems) {
    List<Cells> rows = FirstRecord.of(file).isJson() ? Cells.json(file) : Cells.csv(file);
    return Cells.each(rows, problems, row -> point(row, file));
  }

  private static BenchPoint point(Cells row, Path file) {
    if (row.has("prefill_s") || row.has("t_pp")) {
      return batched(row);
    }
    if (row.has("avg_ts") || row.has("tokens_per_s_mean")) {
      return single(row);
    }
    throw new InvalidInput(
        "Cannot read %s: no column of a llama.cpp bench (t_pp, prefill_s, avg_ts)".formatted(file));
  }

  private static BenchPoint batched(Cells row) {
    boolean own = row.has("prefill_s");
    int prompt = row.count(own ? "prompt_tokens_per_sequence" : "pp", 0, 1);
    int generated = row.count(own ? "generated_tokens_per_sequence" : "tg", 0, 0);
    int sequences = row.count(own ? "sequences" : "pl", 0, 1);
    if (prompt < 1 || sequences < 1) {
      throw new IllegalArgumentException("no prompt tokens or sequences");
    }
    return new BenchPoint(
        row.source(),
        "",
        row.text("version"),
        row.text("model"),
        row.text("quant"),
        row.text("gpu"),
        1,
        OptionalLong.empty(),
        0,
        prompt,
        generated,
        sequences,
        true,
        row.count("n_batch", BATCH, 1),
        row.count("n_ubatch", PASS, 1),
        row.ifPositive(own ? "prefill_s" : "t_pp"),
        generated == 0 ? OptionalDouble.empty() : row.ifPositive(own ? "decode_s" : "t_tg"));
  }

  private static BenchPoint single(Cells row) {
    boolean own = row.has("tokens_per_s_mean");
    int prompt = row.count(own ? "prompt_tokens" : "n_prompt", 0, 0);
    int generated = row.count(own ? "generated_tokens" : "n_gen", 0, 0);
    double rate = row.positive(own ? "tokens_per_s_mean" : "avg_ts");
    if ((prompt == 0) == (generated == 0)) {
      throw new IllegalArgumentException(
          "neither a prompt test nor a generation test (%d, %d tokens)"
              .formatted(prompt, generated));
    }
    return new BenchPoint(
        row.source(),
        "",
        build(row),
        own ? row.text("model") : row.text("model_filename"),
        own ? row.text("quant") : row.text("model_type"),
        firstOf(row.text("gpu_info")),
        cards(row.text("gpu_info")),
        row.has("model_n_params")
            ? OptionalLong.of((long) row.positive("model_n_params"))
            : OptionalLong.empty(),
        row.count("n_depth", 0, 0),
        prompt,
        generated,
        1,
        false,
        row.count("n_batch", BATCH, 1),
        row.count("n_ubatch", PASS, 1),
        prompt > 0 ? OptionalDouble.of(prompt / rate) : OptionalDouble.empty(),
        generated > 0 ? OptionalDouble.of(generated / rate) : OptionalDouble.empty());
  }

  // Builds that were not made by llama.cpp's own scripts say 0.
  private static String build(Cells row) {
    int number = row.count("build_number", 0, 0);
    return number > 0 ? "b" + number : row.text("version");
  }

  // Several cards stand beside each other: NVIDIA GeForce RTX 4090, NVIDIA GeForce RTX 4090.
  private static String firstOf(String cards) {
    return cards.split("[,;]", -1)[0].strip();
  }

  private static int cards(String cards) {
    return cards.isEmpty() ? 1 : cards.split("[,;]", -1).length;
  }
}
