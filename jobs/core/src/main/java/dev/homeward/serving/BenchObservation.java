package dev.homeward.serving;

import dev.homeward.catalog.Efficiency;

/**
 * A measured bench of an engine with slots, without its server: the prompts of all sequences in
 * passes one after the other, or so many decode passes over all of them. Every pass attends over
 * all cells of the buffer that are in use.
 *
 * @param promptTokens a sequence, in the buffer before decoding begins
 * @param steps decode steps; 0 for the prompts alone
 * @param sequences at once
 * @param passTokens tokens of one pass at most
 * @param measured seconds for all of it
 */
public record BenchObservation(
    Placement placement,
    int promptTokens,
    int steps,
    int sequences,
    int passTokens,
    double measured)
    implements EfficiencyFit.Observation {

  @Override
  public double predict(Efficiency efficiency) {
    StepModel model = new StepModel(placement, efficiency, true);
    return steps == 0 ? prefill(model) : decode(model);
  }

  @Override
  public double expectedError() {
    return 0.1;
  }

  private double prefill(StepModel model) {
    long all = (long) promptTokens * sequences;
    double seconds = sequences * model.sequence();
    for (long done = 0; done < all; done += passTokens) {
      seconds +=
          pass(model, (int) Math.min(passTokens, all - done), Math.min(done + passTokens, all));
    }
    return seconds;
  }

  private double decode(StepModel model) {
    // Cells grow by one a sequence and step: the mean over all steps stands for each.
    double cells = sequences * (promptTokens + (steps + 1) / 2.0);
    return steps * (pass(model, sequences, cells) + sequences * model.sequence());
  }

  private static double pass(StepModel model, int tokens, double cells) {
    return model.tokens(tokens) + model.cells(cells, tokens);
  }
}
