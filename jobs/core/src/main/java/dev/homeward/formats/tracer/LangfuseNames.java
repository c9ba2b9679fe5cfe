package dev.homeward.formats.tracer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.RunIds;
import dev.homeward.formats.scan.Json;
import java.io.IOException;

/**
 * Names that a trace of Langfuse, or an observation, gives its calls. What came through
 * OpenTelemetry keeps the span's and the resource's attributes in its metadata, where the names of
 * the agent and of the service stand. A trace that is named by what is done, or by the id of one
 * run, takes the name of the agent, else of the service.
 */
public final class LangfuseNames {
  /** The key of metadata under which the attributes of a span stand. */
  public static final String ATTRIBUTES = "attributes";

  /** The key of metadata under which the attributes of its resource stand. */
  public static final String RESOURCE = "resourceAttributes";

  /** The attribute that names the agent. */
  public static final String AGENT = "gen_ai.agent.name";

  /** The attribute that names the service. */
  public static final String SERVICE = "service.name";

  private String trace;
  private String agent;
  private String service;

  void clear() {
    trace = null;
    agent = null;
    service = null;
  }

  /** The name of the trace. */
  void trace(String name) {
    trace = name;
  }

  /** Takes metadata, an object or JSON of one in a text: its names go to the draft. */
  void metadata(CallDraft draft, JsonParser p) throws IOException {
    if (p.currentToken() == JsonToken.VALUE_STRING) {
      try (JsonParser inner = Json.FACTORY.createParser(p.getText())) {
        if (inner.nextToken() == JsonToken.START_OBJECT) {
          metadata(draft, inner);
        }
      } catch (JsonProcessingException e) {
        // A text of its own, not JSON: it names nothing.
        return;
      }
      return;
    }
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      if (key.equals(ATTRIBUTES) || key.equals(RESOURCE)) {
        attributes(p);
      } else if (key.startsWith(ATTRIBUTES + ".") || key.startsWith(RESOURCE + ".")) {
        // Langfuse 4 writes the keys of what lies inside with the keys above them.
        attribute(key.substring(key.indexOf('.') + 1), p);
      } else {
        CallNames.addMetadata(draft, key, Json.skippedScalar(p));
      }
    }
  }

  private void attributes(JsonParser p) throws IOException {
    if (p.currentToken() == JsonToken.VALUE_STRING) {
      try (JsonParser inner = Json.FACTORY.createParser(p.getText())) {
        if (inner.nextToken() == JsonToken.START_OBJECT) {
          attributes(inner);
        }
      } catch (JsonProcessingException e) {
        return;
      }
      return;
    }
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      attribute(key, p);
    }
  }

  private void attribute(String key, JsonParser p) throws IOException {
    switch (key) {
      case AGENT -> agent = lasting(Json.skippedScalar(p), agent);
      case SERVICE -> {
        String name = Json.skippedScalar(p);
        service =
            name == null || name.startsWith("unknown_service") ? service : lasting(name, service);
      }
      default -> p.skipChildren();
    }
  }

  private static String lasting(String name, String known) {
    String rest = RunIds.cut(name);
    return rest == null || rest.isBlank() ? known : rest;
  }

  /** The name by which calls are known as a service; null if there is none. */
  String service() {
    String name = RunIds.cut(trace);
    if (name != null && !RunIds.isGeneric(name)) {
      return name;
    }
    if (trace == null) {
      return service;
    }
    return agent != null ? agent : service != null ? service : name;
  }
}
