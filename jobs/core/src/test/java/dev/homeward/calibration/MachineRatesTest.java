package dev.homeward.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.catalog.Catalog;
import dev.homeward.measured.BenchPoint;
import dev.homeward.measured.MachineBenchCsv;
import dev.homeward.serving.BenchObservation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rates of single machines as the shipped sets predict them. The expected ones come from a program
 * of its own, written in another language from docs/method.md.
 */
final class MachineRatesTest {
  private static final Catalog CATALOG = Catalog.standard();
  private static final String HEADER =
      "device,accelerator,count,model,quantization,engine,version,kind,tokens,depth,batch,tokens_per_second,source,note\n";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "2024-05, rtx-4090, llama-3.1-8b, q4_k_m, prefill, 1024, 0, 1, 512, 6511.2",
    "2024-05, rtx-4090, llama-3.1-8b, q4_k_m, decode, 1024, 0, 1, 512, 136.0",
    "2024-05, a100-pcie-80gb, llama-3.1-70b, q4_k_m, decode, 1024, 0, 1, 512, 21.0",
    "2026-02, gb10, gpt-oss-20b, mxfp4, prefill, 2048, 4096, 1, 2048, 4266.9",
    "2026-02, gb10, gpt-oss-20b, mxfp4, batched_decode, 32, 4096, 8, 2048, 198.9",
    "2026-02, gb10, gpt-oss-20b, mxfp4, batched_prefill, 512, 0, 4, 2048, 4743.4",
    "2026-02, gb10, qwen2.5-coder-7b, q8_0, batched_decode, 32, 512, 4, 2048, 101.4",
    "2026-02, rtx-4090, llama-3.1-8b, q4_k_m, prefill, 512, 0, 1, 512, 8857.3",
    "2026-02, rtx-4090, llama-3.1-8b, q4_k_m, decode, 128, 0, 1, 512, 155.1",
    "2026-02, apple-m2-ultra, qwen3-30b-a3b, q8_0, decode, 32, 8192, 1, 2048, 66.5",
    "2026-02, apple-m2-ultra, qwen3-30b-a3b, q8_0, batched_prefill, 4096, 0, 4, 2048, 2147.2",
  })
  void llamaCppTakesAsLongAsTheMethodSays(
      String version,
      String chip,
      String model,
      String format,
      String kind,
      int tokens,
      int depth,
      int batch,
      int ubatch,
      double rate)
      throws IOException {
    assertRate("llama.cpp", version, chip, model, format, kind, tokens, depth, batch, ubatch, rate);
  }

  @ParameterizedTest
  @CsvSource({
    "mlx, 2026-03, apple-m4-max, qwen3-8b, mlx-4bit, prefill, 512, 2048, 956.7",
    "ollama, 2025-09, rtx-4090, qwen3-30b-a3b, q4_k_m, prefill, 1176, 512, 2250.3"
  })
  void enginesMeasuredOverTheirInterfaceHaveTheCallsTimeInThePrompts(
      String engine,
      String version,
      String chip,
      String model,
      String format,
      String kind,
      int tokens,
      int ubatch,
      double rate)
      throws IOException {
    assertRate(engine, version, chip, model, format, kind, tokens, 0, 1, ubatch, rate);
  }

  private void assertRate(
      String engine,
      String version,
      String chip,
      String model,
      String format,
      String kind,
      int tokens,
      int depth,
      int batch,
      int ubatch,
      double rate)
      throws IOException {
    List<Benches.Case> cases =
        cases(
            "x,%s,1,%s,%s,%s,%s,%s,%d,%d,%d,1000,s,ubatch %d%n"
                .formatted(
                    chip, model, format, engine, version, kind, tokens, depth, batch, ubatch),
            new ArrayList<>());
    assertEquals(1, cases.size());
    BenchObservation o = cases.get(0).observation();
    assertEquals(kind, cases.get(0).kind());
    double seconds = o.predict(o.engine().efficiencyOn(o.placement().accelerator()).orElseThrow());
    // The table gives rates to 0.1; formats' bits differ in the third digit.
    assertEquals(rate, tokens * batch / seconds, 0.03 * rate);
  }

  /**
   * Layers on two cards: two passes of a batch take three halves of a pass's time on one card in a
   * row where one card takes two, so prompts of 1,024 tokens run at 4/3; one token passes both.
   */
  @Test
  void passesOfABatchFollowEachOtherThroughTheCards() throws IOException {
    String rows =
        "x,rtx-4090,%d,llama-3.1-8b,q4_k_m,llama.cpp,2024-05,prefill,1024,0,1,1,s,%n"
            + "x,rtx-4090,%<d,llama-3.1-8b,q4_k_m,llama.cpp,2024-05,decode,128,0,1,1,s,%n";
    List<Benches.Case> one = cases(rows.formatted(1), new ArrayList<>());
    List<Benches.Case> two = cases(rows.formatted(2), new ArrayList<>());
    // 60 us a sequence lie outside the passes.
    double outside = 60e-6;
    assertEquals(4 / 3.0, (seconds(one.get(0)) - outside) / (seconds(two.get(0)) - outside), 1e-9);
    assertEquals(1, seconds(one.get(1)) / seconds(two.get(1)), 1e-9);
  }

  private static double seconds(Benches.Case c) {
    BenchObservation o = c.observation();
    return o.predict(o.engine().efficiencyOn(o.placement().accelerator()).orElseThrow());
  }

  @Test
  void aBadRowIsNamedAndTheOthersAreKept() throws IOException {
    List<String> problems = new ArrayList<>();
    List<Benches.Case> cases =
        cases(
            "x,rtx-4090,1,llama-3.1-8b,q4_k_m,llama.cpp,b7941,prefill,512,0,1,7000,s,\n"
                + "x,rtx-4090,1,llama-3.1-8b,q4_k_m,llama.cpp,b7941,warmup,512,0,1,7000,s,\n"
                + "x,rtx-4090,1,llama-3.1-8b,q4_k_m,llama.cpp,b7941,decode,128,0,1,-3,s,\n",
            problems);
    assertEquals(1, cases.size());
    assertEquals(
        List.of(
            "machines.csv:3: Invalid kind: warmup (prefill, decode, batched_prefill or batched_decode)",
            "machines.csv:4: Invalid tokens_per_second: -3 (a positive number)"),
        problems);
  }

  @Test
  void whatCannotBeIsLeftOutWithItsReason() throws IOException {
    InUse inUse = new InUse(CATALOG);
    inUse.benches(
        cases(
            "x,rtx-4090,1,llama-3.1-8b,q4_k_m,llama.cpp,2026-02,prefill,512,0,1,8857.3,s,\n"
                + "x,h200-sxm,1,llama-3.1-8b,nvfp4,llama.cpp,2026-02,prefill,512,0,1,7000,s,\n"
                + "x,rtx-3070,1,llama-3.1-70b,q4_k_m,llama.cpp,2026-02,prefill,512,0,1,7000,s,\n",
            new ArrayList<>()));
    assertEquals(
        Map.of(
            "NVIDIA H200 SXM has no FP4 units",
            1,
            "Llama 3.1 70B Instruct at GGUF Q4_K_M does not fit on 1 x NVIDIA RTX 3070",
            1),
        inUse.leftOut());
    String line = inUse.json();
    assertTrue(
        line.startsWith(
            "{\"engine\":\"llama.cpp\",\"version\":\"2026-02\",\"accelerator\":\"rtx-4090\",\"accelerators\":1,\"model\":\"llama-3.1-8b\",\"format\":\"q4_k_m\",\"kind\":\"prefill\",\"points\":1,\"mean_absolute_error\":0.0"),
        line);
    assertEquals(1, line.lines().count());
  }

  private List<Benches.Case> cases(String rows, List<String> problems) throws IOException {
    Path file = folder.resolve("machines.csv");
    Files.writeString(file, HEADER + rows);
    List<BenchPoint> points = MachineBenchCsv.read(file, problems);
    return new Benches(new CatalogNames(CATALOG, Map.of()), "", "").of(points);
  }
}
