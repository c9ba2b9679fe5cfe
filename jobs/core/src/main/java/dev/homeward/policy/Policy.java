package dev.homeward.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.BillingMode;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Tier;
import dev.homeward.config.Binding;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The organisation's policy: who owns which call, where its data may go, what it needs. Read from
 * YAML (schemas/policy.schema.json); a file replaces the keys it names and keeps the defaults of
 * the others.
 */
public final class Policy {
  private static final String SCHEMA = "policy.schema.json";
  private static final String METADATA = "metadata.";
  private static final String DEFAULTS = "dev/homeward/policy/default-policy.yaml";
  private static final String WORKLOADS = "workloads";

  /** Keys that act while a log is read. */
  private static final List<String> OF_READING =
      List.of(
          "workload-rules",
          "owner-rules",
          "billing-rules",
          "data-class-sources",
          "served-locally",
          "most-workloads");

  /** What was written or parsed last: each task of an ingest asks for the same policy. */
  private static final AtomicReference<Parsed> LAST = new AtomicReference<>();

  private record Parsed(String text, Policy policy) {}

  private final ObjectNode document;
  private final PolicyKeys keys;
  private final DataClasses classes;
  private final NamingRules sources;
  private final NamingRules workloadRules;
  private final NamingRules ownerRules;
  private final RuleIndex billingRules;
  private final Map<String, WorkloadPolicy> workloads;

  // The document has all keys, those of the defaults too.
  private Policy(ObjectNode document, String where) {
    this.document = document;
    ObjectNode common = JsonNodeFactory.instance.objectNode().setAll(document);
    JsonNode named = common.has(WORKLOADS) ? common.remove(WORKLOADS) : common.objectNode();
    this.keys = Binding.plain().bind(common, PolicyKeys.class, where);
    List<String> problems = DataClasses.problems(keys.dataClasses(), where);
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    this.sources = new NamingRules(keys.dataClassSources());
    this.classes = new DataClasses(keys.dataClasses(), sources, keys.unclassified());
    this.workloadRules = new NamingRules(keys.workloadRules());
    this.ownerRules = new NamingRules(keys.ownerRules());
    this.billingRules =
        new RuleIndex(keys.billingRules().stream().map(BillingRule::match).toList());
    this.workloads = workloads(named, where);
  }

  // One at a time, and what is said of many workloads once: a policy may name a hundred thousand.
  static Map<String, WorkloadPolicy> workloads(JsonNode named, String where) {
    Map<String, WorkloadPolicy> workloads = new TreeMap<>();
    Map<JsonNode, WorkloadPolicy> said = new HashMap<>();
    for (Map.Entry<String, JsonNode> e : named.properties()) {
      WorkloadPolicy known = said.get(e.getValue());
      if (known == null) {
        String at = "%s /%s/%s".formatted(where, WORKLOADS, e.getKey());
        known = Binding.plain().bind(e.getValue(), WorkloadPolicy.class, at);
        said.put(e.getValue(), known);
      }
      workloads.put(e.getKey(), known);
    }
    return workloads;
  }

  /** The policy without a file. */
  public static Policy defaults() {
    return new Policy(defaultKeys(), DEFAULTS);
  }

  private static ObjectNode defaultKeys() {
    return (ObjectNode) Documents.readResource(DEFAULTS);
  }

  /**
   * The policy in a file, over the defaults.
   *
   * @throws InvalidInput with every problem of the file
   */
  public static Policy load(Path file) {
    JsonNode given = Documents.read(file);
    if (given.isMissingNode() || given.isNull()) {
      return defaults();
    }
    Schemas.check(SCHEMA, given, file.toString());
    return new Policy(defaultKeys().setAll((ObjectNode) given), file.toString());
  }

  /**
   * The policy as one line of JSON; {@link #parse} reads it back. Kept with a review and sent to
   * other machines.
   */
  public String text() {
    String text = document.toString();
    // Tasks of this process, which will parse it, need not.
    LAST.set(new Parsed(text, this));
    return text;
  }

  /** The policy of {@link #text}. A key that was added to the program since has its default. */
  public static Policy parse(String text) {
    Parsed last = LAST.get();
    if (last != null && last.text().equals(text)) {
      return last.policy();
    }
    Policy policy = parsed(text);
    LAST.set(new Parsed(text, policy));
    return policy;
  }

  private static Policy parsed(String text) {
    JsonNode kept = Documents.parse(text.getBytes(StandardCharsets.UTF_8), "policy.json");
    return new Policy(defaultKeys().setAll((ObjectNode) kept), "kept policy");
  }

  /**
   * This policy with some keys replaced; the settings of a workload are merged key by key.
   *
   * @param where how messages name them
   * @throws InvalidInput with every problem
   */
  public Policy with(ObjectNode given, String where) {
    Schemas.check(SCHEMA, given, where);
    ObjectNode merged = document.deepCopy();
    for (Map.Entry<String, JsonNode> e : given.properties()) {
      if (e.getKey().equals(WORKLOADS)) {
        ObjectNode workloads = merged.withObjectProperty(WORKLOADS);
        for (Map.Entry<String, JsonNode> w : e.getValue().properties()) {
          workloads.withObjectProperty(w.getKey()).setAll((ObjectNode) w.getValue());
        }
      } else {
        merged.set(e.getKey(), e.getValue());
      }
    }
    return new Policy(merged, where);
  }

  /** The keys, other than in another policy, by which a log would be read otherwise. */
  public List<String> readsOtherwise(Policy other) {
    List<String> otherwise = new ArrayList<>();
    for (String key : OF_READING) {
      if (!document.path(key).equals(other.document.path(key))) {
        otherwise.add(key);
      }
    }
    // Where a class of data may go is asked later; which tags mean it is not.
    if (!classNames().equals(other.classNames())) {
      otherwise.add("data-classes (their names and aliases)");
    }
    Set<String> named = new TreeSet<>(workloads.keySet());
    named.addAll(other.workloads.keySet());
    for (String name : named) {
      if (!workloadPolicy(name).owner().equals(other.workloadPolicy(name).owner())) {
        otherwise.add("%s.%s.owner".formatted(WORKLOADS, name));
      }
    }
    return otherwise;
  }

  private List<List<String>> classNames() {
    return keys.dataClasses().stream()
        .map(of -> Stream.concat(Stream.of(of.name()), of.aliases().stream()).toList())
        .toList();
  }

  /** This policy with these boxes, by id, as the only ones for a workload. */
  public Policy withHardware(String workload, List<String> boxes) {
    ObjectNode merged = document.deepCopy();
    ObjectNode settings = merged.withObjectProperty(WORKLOADS).withObjectProperty(workload);
    settings.remove("placement");
    var list = settings.putArray("hardware");
    boxes.forEach(list::add);
    return new Policy(merged, workload);
  }

  /** The workload, data class and owner of a call; a pure function of the call's attributes. */
  public Attribution attribute(CallDraft draft) {
    CallDraft.Attributes attributes = draft.attributes;
    String workload = workloadRules.first(attributes);
    String owner = ownerRules.first(attributes);
    String name = workload == null ? WorkloadKey.UNASSIGNED : workload;
    return new Attribution(
        name,
        classes.of(attributes),
        workloadPolicy(name).owner().orElse(owner),
        billing(attributes));
  }

  private BillingMode billing(CallDraft.Attributes attributes) {
    List<RuleIndex.Hit> hits = billingRules.hits(attributes);
    return hits.isEmpty()
        ? PolicyKeys.billing(attributes)
        : keys.billingRules().get(hits.get(0).rule()).billingMode();
  }

  /** Whether a rule takes a name from attributes of this source. */
  public boolean reads(String source) {
    return workloadRules.reads(source)
        || ownerRules.reads(source)
        || sources.reads(source)
        || keys.billingRules().stream().anyMatch(rule -> rule.match().from().equals(source));
  }

  /** The keys of metadata that rules take names from, in their order. */
  public List<String> metadataKeys() {
    return sourcesOfRules()
        .filter(source -> source.startsWith(METADATA))
        .map(source -> source.substring(METADATA.length()))
        .distinct()
        .toList();
  }

  private Stream<String> sourcesOfRules() {
    return Stream.concat(
        Stream.of(keys.workloadRules(), keys.ownerRules(), keys.dataClassSources())
            .flatMap(List::stream)
            .map(rule -> rule.match().from()),
        keys.billingRules().stream().map(rule -> rule.match().from()));
  }

  /**
   * Whether the policy says that a server of one's own answered a call; each may be null where the
   * record does not say.
   *
   * @param address host name or URL of the server
   */
  public boolean isServedLocally(
      String provider, String address, String requestModel, String responseModel) {
    for (OwnServer server : keys.servedLocally()) {
      if (server.served(provider, address, requestModel, responseModel)) {
        return true;
      }
    }
    return false;
  }

  /** The rule of a data class. Data of a class that the policy does not know must stay local. */
  public DataClassRule dataClass(String name) {
    return classes.rule(name);
  }

  /** What the policy says of a workload. */
  public WorkloadPolicy workloadPolicy(String workload) {
    return workloads.getOrDefault(workload, WorkloadPolicy.NONE);
  }

  /** Names of the workloads that the policy mentions, sorted. */
  public List<String> workloadNames() {
    return List.copyOf(workloads.keySet());
  }

  /** Ids of the boxes to consider; empty: the catalog's default set. */
  public List<String> hardware() {
    return keys.hardware();
  }

  /** The limits of a plan. */
  public PortfolioLimits portfolio() {
    return keys.portfolio();
  }

  /** How many workloads have a row of their own; of a log with more, the smallest share one. */
  public int mostWorkloads() {
    return keys.mostWorkloads();
  }

  /** Models of lower tiers than this are not offered to a workload for an evaluation. */
  public Tier lowestTierToEvaluate(String workload) {
    return workloadPolicy(workload).lowestTierToEvaluate().orElse(keys.lowestTierToEvaluate());
  }

  /** What a local model needs, to be taken for good enough. */
  public EnoughEvidence enoughEvidence() {
    return keys.enoughEvidence();
  }

  /** Share of futures in which a move must save. */
  public double leastProbability() {
    return keys.leastProbability();
  }

  /** How far a local score may lie below the hosted score. */
  public double nonInferiorityMargin() {
    return keys.nonInferiorityMargin();
  }
}
