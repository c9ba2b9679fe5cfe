package dev.homeward.formats.cloud;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.calls.Operation;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.Required;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.records.Usage;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/**
 * Azure API Management's log of language models, {@code ApiManagementGatewayLlmLog}: CSV or JSON
 * lines of Log Analytics. It does not tell cached input: all input counts as uncached, so a price
 * found for it is an upper bound.
 *
 * <p>One call stands on several rows with a {@code SequenceNumber} where its texts are long; they
 * share {@code CorrelationId} and {@code RequestId} and are copies. It has neither a duration nor a
 * time to first token. The texts are not read.
 */
public final class ApimLlmLog implements JsonAdapter, CsvAdapter {
  private static final String SOURCE = "apim";

  private final ReadContext context;
  private final SourceTimes times;
  private final Usage usage = new Usage();
  private String[] header;
  private CallDraft draft;
  private String correlation;
  private String request;
  private String deployment;

  public ApimLlmLog(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    reset(into);
    fields(p);
    return finish();
  }

  private void fields(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "properties" -> fields(p);
        case "TimeGenerated", "time" -> draft.startedAtMicros = times.utc(p, field);
        case "PromptTokens", "promptTokens" -> usage.input = tokens(p, field);
        case "CompletionTokens", "completionTokens" -> usage.output = tokens(p, field);
        case "TotalTokens", "totalTokens" -> usage.total = tokens(p, field);
        default -> text(field, CallNames.isOneOf(field, TEXTS) ? Json.skippedScalar(p) : skip(p));
      }
    }
  }

  /** A count; queries of Log Analytics write numbers as texts. */
  private static long tokens(JsonParser p, String field) throws IOException, RejectedRecord {
    if (p.currentToken() != JsonToken.VALUE_STRING) {
      return Json.tokens(p, field);
    }
    String text = p.getText();
    return text.isEmpty() ? CallDraft.ABSENT : Json.tokens(text, field);
  }

  private static String skip(JsonParser p) throws IOException {
    p.skipChildren();
    return null;
  }

  private static final String[] TEXTS = {
    "CorrelationId", "correlationId", "RequestId", "requestId", "OperationName", "operationName",
    "DeploymentName", "deploymentName", "ModelName", "modelName", "Region", "location"
  };

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    CsvRecords.needed(columns, "TimeGenerated");
    CsvRecords.needed(columns, "PromptTokens");
    CsvRecords.needed(columns, "CompletionTokens");
  }

  @Override
  public boolean read(CsvRecord record, CallDraft into) throws RejectedRecord {
    reset(into);
    for (int i = 0; i < header.length; i++) {
      if (record.isEmpty(i)) {
        continue;
      }
      switch (header[i]) {
        case "TimeGenerated" -> draft.startedAtMicros = times.utc(record.text(i), header[i]);
        case "PromptTokens" -> usage.input = Json.tokens(record.text(i), header[i]);
        case "CompletionTokens" -> usage.output = Json.tokens(record.text(i), header[i]);
        case "TotalTokens" -> usage.total = Json.tokens(record.text(i), header[i]);
        default -> {
          if (CallNames.isOneOf(header[i], TEXTS)) {
            text(header[i], record.text(i));
          }
        }
      }
    }
    return finish();
  }

  private void text(String field, String value) {
    if (value == null || value.isEmpty()) {
      return;
    }
    switch (field) {
      case "CorrelationId", "correlationId" -> correlation = value;
      case "RequestId", "requestId" -> request = value;
      case "DeploymentName", "deploymentName" -> deployment = value;
      case "ModelName", "modelName" -> draft.requestModel = value;
      case "Region", "location" -> draft.region = value;
      case "OperationName", "operationName" -> {
        if (value.toLowerCase(java.util.Locale.ROOT).contains("embedding")) {
          draft.operation = Operation.EMBEDDINGS;
        }
      }
      default -> {}
    }
  }

  private boolean finish() throws RejectedRecord {
    Required.time(draft.startedAtMicros, "TimeGenerated is missing");
    if (draft.requestModel == null) {
      draft.requestModel = deployment;
    }
    Required.model(draft, context, "neither ModelName nor DeploymentName is there");
    draft.provider = "azure";
    CallNames.add(draft, "metadata.deployment", deployment);
    if (draft.operation == Operation.EMBEDDINGS && usage.output == CallDraft.ABSENT) {
      usage.output = usage.input == CallDraft.ABSENT ? CallDraft.ABSENT : 0;
    }
    usage.fillInclusive(draft, "PromptTokens", "CompletionTokens");
    if (correlation != null || request != null) {
      Ids.identify(draft, SOURCE, correlation + "/" + request, context.keepIds());
    }
    draft.flags |= CallFlags.NO_CACHE_SPLIT;
    CallNames.addGivenWorkload(draft, context);
    return true;
  }

  private void reset(CallDraft into) {
    draft = into;
    usage.clear();
    correlation = null;
    request = null;
    deployment = null;
  }
}
