package dev.homeward.pricing;

import dev.homeward.calls.ApiLine;
import java.math.BigInteger;
import java.util.List;

/** What a price list says of some use of the API. */
public sealed interface ApiQuote {
  /** Of no use: $0. */
  ApiQuote NOTHING = new Known(BigInteger.ZERO);

  /**
   * It has a price for all of it.
   *
   * @param picoUsd exact, a millionth of a micro-dollar
   */
  record Known(BigInteger picoUsd) implements ApiQuote {
    private static final double PICOS_PER_USD = 1e12;

    public double usd() {
      return picoUsd.doubleValue() / PICOS_PER_USD;
    }
  }

  /**
   * It has no price for some of it, so that nobody can say what it costs.
   *
   * @param lines without a price; at least one
   */
  record Unpriced(List<ApiLine> lines) implements ApiQuote {}

  /**
   * It has a long-context limit that the lines do not keep apart: calls below and above it are
   * added up in one. Whoever has the calls can add them up anew under {@link Pricer#billed}.
   *
   * @param lines that hold calls of both sides; at least one
   */
  record Undivided(List<ApiLine> lines) implements ApiQuote {}
}
