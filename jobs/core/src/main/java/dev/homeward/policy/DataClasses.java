package dev.homeward.policy;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.WorkloadKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The classes of data of a policy, from least to most sensitive. */
final class DataClasses {
  private final List<DataClassRule> classes;
  private final NamingRules sources;
  private final Place unclassified;
  private final Map<String, Integer> rank = new HashMap<>();

  DataClasses(List<DataClassRule> classes, NamingRules sources, Place unclassified) {
    this.classes = classes;
    this.sources = sources;
    this.unclassified = unclassified;
    for (int i = 0; i < classes.size(); i++) {
      rank.put(classes.get(i).name(), i);
      for (String alias : classes.get(i).aliases()) {
        rank.put(alias.toLowerCase(Locale.ROOT), i);
      }
    }
  }

  /**
   * Checks that a JSON Schema cannot make. A name in two classes, or a class that no rule reads,
   * would let data leave that the policy's author meant to keep.
   *
   * @param where how messages name the policy
   */
  static List<String> problems(List<DataClassRule> classes, String where) {
    List<String> problems = new ArrayList<>();
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < classes.size(); i++) {
      DataClassRule rule = classes.get(i);
      String at = where + " /data-classes/" + i + ": ";
      List<String> names = new ArrayList<>(List.of(rule.name()));
      names.addAll(rule.aliases());
      for (String name : names) {
        String word = name.toLowerCase(Locale.ROOT);
        if (word.equals(WorkloadKey.UNCLASSIFIED)) {
          problems.add(
              at + "'unclassified' is no class (say where such calls may go with unclassified:)");
        }
        Integer other = first.putIfAbsent(word, i);
        if (other != null && other != i) {
          problems.add(at + "'" + name + "' already stands in /data-classes/" + other);
        }
      }
      boolean agreement = rule.place() == Place.API_WITH_AGREEMENT;
      if (agreement && rule.providers().isEmpty()) {
        problems.add(at + "api-with-agreement needs providers");
      } else if (!agreement && !rule.providers().isEmpty()) {
        problems.add(at + "providers go with place api-with-agreement only");
      }
    }
    return problems;
  }

  /**
   * The class of a call: the most sensitive of those tagged. A word that the policy does not know
   * is kept as it stands and counts as the most sensitive class, because nothing in the policy lets
   * such data leave. Without a tag: {@code unclassified}.
   */
  String of(CallDraft.Attributes attributes) {
    int most = -1;
    String unknown = null;
    for (String tagged : sources.all(attributes)) {
      String word = PolicyKeys.clean(tagged.toLowerCase(Locale.ROOT));
      if (word.isEmpty() || word.equals(WorkloadKey.UNCLASSIFIED)) {
        // A tag "unclassified" names no class, so another tag's class counts.
        continue;
      }
      Integer known = rank.get(word);
      if (known != null) {
        most = Math.max(most, known);
      } else if (unknown == null || word.compareTo(unknown) < 0) {
        unknown = word;
      }
    }
    if (unknown != null) {
      return unknown;
    }
    return most < 0 ? WorkloadKey.UNCLASSIFIED : classes.get(most).name();
  }

  /** The rule of a class. Data of a class that the policy does not know must stay local. */
  DataClassRule rule(String name) {
    Integer known = rank.get(name);
    if (known != null) {
      return classes.get(known);
    }
    Place place = name.equals(WorkloadKey.UNCLASSIFIED) ? unclassified : Place.LOCAL_ONLY;
    return new DataClassRule(name, List.of(), place, List.of(), List.of());
  }
}
