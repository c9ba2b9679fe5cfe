package dev.homeward.formats.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Objects of OpenAI's API: chat completions and the chunks of a streamed one, responses, and the
 * lines of a batch's output. Input contains cache reads and writes; reasoning is part of output,
 * but for xAI's chat completions, which count it beside {@code completion_tokens}, as their total
 * says.
 *
 * <p>A chunk without usage is no call: only the last one has it, and only if the caller asked with
 * {@code stream_options.include_usage}. A line of a batch whose request was never run has no answer
 * and used nothing; it is no call either. Times are whole seconds; only a response tells when it
 * was completed. Every line of a batch counts as the batch tier, whatever its body says.
 *
 * <p>Many servers answer in this shape. Which one did is told by what it adds: Azure's content
 * filters, OpenRouter's {@code provider}, Groq's {@code x_groq}, the timings of llama.cpp and the
 * fingerprint of Ollama. Without such a mark a model that only OpenAI has is OpenAI's, a name with
 * the organisation that published the weights is of some other server, and of all others the
 * provider is not known.
 *
 * <pre>
 * {"id":"chatcmpl-1","object":"chat.completion","created":1777899907,"model":"gpt-5.6-luna","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":5}}
 * </pre>
 */
public final class OpenAiObject implements JsonAdapter {
  private static final String SOURCE = "openai";

  private final ReadContext context;
  private final Usage usage = new Usage();
  private CallDraft draft;
  private boolean batch;
  private boolean chat;
  private boolean chunk;
  private boolean answered;
  private boolean running;
  private long completed;
  private String marked;
  private long audio;

  public OpenAiObject(ReadContext context) {
    this.context = context;
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    draft = into;
    usage.clear();
    batch = false;
    chat = false;
    chunk = false;
    answered = false;
    running = false;
    completed = CallDraft.ABSENT;
    marked = null;
    audio = CallDraft.ABSENT;
    object(p);
    if (running || (chunk && usage.isMissing()) || (batch && !answered)) {
      return false;
    }
    Required.time(draft.startedAtMicros, "neither created nor created_at is there");
    Required.model(draft, context, "model is missing, and --hosted-model is not given");
    if (completed != CallDraft.ABSENT) {
      if (completed < draft.startedAtMicros) {
        throw new RejectedRecord(Reason.END_BEFORE_START, "completed_at is before created_at");
      }
      draft.durationMicros = completed - draft.startedAtMicros;
    }
    draft.provider = marked != null ? marked : provider(draft.requestModel);
    if (batch) {
      draft.serviceTier = ServiceTier.BATCH;
    }
    if (draft.operation == Operation.EMBEDDINGS && usage.output == CallDraft.ABSENT) {
      usage.output = usage.input == CallDraft.ABSENT ? CallDraft.ABSENT : 0;
    }
    if (chat && usage.total == CallDraft.ABSENT && isOfXai(draft.requestModel)) {
      usage.output += usage.output == CallDraft.ABSENT ? 0 : Math.max(usage.reasoning, 0);
    }
    usage.fillInclusive(draft, "prompt_tokens", "completion_tokens");
    CallNames.addGivenWorkload(draft, context);
    return true;
  }

  private static boolean isOfXai(String model) {
    return model.toLowerCase(Locale.ROOT).contains("grok");
  }

  private void object(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "id" -> Ids.identify(draft, SOURCE, p, context.keepIds());
        case "object" -> kind(Json.skippedScalar(p));
        case "created", "created_at" -> draft.startedAtMicros = Json.seconds(p, field);
        case "completed_at" -> completed = Json.seconds(p, field);
        case "model" -> {
          draft.requestModel = Json.text(p, field);
          draft.responseModel = draft.requestModel;
        }
        case "service_tier" -> tier(Json.skippedScalar(p));
        case "status" -> status(Json.skippedScalar(p));
        case "error" -> {
          if (p.currentToken() != JsonToken.VALUE_NULL) {
            draft.status = CallStatus.FAILURE;
          }
          p.skipChildren();
        }
        case "prompt_filter_results", "prompt_annotations", "content_filters" -> mark(p, "azure");
        case "x_groq" -> mark(p, "groq");
        case "timings" -> mark(p, "llama.cpp");
        case "system_fingerprint" -> {
          String fingerprint = Json.skippedScalar(p);
          marked = "fp_ollama".equals(fingerprint) ? "ollama" : marked;
        }
        case "provider" -> {
          // OpenRouter names the host that answered, and charges what that one does.
          String upstream = CallNames.provider(Json.skippedScalar(p));
          marked = upstream == null ? marked : upstream;
        }
        case "metadata" -> CallNames.addAllMetadata(draft, p);
        case "usage" -> usage(p);
        case "custom_id" -> batch = true;
        case "response", "body" -> {
          answered |= field.equals("body") && Json.isObject(p);
          object(p);
        }
        default -> p.skipChildren();
      }
    }
  }

  private void mark(JsonParser p, String provider) throws IOException {
    marked = p.currentToken() == JsonToken.VALUE_NULL ? marked : provider;
    p.skipChildren();
  }

  private static final Pattern OF_OPENAI =
      Pattern.compile(
          "(?:gpt-(?!oss|neo|j)|chatgpt|o\\d|text-embedding-|text-davinci|davinci|babbage|ft:|codex"
              + "|computer-use|omni-).*");

  /** Who answers with a model, where only one does. */
  private static String provider(String model) {
    String name = model.toLowerCase(Locale.ROOT);
    if (name.startsWith("gpt-35")) {
      return "azure";
    }
    if (OF_OPENAI.matcher(name).matches()) {
      return SOURCE;
    }
    if (name.equals("deepseek-chat") || name.equals("deepseek-reasoner")) {
      return "deepseek";
    }
    return name.indexOf('/') > 0 ? "openai-compatible" : null;
  }

  private void kind(String object) {
    chat |= object != null && object.startsWith("chat.completion");
    chunk |= "chat.completion.chunk".equals(object);
    if ("list".equals(object)) {
      draft.operation = Operation.EMBEDDINGS;
    }
  }

  private void status(String status) {
    if (status == null) {
      return;
    }
    switch (status) {
      case "failed" -> draft.status = CallStatus.FAILURE;
      case "incomplete", "cancelled" -> draft.flags |= CallFlags.INTERRUPTED;
      case "in_progress", "queued" -> running = true;
      default -> {}
    }
  }

  private void tier(String word) {
    if (word != null) {
      draft.serviceTier =
          switch (word.toLowerCase(Locale.ROOT)) {
            case "flex" -> ServiceTier.FLEX;
            case "priority", "fast" -> ServiceTier.PRIORITY;
            case "batch" -> ServiceTier.BATCH;
            default -> ServiceTier.STANDARD;
          };
    }
  }

  private void usage(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "prompt_tokens", "input_tokens" -> usage.input = Json.tokens(p, field);
        case "completion_tokens", "output_tokens" -> usage.output = Json.tokens(p, field);
        case "cached_tokens", "prompt_cache_hit_tokens" -> usage.cacheRead = Json.tokens(p, field);
        case "cache_write_tokens" -> usage.cacheWrite = Json.tokens(p, field);
        case "reasoning_tokens" -> usage.reasoning = Json.tokens(p, field);
        case "total_tokens" -> usage.total = Json.tokens(p, field);
        case "audio_tokens" -> audio = Json.tokens(p, field);
        case "prompt_tokens_details", "input_tokens_details" -> {
          usage(p);
          draft.audioInputTokens = audio;
          audio = CallDraft.ABSENT;
        }
        case "completion_tokens_details", "output_tokens_details" -> {
          usage(p);
          draft.audioOutputTokens = audio;
          audio = CallDraft.ABSENT;
        }
        default -> p.skipChildren();
      }
    }
  }
}
