package dev.homeward.jobs;

import dev.homeward.calls.CallDraft;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.HostedModels;
import dev.homeward.policy.Attribution;
import dev.homeward.policy.Attributions;
import dev.homeward.policy.Policy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Says whose a call is and under which key it is kept; remembers what it has said. */
final class CallNamer {
  /** More keys than any log has; past it, what was remembered is forgotten. */
  private static final int MOST_KEYS = 1 << 16;

  private final Attributions attributions;
  private final HostedModels models;
  private final Map<Models, String> hostedModels = new HashMap<>();
  private final Map<Key, Named> named = new HashMap<>();

  // The call before this one often has the same names, as the same objects.
  private Attribution lastAttribution;
  private String lastRequestModel;
  private String lastResponseModel;
  private Named last;

  CallNamer(Policy policy, HostedModels models) {
    this.attributions = new Attributions(policy);
    this.models = models;
  }

  /** A call's owner and key; the same object for calls that have the same. */
  record Named(WorkloadKey key, Attribution whose) {}

  private record Models(String request, String response) {}

  private record Key(Attribution whose, String hostedModel) {}

  Named name(CallDraft draft) {
    Attribution whose = attributions.of(draft);
    if (last != null
        && whose == lastAttribution
        && Objects.equals(draft.requestModel, lastRequestModel)
        && Objects.equals(draft.responseModel, lastResponseModel)) {
      return last;
    }
    if (named.size() > MOST_KEYS || hostedModels.size() > MOST_KEYS) {
      named.clear();
      hostedModels.clear();
    }
    String model =
        hostedModels.computeIfAbsent(
            new Models(draft.requestModel, draft.responseModel),
            m -> models.idOf(m.request(), m.response()));
    last =
        named.computeIfAbsent(
            new Key(whose, model),
            k ->
                new Named(
                    new WorkloadKey(k.whose().workload(), k.hostedModel(), k.whose().dataClass()),
                    k.whose()));
    lastAttribution = whose;
    lastRequestModel = draft.requestModel;
    lastResponseModel = draft.responseModel;
    return last;
  }
}
