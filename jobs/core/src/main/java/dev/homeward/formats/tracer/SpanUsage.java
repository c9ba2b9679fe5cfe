package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.Operation;
import dev.homeward.formats.records.CountNames;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The token counts among a span's attributes, under the names that instrumentations use. By the
 * conventions of OpenTelemetry and OpenInference input contains cache reads and writes and output
 * contains reasoning. Some instrumentations pass a provider's counts on instead, where the cached
 * tokens stand beside the input: that is known of a few by their name, told by the span's total or
 * by cached tokens that exceed the input, and else in doubt for the providers that count so.
 */
final class SpanUsage {
  private static final String[] PREFIXES = {
    "gen_ai.usage.", "llm.usage.", "llm.token_count.", "ai.usage."
  };

  /** Instrumentations that leave cached tokens out of the input, in small letters. */
  private static final String[] LEAVE_CACHED_OUT = {
    "opentelemetry.instrumentation.bedrock", "rubyllm", "ruby_llm"
  };

  private static final int MOST_NAMES = 1_000;

  private final Map<String, CountNames> known = new HashMap<>();
  private final Usage usage = new Usage();
  private long uncached;
  private boolean inDoubt;
  private boolean cachedByAiSdk;
  private boolean detailsByAiSdk;
  private String aiProvider;

  void clear() {
    usage.clear();
    uncached = CallDraft.ABSENT;
    inDoubt = false;
    cachedByAiSdk = false;
    detailsByAiSdk = false;
    aiProvider = null;
  }

  boolean isMissing() {
    return usage.isMissing();
  }

  /** The provider in the words of the AI SDK, which count as the provider does. */
  void aiProvider(String word) {
    aiProvider = word;
  }

  /** Takes the attribute at the parser if it is a count. */
  boolean take(String key, JsonParser p) throws IOException, RejectedRecord {
    CountNames meaning = known.get(key);
    if (meaning == null) {
      String name = name(key);
      if (name == null) {
        return false;
      }
      meaning = meaning(key, name);
      if (known.size() < MOST_NAMES) {
        known.put(key, meaning);
      }
    }
    JsonToken token = p.currentToken();
    if (meaning == CountNames.OTHER
        || token == JsonToken.VALUE_NULL
        || token == JsonToken.VALUE_TRUE
        || token == JsonToken.VALUE_FALSE) {
      return true;
    }
    add(meaning, Json.tokens(p.getText(), key));
    boolean cached = meaning != CountNames.INPUT && key.contains("cache");
    inDoubt |= cached && key.endsWith("_input_tokens") && !key.contains(".details.");
    cachedByAiSdk |= key.equals("ai.usage.cachedInputTokens");
    detailsByAiSdk |= key.startsWith("ai.usage.inputTokenDetails.");
    return true;
  }

  private static String name(String key) {
    for (String prefix : PREFIXES) {
      if (key.startsWith(prefix)) {
        return key.substring(prefix.length());
      }
    }
    return null;
  }

  private static CountNames meaning(String key, String name) {
    if (key.equals("ai.usage.tokens")) {
      return CountNames.INPUT;
    }
    CountNames meaning = CountNames.of(name);
    boolean whole =
        meaning == CountNames.INPUT || meaning == CountNames.OUTPUT || meaning == CountNames.TOTAL;
    // Details hold the provider's own counts again, whose input may be another one.
    return whole && name.startsWith("details.") ? CountNames.OTHER : meaning;
  }

  // The same count stands under an old and a new name where an exporter writes both.
  private void add(CountNames meaning, long tokens) {
    switch (meaning) {
      case INPUT -> usage.input = Math.max(usage.input, tokens);
      case UNCACHED -> uncached = Math.max(uncached, tokens);
      case CACHE_READ -> usage.cacheRead = Math.max(usage.cacheRead, tokens);
      case CACHE_WRITE -> usage.cacheWrite = Math.max(usage.cacheWrite, tokens);
      case CACHE_WRITE_5M -> usage.cacheWrite5m = Math.max(usage.cacheWrite5m, tokens);
      case CACHE_WRITE_1H -> usage.cacheWrite1h = Math.max(usage.cacheWrite1h, tokens);
      case OUTPUT -> usage.output = Math.max(usage.output, tokens);
      case REASONING -> usage.reasoning = Math.max(usage.reasoning, tokens);
      case TOTAL -> usage.total = Math.max(usage.total, tokens);
      case OTHER -> {}
    }
  }

  /**
   * Reads what a provider told the AI SDK beyond its own counts: JSON in a text, of which only
   * counts of the cache and of reasoning are looked at.
   */
  void providerMetadata(JsonParser p) throws IOException, RejectedRecord {
    if (p.currentToken() != JsonToken.VALUE_STRING) {
      p.skipChildren();
      return;
    }
    try (JsonParser inner = Json.FACTORY.createParser(p.getText())) {
      inner.nextToken();
      metadata(inner);
    } catch (JsonProcessingException e) {
      // Cut short by the exporter, or no JSON: the counts beside it stand.
      return;
    }
  }

  private void metadata(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (Json.isObject(p)) {
        metadata(p);
        continue;
      }
      if (p.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        p.skipChildren();
        continue;
      }
      CountNames meaning = CountNames.of(field);
      switch (meaning) {
        case CACHE_READ, CACHE_WRITE, CACHE_WRITE_5M, CACHE_WRITE_1H, REASONING ->
            add(meaning, Json.tokens(p, field));
        default -> {}
      }
    }
  }

  /** Gives a call its counts, which has its model and provider already. */
  void fill(CallDraft draft, String scope) throws RejectedRecord {
    if (draft.operation == Operation.EMBEDDINGS
        && usage.output == CallDraft.ABSENT
        && usage.input != CallDraft.ABSENT) {
      usage.output = 0;
    }
    long cached = usage.cached();
    boolean divided =
        uncached != CallDraft.ABSENT
            && (usage.input == CallDraft.ABSENT
                || usage.input == uncached
                || usage.input == uncached + cached);
    if (divided || leavesCachedOut(scope)) {
      usage.input = divided ? uncached : usage.input;
      boolean ownSum = usage.total == usage.input + usage.output;
      usage.total = ownSum ? CallDraft.ABSENT : usage.total;
      usage.fillDisjoint(draft, "input tokens", "output tokens");
      return;
    }
    boolean told = usage.total > 0 || usage.input == CallDraft.ABSENT || cached > usage.input;
    usage.fillAsTold(draft, "input tokens", "output tokens");
    if (inDoubt && cached > 0 && !told && countsBeside(draft)) {
      draft.flags |= CallFlags.CACHE_IN_DOUBT;
    }
  }

  private boolean leavesCachedOut(String scope) {
    if (cachedByAiSdk && !detailsByAiSdk && aiProvider != null) {
      return aiProvider.contains("anthropic") || aiProvider.startsWith("amazon-bedrock");
    }
    String lower = scope == null ? "" : scope.toLowerCase(Locale.ROOT);
    for (String one : LEAVE_CACHED_OUT) {
      if (lower.contains(one)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the provider itself counts cached tokens beside the input. */
  private static boolean countsBeside(CallDraft draft) {
    String names = draft.requestModel + ' ' + draft.responseModel + ' ' + draft.provider;
    String lower = names.toLowerCase(Locale.ROOT);
    return lower.contains("claude") || lower.contains("anthropic") || lower.contains("bedrock");
  }
}
