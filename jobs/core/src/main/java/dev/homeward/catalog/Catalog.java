package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.config.Binding;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NearestNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What exists: accelerators, boxes, models, formats, engines, hosted models. Read from the
 * program's own YAML files, with the user's entries over them: the same id replaces, a new id adds.
 */
public final class Catalog {
  private static final String FOLDER = "dev/homeward/catalog/";
  private static final String SCHEMA = "hardware.schema.json";
  private static final List<String> FILES =
      List.of(
          "accelerators",
          "quantizations",
          "engines",
          "arithmetic",
          "priors",
          "efficiency-classes",
          "efficiencies",
          "models",
          "hardware",
          "hosted-models");

  private static final Set<String> MODES_FIGURES =
      Set.of("mode", "price-usd", "hourly-usd", "monthly-usd");

  private final CatalogEntries entries;
  private final HostedModels hostedModels;
  private final List<String> userDocuments;
  private final String version;

  private Catalog(CatalogEntries entries, List<String> userDocuments) {
    this.entries = entries;
    this.hostedModels = new HostedModels(entries.hosted);
    this.userDocuments = List.copyOf(userDocuments);
    MessageDigest digest = sha256();
    OwnFiles.TEXTS.forEach(text -> digest.update(text.getBytes(StandardCharsets.UTF_8)));
    userDocuments.forEach(text -> digest.update(text.getBytes(StandardCharsets.UTF_8)));
    this.version = HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  /** The program's own files, read once. */
  private static final class OwnFiles {
    private static final List<String> TEXTS = new ArrayList<>();
    private static final Catalog CATALOG;

    static {
      CatalogEntries entries = new CatalogEntries();
      for (String file : FILES) {
        String name = FOLDER + file + ".yaml";
        JsonNode document = Documents.readResource(name);
        TEXTS.add(document.toString());
        entries.add(name, document);
      }
      CATALOG = new Catalog(entries, List.of());
    }
  }

  /** The program's own catalog. */
  public static Catalog standard() {
    return OwnFiles.CATALOG;
  }

  /**
   * The program's catalog with the entries of the user's files over it.
   *
   * @throws InvalidInput with every problem of a file
   */
  public static Catalog with(List<Path> userFiles) {
    Catalog catalog = standard();
    for (Path file : userFiles) {
      catalog = catalog.with(Documents.read(file), file.toString());
    }
    return catalog;
  }

  /** The catalog of {@link #userDocuments} on another machine, or of a review made earlier. */
  public static Catalog parse(List<String> userDocuments) {
    CatalogEntries all = new CatalogEntries(standard().entries);
    for (String text : userDocuments) {
      all.add(
          "kept catalog", Documents.parse(text.getBytes(StandardCharsets.UTF_8), "hardware.json"));
    }
    return new Catalog(all, userDocuments);
  }

  /** The user's files as JSON, to be sent to other machines and kept with a review. */
  public List<String> userDocuments() {
    return userDocuments;
  }

  /**
   * This catalog with another user's file over it.
   *
   * @param where how messages name it
   * @throws InvalidInput with every problem
   */
  public Catalog with(JsonNode document, String where) {
    Schemas.check(SCHEMA, document, where);
    CatalogEntries all = new CatalogEntries(entries);
    all.add(where, document);
    List<String> texts = new ArrayList<>(userDocuments);
    texts.add(document.toString());
    return new Catalog(all, texts);
  }

  /** This catalog with another box, which replaces the one with its id. */
  public Catalog with(HardwareProfile box) {
    return with(document(Binding.tree(box)), box.id());
  }

  /**
   * This catalog with another value of one key of a box, as its file would have it.
   *
   * @param key of the box or of its acquisition, such as {@code busy-watts} or {@code hourly-usd};
   *     {@code price} stands for {@code price-usd}. A price or rent given so is certain: its range
   *     goes
   * @param where how messages name it
   * @throws InvalidInput if there is no such box or key, or it cannot have the value
   */
  public Catalog withHardware(String id, String key, JsonNode value, String where) {
    ObjectNode box = Binding.tree(hardware(id));
    String name = key.equals("price") ? "price-usd" : key;
    boolean inAcquisition = Binding.keys(Acquisition.class).contains(name);
    ObjectNode of = (ObjectNode) (inAcquisition ? box.get("acquisition") : box);
    if (MODES_FIGURES.contains(name)) {
      // Whoever says what it costs does not mean the range of others' offers.
      of.remove(List.of("low-usd", "high-usd"));
    }
    of.set(name, value);
    return with(document(box), where);
  }

  private static ObjectNode document(ObjectNode box) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.putArray("hardware").add(box);
    return document;
  }

  /** First 16 hex digits of the SHA-256 over all entries. */
  public String version() {
    return version;
  }

  public Accelerator accelerator(String id) {
    return find(entries.accelerators, id, "accelerator");
  }

  public Quantization quantization(String id) {
    return find(entries.quantizations, id, "quantization");
  }

  public Engine engine(String id) {
    return find(entries.engines, id, "engine");
  }

  /**
   * The version of an engine that a build is of: today's where the text does not say which.
   *
   * @param build as a file of measurements names it; may be empty
   */
  public Engine engine(String id, String build) {
    Engine today = engine(id);
    List<Engine> versions = versions(today);
    return EngineVersions.of(versions, build).orElse(today);
  }

  /** All versions of an engine in the catalog, today's first. */
  public List<Engine> versions(Engine engine) {
    return entries.engines.values().stream()
        .filter(e -> e.line().equals(engine.line()))
        .sorted(Comparator.comparing((Engine e) -> !e.id().equals(e.line())))
        .toList();
  }

  public LocalModel model(String id) {
    return find(entries.models, id, "local model");
  }

  public HardwareProfile hardware(String id) {
    return find(entries.hardware, id, "hardware");
  }

  public List<Accelerator> accelerators() {
    return List.copyOf(entries.accelerators.values());
  }

  public List<Quantization> quantizations() {
    return List.copyOf(entries.quantizations.values());
  }

  /** All engines, in the order in which a review would try them. */
  public List<Engine> engines() {
    return List.copyOf(entries.engines.values());
  }

  /**
   * The engines that a review tries, the one it tries first first.
   *
   * @throws InvalidInput if there are none, or nothing can run on one of them
   */
  public List<Engine> defaultEngines() {
    List<Engine> tried =
        entries.engines.values().stream().filter(Engine::defaultCandidate).toList();
    if (tried.isEmpty()) {
      throw new InvalidInput(
          "Cannot plan: no engine is default: true (one of %s must be)"
              .formatted(String.join(", ", entries.engines.keySet())));
    }
    for (Engine engine : tried) {
      if (engine.efficiencies().isEmpty()) {
        throw new InvalidInput(
            "Cannot plan: engine %s is default: true and has no efficiency parameters on any chip (give it a set under efficiencies, in the file that has the engine)"
                .formatted(engine.id()));
      }
    }
    return tried;
  }

  public List<LocalModel> models() {
    return List.copyOf(entries.models.values());
  }

  public List<HardwareProfile> hardware() {
    return List.copyOf(entries.hardware.values());
  }

  /**
   * What is known of an engine's efficiency before it is measured.
   *
   * @throws InvalidInput if the engine has no priors
   */
  public Map<EfficiencyParameter, EfficiencyPrior> priors(Engine engine) {
    Map<EfficiencyParameter, EfficiencyPrior> found = entries.priors.get(engine.id());
    if (found == null) {
      found = entries.priors.get(engine.line());
    }
    if (found == null) {
      throw new InvalidInput(
          "Cannot calibrate %s: no priors (known: %s)"
              .formatted(engine.id(), entries.priors.keySet()));
    }
    return found;
  }

  public HostedModels hostedModels() {
    return hostedModels;
  }

  /**
   * A hosted model by any of its names.
   *
   * @throws InvalidInput if there is none of this name, with the nearest ones
   */
  public HostedModel hostedModel(String name) {
    return hostedModels
        .resolve(name)
        .orElseThrow(
            () ->
                new InvalidInput(
                    "Unknown hosted model: %s (nearest: %s)"
                        .formatted(name, String.join(", ", hostedModels.nearest(name)))));
  }

  static <T> T find(Map<String, T> entries, String id, String what) {
    T entry = entries.get(id);
    if (entry == null) {
      throw new InvalidInput(
          "Unknown %s: %s (nearest: %s)"
              .formatted(what, id, String.join(", ", NearestNames.of(id, entries.keySet(), 3))));
    }
    return entry;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
