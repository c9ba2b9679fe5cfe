package dev.homeward.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Catalog;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.Sample;
import dev.homeward.replay.WindowedReplay;
import dev.homeward.serving.Deployment;
import dev.homeward.serving.Deployments;
import dev.homeward.serving.Fit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class OfferedCallsTest {
  private static final Catalog CATALOG = Catalog.standard();
  private static final List<WorkloadKey> W = List.of(new WorkloadKey("w", "gpt-4o", "internal"));
  private static final LongTapes.Cut CUT = whole(100, 10, 1);

  private final OfferedCalls offered = new OfferedCalls();
  private final List<String> counted = new ArrayList<>();

  private Supplier<List<long[]>> counts(String name) {
    return () -> {
      counted.add(name);
      return List.of(new long[] {counted.size()}, new long[] {5});
    };
  }

  private static OfferedCalls.Key key(String workload, int window, long longest) {
    return new OfferedCalls.Key(
        List.of(new WorkloadKey(workload, "gpt-4o", "internal")),
        1,
        whole(100, window, 1),
        longest);
  }

  private static LongTapes.Cut whole(long toMicros, long window, long warmUp) {
    WindowedReplay.Span span = new WindowedReplay.Span(0, toMicros, window, warmUp);
    return new LongTapes.Cut(span, Sample.all(span));
  }

  @Test
  void whatWasCountedIsNotCountedAgain() {
    List<long[]> first = offered.of(key("w", 10, 100), counts("a"));

    assertSame(first, offered.of(key("w", 10, 100), counts("b")));
    assertEquals(1, first.get(0)[0]);
    offered.of(key("w", 10, 99), counts("shorter calls"));
    offered.of(key("v", 10, 100), counts("other calls"));
    offered.of(key("w", 11, 100), counts("other windows"));
    assertEquals(List.of("a", "shorter calls", "other calls", "other windows"), counted);
  }

  @Test
  void thoseWhoAskMeanwhileWaitForTheCount() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    Supplier<List<long[]>> slow =
        () -> {
          begun.countDown();
          await(go);
          return List.of(new long[] {7});
        };
    CompletableFuture<List<long[]>> one =
        CompletableFuture.supplyAsync(() -> offered.of(key("w", 10, 1), slow));
    begun.await();
    CompletableFuture<List<long[]>> other =
        CompletableFuture.supplyAsync(() -> offered.of(key("w", 10, 1), counts("again")));
    go.countDown();

    assertSame(one.join(), other.join());
    assertEquals(List.of(), counted);
  }

  /** A full disk, say, that was emptied: what failed once is tried again. */
  @Test
  void aCountThatFailedIsNotKept() {
    Supplier<List<long[]>> failing =
        () -> {
          throw new IllegalArgumentException("unreadable");
        };
    assertThrows(IllegalArgumentException.class, () -> offered.of(key("w", 10, 1), failing));

    assertEquals(5, offered.of(key("w", 10, 1), counts("again")).get(1)[0]);
  }

  /** Each set has 500,001 numbers: two of them are more than are held. */
  @Test
  void whatWasAskedLongestAgoIsForgotten() {
    OfferedCalls.Key[] sets = new OfferedCalls.Key[3];
    for (int i = 0; i < 3; i++) {
      sets[i] = new OfferedCalls.Key(W, 1, whole(500_001, 1, i), 1);
      offered.of(sets[i], counts("set " + i));
    }
    offered.of(sets[2], counts("set 2 again"));
    offered.of(sets[0], counts("set 0 again"));

    assertEquals(List.of("set 0", "set 1", "set 2", "set 0 again"), counted);
  }

  /** Deployments are told apart only where one of them cannot take every call. */
  @Test
  void deploymentsThatTakeEveryCallAreOfferedTheSame() {
    ReplayOptions.Lengths asLogged = ReplayOptions.Lengths.AS_LOGGED;
    Deployment small = deployment("rtx-4090", 8_192);
    Deployment large = deployment("h100-on-demand", 100_000);
    long smallTakes = Math.min(small.kvCache().maxContextTokens(), small.kvCache().kvTokens());

    assertEquals(
        OfferedCalls.Key.of(W, 1, CUT, large, 2_000, asLogged),
        OfferedCalls.Key.of(W, 1, CUT, small, 2_000, asLogged));
    assertEquals(
        smallTakes, OfferedCalls.Key.of(W, 1, CUT, small, smallTakes + 1, asLogged).longest());
    assertNotEquals(
        OfferedCalls.Key.of(W, 1, CUT, large, smallTakes + 1, asLogged),
        OfferedCalls.Key.of(W, 1, CUT, small, smallTakes + 1, asLogged));
    assertNotEquals(
        OfferedCalls.Key.of(W, 1, CUT, large, 2_000, asLogged),
        OfferedCalls.Key.of(W, 1.5, CUT, large, 2_000, asLogged));
    // A model whose own tokens are more: the longest call may not fit any more.
    assertEquals(
        smallTakes,
        OfferedCalls.Key.of(
                W,
                1,
                CUT,
                small,
                smallTakes / 2 + 100,
                new ReplayOptions.Lengths(2, 1, asLogged.speculation()))
            .longest());
  }

  private static Deployment deployment(String box, long maxContext) {
    Fit fit =
        Deployments.fit(
            CATALOG.hardware(box),
            CATALOG.model("llama-3.1-8b"),
            CATALOG.quantization("fp8"),
            CATALOG.engine("vllm"),
            maxContext);
    if (fit instanceof Fit.Fits fits) {
      return fits.deployment();
    }
    throw new AssertionError(fit);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
