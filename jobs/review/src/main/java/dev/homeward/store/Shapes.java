package dev.homeward.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.KeptFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a file of a review must look like where no manifest says what it was: the files of reviews
 * that older programs wrote, and what is added once a review is there. It finds files that are
 * missing, cut off, emptied or another file altogether; not a figure that somebody changed.
 */
final class Shapes {
  private static final String DECISIONS = "decisions.json";
  private static final String RANKING = "ranking.csv";
  private static final String WORKLOADS = "workloads/workloads.jsonl";
  private static final String SPEND = "spend/spend.jsonl";
  private static final String SETTINGS = "settings.json";
  private static final String CALLS = "calls";

  /** What every review holds, whatever wrote it. */
  private static final List<String> ALWAYS =
      List.of(
          DECISIONS,
          "plan.csv",
          RANKING,
          "replays/replays.jsonl",
          SETTINGS,
          SPEND,
          "summary.json",
          WORKLOADS);

  /** Keys without which an object is not what its file is for. */
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          DECISIONS,
          Set.of("review_month", "workloads"),
          "summary.json",
          Set.of("review_month"),
          SETTINGS,
          Set.of("version"),
          "replays/replays.jsonl",
          Set.of("fingerprint", "fleets"),
          "replays/likely.jsonl",
          Set.of("fingerprint", "fleets"),
          WORKLOADS,
          Set.of("key"),
          SPEND,
          Set.of("key"));

  private static final byte[] PARQUET = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final JsonFactory JSON = new JsonFactory();

  private final Path review;
  private final TreeSet<String> problems = new TreeSet<>();

  private Shapes(Path review) {
    this.review = review;
  }

  /**
   * How the files of a review differ from what they must look like, a line a file.
   *
   * @param needed tells by the path in the review
   */
  static List<String> problems(Path review, Predicate<String> needed) throws IOException {
    Shapes shapes = new Shapes(review);
    for (String name : ALWAYS) {
      if (needed.test(name)) {
        shapes.check(name);
      }
    }
    if (needed.test(WORKLOADS) && shapes.problems.isEmpty()) {
      shapes.sameLines();
    }
    if (needed.test(CALLS + "/")) {
      shapes.calls();
    }
    return List.copyOf(shapes.problems);
  }

  /** What is wrong with a file that may be there or not. */
  static Optional<String> problem(Path review, String name) throws IOException {
    Shapes shapes = new Shapes(review);
    if (Files.exists(review.resolve(name))) {
      shapes.check(name);
    }
    return shapes.problems.stream().findFirst();
  }

  private void check(String name) throws IOException {
    Path file = review.resolve(name);
    if (!Files.isRegularFile(file)) {
      problems.add("%s is missing".formatted(name));
      return;
    }
    try {
      if (name.endsWith(".jsonl")) {
        lines(name, file);
      } else if (name.endsWith(".csv")) {
        table(name, file);
      } else {
        try (JsonParser json = JSON.createParser(file.toFile())) {
          object(name, json, "");
        }
      }
    } catch (CharacterCodingException e) {
      damaged(name, "it is not UTF-8");
    }
  }

  private void lines(String name, Path file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        int before = problems.size();
        try (JsonParser json = JSON.createParser(line)) {
          object(name, json, "line %,d ".formatted(number));
        }
        if (problems.size() > before) {
          // One damaged line says it.
          return;
        }
      }
      if (number == 0 && !name.startsWith("replays/")) {
        damaged(name, "it is empty");
      }
    }
  }

  private void object(String name, JsonParser json, String where) throws IOException {
    try {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        damaged(name, where + "is no JSON object");
        return;
      }
      Set<String> missing = new TreeSet<>(KEYS.getOrDefault(name, Set.of()));
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        if (value != JsonToken.VALUE_NULL) {
          missing.remove(key);
        }
        json.skipChildren();
      }
      if (!missing.isEmpty()) {
        damaged(name, where + "says no " + String.join(", ", missing));
      }
    } catch (JsonProcessingException e) {
      damaged(name, where + "is no whole JSON object");
    }
  }

  /** A table has a first line of names and an end to its last line. */
  private void table(String name, Path file) throws IOException {
    String text = Files.readString(file);
    if (!text.endsWith("\n")) {
      damaged(name, text.isEmpty() ? "it is empty" : "its last line is cut off");
    } else if (!text.startsWith(name.equals(RANKING) ? "rank," : "step,")) {
      damaged(name, "its first line names no columns");
    }
  }

  /** Three files speak of the same workloads, a line or a row each. */
  private void sameLines() throws IOException {
    long workloads = count(WORKLOADS);
    if (count(SPEND) != workloads) {
      damaged(SPEND, "it has %,d lines, %s %,d".formatted(count(SPEND), WORKLOADS, workloads));
    } else if (Files.isRegularFile(review.resolve(RANKING)) && count(RANKING) - 1 != workloads) {
      damaged(
          RANKING, "it has %,d rows, %s %,d".formatted(count(RANKING) - 1, WORKLOADS, workloads));
    }
  }

  private long count(String name) throws IOException {
    try (Stream<String> lines = Files.lines(review.resolve(name))) {
      return lines.count();
    }
  }

  /** The parts that settings.json names by workload. */
  private void calls() throws IOException {
    if (problems.stream().anyMatch(problem -> problem.startsWith(SETTINGS))) {
      return;
    }
    TreeSet<String> parts = new TreeSet<>();
    Path path = review.resolve(SETTINGS);
    JsonNode settings = Codec.tree(KeptFile.SETTINGS, Files.readString(path), path.toString());
    for (JsonNode workload : settings.path(CALLS)) {
      workload.path("files").forEach(file -> parts.add(file.asText()));
    }
    for (String name : parts) {
      Path part = review.resolve(name);
      if (!Files.isRegularFile(part)) {
        problems.add("%s is missing".formatted(name));
      } else if (!isParquet(part)) {
        damaged(name, "it is no whole Parquet file");
      }
    }
  }

  private static boolean isParquet(Path part) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(part.toFile(), "r")) {
      byte[] first = new byte[PARQUET.length];
      byte[] last = new byte[PARQUET.length];
      if (file.length() < 3L * PARQUET.length) {
        return false;
      }
      file.readFully(first);
      file.seek(file.length() - PARQUET.length);
      file.readFully(last);
      return Arrays.equals(first, PARQUET) && Arrays.equals(last, PARQUET);
    }
  }

  private void damaged(String name, String why) {
    problems.add("%s is damaged (%s)".formatted(name, why));
  }
}
