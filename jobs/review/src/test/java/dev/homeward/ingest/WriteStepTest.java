package dev.homeward.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.homeward.calls.BillingMode;
import dev.homeward.calls.CallDays;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallIds;
import dev.homeward.calls.CallTable;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.files.HadoopFiles;
import dev.homeward.keeping.Codec;
import dev.homeward.units.TimeUnits;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a part says of its calls is what each call alone would have said. */
final class WriteStepTest {
  private static final int CALLS = 3_000;
  private static final long FROM = -3 * TimeUnits.MICROS_PER_HOUR;

  @TempDir private Path folder;

  /** Calls of several workloads and files, many of which start together. */
  @Test
  void daysAreThoseOfTheCallsOneByOne() {
    Random random = new Random(3);
    CallTable table = new CallTable(16);
    CallIds copies = new CallIds(16);
    CallDays days = new CallDays();
    Map<String, Integer> ordinals = new HashMap<>();
    CallDraft draft = new CallDraft();
    for (int i = 0; i < CALLS; i++) {
      draft.clear();
      int workload = random.nextInt(5);
      // Two workloads in one hour and two in the next, of which the later one ends first; the fifth
      // stands in the next day.
      int hour = workload < 4 ? workload / 2 : 3 + random.nextInt(3);
      int tenMinutes = random.nextInt(workload % 2 == 0 ? 6 : 2);
      draft.startedAtMicros =
          FROM + hour * TimeUnits.MICROS_PER_HOUR + tenMinutes * (TimeUnits.MICROS_PER_HOUR / 6);
      draft.sourceLine = random.nextInt(100);
      draft.hasId = true;
      String file = "log-%d.jsonl".formatted(random.nextInt(3));
      int ordinal = ordinals.merge(file, 1, Integer::sum);
      WorkloadKey key = new WorkloadKey("w" + workload, "gpt-4o", "internal");
      table.add(draft, key, null, BillingMode.METERED, file, 0, ordinal);
      if (random.nextInt(4) == 0) {
        copies.add(draft, 0, file, 0, ordinal, 0);
      } else {
        days.add(draft.startedAtMicros, file, draft.sourceLine);
      }
    }
    Note note = new Note();
    note.copies = copies.encode();

    Written written =
        WriteStep.write(
            HadoopFiles.standalone(),
            List.of(table.encode()).iterator(),
            List.of(Codec.bytes(note)).iterator(),
            folder.resolve("part.parquet").toString());

    assertEquals(Codec.write(days), Codec.write(written.days));
    assertEquals(
        CALLS - copies.size(), written.counts.values().stream().mapToLong(c -> c.calls).sum());
    assertEquals(
        copies.size(), written.counts.values().stream().mapToLong(c -> c.duplicates).sum());
  }

  /** What a workload used decides whether it has a row of its own. */
  @Test
  void tokensOfAWorkloadAreThoseOfItsCalls() {
    CallTable table = new CallTable(16);
    CallDraft draft = new CallDraft();
    for (int i = 0; i < 3; i++) {
      draft.clear();
      draft.startedAtMicros = FROM + i;
      if (i < 2) {
        draft.inputTokens = 100L + i;
        draft.cacheReadTokens = 2_000;
        draft.cacheWrite5mTokens = 30_000;
        draft.cacheWrite1hTokens = 400_000;
        draft.outputTokens = 5_000_000;
      }
      WorkloadKey key = new WorkloadKey("w", "gpt-4o", "internal");
      table.add(draft, key, null, BillingMode.METERED, "log.jsonl", 0, i);
    }

    Written written =
        WriteStep.write(
            HadoopFiles.standalone(),
            List.of(table.encode()).iterator(),
            List.of(Codec.bytes(new Note())).iterator(),
            folder.resolve("tokens.parquet").toString());

    IngestResult.Slice slice = written.parts.values().iterator().next().keys().get(0);
    assertEquals(3, slice.rows());
    assertEquals(new IngestResult.Tokens(201, 4_000, 860_000, 10_000_000), slice.tokens());
  }
}
