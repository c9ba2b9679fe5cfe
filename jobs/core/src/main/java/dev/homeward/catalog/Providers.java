package dev.homeward.catalog;

import java.util.Locale;

/**
 * The names under which logs, gateways and price files know a provider, as one word each: {@code
 * bedrock} for {@code aws.bedrock} and {@code bedrock_converse}, {@code vertex} for {@code
 * gcp.vertex_ai}. A name that is not known stays as it is, in lower case.
 */
public final class Providers {
  /** No provider named: the maker's own price list. */
  static final String ANY = "";

  private Providers() {}

  /** The one word of a provider's name; empty if there is no name. */
  public static String canonical(String name) {
    if (name == null) {
      return ANY;
    }
    String n = name.strip().toLowerCase(Locale.ROOT);
    return switch (n) {
      case "aws", "aws.bedrock", "aws_bedrock", "amazon-bedrock", "amazon_bedrock" -> "bedrock";
      case "bedrock_converse", "bedrock_mantle" -> "bedrock";
      case "az.ai.openai", "azure.ai.openai", "azure.ai.inference", "azure_ai" -> "azure";
      case "azure_openai", "azure-openai", "azure_text" -> "azure";
      case "gcp.vertex_ai", "google-vertex", "google_vertex", "vertexai", "vertex-ai" -> "vertex";
      case "gemini", "gcp.gemini", "gcp.gen_ai", "google_ai_studio", "google-ai-studio" -> "google";
      case "x-ai", "x_ai" -> "xai";
      case "mistral_ai", "mistralai" -> "mistral";
      case "dashscope", "alibaba", "alibaba-cloud", "qwen" -> "qwen";
      default -> n.startsWith("vertex_ai") ? "vertex" : n;
    };
  }
}
