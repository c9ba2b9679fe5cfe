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
    bucket.requestModel = "gpt-4o";
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
    assertEquals(70_000.0, (double) made, 700);
    assertTrue(farthest[0] <= 1_800_000_000L);
    assertEquals(0, MadeCalls.ofSample(call, 1, 1, copy -> {}));
  }

  private static CallDraft day(long calls) {
    CallDraft bucket = new CallDraft();
    bucket.startedAtMicros = 1_777_852_800_000_000L;
    bucket.bucketMicros = 86_400_000_000L;
    bucket.bucketCalls = calls;
    bucket.requestModel = "gpt-4o";
    bucket.hasId = true;
    bucket.idHigh = 17;
    bucket.idLow = 4;
    return bucket;
  }

  @Test
  void arrivalsFillTheBucketEvenlyAndDependOnItsIdentityOnly() {
    int n = 100_000;
    int[] hours = new int[24];
    List<Long> starts = new ArrayList<>();
    CallDraft bucket = day(n);
    MadeCalls.ofBucket(
        bucket,
        call -> {
          starts.add(call.startedAtMicros);
          hours[(int) ((call.startedAtMicros - bucket.startedAtMicros) / 3_600_000_000L)]++;
        });
    double chiSquare = 0;
    double expected = n / 24.0;
    for (int count : hours) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    // 23 degrees of freedom: 49.7 is passed once in a thousand.
    assertTrue(chiSquare < 49.7, "chi-square " + chiSquare);
    List<Long> again = new ArrayList<>();
    MadeCalls.ofBucket(day(n), call -> again.add(call.startedAtMicros));
    assertEquals(starts, again);
    CallDraft other = day(n);
    other.idLow = 5;
    again.clear();
    MadeCalls.ofBucket(other, call -> again.add(call.startedAtMicros));
    assertTrue(!starts.get(0).equals(again.get(0)));
  }

  @Test
  void theRemainderOfACreditGoesToTheFirstCallsToo() {
    CallDraft bucket = day(2);
    bucket.loggedNanoUsd = -3;
    List<Long> nanos = new ArrayList<>();
    MadeCalls.ofBucket(bucket, call -> nanos.add(call.loggedNanoUsd));
    assertEquals(List.of(-1L, -2L), nanos);
  }

  @Test
  void noCallsAreMadeWithoutACountOrAModelOrWhereOneWouldBeTooLong() {
    assertTrue(MadeCalls.canBeMade(day(3)));
    assertTrue(!MadeCalls.canBeMade(day(CallDraft.ABSENT)));
    assertTrue(!MadeCalls.canBeMade(day(0)));
    CallDraft nameless = day(3);
    nameless.requestModel = null;
    assertTrue(!MadeCalls.canBeMade(nameless));
    CallDraft huge = day(1);
    huge.inputTokens = 3_000_000_000L;
    assertTrue(!MadeCalls.canBeMade(huge));
    huge.bucketCalls = 2;
    assertTrue(MadeCalls.canBeMade(huge));
  }
}
