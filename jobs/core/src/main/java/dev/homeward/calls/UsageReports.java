package dev.homeward.calls;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What all usage reports of a log say, added up, each source on its own: a usage page and the
 * dashboard's export of the same account say the same thing twice and are never added.
 *
 * <p>Within a source what overlaps counts once. Of several tables that divide the same usage (by
 * user, by team, by tag) one counts: tags overlap each other and teams leave calls out, so the
 * order is {@link #PARTS}. Of the same day in buckets of a minute, an hour and a day the width with
 * the most tokens counts, because the others were downloaded for a part of the day only. A bill
 * says nothing twice: its charges are added whatever their width, a credit of a day to the hours'
 * usage.
 *
 * @param days what counts
 * @param copies buckets that are copies of one that counts
 * @param setAside what overlaps {@code days} and does not count
 */
public record UsageReports(
    SortedMap<BilledKey, Billed> days,
    SortedSet<UsageBucket.BucketPlace> copies,
    SortedMap<BilledKey, Billed> setAside) {

  /**
   * Tables that divide the same usage, by their columns, the most complete one first; the table by
   * user is the one without a word.
   */
  private static final List<String> PARTS =
      List.of("", "organization_id", "team_id", "end_user_id", "agent_id", "tag");

  /** Sources of which calls can be made, the one nearest to the provider's own bill first. */
  private static final List<String> SOURCES =
      List.of(
          "openai-usage",
          "openai-usage-csv",
          "openrouter-usage",
          "openrouter-usage-csv",
          "litellm-daily-spend");

  /** Bills: every row is a charge of its own. */
  private static final Set<String> BILLS = Set.of("focus", "focus-csv");

  /** Settles which sums count. */
  public static UsageReports of(
      SortedMap<BilledKey, Billed> sums, SortedSet<UsageBucket.BucketPlace> copies) {
    Map<String, String> partOf = new HashMap<>();
    Map<BilledKey, BilledKey> widthOf = new HashMap<>();
    sums.forEach(
        (key, sum) -> {
          partOf.merge(
              key.source(), key.part(), (a, b) -> rank(PARTS, a) <= rank(PARTS, b) ? a : b);
          widthOf.merge(
              key.ofAnyWidth(),
              key,
              // Keys come in ascending order: of equals the finer one stays.
              (a, b) -> sums.get(b).knownTokens() > sums.get(a).knownTokens() ? b : a);
        });
    Predicate<BilledKey> counts =
        key ->
            key.part().equals(partOf.get(key.source()))
                && (BILLS.contains(key.source()) || key.equals(widthOf.get(key.ofAnyWidth())));
    TreeMap<BilledKey, Billed> days = new TreeMap<>(sums);
    days.keySet().removeIf(counts.negate());
    TreeMap<BilledKey, Billed> setAside = new TreeMap<>(sums);
    setAside.keySet().removeIf(counts);
    return new UsageReports(days, copies, setAside);
  }

  /** No usage report. */
  public static UsageReports none() {
    return new UsageReports(new TreeMap<>(), new TreeSet<>(), new TreeMap<>());
  }

  public boolean isEmpty() {
    return days.isEmpty();
  }

  /** The words of the sources. */
  public SortedSet<String> sources() {
    TreeSet<String> sources = new TreeSet<>();
    days.keySet().forEach(key -> sources.add(key.source()));
    return sources;
  }

  /** All that a source says. */
  public Billed sum(String source) {
    return days.entrySet().stream()
        .filter(e -> e.getKey().source().equals(source))
        .map(Map.Entry::getValue)
        .reduce(Billed::plus)
        .orElseThrow();
  }

  /**
   * The sums to make calls from where the log has nothing else: for each payee, those of the first
   * source that counts its calls.
   */
  public SortedSet<BilledKey> chosen() {
    Map<String, String> sourceOf = sourceByPayee();
    TreeSet<BilledKey> chosen = new TreeSet<>();
    days.forEach(
        (key, sum) -> {
          if (sum.makeable() > 0 && key.source().equals(sourceOf.get(key.payee()))) {
            chosen.add(key);
          }
        });
    return chosen;
  }

  /**
   * Why no calls, or not all, are made of a source; each a half sentence.
   *
   * @return empty if every bucket of the source is used
   */
  public List<String> unused(String source) {
    Map<String, String> sourceOf = sourceByPayee();
    TreeMap<String, String> instead = new TreeMap<>();
    long countless = 0;
    long nameless = 0;
    for (Map.Entry<BilledKey, Billed> entry : days.entrySet()) {
      BilledKey key = entry.getKey();
      if (!key.source().equals(source)) {
        continue;
      }
      if (key.hostedModel().isEmpty()) {
        nameless += entry.getValue().unmakeable();
      } else {
        countless += entry.getValue().unmakeable();
      }
      String chosen = sourceOf.get(key.payee());
      if (entry.getValue().makeable() > 0 && !source.equals(chosen)) {
        instead.put(chosen, key.payee());
      }
    }
    List<String> reasons = new ArrayList<>();
    instead.forEach(
        (other, provider) ->
            reasons.add(
                "%s has the same usage%s"
                    .formatted(other, provider.isEmpty() ? "" : " of " + provider)));
    if (countless > 0) {
      reasons.add(countless + " buckets do not say how many calls they hold");
    }
    if (nameless > 0) {
      reasons.add(nameless + " buckets do not say which model (group the report by model)");
    }
    return reasons;
  }

  private Map<String, String> sourceByPayee() {
    Comparator<String> first =
        Comparator.comparingInt((String s) -> rank(SOURCES, s))
            .thenComparing(Comparator.naturalOrder());
    Map<String, String> sourceOf = new HashMap<>();
    days.forEach(
        (key, sum) -> {
          if (sum.makeable() > 0) {
            sourceOf.merge(key.payee(), key.source(), (a, b) -> first.compare(a, b) <= 0 ? a : b);
          }
        });
    return sourceOf;
  }

  // What is not named in the order comes last.
  private static int rank(List<String> order, String word) {
    int at = order.indexOf(word);
    return at < 0 ? order.size() : at;
  }
}
