package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.formats.FormatDetection.Detected;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Sink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads a file as the program does: its format and envelope are told by its beginning. */
final class Detecting {
  final Detected detected;
  final Reading reading = new Reading();

  private Detecting(Detected detected) {
    this.detected = detected;
  }

  static Detecting of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8), Reading.NOTHING_GIVEN);
  }

  static Detecting of(byte[] bytes, ReadContext context) {
    int head = Math.min(bytes.length, FormatDetection.HEAD_BYTES);
    Detecting file = new Detecting(FormatDetection.detect(bytes, head));
    assertTrue(file.detected.format().isPresent(), file.detected.why());
    read(file.detected, bytes, context, file.reading);
    return file;
  }

  static void read(Detected detected, byte[] bytes, ReadContext context, Sink into) {
    try {
      LogReader.read(
          detected.format().orElseThrow(),
          detected.envelope(),
          context,
          new ByteArrayInputStream(bytes),
          0,
          Long.MAX_VALUE,
          into);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
