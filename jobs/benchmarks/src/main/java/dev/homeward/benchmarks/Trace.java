package dev.homeward.benchmarks;

import dev.homeward.units.TimeUnits;
import dev.homeward.calls.CallDraft;
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
 * Lengths and rhythm of public traces, repeated end to end to a million calls and scaled to a rate:
 * the Azure code trace of 2023, the beginning of BurstGPT. Where a trace is not beside the
 * checkout, log-normal lengths with its published means and Poisson arrivals, and it says so.
 */
final class Trace {
  private static final int CALLS = 1_000_000;
  private static final Path TRACES = Path.of("..", "shared", "data", "traces");
  private static final Path AZURE = TRACES.resolve("azure-2023/AzureLLMInferenceTrace_code.csv");
  private static final Path BURST = TRACES.resolve("burstgpt/burstgpt_1_first400.csv");

  private Trace() {}

  /**
   * The tape.
   *
   * @param name {@code azure} or {@code burstgpt}
   * @param callsPerSecond mean rate it is scaled to
   * @param outputFactor factor on output lengths
   */
  static Tape tape(String name, double callsPerSecond, int outputFactor) {
    boolean azure = name.equals("azure");
    List<long[]> calls =
        Files.exists(azure ? AZURE : BURST)
            ? azure ? azure() : burst()
            : azure ? synthetic(2048, 28) : synthetic(600, 250);
    Tape tape =
        new Tape(
            new WorkloadKey(name, "gpt-4o-mini", "internal"),
            CALLS,
            new String[] {"openai"},
            new String[0],
            new String[0]);
    long span = calls.get(calls.size() - 1)[0] + 400_000;
    double scale = calls.size() / callsPerSecond * 1e6 / span;
    for (int i = 0; i < CALLS; i++) {
      long[] call = calls.get(i % calls.size());
      tape.startedAtMicros[i] = (long) ((call[0] + i / calls.size() * span) * scale);
      tape.inputTokens[i] = (int) call[1];
      tape.outputTokens[i] = (int) call[2] * outputFactor;
      tape.status[i] = (byte) CallStatus.SUCCESS.ordinal();
      tape.session[i] = CallDraft.ABSENT;
    }
    return tape;
  }

  private static List<long[]> burst() {
    try {
      List<long[]> calls = new ArrayList<>();
      List<String> lines = Files.readAllLines(BURST);
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.trim().split(",");
        long in = Long.parseLong(cells[2]);
        if (in > 0) {
          calls.add(
              new long[] {
                (long) (Double.parseDouble(cells[0]) * 1e6), in, Long.parseLong(cells[3])
              });
        }
      }
      return calls;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<long[]> azure() {
    try {
      List<long[]> calls = new ArrayList<>();
      long first = Long.MIN_VALUE;
      List<String> lines = Files.readAllLines(AZURE);
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.trim().split(",");
        LocalDateTime at = LocalDateTime.parse(cells[0].replace(' ', 'T'));
        long micros = at.toEpochSecond(ZoneOffset.UTC) * TimeUnits.MICROS_PER_SECOND + at.getNano() / 1000;
        first = first == Long.MIN_VALUE ? micros : first;
        calls.add(new long[] {micros - first, Long.parseLong(cells[1]), Long.parseLong(cells[2])});
      }
      return calls;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<long[]> synthetic(double in, double out) {
    System.out.println("The trace is not in ../shared: synthetic lengths with its means.");
    Random random = new Random(1);
    List<long[]> calls = new ArrayList<>();
    double at = 0;
    for (int i = 0; i < 8819; i++) {
      at += -Math.log(1 - random.nextDouble()) * 1e6;
      calls.add(
          new long[] {
            (long) at,
            Math.max(1, (long) (in * Math.exp(0.8 * random.nextGaussian() - 0.32))),
            Math.max(1, (long) (out * Math.exp(random.nextGaussian() - 0.5)))
          });
    }
    return calls;
  }
}
