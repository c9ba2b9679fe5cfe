package dev.homeward.review;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.files.Compression;
import dev.homeward.formats.Envelope;
import dev.homeward.logs.LogFile;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How calls/ is cut, which the log alone decides: some 300 bytes a call. */
final class IngestStageTest {
  private static final long CALL = 300;

  @Test
  void aSmallLogIsOneFile() {
    assertEquals(1, parts(plain(600 * CALL)));
    assertEquals(1, parts(plain(99_999 * CALL)));
  }

  /** A part for every 100,000 calls begun, up to 16, so that several cores write it. */
  @Test
  void aLogOfSomeHundredThousandCallsIsCutForSeveralCores() {
    assertEquals(2, parts(plain(100_000 * CALL)));
    assertEquals(4, parts(plain(355_000 * CALL)));
    assertEquals(16, parts(plain(5_000_000 * CALL)));
  }

  /** A part for every half million calls begun: what one task sorts and writes. */
  @Test
  void aLargeLogIsCutForTheMemoryOfATask() {
    assertEquals(201, parts(plain(100_000_000 * CALL)));
  }

  /** Compressed logs hold ten times their bytes; files count together. */
  @Test
  void compressedBytesCountTenfold() {
    assertEquals(3, parts(plain(90_000 * CALL), compressed(12_000 * CALL)));
  }

  private static int parts(LogFile... files) {
    return IngestStage.parts(List.of(files));
  }

  private static LogFile plain(long bytes) {
    return file(bytes, Compression.NONE);
  }

  private static LogFile compressed(long bytes) {
    return file(bytes, Compression.GZIP);
  }

  private static LogFile file(long bytes, Compression compression) {
    return new LogFile(
        "/logs/a",
        "a",
        bytes,
        "",
        "",
        compression,
        "canonical",
        Envelope.table(','),
        "named so",
        "");
  }
}
