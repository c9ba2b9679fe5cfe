package dev.homeward.logs;

import dev.homeward.calls.CallDraft;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The key of a log under which hashes of its session ids are hashed once more, by SipHash-2-4
 * (Aumasson and Bernstein, 2012), before they leave ingest. Calls of one session keep one value;
 * the same session has another value in a review of other logs, and who does not have the log
 * cannot try out which id a value belongs to.
 *
 * <p>The key is made of what stands in all files of the log, and nothing that is written tells it:
 * the same log gives the same values, and so the same files, without a key that must be kept.
 */
public final class SessionKey {
  private final long low;
  private final long high;

  SessionKey(long low, long high) {
    this.low = low;
    this.high = high;
  }

  /** The key of a log, whatever the order of its files and wherever they lie. */
  public static SessionKey of(List<LogFile> files) {
    String secrets = String.join("\n", files.stream().map(LogFile::secret).sorted().toList());
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(secrets.getBytes(StandardCharsets.UTF_8));
      ByteBuffer words = ByteBuffer.wrap(hash).order(ByteOrder.LITTLE_ENDIAN);
      return new SessionKey(words.getLong(), words.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key as text; {@link #parse} reads it. */
  public String text() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(low) + hex.toHexDigits(high);
  }

  /** The key of {@link #text}. */
  public static SessionKey parse(String text) {
    return new SessionKey(
        HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, 32));
  }

  /** What stands for a session; never 0, and {@link CallDraft#ABSENT} only for none. */
  public long of(long session) {
    if (session == CallDraft.ABSENT) {
      return session;
    }
    long hash = sipHash(session);
    return hash == CallDraft.ABSENT || hash == 0 ? 1 : hash;
  }

  // Of a message of one word; the last word holds its length, 8 bytes, in its highest byte.
  long sipHash(long message) {
    long[] v = {
      low ^ 0x736f6d6570736575L,
      high ^ 0x646f72616e646f6dL,
      low ^ 0x6c7967656e657261L,
      high ^ 0x7465646279746573L
    };
    for (long word : new long[] {message, 8L << 56}) {
      v[3] ^= word;
      rounds(v, 2);
      v[0] ^= word;
    }
    v[2] ^= 0xff;
    rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
  }

  private static void rounds(long[] v, int count) {
    for (int i = 0; i < count; i++) {
      v[0] += v[1];
      v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
      v[0] = Long.rotateLeft(v[0], 32);
      v[2] += v[3];
      v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
      v[0] += v[3];
      v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
      v[2] += v[1];
      v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
      v[2] = Long.rotateLeft(v[2], 32);
    }
  }
}
