package dev.homeward.measured;

/**
 * A call of a run that was measured call by call.
 *
 * @param sentSeconds since the run began
 * @param ttftSeconds from sending to the first token
 * @param e2eSeconds from sending to the last token
 */
public record MeasuredCall(
    double sentSeconds, int promptTokens, int outputTokens, double ttftSeconds, double e2eSeconds) {
  public MeasuredCall {
    if (!(sentSeconds >= 0) || !(ttftSeconds > 0) || !(e2eSeconds >= ttftSeconds)) {
      throw new IllegalArgumentException(
          "Invalid times: sent %s, first token after %s, last after %s"
              .formatted(sentSeconds, ttftSeconds, e2eSeconds));
    }
  }
}
