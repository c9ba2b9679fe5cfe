package dev.homeward.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.homeward.calls.BilledTape;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.Tape;
import dev.homeward.replay.ReplayOptions.PrefixCache;
import dev.homeward.serving.Deployment;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What calls find of their session's earlier calls, worked out by hand. Each call is sent long
 * after the one before it has ended. A call of 640 prompt tokens and one of output ends with 640
 * tokens in 40 blocks of 16.
 */
final class PrefixReplayTest {
  private static final PrefixCache ALL = PrefixCache.replayed(1, 1);
  private static final long MINUTE = 60_000_000L;

  private static Deployment vllm(int blocks) {
    return Deployed.squeezed(
        Deployed.of("rtx-4090", "llama-3.1-8b", "fp16", "vllm"), 16 * blocks, 8, 2048, 2048);
  }

  private static Deployment llamaCpp(int slots) {
    return Deployed.squeezed(
        Deployed.of("rtx-4090", "llama-3.1-8b", "q8_0", "llama.cpp"),
        4096 * slots,
        slots,
        2048,
        512);
  }

  /** Calls a minute apart: session, prompt tokens and how many of them the API had. */
  private static Tape tape(int[][] calls) {
    int n = calls.length;
    long[] starts = new long[n];
    int[] prompts = new int[n];
    int[] cached = new int[n];
    int[] outputs = new int[n];
    for (int i = 0; i < n; i++) {
      starts[i] = 1_700_000_000_000_000L + i * MINUTE;
      prompts[i] = calls[i][1];
      cached[i] = calls[i][2];
      outputs[i] = 1;
    }
    Tape tape = Deployed.tape(starts, prompts, cached, outputs);
    for (int i = 0; i < n; i++) {
      tape.session[i] = calls[i][0] < 0 ? CallDraft.ABSENT : calls[i][0];
    }
    return tape;
  }

  private static ReplayResult replay(
      Deployment d, PrefixCache cache, int replicas, Tape tape, CallObserver observer) {
    return new Replay(BilledTape.of(tape), d, cache, 1)
        .run(
            ReplayOptions.always(replicas, ReplayOptions.NO_CAP, cache, Deployed.NO_LEVEL),
            observer);
  }

  private static long found(Deployment d, PrefixCache cache, int[][] calls) {
    return replay(d, cache, 1, tape(calls), null).prefix().orElseThrow().foundTokens();
  }

  /**
   * 100 blocks. The first call leaves 40 behind 60 others; the second takes 80: the 60, and 20 of
   * the 40, the last ones of its prompt. The third finds 20 blocks, 320 of its 640 cached tokens.
   */
  @Test
  void blocksGoByLeastRecentUseTheLastOfAPromptFirst() {
    int[][] calls = {{1, 640, 0}, {2, 1280, 0}, {1, 960, 640}};
    assertEquals(320, found(vllm(100), ALL, calls));
    // 20 blocks more and nothing of it is gone; 19 less and one block is left.
    assertEquals(640, found(vllm(120), ALL, calls));
    assertEquals(16, found(vllm(81), ALL, calls));
    ReplayResult.PrefixUse use =
        replay(vllm(100), ALL, 1, tape(calls), null).prefix().orElseThrow();
    assertEquals(640, use.loggedTokens());
    assertEquals(640, use.inSessionTokens());
  }

  /**
   * What is found need not be computed: the first token comes as from a prompt whose first 320
   * tokens were granted.
   */
  @Test
  void foundTokensAreNotComputed() {
    long[] first = new long[3];
    int[][] calls = {{1, 640, 0}, {2, 1280, 0}, {1, 960, 640}};
    replay(vllm(100), ALL, 1, tape(calls), (call, token, end) -> first[call] = token);
    long[] granted = new long[3];
    int[][] asLogged = {{1, 640, 0}, {2, 1280, 0}, {1, 960, 320}};
    replay(
        vllm(100),
        PrefixCache.AS_LOGGED,
        1,
        tape(asLogged),
        (call, token, end) -> granted[call] = token);
    assertEquals(granted[2], first[2]);
  }

  /** A share of what is there, in whole blocks; and a share of what was read without a session. */
  @Test
  void sharesInAndWithoutSessions() {
    int[][] calls = {{1, 640, 0}, {1, 960, 640}};
    assertEquals(640, found(vllm(200), ALL, calls));
    assertEquals(320, found(vllm(200), PrefixCache.replayed(0.5, 1), calls));
    assertEquals(304, found(vllm(200), PrefixCache.replayed(0.49, 1), calls)); // 313 tokens
    int[][] without = {{-1, 640, 0}, {-1, 960, 640}};
    assertEquals(192, found(vllm(200), PrefixCache.replayed(1, 0.3), without));
    assertEquals(
        0, replay(vllm(200), ALL, 1, tape(without), null).prefix().orElseThrow().inSessionTokens());
  }

  /**
   * First calls of sessions read 160, 160 and 0 tokens: 160 are common to the workload's sessions.
   * The third session finds them with the one before; the fourth call's own prefix is longer.
   */
  @Test
  void whatAllSessionsHaveIsFoundWithAnother() {
    int[][] calls = {{1, 640, 0}, {2, 640, 160}, {3, 640, 160}, {1, 960, 640}};
    assertEquals(160 + 160 + 640, found(vllm(400), ALL, calls));
    // Two of three first calls read nothing: what one session read is not common to all.
    int[][] rare = {{1, 640, 0}, {2, 640, 0}, {3, 640, 160}, {1, 960, 640}};
    assertEquals(640, found(vllm(400), ALL, rare));
  }

  /** A session stays on its replica: its first call's blocks are on one of the two. */
  @Test
  void aSessionStaysOnItsReplica() {
    Tape tape = tape(new int[][] {{-1, 640, 0}, {1, 640, 0}, {1, 960, 640}});
    // The second is sent while the first, long one, is at work on the first replica.
    tape.startedAtMicros[1] = tape.startedAtMicros[0];
    tape.outputTokens[0] = 300;
    ReplayResult result = replay(vllm(200), ALL, 2, tape, null);
    assertEquals(640, result.prefix().orElseThrow().foundTokens());
    assertTrue(result.peakInFlight() == 2);
  }

  /** Two slots hold two sessions; one slot holds only the last. */
  @Test
  void slotsHoldTheirLastCall() {
    int[][] calls = {{1, 640, 0}, {2, 1280, 0}, {1, 960, 640}, {2, 1600, 1280}};
    assertEquals(640 + 1280, found(llamaCpp(2), ALL, calls));
    assertEquals(0, found(llamaCpp(1), ALL, calls));
  }

  /** A box that was given back has nothing when it is asked for again. */
  @Test
  void aReleasedReplicaForgets() {
    Tape tape = tape(new int[][] {{1, 640, 0}, {1, 960, 640}});
    ReplayOptions options =
        ReplayOptions.always(1, ReplayOptions.NO_CAP, ALL, Deployed.NO_LEVEL)
            .withRelease(MINUTE / 2, 1);
    for (Deployment d : List.of(vllm(200), llamaCpp(2))) {
      Replay replay = new Replay(BilledTape.of(tape), d, ALL, 1);
      assertEquals(0, replay.run(options).prefix().orElseThrow().foundTokens());
      assertEquals(
          640, replay.run(options.withRelease(2 * MINUTE, 1)).prefix().orElseThrow().foundTokens());
    }
  }

  /** A session id in two workloads is two sessions, and a repeated session is another one. */
  @Test
  void sessionsOfMergedAndOfRepeatedTapes() {
    Tape first = tape(new int[][] {{1, 640, 0}, {1, 960, 640}});
    Tape second = tape(new int[][] {{1, 640, 0}, {1, 960, 640}});
    second.startedAtMicros[0] += MINUTE / 4;
    second.startedAtMicros[1] += MINUTE / 4;
    BilledTape merged =
        BilledTape.merge(first.key, List.of(BilledTape.of(first), BilledTape.of(second))).billed();
    assertEquals(2, merged.sessions().count());
    assertEquals(2, merged.sessions().workloads());
    assertEquals(0, merged.sessions().session(0));
    assertEquals(1, merged.sessions().session(1));
    assertEquals(0, merged.sessions().session(2));
    BilledTape twice =
        BilledTape.of(first)
            .scaled(2, first.startedAtMicros[0], first.startedAtMicros[0] + 10 * MINUTE);
    assertEquals(4, twice.tape.size);
    assertEquals(2, twice.sessions().count());
  }

  @Test
  void aTapeWithoutCachedTokensHasNoSessionsToFollow() {
    assertEquals(0, BilledTape.of(tape(new int[][] {{1, 640, 0}, {1, 960, 0}})).sessions().count());
    assertEquals(
        0, BilledTape.of(tape(new int[][] {{-1, 640, 0}, {-1, 960, 640}})).sessions().count());
  }
}
