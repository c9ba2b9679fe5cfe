package dev.homeward.benchmarks;

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
 * Calls replayed a second on one core, all statistics kept: a million calls of the Azure code trace
 * on one replica of Llama 3.1 8B on an RTX 4090, at the trace's own rate and compressed to
 * saturation.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ReplayBenchmark {
  /** Engine; the weight format follows from it. */
  @Param({"vllm", "llama.cpp"})
  public String engine;

  /** Time runs this much faster than in the trace: 1 is its own rate, 20 is past saturation. */
  @Param({"1", "20"})
  public double compression;

  /** Factor on output lengths: the cost of a call should not depend on it. */
  @Param({"1", "8"})
  public int outputFactor;

  private Replay replay;
  private ReplayOptions options;

  /** Prepares the tape. */
  @Setup
  public void prepare() {
    Catalog catalog = Catalog.standard();
    Fit fit =
        Deployments.fit(
            catalog.hardware("rtx-4090"),
            catalog.model("llama-3.1-8b"),
            catalog.quantization(engine.equals("vllm") ? "fp16" : "q8_0"),
            catalog.engine(engine),
            8192);
    replay =
        new Replay(
            Trace.tape(compression, outputFactor),
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
