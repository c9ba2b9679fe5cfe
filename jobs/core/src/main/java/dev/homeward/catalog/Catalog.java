package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NearestNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What exists: accelerators, boxes, models, formats, engines, hosted models. Read from the
 * program's own YAML files, with the user's entries over them: the same id replaces, a new id adds.
 */
public final class Catalog {
  private static final String FOLDER = "dev/homeward/catalog/";
  private static final List<String> FILES =
      List.of(
          "accelerators",
          "quantizations",
          "engines",
          "priors",
          "efficiency-classes",
          "efficiencies",
          "models",
          "hardware",
          "hosted-models");

  private final Map<String, Accelerator> accelerators = new TreeMap<>();
  private final Map<String, Quantization> quantizations = new TreeMap<>();

  /** In the order of the files, which is the order in which a review tries them. */
  private final Map<String, Engine> engines = new LinkedHashMap<>();

  private final Map<String, LocalModel> models = new TreeMap<>();
  private final Map<String, HardwareProfile> hardware = new TreeMap<>();
  private final Map<String, Map<EfficiencyParameter, EfficiencyPrior>> priors = new TreeMap<>();
  private final List<HostedModel> hosted = new ArrayList<>();
  private final HostedModels hostedModels;
  private final List<String> userDocuments;
  private final String version;

  private Catalog(List<JsonNode> user, List<String> userNames) {
    MessageDigest digest = sha256();
    List<JsonNode> files = new ArrayList<>();
    for (String file : FILES) {
      files.add(Documents.readResource(FOLDER + file + ".yaml"));
    }
    for (JsonNode file : files) {
      add(file, digest);
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < user.size(); i++) {
      try {
        add(user.get(i), digest);
      } catch (IllegalArgumentException e) {
        throw new InvalidInput("%s: %s".formatted(userNames.get(i), e.getMessage()), e);
      }
      texts.add(user.get(i).toString());
    }
    this.userDocuments = List.copyOf(texts);
    this.hostedModels = new HostedModels(hosted);
    this.version = HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  /** The program's own catalog. */
  public static Catalog standard() {
    return new Catalog(List.of(), List.of());
  }

  /**
   * The program's catalog with the entries of the user's files over it.
   *
   * @throws InvalidInput with every problem of a file
   */
  public static Catalog with(List<Path> userFiles) {
    List<JsonNode> documents = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Path file : userFiles) {
      JsonNode document = Documents.read(file);
      Schemas.check("hardware.schema.json", document, file.toString());
      documents.add(document);
      names.add(file.toString());
    }
    return new Catalog(documents, names);
  }

  /** The catalog of {@link #userDocuments} on another machine. */
  public static Catalog parse(List<String> userDocuments) {
    List<JsonNode> documents = new ArrayList<>();
    for (String text : userDocuments) {
      documents.add(Documents.parse(text.getBytes(StandardCharsets.UTF_8), "hardware.json"));
    }
    return new Catalog(documents, userDocuments);
  }

  /** The user's files as JSON, to be sent to other machines. */
  public List<String> userDocuments() {
    return userDocuments;
  }

  /**
   * A user's file that holds one entry of this catalog with other values, and the sources it names.
   *
   * @param kind such as {@code hardware}
   * @param id of the entry
   * @throws InvalidInput if there is no such entry
   */
  public ObjectNode entry(String kind, String id) {
    List<JsonNode> files = new ArrayList<>();
    if (FILES.contains(kind)) {
      files.add(Documents.readResource(FOLDER + kind + ".yaml"));
    }
    for (String text : userDocuments) {
      files.add(Documents.parse(text.getBytes(StandardCharsets.UTF_8), "hardware.json"));
    }
    ObjectNode found = null;
    List<String> names = new ArrayList<>();
    for (JsonNode file : files) {
      for (JsonNode entry : file.path(kind)) {
        names.add(entry.path("id").asText());
        if (entry.path("id").asText().equals(id)) {
          found = JsonNodeFactory.instance.objectNode();
          if (file.has("sources")) {
            found.set("sources", file.get("sources").deepCopy());
          }
          found.putArray(kind).add(entry.deepCopy());
        }
      }
    }
    if (found == null) {
      throw new InvalidInput(
          "Unknown %s: %s (nearest: %s)"
              .formatted(kind, id, String.join(", ", NearestNames.of(id, names, 3))));
    }
    return found;
  }

  /** This catalog with another user's file over it. */
  public Catalog with(JsonNode document, String where) {
    Schemas.check("hardware.schema.json", document, where);
    List<String> texts = new ArrayList<>(userDocuments);
    texts.add(document.toString());
    return parse(texts);
  }

  /** First 16 hex digits of the SHA-256 over all entries. */
  public String version() {
    return version;
  }

  public Accelerator accelerator(String id) {
    return find(accelerators, id, "accelerator");
  }

  public Quantization quantization(String id) {
    return find(quantizations, id, "quantization");
  }

  public Engine engine(String id) {
    return find(engines, id, "engine");
  }

  public LocalModel model(String id) {
    return find(models, id, "local model");
  }

  public HardwareProfile hardware(String id) {
    return find(hardware, id, "hardware");
  }

  public List<Accelerator> accelerators() {
    return List.copyOf(accelerators.values());
  }

  public List<Quantization> quantizations() {
    return List.copyOf(quantizations.values());
  }

  /** All engines, in the order in which a review would try them. */
  public List<Engine> engines() {
    return List.copyOf(engines.values());
  }

  /**
   * The engines that a review tries, the one it tries first first.
   *
   * @throws InvalidInput if there are none
   */
  public List<Engine> defaultEngines() {
    List<Engine> tried = engines.values().stream().filter(Engine::defaultCandidate).toList();
    if (tried.isEmpty()) {
      throw new InvalidInput(
          "Cannot plan: no engine is default: true (one of %s must be)"
              .formatted(String.join(", ", engines.keySet())));
    }
    return tried;
  }

  public List<LocalModel> models() {
    return List.copyOf(models.values());
  }

  public List<HardwareProfile> hardware() {
    return List.copyOf(hardware.values());
  }

  /**
   * What is known of an engine's efficiency before it is measured.
   *
   * @throws InvalidInput if the engine has no priors
   */
  public Map<EfficiencyParameter, EfficiencyPrior> priors(Engine engine) {
    Map<EfficiencyParameter, EfficiencyPrior> found = priors.get(engine.id());
    if (found == null) {
      throw new InvalidInput(
          "Cannot calibrate %s: no priors (known: %s)".formatted(engine.id(), priors.keySet()));
    }
    return found;
  }

  public HostedModels hostedModels() {
    return hostedModels;
  }

  private static <T> T find(Map<String, T> entries, String id, String what) {
    T entry = entries.get(id);
    if (entry == null) {
      throw new InvalidInput(
          "Unknown %s: %s (nearest: %s)"
              .formatted(what, id, String.join(", ", NearestNames.of(id, entries.keySet(), 3))));
    }
    return entry;
  }

  private void add(JsonNode file, MessageDigest digest) {
    digest.update(file.toString().getBytes(StandardCharsets.UTF_8));
    Map<String, Source> sources = Fields.sources(file);
    for (JsonNode node : file.path("accelerators")) {
      Accelerator a = accelerator(new Fields(node, sources));
      accelerators.put(a.id(), a);
    }
    for (JsonNode node : file.path("quantizations")) {
      Quantization q = quantization(new Fields(node, sources));
      quantizations.put(q.id(), q);
    }
    for (JsonNode node : file.path("engines")) {
      Engine e = engine(new Fields(node, sources));
      // What was measured of an engine holds for another setting of it too.
      Engine known = engines.get(e.id());
      engines.put(e.id(), known == null ? e : e.with(known.efficiencies()));
    }
    for (JsonNode node : file.path("priors")) {
      Map<EfficiencyParameter, EfficiencyPrior> values = priors(new Fields(node, sources));
      node.path("engines").forEach(engine -> priors.put(engine.asText(), values));
    }
    for (JsonNode node : file.path("efficiencies")) {
      Fields f = new Fields(node, sources);
      Efficiency set = efficiency(f);
      for (String id : f.texts("engines")) {
        checkComplete(id, set);
        Engine e = engine(id);
        for (String accelerator : f.texts("accelerators")) {
          e = e.with(accelerator, set);
        }
        engines.put(e.id(), e);
      }
    }
    if (file.has("models")) {
      Source tiers = sources.get("tiers");
      for (JsonNode node : file.path("models")) {
        Fields f = new Fields(node, sources);
        LocalModel m = model(f, tiers == null ? f.source() : tiers);
        models.put(m.id(), m);
      }
    }
    for (JsonNode node : file.path("hardware")) {
      HardwareProfile h = hardware(new Fields(node, sources));
      hardware.put(h.id(), h);
    }
    if (file.has("hosted-models")) {
      Source tier = new Fields(file, sources).source(file.get("tier-source"));
      for (JsonNode node : file.get("hosted-models")) {
        hosted.add(hostedModel(new Fields(node, sources), tier));
      }
    }
  }

  private static Accelerator accelerator(Fields f) {
    return new Accelerator(
        f.text("id"),
        f.text("name"),
        f.text("vendor"),
        f.text("family"),
        f.figure("memory-gb"),
        f.figure("bandwidth-gb-per-s"),
        f.figure("fp16-tflops"),
        f.optional("fp8-tflops"),
        f.optional("int8-tops"),
        f.optional("fp4-tflops"),
        f.figure("tdp-watts"),
        f.optional("link-gb-per-s"),
        f.text("note"));
  }

  private static Quantization quantization(Fields f) {
    return new Quantization(
        f.text("id"),
        f.text("name"),
        f.figure("bits-per-weight"),
        f.optional("other-bits"),
        Quantization.Compute.valueOf(f.text("compute").toUpperCase(Locale.ROOT)),
        f.text("note"));
  }

  private static Engine engine(Fields f) {
    return new Engine(
        f.text("id"),
        f.text("name"),
        f.text("version"),
        f.flag("default", false),
        scheduling(f),
        new Engine.Support(
            f.texts("families"), f.texts("quantizations"), f.flag("structured-output", true)),
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

  private static Efficiency efficiency(Fields f) {
    Map<EfficiencyParameter, Double> values = new EnumMap<>(EfficiencyParameter.class);
    Fields given = f.inside("values");
    for (String key : (Iterable<String>) given.node()::fieldNames) {
      values.put(parameter(key), given.number(key, Double.NaN));
    }
    double residual = f.number("residual", Double.NaN);
    return new Efficiency(values, residual, f.number("mixture-residual", residual), f.source());
  }

  // An engine's priors name all that it needs; those of one with such a KV buffer, where it has
  // none.
  private void checkComplete(String engine, Efficiency set) {
    Scheduling.KvBuffer buffer = engine(engine).scheduling().kvBuffer();
    Set<EfficiencyParameter> needed =
        Stream.concat(
                Stream.of(engine),
                engines.values().stream()
                    .filter(e -> e.scheduling().kvBuffer() == buffer)
                    .map(Engine::id))
            .filter(priors::containsKey)
            .findFirst()
            .map(id -> priors.get(id).keySet())
            .orElse(Set.of());
    List<String> missing = new ArrayList<>();
    for (EfficiencyParameter parameter : needed) {
      if (!set.values().containsKey(parameter)) {
        missing.add(parameter.key());
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "Missing in the efficiency set of %s for %s: %s (homeward calibrate writes them all)"
              .formatted(set.source().reference(), engine, String.join(", ", missing)));
    }
  }

  private static EfficiencyParameter parameter(String key) {
    return EfficiencyParameter.of(key)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Unknown efficiency parameter: %s (one of %s)"
                        .formatted(key, EfficiencyParameter.keys())));
  }

  private static Map<EfficiencyParameter, EfficiencyPrior> priors(Fields f) {
    Map<EfficiencyParameter, EfficiencyPrior> priors = new EnumMap<>(EfficiencyParameter.class);
    Fields values = f.inside("values");
    for (String key : (Iterable<String>) values.node()::fieldNames) {
      JsonNode pair = values.node().get(key);
      priors.put(
          parameter(key),
          new EfficiencyPrior(pair.get(0).doubleValue(), pair.get(1).doubleValue()));
    }
    return priors;
  }

  private static LocalModel model(Fields f, Source tierSource) {
    int layers = f.integer("layers", 0);
    long parameters = f.longInteger("parameters", 0);
    List<String> modalities = f.texts("modalities");
    return new LocalModel(
        f.text("id"),
        f.text("name"),
        Tier.valueOf(word(f.text("tier"))),
        tierSource,
        f.flag("embedding", false),
        parameters,
        f.longInteger("active-parameters", parameters),
        layers,
        f.integer("full-attention-layers", layers),
        f.integer("sliding-window", 0),
        f.integer("sliding-window-layers", 0),
        f.integer("hidden", 0),
        f.integer("heads", 0),
        f.integer("kv-heads", 0),
        f.integer("head-dim", 0),
        f.integer("feed-forward", 0),
        f.flag("gated", true),
        f.integer("vocabulary", 0),
        f.flag("tied", false),
        f.integer("experts", 0),
        f.integer("experts-per-token", 0),
        f.integer("shared-experts", 0),
        f.integer("dense-layers", 0),
        f.integer("dense-feed-forward", 0),
        f.integer("kv-lora-rank", 0),
        f.integer("qk-rope-dim", 0),
        f.integer("attended-tokens", 0),
        f.integer("context-window", 0),
        modalities.isEmpty() ? List.of("text") : modalities,
        f.flag("tools", false),
        f.texts("languages"),
        f.texts("quantizations"),
        f.text("licence"),
        f.source(),
        f.flag("default", false),
        f.optionalText("note"));
  }

  private HardwareProfile hardware(Fields f) {
    Fields a = f.inside("acquisition");
    return new HardwareProfile(
        f.text("id"),
        f.text("name"),
        accelerator(f.text("accelerator")),
        f.integer("count", 1),
        f.figure("usable-memory-share", 1.0),
        f.figure("idle-watts"),
        f.figure("busy-watts"),
        f.figure("load-gb-per-s"),
        new Acquisition(
            Acquisition.Mode.valueOf(word(a.text("mode"))),
            a.optional("price-usd"),
            a.optional("hourly-usd"),
            a.optional("monthly-usd"),
            a.integer("hours-per-day", 24),
            a.integer("start-hour", 0),
            a.flag("includes-power", false)),
        f.flag("default", false),
        f.text("note"));
  }

  private static HostedModel hostedModel(Fields f, Source tierSource) {
    return new HostedModel(
        f.text("id"),
        f.text("id"),
        f.text("provider"),
        f.texts("aliases"),
        Tier.valueOf(word(f.text("tier"))),
        tierSource,
        f.integer("context-window", 0));
  }

  private static String word(String text) {
    return text.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
