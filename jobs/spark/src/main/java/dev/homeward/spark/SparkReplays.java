package dev.homeward.spark;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.Fleet;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.Sizing;
import dev.homeward.replay.Tally;
import dev.homeward.workers.ReplayContext;
import dev.homeward.workers.ReplayTasks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;

/** Replays on the cluster. */
final class SparkReplays extends ReplayTasks {
  private final JavaSparkContext spark;

  SparkReplays(
      JavaSparkContext spark, ReplayContext context, Map<WorkloadKey, List<String>> parts) {
    super(context, parts);
    this.spark = spark;
  }

  @Override
  protected int parallelism() {
    return spark.defaultParallelism();
  }

  @Override
  protected List<List<Sizing.ReplayedFleet>> run(List<Task> tasks) {
    describe();
    return spark
        .parallelize(tasks, tasks.size())
        .flatMap(
            task -> task.run(SparkFiles.current()).stream().map(SparkReplays::written).iterator())
        .collect()
        .stream()
        .map(SparkReplays::read)
        .toList();
  }

  @Override
  protected int offeredCalls(LongTape tape) {
    describe();
    List<Integer> windows = tape.indexes();
    return spark
        .parallelize(windows, windows.size())
        .map(window -> tape.offeredCalls(SparkFiles.current(), window))
        .reduce(Math::addExact);
  }

  @Override
  protected Tally run(LongTape tape, ReplayOptions options, long mostSlow) {
    List<Integer> windows = tape.indexes();
    return spark
        .parallelize(windows, windows.size())
        .map(window -> tape.run(SparkFiles.current(), window, options, mostSlow))
        .reduce(
            (one, other) -> {
              one.add(other);
              return one;
            });
  }

  private void describe() {
    spark.setJobGroup("replay", "replay workloads on candidate deployments");
  }

  private static String written(List<Sizing.ReplayedFleet> fleets) {
    return Codec.write(fleets.stream().map(Fleet::of).toList());
  }

  private static List<Sizing.ReplayedFleet> read(String json) {
    return Arrays.stream(Codec.read(json, Fleet[].class)).map(Fleet::replayed).toList();
  }
}
