package dev.homeward.focus;

import dev.homeward.calls.BillingMode;
import dev.homeward.catalog.HostedModels;
import dev.homeward.catalog.Providers;
import dev.homeward.economics.ApiAgreement;
import dev.homeward.economics.ApiSubscription;
import dev.homeward.economics.Assumptions;
import dev.homeward.pricing.SpendOfDay;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What single charges cost once everything that is paid by the month is spread over them: volume
 * agreements over the metered calls of a provider, seats and units over the calls behind them. It
 * takes all calls first.
 *
 * <p>The log may be a sample of the month. A month's spend, on which an agreement's discount hangs,
 * is what was seen over the coverage; what is spread is the part of the month that was seen.
 */
final class FocusCosts {
  /** Amounts are rounded to this many decimals where they do not come out. */
  private static final int SCALE = FocusColumn.Type.COST.decimals();

  private record Payer(String host, BillingMode mode) implements Comparable<Payer> {
    private static final Comparator<Payer> ORDER =
        Comparator.comparing(Payer::host).thenComparing(Payer::mode);

    @Override
    public int compareTo(Payer other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * An agreement, and what of its commitment the month's use leaves to be paid.
   *
   * @param usd of the part of the month that was seen
   */
  record Shortfall(String host, BigDecimal usd) {}

  private final Map<Payer, BigDecimal> contracted = new TreeMap<>();
  private final Map<String, BigDecimal> factors = new TreeMap<>();
  private final Map<Payer, BigDecimal> fees = new TreeMap<>();
  private final List<Shortfall> shortfalls = new ArrayList<>();

  FocusCosts(
      List<SpendOfDay.OfWorkload> spend,
      HostedModels models,
      Assumptions.Api api,
      double coverage) {
    for (SpendOfDay.OfWorkload workload : spend) {
      for (SpendOfDay day : workload.days()) {
        Payer payer =
            new Payer(
                Sellers.host(day.place(), workload.key().hostedModel(), models), day.billingMode());
        for (SpendOfDay.Line line : day.lines()) {
          contracted.merge(payer, contracted(line), BigDecimal::add);
        }
      }
    }
    for (ApiAgreement agreement : api.apiAgreements()) {
      agree(agreement, coverage);
    }
    for (ApiSubscription seats : api.apiSubscriptions()) {
      Payer payer = payer(seats);
      fees.merge(payer, seats.monthlyUsd().multiply(BigDecimal.valueOf(coverage)), BigDecimal::add);
    }
  }

  private static Payer payer(ApiSubscription seats) {
    return new Payer(
        Providers.canonical(seats.provider()),
        seats.billingMode().equals(BillingMode.PROVISIONED.word())
            ? BillingMode.PROVISIONED
            : BillingMode.SUBSCRIPTION);
  }

  private void agree(ApiAgreement agreement, double coverage) {
    String host = Providers.canonical(agreement.provider());
    BigDecimal seen =
        contracted.getOrDefault(new Payer(host, BillingMode.METERED), BigDecimal.ZERO);
    double monthlyUsd = seen.doubleValue() / coverage;
    BigDecimal factor =
        BigDecimal.ONE.subtract(
            BigDecimal.valueOf(agreement.percentOff(monthlyUsd)).movePointLeft(2));
    factors.merge(host, factor, BigDecimal::multiply);
    BigDecimal unused =
        BigDecimal.valueOf(agreement.billedUsd(monthlyUsd))
            .multiply(BigDecimal.valueOf(coverage))
            .subtract(seen.multiply(factor))
            .setScale(2, RoundingMode.HALF_EVEN);
    if (unused.signum() > 0) {
      shortfalls.add(new Shortfall(host, unused));
    }
  }

  /** Units times the list price. */
  static BigDecimal list(SpendOfDay.Line line) {
    return cost(line.kind(), line.units(), line.listMicroUsd());
  }

  /** Units times the price after the organisation's discount. */
  static BigDecimal contracted(SpendOfDay.Line line) {
    return cost(line.kind(), line.units(), line.microUsd());
  }

  private static BigDecimal cost(String kind, long units, long microUsd) {
    Meter meter = Meter.of(kind);
    return meter.quantity(units).multiply(meter.price(microUsd));
  }

  /** What an invoice has for a charge: nothing where seats or units pay for it. */
  BigDecimal billed(SpendOfDay.Line line, String host, BillingMode mode) {
    return mode == BillingMode.METERED ? metered(line, host) : BigDecimal.ZERO;
  }

  /** What a charge costs with its part of what is paid by the month. */
  BigDecimal effective(SpendOfDay.Line line, String host, BillingMode mode) {
    if (mode == BillingMode.METERED) {
      return metered(line, host);
    }
    Payer payer = new Payer(host, mode);
    BigDecimal all = contracted.get(payer);
    if (!fees.containsKey(payer) || all.signum() == 0) {
      return BigDecimal.ZERO;
    }
    return fees.get(payer).multiply(contracted(line)).divide(all, SCALE, RoundingMode.HALF_EVEN);
  }

  private BigDecimal metered(SpendOfDay.Line line, String host) {
    BigDecimal contracted = contracted(line);
    BigDecimal factor = factors.get(host);
    return factor == null
        ? contracted
        : contracted.multiply(factor).setScale(SCALE, RoundingMode.HALF_EVEN);
  }

  /** How the figures of calls that are paid for so came about. */
  CostBasis basis(String host, BillingMode mode) {
    if (mode == BillingMode.METERED) {
      return CostBasis.ESTIMATED;
    }
    return fees.containsKey(new Payer(host, mode)) ? CostBasis.ALLOCATED : CostBasis.UNKNOWN;
  }

  /** What agreements leave to be paid besides. */
  List<Shortfall> shortfalls() {
    return shortfalls;
  }

  /** How far a cost is to be trusted: the words of the column x_CostBasis. */
  enum CostBasis {
    /** Logged tokens times the price book, less discounts: no invoice was read. */
    ESTIMATED("Estimated"),
    /** Of seats or units: their stated price, as the assumptions have it. */
    STATED("Stated"),
    /** Part of a stated price, by what the calls would have cost by the token. */
    ALLOCATED("Allocated"),
    /** Behind seats or units whose price nobody stated: billed nothing, effective cost unknown. */
    UNKNOWN("Unknown");

    private final String word;

    CostBasis(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }
}
