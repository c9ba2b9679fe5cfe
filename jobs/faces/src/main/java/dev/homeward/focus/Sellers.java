package dev.homeward.focus;

import dev.homeward.catalog.HostedModel;
import dev.homeward.catalog.HostedModels;
import dev.homeward.catalog.ServedBy;
import java.util.Map;

/** Who sells what, as invoices name it; a host that is not known here is called as logs call it. */
final class Sellers {
  /** Who the host of a call is if neither the log nor the catalog says. */
  static final String UNKNOWN = "Unknown";

  /**
   * A host as people know it.
   *
   * @param name of the company
   * @param service of it that answers calls of models
   */
  record Seller(String name, String service) {}

  private static final Map<String, Seller> HOSTS =
      Map.ofEntries(
          Map.entry("anthropic", new Seller("Anthropic", "Claude API")),
          Map.entry("openai", new Seller("OpenAI", "OpenAI API")),
          Map.entry("azure", new Seller("Microsoft", "Azure OpenAI")),
          Map.entry("bedrock", new Seller("AWS", "Amazon Bedrock")),
          Map.entry("vertex", new Seller("Google Cloud", "Vertex AI")),
          Map.entry("google", new Seller("Google", "Gemini API")),
          Map.entry("mistral", new Seller("Mistral AI", "Mistral API")),
          Map.entry("xai", new Seller("xAI", "xAI API")),
          Map.entry("deepseek", new Seller("DeepSeek", "DeepSeek API")),
          Map.entry("qwen", new Seller("Alibaba Cloud", "Model Studio")),
          Map.entry("cohere", new Seller("Cohere", "Cohere API")),
          Map.entry("openrouter", new Seller("OpenRouter", "OpenRouter API")),
          Map.entry("groq", new Seller("Groq", "GroqCloud")),
          Map.entry("together", new Seller("Together AI", "Together API")),
          Map.entry("fireworks", new Seller("Fireworks AI", "Fireworks API")));

  /** Makers whose company is called otherwise than what they sell. */
  private static final Map<String, String> MAKERS =
      Map.of("amazon", "Amazon", "meta", "Meta", "qwen", "Alibaba", "moonshot", "Moonshot AI");

  private Sellers() {}

  /** The word of the host of calls of a model at a place, as in the column served_by. */
  static String host(String place, String hostedModel, HostedModels models) {
    String host = ServedBy.parse(place).host();
    return host.isEmpty() ? models.byId(hostedModel).map(HostedModel::provider).orElse("") : host;
  }

  /** The host of a word. */
  static Seller of(String host) {
    if (host.isEmpty()) {
      return new Seller(UNKNOWN, UNKNOWN);
    }
    return HOSTS.getOrDefault(host, new Seller(host, host + " API"));
  }

  /** Who made a model; its host where the catalog does not know it. */
  static String publisher(String hostedModel, String host, HostedModels models) {
    String maker = models.byId(hostedModel).map(HostedModel::provider).orElse(host);
    return MAKERS.getOrDefault(maker, of(maker).name());
  }
}
