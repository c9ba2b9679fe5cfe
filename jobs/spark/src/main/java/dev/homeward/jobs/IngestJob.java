package dev.homeward.jobs;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallTable;
import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import dev.homeward.calls.CallsFile;
import dev.homeward.calls.Duplicates;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.HostedModels;
import dev.homeward.formats.LogFormat;
import dev.homeward.formats.LogReader;
import dev.homeward.formats.ParquetLog;
import dev.homeward.formats.ReadContext;
import dev.homeward.formats.Rejection;
import dev.homeward.formats.Sink;
import dev.homeward.policy.Attribution;
import dev.homeward.policy.Policy;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * From bytes of logs to calls/. Tasks own byte ranges, parse them with the format's adapter and
 * emit binary blocks; Spark shuffles blocks, never rows. The first shuffle brings copies of one
 * call together, by the hash of its id; the second brings a day of a workload together, to be
 * sorted and written. What the result says does not depend on how the work was split.
 */
final class IngestJob {
  private static final long RANGE_BYTES = 64L << 20;
  private static final int BUNDLES_A_CORE = 4;
  private static final int BLOCK_ROWS = 20_000;
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final JavaSparkContext spark;
  private final int partitions;

  IngestJob(JavaSparkContext spark, int partitions) {
    this.spark = spark;
    this.partitions = partitions;
  }

  /**
   * A byte range of a file.
   *
   * @param linesBefore lines of the file before the range
   */
  record Range(LogFile file, long start, long end, long linesBefore) implements Serializable {
    long bytes() {
      return Math.min(end, file.bytes()) - start;
    }
  }

  /** What a task needs besides its range; small and serializable. */
  record Settings(
      String policy, List<String> catalog, String workload, String hostedModel, boolean keepIds)
      implements Serializable {
    ReadContext context() {
      return new ReadContext(
          java.util.Optional.ofNullable(workload),
          java.util.Optional.ofNullable(hostedModel),
          keepIds);
    }
  }

  /**
   * Reads the files and writes calls/.
   *
   * @param calls folder of the parts
   * @throws InvalidInput if a file cannot be read to its end
   */
  IngestResult run(List<LogFile> files, Settings settings, String calls) {
    List<Range> ranges = withLineNumbers(ranges(files));
    BlockPartitioner partitioner = new BlockPartitioner(partitions);
    int reports = partitions;
    spark.setJobGroup("ingest", "read logs, remove duplicates, write calls/");
    List<List<Range>> bundles = bundles(ranges, spark.defaultParallelism());
    JavaPairRDD<Integer, byte[]> read =
        spark
            .parallelize(bundles, bundles.size())
            .mapPartitionsToPair(mine -> parse(mine, settings, reports))
            .partitionBy(partitioner);
    JavaPairRDD<Integer, byte[]> unique =
        read.mapPartitionsToPair(blocks -> removeDuplicates(blocks, reports))
            .partitionBy(partitioner);
    List<String> results = unique.mapPartitions(blocks -> write(blocks, calls, reports)).collect();
    return settled(merge(results, files), calls);
  }

  /** The result with parts named by number alone, and nothing but them in the folder. */
  private static IngestResult settled(IngestResult result, String calls) {
    List<IngestResult.Part> parts = new ArrayList<>();
    try {
      for (IngestResult.Part part : result.parts()) {
        Path written = new Path(part.path());
        Path named = new Path(calls, "part-%05d.parquet".formatted(parts.size()));
        if (!Storage.fileSystem(named).rename(written, named)) {
          throw new IOException("cannot rename " + written);
        }
        parts.add(new IngestResult.Part(named.toString(), part.rows(), part.keys()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot settle the parts of " + calls, e);
    }
    removeOthers(calls, parts);
    return new IngestResult(
        parts, result.keys(), result.counts(), result.firstMicros(), result.lastMicros());
  }

  /** Removes from calls/ what attempts that failed, or were not needed, have written. */
  static void removeOthers(String calls, List<IngestResult.Part> parts) {
    Set<String> kept = new HashSet<>();
    parts.forEach(part -> kept.add(new Path(part.path()).getName()));
    Path folder = new Path(calls);
    try {
      FileSystem fs = Storage.fileSystem(folder);
      if (!fs.exists(folder)) {
        return;
      }
      for (FileStatus file : fs.listStatus(folder)) {
        if (!kept.contains(file.getPath().getName())) {
          fs.delete(file.getPath(), true);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot clean " + calls, e);
    }
  }

  private static List<Range> ranges(List<LogFile> files) {
    List<Range> ranges = new ArrayList<>();
    for (LogFile file : files) {
      boolean splittable =
          file.compression() == Storage.Compression.NONE
              && LogFormat.parse(file.format()).isSplittable(file.layout());
      if (!splittable || file.bytes() <= RANGE_BYTES) {
        ranges.add(new Range(file, 0, Long.MAX_VALUE, 0));
        continue;
      }
      for (long start = 0; start < file.bytes(); start += RANGE_BYTES) {
        ranges.add(new Range(file, start, Math.min(file.bytes(), start + RANGE_BYTES), 0));
      }
    }
    return ranges;
  }

  /**
   * The ranges in bundles of about one range's bytes, a task each: thousands of small files must
   * not be thousands of tasks, and a log of a few files is still spread over all cores.
   */
  private static List<List<Range>> bundles(List<Range> ranges, int cores) {
    long total = 0;
    for (Range range : ranges) {
      total += range.bytes();
    }
    long full = Math.min(RANGE_BYTES, total / (BUNDLES_A_CORE * cores) + 1);
    List<List<Range>> bundles = new ArrayList<>();
    List<Range> bundle = new ArrayList<>();
    long bytes = 0;
    for (Range range : ranges) {
      if (!bundle.isEmpty() && bytes + range.bytes() > full) {
        bundles.add(bundle);
        bundle = new ArrayList<>();
        bytes = 0;
      }
      bundle.add(range);
      bytes += range.bytes();
    }
    bundles.add(bundle);
    return bundles;
  }

  // Counting newlines is far cheaper than parsing; only files of several ranges need it.
  private List<Range> withLineNumbers(List<Range> ranges) {
    List<Range> split = ranges.stream().filter(r -> r.end() != Long.MAX_VALUE).toList();
    if (split.isEmpty()) {
      return ranges;
    }
    List<Long> newlines =
        spark.parallelize(split, split.size()).map(IngestJob::countNewlines).collect();
    Map<String, Long> before = new HashMap<>();
    List<Range> numbered = new ArrayList<>();
    int at = 0;
    for (Range range : ranges) {
      if (range.end() == Long.MAX_VALUE) {
        numbered.add(range);
        continue;
      }
      String path = range.file().path();
      long lines = before.getOrDefault(path, 0L);
      numbered.add(new Range(range.file(), range.start(), range.end(), lines));
      before.put(path, lines + newlines.get(at++));
    }
    return numbered;
  }

  // Newlines in [start - 1, end - 1): each ends a line, so a line starts in [start, end).
  private static long countNewlines(Range range) throws IOException {
    long from = Math.max(0, range.start() - 1);
    long left = range.end() - 1 - from;
    long count = range.start() == 0 ? 1 : 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in =
        Storage.open(new Path(range.file().path()), Storage.Compression.NONE, from)) {
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          break;
        }
        for (int i = 0; i < n; i++) {
          count += buffer[i] == '\n' ? 1 : 0;
        }
        left -= n;
      }
    }
    return count;
  }

  private static Iterator<Tuple2<Integer, byte[]>> parse(
      Iterator<List<Range>> bundles, Settings settings, int reports) {
    Policy policy = Policy.parse(settings.policy());
    HostedModels models = Catalog.parse(settings.catalog()).hostedModels();
    Blocks blocks = new Blocks(reports);
    TreeMap<String, FileCounts> counts = new TreeMap<>();
    List<Range> ranges = new ArrayList<>();
    bundles.forEachRemaining(ranges::addAll);
    for (Range range : ranges) {
      FileCounts count = counts.computeIfAbsent(range.file().name(), n -> new FileCounts());
      CallSink sink = new CallSink(range, policy, models, blocks, count);
      try {
        read(range, settings.context(), sink);
      } catch (IOException e) {
        // A damaged file must end the job with one clear message, not with a retried task.
        count.problem =
            "Cannot read %s to its end: %s data is truncated or damaged (%s)"
                .formatted(range.file().name(), range.file().compression().word(), e.getMessage());
      }
    }
    return blocks.finish(counts);
  }

  private static void read(Range range, ReadContext context, CallSink sink) throws IOException {
    LogFormat format = LogFormat.parse(range.file().format());
    Path path = new Path(range.file().path());
    if (format.framing() == LogFormat.Framing.PARQUET) {
      try {
        ParquetLog.read(HadoopInputFile.fromPath(path, Storage.configuration()), context, sink);
      } catch (RuntimeException e) {
        throw new IOException(e.getMessage(), e);
      }
      return;
    }
    long from = range.start() == 0 ? 0 : range.start() - 1;
    try (InputStream in = Storage.open(path, range.file().compression(), from)) {
      LogReader.read(format, range.file().layout(), context, in, range.start(), range.end(), sink);
    }
  }

  /** Names each call and puts it into the block of its id. */
  private static final class CallSink implements Sink {
    private final Range range;
    private final Policy policy;
    private final HostedModels models;
    private final Blocks blocks;
    private final FileCounts count;

    CallSink(Range range, Policy policy, HostedModels models, Blocks blocks, FileCounts count) {
      this.range = range;
      this.policy = policy;
      this.models = models;
      this.blocks = blocks;
      this.count = count;
    }

    @Override
    public void call(CallDraft draft) {
      draft.sourceLine += range.linesBefore();
      Attribution whose = policy.attribute(draft);
      WorkloadKey key =
          new WorkloadKey(
              whose.workload(),
              models.idOf(draft.requestModel, draft.responseModel),
              whose.dataClass());
      count.records++;
      CallTable table =
          blocks.tableOf(draft.hasId ? draft.idLow : draft.sourceLine * 0x9E3779B97F4A7C15L);
      table.add(draft, key, whose.owner(), whose.billingMode(), range.file().name());
      count.tokensRead = Math.addExact(count.tokensRead, table.totalTokens(table.size() - 1));
      blocks.flushIfFull(table);
    }

    @Override
    public void bucket(CallDraft draft) {
      // Usage reports stand beside the calls and are never added to them.
      count.records++;
      count.buckets++;
    }

    @Override
    public void ignored() {
      count.records++;
      count.ignored++;
    }

    @Override
    public void rejected(Rejection rejection) {
      count.reject(rejection, range.linesBefore());
    }
  }

  private static Iterator<Tuple2<Integer, byte[]>> removeDuplicates(
      Iterator<Tuple2<Integer, byte[]>> blocks, int reports) {
    CallTable table = new CallTable(1024);
    TreeMap<String, FileCounts> counts = new TreeMap<>();
    while (blocks.hasNext()) {
      Tuple2<Integer, byte[]> block = blocks.next();
      if (block._1() == reports) {
        merge(counts, FileCounts.read(block._2()));
      } else {
        table.decode(block._2());
      }
    }
    boolean[] copies = Duplicates.find(table);
    Blocks out = new Blocks(reports);
    for (int row = 0; row < table.size(); row++) {
      FileCounts count =
          counts.computeIfAbsent(table.text(Text.SOURCE_FILE, row), n -> new FileCounts());
      if (copies[row]) {
        count.duplicates++;
        count.tokensDuplicate = Math.addExact(count.tokensDuplicate, table.totalTokens(row));
        continue;
      }
      long day = Math.floorDiv(table.number(Number.STARTED_AT, row), MICROS_PER_DAY);
      CallTable target = out.tableOf(table.key(row).hashCode() * 31L + day);
      target.addFrom(table, row);
      out.flushIfFull(target);
    }
    return out.finish(counts);
  }

  private static Iterator<String> write(
      Iterator<Tuple2<Integer, byte[]>> blocks, String folder, int reports) {
    CallTable table = new CallTable(1024);
    TreeMap<String, FileCounts> counts = new TreeMap<>();
    while (blocks.hasNext()) {
      Tuple2<Integer, byte[]> block = blocks.next();
      if (block._1() == reports) {
        merge(counts, FileCounts.read(block._2()));
      } else {
        table.decode(block._2());
      }
    }
    TaskContext task = TaskContext.get();
    TaskResult result = new TaskResult();
    if (table.size() > 0) {
      int[] order = table.sortedRows();
      // A name of its own for each attempt: only attempts that succeed are ever listed.
      Path path =
          new Path(
              folder, "part-%05d-%d.parquet".formatted(task.partitionId(), task.taskAttemptId()));
      try {
        CallsFile.write(table, order, HadoopOutputFile.fromPath(path, Storage.configuration()));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot write " + path, e);
      }
      result.part = new IngestResult.Part(path.toString(), table.size(), slices(table, order));
      for (int row : order) {
        FileCounts count =
            counts.computeIfAbsent(table.text(Text.SOURCE_FILE, row), n -> new FileCounts());
        count.calls++;
        count.tokensKept = Math.addExact(count.tokensKept, table.totalTokens(row));
      }
    }
    result.counts = counts;
    return List.of(Wire.write(result)).iterator();
  }

  private static final class TaskResult {
    IngestResult.Part part;
    TreeMap<String, FileCounts> counts;
  }

  private static List<IngestResult.Slice> slices(CallTable table, int[] order) {
    List<IngestResult.Slice> slices = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= order.length; i++) {
      if (i == order.length || !table.sameKey(order[i], order[from])) {
        WorkloadKey key = table.key(order[from]);
        slices.add(
            new IngestResult.Slice(
                key.workload(),
                key.hostedModel(),
                key.dataClass(),
                i - from,
                table.number(Number.STARTED_AT, order[from]),
                table.number(Number.STARTED_AT, order[i - 1])));
        from = i;
      }
    }
    return slices;
  }

  private static IngestResult merge(List<String> results, List<LogFile> files) {
    List<IngestResult.Part> parts = new ArrayList<>();
    TreeMap<String, FileCounts> counts = new TreeMap<>();
    files.forEach(file -> counts.put(file.name(), new FileCounts()));
    TreeMap<WorkloadKey, Long> keys = new TreeMap<>();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (String json : results) {
      TaskResult result = Wire.read(json, TaskResult.class);
      merge(counts, result.counts);
      if (result.part == null) {
        continue;
      }
      parts.add(result.part);
      for (IngestResult.Slice slice : result.part.keys()) {
        keys.merge(slice.key(), slice.rows(), Long::sum);
        first = Math.min(first, slice.firstMicros());
        last = Math.max(last, slice.lastMicros());
      }
    }
    List<String> problems = new ArrayList<>();
    counts.forEach(
        (name, count) -> {
          count.trimSamples();
          if (count.problem != null) {
            problems.add(count.problem);
          } else if (!count.isConserved()) {
            throw new IllegalStateException(
                "Conservation broken in %s: %d records, %d calls, %d duplicates, %d ignored, %d"
                        .formatted(
                            name,
                            count.records,
                            count.calls,
                            count.duplicates,
                            count.ignored,
                            count.rejected)
                    + " rejected; %d tokens read, %d kept, %d in duplicates"
                        .formatted(count.tokensRead, count.tokensKept, count.tokensDuplicate));
          }
        });
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return new IngestResult(parts, keys, counts, first, last);
  }

  private static void merge(TreeMap<String, FileCounts> into, TreeMap<String, FileCounts> more) {
    more.forEach((name, count) -> into.computeIfAbsent(name, n -> new FileCounts()).add(count));
  }

  /** Tables that fill up until they are sent as blocks, one a target partition. */
  private static final class Blocks {
    private final CallTable[] tables;
    private final List<Tuple2<Integer, byte[]>> done = new ArrayList<>();
    private final int reports;

    Blocks(int reports) {
      this.reports = reports;
      this.tables = new CallTable[reports];
      for (int p = 0; p < reports; p++) {
        tables[p] = new CallTable(64);
      }
    }

    CallTable tableOf(long hash) {
      return tables[(int) Math.floorMod(hash ^ (hash >>> 32), (long) reports)];
    }

    void flushIfFull(CallTable table) {
      if (table.size() >= BLOCK_ROWS) {
        for (int p = 0; p < tables.length; p++) {
          if (tables[p] == table) {
            flush(p);
          }
        }
      }
    }

    private void flush(int partition) {
      if (tables[partition].size() > 0) {
        done.add(new Tuple2<>(partition, tables[partition].encode()));
        tables[partition].clearRows();
      }
    }

    Iterator<Tuple2<Integer, byte[]>> finish(TreeMap<String, FileCounts> counts) {
      for (int p = 0; p < tables.length; p++) {
        flush(p);
      }
      if (!counts.isEmpty()) {
        done.add(new Tuple2<>(reports, FileCounts.write(counts)));
      }
      return done.iterator();
    }
  }

  /** Keys are partitions; the last one carries the counts. */
  private static final class BlockPartitioner extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int blocks;

    BlockPartitioner(int blocks) {
      this.blocks = blocks;
    }

    @Override
    public int numPartitions() {
      return blocks + 1;
    }

    @Override
    public int getPartition(Object key) {
      return (Integer) key;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof BlockPartitioner p && p.blocks == blocks;
    }

    @Override
    public int hashCode() {
      return blocks;
    }
  }
}
