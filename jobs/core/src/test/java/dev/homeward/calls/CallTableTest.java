package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.SharedData;
import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import dev.homeward.config.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CallTableTest {
  @Test
  void blocksAndFilesReadBackWhatWasWritten(@TempDir Path folder) throws IOException {
    CallTable table = random(5_000, new Random(3));
    CallTable decoded = new CallTable(1);
    decoded.decode(table.encode());
    assertEquals(rows(table), rows(decoded));

    int[] order = table.sortedRows();
    Path file = folder.resolve("part.parquet");
    CallsFile.write(table, order, new LocalOutputFile(file));
    CallTable read = new CallTable(16);
    CallsFile.readAll(new LocalInputFile(file), read);
    assertEquals(table.size(), read.size());
    for (int i = 0; i < order.length; i++) {
      assertEquals(stored(table, order[i]), stored(read, i));
    }
    TreeSet<WorkloadKey> keys = new TreeSet<>();
    int sum = 0;
    for (int i = 0; i < table.size(); i++) {
      keys.add(table.key(i));
    }
    for (WorkloadKey key : keys) {
      CallTable one = new CallTable(16);
      CallsFile.read(new LocalInputFile(file), Map.of(key, one), Long.MIN_VALUE, Long.MAX_VALUE);
      for (int i = 0; i < one.size(); i++) {
        assertEquals(key, one.key(i));
      }
      sum += one.size();
    }
    assertEquals(table.size(), sum, "every row belongs to exactly one key");
  }

  /** Sorted by key, then time, then file, then line; the same whatever the order before. */
  @Test
  void theOrderOfRowsDoesNotDependOnTheOrderTheyCameIn() {
    CallTable table = random(800, new Random(5));
    List<Integer> shuffled = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      shuffled.add(i);
    }
    Collections.shuffle(shuffled, new Random(6));
    CallTable other = new CallTable(16);
    shuffled.forEach(row -> addRow(table, row, other));
    int[] a = table.sortedRows();
    int[] b = other.sortedRows();
    for (int i = 0; i < a.length; i++) {
      assertEquals(stored(table, a[i]), stored(other, b[i]));
    }
  }

  @Test
  void aLogOfAnHourIsASampleAndAFullMonthIsNot() {
    ZoneId utc = ZoneId.of("UTC");
    long from = micros("2023-11-16T18:17:03Z");
    long to = micros("2023-11-16T19:14:19Z");
    ReviewPeriod hour =
        ReviewPeriod.of(from, to, Optional.empty(), utc, (a, b) -> new long[] {from, to});
    assertEquals(YearMonth.of(2023, 11), hour.month());
    assertEquals(57 * 60 + 16, hour.coverage() * 30 * 86_400, 1e-6);
    ReviewPeriod full =
        ReviewPeriod.of(
            micros("2026-09-30T23:00:00Z"),
            micros("2026-11-10T08:00:00Z"),
            Optional.empty(),
            utc,
            (a, b) -> new long[] {a, b});
    assertEquals(YearMonth.of(2026, 10), full.month(), "the last complete month");
    assertEquals(1.0, full.coverage());
    assertEquals(744, full.hours());
    ReviewPeriod berlin =
        ReviewPeriod.of(
            micros("2026-09-30T20:00:00Z"),
            micros("2026-11-10T08:00:00Z"),
            Optional.empty(),
            ZoneId.of("Europe/Berlin"),
            (a, b) -> new long[] {a, b});
    assertEquals(745, berlin.hours(), "the clocks go back in October");
  }

  @Test
  void columnsAreThoseOfTheSchemaFile() {
    JsonNode schema = Documents.read(SharedData.root().resolve("schemas/calls.columns.json"));
    List<String> documented = new ArrayList<>();
    schema
        .get("columns")
        .forEach(c -> documented.add(c.get("name").textValue() + " " + c.get("type").textValue()));
    List<String> actual = new ArrayList<>();
    CallColumns.ALL.forEach(c -> actual.add(c.name() + " " + (c.isText() ? "text" : "int64")));
    assertEquals(documented, actual);
  }

  @Test
  void aCallTakesAtMost24BytesOnDisk(@TempDir Path folder) throws IOException {
    // A workload as a gateway writes it: steady arrivals, log-normal lengths, whole milliseconds.
    Random random = new Random(1);
    CallTable table = new CallTable(1000);
    CallDraft draft = new CallDraft();
    for (int i = 0; i < 200_000; i++) {
      draft.clear();
      draft.startedAtMicros =
          1_790_000_000_000_000L + i * 10_000_000L + random.nextInt(10_000) * 1000L;
      draft.durationMicros =
          (long) (2_000_000 * Math.exp(0.5 * random.nextGaussian())) / 1000 * 1000;
      draft.ttftMicros = (long) (500_000 * Math.exp(0.3 * random.nextGaussian())) / 1000 * 1000;
      draft.inputTokens = (int) (1500 * Math.exp(0.6 * random.nextGaussian()));
      draft.outputTokens = (int) (300 * Math.exp(0.6 * random.nextGaussian()));
      draft.cacheReadTokens = 0;
      draft.cacheWrite5mTokens = 0;
      draft.cacheWrite1hTokens = 0;
      draft.requestModel = "gpt-4o";
      draft.provider = "openai";
      draft.loggedNanoUsd = draft.inputTokens * 2500 + draft.outputTokens * 10_000;
      draft.sourceLine = i + 1L;
      table.add(
          draft,
          new WorkloadKey("w", "gpt-4o", "internal"),
          "CC-1",
          BillingMode.METERED,
          "log.jsonl.gz",
          0,
          i);
    }
    Path file = folder.resolve("calls.parquet");
    CallsFile.write(table, table.sortedRows(), new LocalOutputFile(file));
    double bytes = (double) Files.size(file) / table.size();
    assertTrue(bytes <= 24, "bytes a call: " + bytes);
  }

  private static void addRow(CallTable from, int row, CallTable to) {
    int added = to.addEmptyRows(1);
    for (Number column : Number.values()) {
      to.set(added, column, from.number(column, row));
    }
    for (Text column : Text.values()) {
      to.set(added, column, from.text(column, row));
    }
  }

  private static CallTable random(int n, Random random) {
    CallTable table = new CallTable(1);
    CallDraft draft = new CallDraft();
    for (int i = 0; i < n; i++) {
      draft.clear();
      draft.startedAtMicros = random.nextInt(1000) * 1_000_000L;
      draft.inputTokens = random.nextBoolean() ? CallDraft.ABSENT : random.nextInt();
      draft.loggedNanoUsd = random.nextLong();
      draft.session = random.nextInt(3) == 0 ? CallDraft.ABSENT : random.nextLong();
      draft.provider = random.nextBoolean() ? null : "p" + random.nextInt(3);
      draft.requestModel = "m" + random.nextInt(4);
      draft.operation = Operation.values()[random.nextInt(3)];
      draft.serviceTier = ServiceTier.values()[random.nextInt(4)];
      draft.sourceLine = i;
      table.add(
          draft,
          new WorkloadKey(
              "w" + random.nextInt(3), "h" + random.nextInt(2), "c" + random.nextInt(2)),
          random.nextBoolean() ? null : "o",
          BillingMode.values()[random.nextInt(3)],
          "f" + random.nextInt(3),
          random.nextInt(2),
          i);
    }
    return table;
  }

  private static List<String> rows(CallTable table) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      StringBuilder row = new StringBuilder();
      for (Number number : Number.values()) {
        row.append(table.number(number, i)).append(' ');
      }
      rows.add(row + stored(table, i));
    }
    return rows;
  }

  private static String stored(CallTable table, int row) {
    StringBuilder text = new StringBuilder();
    for (CallColumns.Column column : CallColumns.ALL) {
      text.append(
              column.text() != null
                  ? table.text(column.text(), row)
                  : table.number(column.number(), row))
          .append(' ');
    }
    return text.append(table.text(Text.SOURCE_FILE, row)).toString();
  }

  private static long micros(String instant) {
    return Instant.parse(instant).toEpochMilli() * 1000;
  }
}
