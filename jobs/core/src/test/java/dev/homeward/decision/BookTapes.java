package dev.homeward.decision;

import dev.homeward.calls.BillingMode;
import dev.homeward.calls.Operation;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/**
 * Logs of the book of situations, in October 2026. Tokens vary by a factor of four, and their sum
 * is exactly the mean times the calls, so that what the API costs can be worked out on paper.
 */
final class BookTapes {
  static final int DAYS = 31;
  static final int WEEKDAYS = 22;
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final double MICROS_PER_HOUR = 3.6e9;

  /** Means of 1: what calls of one kind are beside their mean. */
  private static final double[] SIZES = {0.4, 0.8, 1, 1.2, 1.6};

  private BookTapes() {}

  /** The 1st is a Thursday. */
  static boolean isWeekday(int day) {
    int ofWeek = (day + 3) % 7;
    return ofWeek < 5;
  }

  private static long at(int day, double hour) {
    return Desk.PERIOD.fromMicros() + day * MICROS_PER_DAY + (long) (hour * MICROS_PER_HOUR);
  }

  /** So many calls a day, each day, at evenly spread moments. */
  static Tape evenly(WorkloadKey key, int perDay, int prompt, int output) {
    return calls(key, perDay, i -> 24 * (i + 0.5) / perDay, false, prompt, output);
  }

  /** So many on weekdays, most of them around 11 and 15 o'clock, all between 8 and 18. */
  static Tape officeHours(WorkloadKey key, int perDay, int prompt, int output) {
    Random random = new Random(17);
    return calls(key, perDay, i -> officeHour(random, i % 2 == 0 ? 11 : 15), true, prompt, output);
  }

  /** So many each day, by day more than at night: consumers of a product. */
  static Tape roundTheClock(WorkloadKey key, int perDay, int prompt, int output) {
    Random random = new Random(18);
    return calls(
        key,
        perDay,
        i ->
            i % 4 == 0
                ? 24 * random.nextDouble()
                : Math.floorMod(Math.round(1000 * (15 + 4 * random.nextGaussian())), 24_000L)
                    / 1000.0,
        false,
        prompt,
        output);
  }

  private static double officeHour(Random random, int around) {
    while (true) {
      double hour = around + 1.5 * random.nextGaussian();
      if (hour >= 8 && hour < 18) {
        return hour;
      }
    }
  }

  private static Tape calls(
      WorkloadKey key,
      int perDay,
      IntToDoubleFunction hourOf,
      boolean weekdays,
      int prompt,
      int output) {
    int days = weekdays ? WEEKDAYS : DAYS;
    long[] starts = new long[perDay * days];
    int n = 0;
    for (int day = 0; day < DAYS; day++) {
      for (int i = 0; i < perDay && (!weekdays || isWeekday(day)); i++) {
        starts[n++] = at(day, hourOf.applyAsDouble(i));
      }
    }
    Arrays.sort(starts);
    Tape tape =
        Desk.tape(key, starts, key.hostedModel().startsWith("claude") ? "anthropic" : "openai");
    sizes(tape.inputTokens, prompt, new Random(19));
    sizes(tape.outputTokens, output, new Random(20));
    return tape;
  }

  private static void sizes(int[] tokens, int mean, Random random) {
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] =
          i < tokens.length - tokens.length % SIZES.length
              ? (int) Math.round(mean * SIZES[i % SIZES.length])
              : mean;
    }
    for (int i = tokens.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = tokens[i];
      tokens[i] = tokens[j];
      tokens[j] = swap;
    }
  }

  /** Sent as a batch that may take a day. */
  static Tape embeddings(Tape tape) {
    Arrays.fill(tape.operation, (byte) Operation.EMBEDDINGS.ordinal());
    Arrays.fill(tape.outputTokens, 0);
    return tape;
  }

  /** Calls of a session of a coding agent, and what its context grows by from one to the next. */
  static final int CALLS_OF_SESSION = 12;

  static final int SYSTEM_PROMPT = 15_000;
  static final int REPOSITORY = 5_000;
  static final int GROWTH = 3_000;
  static final int ANSWER = 500;

  /**
   * Developers with a coding agent, so many sessions each on a weekday. The first call of a session
   * finds the system prompt in the API's cache and writes the rest; each later one finds all that
   * was there before and writes what has come since.
   */
  static Tape codingAgent(WorkloadKey key, int developers, int sessionsPerDay) {
    Random random = new Random(21);
    int sessions = developers * sessionsPerDay * WEEKDAYS;
    long[][] calls = new long[sessions * CALLS_OF_SESSION][];
    int n = 0;
    for (int day = 0; day < DAYS; day++) {
      for (int s = 0; s < developers * sessionsPerDay && isWeekday(day); s++) {
        double hour = officeHour(random, s % 2 == 0 ? 11 : 15);
        int session = n / CALLS_OF_SESSION;
        for (int i = 0; i < CALLS_OF_SESSION; i++) {
          calls[n++] = new long[] {at(day, hour), session, i};
          // A tool runs, or the developer reads: 10 seconds to some minutes.
          hour += Math.min(600, 10 + 25 * Math.exp(0.8 * random.nextGaussian())) / 3600;
        }
      }
    }
    Arrays.sort(calls, (a, b) -> Long.compare(a[0], b[0]));
    Tape tape = Desk.tape(key, Arrays.stream(calls).mapToLong(c -> c[0]).toArray(), "anthropic");
    for (int c = 0; c < calls.length; c++) {
      int i = (int) calls[c][2];
      tape.session[c] = calls[c][1];
      tape.cacheReadTokens[c] =
          i == 0 ? SYSTEM_PROMPT : SYSTEM_PROMPT + REPOSITORY + (i - 1) * GROWTH;
      tape.cacheWrite5mTokens[c] = i == 0 ? REPOSITORY : GROWTH;
      tape.outputTokens[c] = ANSWER;
      tape.billingMode[c] = (byte) BillingMode.METERED.ordinal();
      // What the hosted model took, so that a person knows what is usual: 1.2 to 1.8 s, 15 ms.
      tape.ttftMicros[c] = 1_200_000L + random.nextInt(600_000);
      tape.durationMicros[c] = tape.ttftMicros[c] + ANSWER * 15_000L;
    }
    return tape;
  }
}
