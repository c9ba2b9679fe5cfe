package dev.homeward.catalog;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.homeward.config.Binding;
import dev.homeward.units.InvalidInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** The entries of catalog files by kind and id, put together file by file. */
final class CatalogEntries {
  final Map<String, Accelerator> accelerators = new TreeMap<>();
  final Map<String, Quantization> quantizations = new TreeMap<>();

  /** In the order of the files, which is the order in which a review tries them. */
  final Map<String, Engine> engines = new LinkedHashMap<>();

  /** As they are written, for the entries of other versions to inherit from. */
  private final Map<String, ObjectNode> writtenEngines = new HashMap<>();

  final Map<String, Map<EfficiencyParameter, EfficiencyPrior>> priors = new TreeMap<>();
  final Map<String, LocalModel> models = new TreeMap<>();
  final Map<String, HardwareProfile> hardware = new TreeMap<>();
  final List<HostedModel> hosted = new ArrayList<>();

  private static final Set<String> NOT_INHERITED = Set.of("since", "default", "note");

  /** No entries. */
  CatalogEntries() {}

  /** The entries of another; what is added to these is not added to those. */
  CatalogEntries(CatalogEntries other) {
    accelerators.putAll(other.accelerators);
    quantizations.putAll(other.quantizations);
    engines.putAll(other.engines);
    writtenEngines.putAll(other.writtenEngines);
    priors.putAll(other.priors);
    models.putAll(other.models);
    hardware.putAll(other.hardware);
    hosted.addAll(other.hosted);
  }

  /** What is known of some engines before they are measured. */
  record PriorsEntry(
      List<String> engines, Source source, Map<EfficiencyParameter, EfficiencyPrior> values) {}

  /**
   * How much some engines get of some chips, by id, generation or family.
   *
   * @param measuredOn chips of those that were measured; empty if the source's kind holds for all.
   *     On the others the set is carried over: assumed, and further off
   * @param residualElsewhere residual on the others
   */
  record EfficiencyEntry(
      List<String> engines,
      List<String> accelerators,
      List<String> measuredOn,
      Optional<Double> residualElsewhere,
      @JsonUnwrapped Efficiency efficiency) {

    EfficiencyEntry {
      if (measuredOn.isEmpty() == residualElsewhere.isPresent()) {
        throw new IllegalArgumentException(
            "measured-on and residual-elsewhere go together (chips, and how far off the others are)");
      }
    }

    Efficiency elsewhere() {
      return residualElsewhere.map(efficiency::carriedOver).orElse(efficiency);
    }
  }

  /**
   * Adds the entries of a file: the same id replaces, a new id adds.
   *
   * @param name how messages name the file
   * @throws InvalidInput with the problems of all entries
   */
  void add(String name, JsonNode file) {
    Document document = new Document(name, file);
    document.each("accelerators", Accelerator.class, a -> accelerators.put(a.id(), a));
    document.each("quantizations", Quantization.class, q -> quantizations.put(q.id(), q));
    document.engines(this::putEngine);
    document.each(
        "priors", PriorsEntry.class, p -> p.engines().forEach(e -> priors.put(e, p.values())));
    document.each("efficiencies", EfficiencyEntry.class, this::putEfficiency);
    document.each("arithmetic", Arithmetic.class, this::putArithmetic);
    document.each("models", LocalModel.class, m -> models.put(m.id(), m));
    document.each("hardware", HardwareProfile.class, h -> hardware.put(h.id(), h));
    document.each("hosted-models", HostedModel.class, hosted::add);
    if (!document.problems.isEmpty()) {
      throw new InvalidInput(document.problems);
    }
  }

  /** A file that is being read. */
  private final class Document {
    private final String name;
    private final JsonNode file;
    private final Sources sources;
    private final List<String> problems = new ArrayList<>();

    Document(String name, JsonNode file) {
      this.name = name;
      this.file = file;
      this.sources = Sources.of(file);
    }

    <T extends Record> void each(String kind, Class<T> type, Consumer<T> put) {
      int index = 0;
      for (JsonNode node : file.path(kind)) {
        String where = "%s /%s/%d".formatted(name, kind, index++);
        try {
          put.accept(entry(kind, node, type, where));
        } catch (InvalidInput e) {
          problems.add(
              e.getMessage().startsWith(where) ? e.getMessage() : where + ": " + e.getMessage());
        }
      }
    }

    void engines(Consumer<Engine> put) {
      int index = 0;
      for (JsonNode node : file.path("engines")) {
        String where = "%s /engines/%d: ".formatted(name, index++);
        try {
          put.accept(engine(new Fields(inherited(node), sources.named())));
        } catch (InvalidInput | IllegalArgumentException e) {
          problems.add(where + e.getMessage());
        }
      }
    }

    // A known model keeps what an entry of its id does not give, and all its names.
    private void completeHosted(ObjectNode entry) {
      if (file.has("tier-source") && !entry.has("tier-source")) {
        entry.set("tier-source", file.get("tier-source"));
      }
      String id = entry.path("id").asText();
      Optional<HostedModel> known =
          hosted.stream().filter(model -> model.id().equals(id)).reduce((a, b) -> b);
      if (known.isPresent()) {
        ObjectNode before = Binding.tree(known.get());
        ArrayNode names = before.withArrayProperty("aliases");
        entry.path("aliases").forEach(names::add);
        entry.set("aliases", names);
        for (Map.Entry<String, JsonNode> key : before.properties()) {
          if (!entry.has(key.getKey())) {
            entry.set(key.getKey(), key.getValue());
          }
        }
      } else if (!entry.has("tier-source")) {
        entry
            .putObject("tier-source")
            .put("kind", "assumed")
            .put("reference", "as given in " + name)
            .put("date", "not dated");
      }
    }

    private void standingFor(String source, String key, ObjectNode entry) {
      if (sources.named().containsKey(source)) {
        entry.set(key, TextNode.valueOf(source));
      }
    }

    private <T extends Record> T entry(String kind, JsonNode node, Class<T> type, String where) {
      Function<String, Accelerator> byId = id -> Catalog.find(accelerators, id, "accelerator");
      ObjectNode complete = node.deepCopy();
      // One source stands for the tiers, or the weight formats, of all models of a file that names
      // it so.
      if (kind.equals("hosted-models")) {
        completeHosted(complete);
      }
      if (kind.equals("models")) {
        standingFor("tiers", "tier-source", complete);
        standingFor("formats", "quantizations-source", complete);
      }
      return sources
          .inside(node)
          .binding()
          .with(HardwareProfile.ACCELERATORS, byId)
          .bind(complete, type, where);
    }
  }

  // A version's entry has the keys of its engine's entry that it does not give itself.
  private JsonNode inherited(JsonNode node) {
    String id = node.path("id").asText();
    ObjectNode complete = node.deepCopy();
    String line = Engine.line(id);
    if (!line.equals(id)) {
      ObjectNode of = Catalog.find(writtenEngines, line, "engine");
      for (Map.Entry<String, JsonNode> key : of.properties()) {
        if (!NOT_INHERITED.contains(key.getKey()) && !complete.has(key.getKey())) {
          complete.set(key.getKey(), key.getValue());
        }
      }
    }
    writtenEngines.put(id, complete);
    return complete;
  }

  private void putEngine(Engine engine) {
    // What was measured of an engine holds for another setting of it too.
    Engine known = engines.get(engine.id());
    Engine complete = engine;
    if (known != null) {
      complete = complete.with(known.efficiencies());
      for (Arithmetic row : known.arithmetic()) {
        complete = complete.with(row);
      }
    }
    engines.put(engine.id(), complete);
  }

  private void putArithmetic(Arithmetic row) {
    for (String id : row.engines()) {
      boolean found = false;
      for (Map.Entry<String, Engine> engine : engines.entrySet()) {
        if (engine.getKey().equals(id) || engine.getValue().line().equals(id)) {
          engine.setValue(engine.getValue().with(row));
          found = true;
        }
      }
      if (!found) {
        Catalog.find(engines, id, "engine");
      }
    }
  }

  private void putEfficiency(EfficiencyEntry entry) {
    for (String id : entry.engines()) {
      checkComplete(id, entry.efficiency());
      Engine engine = Catalog.find(engines, id, "engine");
      for (String accelerator : entry.accelerators()) {
        engine = engine.with(accelerator, entry.elsewhere());
      }
      for (String accelerator : entry.measuredOn()) {
        engine = engine.with(accelerator, entry.efficiency());
      }
      engines.put(id, engine);
    }
  }

  // An engine's priors name all that it needs; those of one with such a KV buffer, where it has
  // none.
  private void checkComplete(String engine, Efficiency set) {
    Scheduling.KvBuffer buffer = Catalog.find(engines, engine, "engine").scheduling().kvBuffer();
    Set<EfficiencyParameter> needed =
        Stream.concat(
                Stream.of(engine, Engine.line(engine)),
                engines.values().stream()
                    .filter(e -> e.scheduling().kvBuffer() == buffer)
                    .map(Engine::id))
            .filter(priors::containsKey)
            .findFirst()
            .map(id -> priors.get(id).keySet())
            .orElse(Set.of());
    List<String> missing = new ArrayList<>();
    for (EfficiencyParameter parameter : needed) {
      boolean mayLack = parameter.inPlaceOf().map(set::has).orElse(parameter.mayBeLeftOut());
      if (!mayLack && !set.has(parameter)) {
        missing.add(parameter.key());
      }
    }
    if (!missing.isEmpty()) {
      throw new InvalidInput(
          "Missing in the efficiency set of %s for %s: %s (homeward calibrate writes them all)"
              .formatted(set.source().reference(), engine, String.join(", ", missing)));
    }
  }

  private static Engine engine(Fields f) {
    return new Engine(
        f.text("id"),
        f.text("name"),
        f.text("version"),
        f.texts("since"),
        f.flag("default", false),
        scheduling(f),
        new Engine.Support(
            f.texts("families"),
            f.texts("quantizations"),
            f.flag("structured-output", true),
            f.flag("embeddings", true)),
        new Engine.StepLimits(
            limits(f.inside("small")),
            limits(f.inside("large")),
            f.figure("large-memory-gb"),
            f.texts("not-large")),
        new Engine.Memory(
            f.figure("memory-share"),
            f.text("memory-share-of").equals("free") ? Engine.ShareOf.FREE : Engine.ShareOf.TOTAL,
            f.figure("reserve-gb")),
        Map.of(),
        List.of(),
        f.text("note"));
  }

  private static Scheduling scheduling(Fields f) {
    try {
      return Scheduler.read(f.inside("scheduling"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Cannot read scheduling of engine %s: %s".formatted(f.text("id"), e.getMessage()), e);
    }
  }

  private static Engine.Limits limits(Fields f) {
    int tokens = f.integer("tokens", 0);
    return new Engine.Limits(tokens, f.integer("sequences", 0), f.integer("pass", tokens));
  }
}
