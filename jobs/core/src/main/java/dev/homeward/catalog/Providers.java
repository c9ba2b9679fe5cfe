package dev.homeward.catalog;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The names under which logs, gateways and price files know a provider, as one word each: {@code
 * bedrock} for {@code aws.bedrock} and {@code bedrock_converse}, {@code vertex} for {@code
 * gcp.vertex_ai}, {@code local} for {@code ollama} and {@code hosted_vllm}. A name that is not
 * known stays as it is, in lower case.
 */
public final class Providers {
  /** No provider named: the maker's own price list. */
  static final String ANY = "";

  /** Servers that people run themselves, by the words of LiteLLM, OpenTelemetry and agents. */
  private static final String[] OWN_SERVERS = {
    "ollama",
    "ollama_chat",
    "vllm",
    "hosted_vllm",
    "lm_studio",
    "lmstudio",
    "lm-studio",
    "llamafile",
    "xinference",
    "llama_cpp",
    "llama-cpp",
    "llamacpp",
    "llama.cpp",
    "llama-server",
    "localai",
    "local_ai",
    "local",
    "localhost",
    "oobabooga",
    "text-generation-webui",
    "tgi",
    "text-generation-inference",
    "triton",
    "tritonserver",
    "mlx",
    "mlx_lm",
    "mlx-lm",
    "jan",
    "koboldcpp",
    "tabbyapi",
    "tabby",
    "exllama",
    "sglang",
    "docker_model_runner",
    "docker-model-runner",
    "lemonade",
    "ramalama",
    "infinity",
    "gpt4all",
    "openllm",
    "aphrodite",
    "tensorrt-llm",
    "tensorrt_llm",
    "trtllm",
    "lmdeploy",
    "self_hosted",
    "self-hosted",
    "selfhosted",
    "on-prem",
    "onprem",
    "on_prem"
  };

  /** What stands between a caller and a host, and says nothing of the host. */
  private static final Set<String> GATEWAYS =
      Set.of(
          "litellm",
          "litellm_proxy",
          "litellm-proxy",
          "portkey",
          "portkey-ai",
          "helicone",
          "kong",
          "envoy",
          "langchain",
          "langfuse",
          "default",
          "unknown",
          "other",
          "_other",
          "none",
          "null");

  /** Words of a server that speaks OpenAI's protocol, wherever it stands. */
  private static final Set<String> COMPATIBLE =
      Set.of("custom", "custom_openai", "openai_like", "openai-compatible", "openai_compatible");

  private static final Map<String, String> CANONICAL = new TreeMap<>();

  static {
    all("bedrock", "aws", "aws.bedrock", "aws_bedrock", "amazon-bedrock", "amazon_bedrock");
    all("bedrock", "amazon bedrock", "bedrock_converse", "bedrock_mantle", "bedrock-runtime");
    all("azure", "az.ai.openai", "azure.ai.openai", "azure.ai.inference", "azure_ai", "azureai");
    all("azure", "azure_openai", "azure-openai", "azure openai", "azure_text", "azure-ai-foundry");
    all("azure", "az.ai.inference", "azure-ai", "azure-cognitive-services", "azureopenai");
    all("vertex", "gcp.vertex_ai", "google-vertex", "google_vertex", "vertexai", "vertex-ai");
    all("vertex", "google.vertex", "google-vertex-anthropic", "google vertex", "google_vertexai");
    all("google", "gemini", "gcp.gemini", "gcp.gen_ai", "google_ai_studio", "google-ai-studio");
    all(
        "google",
        "google ai studio",
        "palm",
        "google_genai",
        "google-genai",
        "google.generative-ai");
    all("openai", "text-completion-openai", "openai-responses", "openai_chat");
    all("mistral", "mistral_ai", "mistralai", "text-completion-codestral", "codestral");
    all("xai", "x-ai", "x_ai");
    all("qwen", "dashscope", "alibaba", "alibaba-cloud");
    all("together", "together_ai", "togetherai", "together-ai", "together ai");
    all("fireworks", "fireworks_ai", "fireworks-ai", "fireworks ai", "fireworksai");
    all("vercel", "vercel_ai_gateway", "vercel-ai-gateway", "ai-gateway", "gateway");
    all("cohere", "cohere_chat");
    all("nvidia", "nvidia_nim", "nvidia-nim");
    all("watsonx", "ibm.watsonx.ai", "watsonx_text");
    all("moonshot", "moonshotai", "moonshot_ai");
    all("zai", "z-ai", "z.ai", "zhipuai", "zhipu");
    all("minimax", "minimaxi");
    all("deepinfra", "deep_infra", "deep-infra");
    all("lambda", "lambda_ai");
    all("amazon", "amazon_nova");
    all("github-copilot", "github_copilot", "copilot");
    all("huggingface", "hugging_face", "hf-inference");
    all("local", OWN_SERVERS);
    GATEWAYS.forEach(word -> CANONICAL.put(word, ANY));
    COMPATIBLE.forEach(word -> CANONICAL.put(word, "openai-compatible"));
  }

  private Providers() {}

  private static void all(String word, String... names) {
    for (String name : names) {
      CANONICAL.put(name, word);
    }
  }

  /** The one word of a provider's name; empty if there is no name, or that of a gateway. */
  public static String canonical(String name) {
    if (name == null) {
      return ANY;
    }
    String n = name.strip().toLowerCase(Locale.ROOT);
    String known = CANONICAL.get(n);
    if (known != null) {
      return known;
    }
    if (n.startsWith("vertex_ai")) {
      return "vertex";
    }
    // The AI SDK names what of the provider is called: openai.responses, amazon-bedrock.chat.
    int dot = n.lastIndexOf('.');
    return dot > 0 && INTERFACES.contains(n.substring(dot + 1))
        ? canonical(n.substring(0, dot))
        : n;
  }

  private static final Set<String> INTERFACES =
      Set.of("chat", "responses", "messages", "completion", "embedding", "language-model");

  /**
   * Whether a word before a model's name says who serves it. The names of makers do not: {@code
   * mistralai/...} is where weights are kept.
   */
  static boolean isRoute(String word) {
    return HOSTS.contains(word)
        || (CANONICAL.containsKey(word) && !MAKERS.contains(canonical(word)));
  }

  private static final Set<String> MAKERS =
      Set.of("mistral", "xai", "qwen", "cohere", "nvidia", "moonshot", "zai", "minimax");

  /** Hosts whose one name is the word itself. */
  private static final Set<String> HOSTS =
      Set.of(
          "bedrock",
          "azure",
          "vertex",
          "vertex_ai",
          "together",
          "fireworks",
          "openrouter",
          "groq",
          "deepinfra",
          "cerebras",
          "sambanova",
          "nebius",
          "novita",
          "hyperbolic",
          "databricks",
          "snowflake",
          "oci",
          "replicate",
          "perplexity",
          "cloudflare",
          "watsonx",
          "baseten",
          "anyscale",
          "nscale",
          "wandb",
          "ovhcloud",
          "scaleway",
          "gradient_ai",
          "lambda",
          "friendliai",
          "featherless_ai",
          "volcengine",
          "github",
          "heroku",
          "gmi",
          "crusoe",
          "vercel",
          "publicai",
          "tencent",
          "pinstripes",
          "aiml",
          "llamagate",
          "libertai",
          "tensormesh",
          "sagemaker",
          "huggingface",
          "sap",
          "chatgpt",
          "meta_llama",
          "siliconflow",
          "parasail",
          "chutes",
          "atlascloud",
          "inference_net",
          "openai_like");
}
