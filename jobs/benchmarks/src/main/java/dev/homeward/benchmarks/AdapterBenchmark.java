package dev.homeward.benchmarks;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.JsonLayout;
import dev.homeward.formats.LogFormat;
import dev.homeward.formats.LogReader;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Sink;
import dev.homeward.generate.Generator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to read 50,000 generated records of a format from memory on one core. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class AdapterBenchmark {
  private static final int RECORDS = 50_000;

  /** Format and the generated folder that holds it. */
  @Param({
    "LITELLM_SPENDLOGS:litellm",
    "LITELLM_SPENDLOGS_CSV:litellm-eu",
    "CANONICAL_JSONL:exports"
  })
  public String format;

  private LogFormat logFormat;
  private byte[] bytes;

  /** Generates a log and repeats it to 50,000 records. */
  @Setup
  public void prepare() throws IOException {
    String[] parts = format.split(":");
    logFormat = LogFormat.valueOf(parts[0]);
    Path folder = Files.createTempDirectory("homeward-benchmark");
    Generator.write(1, 0.2, folder);
    Path file;
    try (Stream<Path> files = Files.list(folder.resolve(parts[1]))) {
      file = files.sorted().findFirst().orElseThrow();
    }
    List<String> lines;
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      lines =
          new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).lines().toList();
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < RECORDS; i++) {
      int line = i < lines.size() ? i : 1 + (i - 1) % (lines.size() - 1);
      all.write((lines.get(line) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    bytes = all.toByteArray();
    try (Stream<Path> made = Files.walk(folder)) {
      made.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
    }
  }

  /** Reads all records; the sum keeps the work alive. */
  @Benchmark
  public long read() throws IOException {
    Count count = new Count();
    LogReader.read(
        logFormat,
        JsonLayout.LINES,
        new ReadContext(Optional.empty(), Optional.empty(), false),
        new ByteArrayInputStream(bytes),
        0,
        Long.MAX_VALUE,
        count);
    return count.tokens;
  }

  private static final class Count implements Sink {
    private long tokens;

    @Override
    public void call(CallDraft draft) {
      tokens += Math.max(0, draft.inputTokens) + Math.max(0, draft.outputTokens);
    }

    @Override
    public void bucket(CallDraft draft) {
      tokens += 2;
    }

    @Override
    public void ignored() {
      tokens++;
    }

    @Override
    public void rejected(Rejection rejection) {
      tokens--;
    }
  }
}
