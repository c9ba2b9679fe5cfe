package dev.homeward.calls;

import dev.homeward.units.NanoUsd;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What buckets of a usage report say, added up. A sum with an unknown term is unknown.
 *
 * @param buckets how many buckets
 * @param calls calls in them; empty where one of them does not say
 * @param tokens likewise
 * @param cost likewise
 * @param makeable calls of those buckets that can be turned into calls, see {@link MadeCalls}
 * @param unmakeable buckets that cannot, though something was used
 * @param fromMicros start of the first bucket
 * @param toMicros end of the last one, exclusive
 */
public record Billed(
    long buckets,
    OptionalLong calls,
    Optional<TokenSums> tokens,
    Optional<NanoUsd> cost,
    long makeable,
    long unmakeable,
    long fromMicros,
    long toMicros) {

  /** One bucket. */
  public static Billed of(CallDraft bucket) {
    boolean makeable = MadeCalls.canBeMade(bucket);
    Optional<TokenSums> tokens = TokenSums.of(bucket);
    boolean idle = bucket.bucketCalls == 0 && tokens.map(TokenSums::total).orElse(0L) == 0;
    return new Billed(
        1,
        bucket.bucketCalls == CallDraft.ABSENT
            ? OptionalLong.empty()
            : OptionalLong.of(bucket.bucketCalls),
        tokens,
        bucket.loggedNanoUsd == CallDraft.ABSENT
            ? Optional.empty()
            : Optional.of(new NanoUsd(bucket.loggedNanoUsd)),
        makeable ? bucket.bucketCalls : 0,
        makeable || idle ? 0 : 1,
        bucket.startedAtMicros,
        Math.addExact(bucket.startedAtMicros, bucket.bucketMicros));
  }

  public Billed plus(Billed o) {
    return new Billed(
        buckets + o.buckets,
        calls.isPresent() && o.calls.isPresent()
            ? OptionalLong.of(Math.addExact(calls.getAsLong(), o.calls.getAsLong()))
            : OptionalLong.empty(),
        tokens.flatMap(t -> o.tokens.map(t::plus)),
        cost.flatMap(c -> o.cost.map(c::plus)),
        Math.addExact(makeable, o.makeable),
        unmakeable + o.unmakeable,
        Math.min(fromMicros, o.fromMicros),
        Math.max(toMicros, o.toMicros));
  }

  /** All tokens, or 0 where they are not known: for comparing, never for showing. */
  long knownTokens() {
    return tokens.map(TokenSums::total).orElse(0L);
  }
}
