package dev.homeward.measured;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MeasuredFilesTest {
  private static final String HEADER =
      "id,backend,backend_version,model_path,system,precision,isl,osl,gemm_quant_mode,"
          + "moe_quant_mode,batch_size,tp_size,pp_size,attention_dp_size,moe_tp_size,moe_ep_size,"
          + "silicon_ttft_ms,silicon_tpot_ms\n";

  @TempDir Path folder;

  private final List<String> problems = new ArrayList<>();

  @Test
  void aServingPointSaysWhatItsRowSays() throws IOException {
    ServingPoint point =
        serving("a_c64_x,vllm,0.19,org/Model,h100_sxm,fp8,1024,512,fp8,,64,2,1,1,1,1,250,12.5")
            .get(0);
    assertEquals("points.csv:2", point.source());
    assertEquals(64, point.concurrency());
    assertEquals(2, point.accelerators());
    assertEquals("fp8", point.weights());
    assertEquals("fp8", point.expertWeights(), "without a mode of its own the precision stands");
    assertEquals(12.5, point.tpotMillis().orElseThrow());
    assertEquals("", point.contradiction());
  }

  @Test
  void aClosedLoopSaysWhatItsRowSays() throws IOException {
    Path file = folder.resolve("callers.csv");
    Files.writeString(
        file,
        """
        file,gpu,gpus,model,tp,pp,instances,kv,image,conc,n,in_tok,out_tok,dur,out_tps
        a,pro6000,8,o_M-AWQ,4,?,2,fp8,latest,256,1000,100000,1900000,600,2900.5
        b,pro6000,8,o_M-AWQ,4,1,2,int3,latest,256,1000,100000,1900000,600,2900.5
        """);
    List<CallersPoint> points = ManyCallersCsv.read(file, problems);
    assertEquals(
        List.of(
            new CallersPoint(
                "callers.csv:2",
                "pro6000",
                8,
                "o_M-AWQ",
                4,
                1,
                2,
                true,
                "latest",
                256,
                1000,
                100,
                1900,
                2900.5)),
        points);
    assertEquals(List.of("callers.csv:3: Invalid kv: int3 (fp8 or auto)"), problems);
    assertTrue(ManyCallersCsv.mayRead(FirstRecord.of(file).names()));
  }

  /** 64 with 8 x 8 experts is a node of 8; a rank's batch of 2 with 64 "ranks" is 128 callers. */
  @Test
  void acceleratorsCountedTwiceAreCountedOnce() throws IOException {
    ServingPoint tensor = serving("x,sglang,,m,b200_sxm,fp8,1,1,fp8,fp8,16,64,1,1,8,8,1,1").get(0);
    assertEquals(8, tensor.accelerators());
    assertEquals(16, tensor.concurrency());
    ServingPoint data =
        serving("x_c128,trtllm,,m,b200_sxm,fp8,1,1,fp8,fp8,2,1,1,64,8,8,1,1").get(0);
    assertEquals(8, data.accelerators());
    assertEquals(128, data.concurrency());
    assertTrue(data.attentionData());
    assertEquals("", data.contradiction());
  }

  @Test
  void anIdThatSaysAnotherConcurrencyIsAContradiction() throws IOException {
    ServingPoint other = serving("x_c320_y,trtllm,,m,gb200,,1,1,,,40,8,,,,,1,1").get(0);
    assertEquals("the id says 320 callers, batch_size 40", other.contradiction());
    ServingPoint none = serving("x_c_tp8,trtllm,,m,gb200,,1,1,,,40,8,,,,,1,1").get(0);
    assertEquals("the id leaves out the concurrency", none.contradiction());
  }

  @Test
  void aBadRowIsNamedAndTheOthersAreKept() throws IOException {
    List<ServingPoint> points =
        serving(
            "a,v,,m,s,,100,10,,,8,1,,,,,1,1",
            "b,v,,m,s,,100,10,,,eight,1,,,,,1,1",
            "c,v,,m,s,,-100,10,,,8,1,,,,,1,1",
            "d,v,,m,s,,100,10,,,8,0,,,,,1,1",
            "e,v,,m,s,,100,10,,,8,1,,,,,nan,",
            "f,v,,m,s,,100,10,,,8,1,,,,,1,-2",
            "g,v,,m,s,,100,10,,,8,1,,,,,,3");
    assertEquals(2, points.size());
    assertEquals(
        List.of(
            "points.csv:3: Invalid batch_size: eight (a number)",
            "points.csv:4: Invalid isl: -100 (a positive number)",
            "points.csv:5: Invalid tp_size: 0 (a whole number from 1)",
            "points.csv:6: neither silicon_ttft_ms nor silicon_tpot_ms",
            "points.csv:7: Invalid silicon_tpot_ms: -2 (a positive number)"),
        problems);
  }

  @Test
  void aMissingColumnIsNamed() throws IOException {
    Path file = write("points.csv", "backend,model_path\nvllm,m\n");
    InvalidInput error =
        assertThrows(InvalidInput.class, () -> ServingPointsCsv.read(file, problems));
    assertTrue(error.getMessage().contains("no column"), error.getMessage());
  }

  @Test
  void llamaBenchIsReadFromJsonAndFromLines() throws IOException {
    String prompt =
        "{\"model_filename\":\"8b.gguf\",\"model_type\":\"llama 8B Q4_K - Medium\",\"gpu_info\":"
            + "\"NVIDIA H200\",\"model_n_params\":8030261248,\"n_batch\":2048,\"n_ubatch\":512,"
            + "\"n_prompt\":512,\"n_gen\":0,\"avg_ts\":1024.0,\"samples_ts\":[1,2]}";
    String generation =
        prompt.replace("\"n_prompt\":512,\"n_gen\":0", "\"n_prompt\":0,\"n_gen\":64");
    for (Path file :
        List.of(
            write("llama_bench.json", "[" + prompt + "," + generation + "]"),
            write("llama-bench.jsonl", prompt + "\n" + generation + "\n"))) {
      List<BenchPoint> points = LlamaBenchFiles.read(file, problems);
      assertEquals(2, points.size());
      assertEquals(0.5, points.get(0).prefillSeconds().orElseThrow());
      assertTrue(points.get(0).decodeSeconds().isEmpty());
      assertEquals(64 / 1024.0, points.get(1).decodeSeconds().orElseThrow());
      assertEquals(8_030_261_248L, points.get(1).parameters().orElseThrow());
      assertEquals("NVIDIA H200", points.get(1).accelerator());
    }
    assertEquals(List.of(), problems);
  }

  @Test
  void batchedBenchIsReadFromLinesAndDamageIsNamed() throws IOException {
    Path file =
        write(
            "batched_bench.jsonl",
            "{\"n_kv_max\":8192,\"n_batch\":1024,\"n_ubatch\":256,\"pp\":128,\"tg\":64,\"pl\":4,"
                + "\"t_pp\":0.25,\"t_tg\":1.5}\n"
                + "{\"pp\":128,\"tg\":64,\"pl\":0,\"t_pp\":0.25,\"t_tg\":1.5}\n"
                + "{\"pp\":128,\"tg\":64,\"pl\":2,\"t_pp\":-1,\"t_tg\":1.5}\n");
    List<BenchPoint> points = LlamaBenchFiles.read(file, problems);
    assertEquals(1, points.size());
    assertEquals(4, points.get(0).sequences());
    assertEquals(256, points.get(0).passTokens());
    assertEquals(1.5, points.get(0).decodeSeconds().orElseThrow());
    assertEquals(
        List.of(
            "batched_bench.jsonl:2: Invalid pl: 0 (a whole number from 1)",
            "batched_bench.jsonl:3: Invalid t_pp: -1 (a positive number)"),
        problems);
  }

  @Test
  void aRunBeginsWithItsFirstCall() throws IOException {
    Path csv =
        write(
            "run.csv",
            "call,arrival_s,input_tokens,output_tokens,ttft_s,e2e_s\n"
                + "1,7.5,10,5,0.2,1.0\n0,5.5,20,6,0.1,0.9\n2,8,1,1,0.5,0.4\n");
    List<MeasuredCall> calls = RunFiles.calls(csv, problems);
    assertEquals(2, calls.size());
    assertEquals(new MeasuredCall(0, 20, 6, 0.1, 0.9), calls.get(0));
    assertEquals(2.0, calls.get(1).sentSeconds());
    assertEquals(
        List.of("run.csv:4: Invalid times: sent 2.5, first token after 0.5, last after 0.4"),
        problems);
    Path json =
        write(
            "run.jsonl",
            "{\"input_toks\":3,\"output_toks\":4,\"queued_ts\":100.5,\"first_token_ts\":101.0,"
                + "\"last_token_ts\":102.5}\n");
    assertEquals(List.of(new MeasuredCall(0, 3, 4, 0.5, 2.0)), RunFiles.calls(json, problems));
  }

  private static final ServingResultJson.Server SERVER =
      new ServingResultJson.Server("vllm", "l40s", "fp8", 2, "given");

  @Test
  void resultsOfLoadGeneratorsSayTheSame() throws IOException {
    Path vllm =
        write(
            "a.json",
            "{\"backend\":\"openai\",\"model_id\":\"m\",\"max_concurrency\":8,\"completed\":10,"
                + "\"total_input_tokens\":10240,\"total_output_tokens\":2560,\"mean_ttft_ms\":90.5,"
                + "\"mean_tpot_ms\":12.25,\"ttfts\":[1,2]}");
    String metrics =
        "\"time_to_first_token\":{\"unit\":\"ms\",\"avg\":90.5},"
            + "\"inter_token_latency\":{\"unit\":\"us\",\"avg\":12250},"
            + "\"input_sequence_length\":{\"avg\":1024},\"output_sequence_length\":{\"avg\":256},";
    Path aiPerf =
        write(
            "b.json",
            "{"
                + metrics
                + "\"input_config\":{\"endpoint\":{\"model_names\":[\"m\"]},"
                + "\"loadgen\":{\"concurrency\":8}}}");
    Path genAiPerf =
        write(
            "c.json",
            "{"
                + metrics
                + "\"input_config\":{\"model_names\":[\"m\"],"
                + "\"perf_analyzer\":{\"stimulus\":{\"concurrency\":8}}}}");
    Path guideLlm =
        write(
            "d.json",
            "{\"benchmarks\":[{\"config\":{\"backend\":{\"model\":\"m\"},\"strategy\":{\"streams\":8}},"
                + "\"metrics\":{\"time_to_first_token_ms\":{\"successful\":{\"mean\":90.5}},"
                + "\"inter_token_latency_ms\":{\"successful\":{\"mean\":12.25}},"
                + "\"prompt_token_count\":{\"successful\":{\"mean\":1024}},"
                + "\"output_token_count\":{\"successful\":{\"mean\":256}}}},"
                + "{\"config\":{\"strategy\":{\"rate\":2}},\"metrics\":{\"inter_token_latency_ms\":{}}}]}");
    for (Path file : List.of(vllm, aiPerf, genAiPerf, guideLlm)) {
      ServingPoint point = ServingResultJson.read(file, SERVER, problems).get(0);
      String name = file.getFileName().toString();
      assertEquals("m", point.model(), name);
      assertEquals(8, point.concurrency(), name);
      assertEquals(1024, point.promptTokens(), name);
      assertEquals(256, point.outputTokens(), name);
      assertEquals(90.5, point.ttftMillis().orElseThrow(), name);
      assertEquals(12.25, point.tpotMillis().orElseThrow(), name);
      assertEquals(2, point.accelerators(), name);
      assertEquals("l40s", point.accelerator(), name);
    }
    assertEquals(
        List.of("d.json:1.2: no steady number of callers (config.strategy.streams: missing)"),
        problems);
  }

  @Test
  void aResultThatIsDamagedOrSomethingElseIsNamed() throws IOException {
    Path damaged =
        write(
            "a.json",
            "{\"mean_tpot_ms\":12,\"mean_ttft_ms\":5,\"max_concurrency\":null,\"completed\":1,"
                + "\"total_input_tokens\":1,\"total_output_tokens\":1}\n"
                + "{\"mean_tpot_ms\":\"12\",\"mean_ttft_ms\":5,\"max_concurrency\":4,\"completed\":1,"
                + "\"total_input_tokens\":1,\"total_output_tokens\":1}\n");
    assertEquals(List.of(), ServingResultJson.read(damaged, SERVER, problems));
    assertEquals(
        List.of(
            "a.json:1: no steady number of callers (max_concurrency: missing)",
            "a.json:2: Invalid mean_tpot_ms: 12 (a positive number)"),
        problems);
    Path other = write("b.json", "{\"hello\":1}");
    InvalidInput error =
        assertThrows(InvalidInput.class, () -> ServingResultJson.read(other, SERVER, problems));
    assertTrue(error.getMessage().contains("no result of vllm bench serve"), error.getMessage());
    Path cut = write("c.json", "{\"mean_tpot_ms\":12,");
    assertThrows(InvalidInput.class, () -> ServingResultJson.read(cut, SERVER, problems));
  }

  private List<ServingPoint> serving(String... rows) throws IOException {
    return ServingPointsCsv.read(
        write("points.csv", HEADER + String.join("\n", rows) + "\n"), problems);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
