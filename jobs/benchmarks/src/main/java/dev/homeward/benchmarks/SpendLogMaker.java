package dev.homeward.benchmarks;

import dev.homeward.units.TimeUnits;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SplittableRandom;

/**
 * Writes a month of LiteLLM spend logs as JSON lines, about 430 bytes a row: 40 projects, 6 models,
 * one row in 100 written twice, Anthropic-style usage details. The same count gives the same bytes.
 */
final class SpendLogMaker {
  private static final long SEED = 20_261_121;
  private static final long MONTH_MICROS = 31 * TimeUnits.MICROS_PER_DAY;
  private static final String[] MODELS = {
    "gpt-5.6-luna",
    "gpt-5.6-terra",
    "claude-haiku-4-5",
    "claude-sonnet-4-5",
    "gemini-2.5-flash",
    "mistral-small-latest"
  };
  private static final String[] PROVIDERS = {
    "openai", "openai", "anthropic", "anthropic", "vertex_ai", "mistral"
  };
  private static final String[] CLASSES = {"public", "internal", "confidential"};

  private SpendLogMaker() {}

  /** Writes the file unless it is there with these calls already. */
  static void make(Path file, long calls) throws IOException {
    Path done = Path.of(file + ".calls");
    if (Files.exists(done) && Files.readString(done).strip().equals(Long.toString(calls))) {
      return;
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    SplittableRandom random = new SplittableRandom(SEED);
    long start = Instant.parse("2026-10-01T00:00:00Z").toEpochMilli() * 1000;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      String again = null;
      for (long i = 0; i < calls; i++) {
        String row = again != null ? again : row(random, i, start + MONTH_MICROS / calls * i);
        again = again == null && random.nextInt(100) == 0 ? row : null;
        out.write(row.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    Files.writeString(done, Long.toString(calls));
  }

  private static String row(SplittableRandom random, long index, long startMicros) {
    int model = random.nextInt(MODELS.length);
    int project = random.nextInt(40);
    int cached = random.nextInt(3) == 0 ? random.nextInt(8_000) : 0;
    int prompt = cached + 100 + random.nextInt(4_000);
    int output = 20 + random.nextInt(900);
    long millis = startMicros / 1000 + random.nextInt(1000);
    long duration = 300 + output * 12L;
    StringBuilder row = new StringBuilder(512);
    row.append("{\"request_id\":\"chatcmpl-");
    hex(row, (random.nextLong() & 0xFFFFFFL) << 40 | index);
    row.append("\",\"call_type\":\"acompletion\",\"spend\":0.00");
    row.append(10_000 + random.nextInt(89_999));
    row.append(",\"prompt_tokens\":").append(prompt);
    row.append(",\"completion_tokens\":").append(output);
    row.append(",\"startTime\":\"").append(Instant.ofEpochMilli(millis));
    row.append("\",\"endTime\":\"").append(Instant.ofEpochMilli(millis + duration));
    row.append("\",\"model\":\"").append(MODELS[model]);
    row.append("\",\"custom_llm_provider\":\"").append(PROVIDERS[model]);
    row.append(
        "\",\"cache_hit\":\"False\",\"status\":\"success\",\"request_tags\":[\"app:service-");
    row.append(project).append("\",\"data_class:").append(CLASSES[project % 3]);
    row.append("\"],\"metadata\":{\"additional_usage_values\":{\"cache_read_input_tokens\":");
    row.append(cached).append("}}}\n");
    return row.toString();
  }

  private static void hex(StringBuilder out, long value) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      out.append("0123456789abcdef".charAt((int) (value >>> shift) & 15));
    }
  }

  /** {@code SpendLogMaker FILE CALLS}. */
  public static void main(String[] args) throws IOException {
    make(Path.of(args[0]), Long.parseLong(args[1]));
  }
}
