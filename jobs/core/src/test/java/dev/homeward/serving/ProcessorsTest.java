package dev.homeward.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.EfficiencyParameter;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.HardwareProfile;
import dev.homeward.catalog.LocalModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines without a card: llama.cpp on the cores of a laptop, a desktop or a server. */
final class ProcessorsTest {
  private static final Catalog CATALOG = Catalog.standard();

  /**
   * Llama 3.1 8B in Q4_K_M: a body of 6.9796e9 weights at 4.85 bits and a head of 525.3e6 at 6.5625
   * bits are 4.2314 + 0.4309 = 4.6623 GB.
   *
   * <p>A token on a Ryzen 9 7950X: 4.6623 GB at 0.69 of 83.2 GB/s 81.21 ms, 32 layers of 190 us
   * 6.08, a step 0.3, 7.08 MB of activations at 0.8 of 83.2 GB/s 0.11, 64.5 tokens of 131,072 bytes
   * at 0.28 of 83.2 GB/s 0.36: 88.06 ms, 11.36 a second. On an EPYC 9554 with 460.8 GB/s 14.66 +
   * 6.08 + 0.3 + 0.02 + 0.07 = 21.13 ms: 47.3.
   *
   * <p>512 tokens: 2 x 6.9796e9 x 512 = 7.147e12 operations at 0.79 of 2.56e12 a second 3.534 s,
   * joined with 0.080 s of reading 3.535; activations 0.054; 32 layers of 100 us and a step 0.0035;
   * 131,072 pairs of 524,288 operations at 0.13 of 2.56e12 0.206; the cache 0.003: 3.802 s, 134.7 a
   * second. On the EPYC with 6.96e12: 1.300 + 0.010 + 0.0035 + 0.076 + 0.0005 = 1.390 s: 368.4.
   */
  @ParameterizedTest
  @CsvSource({"ryzen-9-7950x, 134.7, 11.36", "epyc-9554, 368.4, 47.33"})
  void ratesAreWhatMemoryAndCoresGive(String chip, double prompt, double generated) {
    assertEquals(prompt, promptRate(chip, "llama-3.1-8b", "q4_k_m"), prompt * 0.001);
    assertEquals(generated, rate(chip, "llama-3.1-8b", "q4_k_m"), generated * 0.001);
  }

  /**
   * Published rates that the sets were fitted to, with what is known to stray; sources there. The
   * 27B as it was fitted, with 27.0e9 parameters; with the 26.896e9 that it has, its prompts on the
   * one VM are predicted 19.2 % too fast, not 18.7.
   */
  @ParameterizedTest
  @CsvSource({
    "core-i7-7820hq, llama-3.1-8b, 22.53, 5.62, 0.12",
    "core-i5-9500, llama-3.1-8b, 35.43, 6.51, 0.08",
    "core-i5-1135g7, llama-3.1-8b, 25.52, 6.86, 0.21",
    "threadripper-3970x, llama-3.1-8b, 155.5, 16.78, 0.19",
    "vcpu-16-emerald-rapids, qwen3.5-27b, 29.5, 3.60, 0.19",
    "vcpu-16-granite-rapids, qwen3.5-27b, 31.74, 4.16, 0.08",
    "ryzen-7-8840u, llama-3.1-8b, 49.75, 9.63, 0.44"
  })
  void publishedRatesAreMet(
      String chip, String model, double prompt, double generated, double within) {
    assertEquals(1, promptRate(chip, model, "q4_k_m") / prompt, within);
    assertEquals(1, rate(chip, model, "q4_k_m") / generated, within);
  }

  /** One processor, 8B to 70B: the time a layer is what small models pay. */
  @ParameterizedTest
  @CsvSource({
    "llama-3.1-8b, 49.8",
    "phi-4, 28.74",
    "qwen2.5-coder-32b, 14.0",
    "llama-3.3-70b, 7.14"
  })
  void oneServerGeneratesWithModelsOfEverySize(String model, double generated) {
    assertEquals(1, rate("epyc-9554", model, "q4_k_m") / generated, 0.07);
  }

  /** 48 chats a day of 1,000 tokens in and 300 out are half an hour's work; embeddings less. */
  @Test
  void anExistingDesktopHoldsEmbeddingsAndAFewChats() {
    Deployment chat = fits("desktop-no-gpu-owned", "llama-3.1-8b", "q4_k_m", 8192);
    assertTrue(chat.kvCache().maxContextTokens() >= 8192);
    assertEquals(Acquisition.Mode.OWNED, chat.hardware().acquisition().mode());
    double call = 1000 / promptRate("ryzen-9-7950x", "llama-3.1-8b", "q4_k_m");
    call += 300 / rate("ryzen-9-7950x", "llama-3.1-8b", "q4_k_m");
    assertEquals(48 * 34, 48 * call, 60);
    fits("desktop-no-gpu-owned", "bge-m3", "fp16", 8192);
    fits("desktop-no-gpu-owned", "bge-m3", "q8_0", 8192);
    // 0.30e9 weights outside the vocabulary: 512 tokens at 0.45 of 2.56e12 operations a second.
    assertTrue(promptRate("ryzen-9-7950x", "bge-m3", "fp16") > 1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama.cpp", "ollama", "lm-studio"})
  void theEnginesOfAPcRunOnEveryMachineWithoutACard(String engine) {
    int boxes = 0;
    for (HardwareProfile box : CATALOG.hardware()) {
      if (box.accelerator().computesOnCores()) {
        assertFalse(box.defaultCandidate(), box.id());
        Fit fit =
            Deployments.fit(
                box,
                CATALOG.model("llama-3.1-8b"),
                CATALOG.quantization("q4_k_m"),
                CATALOG.engine(engine),
                4096);
        assertInstanceOf(Fit.Fits.class, fit, box.id());
        boxes++;
      }
    }
    assertTrue(boxes >= 8, "boxes: " + boxes);
    assertFalse(CATALOG.engine("vllm").support().families().contains("cpu"));
  }

  /** Ollama 0.12 is built without AMX: prompts as on AVX-512. */
  @Test
  void ollamaMakesNothingOfAmx() {
    Accelerator amx = CATALOG.accelerator("xeon-gold-6430");
    assertEquals("amx", amx.generation());
    assertEquals(0.91, share("llama.cpp", amx));
    assertEquals(0.79, share("ollama", amx));
    assertEquals(0.79, share("ollama", CATALOG.accelerator("epyc-9554")));
  }

  @Test
  void aProcessorAtWorkDrawsItsLimit() {
    Deployment chat = fits("desktop-no-gpu-owned", "llama-3.1-8b", "q4_k_m", 4096);
    assertEquals(1, chat.busyLoad(new BusyWork(10, 10, 0, 1000, 0, 1)));
    assertEquals(0, chat.busyLoad(new BusyWork(0, 0, 0, 0, 0, 0)));
  }

  private static double share(String engine, Accelerator chip) {
    return CATALOG
        .engine(engine)
        .efficiencyOn(chip)
        .orElseThrow()
        .get(EfficiencyParameter.COMPUTE_PACKED);
  }

  private static Deployment fits(String box, String model, String format, long context) {
    Fit fit =
        Deployments.fit(
            CATALOG.hardware(box),
            CATALOG.model(model),
            CATALOG.quantization(format),
            CATALOG.engine("llama.cpp"),
            context);
    return assertInstanceOf(Fit.Fits.class, fit, box).deployment();
  }

  private static double promptRate(String chip, String model, String format) {
    return 512 / seconds(chip, model, format, 512, 0);
  }

  private static double rate(String chip, String model, String format) {
    return 128 / seconds(chip, model, format, 0, 128);
  }

  private static double seconds(
      String chip, String model, String format, int promptTokens, int steps) {
    Engine engine = CATALOG.engine("llama.cpp");
    Accelerator accelerator = CATALOG.accelerator(chip);
    Placement placement =
        new Placement(
            accelerator,
            asFitted(CATALOG.model(model)),
            CATALOG.quantization(format),
            1,
            engine.scheduling().split(),
            2);
    return new BenchObservation(
            placement, engine, 0, promptTokens, steps, 1, 2048, 512, 1, false, 0.1, 1)
        .predict(engine.efficiencyOn(accelerator).orElseThrow());
  }

  private static LocalModel asFitted(LocalModel model) {
    if (!model.id().equals("qwen3.5-27b")) {
      return model;
    }
    LocalModel.Architecture of = model.architecture();
    long parameters = 27_000_000_000L;
    return new LocalModel(
        model.id(),
        model.name(),
        model.tier(),
        model.tierSource(),
        model.embedding(),
        new LocalModel.Architecture(
            parameters,
            parameters,
            of.towerParameters(),
            of.layers(),
            of.hidden(),
            of.vocabulary(),
            of.tiedEmbeddings(),
            of.attention(),
            of.forward(),
            of.recurrence()),
        model.abilities(),
        model.quantizations(),
        model.quantizationsSource(),
        model.publishedIn(),
        model.publishedGb(),
        model.scores(),
        model.licence(),
        model.source(),
        model.defaultCandidate(),
        model.note());
  }
}
