package dev.homeward.serving;

import dev.homeward.catalog.Scheduling.PromptSteps;

/**
 * The mean time per output token of a server under a steady number of callers, in closed form: what
 * calibration fits, hundreds of thousands of times. The replay says the same, call by call.
 *
 * <p>Between two tokens of a sequence lies one decode step of all b sequences and its share of the
 * others' prompts: while a sequence puts out its n tokens, each of the b - 1 others takes in one
 * prompt of p tokens. So TPOT = decode(b) + (b - 1) / n x prefill(p), with prefill(p) the time that
 * a prompt adds: the step with its chunks less the step without, or, where prompts go first in
 * steps of their own, those steps.
 */
final class SteadyState {
  private SteadyState() {}

  /**
   * How prompts are processed, and whether callers stay in step.
   *
   * @param stepTokens tokens of a step at most
   * @param promptSteps in which steps prompts are computed
   * @param inWaves all callers started together and stay in step; with prompts first each sequence
   *     then waits for half of the others' prompts on average, because the other half came before
   *     its own
   */
  record Discipline(int stepTokens, PromptSteps promptSteps, boolean inWaves) {}

  /** Seconds between two output tokens of a sequence. */
  static double tpotSeconds(
      StepModel model, Discipline discipline, double callers, double prompt, double output) {
    double context = prompt + output / 2;
    double decode = decodeStep(model, callers, context);
    int groups = model.placement().attentionGroups();
    double budget = (double) discipline.stepTokens() * groups;
    double chunk = Math.min(prompt, budget);
    double chunks = prompt / chunk;
    double pairs = prompt * model.attended(prompt / 2) * model.pair();
    double others = Math.max(0, callers - 1);
    double share = 1;
    boolean alone =
        switch (discipline.promptSteps()) {
          case MIXED -> false;
          case ALONE, ONE_ALONE -> true;
        };
    double prefill;
    if (alone) {
      double together = 1;
      if (discipline.inWaves()) {
        double most = Math.min(callers, discipline.promptSteps().most());
        together = Math.max(1, Math.min(most, Math.floor(budget / prompt)));
        others = Math.max(0, callers - together);
        share = 0.5;
      }
      double step = Math.min(budget, prompt * together);
      prefill = model.tokens(step) * prompt / step + model.sequence() * chunks + pairs;
    } else {
      double slower =
          (model.contextTokenMixed() - model.contextToken()) * callers * model.attended(context);
      prefill =
          (model.tokens(callers + chunk) - model.tokens(callers) + model.sequence() + slower)
                  * chunks
              + pairs;
    }
    return decode + prefill * share * others / output;
  }

  /** Seconds of one step in which so many sequences of that context each put out a token. */
  static double decodeStep(StepModel model, double sequences, double context) {
    return model.tokens(sequences)
        + model.contextToken() * sequences * model.attended(context)
        + model.sequence() * sequences;
  }
}
