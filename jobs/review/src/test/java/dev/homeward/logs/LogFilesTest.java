package dev.homeward.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.homeward.files.HadoopFiles;
import dev.homeward.progress.Progress;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which files a log is made of, and what calls/ and messages call them. */
final class LogFilesTest {
  private static final String CALL =
      """
      {"started_at":"2026-05-04T13:05:07.250Z","request_model":"gpt-4o-mini","workload":"triage","input_tokens":500,"output_tokens":300}
      """;

  @TempDir private Path folder;

  @Test
  void namesAreBelowTheNamedFolderAndSettingsHiddenAndEmptyFilesAreLeftOut() throws IOException {
    log("log/b/two.jsonl");
    log("log/a.jsonl");
    log("log/homeward/policy.yaml");
    log("log/.hidden/c.jsonl");
    log("log/_SUCCESS");
    log("log/README.md");
    Files.createFile(folder.resolve("log/never-began.jsonl"));

    assertEquals(List.of("a.jsonl", "b/two.jsonl"), names("log"));
  }

  @Test
  void aFileThatIsReachedTwiceCountsOnce() throws IOException {
    log("log/a.jsonl");

    assertEquals(List.of("a.jsonl"), names("log", "log/a.jsonl", "log"));
  }

  @Test
  void filesOfOneNameInTwoFoldersAreToldApart() throws IOException {
    log("east/a.jsonl");
    log("west/a.jsonl");
    log("west/b.jsonl");

    assertEquals(List.of("b.jsonl", "east/a.jsonl", "west/a.jsonl"), names("east", "west"));
  }

  @Test
  void filesOfOneNameInFoldersOfOneNameGoByTheirPath() throws IOException {
    log("1/log/a.jsonl");
    log("2/log/a.jsonl");

    assertEquals(
        List.of(
            folder.resolve("1/log/a.jsonl").toString(), folder.resolve("2/log/a.jsonl").toString()),
        names("1/log", "2/log"));
  }

  @Test
  void globsAreExpandedAndANameThatLooksLikeOneIsMeantAsItStands() throws IOException {
    log("day-1.jsonl");
    log("day-2.jsonl");
    log("odd/copy[1] 12:30.jsonl");

    assertEquals(List.of("day-1.jsonl", "day-2.jsonl"), names("day-?.jsonl"));
    assertEquals(List.of("copy[1] 12:30.jsonl"), names("odd/copy[1] 12:30.jsonl"));
    assertEquals(List.of("copy[1] 12:30.jsonl"), names("odd"));
  }

  @Test
  void everyMissingPathIsNamedAtOnce() throws IOException {
    Files.createDirectory(folder.resolve("empty"));

    InvalidInput failure = assertThrows(InvalidInput.class, () -> names("nowhere", "empty"));

    assertEquals(
        """
        Cannot read %1$s/nowhere: no such file or directory
        Cannot read %1$s/empty: it holds no log files"""
            .formatted(folder),
        failure.getMessage());
  }

  /** A review of the current directory writes to reviews/ below it, and reads it the next time. */
  @Test
  void whatThisProgramWroteIsNoLog() throws IOException {
    log("log/a.jsonl");
    log("log/reviews/2026-10/calls/part-0.jsonl");
    log("log/reviews/2026-10/ranking.csv");
    Files.writeString(
        folder.resolve("log/reviews/2026-10/manifest.json"), "{\"review_id\":\"x\",\"inputs\":[]}");
    log("log/clean/calls/part-0.jsonl");
    Files.writeString(folder.resolve("log/clean/manifest.json"), "{\"inputs\":[]}");

    assertEquals(List.of("a.jsonl"), names("log"));
    assertEquals(List.of("a.jsonl"), names("log/a.jsonl", "log/reviews"));
    assertEquals(List.of("part-0.jsonl"), names("log/clean/calls"), "named by the user");
    InvalidInput alone = assertThrows(InvalidInput.class, () -> names("log/reviews/2026-10"));
    assertEquals(
        "Cannot read %s: it holds only what this program wrote. Maybe name the logs themselves, or the folder calls of a review"
            .formatted(folder.resolve("log/reviews/2026-10")),
        alone.getMessage());
  }

  /** Manifests of others, and folders that are called calls, stay logs. */
  @Test
  void othersMayHaveManifestsAndCalls() throws IOException {
    log("log/calls/a.jsonl");
    log("log/manifest.json");
    log("other/calls/b.jsonl");
    Files.writeString(folder.resolve("other/manifest.json"), CALL);

    assertEquals(
        List.of("calls/a.jsonl", "calls/b.jsonl", "log/manifest.json", "other/manifest.json"),
        names("log", "other"));
  }

  /** A link to a folder above it, to one beside it, to a file: nothing is counted twice. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void linksAreFollowedOnce() throws IOException {
    log("log/z/a.jsonl");
    log("log/b.jsonl");
    log("elsewhere/c.jsonl");
    Files.createSymbolicLink(folder.resolve("log/z/up"), Path.of(".."));
    Files.createSymbolicLink(folder.resolve("log/z/root"), folder.resolve("log"));
    Files.createSymbolicLink(folder.resolve("log/beside"), folder.resolve("log/z"));
    Files.createSymbolicLink(folder.resolve("log/again.jsonl"), folder.resolve("log/b.jsonl"));
    Files.createSymbolicLink(folder.resolve("log/linked"), folder.resolve("elsewhere"));
    assertEquals(List.of("b.jsonl", "linked/c.jsonl", "z/a.jsonl"), names("log"));
  }

  /** A link to itself cannot be opened; a device would be read for ever, a pipe waited for. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatIsNoFileIsPassedOverOrNamed() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/zero")), "a system with devices");
    log("log/a.jsonl");
    Files.createSymbolicLink(folder.resolve("log/zero.jsonl"), Path.of("/dev/zero"));
    Path pipe = folder.resolve("log/pipe.jsonl");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    assertEquals(List.of("a.jsonl"), names("log"));
    for (String special : List.of("log/pipe.jsonl", "log/zero.jsonl")) {
      InvalidInput named = assertThrows(InvalidInput.class, () -> names(special));
      assertEquals(
          "Cannot read %s: it is a pipe, a socket or a device, and a log is read more than once. Give the file itself, or - for standard input"
              .formatted(folder.resolve(special)),
          named.getMessage());
    }
    Files.createSymbolicLink(folder.resolve("log/self"), Path.of("self"));
    InvalidInput loop = assertThrows(InvalidInput.class, () -> names("log"));
    assertEquals(
        "Cannot open %s: it is a link to nowhere, or its name is not valid UTF-8. Rename or remove it"
            .formatted(folder.resolve("log/self")),
        loop.getMessage());
  }

  private List<String> names(String... paths) {
    List<String> given = List.of(paths).stream().map(p -> folder.resolve(p).toString()).toList();
    return LogFiles.find(
            HadoopFiles.standalone(),
            given,
            Optional.empty(),
            true,
            new Progress(System.err, false))
        .stream()
        .map(LogFile::name)
        .toList();
  }

  private void log(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, CALL);
  }
}
