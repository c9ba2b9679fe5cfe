package dev.homeward.policy;

import dev.homeward.calls.BillingMode;
import dev.homeward.calls.CallDraft;
import dev.homeward.catalog.Tier;
import dev.homeward.config.Default;
import dev.homeward.units.VisibleText;
import java.util.List;

/**
 * The keys of a policy file (schemas/policy.schema.json). Rules are tried in their order; the first
 * that gives a name that is not blank wins.
 *
 * @param unclassified where calls without a data class may go
 * @param servedLocally which calls servers of one's own answered, besides those that the log shows
 * @param hardware ids of the boxes to consider; empty: the catalog's default set
 * @param nonInferiorityMargin how far a local score may lie below the hosted score
 * @param lowestTierToEvaluate models of lower tiers than this are not offered for an evaluation
 * @param enoughEvidence what a local model needs, to be taken for good enough
 * @param leastProbability share of futures in which a move must save
 * @param mostWorkloads of a log with more, the smallest share a row
 */
record PolicyKeys(
    List<NamingRule> workloadRules,
    List<NamingRule> ownerRules,
    List<BillingRule> billingRules,
    List<DataClassRule> dataClasses,
    List<NamingRule> dataClassSources,
    Place unclassified,
    List<OwnServer> servedLocally,
    List<String> hardware,
    double nonInferiorityMargin,
    Tier lowestTierToEvaluate,
    EnoughEvidence enoughEvidence,
    double leastProbability,
    int mostWorkloads,
    @Default("{}") PortfolioLimits portfolio) {

  PolicyKeys {
    servedLocally = List.copyOf(servedLocally);
    // A box named twice is tried once.
    hardware = hardware.stream().distinct().toList();
  }

  /** How a call is paid for where no rule says it: as the log itself says, else metered. */
  static BillingMode billing(CallDraft.Attributes attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      for (BillingMode mode : BillingMode.values()) {
        if (attributes.source(i).equals("billing-mode")
            && mode.word().equals(attributes.value(i))) {
          return mode;
        }
      }
    }
    return BillingMode.METERED;
  }

  /** A name as it is kept: one line, without control characters, of a sensible length. */
  static String clean(String name) {
    return VisibleText.shortNameOf(name, VisibleText.LONGEST_NAME);
  }
}
