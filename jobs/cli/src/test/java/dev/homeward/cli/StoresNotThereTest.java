package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores whose classes the default build does not have: one line that says which jars to add. */
final class StoresNotThereTest {
  @TempDir private Path folder;

  @Test
  void everyCommandSaysWhatIsMissing() {
    String out = folder.resolve("out").toString();
    for (List<String> command :
        List.of(
            List.of("review", "s3a://bucket/logs", "--workers", "local", "--out", out),
            List.of("validate", "s3a://bucket/logs"),
            List.of("whatif", "s3a://bucket/review", "--situation", "company"),
            List.of("diff", "s3a://bucket/one", "s3a://bucket/two"),
            List.of("explain", "claims", "--review", "s3a://bucket/review"),
            List.of("report", "s3a://bucket/review", "--out", out))) {
      Cli.Ran ran = Cli.run(command.toArray(String[]::new));
      assertEquals(2, ran.exit(), ran.err());
      assertTrue(
          ran.err()
              .startsWith(
                  "Cannot read or write s3a:// here: what knows it is not on the class path. Maybe build them in once with ./mvnw"),
          ran.err());
      assertEquals(1, ran.err().lines().count(), ran.err());
    }
  }

  @Test
  void otherStoresAreNamedWithTheirJars() {
    assertTrue(
        Cli.run("explain", "claims", "--review", "gs://bucket/review")
            .err()
            .contains("gcs-connector"));
    Cli.Ran azure = Cli.run("explain", "claims", "--review", "abfss://c@a.dfs.core.windows.net/r");
    assertEquals(2, azure.exit());
    assertTrue(azure.err().contains("hadoop-azure"), azure.err());
  }
}
