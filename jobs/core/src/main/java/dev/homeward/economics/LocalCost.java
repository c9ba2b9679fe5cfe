package dev.homeward.economics;

import dev.homeward.catalog.HardwareProfile;
import dev.homeward.economics.Cost.CostRate;
import dev.homeward.economics.CostLine.Paid;
import dev.homeward.economics.Per.Quantities;
import java.util.ArrayList;
import java.util.List;

/**
 * Monthly cost of owning or renting a fleet, line by line: the table of {@link Cost} written out.
 *
 * @param boxes boxes paid for, the spare one included
 * @param lines what is paid a month; purchase and set-up as annuities
 * @param initialUsd paid at the start: purchase and set-up
 * @param residualUsd what the boxes fetch at the end of the horizon
 * @param runningUsd a month without purchase and set-up
 * @param energyKwh a month, at the plug of the boxes
 */
public record LocalCost(
    int boxes,
    List<CostLine> lines,
    double initialUsd,
    double residualUsd,
    double runningUsd,
    double energyKwh) {

  public LocalCost {
    lines = List.copyOf(lines);
  }

  /** Sum of the lines. */
  public double monthlyUsd() {
    return lines.stream().mapToDouble(CostLine::monthlyUsd).sum();
  }

  /** What a fleet costs. */
  public static LocalCost of(Assumptions a, HardwareProfile box, FleetUse use) {
    Terms terms = new Terms(a, box, use);
    Quantities quantities = terms.quantities();
    List<CostLine> lines = new ArrayList<>();
    double initial = 0;
    double residual = 0;
    for (Cost cost : Cost.values()) {
      List<CostRate> rates = cost.rates(terms);
      if (rates.isEmpty()) {
        continue;
      }
      lines.add(cost.line(terms, rates));
      for (CostRate rate : rates) {
        initial += quantities.of(rate.per()) * rate.initialUsd();
        residual += quantities.of(rate.per()) * rate.residualUsd();
      }
    }
    double running =
        lines.stream()
            .filter(line -> line.paid() == Paid.MONTHLY)
            .mapToDouble(CostLine::monthlyUsd)
            .sum();
    return new LocalCost(
        terms.boxes(), lines, initial, residual, running, terms.idleKwh() + quantities.busyKwh());
  }
}
