package dev.homeward.policy;

import dev.homeward.calls.CallDraft;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ordered rules about attributes, found by what they ask for: a policy may have tens of thousands,
 * of which an attribute matches a few. The rules that match a call come out in their own order, and
 * of one rule in the order of the call's attributes, as if each were tried in turn.
 */
final class RuleIndex {
  /** A rule that matches an attribute. */
  record Hit(int rule, int attribute, String rest) implements Comparable<Hit> {
    @Override
    public int compareTo(Hit other) {
      return rule == other.rule
          ? Integer.compare(attribute, other.attribute)
          : Integer.compare(rule, other.rule);
    }
  }

  /** Rules of one source, by the length of their prefix and then by the prefix. */
  private final Map<String, TreeMap<Integer, Map<String, Rules>>> bySource = new HashMap<>();

  /** Rules of one prefix: those that take any rest, and those that ask for one. */
  private record Rules(List<Integer> any, Map<String, List<Integer>> exact) {}

  RuleIndex(List<AttributeMatch> matches) {
    for (int i = 0; i < matches.size(); i++) {
      AttributeMatch match = matches.get(i);
      Rules rules =
          bySource
              .computeIfAbsent(match.from(), from -> new TreeMap<>())
              .computeIfAbsent(match.prefix().length(), length -> new HashMap<>())
              .computeIfAbsent(
                  folded(match.prefix()), p -> new Rules(new ArrayList<>(1), new HashMap<>(2)));
      match
          .exact()
          .map(rest -> rules.exact().computeIfAbsent(rest, r -> new ArrayList<>(1)))
          .orElse(rules.any())
          .add(i);
    }
  }

  /** The rules that match a call's attributes, in the order in which they are to be taken. */
  List<Hit> hits(CallDraft.Attributes attributes) {
    List<Hit> hits = new ArrayList<>();
    for (int i = 0; i < attributes.size(); i++) {
      TreeMap<Integer, Map<String, Rules>> lengths = bySource.get(attributes.source(i));
      if (lengths == null) {
        continue;
      }
      String value = attributes.value(i);
      String folded = folded(value.substring(0, Math.min(value.length(), lengths.lastKey())));
      for (var of : lengths.headMap(value.length(), true).entrySet()) {
        Rules rules = of.getValue().get(folded.substring(0, of.getKey()));
        if (rules != null) {
          String rest = value.substring(of.getKey());
          add(hits, rules.any(), i, rest);
          add(hits, rules.exact().getOrDefault(rest, List.of()), i, rest);
        }
      }
    }
    Collections.sort(hits);
    return hits;
  }

  private static void add(List<Hit> hits, List<Integer> rules, int attribute, String rest) {
    rules.forEach(rule -> hits.add(new Hit(rule, attribute, rest)));
  }

  /** The same for texts that differ in case only, as {@link String#regionMatches} sees it. */
  private static String folded(String text) {
    return text.codePoints()
        .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
