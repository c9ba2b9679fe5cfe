package dev.homeward.formats.tracer;

import dev.homeward.formats.records.CallNames;
import java.util.Set;

/** The AI SDK's words: it names a provider together with the interface that was called. */
final class AiSdk {
  private static final Set<String> INTERFACES =
      Set.of(
          "chat",
          "completion",
          "responses",
          "messages",
          "embedding",
          "text-embedding",
          "image",
          "generative-ai");

  private AiSdk() {}

  /** The provider of {@code openai.responses}; any other name as it is, in small letters. */
  static String provider(String logged) {
    String name = CallNames.provider(logged);
    int last = name == null ? -1 : name.lastIndexOf('.');
    if (last < 0 || !INTERFACES.contains(name.substring(last + 1))) {
      return name;
    }
    if (name.startsWith("google.vertex") || name.startsWith("vertex.")) {
      return "vertex_ai";
    }
    return name.substring(0, name.indexOf('.'));
  }
}
