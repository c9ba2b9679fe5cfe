package dev.homeward.calls;

import java.util.Optional;

/**
 * Tokens added up by kind. The kinds are disjoint as everywhere; reasoning is part of output.
 *
 * @param input uncached input
 */
public record TokenSums(
    long input, long cacheRead, long cacheWrite5m, long cacheWrite1h, long output, long reasoning) {
  public static final TokenSums ZERO = new TokenSums(0, 0, 0, 0, 0, 0);

  /**
   * The tokens of a call or a bucket; empty where it names no kind at all. Where it names some
   * kinds, those it does not name count as 0.
   */
  public static Optional<TokenSums> of(CallDraft draft) {
    TokenSums sums =
        new TokenSums(
            known(draft.inputTokens),
            known(draft.cacheReadTokens),
            known(draft.cacheWrite5mTokens),
            known(draft.cacheWrite1hTokens),
            known(draft.outputTokens),
            known(draft.reasoningTokens));
    boolean named =
        draft.inputTokens != CallDraft.ABSENT
            || draft.cacheReadTokens != CallDraft.ABSENT
            || draft.cacheWrite5mTokens != CallDraft.ABSENT
            || draft.cacheWrite1hTokens != CallDraft.ABSENT
            || draft.outputTokens != CallDraft.ABSENT;
    return named ? Optional.of(sums) : Optional.empty();
  }

  public TokenSums plus(TokenSums o) {
    return new TokenSums(
        Math.addExact(input, o.input),
        Math.addExact(cacheRead, o.cacheRead),
        Math.addExact(cacheWrite5m, o.cacheWrite5m),
        Math.addExact(cacheWrite1h, o.cacheWrite1h),
        Math.addExact(output, o.output),
        Math.addExact(reasoning, o.reasoning));
  }

  /** All input and all output. */
  public long total() {
    long in = Math.addExact(Math.addExact(input, cacheRead), cacheWrite5m);
    return Math.addExact(Math.addExact(in, cacheWrite1h), output);
  }

  private static long known(long tokens) {
    return tokens == CallDraft.ABSENT ? 0 : tokens;
  }
}
