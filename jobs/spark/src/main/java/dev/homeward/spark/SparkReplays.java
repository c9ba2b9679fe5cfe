package dev.homeward.spark;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.files.Files;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.Fleet;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.Sizing;
import dev.homeward.replay.Tally;
import dev.homeward.replay.WindowedReplay;
import dev.homeward.workers.ReplayContext;
import dev.homeward.workers.ReplayTasks;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/** Replays on the cluster. */
final class SparkReplays extends ReplayTasks {
  private final JavaSparkContext spark;
  private final IntConsumer answered;

  SparkReplays(
      JavaSparkContext spark,
      ReplayContext context,
      Map<WorkloadKey, List<String>> parts,
      IntConsumer answered) {
    super(context, parts, answered);
    this.spark = spark;
    this.answered = answered;
  }

  @Override
  protected int parallelism() {
    return spark.defaultParallelism();
  }

  @Override
  protected List<List<Sizing.ReplayedFleet>> run(List<Task> tasks) {
    describe();
    List<List<Sizing.ReplayedFleet>> fleets =
        spark
            .parallelize(tasks, tasks.size())
            .flatMap(
                task ->
                    task.run(SparkFiles.current()).stream().map(SparkReplays::written).iterator())
            .collect()
            .stream()
            .map(SparkReplays::read)
            .toList();
    answered.accept(fleets.size());
    return fleets;
  }

  @Override
  protected Files storage() {
    return SparkFiles.current();
  }

  @Override
  protected WindowedReplay.Runner runner(LongTape tape) {
    return new WindowedReplay.Runner() {
      @Override
      public List<long[]> offered(List<Integer> windows) {
        return over(windows, window -> tape.offered(SparkFiles.current(), window));
      }

      @Override
      public List<Tally> run(
          List<Integer> windows,
          boolean alone,
          ReplayOptions options,
          WindowedReplay.MostSlow mostSlow) {
        return over(
            windows, window -> tape.run(SparkFiles.current(), window, alone, options, mostSlow));
      }
    };
  }

  private <R> List<R> over(List<Integer> windows, Function<Integer, R> step) {
    describe();
    return spark.parallelize(windows, windows.size()).map(step).collect();
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
