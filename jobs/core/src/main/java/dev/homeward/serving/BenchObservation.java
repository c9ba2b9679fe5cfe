package dev.homeward.serving;

import dev.homeward.catalog.Efficiency;
import dev.homeward.catalog.Scheduling.KvBuffer;

/**
 * A benchmark of an engine with slots, without its server. It times either the prompts of all
 * sequences, one pass after the other, or a number of decode passes over all sequences. Every pass
 * attends over all cells of the buffer that are in use.
 *
 * @param promptTokens a sequence, in the buffer before decoding begins
 * @param steps decode steps; 0 for the prompts alone
 * @param sequences at once
 * @param batchTokens tokens of the passes that the host prepares ahead of the device; it waits for
 *     the last of them
 * @param passTokens tokens of one pass at most
 * @param measured seconds for all of it
 */
public record BenchObservation(
    Placement placement,
    int promptTokens,
    int steps,
    int sequences,
    int batchTokens,
    int passTokens,
    double measured)
    implements EfficiencyFit.Observation {

  @Override
  public double predict(Efficiency efficiency) {
    StepModel model = new StepModel(placement, efficiency, KvBuffer.UNIFIED);
    return steps == 0 ? prefill(model) : decode(model);
  }

  @Override
  public double expectedError() {
    return 0.1;
  }

  private double prefill(StepModel model) {
    long all = (long) promptTokens * sequences;
    double seconds = sequences * model.sequence();
    for (long done = 0; done < all; done += batchTokens) {
      seconds += batch(model, done, Math.min(batchTokens, all - done));
    }
    return seconds;
  }

  // The host prepares a pass while the device is at the one before.
  private double batch(StepModel model, long before, long tokens) {
    double start = 0;
    double end = 0;
    for (long done = 0; done < tokens; done += passTokens) {
      int pass = (int) Math.min(passTokens, tokens - done);
      double cells = before + done + pass;
      start = Math.max(start + host(model, pass, cells), end);
      end = start + device(model, pass, cells);
    }
    return end;
  }

  private double decode(StepModel model) {
    // Cells grow by one a sequence and step: the mean over all steps stands for each.
    double cells = sequences * (promptTokens + (steps + 1) / 2.0);
    return steps
        * (host(model, sequences, cells)
            + device(model, sequences, cells)
            + sequences * model.sequence());
  }

  private static double host(StepModel model, int tokens, double cells) {
    return model.hostPass() + model.hostMask() * cells * tokens;
  }

  private static double device(StepModel model, int tokens, double cells) {
    return model.tokens(tokens) + model.cells(cells, tokens);
  }
}
