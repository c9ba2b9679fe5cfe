package dev.homeward.formats;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * Damages records as disks, networks, exporters and attackers do. The same seed, the same damage.
 */
final class Mutator {
  private static final byte[] SIGNS = bytes("\"{}[],:-.0e\\\0\n\r");
  private static final String[] VALUES = {
    "-1",
    "-9223372036854775808",
    "9223372036854775807",
    "99999999999999999999999999",
    "1e999999999",
    "1e-999999999",
    "0.1",
    "NaN",
    "-Infinity",
    "null",
    "true",
    "\"12\"",
    "\"\"",
    "[]",
    "{}",
    "[[[{\"a\":1}]]]",
    "\"\\ud800\"",
    "\"\\u0000\"",
    "\"{\\\"prompt_tokens\\\":1}\"",
    "\"2026-13-45T99:99:99Z\"",
    "\"0000-00-00T00:00:00Z\"",
    "\"=cmd|' /C calc'!A0\""
  };

  private final Random random;

  Mutator(long seed) {
    this.random = new Random(seed);
  }

  /** The record with one to three kinds of damage. */
  byte[] mutate(byte[] record) {
    byte[] mutant = record.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0 && mutant.length > 0; changes--) {
      mutant = once(mutant);
    }
    return mutant;
  }

  private byte[] once(byte[] record) {
    int at = random.nextInt(record.length);
    switch (random.nextInt(12)) {
      case 0 -> record[at] = (byte) random.nextInt(256);
      case 1 -> record[at] = SIGNS[random.nextInt(SIGNS.length)];
      case 2 -> record[at] ^= (byte) (1 << random.nextInt(8));
      case 3 -> {
        return Arrays.copyOf(record, at);
      }
      case 4 -> {
        // A piece twice, or somewhere else.
        int length = 1 + random.nextInt(Math.min(40, record.length - at));
        byte[] piece = Arrays.copyOfRange(record, at, at + length);
        return insert(record, random.nextInt(record.length), piece);
      }
      case 5 -> {
        int to = Math.min(record.length, at + 1 + random.nextInt(40));
        byte[] cut = Arrays.copyOf(record, record.length - (to - at));
        System.arraycopy(record, to, cut, at, record.length - to);
        return cut;
      }
      case 6 -> {
        return insert(record, at, new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
      }
      case 7 -> {
        int depth = 1 + random.nextInt(400);
        String nested = "[".repeat(depth) + "]".repeat(random.nextInt(depth + 1));
        return insert(record, at, bytes(nested));
      }
      case 8 -> {
        // A field named twice.
        return insert(record, fieldFrom(record, at), bytes("\"model\":\"m\","));
      }
      default -> {
        return otherValue(record, at);
      }
    }
    return record;
  }

  /** Another value for the number, text or word behind the next colon or comma. */
  private byte[] otherValue(byte[] record, int near) {
    int from = near;
    while (from < record.length && record[from] != ':' && record[from] != ',') {
      from++;
    }
    from = Math.min(from + 1, record.length);
    int to = from;
    while (to < record.length && record[to] != ',' && record[to] != '}' && record[to] != '\n') {
      to++;
    }
    byte[] value = bytes(VALUES[random.nextInt(VALUES.length)]);
    byte[] cut = new byte[record.length - (to - from) + value.length];
    System.arraycopy(record, 0, cut, 0, from);
    System.arraycopy(value, 0, cut, from, value.length);
    System.arraycopy(record, to, cut, from + value.length, record.length - to);
    return cut;
  }

  private static int fieldFrom(byte[] record, int near) {
    for (int i = near; i > 0; i--) {
      if (record[i - 1] == '{' || record[i - 1] == ',') {
        return i;
      }
    }
    return 0;
  }

  private static byte[] insert(byte[] record, int at, byte[] piece) {
    byte[] longer = Arrays.copyOf(record, record.length + piece.length);
    System.arraycopy(record, at, longer, at + piece.length, record.length - at);
    System.arraycopy(piece, 0, longer, at, piece.length);
    return longer;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
