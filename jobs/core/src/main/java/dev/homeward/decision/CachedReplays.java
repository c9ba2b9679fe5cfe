package dev.homeward.decision;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Acquisition;
import dev.homeward.catalog.Engine;
import dev.homeward.pricing.ApiQuote;
import dev.homeward.pricing.Pricer;
import dev.homeward.replay.ReplayOptions;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Remembers what was replayed, so that nothing is replayed twice: within a review, and in a what-if
 * upon it. An answer is known again by what it depends on: workloads, volume, service levels,
 * settings, and of the deployment everything but money. It holds no prices: what goes to the API is
 * known by line of the bill.
 */
public final class CachedReplays implements Replays {
  private final Replays source;
  private final Pricer pricer;
  private final String settings;

  /** By fingerprint, then by the most replicas that were tried. */
  private final Map<String, TreeMap<Integer, Entry>> known = new LinkedHashMap<>();

  private final IdentityHashMap<Object, String> texts = new IdentityHashMap<>();
  private long asked;
  private long replayed;

  /**
   * @param source answers what is not known
   * @param pricer by whose price list the answers will be weighed
   */
  public CachedReplays(Replays source, ReplaySettings settings, Pricer pricer) {
    this.pricer = pricer;
    this.source = source;
    this.settings = settings.toString();
  }

  /**
   * What was replayed.
   *
   * @param fingerprint of everything but the most replicas
   * @param mostReplicas that were tried
   * @param request what was asked, for people; null where it comes from a file
   */
  public record Entry(
      String fingerprint,
      int mostReplicas,
      ReplayRequest request,
      List<Sizing.ReplayedFleet> fleets) {}

  /** Makes an answer known. */
  public void add(Entry entry) {
    known
        .computeIfAbsent(entry.fingerprint(), f -> new TreeMap<>())
        .put(entry.mostReplicas(), entry);
  }

  /** All that is known, by question in the order in which it came. */
  public List<Entry> entries() {
    return known.values().stream().flatMap(e -> e.values().stream()).toList();
  }

  /** Questions that came. */
  public long asked() {
    return asked;
  }

  /** Of those, the ones that had to be replayed. */
  public long replayed() {
    return replayed;
  }

  @Override
  public List<List<Sizing.ReplayedFleet>> of(List<ReplayRequest> requests) {
    List<String> prints = new ArrayList<>();
    List<ReplayRequest> missing = new ArrayList<>();
    Set<String> asking = new HashSet<>();
    for (ReplayRequest request : requests) {
      String print = fingerprint(request);
      prints.add(print);
      if (answer(print, request).isEmpty() && asking.add(print + request.mostReplicas())) {
        missing.add(request);
      }
    }
    asked += requests.size();
    replayed += missing.size();
    add(missing, missing.isEmpty() ? List.of() : source.of(missing));
    List<List<Sizing.ReplayedFleet>> answers = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      answers.add(answer(prints.get(i), requests.get(i)).orElseThrow());
    }
    return answers;
  }

  private void add(List<ReplayRequest> requests, List<List<Sizing.ReplayedFleet>> answers) {
    for (int i = 0; i < requests.size(); i++) {
      ReplayRequest request = requests.get(i);
      add(new Entry(fingerprint(request), request.mostReplicas(), request, answers.get(i)));
    }
  }

  // The answer to a question with another bound tells this one too: one that found a fleet without
  // overflow would find no other if it tried more; and of one that tried more, the fleets within
  // this bound are the answer, be there any or none.
  private Optional<List<Sizing.ReplayedFleet>> answer(String print, ReplayRequest request) {
    TreeMap<Integer, Entry> byBound = known.get(print);
    if (byBound == null) {
      return Optional.empty();
    }
    int most = request.mostReplicas();
    Entry exact = byBound.get(most);
    if (exact != null && holds(exact)) {
      return Optional.of(exact.fleets());
    }
    for (Entry less : byBound.headMap(most).values()) {
      if (holds(less)
          && less.fleets().stream()
              .anyMatch(
                  f ->
                      f.result().meetsServiceLevel()
                          && f.options().inFlightCap() == ReplayOptions.NO_CAP)) {
        return Optional.of(less.fleets());
      }
    }
    for (Entry more : byBound.tailMap(most, false).values()) {
      if (holds(more)) {
        return Optional.of(
            more.fleets().stream()
                .filter(f -> f.options().replicas() <= most || !f.result().meetsServiceLevel())
                .toList());
      }
    }
    return Optional.empty();
  }

  // What went to the API is known by line, whatever the prices: but a price list may have a
  // long-context limit that these lines do not keep apart.
  private boolean holds(Entry entry) {
    return entry.fleets().stream()
        .noneMatch(f -> pricer.quote(f.result().apiUse()) instanceof ApiQuote.Undivided);
  }

  private String fingerprint(ReplayRequest request) {
    StringBuilder text = new StringBuilder(512);
    for (WorkloadCase workload : request.workloads()) {
      text.append(workload.key())
          .append(workload.profile().calls())
          .append(workload.serviceLevel())
          .append(workload.profile().maxContext())
          .append('\n');
    }
    Deployment d = request.deployment();
    Accelerator accelerator = d.hardware().accelerator();
    Acquisition acquisition = d.hardware().acquisition();
    if (request.leastReplicas() > 1) {
      text.append("from ").append(request.leastReplicas());
    }
    text.append(request.volume())
        .append(request.overflowAllowed())
        .append(settings)
        .append(request.prefixCache().map(ReplayOptions.PrefixCache::toString).orElse(""))
        .append(text(d.model()))
        .append(text(d.quantization()))
        .append(engine(d))
        .append(text(accelerator))
        .append(d.hardware().acceleratorCount())
        .append(d.hardware().usableMemoryShare().value())
        .append(d.hardware().loadGbPerSecond().value())
        .append(acquisition.hoursPerDay())
        .append('+')
        .append(acquisition.startHour())
        .append(
            acquisition.startedAndStopped()
                ? "r" + acquisition.releaseAfterMinutes() + "s" + acquisition.startMinutes()
                : "")
        .append(d.acceleratorsPerReplica())
        .append(d.kvCache());
    String all = text.toString();
    return Long.toHexString(hash(all)) + Long.toHexString(hash(all + "2"));
  }

  private String text(Object record) {
    return texts.computeIfAbsent(record, r -> Long.toHexString(hash(r.toString())));
  }

  // The engine with its efficiency on this chip only: those on others do not matter.
  private String engine(Deployment d) {
    return text(d.engine().efficiencyOn(d.hardware().accelerator()).orElseThrow())
        + texts.computeIfAbsent(
            d.engine(),
            e -> {
              var x = d.engine();
              var scheduling = x.scheduling();
              return Long.toHexString(
                  hash(
                      x.id()
                          + scheduling.scheduler()
                          + x.stepLimits().small()
                          + x.stepLimits().large()
                          + x.stepLimits().largeMemoryGb().value()
                          + x.stepLimits().notLarge()
                          + x.memory().share().value()
                          + (x.memory().of() == Engine.ShareOf.FREE)
                          + x.memory().reserveGb().value()
                          + scheduling.match(SchedulingText.INSTANCE)));
            });
  }

  // FNV-1a over the characters, then mixed: two of them make 128 bits.
  private static long hash(String text) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * 0x100000001b3L;
    }
    h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
    return h ^ (h >>> 31);
  }
}
