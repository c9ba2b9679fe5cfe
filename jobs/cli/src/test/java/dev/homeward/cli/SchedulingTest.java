package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The files of docs/examples/scheduling, as far as they can be tried without a cluster. */
final class SchedulingTest {
  private static final Path FOLDER = Cli.root().resolve("docs/examples/scheduling");

  @TempDir Path folder;

  @Test
  void cronRunsACommandOfThisProgram() throws IOException {
    List<String> jobs =
        text("homeward.crontab").lines().filter(line -> line.matches("[\\d*].*")).toList();
    assertEquals(1, jobs.size());
    Matcher job =
        Pattern.compile(
                "(\\S+ \\S+ \\S+ \\S+ \\S+) (/opt/homeward/homeward .*) >\\S+ 2>&1 \\|\\| .*")
            .matcher(jobs.get(0));
    assertTrue(job.matches(), jobs.get(0));
    assertCron(job.group(1));
    // In a crontab a % ends the command's line.
    assertFalse(jobs.get(0).contains("%"));
    parses(words(job.group(2)));
  }

  @Test
  void systemdRunsACommandOfThisProgram() throws IOException {
    String service = text("homeward-review.service");
    Matcher start = Pattern.compile("(?m)^ExecStart=(.*)$").matcher(service);
    assertTrue(start.find());
    List<String> words = words(start.group(1));
    parses(words);
    // What it writes to must be writable under ProtectSystem=strict.
    String writable = service.replaceAll("(?s).*ReadWritePaths=([^\n]*).*", "$1");
    for (String option : List.of("--out", "--metrics")) {
      String target = words.get(words.indexOf(option) + 1);
      assertTrue(
          Stream.of(writable.split(" ")).anyMatch(path -> target.startsWith(path + "/")),
          target + " of " + writable);
    }
  }

  @Test
  void systemdTakesItsUnits() throws Exception {
    List<String> said =
        run(
            "systemd-analyze",
            "verify",
            FOLDER.resolve("homeward-review.service").toString(),
            FOLDER.resolve("homeward-review.timer").toString());
    // The program is not installed where the tests run.
    said.removeIf(line -> line.contains("is not executable: No such file or directory"));
    assertEquals(List.of(), said);
  }

  @Test
  void theDagIsPython() throws Exception {
    Path copy = Files.copy(FOLDER.resolve("homeward_dag.py"), folder.resolve("homeward_dag.py"));
    assertEquals(List.of(), run("python3", "-m", "py_compile", copy.toString()));
    String dag = text("homeward_dag.py");
    Matcher command =
        Pattern.compile("\\{HOMEWARD\\} ((?:review|diff)[^\"]*)\"(?:\\s*f\"([^\"]*)\")?")
            .matcher(dag);
    Set<String> verbs = new TreeSet<>();
    while (command.find()) {
      String all = command.group(1) + (command.group(2) == null ? "" : command.group(2));
      parses(
          words(
              "homeward "
                  + all.replace("{MONTH_BEFORE}", "2026-09")
                      .replace("{MONTH}", "2026-10")
                      .replace("{REVIEWS}", "/srv/reviews")));
      verbs.add(all.split(" ")[0]);
    }
    assertEquals(Set.of("review", "diff"), verbs);
    assertCron(dag.replaceAll("(?s).*CronTriggerTimetable\\(\"([^\"]*)\".*", "$1"));
  }

  @Test
  void kubernetesRunsCommandsOfThisProgram() throws IOException {
    JsonNode cron = yaml("kubernetes-cronjob.yaml").get(0);
    assertEquals("batch/v1 CronJob", kind(cron));
    assertCron(cron.at("/spec/schedule").asText());
    JsonNode pod = cron.at("/spec/jobTemplate/spec/template/spec");
    JsonNode container = pod.at("/containers/0");
    List<String> args = new ArrayList<>(List.of("homeward"));
    container.get("args").forEach(word -> args.add(word.asText()));
    parses(args);
    Set<String> volumes = new TreeSet<>();
    pod.get("volumes").forEach(v -> volumes.add(v.get("name").asText()));
    Set<String> mounts = new TreeSet<>();
    container.get("volumeMounts").forEach(m -> mounts.add(m.get("name").asText()));
    assertEquals(volumes, mounts);
    assertEquals(
        container.get("name").asText(),
        cron.at("/spec/jobTemplate/spec/podFailurePolicy/rules/0/onExitCodes/containerName")
            .asText());
    List<JsonNode> spark = yaml("kubernetes-spark.yaml");
    assertEquals("sparkoperator.k8s.io/v1beta2 ScheduledSparkApplication", kind(spark.get(0)));
    assertEquals("sparkoperator.k8s.io/v1beta2 SparkApplication", kind(spark.get(1)));
    assertCron(spark.get(0).at("/spec/schedule").asText());
    String version =
        Files.readString(Cli.root().resolve("pom.xml"))
            .replaceAll("(?s).*<spark.version>([^<]*)</spark.version>.*", "$1");
    for (JsonNode application :
        List.of(spark.get(0).at("/spec/template"), spark.get(1).get("spec"))) {
      assertEquals(Main.class.getName(), application.get("mainClass").asText());
      assertTrue(application.get("mainApplicationFile").asText().endsWith("/homeward.jar"));
      assertEquals(version, application.get("sparkVersion").asText());
      assertTrue(application.get("image").asText().endsWith(version));
      List<String> words = new ArrayList<>(List.of("homeward"));
      application.get("arguments").forEach(word -> words.add(word.asText()));
      parses(words);
    }
  }

  /** Every metric of an alert is one that a review writes. */
  @Test
  void alertsNameMetricsThatThereAre() throws IOException {
    String source =
        Files.readString(
            Cli.root().resolve("jobs/faces/src/main/java/dev/homeward/metrics/ReviewMetrics.java"));
    JsonNode rules = yaml("alerts.yaml").get(0).at("/groups/0/rules");
    assertTrue(rules.size() >= 5);
    for (JsonNode rule : rules) {
      Matcher metric = Pattern.compile("homeward_[a-z_0-9]+").matcher(rule.get("expr").asText());
      int found = 0;
      while (metric.find()) {
        found++;
        assertTrue(source.contains("\"" + metric.group() + "\""), metric.group());
      }
      assertTrue(found > 0, rule.toString());
      assertFalse(rule.at("/annotations/summary").asText().isEmpty(), rule.toString());
    }
  }

  private static String kind(JsonNode document) {
    return document.get("apiVersion").asText() + " " + document.get("kind").asText();
  }

  // Five fields, each of them a number in its range or a star.
  private static void assertCron(String schedule) {
    String[] fields = schedule.split(" ");
    assertEquals(5, fields.length, schedule);
    int[][] ranges = {{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}};
    for (int i = 0; i < fields.length; i++) {
      if (!fields[i].equals("*")) {
        int value = Integer.parseInt(fields[i]);
        assertTrue(value >= ranges[i][0] && value <= ranges[i][1], schedule);
      }
    }
  }

  private static void parses(List<String> command) {
    assertTrue(command.get(0).endsWith("homeward"), command.toString());
    CommandLine.ParseResult parsed =
        Main.commandLine().parseArgs(command.subList(1, command.size()).toArray(String[]::new));
    assertTrue(parsed.hasSubcommand(), command.toString());
  }

  private static List<String> words(String command) {
    return Stream.of(command.strip().split("\\s+")).map(w -> w.replace("'", "")).toList();
  }

  private static String text(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name));
  }

  // Documents of a file; each is read as the program reads its own.
  private List<JsonNode> yaml(String name) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    for (String part : text(name).split("(?m)^---$")) {
      Path file = Files.createTempFile(folder, "part", ".yaml");
      Files.writeString(file, part);
      documents.add(Documents.read(file));
    }
    return documents;
  }

  // What a program said; the test is skipped where it is not installed.
  private static List<String> run(String... command) throws Exception {
    boolean there =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, command[0])));
    assumeTrue(there, command[0] + " is not here");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(Map.of("PYTHONDONTWRITEBYTECODE", "1"));
    Process process = builder.start();
    List<String> said =
        new ArrayList<>(
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList());
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return said;
  }
}
