package dev.homeward.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.homeward.units.InvalidInput;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DocumentsTest {
  @Test
  void decimalsKeepAllTheirDigits() {
    JsonNode node = parse("price: 0.12345678901234567890123\n");
    assertEquals(new BigDecimal("0.12345678901234567890123"), node.get("price").decimalValue());
  }

  @Test
  void aKeyThatStandsTwiceIsAnErrorWithItsLine() {
    InvalidInput e = assertThrows(InvalidInput.class, () -> parse("a: 1\na: 2\n"));
    assertTrue(e.getMessage().startsWith("Cannot read x.yaml:2:"), e.getMessage());
    assertTrue(e.getMessage().contains("uplicate"), e.getMessage());
  }

  /** YAML 1.1 took them for true and false: {@code prefix-cache: off}, the language {@code no}. */
  @Test
  void onlyTrueAndFalseAreNoTexts() {
    for (String word : List.of("off", "on", "no", "yes", "n", "y", "Off", "NO")) {
      assertEquals(TextNode.valueOf(word), parse("a: " + word + "\n").get("a"));
    }
    assertEquals(BooleanNode.TRUE, parse("a: true\n").get("a"));
    assertEquals(BooleanNode.FALSE, parse("a: False\n").get("a"));
  }

  @Test
  void aMissingFileIsNamed() {
    InvalidInput e =
        assertThrows(InvalidInput.class, () -> Documents.read(Path.of("nowhere", "policy.yaml")));
    assertEquals("Cannot read nowhere/policy.yaml: no such file", e.getMessage());
  }

  private static JsonNode parse(String text) {
    return Documents.parse(text.getBytes(StandardCharsets.UTF_8), "x.yaml");
  }
}
