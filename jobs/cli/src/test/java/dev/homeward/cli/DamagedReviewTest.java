package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.files.HadoopFiles;
import dev.homeward.store.EarlierReview;
import dev.homeward.store.Promises;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file of a review of this version, damaged in every way, before every command that reads a
 * review: it gives the answer that it gives of the whole review, or it names the file; it never
 * shows a stack trace.
 */
final class DamagedReviewTest {
  private static final int BAD_INPUT = 2;

  /** Nobody can tell of a review without hashes that its figures were others. */
  private static final String WORDS = "words for numbers";

  /** Takes the place of the file. */
  private static final String FOLDER = "a folder";

  private static final Map<String, UnaryOperator<byte[]>> DAMAGES = new LinkedHashMap<>();

  static {
    DAMAGES.put("missing", bytes -> null);
    DAMAGES.put("emptied", bytes -> new byte[0]);
    DAMAGES.put("cut in the middle", bytes -> Arrays.copyOf(bytes, bytes.length / 2));
    DAMAGES.put("garbage", bytes -> garbage(bytes.length));
    DAMAGES.put(FOLDER, bytes -> bytes);
  }

  /** Of files of JSON and of tables, besides. */
  private static final Map<String, UnaryOperator<byte[]>> OTHER_TEXT = new LinkedHashMap<>();

  static {
    OTHER_TEXT.put("an empty object", bytes -> bytes("{}\n"));
    OTHER_TEXT.put("a list", bytes -> bytes("[1]\n"));
    OTHER_TEXT.put("null", bytes -> bytes("null\n"));
    OTHER_TEXT.put("of a later version", bytes -> bytes("{\"version\": 99}\n"));
    OTHER_TEXT.put(WORDS, DamagedReviewTest::words);
  }

  @TempDir private static Path folder;
  private static Path reviews;
  private static Path whole;
  private static Path before;

  /** What each command says of the whole review. */
  private static final Map<String, String> RIGHT = new TreeMap<>();

  @BeforeAll
  static void review() throws IOException {
    reviews = Files.createDirectory(folder.resolve("reviews"));
    whole = reviews.resolve("2026-10");
    before = folder.resolve("before");
    make("2026-10", whole);
    make("2026-09", before);
    for (Map.Entry<String, String[]> command : commands().entrySet()) {
      Cli.Ran ran = Cli.run(command.getValue());
      assertEquals(0, ran.exit(), command.getKey() + ran.err());
      assertEquals("", ran.err(), command.getKey());
      RIGHT.put(command.getKey(), ran.out());
    }
  }

  private static void make(String month, Path out) throws IOException {
    Path log = folder.resolve(month + ".jsonl");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      lines.add(
          "{\"started_at\":\"%s-%02dT%02d:%02d:01Z\",\"request_model\":\"gpt-4o\",\"workload\":\"notes\",\"input_tokens\":%d,\"output_tokens\":100,\"duration_us\":1000000}"
              .formatted(month, 1 + i % 30, i % 24, i % 60, 3000 + i));
    }
    Files.write(log, lines);
    Cli.Ran ran = Cli.run("review", log.toString(), "--workers", "local", "--out", out.toString());
    assertEquals(0, ran.exit(), ran.err());
  }

  private static Map<String, String[]> commands() {
    Map<String, String[]> all = new LinkedHashMap<>();
    all.put(
        "whatif",
        new String[] {"whatif", whole.toString(), "--set", "assumptions.horizon-months=36"});
    all.put("diff, older", new String[] {"diff", whole.toString(), before.toString()});
    all.put("diff, newer", new String[] {"diff", before.toString(), whole.toString()});
    all.put("explain", new String[] {"explain", "notes", "--review", whole.toString()});
    all.put(
        "report",
        new String[] {"report", whole.toString(), "--out", folder.resolve("report").toString()});
    all.put("history", new String[] {"history", reviews.toString()});
    return all;
  }

  /** The manifest says by its hashes what has changed. */
  @Test
  void eachFileOfAReview() throws IOException {
    assertEquals(List.of(), wrong(true));
  }

  /** Reviews of older programs list no hashes: only what a file holds tells that it is damaged. */
  @Test
  void eachFileOfAReviewWithoutHashes() throws IOException {
    Path file = whole.resolve("manifest.json");
    byte[] listed = Files.readAllBytes(file);
    JsonMapper json = new JsonMapper();
    ObjectNode manifest = (ObjectNode) json.readTree(listed);
    manifest.remove("outputs");
    json.writeValue(file.toFile(), manifest);
    try {
      assertEquals(List.of(), wrong(false));
    } finally {
      Files.write(file, listed);
    }
  }

  /** A review that cannot be read must not keep the next one from being made. */
  @Test
  void theNextReviewIsMadeWhateverIsWrongWithThisOne() throws IOException {
    Path next = reviews.resolve("2026-11");
    copy(before, next);
    JsonMapper json = new JsonMapper();
    ObjectNode manifest = (ObjectNode) json.readTree(next.resolve("manifest.json").toFile());
    ((ObjectNode) manifest.get("configuration")).put("month", "2026-11");
    json.writeValue(next.resolve("manifest.json").toFile(), manifest);
    HadoopFiles files = HadoopFiles.standalone();
    assertTrue(EarlierReview.beside(files, next.toString()).since().isPresent());
    List<String> wrong = new ArrayList<>();
    try {
      for (String name :
          List.of(
              "decisions.json",
              "manifest.json",
              "plan.csv",
              "ranking.csv",
              "settings.json",
              "spend/spend.jsonl",
              "summary.json")) {
        Map<String, UnaryOperator<byte[]>> damages = new LinkedHashMap<>(DAMAGES);
        damages.putAll(OTHER_TEXT);
        for (Map.Entry<String, UnaryOperator<byte[]>> damage : damages.entrySet()) {
          with(
              name,
              damage,
              () -> {
                String what = name + ", " + damage.getKey() + ": ";
                try {
                  EarlierReview.beside(files, next.toString());
                  EarlierReview.before(files, next.toString(), YearMonth.of(2026, 11));
                  Promises.of(files, whole.toString());
                } catch (InvalidInput | UncheckedIOException e) {
                  if (!e.getMessage().contains(name)
                      && !e.getMessage().contains("not a review directory")) {
                    wrong.add(what + e.getMessage());
                  }
                } catch (RuntimeException e) {
                  wrong.add(what + e);
                }
              });
        }
      }
    } finally {
      remove(next);
    }
    assertEquals(List.of(), wrong);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path into = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(into);
        } else {
          Files.copy(file, into);
        }
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    HadoopFiles.standalone().delete(folder.toString());
  }

  private static List<String> wrong(boolean listed) throws IOException {
    List<String> files;
    try (Stream<Path> all = Files.walk(whole)) {
      files =
          all.filter(Files::isRegularFile)
              .map(file -> whole.relativize(file).toString())
              .sorted()
              .toList();
    }
    assertTrue(files.size() > 20, files.toString());
    List<String> wrong = new ArrayList<>();
    for (String name : files) {
      Map<String, UnaryOperator<byte[]>> damages = new LinkedHashMap<>(DAMAGES);
      // Hashes tell of them all in the same way.
      if (!listed && (name.endsWith(".json") || name.endsWith(".jsonl") || name.endsWith(".csv"))) {
        damages.putAll(OTHER_TEXT);
      }
      for (Map.Entry<String, UnaryOperator<byte[]>> damage : damages.entrySet()) {
        with(
            name,
            damage,
            () ->
                commands()
                    .forEach(
                        (command, line) -> {
                          boolean mayDiffer =
                              !listed
                                  && (damage.getKey().equals(WORDS)
                                      || name.equals("spend/days.jsonl")
                                          && damage.getKey().equals("missing"));
                          String fault = fault(command, line, name, mayDiffer);
                          if (!fault.isEmpty()) {
                            wrong.add(
                                "%s, %s, %s: %s".formatted(name, damage.getKey(), command, fault));
                          }
                        }));
      }
    }
    return wrong;
  }

  private static String fault(String command, String[] line, String name, boolean mayDiffer) {
    Cli.Ran ran;
    try {
      ran = Cli.run(line);
    } catch (Error | RuntimeException e) {
      return "threw " + e;
    }
    if (ran.exit() == 0) {
      return mayDiffer || ran.out().equals(RIGHT.get(command))
          ? ""
          : "another answer:\n" + ran.out();
    }
    if (ran.exit() != BAD_INPUT || ran.err().contains("\tat ")) {
      return ran.exit() + " " + ran.err();
    }
    boolean says = ran.err().contains("again") || ran.err().contains("newer Homeward");
    boolean isNamed =
        ran.err().contains(name)
            || name.equals("manifest.json") && ran.err().contains("not a review directory");
    return isNamed && (says || name.equals("manifest.json")) && ran.err().lines().count() <= 3
        ? ""
        : ran.err();
  }

  private static void with(
      String name, Map.Entry<String, UnaryOperator<byte[]>> damage, Runnable step)
      throws IOException {
    Path file = whole.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    byte[] now = damage.getValue().apply(bytes);
    if (damage.getKey().equals(FOLDER)) {
      Files.createDirectory(file);
    } else if (now != null) {
      Files.write(file, now);
    }
    try {
      step.run();
    } finally {
      Files.deleteIfExists(file);
      Files.write(file, bytes);
    }
  }

  private static byte[] garbage(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static byte[] words(byte[] bytes) {
    return bytes(
        new String(bytes, StandardCharsets.UTF_8)
            .replaceAll("(: ?)-?\\d+(\\.\\d+)?(E-?\\d+)?", "$1\"x\"")
            .replaceAll("(?<=,)\\d+(\\.\\d+)?(?=,)", "x"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
