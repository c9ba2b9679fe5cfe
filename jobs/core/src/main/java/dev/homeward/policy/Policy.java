package dev.homeward.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.BillingMode;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The organisation's policy: who owns which call, what its data may do, what it needs. Read from
 * YAML (schemas/policy.schema.json); a file replaces the keys it names and keeps the defaults of
 * the others.
 */
public final class Policy {
  private static final String SCHEMA = "policy.schema.json";
  private static final String DEFAULTS = "dev/homeward/policy/default-policy.yaml";
  private static final int LONGEST_NAME = 120;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String text;
  private final List<NamingRule> workloadRules;
  private final List<NamingRule> ownerRules;
  private final List<NamingRule> billingRules;
  private final List<NamingRule> classSources;
  private final List<DataClassRule> classes;
  private final Map<String, Integer> classRank = new HashMap<>();
  private final Place unclassified;
  private final List<String> hardware;
  private final double margin;
  private final Map<String, WorkloadPolicy> workloads;
  private final PortfolioLimits portfolio;

  private Policy(JsonNode document) {
    this.text = canonical(document);
    this.workloadRules = rules(document.get("workload-rules"), "name");
    this.ownerRules = rules(document.get("owner-rules"), "name");
    this.billingRules = rules(document.get("billing-rules"), "billing-mode");
    this.classSources = rules(document.get("data-class-sources"), "name");
    this.classes = classes(document.get("data-classes"));
    this.unclassified = place(document.get("unclassified").textValue());
    this.hardware = texts(document.get("hardware"));
    this.margin = document.get("non-inferiority-margin").doubleValue();
    this.workloads = workloads(document.get("workloads"));
    this.portfolio = portfolio(document.path("portfolio"));
    for (int rank = 0; rank < classes.size(); rank++) {
      classRank.put(classes.get(rank).name(), rank);
      for (String alias : classes.get(rank).aliases()) {
        classRank.put(alias, rank);
      }
    }
  }

  /** The policy without a file. */
  public static Policy defaults() {
    return new Policy(Documents.readResource(DEFAULTS));
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
    List<String> problems = new ArrayList<>(Schemas.problems(SCHEMA, given, file.toString()));
    if (problems.isEmpty()) {
      problems.addAll(classProblems(given.path("data-classes"), file));
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    ObjectNode merged = (ObjectNode) Documents.readResource(DEFAULTS);
    merged.setAll((ObjectNode) given);
    return new Policy(merged);
  }

  // What a schema cannot say. A name in two classes, or a class that is never looked at, would let
  // data
  // out that somebody meant to keep in.
  private static List<String> classProblems(JsonNode nodes, Path file) {
    List<String> problems = new ArrayList<>();
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      JsonNode node = nodes.get(i);
      String where = file + " /data-classes/" + i + ": ";
      List<String> names = new ArrayList<>();
      names.add(node.get("name").textValue());
      names.addAll(texts(node.get("aliases")));
      for (String name : names) {
        String word = name.toLowerCase(Locale.ROOT);
        if (word.equals(WorkloadKey.UNCLASSIFIED)) {
          problems.add(
              where
                  + "'unclassified' is no class (say where such calls may go with unclassified:)");
        }
        Integer other = first.putIfAbsent(word, i);
        if (other != null && other != i) {
          problems.add(where + "'" + name + "' already stands in /data-classes/" + other);
        }
      }
      boolean agreement = place(node.get("place").textValue()) == Place.API_WITH_AGREEMENT;
      boolean providers = !texts(node.get("providers")).isEmpty();
      if (agreement && !providers) {
        problems.add(where + "api-with-agreement needs providers");
      } else if (!agreement && providers) {
        problems.add(where + "providers go with place api-with-agreement only");
      }
    }
    return problems;
  }

  /** The policy as one line of JSON; {@link #parse} reads it back. Sent to other machines. */
  public String text() {
    return text;
  }

  /** The policy of {@link #text}. */
  public static Policy parse(String text) {
    return new Policy(Documents.parse(text.getBytes(StandardCharsets.UTF_8), "policy.json"));
  }

  /**
   * This policy with other keys over it; workloads that are named are replaced key by key.
   *
   * @param where how messages name them
   * @throws InvalidInput with every problem
   */
  public Policy with(ObjectNode given, String where) {
    List<String> problems = new ArrayList<>(Schemas.problems(SCHEMA, given, where));
    if (problems.isEmpty()) {
      problems.addAll(classProblems(given.path("data-classes"), Path.of(where)));
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    ObjectNode merged =
        (ObjectNode) Documents.parse(text.getBytes(StandardCharsets.UTF_8), "policy.json");
    for (Map.Entry<String, JsonNode> e : given.properties()) {
      if (e.getKey().equals("workloads") && merged.has("workloads")) {
        ObjectNode workloads = (ObjectNode) merged.get("workloads");
        for (Map.Entry<String, JsonNode> w : e.getValue().properties()) {
          if (workloads.has(w.getKey())) {
            ((ObjectNode) workloads.get(w.getKey())).setAll((ObjectNode) w.getValue());
          } else {
            workloads.set(w.getKey(), w.getValue());
          }
        }
      } else {
        merged.set(e.getKey(), e.getValue());
      }
    }
    return new Policy(merged);
  }

  /** Whose a call is; a pure function of the call's attributes. */
  public Attribution attribute(CallDraft draft) {
    CallDraft.Attributes attributes = draft.attributes;
    String workload = first(workloadRules, attributes);
    String owner = first(ownerRules, attributes);
    String ruled = first(billingRules, attributes);
    String billing = ruled != null ? ruled : loggedBilling(attributes);
    String name = workload == null ? WorkloadKey.UNASSIGNED : workload;
    Optional<String> fixedOwner = workloadPolicy(name).owner();
    return new Attribution(
        name,
        dataClass(attributes),
        fixedOwner.orElse(owner),
        billing == null
            ? BillingMode.METERED
            : BillingMode.valueOf(billing.toUpperCase(Locale.ROOT)));
  }

  // What the log itself says counts where no rule speaks, if it is one of the known modes.
  private static String loggedBilling(CallDraft.Attributes attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      for (BillingMode mode : BillingMode.values()) {
        if (attributes.source(i).equals("billing-mode")
            && mode.word().equals(attributes.value(i))) {
          return mode.word();
        }
      }
    }
    return null;
  }

  private static String first(List<NamingRule> rules, CallDraft.Attributes attributes) {
    for (NamingRule rule : rules) {
      for (int i = 0; i < attributes.size(); i++) {
        String name = rule.apply(attributes.source(i), attributes.value(i));
        if (name != null) {
          String clean = clean(name);
          if (!clean.isEmpty()) {
            return clean;
          }
        }
      }
    }
    return null;
  }

  // The most sensitive of the tagged classes. A word the policy does not know is kept as it stands
  // and counts as more sensitive than any known one: nobody has said that it may leave.
  private String dataClass(CallDraft.Attributes attributes) {
    int most = -1;
    String unknown = null;
    for (NamingRule source : classSources) {
      for (int i = 0; i < attributes.size(); i++) {
        String word = source.apply(attributes.source(i), attributes.value(i));
        if (word == null) {
          continue;
        }
        String clean = clean(word).toLowerCase(Locale.ROOT);
        if (clean.equals(WorkloadKey.UNCLASSIFIED)) {
          // Says that nobody has said: beside a class it must not open the door that the class
          // closes.
          continue;
        }
        Integer rank = classRank.get(clean);
        if (rank != null) {
          most = Math.max(most, rank);
        } else if (!clean.isEmpty() && (unknown == null || clean.compareTo(unknown) < 0)) {
          unknown = clean;
        }
      }
    }
    if (unknown != null) {
      return unknown;
    }
    return most < 0 ? WorkloadKey.UNCLASSIFIED : classes.get(most).name();
  }

  /** What a data class may do; a class that the policy does not know may not leave. */
  public DataClassRule dataClass(String name) {
    if (name.equals(WorkloadKey.UNCLASSIFIED)) {
      return new DataClassRule(name, List.of(), unclassified, List.of(), List.of());
    }
    Integer rank = classRank.get(name);
    return rank != null
        ? classes.get(rank)
        : new DataClassRule(name, List.of(), Place.LOCAL_ONLY, List.of(), List.of());
  }

  /** The settings of a workload. */
  public WorkloadPolicy workloadPolicy(String workload) {
    return workloads.getOrDefault(workload, WorkloadPolicy.NONE);
  }

  /** Names of workloads that the policy has settings for, sorted. */
  public List<String> workloadNames() {
    return List.copyOf(workloads.keySet());
  }

  /** Ids of the boxes to consider; empty: the catalog's default set. */
  public List<String> hardware() {
    return hardware;
  }

  /** What a plan must keep to. */
  public PortfolioLimits portfolio() {
    return portfolio;
  }

  private static PortfolioLimits portfolio(JsonNode node) {
    Map<String, Integer> owned = new TreeMap<>();
    node.path("owned").properties().forEach(e -> owned.put(e.getKey(), e.getValue().intValue()));
    return new PortfolioLimits(
        number(node, "budget-usd"),
        node.has("most-boxes")
            ? OptionalInt.of(node.get("most-boxes").intValue())
            : OptionalInt.empty(),
        owned);
  }

  /** How far a local score may lie below the hosted score. */
  public double nonInferiorityMargin() {
    return margin;
  }

  private static String clean(String name) {
    StringBuilder clean = new StringBuilder(Math.min(name.length(), LONGEST_NAME));
    for (int i = 0; i < name.length() && clean.length() < LONGEST_NAME; i++) {
      char c = name.charAt(i);
      clean.append(Character.isISOControl(c) || Character.isSurrogate(c) ? ' ' : c);
    }
    return clean.toString().strip();
  }

  private static List<NamingRule> rules(JsonNode nodes, String nameKey) {
    List<NamingRule> rules = new ArrayList<>();
    for (JsonNode node : nodes) {
      rules.add(
          new NamingRule(
              node.get("from").textValue(),
              node.path("prefix").asText(""),
              node.path("equals").textValue(),
              node.path(nameKey).textValue()));
    }
    return rules;
  }

  private static List<DataClassRule> classes(JsonNode nodes) {
    List<DataClassRule> classes = new ArrayList<>();
    for (JsonNode node : nodes) {
      List<String> aliases = new ArrayList<>();
      for (String alias : texts(node.get("aliases"))) {
        aliases.add(alias.toLowerCase(Locale.ROOT));
      }
      classes.add(
          new DataClassRule(
              node.get("name").textValue(),
              aliases,
              place(node.get("place").textValue()),
              texts(node.get("providers")),
              texts(node.get("regions"))));
    }
    return classes;
  }

  private static Map<String, WorkloadPolicy> workloads(JsonNode nodes) {
    Map<String, WorkloadPolicy> workloads = new TreeMap<>();
    if (nodes == null) {
      return workloads;
    }
    for (Map.Entry<String, JsonNode> entry : nodes.properties()) {
      JsonNode node = entry.getValue();
      workloads.put(
          entry.getKey(),
          new WorkloadPolicy(
              Optional.ofNullable(node.path("kind").textValue())
                  .map(kind -> WorkloadPolicy.Kind.valueOf(kind.toUpperCase(Locale.ROOT))),
              number(node, "ttft-p95-ms"),
              number(node, "tpot-p95-ms"),
              number(node, "e2e-p95-ms"),
              number(node, "complete-within-hours"),
              node.path("offline").asBoolean(false),
              Optional.ofNullable(node.path("owner").textValue()),
              texts(node.get("local-models")),
              texts(node.get("hardware")),
              node.path("needs-tools").asBoolean(false),
              texts(node.get("needs-modalities")),
              node.path("needs-structured-output").asBoolean(false),
              texts(node.get("needs-languages")),
              node.path("hardest-share-at-api").asDouble(0)));
    }
    return workloads;
  }

  private static OptionalDouble number(JsonNode node, String key) {
    return node.has(key) ? OptionalDouble.of(node.get(key).doubleValue()) : OptionalDouble.empty();
  }

  private static Place place(String word) {
    return Place.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static List<String> texts(JsonNode nodes) {
    List<String> texts = new ArrayList<>();
    if (nodes != null) {
      nodes.forEach(node -> texts.add(node.textValue()));
    }
    return List.copyOf(texts);
  }

  private static String canonical(JsonNode document) {
    try {
      return JSON.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the policy as JSON", e);
    }
  }
}
