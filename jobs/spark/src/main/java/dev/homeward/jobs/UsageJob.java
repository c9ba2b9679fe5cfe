package dev.homeward.jobs;

import dev.homeward.calls.Billed;
import dev.homeward.calls.BilledKey;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.UsageBucket;
import dev.homeward.calls.UsageBucket.Place;
import dev.homeward.calls.UsageReports;
import dev.homeward.catalog.Providers;
import dev.homeward.formats.LogFormat;
import dev.homeward.formats.Rejection;
import dev.homeward.formats.Sink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/**
 * Adds up the buckets of the log's usage reports, before ingest. Copies of a bucket are brought
 * together by its identity, wherever they lie, and one of them counts; only sums by day and the
 * places of the copies come to the driver. Records that cannot be read are left to ingest, which
 * reads the files again and accounts for every record.
 */
final class UsageJob {
  private final JavaSparkContext spark;
  private final int partitions;

  UsageJob(JavaSparkContext spark, int partitions) {
    this.spark = spark;
    this.partitions = partitions;
  }

  /** What the usage reports among the files say. */
  ReportedUsage run(List<LogFile> files, LogSettings settings) {
    List<LogFile> reports =
        files.stream().filter(file -> LogFormat.parse(file.format()).isAggregate()).toList();
    if (reports.isEmpty()) {
      return ReportedUsage.none();
    }
    // The same ranges as in ingest, so that both call a bucket's place the same.
    List<LogRange> ranges = LogRange.of(reports);
    spark.setJobGroup("usage", "add up usage reports");
    List<String> parts =
        spark
            .parallelize(ranges, ranges.size())
            .mapPartitionsToPair(mine -> buckets(mine, settings))
            .groupByKey(partitions)
            .mapPartitions(UsageJob::sums)
            .collect();
    TreeMap<BilledKey, Billed> sums = new TreeMap<>();
    TreeSet<Place> copies = new TreeSet<>();
    for (String json : parts) {
      Sums part = Wire.read(json, Sums.class);
      part.days().forEach(day -> sums.merge(day.key(), day.sum(), Billed::plus));
      copies.addAll(part.copies());
    }
    boolean alone = reports.size() == files.size();
    return new ReportedUsage(UsageReports.of(sums, copies), alone, Optional.empty());
  }

  private record Day(BilledKey key, Billed sum) {}

  private record Sums(List<Day> days, List<Place> copies) {}

  private static Iterator<Tuple2<String, String>> buckets(
      Iterator<LogRange> ranges, LogSettings settings) {
    CallNamer namer = settings.namer();
    List<Tuple2<String, String>> found = new ArrayList<>();
    while (ranges.hasNext()) {
      LogRange range = ranges.next();
      try {
        range.read(settings.context(), new Buckets(new BucketNamer(range, namer), found));
      } catch (IOException e) {
        // A file that cannot be read to its end ends ingest, with a message that names it.
        continue;
      }
    }
    return found.iterator();
  }

  private static Iterator<String> sums(Iterator<Tuple2<String, Iterable<String>>> groups) {
    TreeMap<BilledKey, Billed> sums = new TreeMap<>();
    List<Place> copies = new ArrayList<>();
    while (groups.hasNext()) {
      UsageBucket best = null;
      for (String json : groups.next()._2()) {
        UsageBucket bucket = Wire.read(json, UsageBucket.class);
        if (best == null) {
          best = bucket;
        } else if (bucket.isBefore(best)) {
          copies.add(best.place());
          best = bucket;
        } else {
          copies.add(bucket.place());
        }
      }
      sums.merge(best.key(), best.amount(), Billed::plus);
    }
    List<Day> days = new ArrayList<>();
    sums.forEach((key, sum) -> days.add(new Day(key, sum)));
    return List.of(Wire.write(new Sums(days, copies))).iterator();
  }

  /** Names the buckets of a byte range and says where they stand; the same in both readings. */
  static final class BucketNamer {
    private static final String ENTITY = "metadata.entity";

    /** LiteLLM's table by user holds all calls, whether or not they name a user. */
    private static final String ALL_CALLS = "user_id";

    private final LogRange range;
    private final CallNamer namer;
    private long ordinal;

    BucketNamer(LogRange range, CallNamer namer) {
      this.range = range;
      this.namer = namer;
    }

    /** The next bucket of the range. */
    UsageBucket next(CallDraft bucket) {
      boolean named = bucket.requestModel != null || bucket.responseModel != null;
      BilledKey key =
          BilledKey.of(
              bucket,
              range.file().format(),
              part(bucket),
              Providers.canonical(bucket.provider),
              named ? namer.name(bucket).key().hostedModel() : "");
      return UsageBucket.of(bucket, key, new Place(range.file().name(), range.index(), ordinal++));
    }

    private static String part(CallDraft bucket) {
      for (int i = 0; i < bucket.attributes.size(); i++) {
        if (bucket.attributes.source(i).equals(ENTITY)) {
          String entity = bucket.attributes.value(i);
          return entity.equals(ALL_CALLS) ? "" : entity;
        }
      }
      return "";
    }
  }

  private record Buckets(BucketNamer namer, List<Tuple2<String, String>> found) implements Sink {
    @Override
    public void call(CallDraft draft) {
      // A report holds buckets only.
    }

    @Override
    public void bucket(CallDraft draft) {
      UsageBucket bucket = namer.next(draft);
      found.add(new Tuple2<>(bucket.sameness(), Wire.write(bucket)));
    }

    @Override
    public void ignored() {
      // Ingest counts.
    }

    @Override
    public void rejected(Rejection rejection) {
      // Ingest counts and keeps it.
    }
  }
}
