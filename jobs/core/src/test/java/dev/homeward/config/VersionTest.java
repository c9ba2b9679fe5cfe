package dev.homeward.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class VersionTest {
  @Test
  void theProgramSaysTheVersionThatTheRootPomHas() throws IOException {
    Path root = Path.of(System.getProperty("homeward.root"));
    String pom = Files.readString(root.resolve("pom.xml"));
    String there =
        Pattern.compile("<revision>(\\d+\\.\\d+\\.\\d+)</revision>")
            .matcher(pom)
            .results()
            .map((MatchResult found) -> found.group(1))
            .findFirst()
            .orElseThrow();
    assertEquals(there, Version.current());
  }
}
