package dev.homeward.formats.agent;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.Items;
import dev.homeward.formats.records.JsonItemsAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.formats.scan.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * OTLP logs as JSON ({@code {"resourceLogs":[...]}}, a line or a document): the events by which
 * coding agents say what a call used. {@link EventFields} says which events are calls and how each
 * program counts; all others (prompts, tools, decisions, failed requests) are no calls. Bodies, but
 * the name of the event, and prompts are not read.
 */
public final class OtlpLogs implements JsonItemsAdapter {
  /** The same as of spans: an event and the span it stands in are one call. */
  static final String SOURCE = "otlp";

  private static final int LONGEST_NAME = 100;

  private final ReadContext context;
  private final EventFields fields = new EventFields();

  // What the resource says of all its records: source, value, ...
  private final List<String> resource = new ArrayList<>();
  private String service;
  private String scope;

  public OtlpLogs(ReadContext context) {
    this.context = context;
  }

  @Override
  public void read(JsonParser p, Items items) throws IOException, RejectedRecord {
    resource.clear();
    service = null;
    scope = null;
    object(p, items);
  }

  private void object(JsonParser p, Items items) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "resourceLogs", "scopeLogs", "instrumentationLibraryLogs" -> {
          for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
            if (field.equals("resourceLogs")) {
              resource.clear();
              service = null;
            }
            scope = null;
            object(p, items);
          }
        }
        case "resource" -> resource(p);
        case "scope", "instrumentationLibrary" -> scope(p);
        case "logRecords" -> records(p, items);
        default -> p.skipChildren();
      }
    }
  }

  private void scope(JsonParser p) throws IOException {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      String value = Json.skippedScalar(p);
      scope = field.equals("name") ? value : scope;
    }
  }

  private void resource(JsonParser p) throws IOException, RejectedRecord {
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equals("attributes")) {
        attributes(p, true);
      } else {
        p.skipChildren();
      }
    }
  }

  private void records(JsonParser p, Items items) throws IOException {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      int outside = Json.depth(p) - (p.currentToken().isStructStart() ? 1 : 0);
      CallDraft draft = items.next();
      try {
        if (record(p, draft)) {
          items.add();
        } else {
          items.ignore();
        }
      } catch (RejectedRecord e) {
        // The record is lost, the ones beside it are not: what follows of it is read past.
        Json.climb(p, outside);
        items.reject(e);
      }
    }
  }

  private boolean record(JsonParser p, CallDraft draft) throws IOException, RejectedRecord {
    fields.clear();
    long observed = CallDraft.ABSENT;
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      switch (field) {
        case "timeUnixNano" -> fields.atMicros = nanos(p, field);
        case "observedTimeUnixNano" -> observed = nanos(p, field);
        case "traceId" -> fields.traceId = Json.skippedScalar(p);
        case "spanId" -> fields.spanId = Json.skippedScalar(p);
        case "eventName" -> fields.body = name(Json.skippedScalar(p), fields.body);
        case "body" -> body(p);
        case "attributes" -> attributes(p, false);
        default -> p.skipChildren();
      }
    }
    if (fields.atMicros == CallDraft.ABSENT) {
      fields.atMicros = observed;
    }
    String program = service == null ? scope : service;
    if (!fields.isCall(program)) {
      return false;
    }
    fields.fill(draft, context, service);
    for (int i = 0; i < resource.size(); i += 2) {
      CallNames.add(draft, resource.get(i), resource.get(i + 1));
    }
    return true;
  }

  /** 0 stands for a time that is not known. */
  private static long nanos(JsonParser p, String field) throws IOException, RejectedRecord {
    String text = Json.skippedScalar(p);
    boolean told = text != null && !text.isEmpty() && !text.equals("0");
    return told ? Times.ofNanos(text, field) : CallDraft.ABSENT;
  }

  /** The body of an event is its name; a long one is something else. */
  private void body(JsonParser p) throws IOException {
    for (String kind = Json.firstField(p); kind != null; kind = Json.nextField(p)) {
      if (kind.equals("stringValue")) {
        fields.body = name(Json.skippedScalar(p), fields.body);
      } else {
        p.skipChildren();
      }
    }
  }

  static String name(String told, String known) {
    boolean fits = told != null && !told.isEmpty() && told.length() <= LONGEST_NAME;
    return fits ? told : known;
  }

  private void attributes(JsonParser p, boolean ofResource) throws IOException, RejectedRecord {
    for (boolean item = Json.firstItem(p); item; item = Json.nextItem(p)) {
      String key = null;
      for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
        if (field.equals("key")) {
          key = Json.skippedScalar(p);
        } else if (field.equals("value") && key != null) {
          value(p, key, ofResource);
        } else {
          p.skipChildren();
        }
      }
    }
  }

  /** The value of an attribute: one field that names its type. */
  private void value(JsonParser p, String key, boolean ofResource)
      throws IOException, RejectedRecord {
    for (String kind = Json.firstField(p); kind != null; kind = Json.nextField(p)) {
      if (p.currentToken().isStructStart()) {
        p.skipChildren();
      } else if (ofResource) {
        resource(key, p.getText());
      } else {
        fields.set(key, p);
      }
    }
  }

  private void resource(String key, String value) {
    if (key.equals("service.name")) {
      service = value.startsWith("unknown_service") ? service : value;
    } else {
      addResource(resource, key, value);
    }
  }

  /** Adds what a resource says of the program's place in the company: source, value. */
  static void addResource(List<String> into, String key, String value) {
    String source =
        switch (key) {
          case "service.namespace", "team", "team.id", "team.name" -> "team";
          case "deployment.environment", "deployment.environment.name" -> "metadata.environment";
          case "department", "cost_center", "project", "project.name", "repository" ->
              "metadata." + key;
          default -> null;
        };
    if (source != null) {
      into.add(source);
      into.add(value);
    }
  }
}
