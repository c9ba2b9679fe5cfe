package dev.homeward.benchmarks;

import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The Azure code trace of 2023, repeated end to end to a million calls; where it is not beside the
 * checkout, log-normal lengths with its published means (2,048 in, 28 out) and Poisson arrivals at
 * its rate, and it says so.
 */
final class Trace {
  private static final int CALLS = 1_000_000;
  private static final double CALLS_PER_SECOND = 2.57;
  private static final Path AZURE =
      Path.of("..", "shared", "data", "traces", "azure-2023", "AzureLLMInferenceTrace_code.csv");

  private Trace() {}

  /**
   * The tape.
   *
   * @param compression factor by which time runs faster than in the trace
   * @param outputFactor factor on output lengths
   */
  static Tape tape(double compression, int outputFactor) {
    List<long[]> calls = Files.exists(AZURE) ? azure() : synthetic();
    Tape tape =
        new Tape(
            new WorkloadKey("code", "gpt-4o-mini", "internal"),
            CALLS,
            new String[0],
            new String[0],
            new String[0]);
    long span = calls.get(calls.size() - 1)[0] + 400_000;
    for (int i = 0; i < CALLS; i++) {
      long[] call = calls.get(i % calls.size());
      tape.startedAtMicros[i] = (long) ((call[0] + i / calls.size() * span) / compression);
      tape.inputTokens[i] = (int) call[1];
      tape.outputTokens[i] = (int) call[2] * outputFactor;
      tape.status[i] = (byte) CallStatus.SUCCESS.ordinal();
    }
    return tape;
  }

  private static List<long[]> azure() {
    try {
      List<long[]> calls = new ArrayList<>();
      long first = Long.MIN_VALUE;
      List<String> lines = Files.readAllLines(AZURE);
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.trim().split(",");
        LocalDateTime at = LocalDateTime.parse(cells[0].replace(' ', 'T'));
        long micros = at.toEpochSecond(ZoneOffset.UTC) * 1_000_000L + at.getNano() / 1000;
        first = first == Long.MIN_VALUE ? micros : first;
        calls.add(new long[] {micros - first, Long.parseLong(cells[1]), Long.parseLong(cells[2])});
      }
      return calls;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<long[]> synthetic() {
    System.out.println("The Azure trace is not in ../shared: synthetic lengths with its means.");
    Random random = new Random(1);
    List<long[]> calls = new ArrayList<>();
    double at = 0;
    for (int i = 0; i < 8819; i++) {
      at += -Math.log(1 - random.nextDouble()) / CALLS_PER_SECOND * 1e6;
      calls.add(
          new long[] {
            (long) at,
            Math.max(1, (long) (2048 * Math.exp(0.8 * random.nextGaussian() - 0.32))),
            Math.max(1, (long) (28 * Math.exp(random.nextGaussian() - 0.5)))
          });
    }
    return calls;
  }
}
