package dev.homeward.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Tier;
import dev.homeward.config.Binding;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The organisation's policy: who owns which call, where its data may go, what it needs. Read from
 * YAML (schemas/policy.schema.json); a file replaces the keys it names and keeps the defaults of
 * the others.
 */
public final class Policy {
  private static final String SCHEMA = "policy.schema.json";
  private static final String DEFAULTS = "dev/homeward/policy/default-policy.yaml";

  private final ObjectNode document;
  private final PolicyKeys keys;
  private final DataClasses classes;

  // The document has all keys, those of the defaults too.
  private Policy(ObjectNode document, String where) {
    this.document = document;
    this.keys = Binding.plain().bind(document, PolicyKeys.class, where);
    List<String> problems = DataClasses.problems(keys.dataClasses(), where);
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    this.classes =
        new DataClasses(keys.dataClasses(), keys.dataClassSources(), keys.unclassified());
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
    return document.toString();
  }

  /** The policy of {@link #text}. A key that was added to the program since has its default. */
  public static Policy parse(String text) {
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
      if (e.getKey().equals("workloads")) {
        ObjectNode workloads = merged.withObjectProperty("workloads");
        for (Map.Entry<String, JsonNode> w : e.getValue().properties()) {
          workloads.withObjectProperty(w.getKey()).setAll((ObjectNode) w.getValue());
        }
      } else {
        merged.set(e.getKey(), e.getValue());
      }
    }
    return new Policy(merged, where);
  }

  /** This policy with these boxes, by id, as the only ones for a workload. */
  public Policy withHardware(String workload, List<String> boxes) {
    ObjectNode merged = document.deepCopy();
    ObjectNode settings = merged.withObjectProperty("workloads").withObjectProperty(workload);
    settings.remove("placement");
    var list = settings.putArray("hardware");
    boxes.forEach(list::add);
    return new Policy(merged, workload);
  }

  /** The workload, data class and owner of a call; a pure function of the call's attributes. */
  public Attribution attribute(CallDraft draft) {
    CallDraft.Attributes attributes = draft.attributes;
    String workload = PolicyKeys.first(keys.workloadRules(), attributes);
    String owner = PolicyKeys.first(keys.ownerRules(), attributes);
    String name = workload == null ? WorkloadKey.UNASSIGNED : workload;
    return new Attribution(
        name,
        classes.of(attributes),
        workloadPolicy(name).owner().orElse(owner),
        keys.billing(attributes));
  }

  /** Whether a rule takes a name from attributes of this source. */
  public boolean reads(String source) {
    return Stream.of(keys.workloadRules(), keys.ownerRules(), keys.dataClassSources())
            .flatMap(List::stream)
            .anyMatch(rule -> rule.match().from().equals(source))
        || keys.billingRules().stream().anyMatch(rule -> rule.match().from().equals(source));
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
    return keys.workloads().getOrDefault(workload, WorkloadPolicy.NONE);
  }

  /** Names of the workloads that the policy mentions, sorted. */
  public List<String> workloadNames() {
    return List.copyOf(keys.workloads().keySet());
  }

  /** Ids of the boxes to consider; empty: the catalog's default set. */
  public List<String> hardware() {
    return keys.hardware();
  }

  /** The limits of a plan. */
  public PortfolioLimits portfolio() {
    return keys.portfolio();
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
