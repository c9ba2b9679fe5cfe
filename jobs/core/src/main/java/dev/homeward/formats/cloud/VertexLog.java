package dev.homeward.formats.cloud;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.Operation;
import dev.homeward.calls.ServiceTier;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.JsonDamage;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Vertex AI's request-response log, exported from BigQuery as JSON lines. {@code promptTokenCount}
 * contains cached tokens; what a tool put in is added to it; thoughts stand beside the candidates,
 * and both are output.
 *
 * <p>{@code logging_time} is when the answer was logged, so that the start lies {@code
 * request_latency_ms} before it where that is told. Labels of the request are its names. {@code
 * trafficType} tells flex and priority. If the log was sampled its rows do not say so.
 */
public final class VertexLog implements JsonAdapter {
  private static final String SOURCE = "vertex";

  private final ReadContext context;
  private final SourceTimes times;
  private final Usage usage = new Usage();
  private CallDraft draft;
  private long candidates;
  private long thoughts;
  private long toolUse;

  public VertexLog(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    draft = into;
    usage.clear();
    candidates = CallDraft.ABSENT;
    thoughts = CallDraft.ABSENT;
    toolUse = CallDraft.ABSENT;
    long logged = CallDraft.ABSENT;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "logging_time" -> {
          String text = Json.text(p, field);
          logged =
              text == null || text.isEmpty()
                  ? CallDraft.ABSENT
                  : times.utc(text.replace(" UTC", "Z"), field);
        }
        case "request_id" -> Ids.identify(draft, SOURCE, p, context.keepIds());
        case "endpoint" -> endpoint(Json.text(p, field));
        case "model" -> draft.requestModel = Json.text(p, field);
        case "full_request", "full_response", "metadata" -> inner(p);
        case "api_method" -> {
          String method = Json.skippedScalar(p);
          if (method != null && (method.contains("embed") || method.equals("predict"))) {
            draft.operation = Operation.EMBEDDINGS;
          }
        }
        default -> p.skipChildren();
      }
    }
    Required.time(logged, "logging_time is missing");
    Required.model(draft, context, "model is missing, and --hosted-model is not given");
    draft.startedAtMicros =
        draft.durationMicros == CallDraft.ABSENT ? logged : logged - draft.durationMicros;
    draft.provider = "vertex_ai";
    tokens();
    CallNames.addGivenWorkload(draft, context);
    return true;
  }

  private void tokens() throws RejectedRecord {
    if (candidates != CallDraft.ABSENT || thoughts != CallDraft.ABSENT) {
      usage.output = Math.max(candidates, 0) + Math.max(thoughts, 0);
    } else if (usage.input != CallDraft.ABSENT && draft.operation == Operation.EMBEDDINGS) {
      usage.output = 0;
    }
    usage.reasoning = thoughts;
    if (usage.input != CallDraft.ABSENT) {
      usage.input += Math.max(toolUse, 0);
    }
    usage.fillInclusive(draft, "promptTokenCount", "candidatesTokenCount");
  }

  /** Which quota served the call, and so at which price. */
  private void traffic(String type) {
    if (type == null || type.isEmpty()) {
      return;
    }
    switch (type) {
      case "ON_DEMAND_FLEX" -> draft.serviceTier = ServiceTier.FLEX;
      case "ON_DEMAND_PRIORITY" -> draft.serviceTier = ServiceTier.PRIORITY;
      // Paid by commitment and not by token, which is for the policy's billing-rules to say.
      case "PROVISIONED_THROUGHPUT" ->
          CallNames.add(draft, "metadata.traffic_type", "provisioned_throughput");
      default -> {}
    }
  }

  /** The sound among tokens that are listed by modality. */
  private static long audio(JsonParser p) throws IOException, RejectedRecord {
    long audio = CallDraft.ABSENT;
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      String modality = null;
      long tokens = CallDraft.ABSENT;
      for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
        switch (field) {
          case "modality" -> modality = Json.skippedScalar(p);
          case "tokenCount" -> tokens = Json.tokens(p, field);
          default -> p.skipChildren();
        }
      }
      if ("AUDIO".equals(modality)) {
        audio = Math.max(audio, tokens);
      }
    }
    return audio;
  }

  /** projects/P/locations/REGION/... */
  private void endpoint(String endpoint) {
    int at = endpoint == null ? -1 : endpoint.indexOf("/locations/");
    if (at >= 0) {
      String rest = endpoint.substring(at + "/locations/".length());
      draft.region = rest.substring(0, (rest + "/").indexOf('/'));
    }
  }

  // Objects of JSON columns, or the same as a text.
  private void inner(JsonParser p) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.VALUE_STRING) {
      try (JsonParser text = Json.FACTORY.createParser(p.getText())) {
        if (text.nextToken() == JsonToken.START_OBJECT) {
          inner(text);
        }
      } catch (IOException e) {
        throw JsonDamage.rejection(e, "a JSON column");
      }
      return;
    }
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "labels" -> CallNames.addAllMetadata(draft, p);
        case "request_latency_ms" -> draft.durationMicros = Json.millis(p, field);
        case "modelVersion" -> draft.responseModel = Json.text(p, field);
        case "usageMetadata" -> inner(p);
        case "promptTokenCount" -> usage.input = Json.tokens(p, field);
        case "cachedContentTokenCount" -> usage.cacheRead = Json.tokens(p, field);
        case "candidatesTokenCount" -> candidates = Json.tokens(p, field);
        case "totalTokenCount" -> usage.total = Json.tokens(p, field);
        case "trafficType" -> traffic(Json.skippedScalar(p));
        case "promptTokensDetails" -> draft.audioInputTokens = audio(p);
        case "candidatesTokensDetails" -> draft.audioOutputTokens = audio(p);
        case "thoughtsTokenCount" -> thoughts = Json.tokens(p, field);
        case "toolUsePromptTokenCount" -> toolUse = Json.tokens(p, field);
        default -> p.skipChildren();
      }
    }
  }
}
