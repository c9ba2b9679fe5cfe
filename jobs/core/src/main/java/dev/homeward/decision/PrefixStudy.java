package dev.homeward.decision;

import dev.homeward.decision.VolumeStudy.Best;
import dev.homeward.economics.Assumptions;
import dev.homeward.economics.Spread;
import dev.homeward.replay.ReplayOptions.PrefixCache;
import dev.homeward.replay.ReplayResult;
import dev.homeward.replay.Sizing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How a deployment does where its engine finds less or more of the log's cached tokens than
 * expected, from replays at the ends of the range and at half of what is expected. Only where the
 * range is not what somebody said, and cached tokens are a part of the prompts that matters.
 */
final class PrefixStudy {
  /** Where cached tokens are a smaller part of prompts, no share of them is replayed. */
  private static final double LEAST_PART = 0.03;

  /** Beside today's volume, the shares are replayed at this one if the study has it. */
  private static final double MORE = 2;

  private final VolumeStudy study;
  private final Assumptions.Serving serving;
  private final ReplayResult today;
  private final ReplayResult.PrefixUse expected;
  private final PrefixCache half;

  /** Quantiles of the share as standard normal deviates, and what replays find there. */
  private final TreeMap<Double, PrefixCache> quantiles = new TreeMap<>();

  private final Map<Question, Optional<Best>> answers = new LinkedHashMap<>();

  private record Question(PrefixCache cache, double volume) {}

  private PrefixStudy(VolumeStudy study, Assumptions assumptions, ReplayResult today) {
    this.study = study;
    this.serving = assumptions.serving();
    this.today = today;
    this.expected = today.prefix().orElseThrow();
    this.half = PrefixCaches.half(serving);
    ask(-Spread.Z90);
    ask(Spread.Z90);
  }

  /** The study of a deployment; empty where its prefix cache is not uncertain. */
  private static Optional<PrefixStudy> of(VolumeStudy study, Assumptions assumptions) {
    boolean open =
        assumptions.serving().prefixCache().rule() == Assumptions.PrefixCache.Rule.REPLAYED;
    return study
        .today()
        .filter(r -> open && r.prefix().isPresent())
        .filter(r -> r.prefix().get().loggedTokens() > LEAST_PART * r.promptTokens())
        .map(r -> new PrefixStudy(study, assumptions, r));
  }

  /**
   * Replays what these studies need to know of prefix caches, and hands it to them.
   *
   * @param studies whose volumes are known; null where there is none
   */
  static void replay(List<VolumeStudy> studies, Assumptions assumptions, Replays replays) {
    List<PrefixStudy> open = new ArrayList<>();
    for (VolumeStudy study : studies) {
      of(study, assumptions).ifPresent(open::add);
    }
    while (true) {
      List<ReplayRequest> requests = new ArrayList<>();
      List<PrefixStudy> askedBy = new ArrayList<>();
      List<Question> asked = new ArrayList<>();
      for (PrefixStudy study : open) {
        for (Question question : study.wanted()) {
          requests.add(study.request(question, assumptions.serving().mostReplicas()));
          askedBy.add(study);
          asked.add(question);
        }
      }
      if (requests.isEmpty()) {
        break;
      }
      List<List<Sizing.ReplayedFleet>> answers = replays.of(requests);
      for (int i = 0; i < answers.size(); i++) {
        Question question = asked.get(i);
        PrefixStudy by = askedBy.get(i);
        by.answers.put(question, by.study.best(question.volume, answers.get(i)));
      }
    }
    open.forEach(s -> s.study.add(s.curves()));
  }

  private void ask(double z) {
    PrefixCache there = PrefixCaches.at(serving, z);
    if (differs(there)) {
      quantiles.put(z, there);
    }
  }

  // A share of calls in sessions says nothing where no call has one, and the other way round.
  private boolean differs(PrefixCache other) {
    PrefixCache as = PrefixCaches.expected(serving);
    return (expected.inSessionTokens() > 0 && other.inSession() != as.inSession())
        || (expected.inSessionTokens() < expected.loggedTokens() && other.share() != as.share());
  }

  // Where the low share is not served, the share in the middle tells where that begins.
  private List<Question> wanted() {
    Optional<Best> low = answers.get(new Question(quantiles.get(-Spread.Z90), 1));
    if (low != null && low.isEmpty()) {
      ask(-Spread.Z90 / 2);
    }
    List<Question> wanted = new ArrayList<>();
    for (PrefixCache cache : quantiles.values()) {
      want(wanted, new Question(cache, 1));
      if (study.has(MORE)) {
        want(wanted, new Question(cache, MORE));
      }
    }
    want(wanted, new Question(half, 1));
    return wanted;
  }

  private void want(List<Question> wanted, Question question) {
    if (!answers.containsKey(question)) {
      wanted.add(question);
    }
  }

  private ReplayRequest request(Question question, int mostReplicas) {
    return ReplayRequest.of(
            study.workload(),
            study.candidate(),
            question.volume * study.workload().volumeFactor(),
            mostReplicas)
        .with(question.cache);
  }

  private PrefixCurves curves() {
    List<PrefixCurves.Share> shares = new ArrayList<>();
    quantiles.forEach((z, cache) -> shares.add(share(z, cache)));
    return new PrefixCurves(today.promptTokens(), expected, shares, share(0, half));
  }

  private PrefixCurves.Share share(double z, PrefixCache cache) {
    Optional<Best> best = answers.get(new Question(cache, 1));
    if (best.isEmpty()) {
      return new PrefixCurves.Share(
          z, OptionalLong.empty(), OptionalInt.empty(), OptionalDouble.empty(), Optional.empty());
    }
    TreeMap<Double, VolumeCurve.Point> points = new TreeMap<>();
    for (double volume : new double[] {1, MORE}) {
      Optional<Best> there = answers.getOrDefault(new Question(cache, volume), Optional.empty());
      there.ifPresent(b -> points.put(volume, b.point()));
    }
    return new PrefixCurves.Share(
        z,
        OptionalLong.of(best.get().result().prefix().orElseThrow().foundTokens()),
        OptionalInt.of(best.get().point().boxes()),
        OptionalDouble.of(best.get().point().savingUsd()),
        study.curve(points, best.get().busyLoad()));
  }
}
