package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.units.Confidence;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EngineVersionsTest {
  private static final Catalog CATALOG = Catalog.standard();

  @ParameterizedTest
  @CsvSource({
    "2024-05 (no flash attention), llama.cpp@2024-05",
    "2024-06, llama.cpp@2025-02",
    "2025-02, llama.cpp@2025-02",
    "2025-08, llama.cpp",
    "b6049, llama.cpp@2025-02",
    "b6050, llama.cpp",
    "2025-07, llama.cpp@2025-02",
    "2025-12, llama.cpp",
    "2026-02 build 7941 (11fb327bf), llama.cpp",
    "2031-01, llama.cpp",
    "b2900, llama.cpp@2024-05",
    "b4589, llama.cpp@2025-02",
    "build: 8123 (abc), llama.cpp",
    "'', llama.cpp",
    "unknown, llama.cpp"
  })
  void aBuildIsOfTheLastVersionThatBeganBeforeIt(String build, String id) {
    assertEquals(id, CATALOG.engine("llama.cpp", build).id());
  }

  @Test
  void aVersionHasWhatItsEntryLeavesOutAndItsOwnEfficiency() {
    Engine today = CATALOG.engine("llama.cpp");
    Engine old = CATALOG.engine("llama.cpp@2024-05");
    assertEquals(today.support(), old.support());
    assertEquals(today.memory(), old.memory());
    assertEquals("2024-05", old.version());
    assertEquals("llama.cpp", old.line());
    assertTrue(today.defaultCandidate());
    assertTrue(!old.defaultCandidate(), "a review tries today's");
    assertNotEquals(today.scheduling(), old.scheduling());
    Accelerator card = CATALOG.accelerator("rtx-4090");
    assertNotEquals(
        today.efficiencyOn(card).orElseThrow().values(),
        old.efficiencyOn(card).orElseThrow().values());
    assertEquals(
        List.of("llama.cpp", "llama.cpp@2025-02", "llama.cpp@2024-05"),
        CATALOG.versions(old).stream().map(Engine::id).toList());
  }

  @Test
  void aUsersVersionInherits(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(
        file,
        """
        engines:
          - { id: "vllm@0.12", version: "0.12", since: ["0.10"], reserve-gb: 3, source: { kind: assumed, reference: mine, date: "2026" } }
        """);
    Engine mine = Catalog.with(List.of(file)).engine("vllm@0.12");
    assertEquals(CATALOG.engine("vllm").scheduling(), mine.scheduling());
    assertEquals(3, mine.memory().reserveGb().value());
    assertTrue(mine.efficiencies().isEmpty(), "what was measured of one version is not of another");

    Files.writeString(
        file,
        """
        engines:
          - { id: "vlm@0.12", version: "0.12" }
        """);
    InvalidInput e = assertThrows(InvalidInput.class, () -> Catalog.with(List.of(file)));
    assertTrue(e.getMessage().contains("Unknown engine: vlm (nearest: vllm"), e.getMessage());
  }

  /** The narrower wins: the chip's own set, then its generation's, then its family's. */
  @Test
  void anEfficiencySetIsLookedUpByChipThenGenerationThenFamily(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("mine.yaml");
    String values =
        CATALOG
            .engine("vllm")
            .efficiencyOn(CATALOG.accelerator("rtx-5090"))
            .orElseThrow()
            .values()
            .entrySet()
            .stream()
            .map(e -> e.getKey().key() + ": " + e.getValue())
            .reduce((a, b) -> a + ", " + b)
            .orElseThrow();
    String set =
        "  - { engines: [vllm], accelerators: [%s], residual: %s, source: { kind: measured,"
            + " reference: mine, date: \"2026\" }, values: { %s } }\n";
    Files.writeString(
        file,
        "efficiencies:\n"
            + set.formatted("turing", "0.11", values)
            + set.formatted("t4", "0.12", values));
    Engine mine = Catalog.with(List.of(file)).engine("vllm");
    assertEquals(0.12, residual(mine, "t4"));
    assertEquals(0.11, mine.efficiencies().get("turing").residual());
    assertEquals(residual(CATALOG.engine("vllm"), "rtx-4080"), residual(mine, "rtx-4080"));
  }

  /**
   * Nobody measured llama.cpp of 2026 on an RTX 3060: what is said of it is assumed, and further
   * off.
   */
  @Test
  void aSetOfAClassIsMeasuredOnlyOnTheChipsThatWere() {
    Engine engine = CATALOG.engine("llama.cpp");
    Efficiency there = engine.efficiencyOn(CATALOG.accelerator("gb10")).orElseThrow();
    Efficiency here = engine.efficiencyOn(CATALOG.accelerator("rtx-3060")).orElseThrow();
    assertEquals(there.values(), here.values());
    assertEquals(Confidence.MEASURED, there.source().kind());
    assertEquals(0.16, there.residual());
    assertEquals(Confidence.ASSUMED, here.source().kind());
    assertEquals(0.25, here.residual());
    assertTrue(here.source().reference().startsWith("carried over from other chips: "));
    assertEquals(
        Confidence.ASSUMED,
        CATALOG
            .engine("lm-studio")
            .efficiencyOn(CATALOG.accelerator("gb10"))
            .orElseThrow()
            .source()
            .kind());
  }

  private static double residual(Engine engine, String chip) {
    return engine.efficiencyOn(CATALOG.accelerator(chip)).orElseThrow().residual();
  }
}
