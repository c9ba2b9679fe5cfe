package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.config.Version;
import org.junit.jupiter.api.Test;

final class VersionFlagTest {
  @Test
  void theProgramTellsTheBuildsVersion() {
    Cli.Ran ran = Cli.run("--version");
    assertEquals(0, ran.exit());
    assertEquals("homeward " + Version.current(), ran.out().strip());
  }
}
