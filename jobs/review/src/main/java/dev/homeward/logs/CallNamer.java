package dev.homeward.logs;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.HostedModels;
import dev.homeward.catalog.ServedBy;
import dev.homeward.policy.Attribution;
import dev.homeward.policy.Attributions;
import dev.homeward.policy.Policy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds where a call was served, its owner and the workload key it is kept under, and caches all
 * three. A call that a server of one's own answered is kept under {@code local/MODEL}: it costs
 * nothing at any API, and is never added to the calls of the same model behind one.
 */
public final class CallNamer {
  private static final int SLOTS = 1 << 13;

  /** More keys than any log has; past this number the cache is emptied. */
  private static final int MOST_KEYS = 1 << 16;

  private static final String SERVED_BY = "served-by";

  private final Attributions attributions;
  private final boolean namesByPlace;
  private final Policy policy;
  private final HostedModels models;
  private final Set<WorkloadKey> apart;
  private Map<Named, Named> all = new HashMap<>();

  // Indexed by hash: a new entry replaces an older one at its index.
  private final Attribution[] whose = new Attribution[SLOTS];
  private final String[] requestModels = new String[SLOTS];
  private final String[] responseModels = new String[SLOTS];
  private final String[] places = new String[SLOTS];
  private final Named[] named = new Named[SLOTS];
  private final Served[] served = new Served[SLOTS];
  private final Known[] known = new Known[SLOTS];

  public CallNamer(Policy policy, HostedModels models) {
    this(policy, models, Set.of());
  }

  /**
   * @param apart keys under which calls are kept; those of others share a row of their model and
   *     class. Empty: all
   */
  public CallNamer(Policy policy, HostedModels models, Set<WorkloadKey> apart) {
    this.apart = apart;
    this.attributions = new Attributions(policy);
    this.namesByPlace = policy.reads(SERVED_BY);
    this.policy = policy;
    this.models = models;
  }

  /** A call's owner and key; the same object for calls that have the same. */
  public record Named(WorkloadKey key, Attribution whose) {}

  /** What a record says of where its call was served, and what follows from it. */
  private record Served(
      String given,
      String provider,
      String address,
      String region,
      String requestModel,
      String responseModel,
      ServedBy place,
      String text) {
    boolean isOf(CallDraft draft) {
      return Objects.equals(requestModel, draft.requestModel)
          && Objects.equals(provider, draft.provider)
          && Objects.equals(given, draft.servedBy)
          && Objects.equals(responseModel, draft.responseModel)
          && Objects.equals(address, draft.serverAddress)
          && Objects.equals(region, draft.region);
    }
  }

  /**
   * A call that was named before, and how. Its texts are compared as objects: a reader gives the
   * same one for a text that returns, and where it does not, the call is named anew.
   */
  private static final class Known {
    private final String given;
    private final String provider;
    private final String address;
    private final String region;
    private final String requestModel;
    private final String responseModel;
    private final String[] attributes;
    private final String place;
    private final Named named;

    Known(CallDraft draft, String given, String[] attributes, Named named) {
      this.given = given;
      this.provider = draft.provider;
      this.address = draft.serverAddress;
      this.region = draft.region;
      this.requestModel = draft.requestModel;
      this.responseModel = draft.responseModel;
      this.attributes = attributes;
      this.place = draft.servedBy;
      this.named = named;
    }

    @SuppressWarnings("ReferenceEquality") // see above
    boolean isOf(CallDraft draft) {
      if (requestModel != draft.requestModel
          || responseModel != draft.responseModel
          || provider != draft.provider
          || address != draft.serverAddress
          || region != draft.region
          || given != draft.servedBy
          || attributes.length != 2 * draft.attributes.size()) {
        return false;
      }
      for (int i = 0; i < attributes.length; i += 2) {
        if (attributes[i + 1] != draft.attributes.value(i / 2)
            || attributes[i] != draft.attributes.source(i / 2)) {
          return false;
        }
      }
      return true;
    }
  }

  private Served served(CallDraft draft) {
    int hash = draft.requestModel == null ? 0 : draft.requestModel.hashCode();
    hash = hash * 31 + (draft.provider == null ? 0 : draft.provider.hashCode());
    hash = hash * 31 + (draft.serverAddress == null ? 0 : draft.serverAddress.hashCode());
    hash = hash * 31 + (draft.region == null ? 0 : draft.region.hashCode());
    hash = hash * 31 + (draft.responseModel == null ? 0 : draft.responseModel.hashCode());
    int slot = (hash ^ hash >>> 13) & SLOTS - 1;
    Served found = served[slot];
    if (found == null || !found.isOf(draft)) {
      ServedBy place = place(draft);
      found =
          new Served(
              draft.servedBy,
              draft.provider,
              draft.serverAddress,
              draft.region,
              draft.requestModel,
              draft.responseModel,
              place,
              place.equals(ServedBy.UNKNOWN) ? null : place.text());
      served[slot] = found;
    }
    return found;
  }

  private ServedBy place(CallDraft draft) {
    if (policy.isServedLocally(
        draft.provider, draft.serverAddress, draft.requestModel, draft.responseModel)) {
      return ServedBy.LOCAL;
    }
    return draft.servedBy != null
        ? ServedBy.parse(draft.servedBy)
        : models
            .hosts()
            .of(
                draft.provider,
                draft.serverAddress,
                draft.region,
                draft.requestModel,
                draft.responseModel);
  }

  /** Names a call, and notes in it where it was served. */
  public Named name(CallDraft draft) {
    CallDraft.Attributes attributes = draft.attributes;
    int hash = draft.requestModel == null ? 0 : draft.requestModel.hashCode();
    for (int i = 0; i < attributes.size(); i++) {
      hash = hash * 31 + attributes.value(i).hashCode();
    }
    int slot = (hash ^ hash >>> 13) & SLOTS - 1;
    Known before = known[slot];
    if (before != null && before.isOf(draft)) {
      draft.servedBy = before.place;
      addPlace(draft);
      return before.named;
    }
    String given = draft.servedBy;
    String[] names = new String[attributes.size() * 2];
    for (int i = 0; i < names.length; i += 2) {
      names[i] = attributes.source(i / 2);
      names[i + 1] = attributes.value(i / 2);
    }
    Named named = nameAnew(draft);
    known[slot] = new Known(draft, given, names, named);
    return named;
  }

  private void addPlace(CallDraft draft) {
    if (namesByPlace && draft.servedBy != null) {
      draft.attributes.add(SERVED_BY, draft.servedBy);
    }
  }

  // Equal attributions mostly are one object, so a cache may compare identities.
  @SuppressWarnings("ReferenceEquality")
  private Named nameAnew(CallDraft draft) {
    Served where = served(draft);
    draft.servedBy = where.text;
    addPlace(draft);
    Attribution owner = attributions.of(draft);
    String request = draft.requestModel;
    String response = draft.responseModel;
    int hash = System.identityHashCode(owner);
    hash = (hash * 31 + (request == null ? 0 : request.hashCode())) * 31;
    hash += response == null ? 0 : response.hashCode();
    int slot = (hash ^ hash >>> 13) & SLOTS - 1;
    if (named[slot] != null
        && whose[slot] == owner
        && places[slot] == where.text
        && Objects.equals(requestModels[slot], request)
        && Objects.equals(responseModels[slot], response)) {
      return named[slot];
    }
    if (all.size() > MOST_KEYS) {
      all = new HashMap<>();
    }
    WorkloadKey key =
        new WorkloadKey(
            owner.workload(),
            where.place.isLocal()
                ? models.idOfLocal(request, response)
                : models.idOf(request, response),
            owner.dataClass());
    Named found =
        new Named(apart.isEmpty() || apart.contains(key) ? key : key.amongOthers(), owner);
    found = Objects.requireNonNullElse(all.putIfAbsent(found, found), found);
    whose[slot] = owner;
    requestModels[slot] = request;
    responseModels[slot] = response;
    places[slot] = where.text;
    named[slot] = found;
    return found;
  }
}
