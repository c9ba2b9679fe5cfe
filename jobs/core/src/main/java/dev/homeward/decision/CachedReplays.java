package dev.homeward.decision;

import dev.homeward.catalog.Accelerator;
import dev.homeward.catalog.Acquisition;
import dev.homeward.pricing.PricedLine;
import dev.homeward.replay.ReplaySettings;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Remembers what was replayed, so that nothing is replayed twice: within a review, and in a what-if
 * upon it. An answer is known again by what it depends on: workloads, volume, service levels,
 * settings, and of the deployment everything but money. What overflowing calls cost depends on
 * prices too.
 */
public final class CachedReplays implements Replays {
  private final Replays source;
  private final String settings;
  private final Map<String, Entry> known = new LinkedHashMap<>();
  private final Map<Object, String> texts = new IdentityHashMap<>();
  private long asked;
  private long replayed;

  /**
   * @param source answers what is not known
   */
  public CachedReplays(Replays source, ReplaySettings settings) {
    this.source = source;
    this.settings = settings.toString();
  }

  /**
   * What was replayed.
   *
   * @param fingerprint of everything but prices
   * @param prices fingerprint of the prices of the calls
   * @param request what was asked, for people; null where it comes from a file
   */
  public record Entry(
      String fingerprint, String prices, ReplayRequest request, List<Sizing.Alternative> fleets) {}

  /** Makes an answer known. */
  public void add(Entry entry) {
    known.put(entry.fingerprint(), entry);
  }

  /** All that is known, in the order in which it became so. */
  public List<Entry> entries() {
    return List.copyOf(known.values());
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
  public List<List<Sizing.Alternative>> of(List<ReplayRequest> requests) {
    List<String> prints = new ArrayList<>();
    List<ReplayRequest> missing = new ArrayList<>();
    Map<String, Integer> at = new HashMap<>();
    for (ReplayRequest request : requests) {
      String print = fingerprint(request);
      prints.add(print);
      Entry entry = known.get(print);
      if ((entry == null || !holds(entry, request)) && !at.containsKey(print)) {
        at.put(print, missing.size());
        missing.add(request);
      }
    }
    asked += requests.size();
    replayed += missing.size();
    if (!missing.isEmpty()) {
      List<List<Sizing.Alternative>> answers = source.of(missing);
      at.forEach((print, i) -> known.remove(print));
      for (ReplayRequest request : missing) {
        String print = fingerprint(request);
        known.put(print, new Entry(print, prices(request), request, answers.get(at.get(print))));
      }
    }
    List<List<Sizing.Alternative>> answers = new ArrayList<>();
    for (String print : prints) {
      answers.add(known.get(print).fleets());
    }
    return answers;
  }

  private static boolean holds(Entry entry, ReplayRequest request) {
    return entry.fleets().stream().allMatch(f -> f.result().overflowWeight() == 0)
        || entry.prices().equals(prices(request));
  }

  // The prices of each workload's calls: what their weights are made of.
  private static String prices(ReplayRequest request) {
    TreeSet<String> prices = new TreeSet<>();
    for (WorkloadCase workload : request.workloads()) {
      for (PricedLine line : workload.spend().forecastLines()) {
        prices.add(
            line.row().provider()
                + line.row().hostedModel()
                + line.row().tier()
                + line.row().longContextTokens()
                + line.longContext()
                + line.kind()
                + line.microUsdPerMillion());
      }
    }
    return Long.toHexString(hash(prices.toString()));
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
    text.append(request.volume())
        .append('x')
        .append(request.mostReplicas())
        .append(request.overflowAllowed())
        .append(settings)
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
              return Long.toHexString(
                  hash(
                      x.id()
                          + x.scheduler()
                          + x.small()
                          + x.large()
                          + x.largeMemoryGb().value()
                          + x.notLarge()
                          + x.memoryShare().value()
                          + x.shareOfFree()
                          + x.reserveGb().value()
                          + x.blockTokens()
                          + x.reservesOutput()
                          + x.keepAliveSeconds().map(f -> f.value())
                          + x.initSeconds().map(f -> f.value())
                          + x.maxQueue()));
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
