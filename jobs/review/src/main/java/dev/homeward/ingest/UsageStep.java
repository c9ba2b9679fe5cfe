package dev.homeward.ingest;

import dev.homeward.calls.Billed;
import dev.homeward.calls.BilledKey;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.UsageBucket;
import dev.homeward.calls.UsageBucket.BucketPlace;
import dev.homeward.calls.UsageReports;
import dev.homeward.catalog.Providers;
import dev.homeward.files.Files;
import dev.homeward.formats.LogFormat;
import dev.homeward.formats.records.Rejection;
import dev.homeward.formats.records.Sink;
import dev.homeward.keeping.Codec;
import dev.homeward.logs.CallNamer;
import dev.homeward.logs.LogFile;
import dev.homeward.logs.LogRange;
import dev.homeward.logs.LogSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Adds up the buckets of the log's usage reports, before ingest. Copies of a bucket are brought
 * together by its identity, wherever they lie, and one of them counts; only sums by day and the
 * places of the copies come to the driver. Records that cannot be read are left to ingest, which
 * reads the files again and accounts for every record.
 */
public final class UsageStep {
  private UsageStep() {}

  /** A sum by day and kind. */
  record DaySum(BilledKey key, Billed sum) {}

  /** Sums of buckets, and the buckets that are copies. */
  public record Sums(List<DaySum> days, List<BucketPlace> copies) {}

  /**
   * A bucket on its way to its copies.
   *
   * @param sameness what copies of it have in common
   * @param json a {@link UsageBucket} on the wire
   */
  public record KeyedBucket(String sameness, String json) {}

  /** The files that are usage reports. */
  public static List<LogFile> reports(List<LogFile> files) {
    return files.stream().filter(file -> LogFormat.parse(file.format()).isAggregate()).toList();
  }

  /** The buckets of a byte range. */
  public static List<KeyedBucket> buckets(Files storage, LogRange range, LogSettings settings) {
    List<KeyedBucket> found = new ArrayList<>();
    try {
      range.read(
          storage,
          settings.context(),
          new Buckets(new BucketNamer(range, settings.namer()), found));
    } catch (IOException e) {
      // A file that cannot be read to its end ends ingest, with a message that names it.
      return found;
    }
    return found;
  }

  /**
   * Adds up buckets; of copies one counts.
   *
   * @param groups the buckets with the same sameness, as JSON
   */
  public static Sums sums(Iterator<? extends Iterable<String>> groups) {
    TreeMap<BilledKey, Billed> sums = new TreeMap<>();
    List<BucketPlace> copies = new ArrayList<>();
    while (groups.hasNext()) {
      UsageBucket best = null;
      for (String json : groups.next()) {
        UsageBucket bucket = Codec.read(json, UsageBucket.class);
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
    List<DaySum> days = new ArrayList<>();
    sums.forEach((key, sum) -> days.add(new DaySum(key, sum)));
    return new Sums(days, copies);
  }

  /** What the usage reports among the files say, all sums together. */
  public static ReportedUsage together(List<Sums> parts, boolean alone) {
    TreeMap<BilledKey, Billed> sums = new TreeMap<>();
    TreeSet<BucketPlace> copies = new TreeSet<>();
    for (Sums part : parts) {
      part.days().forEach(day -> sums.merge(day.key(), day.sum(), Billed::plus));
      copies.addAll(part.copies());
    }
    return new ReportedUsage(UsageReports.of(sums, copies), alone, Optional.empty());
  }

  /**
   * Gives the buckets of a byte range their names and places, the same in both readings of the log.
   */
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
      return UsageBucket.of(
          bucket, key, new BucketPlace(range.file().name(), range.index(), ordinal++));
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

  private record Buckets(BucketNamer namer, List<KeyedBucket> found) implements Sink {
    @Override
    public void call(CallDraft draft) {
      // A report holds buckets only.
    }

    @Override
    public void bucket(CallDraft draft) {
      UsageBucket bucket = namer.next(draft);
      found.add(new KeyedBucket(bucket.sameness(), Codec.write(bucket)));
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
