package dev.homeward.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.catalog.Catalog;
import dev.homeward.config.EveryKey;
import dev.homeward.measured.CallersPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs and closed loops as their files set them up. */
final class RunCheckTest {
  private static final Catalog CATALOG = Catalog.standard();

  @TempDir Path folder;

  @Test
  void everyKeyOfARunShows() {
    new EveryKey(
            "runs.schema.json",
            """
            runs:
              - { name: a, calls: a.csv, power: w.csv, idle-watts: 100, accelerator: l40s, accelerators: 4,
                  replicas: 2, parallelism: pipeline, step-tokens: 1024, sequences: 16, kv-format: fp8,
                  model: m, quantization: q, engine: e, context: 5000, kv-tokens: 6000 }
              - { name: b, calls: b.csv, accelerator: l4, model: m, quantization: q, engine: e, slots: 3 }
            """)
        .shows(
            document ->
                RunCheck.runs(document, Path.of("")).stream().map(RunCheckTest::words).toList());
  }

  private static List<Object> words(RunCheck.BenchRun run) {
    List<Object> words = new ArrayList<>(List.of(run.name(), run.calls().toString()));
    run.power().ifPresent(power -> words.add(power.toString()));
    words.addAll(
        List.of(
            run.accelerator(),
            run.accelerators(),
            run.layout(),
            run.model(),
            run.quantization(),
            run.engine(),
            run.slots(),
            run.context()));
    run.idleWatts().ifPresent(words::add);
    run.kvTokens().ifPresent(words::add);
    return words;
  }

  /** Twice the servers take the same calls sooner; half the bytes of a KV element hold twice. */
  @Test
  void replicasFormatAndStagesChangeWhatIsReplayed() throws IOException {
    Path calls = folder.resolve("calls.csv");
    StringBuilder rows = new StringBuilder("arrival_s,input_tokens,output_tokens,ttft_s,e2e_s\n");
    for (int i = 0; i < 64; i++) {
      rows.append("0,2000,200,1,10\n");
    }
    Files.writeString(calls, rows);
    RunCheck.RunComparison plain = replayed(calls, RunCheck.Layout.PLAIN, 2);
    RunCheck.RunComparison two = replayed(calls, new RunCheck.Layout(2, "", 0, "16bit"), 2);
    RunCheck.RunComparison fp8 = replayed(calls, new RunCheck.Layout(1, "", 0, "fp8"), 2);
    RunCheck.RunComparison stages =
        replayed(calls, new RunCheck.Layout(1, "pipeline", 0, "16bit"), 2);
    RunCheck.RunComparison small =
        replayed(calls, new RunCheck.Layout(1, "tensor", 256, "16bit"), 2);
    assertTrue(two.makespan().replayed() < plain.makespan().replayed());
    assertTrue(small.makespan().replayed() > plain.makespan().replayed());
    double kv = plain.kvTokens().orElseThrow().replayed();
    assertEquals(2 * kv, fp8.kvTokens().orElseThrow().replayed(), 32);
    assertEquals(kv, stages.kvTokens().orElseThrow().replayed(), 32);
    assertTrue(stages.makespan().replayed() != plain.makespan().replayed());
  }

  private RunCheck.RunComparison replayed(Path calls, RunCheck.Layout layout, int accelerators) {
    List<String> problems = new ArrayList<>();
    RunCheck.RunComparison outcome =
        new RunCheck(CATALOG)
            .check(
                new RunCheck.BenchRun(
                    "mine",
                    calls,
                    Optional.empty(),
                    "rtx-pro-6000",
                    accelerators,
                    layout,
                    "llama-3.1-8b",
                    "fp16",
                    "vllm",
                    0,
                    0,
                    OptionalDouble.empty(),
                    OptionalLong.of(1)),
                problems);
    assertEquals(List.of(), problems);
    return outcome;
  }

  /** What cannot be described, or does not fit, is named. */
  @Test
  void closedLoopsThatCannotBeReplayedAreNamed() {
    ManyCallers callers = new ManyCallers(new CatalogNames(CATALOG, Map.of()));
    List<ManyCallers.Compared> compared =
        callers.of(
            List.of(
                point("pro6000", "QuantTrio_Qwen3-Coder-30B-A3B-Instruct-AWQ", 1, 1),
                point("pro6000", "QuantTrio_Qwen3-Coder-30B-A3B-Instruct-AWQ", 2, 2),
                point("pro6000", "somebody_Unheard-Of-7B-AWQ", 1, 1),
                point("rtx4090", "cpatonn_GLM-4.5-Air-AWQ-4bit", 1, 1)));
    assertEquals(1, compared.size());
    assertEquals("qwen3-coder-30b-a3b", compared.get(0).placement().model().id());
    assertEquals("rtx-pro-6000", compared.get(0).placement().accelerator().id());
    assertTrue(compared.get(0).replayed() > 0);
    List<String> left = List.copyOf(callers.leftOut().keySet());
    assertEquals(3, left.size(), left.toString());
    assertTrue(left.get(0).startsWith("GLM-4.5-Air at AWQ 4 bit, group 32 needs"), left.get(0));
    assertEquals("tensor and pipeline parallelism together", left.get(1));
    assertEquals("unknown model somebody_Unheard-Of-7B-AWQ", left.get(2));
  }

  private static CallersPoint point(String gpu, String model, int tensor, int pipeline) {
    return new CallersPoint(
        "t.csv:2",
        gpu,
        tensor * pipeline,
        model,
        tensor,
        pipeline,
        1,
        false,
        "latest",
        4,
        8,
        100,
        20,
        50);
  }
}
