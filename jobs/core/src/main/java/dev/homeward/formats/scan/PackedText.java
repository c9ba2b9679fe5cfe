package dev.homeward.formats.scan;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.GZIPInputStream;

/**
 * A text that is gzip in base64: what a subscription of CloudWatch hands to Lambda ({@code
 * {"awslogs":{"data":"H4sI..."}}}) and to Kinesis ({@code {"Records":[{"kinesis":{"data":...}}]}}).
 */
public final class PackedText {
  /** How every gzip begins in base64. */
  private static final byte[] BEGINNING = "H4sI".getBytes(StandardCharsets.US_ASCII);

  private static final int CHUNK = 1 << 13;

  private PackedText() {}

  /** Whether a text is packed so. */
  public static boolean is(byte[] bytes, int from, int to) {
    return to - from > BEGINNING.length
        && Arrays.equals(bytes, from, from + BEGINNING.length, BEGINNING, 0, BEGINNING.length);
  }

  /**
   * What is in it.
   *
   * @param most bytes that it may hold
   * @throws RejectedRecord if it is damaged or holds more
   */
  public static byte[] unpacked(byte[] bytes, int from, int to, int most) throws RejectedRecord {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream in = open(bytes, from, to)) {
      copy(in, out, most);
    } catch (IOException | IllegalArgumentException e) {
      throw new RejectedRecord(Reason.TRUNCATED, "a text in base64 and gzip is damaged");
    }
    if (out.size() > most) {
      throw new RejectedRecord(
          Reason.RECORD_TOO_LARGE, "longer than %d bytes when unpacked".formatted(most));
    }
    return out.toByteArray();
  }

  /** As much of it as can be read, for a look at what it is; it may be cut off. */
  public static byte[] beginning(byte[] bytes, int from, int to, int most) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream in = open(bytes, from, from + (to - from) / 4 * 4)) {
      copy(in, out, most);
    } catch (IOException | IllegalArgumentException e) {
      // Cut off or damaged: what stands before that was read.
      return out.toByteArray();
    }
    return out.toByteArray();
  }

  private static InputStream open(byte[] bytes, int from, int to) throws IOException {
    return new GZIPInputStream(
        Base64.getDecoder().wrap(new ByteArrayInputStream(bytes, from, to - from)));
  }

  private static void copy(InputStream in, ByteArrayOutputStream out, int most) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int read = in.read(chunk); read >= 0 && out.size() <= most; read = in.read(chunk)) {
      out.write(chunk, 0, read);
    }
  }
}
