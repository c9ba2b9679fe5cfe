package dev.homeward.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.LocalModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sizes of weights against files that are published, 1e9 bytes. Where a file is of a model built
 * alike (Qwen 3.6 and 3.8 for 3.5, R1's distillate for Coder) or leaves out the towers, the row
 * says so. Files of Qwen 3.5's kind also hold 0.4e9 to 0.85e9 parameters that draft tokens ahead,
 * which no engine here loads: those rows come out 1.6 to 2.5 % short.
 */
final class FileSizesTest {
  private static final Catalog CATALOG = Catalog.standard();

  @ParameterizedTest
  @CsvSource({
    // llama-bench on files made for this project: model_size.
    "llama-3.1-8b, fp16, 16.061054976, with",
    "llama-3.1-8b, q4_k_m, 4.912898048, with",
    "qwen2.5-coder-32b, q4_k_m, 19.843522560, with",
    // ggml-org/llama.cpp tools/quantize/README.md: bits a weight x 8.03026e9 / 8.
    "llama-3.1-8b, q8_0, 8.533, with",
    "llama-3.1-8b, q6_k, 6.588, with",
    "llama-3.1-8b, q5_k_m, 5.725, with",
    "llama-3.1-8b, q5_k_s, 5.592, with",
    "llama-3.1-8b, q4_k_s, 4.685, with",
    "llama-3.1-8b, iq4_xs, 4.477, with",
    "llama-3.1-8b, iq4_nl, 4.700, with",
    "llama-3.1-8b, q3_k_l, 4.314, with",
    "llama-3.1-8b, q3_k_s, 3.657, with",
    "llama-3.1-8b, iq3_m, 3.777, with",
    "llama-3.1-8b, iq3_s, 3.674, with",
    "llama-3.1-8b, iq3_xxs, 3.267, with",
    "llama-3.1-8b, q2_k, 3.171, with",
    "llama-3.1-8b, iq2_xxs, 2.391, with",
    // The same page, 43.1 GB; tools/quantize/quantize.cpp, GiB of Llama 3 8B: 4.34, 4.78, 5.21,
    // 3.74.
    "llama-3.1-70b, q4_k_m, 43.1, with",
    "llama-3-8b, q4_0, 4.660, with",
    "llama-3-8b, q4_1, 5.132, with",
    "llama-3-8b, q5_0, 5.594, with",
    "llama-3-8b, q3_k_m, 4.016, with",
    // dranger003 in ggml-org/llama.cpp pull 6745, Llama 3 70B: 25.58, 17.79 and 24.56 GiB.
    "llama-3-70b, iq3_xxs, 27.466, with",
    "llama-3-70b, iq2_xxs, 19.102, with",
    "llama-3-70b, q2_k, 26.371, with",
    // bartowski/Qwen_Qwen3-32B-GGUF.
    "qwen3-32b, fp16, 65.53, with",
    "qwen3-32b, q8_0, 34.82, with",
    // root-hypercube/qwen3-mlx@3bdd51a9 and leo-kreisman/Qwen3.5-9B-MLX-8bit@57b66137: total_size.
    "qwen3-1.7b, fp16, 3.441149952, with",
    "qwen3.5-9b, mlx-8bit, 10.426433504, with",
    // sch0tten/nvfp4-benchmark@5425f081, of Qwen3.6-27B and Qwen3.6-35B-A3B.
    "qwen3.5-27b, fp16, 55.6, with",
    "qwen3.5-27b, fp8, 30.9, with",
    "qwen3.5-27b, awq-4bit, 21.9, with",
    "qwen3.5-35b-a3b, fp16, 71.9, with",
    "qwen3.5-35b-a3b, fp8, 37.5, with",
    // vllm-project/vllm pull 41000: 27.66 GiB loaded of Qwen3.6-27B-FP8 on a 32 GB card, text only.
    "qwen3.5-27b, fp8, 29.70, without",
    // vllm-project/vllm-metal pull 609: mlx-community/Qwen3.8-27B-8bit holds neither tower nor
    // draft.
    "qwen3.5-27b, mlx-8bit, 28.6, without",
    // theneuralfeed.com on Qwen3.5-27B-UD-Q4_K_XL; mradermacher's IQ4_XS.
    "qwen3.5-27b, ud-q4_k_xl, 16.4, without",
    "qwen3.5-27b, iq4_xs, 14.7, without",
    // stduhpf/google-gemma-3-27b-it-qat-q4_0-gguf-small.
    "gemma-3-27b, q4_0, 15.6, without",
    // vllm-project/vllm issue 17327: 15.68 GiB loaded of nytopop/Qwen3-30B-A3B.w4a16.
    "qwen3-30b-a3b, awq-4bit, 16.84, with",
    // Rodder5/Qwen3-8B-NVFP4, weights on disk.
    "qwen3-8b, fp16, 16.4, with",
    "qwen3-8b, nvfp4, 6.4, with",
    // ggml-org's gpt-oss in GGUF; moonshotai/Kimi-K2-Thinking.
    "gpt-oss-20b, mxfp4-gguf, 12.1, with",
    "gpt-oss-120b, mxfp4-gguf, 63.4, with",
    "kimi-k2-thinking, int4-experts, 594, with"
  })
  void weightsAreAsLargeAsPublishedFiles(String model, String format, double gb, String towers) {
    double apart =
        towers.equals("without") ? 2e-9 * CATALOG.model(model).architecture().towerParameters() : 0;
    assertEquals(1.0, (gigabytes(model, format) - apart) / gb, 0.03, model + " in " + format);
  }

  /**
   * FP8 keeps embedding, head and towers in 16 bits. Qwen 3.5 27B: 2 x 248,320 x 5,120 = 2.543e9
   * words of both, 5.09 GB; 24.353e9 others, 24.35 GB; 0.46e9 of the tower, 0.92 GB: 30.36 GB,
   * which no card of 32 GB holds with a KV cache beside it.
   */
  @Test
  void a27BInFp8IsNot27GigabytesLarge() {
    assertEquals(30.36, gigabytes("qwen3.5-27b", "fp8"), 0.005);
    Fit fit =
        Deployments.fit(
            CATALOG.hardware("rtx-5090"),
            CATALOG.model("qwen3.5-27b"),
            CATALOG.quantization("fp8"),
            CATALOG.engine("vllm"),
            4096);
    assertTrue(
        fit instanceof Fit.DoesNotFit no
            && no.reason() == Fit.Obstacle.MODEL_TOO_LARGE
            && no.explanation().contains("needs 30.4 GB"),
        fit.toString());
  }

  /**
   * On a card of 24 GB: a dense 32B in AWQ, (32.762e9 - 2 x 151,936 x 5,120) x 4.156 / 8 + 2 x
   * 151,936 x 5,120 x 2 = 16.21 + 3.11 = 19.3 GB, fits under vLLM. AWQ of Qwen 3.5 27B keeps linear
   * attention in 16 bits, and its 21.9 GB do not; in Q4_K_M it fits under llama.cpp.
   */
  @ParameterizedTest
  @CsvSource({
    "qwen3-32b, awq-4bit, vllm, true, 19.32",
    "qwen3.5-27b, awq-4bit, vllm, false, 21.9",
    "qwen3.5-27b, q4_k_m, llama.cpp, true, 17.29"
  })
  void fourBitsOnACardOf24Gigabytes(
      String model, String format, String engine, boolean fits, double gb) {
    assertEquals(gb, gigabytes(model, format), 0.01);
    Fit fit =
        Deployments.fit(
            CATALOG.hardware("rtx-4090"),
            CATALOG.model(model),
            CATALOG.quantization(format),
            CATALOG.engine(engine),
            4096);
    assertEquals(fits, fit instanceof Fit.Fits, fit.toString());
  }

  /** A tied table is one, in the bits of the head: 262,208 x 3,840 x 6.5625 / 8 in Gemma 3 12B. */
  @Test
  void aTiedTableIsCountedOnceInTheBitsOfTheHead() {
    LocalModel.Architecture made = CATALOG.model("gemma-3-12b").architecture();
    double table = 262_208.0 * 3_840;
    double body = made.parameters() - table;
    double towers = 421e6 * 2;
    assertEquals(
        (body * 4.8 + table * 6.5625) / 8 + towers, 1e9 * gigabytes("gemma-3-12b", "q4_k_m"), 1);
  }

  /** What a step reads is what the efficiencies were fitted with: the head of FP8 in 8 bits. */
  @Test
  void stepsAreTimedAsEfficienciesWereFitted() {
    ModelCosts fp8 = new ModelCosts(CATALOG.model("qwen3-32b"), CATALOG.quantization("fp8"));
    assertEquals(151_936.0 * 5_120, fp8.headBytes());
    ModelCosts awq = new ModelCosts(CATALOG.model("qwen3-32b"), CATALOG.quantization("awq-4bit"));
    assertEquals(2 * 151_936.0 * 5_120, awq.headBytes());
    ModelCosts q4 = new ModelCosts(CATALOG.model("qwen3-32b"), CATALOG.quantization("q4_k_m"));
    assertEquals((32_762_123_264L - 2 * 151_936.0 * 5_120) * 4.85 / 8, q4.bodyBytes(), 1);
  }

  private static double gigabytes(String model, String format) {
    return new ModelCosts(CATALOG.model(model), CATALOG.quantization(format)).weightBytes() / 1e9;
  }
}
