package dev.homeward.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Sink;
import dev.homeward.formats.scan.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One million damaged records over all formats: nothing escapes, nothing hangs, every record is
 * accounted for, and nothing private is shown. Starts from each format's golden file.
 */
final class FuzzTest {
  private static final long SEED = 20_261_121;
  private static final int RECORDS = 1_000_000;
  private static final int A_FORMAT = RECORDS / (LogFormat.values().length - 1) + 1;
  private static final int A_FILE = 500;
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String[] PRIVATE = {
    "someone", "secret", "a prompt", "an answer", "10.0.0.1", "a@b"
  };

  @ParameterizedTest
  @EnumSource(
      value = LogFormat.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CANONICAL_PARQUET"})
  void everyDamagedRecordIsAccountedFor(LogFormat format) {
    byte[] golden = Reading.golden(format);
    Counting whole = read(format, golden, JsonLayout.LINES);
    assertEquals(0, whole.rejected, "the golden file of " + format.word());
    assertTrue(whole.found > 0, "the golden file of " + format.word());
    SharedCall.checkDetected(format, golden);
    long seed = SEED + format.ordinal();
    Counting all =
        assertTimeoutPreemptively(
            LIMIT, () -> damaged(format, golden, seed), "seed " + seed + " of " + format.word());
    assertTrue(all.mutants >= A_FORMAT);
    assertTrue(all.reasons.size() >= 4, "seed " + seed + ": " + all.reasons);
    assertTrue(all.found > 0, "some survive");
  }

  private static Counting damaged(LogFormat format, byte[] golden, long seed) {
    Mutator mutator = new Mutator(seed);
    Random random = new Random(seed);
    Counting all = new Counting();
    boolean csv = format.framing() == LogFormat.Framing.CSV;
    String[] lines = new String(golden, StandardCharsets.UTF_8).split("\n");
    while (all.mutants < A_FORMAT) {
      ByteArrayOutputStream log = new ByteArrayOutputStream();
      if (csv) {
        log.writeBytes((lines[0] + "\n").getBytes(StandardCharsets.UTF_8));
      }
      for (int i = 0; i < A_FILE; i++) {
        int first = csv ? 1 : 0;
        String line = lines[first + random.nextInt(lines.length - first)];
        byte[] mutant = mutator.mutate(line.getBytes(StandardCharsets.UTF_8));
        log.writeBytes(csv ? mutant : onOneLine(mutant));
        log.write('\n');
      }
      byte[] bytes = log.toByteArray();
      Counting file = read(format, bytes, JsonLayout.LINES);
      long records = file.found + file.rejected + file.ignored;
      String where = "seed %d, after %d".formatted(seed, all.mutants);
      if (csv || format.jsonAdapter(Reading.GIVEN) != null) {
        assertEquals(lines(bytes), records, where);
      } else {
        assertTrue(records >= lines(bytes), where);
      }
      all.add(file);
      all.mutants += A_FILE;
      if (!csv && all.mutants % 5_000 == 0) {
        // The same bytes as a document: found by braces, however wrong they are.
        Counting document = read(format, bytes, JsonLayout.DOCUMENT);
        assertTrue(document.found + document.rejected + document.ignored > 0, where);
      }
    }
    return all;
  }

  /**
   * A line far larger than the limit is never held: the next one is read as if it were not there.
   */
  @Test
  void aLineOf100MegabytesIsReadPast() throws IOException {
    byte[] good = Reading.golden(LogFormat.CANONICAL_JSONL);
    Counting counting = new Counting();
    try (InputStream in = new Endless(good, 100 << 20)) {
      LogReader.read(
          LogFormat.CANONICAL_JSONL,
          JsonLayout.LINES,
          Reading.NOTHING_GIVEN,
          in,
          0,
          Long.MAX_VALUE,
          counting);
    }
    assertEquals(Set.of(Reason.RECORD_TOO_LARGE), counting.reasons);
    assertEquals(2, counting.found);
  }

  /** A good record, a line of so many bytes, a good record; made while it is read. */
  @SuppressWarnings("InputStreamSlowMultibyteRead") // a million bytes are soon read
  private static final class Endless extends InputStream {
    private final byte[] good;
    private final long large;
    private long at;

    Endless(byte[] good, long large) {
      this.good = good;
      this.large = large;
    }

    @Override
    public int read() {
      long place = at++;
      if (place < good.length) {
        return good[(int) place] & 0xFF;
      }
      place -= good.length;
      if (place < large) {
        return place == 0 ? '{' : place == large - 1 ? '\n' : 'a';
      }
      place -= large;
      return place < good.length ? good[(int) place] & 0xFF : -1;
    }
  }

  private static Counting read(LogFormat format, byte[] bytes, JsonLayout layout) {
    Counting counting = new Counting();
    try {
      LogReader.read(
          format,
          layout,
          Reading.GIVEN,
          new ByteArrayInputStream(bytes),
          0,
          Long.MAX_VALUE,
          counting);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return counting;
  }

  private static byte[] onOneLine(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '\n' ? (byte) ' ' : bytes[i];
    }
    return bytes;
  }

  private static long lines(byte[] bytes) {
    long lines = 0;
    for (byte b : bytes) {
      lines += b == '\n' ? 1 : 0;
    }
    return lines;
  }

  private static final class Counting implements Sink {
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    private long found;
    private long rejected;
    private long ignored;
    private int mutants;

    private void add(Counting other) {
      reasons.addAll(other.reasons);
      found += other.found;
      rejected += other.rejected;
      ignored += other.ignored;
    }

    @Override
    public void call(CallDraft draft) {
      assertFalse(draft.isBucket());
      assertTrue(draft.requestModel != null && !draft.requestModel.isEmpty());
      for (long kind : new long[] {draft.inputTokens, draft.cacheReadTokens, draft.outputTokens}) {
        assertTrue(kind == CallDraft.ABSENT || kind >= 0);
      }
      found++;
    }

    @Override
    public void bucket(CallDraft draft) {
      assertTrue(draft.bucketMicros > 0);
      found++;
    }

    @Override
    public void ignored() {
      ignored++;
    }

    @Override
    public void rejected(Rejection rejection) {
      rejected++;
      reasons.add(rejection.reason());
      String shown = rejection.detail() + rejection.sample();
      assertTrue(rejection.sample().length() <= 200);
      for (String secret : PRIVATE) {
        assertFalse(shown.contains(secret), shown);
      }
    }
  }
}
