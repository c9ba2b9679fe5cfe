package dev.homeward.benchmarks;

import dev.homeward.calls.BilledTape;
import dev.homeward.catalog.Catalog;
import dev.homeward.replay.Replay;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.ServiceLevel;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Calls replayed a second on one core, percentiles and hours kept: a million calls with the lengths
 * and rhythm of a public trace on one replica of Llama 3.1 8B, at a quarter of a call a second and
 * far past saturation, under every engine.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class ReplayBenchmark {
  /** Engine; box and weight format follow from it. */
  @Param({"vllm", "sglang", "tensorrt-llm", "llama.cpp", "ollama", "lm-studio", "mlx"})
  public String engine;

  /** Trace. */
  @Param({"azure", "burstgpt"})
  public String trace;

  /** Calls a second offered. */
  @Param({"0.25", "50"})
  public double rate;

  /** Factor on output lengths: the cost of a call should not depend on it. */
  @Param({"1"})
  public int outputFactor;

  private Replay replay;
  private ReplayOptions options;

  /** Prepares the tape. */
  @Setup
  public void prepare() {
    Catalog catalog = Catalog.standard();
    String box =
        switch (engine) {
          case "sglang", "tensorrt-llm" -> "h100-on-demand";
          case "lm-studio", "mlx" -> "mac-studio-m2-ultra";
          default -> "rtx-4090";
        };
    String format =
        switch (engine) {
          case "llama.cpp" -> "q8_0";
          case "ollama", "lm-studio" -> "q4_k_m";
          case "mlx" -> "mlx-4bit";
          default -> "fp16";
        };
    Fit fit =
        Deployments.fit(
            catalog.hardware(box),
            catalog.model("llama-3.1-8b"),
            catalog.quantization(format),
            catalog.engine(engine),
            8192);
    replay =
        new Replay(
            BilledTape.of(Trace.tape(trace, rate, outputFactor)),
            ((Fit.Fits) fit).deployment(),
            ReplayOptions.PrefixCache.OFF,
            1);
    options =
        ReplayOptions.always(
            1,
            ReplayOptions.NO_CAP,
            ReplayOptions.PrefixCache.OFF,
            new ServiceLevel(2_000_000, 100_000, ServiceLevel.NONE, ServiceLevel.NONE));
  }

  /** One replay of a million calls; the score is calls a second. */
  @Benchmark
  @OperationsPerInvocation(1_000_000)
  public ReplayResult replay() {
    return replay.run(options);
  }
}
