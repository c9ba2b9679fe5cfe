package dev.homeward.calibration;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Tape;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.measured.MeasuredCall;
import dev.homeward.units.TimeUnits;
import java.util.List;

/** Tapes of what benchmarks send. */
final class BenchTapes {
  private BenchTapes() {}

  /** The calls of a measured run, as they were sent. */
  static Tape of(List<MeasuredCall> calls) {
    Tape tape = empty(calls.size());
    for (int i = 0; i < tape.size; i++) {
      MeasuredCall call = calls.get(i);
      tape.startedAtMicros[i] = Math.round(call.sentSeconds() * TimeUnits.MICROS_PER_SECOND);
      tape.inputTokens[i] = call.promptTokens();
      tape.outputTokens[i] = call.outputTokens();
      tape.session[i] = CallDraft.ABSENT;
    }
    return tape;
  }

  /**
   * Callers that start together and each send their next call when the last is done. Lengths spread
   * evenly from {@code least} of the stated length to all of it, in an order that is the same
   * always.
   *
   * @param callsEach calls a caller
   */
  static Tape callers(int callers, int callsEach, double prompt, double output, double least) {
    Tape tape = empty(callers * callsEach);
    for (int i = 0; i < tape.size; i++) {
      // Calls of a session stand in order, one microsecond apart, each at once after the last.
      tape.startedAtMicros[i] = i / callers;
      tape.durationMicros[i] = 0;
      tape.session[i] = i % callers;
      tape.inputTokens[i] = length(prompt, least, i, 0.6180339887);
      tape.outputTokens[i] = length(output, least, i, 0.7548776662);
    }
    return tape;
  }

  // Multiples of an irrational number, modulo one, spread evenly in any order (Weyl).
  private static int length(double stated, double least, int i, double irrational) {
    double spread = (i + 0.5) * irrational % 1.0;
    return (int) Math.max(1, Math.round(stated * (least + (1 - least) * spread)));
  }

  private static Tape empty(int size) {
    Tape tape =
        new Tape(
            new WorkloadKey("benchmark", "-", "public"),
            size,
            new String[0],
            new String[0],
            new String[0]);
    for (int i = 0; i < size; i++) {
      tape.durationMicros[i] = CallDraft.ABSENT;
      tape.status[i] = (byte) CallStatus.SUCCESS.ordinal();
      tape.provider[i] = -1;
      tape.owner[i] = -1;
      tape.region[i] = -1;
    }
    return tape;
  }
}
