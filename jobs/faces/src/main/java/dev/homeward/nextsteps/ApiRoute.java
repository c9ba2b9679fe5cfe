package dev.homeward.nextsteps;

import dev.homeward.calls.WorkloadProfile;
import dev.homeward.catalog.Providers;
import dev.homeward.decision.WorkloadCase;
import dev.homeward.nextsteps.Yaml.Said;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The API that a workload's calls go on to, as LiteLLM calls it.
 *
 * @param group name among the router's models
 * @param parameters of the router's entry
 */
record ApiRoute(String group, Map<String, Object> parameters) {

  /**
   * A provider at LiteLLM.
   *
   * @param word before the model's name
   * @param parameters where its credentials come from: the variables that LiteLLM documents
   * @param ownNames whether an account calls models by names of its own
   */
  private record Route(String word, Map<String, String> parameters, boolean ownNames) {}

  private static final Map<String, Route> ROUTES =
      Map.ofEntries(
          Map.entry("openai", key("openai", "OPENAI_API_KEY")),
          Map.entry("anthropic", key("anthropic", "ANTHROPIC_API_KEY")),
          Map.entry("google", key("gemini", "GEMINI_API_KEY")),
          Map.entry("mistral", key("mistral", "MISTRAL_API_KEY")),
          Map.entry("deepseek", key("deepseek", "DEEPSEEK_API_KEY")),
          Map.entry("xai", key("xai", "XAI_API_KEY")),
          Map.entry("groq", key("groq", "GROQ_API_KEY")),
          Map.entry("openrouter", key("openrouter", "OPENROUTER_API_KEY")),
          Map.entry("together", key("together_ai", "TOGETHERAI_API_KEY")),
          Map.entry("fireworks", key("fireworks_ai", "FIREWORKS_AI_API_KEY")),
          Map.entry(
              "azure",
              new Route(
                  "azure",
                  Map.of(
                      "api_key", "AZURE_API_KEY",
                      "api_base", "AZURE_API_BASE",
                      "api_version", "AZURE_API_VERSION"),
                  true)),
          Map.entry(
              "bedrock", new Route("bedrock", Map.of("aws_region_name", "AWS_REGION_NAME"), true)),
          Map.entry(
              "vertex",
              new Route(
                  "vertex_ai",
                  Map.of(
                      "vertex_project", "VERTEXAI_PROJECT",
                      "vertex_location", "VERTEXAI_LOCATION"),
                  true)));

  private static Route key(String word, String variable) {
    return new Route(word, Map.of("api_key", variable), false);
  }

  /**
   * Where a workload's calls go on to: where most of them went that its policy allows. Empty where
   * the router's name for that provider is not known.
   */
  static Optional<ApiRoute> of(WorkloadCase workload) {
    return provider(workload).map(word -> of(ROUTES.get(word), word, workload));
  }

  /** The provider of most of its calls, where the router's name for it is known. */
  private static Optional<String> provider(WorkloadCase workload) {
    return workload.profile().seen().stream()
        .filter(seen -> workload.dataClass().allows(seen.provider(), seen.region()))
        .sorted(
            Comparator.comparingLong((WorkloadProfile.Seen s) -> -s.calls())
                .thenComparing(WorkloadProfile.Seen::provider)
                .thenComparing(WorkloadProfile.Seen::region))
        .map(seen -> Providers.canonical(seen.provider()))
        .findFirst()
        .filter(ROUTES::containsKey);
  }

  private static ApiRoute of(Route route, String provider, WorkloadCase workload) {
    String model = route.word() + "/" + workload.key().hostedModel();
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(
        "model",
        route.ownNames() ? new Said(model, "by the name that your account calls it") : model);
    route.parameters().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> parameters.put(e.getKey(), "os.environ/" + e.getValue()));
    return new ApiRoute(
        Names.cut("api-%s-%s".formatted(provider, Names.plain(workload.key().hostedModel())), 60),
        parameters);
  }
}
