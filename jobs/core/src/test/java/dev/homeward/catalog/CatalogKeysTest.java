package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.homeward.config.Binding;
import dev.homeward.config.Documents;
import dev.homeward.config.EveryKey;
import dev.homeward.units.Confidence;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every key of catalog files and price books: set, left out, and wrong. */
final class CatalogKeysTest {
  private static final String EVERY_KEY =
      """
      sources:
        datasheet: { kind: vendor, reference: a datasheet, date: "2026-01" }
      accelerators:
        - { id: chip, name: Chip, vendor: V, family: unified, generation: first, memory-gb: 10,
            bandwidth-gb-per-s: 20, fp16-tflops: 30, fp16-accumulate-tflops: 35, fp32-tflops: 36, sm-ghz: 37, fp8-tflops: 40, int8-tops: 50, fp4-tflops: 60, tdp-watts: 70,
            link-gb-per-s: 80, source: datasheet, note: made up }
      hardware:
        - { id: box, name: Box, accelerator: l4, count: 2, usable-memory-share: 0.5, idle-watts: 11,
            busy-watts: 21, load-gb-per-s: 3, setup-hours: 1.5, upkeep-hours-per-month: 2.5, incident-hours-per-month: 3.5, default: true, source: datasheet, note: made up,
            acquisition: { mode: on-demand, price-usd: 100, hourly-usd: 101, monthly-usd: 102,
              hours-per-day: 9, start-hour: 7, includes-power: true,
              low-usd: 91, high-usd: 111,
              release-after-minutes: 14, start-minutes: 4.5 } }
      engines:
        - { id: slotted, name: Slotted, version: "1", since: ["1.0"], default: true, scheduling: { scheduler: slots },
            families: [unified], quantizations: [fp16], small: { tokens: 101, sequences: 5, pass: 51 },
            large: { tokens: 202, sequences: 6, pass: 52 }, large-memory-gb: 24, not-large: [chip],
            memory-share: 0.7, memory-share-of: free, reserve-gb: 1.5, structured-output: false, embeddings: false,
            source: datasheet, note: made up }
        - { id: paged, name: Paged, version: "1", families: [unified], quantizations: [fp16],
            scheduling: { scheduler: continuous-batching, block-tokens: 1, reserves: whole-output },
            small: { tokens: 1, sequences: 1 }, large: { tokens: 1, sequences: 1 },
            large-memory-gb: 24, memory-share: 0.7, reserve-gb: 1, source: datasheet }
        - { id: kept, name: Kept, version: "1", families: [unified], quantizations: [fp16],
            scheduling: { scheduler: keep-alive-slots, kv: streams, keep-alive-s: 301, init-s: 2, max-queue: 511 },
            small: { tokens: 1, sequences: 1 }, large: { tokens: 1, sequences: 1 },
            large-memory-gb: 24, memory-share: 0.7, reserve-gb: 1, source: datasheet }
      models:
        - { id: net, name: Net, tier: large, embedding: true, parameters: 1001, active-parameters: 902, tower-parameters: 17,
            layers: 33, full-attention-layers: 22, sliding-window: 513, sliding-window-layers: 5,
            hidden: 44, heads: 55, kv-heads: 6, head-dim: 77, feed-forward: 88, gated: false,
            tied: true, vocabulary: 99, experts: 12, experts-per-token: 3, shared-experts: 1,
            dense-layers: 4, dense-feed-forward: 111, kv-lora-rank: 13, qk-rope-dim: 14,
            attended-tokens: 15, kv-elements: 1717, state-elements: 1818, conv-elements: 1919, state-bytes: 2, context-window: 1616, modalities: [image], tools: true,
            languages: [de], quantizations: [fp16], published-in: [fp16], published-gb: { fp16: 18.5 },
            scores: [{ benchmark: a test, score: 19.5, source: datasheet }],
            licence: L, default: true, source: datasheet,
            note: made up }
      efficiencies:
        - { engines: [vllm], accelerators: [chip], residual: 0.3, mixture-residual: 0.4, source: datasheet, measured-on: [l4],
            residual-elsewhere: 0.6,
            values: { weight: 0.5, weight-packed: 0.51, expert: 0.52, kv: 0.53, compute: 0.54,
              compute-fp8: 0.55, compute-fp4: 0.56, compute-packed: 0.57, expert-compute: 0.58,
              attention: 0.59, knee: 2, activation: 1, layer-us: 3, expert-layer-us: 4,
              latent-layer-us: 5, eager-layer-us: 6, sequence-us: 7, step-us: 8, call-us: 9,
              all-reduce-us: 10, link: 0.61, sample-us: 11, sample-single-us: 12, host-pass-us: 13,
              host-mask-ns: 14, layer-single-us: 15, weight-single: 0.62,
              weight-packed-single: 0.63, vector-compute: 0.64, attention-narrow: 0.65,
              sm-bytes: 16, sm-bytes-single: 17, unpack: 0.66, score-bytes: 18, expert-us: 19,
              vector-compute-single: 0.67, kv-single: 0.68, layer-packed-us: 20, sample-slot-us: 21,
              host-layer-us: 22, host-clear-ns: 0.69, vector-knee: 23,
              expert-packed: 0.681, expert-layer-fused-us: 24, mixed-tile: 25 } }
      quantizations:
        - { id: mine-4bit, name: Mine, bits-per-weight: 4.25, other-bits: 8, head-bits: 6, embedding-bits: 16, stored-bits: 4.5, stored-head-bits: 7, aka: [my4], compute: fp16,
            quality-loss: { measure: score, share: 0.03, on: a model },
            source: datasheet, note: made up }
      hosted-models:
        - { id: deployment, provider: somebody, aliases: [azure/made-up], tier: medium, context-window: 1717,
            tier-source: datasheet, scores: [{ benchmark: another test, score: 20.5, source: datasheet }] }
      arithmetic:
        - { engines: [mlx], work: products, formats: [packed], chips: [first], unit: block-int8, fused-experts: true, share: 0.5,
            source: datasheet, note: made up }
      """;

  private static final String EVERY_PRICE_KEY =
      """
      sources:
        list: { kind: vendor, reference: a list, date: "2026-01" }
      prices:
        - { model: made-up, provider: somebody, region: here, tier: batch, from: "2026-10-01", input: 10, cache-read: 11,
            cache-write-5m: 12, cache-write-1h: 13, output: 14, audio-input: 15, audio-output: 16, web-search: 17,
            source: list, note: made up,
            above: { tokens: 1000, input: 20, cache-read: 21, cache-write-5m: 22, cache-write-1h: 23,
              output: 24, audio-input: 25, audio-output: 26 } }
      uplifts:
        - { provider: somebody, regions: [there], models: [made-up], percent: 18, source: list }
      list-prices:
        - { provider: somebody, makers: [a-maker], source: list }
      """;

  private static final Catalog STANDARD = Catalog.standard();

  /** Whatever the schema names shows in what the catalog gives beyond the program's own. */
  @Test
  void everyKeyOfACatalogFileShows() {
    int keys =
        new EveryKey("hardware.schema.json", EVERY_KEY)
            .to("/hardware/0/accelerator", "\"l40s\"")
            .to("/hardware/0/acquisition/mode", "\"spot\"")
            .to("/efficiencies/0/engines", "[\"sglang\"]")
            .to("/engines/0/since", "[\"2.0\"]")
            .to("/arithmetic/0/engines", "[\"sglang\"]")
            .to("/engines/0/families", "[\"nvidia-consumer\"]")
            .shows(
                document -> {
                  Catalog catalog = STANDARD.with(document, "test");
                  List<Object> found = new ArrayList<>();
                  found.add(added(catalog.accelerators(), STANDARD.accelerators()));
                  found.add(added(catalog.hardware(), STANDARD.hardware()));
                  found.add(added(catalog.models(), STANDARD.models()));
                  for (Engine engine : catalog.engines()) {
                    Engine before =
                        STANDARD.engines().stream()
                            .filter(e -> e.id().equals(engine.id()))
                            .findFirst()
                            .orElse(null);
                    if (before == null) {
                      found.add(List.of(engine, engine.scheduling().scheduler()));
                      continue;
                    }
                    engine
                        .efficiencies()
                        .forEach(
                            (chip, efficiency) -> {
                              if (!before.efficiencies().containsKey(chip)) {
                                found.add(List.of(engine.id(), chip, efficiency));
                              }
                            });
                    if (!before.arithmetic().equals(engine.arithmetic())) {
                      found.add(List.of(engine.id(), engine.arithmetic()));
                    }
                  }
                  found.add(added(catalog.quantizations(), STANDARD.quantizations()));
                  found.add(added(catalog.hostedModels().all(), STANDARD.hostedModels().all()));
                  return found;
                });
    assertTrue(keys > 120, keys + " keys");
  }

  private static <T> List<T> added(List<T> all, List<T> standard) {
    return all.stream().filter(one -> !standard.contains(one)).toList();
  }

  @Test
  void everyKeyOfAPriceBookShows() {
    new EveryKey("prices.schema.json", EVERY_PRICE_KEY)
        .shows(
            document -> {
              PriceBook book = PriceBook.standard().with(document, "test");
              return List.of(
                  added(book.uplifts(), PriceBook.standard().uplifts()),
                  added(book.listPrices(), PriceBook.standard().listPrices()),
                  book.models().stream()
                      .filter(model -> !PriceBook.standard().models().contains(model))
                      .flatMap(model -> book.rowsOf(model).stream())
                      .toList());
            });
  }

  /** Files of the program alone have no schema: their keys are those of the record, and no more. */
  @Test
  void everyKeyOfTheProgramsOwnFilesIsBound() {
    assertEquals(keysOf("quantizations"), Binding.keys(Quantization.class));
    assertEquals(keysOf("priors"), Binding.keys(CatalogEntries.PriorsEntry.class));
    Set<String> hosted = keysOf("hosted-models");
    hosted.add("tier-source");
    assertEquals(hosted, Binding.keys(HostedModel.class));
    Quantization nvfp4 = STANDARD.quantization("nvfp4");
    assertEquals(
        List.of("nvfp4", "NVFP4", 4.5, 8.0, Quantization.Compute.FP4, "needs FP4 tensor cores"),
        List.of(
            nvfp4.id(),
            nvfp4.name(),
            nvfp4.bitsPerWeight().value(),
            nvfp4.otherBits().orElseThrow().value(),
            nvfp4.compute(),
            nvfp4.note().orElseThrow()));
    assertEquals(Confidence.ASSUMED, nvfp4.otherBits().orElseThrow().source().kind());
    assertEquals(Confidence.PUBLISHED, nvfp4.bitsPerWeight().source().kind());
    EfficiencyPrior weight =
        STANDARD.priors(STANDARD.engine("vllm")).get(EfficiencyParameter.WEIGHT);
    assertEquals(new EfficiencyPrior(0.85, 0.06), weight);
    HostedModel model = STANDARD.hostedModels().byId("gpt-4").orElseThrow();
    assertEquals(
        List.of("gpt-4", "openai", List.of("gpt-4-0314", "gpt-4-0613"), Tier.MEDIUM, 8192),
        List.of(
            model.id(), model.provider(), model.aliases(), model.tier(), model.contextWindow()));
    assertEquals(Confidence.ASSUMED, model.tierSource().kind());
  }

  private static Set<String> keysOf(String kind) {
    Set<String> keys = new java.util.LinkedHashSet<>();
    for (JsonNode entry :
        Documents.readResource("dev/homeward/catalog/" + kind + ".yaml").get(kind)) {
      entry.fieldNames().forEachRemaining(keys::add);
    }
    return keys;
  }

  /** The range of offers goes with the figure of the mode, and with nothing else. */
  @Test
  void aRangeHoldsItsFigureAndGoesWhereSomebodySaysWhatItCosts() {
    Acquisition rented = STANDARD.hardware("l40s-on-demand").acquisition();
    assertEquals(0.79, rented.lowUsd().orElseThrow().value());
    assertEquals(1.1, rented.usd().orElseThrow().value());
    assertEquals(1.4, rented.highUsd().orElseThrow().value());
    Acquisition cheap =
        STANDARD
            .withHardware(
                "l40s-on-demand", "hourly-usd", DecimalNode.valueOf(new BigDecimal("0.5")), "test")
            .hardware("l40s-on-demand")
            .acquisition();
    assertEquals(0.5, cheap.usd().orElseThrow().value());
    assertEquals(Optional.empty(), cheap.lowUsd());
    assertEquals(Optional.empty(), cheap.highUsd());
    Acquisition at =
        STANDARD
            .withHardware(
                "l40s-on-demand", "hours-per-day", DecimalNode.valueOf(BigDecimal.TEN), "test")
            .hardware("l40s-on-demand")
            .acquisition();
    assertEquals(rented.lowUsd(), at.lowUsd());
    String box =
        """
        hardware:
          - { id: box, name: Box, accelerator: l4, count: 1, idle-watts: 1, busy-watts: 2,
              load-gb-per-s: 3, acquisition: { mode: on-demand, hourly-usd: 2, %s },
              source: { kind: vendor, reference: a quote, date: "2026" } }
        """;
    for (String[] wrong :
        new String[][] {
          {"low-usd: 1", "low-usd and high-usd go together"},
          {
            "low-usd: 3, high-usd: 4",
            "/low-usd: the figure must lie from low-usd to high-usd (found 3.0, 2.0, 4.0)"
          },
          {
            "low-usd: 1, high-usd: 1.5",
            "/low-usd: the figure must lie from low-usd to high-usd (found 1.0, 2.0, 1.5)"
          }
        }) {
      String message =
          assertThrows(InvalidInput.class, () -> with(box.formatted(wrong[0]))).getMessage();
      assertTrue(message.startsWith("test /hardware/0/acquisition"), message);
      assertTrue(message.endsWith(wrong[1]), message);
    }
  }

  /** What a file leaves out. */
  @Test
  void defaultsOfBoxesAndModels() {
    Catalog catalog =
        with(
            """
            hardware:
              - { id: box, name: Box, accelerator: l4, count: 1, idle-watts: 1, busy-watts: 2,
                  load-gb-per-s: 3, acquisition: { mode: owned },
                  source: { kind: vendor, reference: a quote, date: "2026" } }
            models:
              - { id: net, name: Net, tier: small, parameters: 7, layers: 5, hidden: 1, heads: 1,
                  kv-heads: 1, head-dim: 1, feed-forward: 1, vocabulary: 1, context-window: 1,
                  quantizations: [fp16], licence: L,
                  source: { kind: published, reference: a card, date: "2026" } }
            """);
    HardwareProfile box = catalog.hardware("box");
    Source quote = new Source(Confidence.VENDOR, "a quote", "2026");
    assertEquals(new Figure(1, quote), box.usableMemoryShare());
    assertEquals(
        new Acquisition(
            Acquisition.Mode.OWNED,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            24,
            0,
            false,
            Optional.empty(),
            Optional.empty(),
            0,
            0),
        box.acquisition());
    assertTrue(!box.defaultCandidate() && box.note().isEmpty());
    LocalModel net = catalog.model("net");
    assertEquals(
        new LocalModel.Architecture(
            7,
            7,
            0,
            5,
            1,
            1,
            false,
            new LocalModel.Attention(5, 1, 1, 1, 0, 0, 0, 0, 0, 0),
            new LocalModel.FeedForward(1, true, 0, 0, 0, 0, 0),
            LocalModel.Recurrence.NONE),
        net.architecture());
    assertEquals(new LocalModel.Abilities(1, List.of("text"), false, List.of()), net.abilities());
    assertEquals(net.source(), net.tierSource());
    assertTrue(!net.embedding() && !net.defaultCandidate() && net.note().isEmpty());
    JsonNode set =
        yaml(
            """
            { engines: [mlx], accelerators: [chip], residual: 0.3, values: { weight: 0.5 },
              source: { kind: measured, reference: mine, date: "2026" } }
            """);
    Efficiency efficiency =
        Sources.of(set)
            .inside(set)
            .binding()
            .bind(set, CatalogEntries.EfficiencyEntry.class, "test")
            .efficiency();
    assertEquals(0.3, efficiency.mixtureResidual());
  }

  @Test
  void defaultsOfAPrice() {
    PriceBook book =
        PriceBook.standard()
            .with(
                yaml(
                    """
                    prices:
                      - { model: made-up, from: "2026-10-01", input: 10,
                          source: { kind: vendor, reference: a list, date: "2026" } }
                    """),
                "test");
    PriceRow.Rates rates =
        new PriceRow.Rates(
            10,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());
    assertEquals(
        List.of(
            new PriceRow(
                "made-up",
                "",
                "",
                "standard",
                LocalDate.of(2026, 10, 1),
                rates,
                Long.MAX_VALUE,
                rates,
                new Source(Confidence.VENDOR, "a list", "2026"),
                "")),
        book.rowsOf("made-up"));
  }

  /** All problems at once: those of the schema, and once it is content, those of the records. */
  @Test
  void badValuesAreNamedWithFileAndPath(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(
        file,
        EVERY_KEY
            .replace("count: 2", "count: 0, cuont: 2")
            .replace("mode: on-demand", "mode: leased")
            .replace("layers: 33", "layers: many"));
    InvalidInput e = assertThrows(InvalidInput.class, () -> Catalog.with(List.of(file)));
    assertEquals(
        Set.of(
            file + " /hardware/0: unknown key 'cuont' (nearest: count)",
            file + " /hardware/0/count: must have a minimum value of 1 (found 0)",
            file
                + " /hardware/0/acquisition/mode: does not have a value in the enumeration"
                + " [\"owned\", \"bought\", \"on-demand\", \"spot\", \"reserved\"] (found \"leased\")",
            file + " /models/0/layers: string found, integer expected (found \"many\")"),
        e.getMessage().lines().collect(Collectors.toSet()));
    Files.writeString(
        file,
        EVERY_KEY
            .replace("accelerator: l4", "accelerator: l5")
            .replace("weight: 0.5,", "weight: 1.5,")
            .replace(
                "licence: L, default: true, source: datasheet", "licence: L, source: datashet"));
    e = assertThrows(InvalidInput.class, () -> Catalog.with(List.of(file)));
    assertEquals(
        List.of(
            file + " /efficiencies/0: Invalid weight: 1.5 (from 0.05 to 1.0)",
            file + " /models/0: Invalid source: datashet (not a key of sources)",
            file + " /hardware/0/accelerator: Unknown accelerator: l5 (nearest: l4, t4, a10)"),
        e.getMessage().lines().toList());
  }

  /** A box with one key changed, as what-if does it, is the box of a file that has it so. */
  @Test
  void oneKeyOfABoxIsChangedAsItsFileWouldHaveIt() {
    Catalog cheaper =
        STANDARD.withHardware("rtx-4090", "price", number("1400"), "--set hardware.rtx-4090.price");
    HardwareProfile before = STANDARD.hardware("rtx-4090");
    HardwareProfile after = cheaper.hardware("rtx-4090");
    assertEquals(1400, after.acquisition().priceUsd().orElseThrow().value());
    assertEquals(before.source(), after.acquisition().priceUsd().orElseThrow().source());
    assertEquals(before.busyWatts(), after.busyWatts());
    assertEquals(before.accelerator(), after.accelerator());
    assertEquals(
        9.5,
        STANDARD
            .withHardware("l4-on-demand", "hourly-usd", number("9.5"), "")
            .hardware("l4-on-demand")
            .acquisition()
            .hourlyUsd()
            .orElseThrow()
            .value());
    assertEquals(
        77,
        STANDARD
            .withHardware("rtx-4090", "idle-watts", number("77"), "")
            .hardware("rtx-4090")
            .idleWatts()
            .value());
    // Another machine, or a later what-if, reads the same from the documents.
    Catalog copy = Catalog.parse(cheaper.userDocuments());
    assertEquals(cheaper.hardware(), copy.hardware());
    assertEquals(cheaper.version(), copy.version());
    InvalidInput e =
        assertThrows(
            InvalidInput.class,
            () -> STANDARD.withHardware("rtx-4090", "pirce-usd", number("1"), "--set x"));
    assertTrue(
        e.getMessage().startsWith("--set x /hardware/0: unknown key 'pirce-usd'"), e.getMessage());
    e =
        assertThrows(
            InvalidInput.class,
            () -> STANDARD.withHardware("rtx-4090", "mode", TextNode.valueOf("spot"), "--set x"));
    assertTrue(e.getMessage().contains("hourly-usd"), e.getMessage());
  }

  /** $1.25 a million from November on; all rows before stay, and other kinds keep their price. */
  @Test
  void anAnnouncedPriceHoldsFromItsDay() {
    LocalDate november = LocalDate.of(2026, 11, 1);
    PriceBook book =
        PriceBook.standard()
            .announce(
                "gpt-4o", Optional.empty(), "input", new BigDecimal("1.25"), november, "--set x");
    List<PriceRow> before = standardRows(PriceBook.standard());
    List<PriceRow> after = standardRows(book);
    assertEquals(before, after.subList(0, before.size()));
    PriceRow announced = after.get(before.size());
    assertEquals(november, announced.validFrom());
    assertEquals(1_250_000, announced.base().input());
    assertEquals(before.get(before.size() - 1).base().output(), announced.base().output());
    assertEquals(Confidence.ASSUMED, announced.source().kind());
    assertEquals(book.rowsOf("gpt-4o"), PriceBook.parse(book.userDocuments()).rowsOf("gpt-4o"));
    InvalidInput e =
        assertThrows(InvalidInput.class, () -> announced("gpt-4o", Optional.empty(), "ouput", "1"));
    assertTrue(e.getMessage().contains("unknown key 'ouput' (nearest: output)"), e.getMessage());
    e =
        assertThrows(
            InvalidInput.class, () -> announced("gpt-4p", Optional.empty(), "output", "1"));
    assertTrue(e.getMessage().startsWith("Unknown hosted model: gpt-4p"), e.getMessage());
  }

  private static PriceBook announced(String model, Optional<String> tier, String key, String usd) {
    return PriceBook.standard()
        .announce(model, tier, key, new BigDecimal(usd), LocalDate.of(2026, 11, 1), "x");
  }

  private static PriceRow next(PriceBook book, String provider, String tier) {
    return book.forecast("gpt-5.6-luna", provider, tier, Optional.empty()).orElseThrow();
  }

  /**
   * gpt-5.6-luna: input $0.20, above 272,000 tokens 0.40; batch 0.10 and 0.20; at Bedrock 0.22 and
   * 0.44. At $0.50, two and a half times as much: 1.00; 0.25 and 0.50; 0.55 and 1.10.
   */
  @Test
  void anAnnouncedPriceHoldsAtEveryTierInProportion() {
    PriceBook book = announced("gpt-5.6-luna", Optional.empty(), "input", "0.5");
    assertEquals(500_000, next(book, null, "standard").base().input());
    assertEquals(1_000_000, next(book, null, "standard").longContext().input());
    assertEquals(250_000, next(book, null, "batch").base().input());
    assertEquals(500_000, next(book, null, "batch").longContext().input());
    assertEquals(550_000, next(book, "bedrock", "standard").base().input());
    assertEquals(1_100_000, next(book, "bedrock", "standard").longContext().input());
    // Other kinds stay what they were.
    assertEquals(1_200_000, next(book, null, "standard").base().output().orElseThrow());
    assertEquals(600_000, next(book, null, "batch").base().output().orElseThrow());
    assertEquals(20_000, next(book, null, "standard").base().cacheRead().orElseThrow());
  }

  @Test
  void aPriceOfOneTierHoldsThereAlone() {
    PriceBook book = announced("gpt-5.6-luna", Optional.of("batch"), "output", "0.3");
    assertEquals(300_000, next(book, null, "batch").base().output().orElseThrow());
    assertEquals(1_200_000, next(book, null, "standard").base().output().orElseThrow());
    assertEquals(2_400_000, next(book, null, "priority").base().output().orElseThrow());
    InvalidInput e =
        assertThrows(
            InvalidInput.class, () -> announced("o1-mini", Optional.of("flex"), "input", "1"));
    assertEquals("No price of o1-mini at tier flex (it has: standard)", e.getMessage());
  }

  private static List<PriceRow> standardRows(PriceBook book) {
    return book.rowsOf("gpt-4o").stream()
        .filter(row -> row.tier().equals("standard") && row.provider().isEmpty())
        .toList();
  }

  private static JsonNode number(String text) {
    return DecimalNode.valueOf(new BigDecimal(text));
  }

  private static JsonNode yaml(String text) {
    return Documents.parse(text.getBytes(StandardCharsets.UTF_8), "test.yaml");
  }

  private static Catalog with(String yaml) {
    return STANDARD.with(yaml(yaml), "test");
  }
}
