package dev.homeward.nextsteps;

import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.nextsteps.FleetSetup.Instance;
import dev.homeward.nextsteps.Yaml.Said;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A configuration of LiteLLM's proxy that routes as the replay did: to the replica with the fewest
 * calls in flight, up to the replayed cap, beyond which a call goes on to the API; calls whose data
 * must stay local never do.
 *
 * <p>The cap is LiteLLM's {@code max_parallel_requests} of a deployment: a request over it fails at
 * once with a 429 that does not count as a failure of the deployment, and the fallback takes it
 * (docs.litellm.ai/docs/routing). Older versions of LiteLLM let such a request wait.
 */
final class LiteLlmConfig {
  private static final List<String> HEAD =
      List.of(
          "Router for LiteLLM's proxy (litellm --config litellm.yaml). Keys as documented at"
              + " https://docs.litellm.ai/docs/proxy/config_settings and"
              + " https://docs.litellm.ai/docs/routing, 2026-11.",
          "Your applications ask for the names under model_group_alias.",
          "max_parallel_requests is the cap on calls in flight that the replay assumed. LiteLLM refuses"
              + " a call over it at once and the fallback takes it; versions whose documentation speaks"
              + " of a queue there let it wait instead. It is counted in each worker: run one"
              + " (--num_workers 1), or divide the cap by their number.",
          "Hosts are called by their kind of box and number; write your own addresses.");

  private final Map<WorkloadKey, WorkloadCase> cases;
  private final Map<WorkloadKey, String> names;

  /** Names of the API's entries by what they hold, so that different ones have different names. */
  private final Map<String, Map<String, Object>> api = new TreeMap<>();

  private final List<Object> fallbacks = new ArrayList<>();
  private final List<Object> tooLong = new ArrayList<>();
  private final Map<String, Object> aliases = new LinkedHashMap<>();

  /** Workloads that would fall back, to a provider that the router's names are not known of. */
  private final List<WorkloadKey> withoutRoute = new ArrayList<>();

  LiteLlmConfig(Map<WorkloadKey, WorkloadCase> cases, Map<WorkloadKey, String> names) {
    this.cases = cases;
    this.names = names;
  }

  /** The file, for fleets whose start commands are known. */
  String of(Map<FleetSetup, EngineCommand> fleets, List<String> head) {
    List<Object> models = new ArrayList<>();
    fleets.forEach(
        (fleet, command) -> {
          fleet.instances().forEach(i -> models.add(local(fleet, command, i)));
          routes(fleet);
        });
    api.forEach(
        (group, parameters) -> {
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("model_name", group);
          entry.put("litellm_params", parameters);
          models.add(entry);
        });
    Map<String, Object> router = new LinkedHashMap<>();
    router.put("routing_strategy", new Said("least-busy", "as replayed"));
    router.put(
        "enable_pre_call_checks", new Said(true, "calls longer than a replica's context go on"));
    router.put("model_group_alias", aliases);
    router.put("fallbacks", fallbacks);
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("callbacks", new Said(List.of("prometheus"), "for alerts.yaml"));
    settings.put("context_window_fallbacks", tooLong);
    Map<String, Object> general = new LinkedHashMap<>();
    general.put("master_key", "os.environ/LITELLM_MASTER_KEY");
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("model_list", models);
    document.put("router_settings", router);
    document.put("litellm_settings", settings);
    document.put("general_settings", general);
    List<String> said = new ArrayList<>(head);
    said.addAll(HEAD);
    for (WorkloadKey key : withoutRoute) {
      said.add(
          "%s may overflow, but LiteLLM's name for its provider is not known here: add a model and a"
                  .formatted(Comments.name(key.workload()))
              + " fallback, or its calls fail when the fleet is full.");
    }
    return Comments.of(said) + Yaml.of(document);
  }

  private static Map<String, Object> local(
      FleetSetup fleet, EngineCommand command, Instance instance) {
    boolean ollama = command.documented().equals(EngineCommands.OLLAMA);
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("model", command.route());
    parameters.put(
        "api_base",
        "http://%s:%d%s".formatted(fleet.host(instance), instance.port(), ollama ? "" : "/v1"));
    if (fleet.hasCap()) {
      parameters.put(
          "max_parallel_requests",
          new Said(fleet.options().inFlightCap(), "calls in flight of a replica, as replayed"));
    }
    parameters.put("num_retries", new Said(0, "a call that is refused goes on at once"));
    parameters.put("input_cost_per_token", 0);
    parameters.put("output_cost_per_token", 0);
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("id", fleet.name() + "-" + instance.replica());
    info.put("mode", fleet.deployment().model().embedding() ? "embedding" : "chat");
    info.put(
        "max_input_tokens",
        new Said(
            fleet.deployment().kvCache().maxContextTokens(), "context of a replica, as replayed"));
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("model_name", fleet.name());
    entry.put("litellm_params", parameters);
    entry.put("model_info", info);
    return entry;
  }

  private void routes(FleetSetup fleet) {
    boolean allMay = true;
    Optional<String> first = Optional.empty();
    for (WorkloadKey key : fleet.workloads()) {
      WorkloadCase workload = cases.get(key);
      String name = names.get(key);
      String calls = "%s, %s".formatted(key.hostedModel(), key.dataClass());
      if (!workload.mayOverflow()) {
        allMay = false;
        aliases.put(name, new Said(fleet.name(), calls + ": stays local, no fallback"));
        continue;
      }
      aliases.put(name, new Said(fleet.name(), calls));
      Optional<ApiRoute> route = ApiRoute.of(workload);
      if (route.isEmpty()) {
        withoutRoute.add(key);
        continue;
      }
      String group = group(route.get());
      first = first.or(() -> Optional.of(group));
      fallbacks.add(Map.of(name, List.of(group)));
      if (fleet.result().tooLongCalls() > 0) {
        tooLong.add(Map.of(name, List.of(group)));
      }
    }
    // Some versions look a fallback up by the group that an alias stands for.
    if (allMay && first.isPresent()) {
      fallbacks.add(Map.of(fleet.name(), List.of(first.get())));
    }
  }

  private String group(ApiRoute route) {
    String name = route.group();
    int next = 2;
    while (api.containsKey(name) && !api.get(name).equals(route.parameters())) {
      name = route.group() + "-" + next++;
    }
    api.put(name, route.parameters());
    return name;
  }
}
