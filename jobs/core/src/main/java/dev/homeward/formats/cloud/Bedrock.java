package dev.homeward.formats.cloud;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallStatus;
import dev.homeward.calls.Operation;
import dev.homeward.formats.records.AnthropicTokens;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Amazon Bedrock's model invocation log, one object a line or a file. Cache reads and writes stand
 * beside the input tokens, not in them.
 *
 * <p>{@code timestamp} is taken as the end of the call, of whole seconds, where the log tells a
 * latency (the Converse operations do), and as its start where it does not. A model id may be the
 * ARN of an application inference profile, which does not say the model: {@code --hosted-model}
 * names it, and the profile's id is kept as {@code metadata.inference_profile}. Of the caller's ARN
 * only the role is kept, as {@code service}; the name of its session is often a person's. Bodies
 * are read past, but for the usage and latency in the answer of Converse, and for how long the
 * answer says that cache writes stay.
 */
public final class Bedrock implements JsonAdapter {
  private static final String SOURCE = "bedrock";
  private static final String PROFILE = ":application-inference-profile/";
  private static final String ROLE = ":assumed-role/";

  private final ReadContext context;
  private final SourceTimes times;
  private final Usage usage = new Usage();
  private final Usage body = new Usage();
  private CallDraft draft;
  private long time;

  // Input of the answer in Anthropic's own shape.
  private long answerInput;

  public Bedrock(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    draft = into;
    usage.clear();
    body.clear();
    time = CallDraft.ABSENT;
    answerInput = CallDraft.ABSENT;
    String model = null;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "timestamp" -> time = times.utc(p, field);
        case "region" -> draft.region = Json.text(p, field);
        case "requestId" -> Ids.identify(draft, SOURCE, p, context.keepIds());
        case "modelId" -> model = Json.text(p, field);
        case "errorCode" -> failure(Json.skippedScalar(p));
        case "status" -> status(Json.skippedScalar(p));
        case "requestMetadata" -> CallNames.addAllMetadata(draft, p);
        case "identity" -> identity(p);
        case "input", "output" -> side(p);
        default -> p.skipChildren();
      }
    }
    Required.time(time, "timestamp is missing");
    draft.startedAtMicros =
        draft.durationMicros == CallDraft.ABSENT ? time : time - draft.durationMicros;
    draft.provider = SOURCE;
    model(model);
    if (usage.isMissing()) {
      body.fillDisjoint(draft, "usage.inputTokens", "usage.outputTokens");
    } else {
      if (draft.operation == Operation.EMBEDDINGS && usage.output == CallDraft.ABSENT) {
        usage.output = 0;
      }
      lifetimesOfWrites();
      if (usage.input == answerInput) {
        // The log counts what the top level of the answer counts, without compactions.
        usage.addBesideOf(body);
      }
      usage.fillDisjoint(draft, "inputTokenCount", "outputTokenCount");
    }
    CallNames.addGivenWorkload(draft, context);
    return true;
  }

  /** The counts beside the answer do not say how long writes stay; the answer does. */
  private void lifetimesOfWrites() {
    long told = Math.max(body.cacheWrite5m, 0) + Math.max(body.cacheWrite1h, 0);
    if (told <= Math.max(usage.cacheWrite, 0) || usage.cacheWrite == CallDraft.ABSENT) {
      usage.cacheWrite5m = body.cacheWrite5m;
      usage.cacheWrite1h = body.cacheWrite1h;
    } else {
      usage.unexplained = true;
    }
  }

  private void model(String id) throws RejectedRecord {
    String model = id;
    int profile = id == null ? -1 : id.indexOf(PROFILE);
    if (profile >= 0) {
      CallNames.add(draft, "metadata.inference_profile", id.substring(profile + PROFILE.length()));
      // Kept under the profile's own name, which no price book knows, unless the user names the
      // model.
      model = context.hostedModel().orElse(id.substring(profile + 1));
    } else if (id != null && id.startsWith("arn:")) {
      model = id.substring(id.lastIndexOf('/') + 1);
    }
    draft.requestModel = model == null ? context.hostedModel().orElse(null) : model;
    if (draft.requestModel == null) {
      throw new RejectedRecord(
          Reason.MISSING_MODEL, "modelId is missing, and --hosted-model is not given");
    }
    if (draft.requestModel.contains("embed")) {
      draft.operation = Operation.EMBEDDINGS;
    }
  }

  private void failure(String code) {
    if (code != null && !code.isEmpty()) {
      draft.status = CallStatus.FAILURE;
    }
  }

  private void status(String status) {
    if (status != null && (status.startsWith("4") || status.startsWith("5"))) {
      draft.status = CallStatus.FAILURE;
    }
  }

  private void identity(JsonParser p) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      boolean arn = field.equals("arn");
      String value = arn ? Json.skippedScalar(p) : null;
      int role = value == null ? -1 : value.indexOf(ROLE);
      if (role >= 0) {
        String name = value.substring(role + ROLE.length());
        CallNames.add(draft, "service", name.substring(0, (name + "/").indexOf('/')));
      } else if (!arn) {
        p.skipChildren();
      }
    }
  }

  private void side(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "inputTokenCount" -> usage.input = Json.tokens(p, field);
        case "outputTokenCount" -> usage.output = Json.tokens(p, field);
        case "cacheReadInputTokenCount" -> usage.cacheRead = Json.tokens(p, field);
        case "cacheWriteInputTokenCount" -> usage.cacheWrite = Json.tokens(p, field);
        case "outputBodyJson" -> body(p);
        default -> p.skipChildren();
      }
    }
  }

  private void body(JsonParser p) throws IOException, RejectedRecord {
    if (p.currentToken() == JsonToken.START_ARRAY) {
      // A streamed answer of the older operations: events, some of which hold usage.
      for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
        body(p);
      }
      return;
    }
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "latencyMs" -> draft.durationMicros = Json.millis(p, field);
        case "inputTokens" -> body.input = Json.tokens(p, field);
        case "outputTokens" -> body.output = Json.tokens(p, field);
        case "cacheReadInputTokens" -> body.cacheRead = Json.tokens(p, field);
        case "cacheWriteInputTokens" -> body.cacheWrite = Json.tokens(p, field);
        case "cacheDetails" -> lifetimes(p);
        // In Anthropic's own shape, from InvokeModel.
        case "input_tokens" -> answerInput = larger(answerInput, p, field);
        case "iterations" -> AnthropicTokens.iterations(p, body, draft);
        case "ephemeral_5m_input_tokens" -> body.cacheWrite5m = larger(body.cacheWrite5m, p, field);
        case "ephemeral_1h_input_tokens" -> body.cacheWrite1h = larger(body.cacheWrite1h, p, field);
        case "cache_creation", "message", "metadata", "metrics", "usage" -> body(p);
        default -> p.skipChildren();
      }
    }
  }

  // Later events of a stream repeat the counts of the first one.
  private static long larger(long known, JsonParser p, String field)
      throws IOException, RejectedRecord {
    return Math.max(known, Json.tokens(p, field));
  }

  /** How long what was written to the cache stays there, with the tokens of each lifetime. */
  private void lifetimes(JsonParser p) throws IOException, RejectedRecord {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      String lifetime = null;
      long tokens = CallDraft.ABSENT;
      for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
        switch (field) {
          case "ttl" -> lifetime = Json.skippedScalar(p);
          case "inputTokens" -> tokens = Json.tokens(p, field);
          default -> p.skipChildren();
        }
      }
      if ("1h".equals(lifetime)) {
        body.cacheWrite1h = Math.max(body.cacheWrite1h, 0) + Math.max(tokens, 0);
      } else if ("5m".equals(lifetime)) {
        body.cacheWrite5m = Math.max(body.cacheWrite5m, 0) + Math.max(tokens, 0);
      }
    }
  }
}
