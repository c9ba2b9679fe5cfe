package dev.homeward.calls;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What some calls take of the API, by line: enough to price them exactly under any price list whose
 * long-context limits the lines keep apart. Holds no money.
 */
public final class ApiUse implements Serializable {
  /** No call. */
  public static final ApiUse NONE = new ApiUse(new TreeMap<>());

  private static final long serialVersionUID = 1;

  private final TreeMap<ApiLine, Amount> byLine;

  /**
   * Calls and their tokens, disjoint kinds, as the log has them.
   *
   * @param input uncached input, sound among it
   * @param output output, sound among it
   * @param audioInput of {@code input}: sound
   * @param audioOutput of {@code output}: sound
   * @param webSearches searches of the web that the calls made
   */
  public record Amount(
      long calls,
      long input,
      long cacheRead,
      long cacheWrite5m,
      long cacheWrite1h,
      long output,
      long audioInput,
      long audioOutput,
      long webSearches)
      implements Serializable {

    /** Calls without sound and searches. */
    public Amount(
        long calls, long input, long cacheRead, long cacheWrite5m, long cacheWrite1h, long output) {
      this(calls, input, cacheRead, cacheWrite5m, cacheWrite1h, output, 0, 0, 0);
    }

    /**
     * Both together.
     *
     * @throws ArithmeticException if a sum does not fit into a long
     */
    public Amount plus(Amount o) {
      return new Amount(
          Math.addExact(calls, o.calls),
          Math.addExact(input, o.input),
          Math.addExact(cacheRead, o.cacheRead),
          Math.addExact(cacheWrite5m, o.cacheWrite5m),
          Math.addExact(cacheWrite1h, o.cacheWrite1h),
          Math.addExact(output, o.output),
          Math.addExact(audioInput, o.audioInput),
          Math.addExact(audioOutput, o.audioOutput),
          Math.addExact(webSearches, o.webSearches));
    }

    private Amount times(int times) {
      return new Amount(
          Math.multiplyExact(calls, times),
          Math.multiplyExact(input, times),
          Math.multiplyExact(cacheRead, times),
          Math.multiplyExact(cacheWrite5m, times),
          Math.multiplyExact(cacheWrite1h, times),
          Math.multiplyExact(output, times),
          Math.multiplyExact(audioInput, times),
          Math.multiplyExact(audioOutput, times),
          Math.multiplyExact(webSearches, times));
    }
  }

  private ApiUse(TreeMap<ApiLine, Amount> byLine) {
    this.byLine = byLine;
  }

  /** The use of these lines; those without a call are left out. */
  public static ApiUse of(Map<ApiLine, Amount> byLine) {
    TreeMap<ApiLine, Amount> used = new TreeMap<>(byLine);
    used.values().removeIf(amount -> amount.calls() == 0);
    return used.isEmpty() ? NONE : new ApiUse(used);
  }

  /** The use of these lines, of which some may be the same. */
  public static ApiUse of(List<Line> lines) {
    TreeMap<ApiLine, Amount> byLine = new TreeMap<>();
    lines.forEach(l -> byLine.merge(l.line(), l.amount(), Amount::plus));
    return of(byLine);
  }

  /** A line and what stands in it. */
  public record Line(ApiLine line, Amount amount) {}

  /** Its lines, in their order. */
  public List<Line> lines() {
    return byLine.entrySet().stream().map(e -> new Line(e.getKey(), e.getValue())).toList();
  }

  /** Both together. */
  public ApiUse plus(ApiUse other) {
    if (other.isNone()) {
      return this;
    }
    if (isNone()) {
      return other;
    }
    TreeMap<ApiLine, Amount> sum = new TreeMap<>(byLine);
    other.byLine.forEach((line, amount) -> sum.merge(line, amount, Amount::plus));
    return new ApiUse(sum);
  }

  /** The same, each call so many times; at least once. */
  public ApiUse times(int times) {
    TreeMap<ApiLine, Amount> product = new TreeMap<>(byLine);
    product.replaceAll((line, amount) -> amount.times(times));
    return isNone() || times == 1 ? this : new ApiUse(product);
  }

  /** Whether it is of no call. */
  public boolean isNone() {
    return byLine.isEmpty();
  }

  /** Its calls. */
  public long calls() {
    return byLine.values().stream().mapToLong(Amount::calls).sum();
  }

  /** By line, in the order of lines. */
  public SortedMap<ApiLine, Amount> byLine() {
    return Collections.unmodifiableSortedMap(byLine);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApiUse use && use.byLine.equals(byLine);
  }

  @Override
  public int hashCode() {
    return byLine.hashCode();
  }

  @Override
  public String toString() {
    return byLine.toString();
  }
}
