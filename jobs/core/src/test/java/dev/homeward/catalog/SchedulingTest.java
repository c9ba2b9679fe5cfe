package dev.homeward.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.Confidence;
import dev.homeward.units.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ways of scheduling: what the shipped engines say, what a file may say, and that none is left out.
 */
final class SchedulingTest {
  private static final Catalog CATALOG = Catalog.standard();
  private static final Source OLLAMA =
      new Source(Confidence.PUBLISHED, "Ollama envconfig/config.go and docs/faq", "2026-08");
  private static final Source INIT =
      new Source(
          Confidence.ASSUMED,
          "engine start and graph capture beside the weights: Ollama 1 to 3 s",
          "2026-08");

  @Test
  void shippedEnginesScheduleAsTheirDocumentationSays() {
    assertEquals(
        new Scheduling.ContinuousBatching(16, Scheduling.KvReservation.NEXT_CHUNK),
        CATALOG.engine("vllm").scheduling());
    assertEquals(
        new Scheduling.ContinuousBatching(32, Scheduling.KvReservation.WHOLE_OUTPUT),
        CATALOG.engine("tensorrt-llm").scheduling());
    assertEquals(
        new Scheduling.PrefillFirst(1, Scheduling.KvReservation.NEXT_CHUNK),
        CATALOG.engine("sglang").scheduling());
    assertEquals(
        new Scheduling.SmallBatch(1, Scheduling.KvReservation.NEXT_CHUNK),
        CATALOG.engine("mlx").scheduling());
    assertEquals(
        new Scheduling.Slots(Scheduling.KvBuffer.STREAMS),
        CATALOG.engine("llama.cpp").scheduling());
    assertEquals(
        new Scheduling.KeepAliveSlots(
            Scheduling.KvBuffer.STREAMS,
            new Scheduling.KeepAlive(new Figure(300, OLLAMA), new Figure(2, INIT)),
            OptionalInt.of(512)),
        CATALOG.engine("ollama").scheduling());
    assertEquals(OptionalInt.empty(), CATALOG.engine("lm-studio").scheduling().maxQueue());
  }

  @Test
  void aReviewTriesVllmThenMlxThenLlamaCpp() {
    assertEquals(
        List.of("vllm", "mlx", "llama.cpp"),
        CATALOG.defaultEngines().stream().map(Engine::id).toList());
  }

  /** A way that no shipped engine has would be read, replayed and compared by nothing. */
  @Test
  void everyWayIsThatOfAShippedEngine() {
    Set<Class<?>> used =
        CATALOG.engines().stream().map(e -> e.scheduling().getClass()).collect(Collectors.toSet());
    Set<Class<?>> ways =
        Arrays.stream(Scheduling.class.getPermittedSubclasses())
            .flatMap(
                type ->
                    type.isRecord()
                        ? Stream.of(type)
                        : Arrays.stream(type.getPermittedSubclasses()))
            .collect(Collectors.toSet());
    assertEquals(ways, used);
    assertEquals(
        Set.of(Scheduler.values()),
        CATALOG.engines().stream()
            .map(e -> e.scheduling().scheduler())
            .collect(Collectors.toSet()));
  }

  @Test
  void theSchemaKnowsEveryWordAndTheShippedFileKeepsTheSchema() throws Exception {
    JsonNode schema = Documents.read(Path.of("../../schemas/hardware.schema.json"));
    JsonNode words =
        schema.at("/properties/engines/items/properties/scheduling/properties/scheduler/enum");
    Set<String> stated = new TreeSet<>();
    words.forEach(w -> stated.add(w.textValue()));
    assertEquals(
        Arrays.stream(Scheduler.values())
            .map(Scheduler::word)
            .collect(Collectors.toCollection(TreeSet::new)),
        stated);
    JsonNode file = Documents.readResource("dev/homeward/catalog/engines.yaml");
    assertEquals(List.of(), Schemas.problems("hardware.schema.json", file, "engines.yaml"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"scheduler\": \"slots\", \"block-tokens\": 16} | Unknown keys of slots: block-tokens "
            + "(it has kv)",
        "{\"scheduler\": \"continuous-batching\", \"max-queue\": 3, \"init-s\": 1} | Unknown keys "
            + "of continuous-batching: init-s, max-queue (it has block-tokens, reserves)",
        "{\"scheduler\": \"prefill-first\", \"block-tokens\": 24} | Invalid block-tokens: 24 (a "
            + "power of two)",
        "{\"scheduler\": \"small-batch\", \"reserves\": \"all\"} | Invalid reserves: all "
            + "(next-chunk or whole-output)",
        "{\"scheduler\": \"keep-alive-slots\", \"keep-alive-s\": 3, \"init-s\": 1, \"max-queue\": "
            + "0} | Invalid max-queue: 0 (1 or more; left out without a bound)"
      })
  void whatASchedulerDoesNotKnowIsRefused(String text, String message) {
    assertEquals(message, refusal(text));
  }

  @Test
  void anUnknownSchedulerIsRefusedWithTheWordsThatThereAre() {
    assertEquals(
        "Invalid scheduler: magic (one of %s)"
            .formatted(
                Arrays.stream(Scheduler.values())
                    .map(Scheduler::word)
                    .collect(Collectors.joining(", "))),
        refusal("{\"scheduler\": \"magic\"}"));
  }

  private static String refusal(String text) {
    ObjectNode engine = JsonNodeFactory.instance.objectNode();
    engine.set("source", Documents.parse(SOURCE, "test"));
    engine.set("scheduling", Documents.parse(text.getBytes(StandardCharsets.UTF_8), "test"));
    Fields fields = new Fields(engine, Map.of()).inside("scheduling");
    return assertThrows(IllegalArgumentException.class, () -> Scheduler.read(fields)).getMessage();
  }

  private static final byte[] SOURCE =
      "{\"kind\": \"assumed\", \"reference\": \"test\", \"date\": \"2026-11\"}"
          .getBytes(StandardCharsets.UTF_8);

  private static final String OWN =
      """
      engines:
        - id: %s
          name: Another
          version: "1"
          default: true
          scheduling: { scheduler: continuous-batching, block-tokens: 64, reserves: whole-output }
          families: [nvidia-datacenter]
          quantizations: [fp16]
          small: { tokens: 1024, sequences: 16 }
          large: { tokens: 4096, sequences: 64 }
          large-memory-gb: 75
          memory-share: 0.9
          reserve-gb: 1
          source: { kind: assumed, reference: "a test", date: "2026-11" }
      """;

  @Test
  void aFileOfOnesOwnReplacesAnEngineAndKeepsWhatWasMeasuredOfIt(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(file, OWN.formatted("sglang"));
    Catalog mine = Catalog.with(List.of(file));
    assertEquals(64, mine.engine("sglang").scheduling().blockTokens());
    assertEquals(CATALOG.engine("sglang").efficiencies(), mine.engine("sglang").efficiencies());
    assertEquals(
        List.of("vllm", "mlx", "llama.cpp", "sglang"),
        mine.defaultEngines().stream().map(Engine::id).toList());
  }

  @Test
  void anEfficiencySetOfANewEngineMustBeWhole(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(
        file,
        OWN.formatted("mine")
            + """
            efficiencies:
              - engines: [mine]
                accelerators: [nvidia-datacenter]
                residual: 0.3
                source: { kind: assumed, reference: "a guess", date: "2026-11" }
                values: { weight: 0.8 }
            """);
    InvalidInput e = assertThrows(InvalidInput.class, () -> Catalog.with(List.of(file)));
    assertTrue(
        e.getMessage().contains("Missing in the efficiency set of a guess for mine: "),
        e.getMessage());
  }

  @Test
  void anEngineIsNamedWhoseSchedulingIsWrong(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(file, OWN.formatted("mine").replace("block-tokens: 64", "block-tokens: 48"));
    InvalidInput e = assertThrows(InvalidInput.class, () -> Catalog.with(List.of(file)));
    assertTrue(
        e.getMessage()
            .contains(
                "Cannot read scheduling of engine mine: Invalid block-tokens: 48 (a power of two)"),
        e.getMessage());
  }

  /** It would be passed over in silence, and whoever added it would not know why. */
  @Test
  void aDefaultEngineOnWhichNothingCanRunIsRefused(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("mine.yaml");
    Files.writeString(file, OWN.formatted("mine"));
    Catalog mine = Catalog.with(List.of(file));
    InvalidInput e = assertThrows(InvalidInput.class, mine::defaultEngines);
    assertEquals(
        "Cannot plan: engine mine is default: true and has no efficiency parameters on any chip"
            + " (give it a set under efficiencies, in the file that has the engine)",
        e.getMessage());
    Files.writeString(file, OWN.replace("default: true", "default: false").formatted("mine"));
    assertEquals(3, Catalog.with(List.of(file)).defaultEngines().size());
  }

  @Test
  void withoutADefaultEngineNothingIsPlanned(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("mine.yaml");
    String none = OWN.replace("default: true", "default: false");
    Files.writeString(
        file,
        none.formatted("vllm")
            + none.replace("engines:\n", "").formatted("llama.cpp")
            + none.replace("engines:\n", "").formatted("mlx"));
    Catalog mine = Catalog.with(List.of(file));
    InvalidInput e = assertThrows(InvalidInput.class, mine::defaultEngines);
    assertEquals(
        "Cannot plan: no engine is default: true (one of %s must be)"
            .formatted(
                CATALOG.engines().stream().map(Engine::id).collect(Collectors.joining(", "))),
        e.getMessage());
  }
}
