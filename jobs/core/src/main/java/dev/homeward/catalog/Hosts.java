package dev.homeward.catalog;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds where a call was served, from what its record says: the provider, the address of the
 * server, and the routes and shapes of model names. A name that only one host has ({@code
 * us.anthropic.claude-...}) settles it; then the address; then the provider's name; then the route
 * before the model ({@code together_ai/...}).
 */
public final class Hosts {
  private static final String BEDROCK = "bedrock";
  private static final String VERTEX = "vertex";
  private static final String AZURE = "azure";

  /** Cross-region profiles of Bedrock, by the word before the maker's. */
  private static final Pattern BEDROCK_NAME =
      Pattern.compile(
          "^(?:(us-gov|us|eu|apac|global|jp|au|ca|sa|me|af|il|uk|in)\\.)?"
              + "(?:anthropic|amazon|meta|mistral|cohere|deepseek|qwen|openai|google|moonshotai"
              + "|moonshot|minimax|nvidia|ai21|writer|zai|xai)\\.[a-z][^@]*");

  private static final Pattern VERTEX_NAME =
      Pattern.compile("^claude-[a-z0-9-]+@(?:20\\d{6}|default|latest)$");

  private static final Pattern CLOUD_REGION = Pattern.compile("^[a-z]{2,}(?:-[a-z]+)+-?\\d$");
  private static final Set<String> AZURE_AREAS = Set.of("us", "eu", "global", "global-standard");

  /** Makers that give no weights away: what calls itself so was not served by one's own machine. */
  private static final Set<String> CLOSED = Set.of("openai", "anthropic", "google", "xai");

  /** Families without weights: not gpt-oss, GPT-2, GPT-J and GPT-Neo, whose weights anyone has. */
  private static final Pattern CLOSED_NAME =
      Pattern.compile(
          "^(?:[a-z-]+\\.)*(?:gpt-(?!oss|2(?:-|$)|j|neo)|chatgpt|o[1-9](?:-|$)|codex-|claude-"
              + "|gemini-|grok-[3-9]|text-embedding-(?:3|ada))");

  private final HostedModels models;

  Hosts(HostedModels models) {
    this.models = models;
  }

  /**
   * Where a call was served.
   *
   * @param provider as the log names it; null if it does not
   * @param address host name or URL of the server that answered; null if it is not told
   * @param region as the log names it; null if it does not
   * @param requestModel as the log names it
   * @param responseModel likewise
   */
  public ServedBy of(
      String provider, String address, String region, String requestModel, String responseModel) {
    String[] route =
        (requestModel == null ? "" : requestModel.toLowerCase(Locale.ROOT)).split("/", -1);
    String name = route[route.length - 1];
    String answered = responseModel == null ? "" : responseModel.toLowerCase(Locale.ROOT);
    String host = Providers.canonical(provider);
    boolean routed = route.length > 1 && Providers.isRoute(route[0]);
    boolean mayBeNamedByMaker = host.isEmpty() || host.equals("anthropic") || host.equals("openai");
    if (mayBeNamedByMaker && !routed && BEDROCK_NAME.matcher(name).matches()) {
      host = BEDROCK;
    } else if (mayBeNamedByMaker && !routed && VERTEX_NAME.matcher(name).matches()) {
      host = VERTEX;
    } else if (host.isEmpty() && routed) {
      host = Providers.canonical(route[0]);
    }
    Optional<ServedBy> there = address == null ? Optional.empty() : at(address);
    if (there.isPresent() && (host.isEmpty() || host.startsWith("openai"))) {
      ServedBy found = there.get();
      if (!found.isLocal()) {
        return new ServedBy(found.host(), found.area());
      }
      if (!isClosed(requestModel, responseModel)) {
        return found;
      }
      // A gateway of one's own in front of the maker: the address says nothing.
    }
    if (host.equals(ServedBy.LOCAL.host())) {
      return name.endsWith("-cloud") || name.endsWith(":cloud")
          ? new ServedBy("ollama-cloud", "")
          : ServedBy.LOCAL;
    }
    if (host.isEmpty()) {
      return ServedBy.UNKNOWN;
    }
    String area = area(host, route, name, answered, region);
    boolean sameHost = there.isPresent() && there.get().host().equals(host);
    return new ServedBy(host, area.isEmpty() && sameHost ? there.get().area() : area);
  }

  private boolean isClosed(String requestModel, String responseModel) {
    Optional<HostedModel> known =
        models.resolve(responseModel).or(() -> models.resolve(requestModel));
    return known
        .map(model -> CLOSED.contains(model.provider()) && !isOpen(model))
        .orElseGet(() -> isNamedAsClosed(responseModel) || isNamedAsClosed(requestModel));
  }

  // A model that the catalog does not know yet is of the family that its name says.
  private static boolean isNamedAsClosed(String model) {
    String name = model == null ? "" : model.toLowerCase(Locale.ROOT);
    return CLOSED_NAME.matcher(name.substring(name.lastIndexOf('/') + 1)).find();
  }

  // Weights that a maker of closed models gave away.
  private static boolean isOpen(HostedModel model) {
    return model.id().startsWith("gpt-oss") || model.id().startsWith("gemma");
  }

  private static String area(
      String host, String[] route, String name, String answered, String region) {
    String where = region == null ? "" : region.strip().toLowerCase(Locale.ROOT);
    return switch (host) {
      case BEDROCK -> bedrockArea(route, name, answered, where);
      case VERTEX -> where.matches("[a-z0-9-]{2,40}") ? where : "";
      case AZURE -> azureArea(route);
      case "anthropic" -> where.equals("us") ? where : "";
      case "openai" -> where.equals("us") || where.equals("eu") ? where : "";
      case "openrouter" -> name.endsWith(":free") ? ServedBy.FREE : "";
      default -> "";
    };
  }

  private static String bedrockArea(String[] route, String name, String answered, String region) {
    for (String each : new String[] {name, answered}) {
      Matcher profile = BEDROCK_NAME.matcher(each);
      if (profile.matches() && profile.group(1) != null) {
        return profile.group(1);
      }
    }
    for (int i = 0; i < route.length - 1; i++) {
      if (CLOUD_REGION.matcher(route[i]).matches()) {
        return route[i];
      }
    }
    if (CLOUD_REGION.matcher(region).matches()) {
      return region;
    }
    // An answer names the model and not the profile that was asked: then the area is not known.
    return BEDROCK_NAME.matcher(name).matches() ? ServedBy.IN_REGION : "";
  }

  private static String azureArea(String[] route) {
    String area = route.length > 2 && AZURE_AREAS.contains(route[1]) ? route[1] : "";
    return area.startsWith("global") ? "global" : area;
  }

  /** Whose server has an address; empty if it is not known. */
  private static Optional<ServedBy> at(String address) {
    String host = hostName(address);
    if (host.isEmpty()) {
      return Optional.empty();
    }
    if (isPrivate(host)) {
      return Optional.of(ServedBy.LOCAL);
    }
    Matcher cloud = CLOUD_ADDRESS.matcher(host);
    if (cloud.matches()) {
      return Optional.of(
          cloud.group(1) != null
              ? new ServedBy(BEDROCK, cloud.group(1))
              : new ServedBy(VERTEX, cloud.group(2) == null ? "global" : cloud.group(2)));
    }
    for (String[] known : ADDRESSES) {
      if (host.equals(known[0]) || host.endsWith("." + known[0])) {
        boolean residence = known[1].equals("openai") && host.length() == known[0].length() + 3;
        return Optional.of(new ServedBy(known[1], residence ? host.substring(0, 2) : ""));
      }
    }
    return Optional.of(new ServedBy("openai-compatible", ""));
  }

  private static final Pattern CLOUD_ADDRESS =
      Pattern.compile(
          "(?:bedrock-runtime(?:-fips)?\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?)"
              + "|(?:(?:([a-z0-9-]+)-)?aiplatform\\.googleapis\\.com)");

  private static final String[][] ADDRESSES = {
    {"api.openai.com", "openai"},
    {"openai.azure.com", AZURE},
    {"cognitiveservices.azure.com", AZURE},
    {"services.ai.azure.com", AZURE},
    {"models.ai.azure.com", AZURE},
    {"api.anthropic.com", "anthropic"},
    {"generativelanguage.googleapis.com", "google"},
    {"api.mistral.ai", "mistral"},
    {"codestral.mistral.ai", "mistral"},
    {"api.deepseek.com", "deepseek"},
    {"api.x.ai", "xai"},
    {"dashscope.aliyuncs.com", "qwen"},
    {"dashscope-intl.aliyuncs.com", "qwen"},
    {"openrouter.ai", "openrouter"},
    {"api.together.xyz", "together"},
    {"api.together.ai", "together"},
    {"api.fireworks.ai", "fireworks"},
    {"api.groq.com", "groq"},
    {"api.deepinfra.com", "deepinfra"},
    {"api.cerebras.ai", "cerebras"},
    {"api.sambanova.ai", "sambanova"},
    {"api.studio.nebius.ai", "nebius"},
    {"api.novita.ai", "novita"},
    {"api.hyperbolic.xyz", "hyperbolic"},
    {"api.perplexity.ai", "perplexity"},
    {"api.moonshot.ai", "moonshot"},
    {"api.replicate.com", "replicate"},
    {"integrate.api.nvidia.com", "nvidia"},
    {"ai-gateway.vercel.sh", "vercel"},
    {"models.github.ai", "github"},
    {"models.inference.ai.azure.com", "github"},
    {"api.githubcopilot.com", "github-copilot"},
    {"router.huggingface.co", "huggingface"},
    {"cloud.databricks.com", "databricks"},
    {"azuredatabricks.net", "databricks"},
    {"snowflakecomputing.com", "snowflake"},
  };

  // A URL's or address's host name, in lower case.
  private static String hostName(String address) {
    String text = address.strip().toLowerCase(Locale.ROOT);
    int scheme = text.indexOf("://");
    text = scheme < 0 ? text : text.substring(scheme + 3);
    int end = 0;
    boolean bracket = text.startsWith("[");
    while (end < text.length()) {
      char c = text.charAt(end);
      if (c == '/' || c == '?' || c == '#' || (c == ':' && !bracket)) {
        break;
      }
      bracket &= c != ']';
      end++;
    }
    text = text.substring(0, end);
    int user = text.lastIndexOf('@');
    return user < 0 ? text : text.substring(user + 1);
  }

  private static final Pattern PRIVATE =
      Pattern.compile(
          "localhost|127(?:\\.\\d+){3}|0\\.0\\.0\\.0|10(?:\\.\\d+){3}|192\\.168(?:\\.\\d+){2}"
              + "|172\\.(?:1[6-9]|2\\d|3[01])(?:\\.\\d+){2}|100\\.(?:6[4-9]|[7-9]\\d|1[01]\\d|12[0-7])"
              + "(?:\\.\\d+){2}|169\\.254(?:\\.\\d+){2}|\\[(?:::1|f[cd][0-9a-f:]*|fe80:[0-9a-f:]*)]"
              + "|[a-z0-9_-]+|.*\\.(?:local|localhost|internal|intranet|lan|home|corp|svc|home\\.arpa)"
              + "|.*\\.svc\\.cluster\\.local");

  /** Whether an address can be reached from inside one's own network only. */
  private static boolean isPrivate(String host) {
    return PRIVATE.matcher(host).matches();
  }
}
