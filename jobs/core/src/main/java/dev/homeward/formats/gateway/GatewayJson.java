package dev.homeward.formats.gateway;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import java.io.IOException;

/** A gateway's log with one JSON object a call: {@link #field} for each field, then the end. */
abstract class GatewayJson extends GatewayRecord implements JsonAdapter {
  GatewayJson(ReadContext context) {
    super(context);
  }

  @Override
  public final boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    begin(into);
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      field(p, field);
    }
    return end();
  }

  /** Reads the value that the parser stands on, or skips it: {@code p.skipChildren()}. */
  abstract void field(JsonParser p, String field) throws IOException, RejectedRecord;
}
