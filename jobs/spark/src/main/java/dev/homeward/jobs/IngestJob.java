package dev.homeward.jobs;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallIds;
import dev.homeward.calls.CallTable;
import dev.homeward.calls.CallTable.Number;
import dev.homeward.calls.CallTable.Text;
import dev.homeward.calls.CallsFile;
import dev.homeward.calls.Duplicates;
import dev.homeward.calls.MadeCalls;
import dev.homeward.calls.Overlaps;
import dev.homeward.calls.UsageBucket;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.formats.LogFormat;
import dev.homeward.formats.ReadContext;
import dev.homeward.formats.Rejection;
import dev.homeward.formats.Sink;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.PartitionPruningRDD;
import scala.Tuple2;

/**
 * From bytes of logs to calls/. Tasks own byte ranges, parse them with the format's adapter and
 * emit binary blocks; Spark shuffles blocks, never rows. Each call is moved once, to where the days
 * of its workload are sorted and written. Its id, far smaller, goes to where the copies of one call
 * meet; what is found there to be a copy is told to the place of the call. What the result says
 * does not depend on how the work was split.
 */
final class IngestJob {
  private static final long CALLS_A_PARTITION = 500_000;
  private static final long BYTES_A_CALL = 300;
  private static final int COMPRESSION_RATIO = 10;
  private static final int BLOCK_ROWS = 20_000;
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final JavaSparkContext spark;
  private final int partitions;
  private final Progress progress;

  IngestJob(JavaSparkContext spark, int partitions, Progress progress) {
    this.spark = spark;
    this.partitions = partitions;
    this.progress = progress;
  }

  /** As many parts of calls/ as keep a part of these files small enough for a task's memory. */
  static int partitions(List<LogFile> files, JavaSparkContext spark) {
    long bytes = 0;
    for (LogFile file : files) {
      boolean plain = file.compression() == Storage.Compression.NONE;
      bytes += plain ? file.bytes() : file.bytes() * COMPRESSION_RATIO;
    }
    return (int)
        Math.max(spark.defaultParallelism(), bytes / (CALLS_A_PARTITION * BYTES_A_CALL) + 1);
  }

  /**
   * Reads the files and writes calls/.
   *
   * @param calls folder of the parts
   * @throws InvalidInput if a file cannot be read to its end
   */
  IngestResult run(List<LogFile> files, LogSettings given, String calls) {
    ReportedUsage usage = new UsageJob(spark, partitions).run(files, given);
    LogSettings settings = given.with(usage.plan());
    IngestResult result = once(files, settings, calls).with(usage);
    List<String> yielding = result.yielding(files);
    if (yielding.isEmpty()) {
      return result;
    }
    // Only now is it known that a source repeats another one: its calls are left out.
    progress.done("found calls of another source again in %s; reading once more", yielding);
    return once(files, settings.yielding(yielding), calls).with(usage);
  }

  private IngestResult once(List<LogFile> files, LogSettings settings, String calls) {
    List<LogRange> ranges = LogRange.of(files);
    List<List<LogRange>> bundles = LogRange.bundles(ranges, spark.defaultParallelism());
    Layout layout = new Layout(partitions, !settings.sources().isEmpty());
    spark.setJobGroup("ingest", "read logs, remove copies, write calls/");
    JavaPairRDD<Integer, byte[]> parsed =
        spark
            .parallelize(bundles, bundles.size())
            .mapPartitionsToPair(mine -> parse(mine, settings, layout))
            .partitionBy(new Numbered(layout.all()));
    JavaPairRDD<Integer, byte[]> rows = pruned(parsed, 0, layout.parts());
    JavaPairRDD<Integer, byte[]> notes =
        pruned(parsed, layout.parts(), layout.all())
            .mapPartitionsToPair(blocks -> findCopies(blocks, layout, settings))
            .partitionBy(new Numbered(layout.parts()));
    List<String> results;
    try (SparkProgress bar = new SparkProgress(spark, progress, "reading and writing")) {
      bar.start();
      results = rows.zipPartitions(notes, (mine, said) -> write(mine, said, calls)).collect();
    }
    return settled(merge(results, files), calls);
  }

  /** Which reduce partition holds what: the calls, their ids, their prints, the counts. */
  private record Layout(int parts, boolean severalSources) implements Serializable {
    int prints() {
      return 2 * parts;
    }

    int counts() {
      return (severalSources ? 3 : 2) * parts;
    }

    int all() {
      return counts() + 1;
    }

    int partOf(WorkloadKey key, long startMicros) {
      long day = Math.floorDiv(startMicros, MICROS_PER_DAY);
      return spread(key.hashCode() * 31L + day);
    }

    /** Which of the parts of ids, or of prints, holds this one. */
    int placeOf(long id) {
      return spread(id);
    }

    private int spread(long hash) {
      long mixed = hash * 0x9E3779B97F4A7C15L;
      return (int) ((mixed >>> 33) % parts);
    }
  }

  private static JavaPairRDD<Integer, byte[]> pruned(
      JavaPairRDD<Integer, byte[]> all, int from, int to) {
    scala.Function1<Object, Object> kept =
        (scala.Function1<Object, Object> & Serializable)
            p -> (Integer) p >= from && (Integer) p < to;
    return JavaPairRDD.fromJavaRDD(
        JavaRDD.fromRDD(
            PartitionPruningRDD.create(all.rdd(), kept),
            scala.reflect.ClassTag$.MODULE$.apply(Tuple2.class)));
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
        parts,
        result.keys(),
        result.counts(),
        result.firstMicros(),
        result.lastMicros(),
        result.usage(),
        result.twins());
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

  // --- reading

  private static Iterator<Tuple2<Integer, byte[]>> parse(
      Iterator<List<LogRange>> bundles, LogSettings settings, Layout layout) {
    List<LogRange> ranges = new ArrayList<>();
    bundles.forEachRemaining(ranges::addAll);
    long bytes = ranges.stream().mapToLong(LogRange::bytes).sum();
    Blocks blocks = new Blocks(layout, bytes / BYTES_A_CALL);
    CallNamer namer = settings.namer();
    BucketPlan plan = BucketPlan.read(settings.buckets());
    ReadContext context = settings.context();
    TreeMap<String, FileCounts> counts = new TreeMap<>();
    for (LogRange range : ranges) {
      FileCounts count = counts.computeIfAbsent(range.file().name(), n -> new FileCounts());
      CallSink sink = new CallSink(range, settings, namer, plan, blocks, count);
      try {
        count.linesByRange.put(range.index(), range.read(context, sink));
      } catch (IOException e) {
        // A damaged file must end the job with one clear message, not with a retried task.
        count.problem = e.getMessage();
      }
    }
    return blocks.finish(counts);
  }

  /** Names each call and puts it, and its id, where they belong. */
  private static final class CallSink implements Sink {
    private final String file;
    private final int range;
    private final LogSettings settings;
    private final CallNamer namer;
    private final Blocks blocks;
    private final FileCounts count;
    private final BucketPlan plan;
    private final UsageJob.BucketNamer buckets;
    private final int source;
    private int ordinal;

    CallSink(
        LogRange range,
        LogSettings settings,
        CallNamer namer,
        BucketPlan plan,
        Blocks blocks,
        FileCounts count) {
      this.file = range.file().name();
      this.range = range.index();
      this.settings = settings;
      this.namer = namer;
      this.blocks = blocks;
      this.count = count;
      this.plan = plan;
      this.buckets = new UsageJob.BucketNamer(range, namer);
      this.source = settings.sources().indexOf(LogFormat.parse(range.file().format()).source());
    }

    @Override
    public void call(CallDraft draft) {
      count.records++;
      add(draft);
      if (settings.samplingRate() < 1) {
        long seed = draft.startedAtMicros * 31 + draft.idLow + draft.sourceLine;
        count.made += MadeCalls.ofSample(draft, settings.samplingRate(), seed, this::add);
      }
    }

    private void add(CallDraft draft) {
      CallNamer.Named named = namer.name(draft);
      long tokens = blocks.add(draft, named, file, range, ordinal++, source);
      count.tokensRead = Math.addExact(count.tokensRead, tokens);
    }

    /** Beside calls, usage reports are compared with them and never added to them. */
    @Override
    public void bucket(CallDraft draft) {
      count.records++;
      UsageBucket bucket = buckets.next(draft);
      if (plan.isCopy(bucket)) {
        count.duplicates++;
        return;
      }
      count.buckets++;
      if (plan.makesCallsOf(bucket)) {
        count.made += MadeCalls.ofBucket(draft, this::add);
      }
    }

    @Override
    public void ignored() {
      count.records++;
      count.ignored++;
    }

    @Override
    public void rejected(Rejection rejection) {
      count.reject(rejection, range);
    }
  }

  /** Tables of calls and of ids that fill up until they are sent as blocks. */
  private static final class Blocks {
    private final Layout layout;
    private final CallTable[] calls;
    private final CallIds[] ids;
    private final CallIds[] prints;
    private final List<Tuple2<Integer, byte[]>> done = new ArrayList<>();

    Blocks(Layout layout, long expectedCalls) {
      int capacity = (int) Math.max(64, Math.min(BLOCK_ROWS, expectedCalls / layout.parts()));
      this.layout = layout;
      this.calls = new CallTable[layout.parts()];
      this.ids = new CallIds[layout.parts()];
      this.prints = new CallIds[layout.parts()];
      for (int p = 0; p < layout.parts(); p++) {
        calls[p] = new CallTable(capacity);
        ids[p] = new CallIds(capacity);
        prints[p] = new CallIds(16);
      }
    }

    /**
     * Adds a call and gives its tokens.
     *
     * @param source number of its source; -1 where there is no other
     */
    long add(
        CallDraft draft, CallNamer.Named named, String file, int range, int ordinal, int source) {
      int part = layout.partOf(named.key(), draft.startedAtMicros);
      CallTable table = calls[part];
      table.add(
          draft,
          named.key(),
          named.whose().owner(),
          named.whose().billingMode(),
          file,
          range,
          ordinal);
      long tokens = table.totalTokens(table.size() - 1);
      if (table.size() == BLOCK_ROWS) {
        flushCalls(part);
      }
      if (draft.hasId) {
        int place = layout.placeOf(draft.idLow);
        ids[place].add(draft, tokens, file, range, ordinal, part);
        if (ids[place].size() == BLOCK_ROWS) {
          flushIds(ids, layout.parts(), place);
        }
      }
      if (source >= 0 && Overlaps.hasPrint(draft)) {
        long print =
            Overlaps.print(
                named.key().hostedModel(), tokens - draft.outputTokens, draft.outputTokens);
        int place = layout.placeOf(print);
        prints[place].addPrint(print, draft.startedAtMicros, source, file, range, ordinal, part);
        if (prints[place].size() == BLOCK_ROWS) {
          flushIds(prints, layout.prints(), place);
        }
      }
      return tokens;
    }

    private void flushCalls(int part) {
      if (calls[part].size() > 0) {
        done.add(new Tuple2<>(part, calls[part].encode()));
        calls[part].clearRows();
      }
    }

    private void flushIds(CallIds[] of, int region, int place) {
      if (of[place].size() > 0) {
        done.add(new Tuple2<>(region + place, of[place].encode()));
        of[place].clearRows();
      }
    }

    Iterator<Tuple2<Integer, byte[]>> finish(TreeMap<String, FileCounts> counts) {
      for (int p = 0; p < layout.parts(); p++) {
        flushCalls(p);
        flushIds(ids, layout.parts(), p);
        flushIds(prints, layout.prints(), p);
      }
      if (!counts.isEmpty()) {
        done.add(new Tuple2<>(layout.counts(), FileCounts.write(counts)));
      }
      return done.iterator();
    }
  }

  // --- copies

  /** What the writer of a part is told: which of its calls are copies, and of lines and counts. */
  private static final class Note {
    /** Calls of the part that are copies. */
    byte[] copies;

    /** Calls that two sources have, by the sources. */
    TreeMap<String, Long> twins = new TreeMap<>();

    /** Lines before each byte range, of files read in several. */
    Map<String, long[]> linesBefore = Map.of();

    /** What became of the records of each file, as far as reading them tells. */
    TreeMap<String, FileCounts> counts = new TreeMap<>();
  }

  private static Iterator<Tuple2<Integer, byte[]>> findCopies(
      Iterator<Tuple2<Integer, byte[]>> blocks, Layout layout, LogSettings settings) {
    CallIds ids = new CallIds(1024);
    CallIds prints = new CallIds(16);
    TreeMap<String, FileCounts> counts = new TreeMap<>();
    while (blocks.hasNext()) {
      Tuple2<Integer, byte[]> block = blocks.next();
      if (block._1() == layout.counts()) {
        merge(counts, FileCounts.read(block._2()));
      } else if (layout.severalSources() && block._1() >= layout.prints()) {
        prints.decode(block._2());
      } else {
        ids.decode(block._2());
      }
    }
    List<Tuple2<Integer, byte[]>> notes = new ArrayList<>();
    boolean[] copies = Duplicates.find(ids);
    CallIds[] of = new CallIds[layout.parts()];
    for (int row = 0; row < copies.length; row++) {
      if (copies[row]) {
        int part = ids.target(row);
        of[part] = of[part] == null ? new CallIds(16) : of[part];
        of[part].addFrom(ids, row);
      }
    }
    TreeMap<String, Long> twins = new TreeMap<>();
    for (Overlaps.Twins pair : Overlaps.find(prints)) {
      String first = settings.sources().get(prints.source(pair.first()));
      String second = settings.sources().get(prints.source(pair.second()));
      twins.merge(first + "+" + second, 1L, Long::sum);
      if (settings.yielding().contains(second)) {
        int part = prints.target(pair.second());
        of[part] = of[part] == null ? new CallIds(16) : of[part];
        of[part].addFrom(prints, pair.second());
      }
    }
    if (!twins.isEmpty()) {
      Note note = new Note();
      note.twins = twins;
      notes.add(new Tuple2<>(0, Wire.bytes(note)));
    }
    for (int part = 0; part < of.length; part++) {
      if (of[part] != null) {
        Note note = new Note();
        note.copies = of[part].encode();
        notes.add(new Tuple2<>(part, Wire.bytes(note)));
      }
    }
    if (!counts.isEmpty()) {
      Map<String, long[]> linesBefore = linesBefore(counts);
      for (int part = 0; part < layout.parts(); part++) {
        Note note = new Note();
        note.linesBefore = linesBefore;
        note.counts = part == 0 ? counts : note.counts;
        notes.add(new Tuple2<>(part, Wire.bytes(note)));
      }
    }
    return notes.iterator();
  }

  /** Lines before each range of the files that have several; the samples are moved behind them. */
  private static Map<String, long[]> linesBefore(TreeMap<String, FileCounts> counts) {
    Map<String, long[]> before = new TreeMap<>();
    counts.forEach(
        (file, count) -> {
          if (count.linesByRange.size() > 1) {
            long[] lines = new long[count.linesByRange.lastKey() + 1];
            for (int range = 1; range < lines.length; range++) {
              lines[range] = lines[range - 1] + count.linesByRange.getOrDefault(range - 1, 0L);
            }
            before.put(file, lines);
            count.samples.replaceAll(s -> s.moved(lines[s.range()]));
          }
        });
    return before;
  }

  // --- writing

  private static Iterator<String> write(
      Iterator<Tuple2<Integer, byte[]>> blocks,
      Iterator<Tuple2<Integer, byte[]>> notes,
      String folder) {
    List<byte[]> mine = new ArrayList<>();
    blocks.forEachRemaining(block -> mine.add(block._2()));
    CallTable table = new CallTable(mine.stream().mapToInt(CallTable::rowsOf).sum());
    for (int i = 0; i < mine.size(); i++) {
      table.decode(mine.get(i));
      mine.set(i, null);
    }
    CallIds copies = new CallIds(16);
    TaskResult result = new TaskResult();
    Map<String, long[]> linesBefore = Map.of();
    while (notes.hasNext()) {
      Note note = Wire.read(notes.next()._2(), Note.class);
      if (note.copies != null) {
        copies.decode(note.copies);
      }
      linesBefore = note.linesBefore.isEmpty() ? linesBefore : note.linesBefore;
      merge(result.counts, note.counts);
      note.twins.forEach((pair, n) -> result.twins.merge(pair, n, Long::sum));
    }
    table.moveLines(linesBefore);
    boolean[] isCopy = table.find(copies);
    count(table, isCopy, result.counts);
    int[] order = table.sortedRows();
    int kept = 0;
    for (int row : order) {
      if (!isCopy[row]) {
        order[kept++] = row;
      }
    }
    if (kept > 0) {
      order = Arrays.copyOf(order, kept);
      result.part = writePart(table, order, folder);
    }
    return List.of(Wire.write(result)).iterator();
  }

  private static IngestResult.Part writePart(CallTable table, int[] order, String folder) {
    TaskContext task = TaskContext.get();
    // A name of its own for each attempt: only attempts that succeed are ever listed.
    Path path =
        new Path(
            folder, "part-%05d-%d.parquet".formatted(task.partitionId(), task.taskAttemptId()));
    try {
      CallsFile.write(table, order, HadoopOutputFile.fromPath(path, Storage.configuration()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + path, e);
    }
    return new IngestResult.Part(path.toString(), order.length, slices(table, order));
  }

  private static void count(CallTable table, boolean[] isCopy, TreeMap<String, FileCounts> counts) {
    FileCounts[] of = new FileCounts[table.wordCount(Text.SOURCE_FILE)];
    for (int file = 0; file < of.length; file++) {
      of[file] = counts.computeIfAbsent(table.word(Text.SOURCE_FILE, file), n -> new FileCounts());
    }
    for (int row = 0; row < table.size(); row++) {
      FileCounts count = of[table.code(Text.SOURCE_FILE, row)];
      long tokens = table.totalTokens(row);
      if (isCopy[row]) {
        count.duplicates++;
        count.tokensDuplicate = Math.addExact(count.tokensDuplicate, tokens);
      } else {
        count.calls++;
        count.tokensKept = Math.addExact(count.tokensKept, tokens);
      }
    }
  }

  private static final class TaskResult {
    IngestResult.Part part;
    TreeMap<String, FileCounts> counts = new TreeMap<>();

    /** Calls that two sources have, by the sources. */
    TreeMap<String, Long> twins = new TreeMap<>();
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
    TreeMap<String, Long> twins = new TreeMap<>();
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (String json : results) {
      TaskResult result = Wire.read(json, TaskResult.class);
      merge(counts, result.counts);
      result.twins.forEach((pair, n) -> twins.merge(pair, n, Long::sum));
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
    return new IngestResult(parts, keys, counts, first, last, ReportedUsage.none(), twins);
  }

  private static void merge(TreeMap<String, FileCounts> into, TreeMap<String, FileCounts> more) {
    more.forEach((name, count) -> into.computeIfAbsent(name, n -> new FileCounts()).add(count));
  }

  /** Keys are the numbers of partitions. */
  private static final class Numbered extends Partitioner {
    private static final long serialVersionUID = 1L;
    private final int blocks;

    Numbered(int blocks) {
      this.blocks = blocks;
    }

    @Override
    public int numPartitions() {
      return blocks;
    }

    @Override
    public int getPartition(Object key) {
      return (Integer) key;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Numbered p && p.blocks == blocks;
    }

    @Override
    public int hashCode() {
      return blocks;
    }
  }
}
