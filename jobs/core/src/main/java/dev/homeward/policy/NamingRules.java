package dev.homeward.policy;

import dev.homeward.calls.CallDraft;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules that take names from a call's attributes, in their order. */
final class NamingRules {
  private final List<NamingRule> rules;
  private final RuleIndex index;
  private final Set<String> sources = new HashSet<>();

  NamingRules(List<NamingRule> rules) {
    this.rules = rules;
    this.index = new RuleIndex(rules.stream().map(NamingRule::match).toList());
    rules.forEach(rule -> sources.add(rule.match().from()));
  }

  /** The name by the first rule that gives one that is not blank, or null. */
  String first(CallDraft.Attributes attributes) {
    for (RuleIndex.Hit hit : index.hits(attributes)) {
      String clean = PolicyKeys.clean(rules.get(hit.rule()).name().orElse(hit.rest()));
      if (!clean.isEmpty()) {
        return clean;
      }
    }
    return null;
  }

  /** The names by all rules. */
  List<String> all(CallDraft.Attributes attributes) {
    List<String> names = new ArrayList<>();
    for (RuleIndex.Hit hit : index.hits(attributes)) {
      names.add(rules.get(hit.rule()).name().orElse(hit.rest()));
    }
    return names;
  }

  /** Whether a rule reads attributes of this source. */
  boolean reads(String source) {
    return sources.contains(source);
  }
}
