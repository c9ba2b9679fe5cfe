package dev.homeward.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MadeCallsTest {
  @Test
  void theCallsOfABucketAddUpToIt() {
    CallDraft bucket = new CallDraft();
    bucket.startedAtMicros = 1_790_000_000_000_000L;
    bucket.bucketMicros = 86_400_000_000L;
    bucket.bucketCalls = 7;
    bucket.inputTokens = 100;
    bucket.outputTokens = 3;
    bucket.loggedNanoUsd = 1_000_000_007L;
    bucket.hasId = true;
    bucket.idLow = 42;
    long[] sums = new long[4];
    List<Long> starts = new ArrayList<>();
    long made =
        MadeCalls.ofBucket(
            bucket,
            call -> {
              sums[0] += call.inputTokens;
              sums[1] += call.outputTokens;
              sums[2] += call.loggedNanoUsd;
              sums[3] |= call.flags;
              assertEquals(CallDraft.ABSENT, call.cacheReadTokens);
              assertEquals(CallDraft.ABSENT, call.bucketMicros);
              starts.add(call.startedAtMicros);
            });
    assertEquals(7, made);
    assertEquals(100, sums[0]);
    assertEquals(3, sums[1]);
    assertEquals(1_000_000_007L, sums[2]);
    assertEquals(CallFlags.SYNTHESISED, sums[3]);
    for (long start : starts) {
      assertTrue(start >= bucket.startedAtMicros);
      assertTrue(start < bucket.startedAtMicros + bucket.bucketMicros);
    }
    assertEquals(7, starts.stream().distinct().count());
    bucket.bucketCalls = CallDraft.ABSENT;
    assertEquals(0, MadeCalls.ofBucket(bucket, call -> starts.add(0L)));
  }

  /** On the average a call of a log sampled at 0.3 stands for 3.33 calls. */
  @Test
  void aSampledCallIsRepeatedAsOftenAsTheRateSays() {
    CallDraft call = new CallDraft();
    call.startedAtMicros = 1_790_000_000_000_000L;
    long made = 0;
    long[] farthest = {0};
    for (int seed = 0; seed < 30_000; seed++) {
      made +=
          MadeCalls.ofSample(
              call,
              0.3,
              seed,
              copy -> {
                long away = Math.abs(copy.startedAtMicros - call.startedAtMicros);
                farthest[0] = Math.max(farthest[0], away);
                assertEquals(CallFlags.SCALED, copy.flags);
              });
    }
    assertEquals(70_000, made, 700);
    assertTrue(farthest[0] <= 1_800_000_000L);
    assertEquals(0, MadeCalls.ofSample(call, 1, 1, copy -> {}));
  }
}
