package dev.homeward.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.decision.CachedReplays;
import dev.homeward.policy.Evaluations;
import dev.homeward.pricing.WorkloadSpend;
import dev.homeward.replay.ReplayJson;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import dev.homeward.settings.ReviewSettings;
import dev.homeward.units.InvalidInput;
import dev.homeward.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a review keeps so that it can be decided anew without its logs: settings as they were, what
 * each workload is and cost, which files hold its calls, and every replay.
 */
public record StoredReview(
    Settings settings,
    List<WorkloadProfile> profiles,
    List<WorkloadSpend> spend,
    List<CachedReplays.Entry> replays) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int VERSION = 1;

  /** Replays that were added once the review was there; it is complete without them. */
  public static final String LIKELY = "replays/likely.jsonl";

  /**
   * The settings of a review.
   *
   * @param period the month
   * @param policy text of the policy, {@code Policy.parse}
   * @param assumptions text of the assumptions, {@code Assumptions.parse}
   * @param catalog the user's catalog files as JSON
   * @param prices the user's price books as JSON
   * @param parts files of calls/ by workload, absolute
   */
  public record Settings(
      ReviewPeriod period,
      String policy,
      String assumptions,
      Evaluations evaluations,
      List<String> catalog,
      List<String> prices,
      Map<WorkloadKey, List<String>> parts) {}

  /** Whether this very program has written a review. */
  public static boolean isOfThisProgram(String directory) throws IOException {
    JsonNode manifest = JSON.readTree(Path.of(directory, "manifest.json").toFile());
    return manifest.path("code_version").asText().equals(ProgramVersion.text());
  }

  /**
   * The text of settings.json.
   *
   * @param keyParts files of calls/ by workload
   */
  public static String settings(
      ReviewSettings settings,
      ReviewPeriod period,
      Map<WorkloadKey, List<String>> keyParts,
      String directory) {
    ObjectNode n = JSON.createObjectNode();
    n.put("version", VERSION);
    n.put("period", Wire.write(period));
    n.put("policy", settings.policy().text());
    n.put("assumptions", settings.assumptions().text());
    n.put("evaluations", Wire.write(settings.evaluations()));
    settings.catalog().userDocuments().forEach(n.putArray("catalog")::add);
    settings.prices().userDocuments().forEach(n.putArray("prices")::add);
    ArrayNode parts = n.putArray("calls");
    for (Map.Entry<WorkloadKey, List<String>> k : keyParts.entrySet()) {
      ObjectNode of = parts.addObject();
      of.put("workload", k.getKey().workload());
      of.put("hosted_model", k.getKey().hostedModel());
      of.put("data_class", k.getKey().dataClass());
      ArrayNode files = of.putArray("files");
      for (String file : k.getValue()) {
        int at = file.lastIndexOf("/calls/");
        if (at < 0) {
          throw new IllegalStateException("%s is not in calls/ of %s".formatted(file, directory));
        }
        files.add(file.substring(at + 1));
      }
    }
    return Wire.pretty(n);
  }

  /** The text of replays.jsonl: a line an answer. */
  public static String replays(List<CachedReplays.Entry> entries) {
    StringBuilder lines = new StringBuilder();
    for (CachedReplays.Entry e : entries) {
      ObjectNode n = JSON.createObjectNode();
      n.put("fingerprint", e.fingerprint());
      ArrayNode workloads = n.putArray("workloads");
      e.request()
          .workloads()
          .forEach(
              w ->
                  workloads
                      .addObject()
                      .put("workload", w.key().workload())
                      .put("hosted_model", w.key().hostedModel())
                      .put("data_class", w.key().dataClass()));
      Deployment d = e.request().deployment();
      n.put("local_model", d.model().id());
      n.put("quantization", d.quantization().id());
      n.put("engine", d.engine().id());
      n.put("hardware", d.hardware().id());
      n.put("volume", e.request().volume());
      n.put("most_replicas", e.mostReplicas());
      ArrayNode fleets = n.putArray("fleets");
      e.fleets().forEach(f -> fleets.add(ReplayJson.write(f).without("hours")));
      lines.append(n).append('\n');
    }
    return lines.toString();
  }

  /**
   * Reads the settings of a review.
   *
   * @throws InvalidInput if there is none, or one of another version
   */
  public static Settings settings(String review) {
    Path directory = Path.of(review);
    Path file = directory.resolve("settings.json");
    if (!Files.isRegularFile(file)) {
      throw new InvalidInput(
          "Cannot read %s: it is not a review directory, or one of an older Homeward (make it again)"
              .formatted(review));
    }
    try {
      JsonNode n = JSON.readTree(file.toFile());
      if (n.path("version").asInt() != VERSION) {
        throw new InvalidInput(
            "Cannot read %s: it is of another Homeward (make the review again)".formatted(file));
      }
      Map<WorkloadKey, List<String>> parts = new TreeMap<>();
      for (JsonNode of : n.get("calls")) {
        List<String> files = new ArrayList<>();
        of.get("files").forEach(f -> files.add(directory.resolve(f.textValue()).toString()));
        parts.put(
            new WorkloadKey(
                of.get("workload").textValue(),
                of.get("hosted_model").textValue(),
                of.get("data_class").textValue()),
            files);
      }
      return new Settings(
          Wire.read(n.get("period").textValue(), ReviewPeriod.class),
          n.get("policy").textValue(),
          n.get("assumptions").textValue(),
          Wire.read(n.get("evaluations").textValue(), Evaluations.class),
          texts(n.get("catalog")),
          texts(n.get("prices")),
          parts);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + review, e);
    }
  }

  /** Reads the rest. */
  public static StoredReview read(String review, Settings settings) {
    Path directory = Path.of(review);
    Path replays = directory.resolve("replays/replays.jsonl");
    if (!Files.isRegularFile(replays)) {
      throw new InvalidInput(
          "Cannot read %s: its %s is missing (make the review again)".formatted(review, replays));
    }
    try {
      List<CachedReplays.Entry> all = new ArrayList<>(entries(replays));
      all.addAll(entries(directory.resolve(LIKELY)));
      return new StoredReview(
          settings,
          lines(directory.resolve("workloads/workloads.jsonl"), WorkloadProfile.class),
          lines(directory.resolve("spend/spend.jsonl"), WorkloadSpend.class),
          all);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + review, e);
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }

  private static <T> List<T> lines(Path file, Class<T> type) throws IOException {
    List<T> all = new ArrayList<>();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        all.add(Wire.read(line, type));
      }
    }
    return all;
  }

  private static List<CachedReplays.Entry> entries(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    return Files.readAllLines(file).parallelStream()
        .map(StoredReview::entry)
        .filter(StoredReview::saysWhatWentToTheApi)
        .toList();
  }

  // Reviews of older programs do not say it by line of the bill, only what it cost: such an answer
  // cannot be weighed at other prices, and is found anew.
  private static boolean saysWhatWentToTheApi(CachedReplays.Entry entry) {
    return entry.fleets().stream()
        .map(Sizing.ReplayedFleet::result)
        .allMatch(r -> r.apiUse().calls() == r.overflowCalls() + r.tooLongCalls());
  }

  private static CachedReplays.Entry entry(String line) {
    try {
      JsonNode n = JSON.readTree(line);
      List<Sizing.ReplayedFleet> fleets = new ArrayList<>();
      n.get("fleets").forEach(f -> fleets.add(ReplayJson.read(f)));
      return new CachedReplays.Entry(
          n.get("fingerprint").textValue(), n.get("most_replicas").intValue(), null, fleets);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a replay", e);
    }
  }
}
