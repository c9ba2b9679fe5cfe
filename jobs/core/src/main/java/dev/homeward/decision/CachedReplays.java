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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

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

  /** Of a branch, what it was taken from. */
  private final Optional<CachedReplays> trunk;

  /** By fingerprint, then by the most replicas that were tried. */
  private final Map<String, TreeMap<Integer, Entry>> known = new LinkedHashMap<>();

  private final IdentityHashMap<Object, String> texts = new IdentityHashMap<>();

  /** What branches asked for, by question and bound; each is replayed once. */
  private final Map<String, CompletableFuture<List<Sizing.ReplayedFleet>>> once =
      new ConcurrentHashMap<>();

  private long asked;
  private long replayed;

  /**
   * @param source answers what is not known
   * @param pricer by whose price list the answers will be weighed
   */
  public CachedReplays(Replays source, ReplaySettings settings, Pricer pricer) {
    this(source, settings.toString(), pricer, Optional.empty());
  }

  private CachedReplays(
      Replays source, String settings, Pricer pricer, Optional<CachedReplays> trunk) {
    this.pricer = pricer;
    this.source = source;
    this.settings = settings;
    this.trunk = trunk;
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

  /**
   * The same knowledge for one thread of several. What a branch learns it keeps to itself until
   * {@link #join}, so that its answers do not depend on what others ask meanwhile; but what two of
   * them ask is replayed once.
   */
  public CachedReplays branch() {
    CachedReplays branch = new CachedReplays(source, settings, pricer, Optional.of(this));
    known.forEach((print, byBound) -> branch.known.put(print, new TreeMap<>(byBound)));
    return branch;
  }

  /**
   * Makes known what a branch learned. What is known in the end depends on the order in which
   * branches are joined, not on the order in which they asked.
   */
  public void join(CachedReplays branch) {
    branch.entries().forEach(this::add);
    asked += branch.asked;
  }

  // A thread completes what it promised before it waits for what others did.
  private List<List<Sizing.ReplayedFleet>> once(List<String> prints, List<ReplayRequest> requests) {
    List<CompletableFuture<List<Sizing.ReplayedFleet>>> answers = new ArrayList<>();
    List<CompletableFuture<List<Sizing.ReplayedFleet>>> mine = new ArrayList<>();
    List<ReplayRequest> missing = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      CompletableFuture<List<Sizing.ReplayedFleet>> own = new CompletableFuture<>();
      CompletableFuture<List<Sizing.ReplayedFleet>> there =
          once.putIfAbsent(prints.get(i) + "/" + requests.get(i).mostReplicas(), own);
      answers.add(there == null ? own : there);
      if (there == null) {
        mine.add(own);
        missing.add(requests.get(i));
      }
    }
    try {
      List<List<Sizing.ReplayedFleet>> found = missing.isEmpty() ? List.of() : source.of(missing);
      for (int i = 0; i < mine.size(); i++) {
        mine.get(i).complete(found.get(i));
      }
    } catch (RuntimeException e) {
      mine.forEach(own -> own.completeExceptionally(e));
      throw e;
    } finally {
      // Out of memory, say: nobody may wait for ever.
      mine.forEach(own -> own.cancel(false));
    }
    return answers.stream().map(CachedReplays::joined).toList();
  }

  private static List<Sizing.ReplayedFleet> joined(
      CompletableFuture<List<Sizing.ReplayedFleet>> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      // As if this thread had replayed it.
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
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
    return replayed + once.size();
  }

  @Override
  public List<List<Sizing.ReplayedFleet>> of(List<ReplayRequest> requests) {
    List<String> prints = new ArrayList<>();
    List<ReplayRequest> missing = new ArrayList<>();
    List<String> missingPrints = new ArrayList<>();
    Set<String> asking = new HashSet<>();
    for (ReplayRequest request : requests) {
      String print = fingerprint(request);
      prints.add(print);
      if (answer(print, request).isEmpty() && asking.add(print + request.mostReplicas())) {
        missing.add(request);
        missingPrints.add(print);
      }
    }
    asked += requests.size();
    if (!missing.isEmpty()) {
      add(missing, missingPrints, replay(missing, missingPrints));
    }
    List<List<Sizing.ReplayedFleet>> answers = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      answers.add(answer(prints.get(i), requests.get(i)).orElseThrow());
    }
    return answers;
  }

  private List<List<Sizing.ReplayedFleet>> replay(
      List<ReplayRequest> requests, List<String> prints) {
    if (trunk.isPresent()) {
      return trunk.get().once(prints, requests);
    }
    replayed += requests.size();
    return source.of(requests);
  }

  private void add(
      List<ReplayRequest> requests, List<String> prints, List<List<Sizing.ReplayedFleet>> answers) {
    for (int i = 0; i < requests.size(); i++) {
      ReplayRequest request = requests.get(i);
      add(new Entry(prints.get(i), request.mostReplicas(), request, answers.get(i)));
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
        .append(request.sample() ? "some days" : "")
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
