package dev.homeward.spark;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.Replays;
import dev.homeward.files.Files;
import dev.homeward.ingest.Block;
import dev.homeward.ingest.BlockLayout;
import dev.homeward.ingest.BlocksAhead;
import dev.homeward.ingest.CopiesStep;
import dev.homeward.ingest.ParseStep;
import dev.homeward.ingest.UsageStep;
import dev.homeward.ingest.WriteStep;
import dev.homeward.ingest.Written;
import dev.homeward.keeping.Codec;
import dev.homeward.logs.LogRange;
import dev.homeward.logs.LogSettings;
import dev.homeward.progress.Progress;
import dev.homeward.workers.LocalWorkers;
import dev.homeward.workers.ProfileStep;
import dev.homeward.workers.ReplayContext;
import dev.homeward.workers.Workers;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/**
 * The executors of a Spark application. Spark shuffles blocks, never rows. Results of the steps
 * cross as JSON, since they hold Optionals and records, which Java and Kryo serialize badly.
 */
public final class SparkWorkers implements Workers {
  private final JavaSparkContext spark;
  private final Progress progress;

  /**
   * Where Spark itself runs in this process, its threads replay without jobs: a review asks for
   * some hundred rounds of short replays, and what a job sends to itself would cost a tenth of
   * them.
   */
  private final Optional<LocalWorkers> replayers;

  /** Starts Spark: on the master named; else as spark-submit says, or embedded. */
  public static SparkWorkers start(Optional<String> master, Progress progress) {
    return new SparkWorkers(SparkSessions.start(master), progress);
  }

  private SparkWorkers(JavaSparkContext spark, Progress progress) {
    this.spark = spark;
    this.progress = progress;
    // The property lets tests run jobs where there is no cluster.
    this.replayers =
        spark.isLocal() && !Boolean.getBoolean("homeward.replays-as-jobs")
            ? Optional.of(new LocalWorkers(SparkFiles.current(), spark.defaultParallelism()))
            : Optional.empty();
  }

  @Override
  public Files files() {
    return SparkFiles.current();
  }

  @Override
  public String name() {
    return "Spark %s (%s)".formatted(spark.version(), spark.master());
  }

  @Override
  public int parallelism() {
    return spark.defaultParallelism();
  }

  @Override
  public List<UsageStep.Sums> usage(List<LogRange> ranges, LogSettings settings, int parts) {
    spark.setJobGroup("usage", "add up usage reports");
    return spark
        .parallelize(ranges, ranges.size())
        .flatMap(range -> UsageStep.buckets(SparkFiles.current(), range, settings).iterator())
        .mapToPair(found -> new Tuple2<>(found.sameness(), found.json()))
        .groupByKey(parts)
        .values()
        .mapPartitions(groups -> List.of(Codec.write(UsageStep.sums(groups))).iterator())
        .collect()
        .stream()
        .map(json -> Codec.read(json, UsageStep.Sums.class))
        .toList();
  }

  @Override
  public Written ingest(
      List<List<LogRange>> bundles, LogSettings settings, BlockLayout layout, String calls) {
    spark.setJobGroup("ingest", "read logs, remove copies, write calls/");
    JavaPairRDD<Integer, byte[]> parsed =
        spark
            .parallelize(bundles, bundles.size())
            .flatMapToPair(
                mine -> {
                  Files files = SparkFiles.current();
                  BlocksAhead blocks =
                      new BlocksAhead(out -> ParseStep.parse(files, mine, settings, layout, out));
                  TaskContext.get()
                      .addTaskCompletionListener((TaskCompletionListener) task -> blocks.close());
                  return pairs(blocks);
                })
            .partitionBy(new Numbered(layout.all()));
    JavaPairRDD<Integer, byte[]> rows = pruned(parsed, 0, layout.parts());
    JavaPairRDD<Integer, byte[]> notes =
        pruned(parsed, layout.parts(), layout.all())
            .mapPartitionsToPair(
                mine -> pairs(CopiesStep.find(blocks(mine), layout, settings).iterator()))
            .partitionBy(new Numbered(layout.parts()));
    try (SparkProgress bar = new SparkProgress(spark, progress, "reading and writing")) {
      bar.start();
      // The driver would hold parts times files of counts: executors add them up first.
      int gathered = (int) Math.ceil(Math.sqrt(layout.parts()));
      Written sum = new Written();
      rows.zipPartitions(
              notes,
              (mine, said) -> {
                Files files = SparkFiles.current();
                Written written =
                    WriteStep.write(
                        files, bytes(mine), bytes(said), files.child(calls, attemptName()));
                return List.of(Codec.write(written)).iterator();
              })
          .mapToPair(json -> new Tuple2<>(TaskContext.getPartitionId() % gathered, json))
          .partitionBy(new Numbered(gathered))
          .values()
          .mapPartitions(SparkWorkers::added)
          .collect()
          .forEach(json -> sum.add(Codec.read(json, Written.class)));
      return sum;
    }
  }

  private static Iterator<String> added(Iterator<String> written) {
    Written sum = new Written();
    written.forEachRemaining(json -> sum.add(Codec.read(json, Written.class)));
    return List.of(Codec.write(sum)).iterator();
  }

  // A name of its own for each attempt: only attempts that succeed are ever listed.
  private static String attemptName() {
    TaskContext task = TaskContext.get();
    return "written-%05d-%d.parquet".formatted(task.partitionId(), task.taskAttemptId());
  }

  private static Iterator<Tuple2<Integer, byte[]>> pairs(Iterator<Block> blocks) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return blocks.hasNext();
      }

      @Override
      public Tuple2<Integer, byte[]> next() {
        Block block = blocks.next();
        return new Tuple2<>(block.place(), block.bytes());
      }
    };
  }

  private static Iterator<Block> blocks(Iterator<Tuple2<Integer, byte[]>> pairs) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return pairs.hasNext();
      }

      @Override
      public Block next() {
        Tuple2<Integer, byte[]> pair = pairs.next();
        return new Block(pair._1(), pair._2());
      }
    };
  }

  private static Iterator<byte[]> bytes(Iterator<Tuple2<Integer, byte[]>> pairs) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return pairs.hasNext();
      }

      @Override
      public byte[] next() {
        return pairs.next()._2();
      }
    };
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

  @Override
  public List<ProfileStep.Profiled> profiles(List<String> parts, ProfileStep step) {
    spark.setJobGroup("profile", "profile and price workloads");
    return spark
        .parallelize(parts, Math.max(1, parts.size()))
        .flatMapToPair(
            part ->
                step.sums(SparkFiles.current(), part).stream()
                    .map(of -> new Tuple2<>(of.key(), of.sums()))
                    .iterator())
        .groupByKey(2 * parallelism())
        .mapPartitions(
            keys -> {
              ProfileStep.Profiles profiles = step.new Profiles();
              List<String> mine = new ArrayList<>();
              keys.forEachRemaining(
                  key -> profiles.of(key._1(), key._2()).map(Codec::write).ifPresent(mine::add));
              return mine.iterator();
            })
        .collect()
        .stream()
        .map(json -> Codec.read(json, ProfileStep.Profiled.class))
        .sorted(Comparator.comparing(of -> of.profile().key()))
        .toList();
  }

  @Override
  public Replays replays(
      ReplayContext context, Map<WorkloadKey, List<String>> parts, IntConsumer answered) {
    return replayers
        .map(here -> here.replays(context, parts, answered))
        .orElseGet(() -> new SparkReplays(spark, context, parts, answered));
  }

  @Override
  public void close() {
    replayers.ifPresent(LocalWorkers::close);
    spark.close();
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
