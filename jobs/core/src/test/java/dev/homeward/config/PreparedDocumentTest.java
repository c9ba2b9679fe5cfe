package dev.homeward.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreparedDocumentTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "catalog/accelerators",
        "catalog/efficiencies",
        "catalog/efficiency-classes",
        "catalog/engines",
        "catalog/hardware",
        "catalog/hosted-models",
        "catalog/models",
        "catalog/prices",
        "catalog/priors",
        "catalog/quantizations",
        "economics/assumptions",
        "policy/default-policy"
      })
  void theBuildPreparesEveryFileOfTheProgramAsItIsWritten(String file) throws IOException {
    String path = "dev/homeward/" + file + ".yaml";
    byte[] written = resource(path);
    byte[] prepared = resource(path + PreparedDocument.SUFFIX);
    JsonNode expected = Documents.parse(written, path);

    assertTrue(PreparedDocument.isOf(prepared, written));
    // Compared as text, digit by digit: the catalog's version is a hash of it.
    assertEquals(expected.toString(), PreparedDocument.read(prepared).toString());
    assertEquals(expected.toString(), Documents.readResource(path).toString());
  }

  @Test
  void aCopyOfAnotherOriginalIsPassedOver(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("a/prices.yaml");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "prices: [1.50, 2, \"x\"]");
    PreparedDocument.main(new String[] {folder.toString()});
    byte[] prepared = Files.readAllBytes(Path.of(file + PreparedDocument.SUFFIX));

    assertTrue(PreparedDocument.isOf(prepared, Files.readAllBytes(file)));
    assertEquals("{\"prices\":[1.5,2,\"x\"]}", PreparedDocument.read(prepared).toString());
    assertFalse(
        PreparedDocument.isOf(
            prepared, "prices: [1.51, 2, \"x\"]".getBytes(StandardCharsets.UTF_8)));
    assertFalse(PreparedDocument.isOf(new byte[0], new byte[0]));
  }

  private static byte[] resource(String path) throws IOException {
    try (InputStream in = PreparedDocumentTest.class.getClassLoader().getResourceAsStream(path)) {
      assertNotNull(in, path);
      return in.readAllBytes();
    }
  }
}
