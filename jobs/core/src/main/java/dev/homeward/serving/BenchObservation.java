package dev.homeward.serving;

import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.Engine;
import dev.homeward.catalog.Scheduling.KvBuffer;

/**
 * A benchmark of an engine that times either the prompts of all sequences, one pass after the
 * other, or a number of decode passes over all sequences.
 *
 * <p>In a unified buffer every pass attends over all cells in use. Where each sequence has its own
 * context a pass of prompts holds as many whole prompts as fit, and what the mask hides is skipped.
 *
 * <p>Over several accelerators that hold layers one after the other, the passes of a batch follow
 * each other: k passes take (k + accelerators - 1) / (k x accelerators) of their times in a row.
 *
 * @param depth tokens a sequence that are in the cache already
 * @param promptTokens a sequence, in the cache before decoding begins
 * @param steps decode steps; 0 for the prompts alone
 * @param sequences at once
 * @param batchTokens tokens of the passes that the host prepares ahead of the device; it waits for
 *     the last of them
 * @param passTokens tokens of one pass at most
 * @param slots sequences that the tool may run, whatever the point has
 * @param overInterface whether a client took the time, so that a call's fixed time is in it
 * @param expectedError error, as a share, that counts as much as one prior spread
 * @param measured seconds for all of it
 */
public record BenchObservation(
    Placement placement,
    Engine engine,
    int depth,
    int promptTokens,
    int steps,
    int sequences,
    int batchTokens,
    int passTokens,
    int slots,
    boolean overInterface,
    double expectedError,
    double measured)
    implements EfficiencyFit.Observation {

  @Override
  public double predict(Efficiency efficiency) {
    StepModel model = new StepModel(placement, efficiency, engine);
    if (steps > 0) {
      return decode(model);
    }
    double call = overInterface ? model.call() : 0;
    return call + sequences * model.sequence() + (unified() ? oneBuffer(model) : streams(model));
  }

  private boolean unified() {
    return engine.scheduling().kvBuffer() == KvBuffer.UNIFIED;
  }

  private double oneBuffer(StepModel model) {
    long all = (long) promptTokens * sequences;
    long before = (long) depth * sequences;
    double seconds = 0;
    for (long done = 0; done < all; done += batchTokens) {
      seconds += batch(model, before + done, Math.min(batchTokens, all - done));
    }
    return seconds;
  }

  // The host prepares a pass while the device is at the one before.
  private double batch(StepModel model, long before, long tokens) {
    double start = slots * model.hostClear();
    double end = start;
    int passes = 0;
    for (long done = 0; done < tokens; done += passTokens) {
      int pass = (int) Math.min(passTokens, tokens - done);
      double cells = before + done + pass;
      double host = host(model, pass, cells);
      // Builds whose attention is not fused wait for each pass.
      start = model.fused() ? Math.max(start + host, end) : end + host;
      end = start + device(model, pass, cells);
      passes++;
    }
    int cards = placement.tensor() == 1 ? placement.accelerators() : 1;
    return end * (passes + cards - 1) / ((double) passes * cards);
  }

  private double streams(StepModel model) {
    int whole = Math.max(1, passTokens / promptTokens);
    double seconds = slots * model.hostClear();
    for (int begun = 0; begun < sequences; begun += whole) {
      int group = Math.min(whole, sequences - begun);
      int most = passTokens / group;
      for (int done = 0; done < promptTokens; done += most) {
        int pass = Math.min(most, promptTokens - done);
        seconds +=
            model.tokens((double) pass * group)
                + group * model.prompt(pass, depth + done)
                + model.hostPass();
      }
    }
    return seconds;
  }

  private double decode(StepModel model) {
    double context = depth + promptTokens + (steps + 1) / 2.0;
    double attention;
    double host;
    if (unified()) {
      // Cells grow by one a sequence and step: the mean over all steps stands for each.
      double cells = sequences * context;
      attention = model.cells(cells, sequences);
      host = model.fused() ? host(model, sequences, cells) : 0;
    } else {
      attention = sequences * model.attended(context) * model.contextToken();
      host = sequences > 1 ? model.hostPass() : 0;
    }
    host += slots * model.hostClear();
    return steps * (host + model.tokens(sequences) + attention + sequences * model.sequence());
  }

  private static double host(StepModel model, int tokens, double cells) {
    return model.hostPass() + model.hostMask() * cells * tokens;
  }

  private static double device(StepModel model, int tokens, double cells) {
    return model.tokens(tokens) + model.cells(cells, tokens);
  }
}
