package dev.homeward.logs;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.HostedModels;
import dev.homeward.policy.Attribution;
import dev.homeward.policy.Attributions;
import dev.homeward.policy.Policy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Finds the owner of a call and the workload key it is kept under, and caches both. */
public final class CallNamer {
  private static final int SLOTS = 1 << 13;

  /** More keys than any log has; past this number the cache is emptied. */
  private static final int MOST_KEYS = 1 << 16;

  private final Attributions attributions;
  private final HostedModels models;
  private Map<Named, Named> all = new HashMap<>();

  // Indexed by hash: a new entry replaces an older one at its index.
  private final Attribution[] whose = new Attribution[SLOTS];
  private final String[] requestModels = new String[SLOTS];
  private final String[] responseModels = new String[SLOTS];
  private final Named[] named = new Named[SLOTS];

  public CallNamer(Policy policy, HostedModels models) {
    this.attributions = new Attributions(policy);
    this.models = models;
  }

  /** A call's owner and key; the same object for calls that have the same. */
  public record Named(WorkloadKey key, Attribution whose) {}

  // Equal attributions mostly are one object, so a cache may compare identities.
  @SuppressWarnings("ReferenceEquality")
  public Named name(CallDraft draft) {
    Attribution owner = attributions.of(draft);
    String request = draft.requestModel;
    String response = draft.responseModel;
    int hash = System.identityHashCode(owner);
    hash = (hash * 31 + (request == null ? 0 : request.hashCode())) * 31;
    hash += response == null ? 0 : response.hashCode();
    int slot = (hash ^ hash >>> 13) & SLOTS - 1;
    if (named[slot] != null
        && whose[slot] == owner
        && Objects.equals(requestModels[slot], request)
        && Objects.equals(responseModels[slot], response)) {
      return named[slot];
    }
    if (all.size() > MOST_KEYS) {
      all = new HashMap<>();
    }
    Named found =
        new Named(
            new WorkloadKey(owner.workload(), models.idOf(request, response), owner.dataClass()),
            owner);
    found = Objects.requireNonNullElse(all.putIfAbsent(found, found), found);
    whose[slot] = owner;
    requestModels[slot] = request;
    responseModels[slot] = response;
    named[slot] = found;
    return found;
  }
}
