package dev.homeward.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a review writes has the permissions that whoever runs it gives new files. */
final class ProcessUmaskTest {
  @TempDir Path folder;

  /** Writes one file as a review does. */
  public static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws IOException {
      HadoopFiles.standalone().write(args[0], "text");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "022, rwxr-xr-x, rw-r--r--",
    "027, rwxr-x---, rw-r-----",
    "077, rwx------, rw-------"
  })
  void filesAndFoldersFollowIt(String umask, String ofFolder, String ofFile) throws Exception {
    assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"),
        "no permissions are kept here");
    Path file = folder.resolve("made").resolve("file");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            "sh",
            "-c",
            "umask " + umask + "; exec \"$@\"",
            "sh",
            java,
            "-cp",
            System.getProperty("java.class.path"),
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            Writer.class.getName(),
            file.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(0, process.waitFor(), said);
    assertEquals(ofFolder, permissions(file.getParent()));
    assertEquals(ofFile, permissions(file));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file.getParent()), left.toList());
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
