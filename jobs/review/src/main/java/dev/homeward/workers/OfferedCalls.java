package dev.homeward.workers;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.serving.Deployment;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * How many calls each window of a long tape offers: the same for all deployments that can take its
 * longest call. Counting them reads the whole tape, and most candidates fail in one window.
 */
final class OfferedCalls {
  /** Numbers that are held, 8 bytes each. */
  private static final long MOST_NUMBERS = 1_000_000;

  /** Those used last at the end. */
  private final Map<Key, CompletableFuture<List<long[]>>> known =
      new LinkedHashMap<>(64, 0.75f, true);

  private long numbers;

  /**
   * What the counts hang on, besides the settings that all replays of a review have in common.
   *
   * @param longest tokens of a call that a replica takes; {@link Long#MAX_VALUE} where it takes all
   */
  record Key(List<WorkloadKey> workloads, double volume, LongTapes.Cut cut, long longest) {
    /**
     * @param maxContext most tokens of a logged call
     * @param lengths local tokens for a hosted one
     */
    static Key of(
        List<WorkloadKey> workloads,
        double volume,
        LongTapes.Cut cut,
        Deployment deployment,
        long maxContext,
        ReplayOptions.Lengths lengths) {
      long longest =
          Math.min(deployment.kvCache().maxContextTokens(), deployment.kvCache().kvTokens());
      // Prompt and output are rounded up apart, and a prompt is one token at least.
      double most = maxContext * Math.max(lengths.prompt(), lengths.output()) + 3;
      return new Key(workloads, volume, cut, longest >= most ? Long.MAX_VALUE : longest);
    }

    private long numbers() {
      return (long) cut.sample().windows().size() * workloads.size();
    }
  }

  /**
   * By window and workload. Counted by one of those who ask at once; the others wait.
   *
   * @param count asked for what is not known
   */
  List<long[]> of(Key key, Supplier<List<long[]>> count) {
    CompletableFuture<List<long[]>> own = new CompletableFuture<>();
    CompletableFuture<List<long[]>> there = begin(key, own);
    if (there != null) {
      return there.join();
    }
    try {
      own.complete(count.get());
      return own.join();
    } finally {
      if (!own.isDone()) {
        forget(key, own);
        own.cancel(false);
      }
    }
  }

  private synchronized CompletableFuture<List<long[]>> begin(
      Key key, CompletableFuture<List<long[]>> own) {
    CompletableFuture<List<long[]>> there = known.get(key);
    if (there == null) {
      known.put(key, own);
      numbers += key.numbers();
      Iterator<Key> eldest = known.keySet().iterator();
      while (numbers > MOST_NUMBERS && known.size() > 1) {
        numbers -= eldest.next().numbers();
        eldest.remove();
      }
    }
    return there;
  }

  private synchronized void forget(Key key, CompletableFuture<List<long[]>> own) {
    if (known.remove(key, own)) {
      numbers -= key.numbers();
    }
  }
}
