package dev.homeward.decision;

import dev.homeward.economics.Outlook;
import dev.homeward.economics.Spread;
import dev.homeward.replay.ReplayResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a deployment needs where its engine finds less or more in its prefix cache than expected,
 * from replays. Between two replayed shares boxes, busy hours and overflow lie on a line; beyond
 * the outermost they stay as there. Where one of the two does not serve as it must, nothing is
 * served from half way on: the boxes stand idle and every call is paid at the API.
 *
 * @param promptTokens of the calls that the replica takes
 * @param expected what the caches had in the replay that the decision rests on
 * @param shares less or more found, rising; without the expected one
 * @param half half as much found as expected
 */
public record PrefixCurves(
    long promptTokens, ReplayResult.PrefixUse expected, List<Share> shares, Share half) {
  public PrefixCurves {
    shares = List.copyOf(shares);
  }

  /**
   * One share of cached tokens.
   *
   * @param z which quantile it is, as a standard normal deviate
   * @param foundTokens of the log's cached tokens at today's volume; empty where nothing serves
   * @param boxes at today's volume; empty likewise
   * @param savingUsd a month; empty likewise
   * @param curve empty likewise
   */
  public record Share(
      double z,
      OptionalLong foundTokens,
      OptionalInt boxes,
      OptionalDouble savingUsd,
      Optional<VolumeCurve> curve) {}

  /** The share that is called low: one future in ten finds less. */
  public Optional<Share> low() {
    return shares.stream().filter(s -> s.z() == -Spread.Z90).findFirst();
  }

  /** The share that is called high. */
  public Optional<Share> high() {
    return shares.stream().filter(s -> s.z() == Spread.Z90).findFirst();
  }

  /** What is needed at a share, between the replayed ones. */
  Outlook.Fleet at(double z, VolumeCurve middle) {
    // The replayed shares around it, the expected one among them; beyond the outermost, that one.
    double below = Double.NEGATIVE_INFINITY;
    double above = Double.POSITIVE_INFINITY;
    Optional<VolumeCurve> less = Optional.empty();
    Optional<VolumeCurve> more = Optional.empty();
    for (Share share : with(middle)) {
      if (share.z() <= z) {
        below = share.z();
        less = share.curve();
      } else if (share.z() < above) {
        above = share.z();
        more = share.curve();
      }
    }
    double part =
        below == Double.NEGATIVE_INFINITY
            ? 1
            : above == Double.POSITIVE_INFINITY ? 0 : (z - below) / (above - below);
    if (less.isPresent() && more.isPresent()) {
      return new Between(less.get(), more.get(), part);
    }
    Optional<VolumeCurve> nearer = part < 0.5 ? less : more;
    return nearer.isPresent() ? nearer.get() : new Idle(middle);
  }

  private List<Share> with(VolumeCurve middle) {
    List<Share> all = new ArrayList<>(shares);
    all.add(
        new Share(
            0,
            OptionalLong.empty(),
            OptionalInt.empty(),
            OptionalDouble.empty(),
            Optional.of(middle)));
    all.sort(Comparator.comparingDouble(Share::z));
    return all;
  }

  private record Between(VolumeCurve less, VolumeCurve more, double part) implements Outlook.Fleet {
    private double on(double from, double to) {
      return from + part * (to - from);
    }

    @Override
    public int boxes(double load) {
      return (int) Math.ceil(on(less.boxes(load), more.boxes(load)) - 1e-9);
    }

    @Override
    public double busyBoxHours(double load) {
      return on(less.busyBoxHours(load), more.busyBoxHours(load));
    }

    @Override
    public double busyLoad() {
      return on(less.busyLoad(), more.busyLoad());
    }

    @Override
    public double upBoxHours(double load) {
      return on(less.upBoxHours(load), more.upBoxHours(load));
    }

    @Override
    public double overflowShare(double load) {
      return on(less.overflowShare(load), more.overflowShare(load));
    }
  }

  /** Boxes that were bought for more than they can do. */
  private record Idle(VolumeCurve bought) implements Outlook.Fleet {
    @Override
    public int boxes(double load) {
      return bought.boxes(load);
    }

    @Override
    public double busyBoxHours(double load) {
      return 0;
    }

    @Override
    public double busyLoad() {
      return 0;
    }

    @Override
    public double overflowShare(double load) {
      return 1;
    }
  }
}
