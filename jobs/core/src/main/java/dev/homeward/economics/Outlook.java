package dev.homeward.economics;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.Well19937c;

/**
 * The saving over the horizon in an uncertain future: quantiles of the mean monthly saving, by
 * quasi-Monte-Carlo over growth, API prices, step times, token counts, people, electricity, what
 * the box costs and prefix caches. The money is computed anew at every point, the replay is not:
 * {@link Fleet} says what a load needs.
 *
 * @param p10Usd one future in ten is worse
 * @param probabilitySaves share of futures whose mean saving is above zero
 * @param varianceShares share of the variance that goes with each input alone; the rest is their
 *     interplay
 */
public record Outlook(
    double p10Usd,
    double p50Usd,
    double p90Usd,
    double probabilitySaves,
    Map<Input, Double> varianceShares) {

  /** The uncertain inputs. */
  public enum Input {
    GROWTH("growth of the volume"),
    API_PRICE("what APIs will charge"),
    STEP_TIME("how fast the box really is"),
    TOKENS("tokens of the local model"),
    PEOPLE("hours of upkeep and incidents"),
    TARIFF("what electricity will cost"),
    BOX_PRICE("what the box or its rent really costs"),
    PREFIX_CACHE("what share of cached prompts the local engine finds again");

    private final String sentence;

    Input(String sentence) {
      this.sentence = sentence;
    }

    /** For people. */
    public String sentence() {
      return sentence;
    }
  }

  /** What a fleet needs to carry a load. */
  public interface Fleet {
    /** Boxes for a load, as a multiple of today's. */
    int boxes(double load);

    /** Busy box-hours a month at that load. */
    double busyBoxHours(double load);

    /** Share of the way from idle to busy watts. */
    double busyLoad();

    /** Box-hours a month at that load that boxes are up which are started and stopped. */
    default double upBoxHours(double load) {
      return 0;
    }

    /** Share of the API's cost of the calls that is paid because they overflow. */
    double overflowShare(double load);

    /**
     * The same where the engine finds more or less in its prefix cache.
     *
     * @param z a standard normal deviate: 0 as expected, below it less
     */
    default Fleet withPrefixCache(double z) {
      return this;
    }
  }

  /**
   * A workload as the outlook sees it.
   *
   * @param apiUsd a month at the API, today's volume and announced prices
   * @param agreementUsd what agreements change of the saving, likewise
   * @param keepsBoxes whether boxes stay when the load falls: bought or owned
   * @param growth of the logarithm of the volume, a month
   * @param stepTime factor on step times, as its logarithm
   * @param workloads that share the fleet
   * @param organisations 1 where it bears what all fleets share, else 0
   */
  public record Subject(
      double apiUsd,
      double agreementUsd,
      FleetRates rates,
      Fleet fleet,
      boolean keepsBoxes,
      Spread growth,
      Spread stepTime,
      int workloads,
      int organisations) {

    /** Of one workload. */
    public Subject(
        double apiUsd,
        double agreementUsd,
        FleetRates rates,
        Fleet fleet,
        boolean keepsBoxes,
        Spread growth,
        Spread stepTime) {
      this(apiUsd, agreementUsd, rates, fleet, keepsBoxes, growth, stepTime, 1, 0);
    }

    /** The same with so many workloads. */
    public Subject of(int number) {
      return new Subject(
          apiUsd, agreementUsd, rates, fleet, keepsBoxes, growth, stepTime, number, organisations);
    }
  }

  /** Points of the future, made once for a set of assumptions. */
  public static final class Points {
    private final Assumptions assumptions;
    private final double[][] normals;

    /** Points by rising deviate, for each input. */
    private final int[][] order;

    private final int steps;

    public Points(Assumptions assumptions) {
      this.assumptions = assumptions;
      this.normals =
          ShiftedSobol.normals(
              Input.values().length, assumptions.future().samples(), assumptions.future().seed());
      this.order = new int[normals.length][];
      for (int d = 0; d < normals.length; d++) {
        double[] z = normals[d];
        order[d] =
            IntStream.range(0, z.length)
                .boxed()
                .sorted((a, b) -> Double.compare(z[a], z[b]))
                .mapToInt(Integer::intValue)
                .toArray();
      }
      this.steps = Math.min(MOST_STEPS, assumptions.finance().horizonMonths());
    }

    /** The mean monthly saving of a subject at each point, in the order of the points. */
    public double[] savings(Subject subject) {
      return savings(subject, demand().add(1, subject.apiUsd(), subject.growth(), growth()));
    }

    /** The same where its volume is the sum of parts that grow each in its own way. */
    public double[] savings(Subject subject, Demand demand) {
      double[] savings = new double[assumptions.future().samples()];
      double[] months = new double[steps];
      int[] boxes = new int[steps];
      for (int i = 0; i < savings.length; i++) {
        months(subject, deviates(i), demand.load[i], demand.apiUsd[i], months, boxes);
        savings[i] = mean(months);
      }
      return savings;
    }

    /**
     * The cash of a subject at each point: first what is paid at the start, then what each step of
     * the horizon brings less what is bought in it, last what the boxes fetch.
     */
    public double[][] cash(Subject subject, Demand demand) {
      double[][] cash = new double[assumptions.future().samples()][steps + 2];
      double[] months = new double[steps];
      int[] boxes = new int[steps];
      FleetRates rates = subject.rates();
      double monthsPerStep = (double) assumptions.finance().horizonMonths() / steps;
      for (int i = 0; i < cash.length; i++) {
        months(subject, deviates(i), demand.load[i], demand.apiUsd[i], months, boxes);
        double paid = rates.initialUsd(boxes[0], subject.workloads(), subject.organisations());
        cash[i][0] = -paid;
        for (int step = 0; step < steps; step++) {
          double annuity =
              rates.annuityUsd(boxes[step], subject.workloads(), subject.organisations());
          // Boxes that are bought later; those that go fetch nothing.
          double more =
              Math.max(
                  0,
                  rates.initialUsd(boxes[step], subject.workloads(), subject.organisations())
                      - paid);
          paid += more;
          cash[i][step + 1] = (months[step] + annuity) * monthsPerStep - more;
        }
        cash[i][steps + 1] = rates.residualUsd(boxes[steps - 1], subject.workloads());
      }
      return cash;
    }

    /** Months of the horizon up to the end of each step. */
    public double[] stepEnds() {
      double[] ends = new double[steps];
      for (int step = 0; step < steps; step++) {
        ends[step] = (step + 1.0) * assumptions.finance().horizonMonths() / steps;
      }
      return ends;
    }

    /** Deviates of the input growth at each point. */
    public double[] growth() {
      return normals[Input.GROWTH.ordinal()];
    }

    /** Deviates at each point for the growth of something else, by its name. */
    public double[] growth(String name) {
      Well19937c random = new Well19937c(assumptions.future().seed() * 31 + name.hashCode());
      double[] deviates = new double[assumptions.future().samples()];
      for (int i = 0; i < deviates.length; i++) {
        deviates[i] = random.nextGaussian();
      }
      return deviates;
    }

    private double[] deviates(int point) {
      double[] z = new double[normals.length];
      for (int d = 0; d < z.length; d++) {
        z[d] = normals[d][point];
      }
      return z;
    }

    /** No demand yet. */
    public Demand demand() {
      return new Demand();
    }

    /** What is asked of a fleet at each point, over the horizon. */
    public final class Demand {
      /** By point and step: multiple of the load of today's volumes together. */
      private final double[][] load = new double[assumptions.future().samples()][steps];

      /** By point and step: dollars a month at the API, at today's prices. */
      private final double[][] apiUsd = new double[assumptions.future().samples()][steps];

      private Demand() {}

      /**
       * Adds a workload.
       *
       * @param loadShare its share of the load of today's volumes
       * @param api dollars a month at the API, today's volume and prices
       * @param growth of the logarithm of its volume, a month
       * @param deviates of that growth, at each point
       */
      public Demand add(double loadShare, double api, Spread growth, double[] deviates) {
        for (int i = 0; i < deviates.length; i++) {
          double perMonth = perMonth(growth, deviates[i]);
          for (int step = 0; step < steps; step++) {
            double volume = volume(perMonth, month(step));
            load[i][step] += loadShare * volume;
            apiUsd[i][step] += api * volume;
          }
        }
        return this;
      }
    }

    /** The outlook of a subject. */
    public Outlook outlook(Subject subject) {
      return outlook(savings(subject));
    }

    /** The outlook from the savings at the points. */
    public Outlook outlook(double[] savings) {
      double[] sorted = savings.clone();
      Arrays.sort(sorted);
      long positive = Arrays.stream(savings).filter(s -> s > 0).count();
      return new Outlook(
          quantile(sorted, 0.1),
          quantile(sorted, 0.5),
          quantile(sorted, 0.9),
          (double) positive / savings.length,
          shares(savings));
    }

    /**
     * The mean monthly saving over the horizon in one future.
     *
     * @param z a standard normal deviate for each {@link Input}
     */
    double saving(Subject s, double[] z) {
      double perMonth = perMonth(s.growth(), z[Input.GROWTH.ordinal()]);
      double[] load = new double[steps];
      double[] api = new double[steps];
      for (int step = 0; step < steps; step++) {
        load[step] = volume(perMonth, month(step));
        api[step] = s.apiUsd() * load[step];
      }
      double[] months = new double[steps];
      months(s, z, load, api, months, new int[steps]);
      return mean(months);
    }

    private static double mean(double[] months) {
      double sum = 0;
      for (double month : months) {
        sum += month;
      }
      return sum / months.length;
    }

    private double perMonth(Spread growth, double z) {
      double most = Math.log1p(assumptions.future().mostGrowthPerMonth());
      return Math.max(-most, Math.min(most, growth.at(z)));
    }

    private double volume(double perMonth, double month) {
      double halving = Math.log(2) / assumptions.future().growthHalvesAfterMonths();
      return Math.exp(perMonth * (1 - Math.exp(-halving * month)) / halving);
    }

    private double month(int step) {
      return (step + 0.5) * assumptions.finance().horizonMonths() / steps;
    }

    // The saving in the middle of each step, and the boxes that serve then.
    private void months(
        Subject s, double[] z, double[] loads, double[] apis, double[] savings, int[] boxesAt) {
      Assumptions.Future future = assumptions.future();
      double priceLog =
          Math.log1p(
              Math.max(-0.95, future.apiPriceChangePerYear().at(z[Input.API_PRICE.ordinal()])));
      double slower = Math.exp(s.stepTime().at(z[Input.STEP_TIME.ordinal()]));
      double tokens = Math.max(0.05, future.tokenFactor().at(z[Input.TOKENS.ordinal()]));
      double people = Math.max(0, future.peopleFactor().at(z[Input.PEOPLE.ordinal()]));
      double tariff = Math.max(0, future.tariffFactor().at(z[Input.TARIFF.ordinal()]));
      double boxPrice = Math.max(0, s.rates().boxPriceFactor().at(z[Input.BOX_PRICE.ordinal()]));
      Fleet fleet = s.fleet().withPrefixCache(z[Input.PREFIX_CACHE.ordinal()]);
      FleetRates.FutureRates rates = s.rates().in(people, tariff, boxPrice);
      int boxes = 0;
      for (int step = 0; step < steps; step++) {
        double load = loads[step] * slower * tokens;
        double api = apis[step] * Math.exp(priceLog * month(step) / 12);
        int needed = fleet.boxes(load);
        boxes = s.keepsBoxes() ? Math.max(boxes, needed) : needed;
        double local =
            rates.monthlyUsd(
                boxes,
                fleet.busyBoxHours(load),
                fleet.busyLoad(),
                fleet.upBoxHours(load),
                s.workloads(),
                api,
                s.organisations());
        double agreements = s.apiUsd() == 0 ? 0 : s.agreementUsd() * api / s.apiUsd();
        savings[step] = api * (1 - fleet.overflowShare(load)) - local + agreements;
        boxesAt[step] = boxes;
      }
    }

    // Variance of the means of equal slices of an input over the whole variance, less what slices
    // of pure noise would show.
    private Map<Input, Double> shares(double[] savings) {
      Map<Input, Double> shares = new EnumMap<>(Input.class);
      double mean = Arrays.stream(savings).average().orElse(0);
      double total = Arrays.stream(savings).map(s -> (s - mean) * (s - mean)).sum();
      for (Input input : Input.values()) {
        int[] rising = order[input.ordinal()];
        double between = 0;
        int size = savings.length / SLICES;
        for (int slice = 0; slice < SLICES; slice++) {
          double sum = 0;
          for (int i = slice * size; i < (slice + 1) * size; i++) {
            sum += savings[rising[i]];
          }
          between += size * (sum / size - mean) * (sum / size - mean);
        }
        double share = total == 0 ? 0 : between / total;
        double noise = (double) (SLICES - 1) / (savings.length - 1);
        shares.put(input, Math.max(0, (share - noise) / (1 - noise)));
      }
      return shares;
    }
  }

  private static final int MOST_STEPS = 12;
  private static final int SLICES = 16;

  /** The input that most of the variance goes with; null if nothing varies. */
  public Input mostImportant() {
    Input most = null;
    for (Map.Entry<Input, Double> e : varianceShares.entrySet()) {
      if (e.getValue() > 0 && (most == null || e.getValue() > varianceShares.get(most))) {
        most = e.getKey();
      }
    }
    return most;
  }

  /** A quantile of sorted figures: the least that a share of them does not exceed. */
  public static double quantile(double[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }
}
