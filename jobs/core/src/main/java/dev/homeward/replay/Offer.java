package dev.homeward.replay;

import dev.homeward.calls.Tape;
import dev.homeward.serving.Deployment;
import java.util.Arrays;

/**
 * The calls of a tape that a deployment is offered, as arrays in arrival order: those that reached
 * a model, with usage, and short enough for a replica.
 *
 * <p>Made once for a tape and a deployment and used by every replay of the two.
 */
final class Offer {
  final int size;
  final long originMicros;
  final long lastArrivalPicos;
  final long[] arrivalPicos;
  final int[] prompt;
  final int[] cached;
  final int[] output;
  final long[] weight;

  /** Calls longer than a replica's context or cache, and their weight. */
  final long tooLongCalls;

  final long tooLongWeight;

  Offer(Tape tape, Deployment deployment, ReplayOptions.PrefixCache prefixCache) {
    int block = Math.max(1, deployment.engine().blockTokens());
    long longest =
        Math.min(deployment.kvCache().maxContextTokens(), deployment.kvCache().kvTokens());
    long[] arrivals = new long[tape.size];
    int[] prompts = new int[tape.size];
    int[] hits = new int[tape.size];
    int[] outputs = new int[tape.size];
    long[] weights = new long[tape.size];
    int n = 0;
    long tooLong = 0;
    long weightTooLong = 0;
    long origin = Long.MIN_VALUE;
    for (int i = 0; i < tape.size; i++) {
      if (!tape.reachedModel(i) || !tape.hasUsage(i)) {
        continue;
      }
      if (origin == Long.MIN_VALUE) {
        origin = tape.startedAtMicros[i];
      }
      // A prompt without tokens still costs a pass.
      int total = Math.max(1, tape.totalInputTokens(i));
      if ((long) total + tape.outputTokens[i] > longest) {
        tooLong++;
        weightTooLong = Math.addExact(weightTooLong, tape.weight[i]);
        continue;
      }
      arrivals[n] = Math.multiplyExact(tape.startedAtMicros[i] - origin, Recorder.PICOS_PER_MICRO);
      prompts[n] = total;
      hits[n] =
          prefixCache == ReplayOptions.PrefixCache.AS_LOGGED
              ? Math.min(tape.cacheReadTokens[i] / block * block, total - 1)
              : 0;
      outputs[n] = tape.outputTokens[i];
      weights[n] = tape.weight[i];
      n++;
    }
    this.size = n;
    this.originMicros = origin == Long.MIN_VALUE ? 0 : origin;
    this.arrivalPicos = Arrays.copyOf(arrivals, n);
    this.prompt = Arrays.copyOf(prompts, n);
    this.cached = Arrays.copyOf(hits, n);
    this.output = Arrays.copyOf(outputs, n);
    this.weight = Arrays.copyOf(weights, n);
    this.lastArrivalPicos = n == 0 ? 0 : arrivalPicos[n - 1];
    this.tooLongCalls = tooLong;
    this.tooLongWeight = weightTooLong;
  }
}
