package dev.homeward.formats.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scanner gives Jackson's tokens for Jackson's texts, and an error where Jackson has one. */
final class JsonScannerTest {
  private static final long SEED = 20_261_121;
  private static final int DOCUMENTS = 60_000;
  private static final String REFUSED = "refused";

  @Test
  void agreesWithJacksonOnRandomAndDamagedDocuments() {
    Random random = new Random(SEED);
    JsonScanner scanner = new JsonScanner();
    int refused = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      StringBuilder json = new StringBuilder();
      value(json, random, 0);
      byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
      if (i % 2 == 1) {
        damage(bytes, random);
      }
      String jackson = jackson(bytes);
      String ours = ours(scanner, bytes, random);
      assertEquals(jackson, ours, () -> "document %s".formatted(new String(bytes, UTF_8)));
      refused += jackson.equals(REFUSED) ? 1 : 0;
    }
    assertTrue(refused > DOCUMENTS / 10 && refused < DOCUMENTS, refused + " refused");
  }

  private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

  /** What stands behind a record in the buffer may be just what its next name would be. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"a\",\"prompt_tokens\":12,\"m\":{\"cached\":1,\"x\":{}},\"a_name_of_more_than_24_bytes\":[{\"id\":1}]}",
        "{ \"id\": \"a\", \"prompt_tokens\": 12, \"m\" :{\"cached\" : 1 ,\"x\":{}}, \"z\":0}"
      })
  void aRecordEndsWhereItEndsThoughItsNamesGoOn(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    JsonScanner scanner = new JsonScanner();
    for (int to = 1; to <= bytes.length; to++) {
      // The whole record before it, so that each name is known to follow the one before.
      assertEquals(jackson(bytes), tokens(scanner, bytes, 0, bytes.length));
      byte[] cut = java.util.Arrays.copyOf(bytes, to);
      assertEquals(jackson(cut), tokens(scanner, bytes, 0, to), new String(cut, UTF_8));
    }
  }

  @Test
  void skippingGivesTheSameEndAsReading() throws IOException {
    Random random = new Random(SEED + 1);
    JsonScanner scanner = new JsonScanner();
    for (int i = 0; i < 5_000; i++) {
      StringBuilder json = new StringBuilder("{\"a\":");
      value(json, random, 0);
      json.append(",\"b\":12}");
      byte[] bytes = json.toString().getBytes(UTF_8);
      scanner.reset(bytes, 0, bytes.length);
      scanner.nextToken();
      assertEquals(JsonToken.FIELD_NAME, scanner.nextToken());
      scanner.nextToken();
      scanner.skipChildren();
      assertEquals(JsonToken.FIELD_NAME, scanner.nextToken());
      assertEquals("b", scanner.currentName());
      scanner.nextToken();
      assertEquals(12, scanner.getLongValue());
      assertEquals(JsonToken.END_OBJECT, scanner.nextToken());
      assertEquals(null, scanner.nextToken());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1},\"c\":{\"a\":1},\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"ä\":1,\"\\u00e4\":2}",
        "{\"x\":{\"a\":1,\"b\":{\"a\":1},\"a\":2}}"
      })
  void aNameTwiceInOneObjectIsRefused(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    assertEquals(REFUSED, ours(new JsonScanner(), bytes, null));
    assertEquals(REFUSED, jackson(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":2}]}",
        "{\"b\":{\"a\":1},\"a\":2}",
        "[{\"a\":1},{\"a\":1}]"
      })
  void aNameInSeveralObjectsIsNoRepetition(String json) {
    JsonScanner scanner = new JsonScanner();
    byte[] bytes = json.getBytes(UTF_8);
    for (int again = 0; again < 3; again++) {
      assertEquals(jackson(bytes), ours(scanner, bytes, null));
    }
  }

  @Test
  void namesAndShortTextsThatReturnAreTheSameObjects() throws IOException {
    JsonScanner scanner = new JsonScanner();
    String[] names = new String[2];
    String[] texts = new String[2];
    for (int i = 0; i < 2; i++) {
      byte[] bytes = (" ".repeat(i * 3) + "{\"model\":\"gpt\"}").getBytes(UTF_8);
      scanner.reset(bytes, 0, bytes.length);
      scanner.nextToken();
      scanner.nextToken();
      names[i] = scanner.currentName();
      scanner.nextToken();
      texts[i] = scanner.getText();
    }
    assertSame(names[0], names[1]);
    assertSame(texts[0], texts[1]);
  }

  @Test
  void namesWithoutEndStayBounded() throws IOException {
    JsonScanner scanner = new JsonScanner();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = "{\"name%d\":%d,\"model\":1}".formatted(i, i).getBytes(UTF_8);
      scanner.reset(bytes, 0, bytes.length);
      scanner.nextToken();
      scanner.nextToken();
      assertEquals("name" + i, scanner.currentName());
      scanner.nextToken();
      assertEquals(i, scanner.getLongValue());
      scanner.nextToken();
      assertEquals("model", scanner.currentName());
    }
  }

  @Test
  void nanoDollarsAreThoseOfBigDecimal() {
    Random random = new Random(SEED + 2);
    int read = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder();
      digits(text, random, 1 + random.nextInt(10));
      if (random.nextBoolean()) {
        text.append('.');
        digits(text, random, 1 + random.nextInt(14));
      }
      if (random.nextInt(3) == 0) {
        text.append(random.nextBoolean() ? "e" : "E").append(random.nextBoolean() ? "-" : "");
        text.append(random.nextInt(15));
      }
      byte[] bytes = text.toString().getBytes(UTF_8);
      long nanos = Json.nanos(bytes, 0, bytes.length);
      BigDecimal exact =
          new BigDecimal(text.toString()).movePointRight(9).setScale(0, RoundingMode.HALF_EVEN);
      if (nanos >= 0) {
        assertEquals(exact, BigDecimal.valueOf(nanos), text.toString());
        read++;
      }
    }
    assertTrue(read > 50_000, read + " read without BigDecimal");
    assertEquals(-1, nanos("-1"));
    assertEquals(-1, nanos("1000000000.1"));
    assertEquals(1_000_000_000_000_000_000L, nanos("1e9"));
    assertEquals(0, nanos("0.0000000005"), "half even");
    assertEquals(2, nanos("0.0000000015"), "half even");
  }

  private static long nanos(String text) {
    return Json.nanos(text.getBytes(UTF_8), 0, text.length());
  }

  private static void digits(StringBuilder text, Random random, int count) {
    for (int i = 0; i < count; i++) {
      text.append((char) ('0' + (i == 0 ? 1 + random.nextInt(9) : random.nextInt(10))));
    }
  }

  private static String jackson(byte[] bytes) {
    StringBuilder tokens = new StringBuilder();
    boolean done = false;
    try (JsonParser p = Json.FACTORY.createParser(bytes)) {
      while (p.nextToken() != null) {
        if (done) {
          // Jackson reads on; a record is one value.
          return REFUSED;
        }
        done = p.getParsingContext().inRoot() && !p.currentToken().isStructStart();
        tokens.append(p.currentToken()).append('=').append(p.getText()).append('\n');
        if (p.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
          tokens.append(p.getDecimalValue());
        }
      }
    } catch (IOException | NumberFormatException e) {
      return REFUSED;
    }
    return tokens.toString();
  }

  /** The tokens, read from the middle of a larger array whose other bytes must not matter. */
  private static String ours(JsonScanner p, byte[] record, Random random) {
    int before = random == null ? 0 : random.nextInt(20);
    byte[] bytes = new byte[before + record.length + 20];
    java.util.Arrays.fill(bytes, (byte) '"');
    System.arraycopy(record, 0, bytes, before, record.length);
    return tokens(p, bytes, before, before + record.length);
  }

  private static String tokens(JsonScanner p, byte[] bytes, int from, int to) {
    StringBuilder tokens = new StringBuilder();
    p.reset(bytes, from, to);
    try {
      while (p.nextToken() != null) {
        tokens.append(p.currentToken()).append('=').append(p.getText()).append('\n');
        if (p.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
          tokens.append(p.getDecimalValue());
        }
      }
    } catch (IOException e) {
      assertFalse(e.getMessage().isEmpty());
      return REFUSED;
    }
    return tokens.toString();
  }

  private static void value(StringBuilder json, Random random, int depth) {
    switch (random.nextInt(depth > 4 ? 5 : 8)) {
      case 0 -> text(json, random);
      case 1 -> json.append(random.nextLong());
      case 2 -> json.append(random.nextInt(2000) - 1000);
      case 3 -> json.append(random.nextGaussian() * Math.pow(10, random.nextInt(30) - 15));
      case 4 -> json.append(new String[] {"true", "false", "null", "0", "-0"}[random.nextInt(5)]);
      case 5 -> {
        json.append('[').append(space(random));
        for (int i = random.nextInt(4); i > 0; i--) {
          value(json, random, depth + 1);
          json.append(i > 1 ? "," : "").append(space(random));
        }
        json.append(']');
      }
      default -> {
        json.append('{').append(space(random));
        for (int i = random.nextInt(5); i > 0; i--) {
          if (random.nextInt(4) > 0) {
            json.append("\"field_").append(i).append('"');
          } else {
            text(json, random);
          }
          json.append(space(random)).append(':').append(space(random));
          value(json, random, depth + 1);
          json.append(i > 1 ? "," : "").append(space(random));
        }
        json.append('}');
      }
    }
  }

  private static String space(Random random) {
    return random.nextInt(5) == 0 ? " \t".substring(random.nextInt(2)) : "";
  }

  private static void text(StringBuilder json, Random random) {
    json.append('"');
    for (int i = random.nextInt(random.nextInt(10) == 0 ? 100 : 20); i > 0; i--) {
      switch (random.nextInt(12)) {
        case 0 -> json.append("\\\"");
        case 1 -> json.append("\\n");
        case 2 -> json.append("\\u00e4");
        case 3 -> json.append("ß€");
        case 4 -> json.append("\uD83D\uDE00");
        default -> json.append((char) ('a' + random.nextInt(26)));
      }
    }
    json.append('"');
  }

  // One to three bytes replaced by bytes that matter to JSON; never by ones above 127, about which
  // the scanner is stricter than Jackson.
  private static void damage(byte[] bytes, Random random) {
    byte[] bad = "\"{}[]:,\\u0e-.tnN \u0001\n5".getBytes(UTF_8);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      if (bytes[at] >= 0) {
        bytes[at] = bad[random.nextInt(bad.length)];
      }
    }
  }
}
