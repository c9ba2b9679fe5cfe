package dev.homeward.economics;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/**
 * One line of a monthly cost.
 *
 * @param name what it is for
 * @param paid when the money goes out
 * @param monthlyUsd forecast dollars a month; of what is paid at the start, its annuity
 * @param form how it comes about, as a format of the numbers
 * @param numbers what stands in the form; written out only when somebody reads the line, because a
 *     search for break-even asks for thousands of costs and reads none
 */
public record CostLine(
    String name, Paid paid, double monthlyUsd, String form, List<Object> numbers) {

  /** When the money of a line goes out. */
  public enum Paid {
    AT_START,
    MONTHLY
  }

  public CostLine {
    numbers = List.copyOf(numbers);
  }

  /** How the line comes about, in numbers that can be multiplied by hand to the cent. */
  public String arithmetic() {
    return String.format(Locale.ROOT, form, numbers.toArray());
  }

  /** A number as it stands in a file, without an exponent and without zeros at its end. */
  record Plain(double value) {
    @Override
    public String toString() {
      BigDecimal exact = BigDecimal.valueOf(value).stripTrailingZeros();
      return (exact.scale() < 0 ? exact.setScale(0) : exact).toPlainString();
    }
  }
}
