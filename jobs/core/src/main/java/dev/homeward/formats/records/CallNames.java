package dev.homeward.formats.records;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.homeward.calls.CallDraft;
import dev.homeward.calls.CallFlags;
import dev.homeward.formats.scan.Json;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Puts names into a call's attributes: bounded, never empty, and nothing under a key that speaks of
 * a person, a secret or an address.
 */
public final class CallNames {
  private static final int LONGEST = 256;

  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "user|mail|phone|secret|passw|token|credential|auth|cookie|address|prompt|message|content"
              + "|(^|[_.-])(ip|key|apikey|first_?name|last_?name|full_?name)($|[_.-])");

  /** Keys of metadata that name a program, whose values may hold the id of a run. */
  private static final Set<String> NAMES_OF_PROGRAMS =
      Set.of("agent", "agent_name", "app", "application", "service", "workflow", "workload");

  private CallNames() {}

  public static void add(CallDraft draft, String source, String value) {
    if (value != null && !value.isBlank()) {
      draft.attributes.add(source, value.length() <= LONGEST ? value : value.substring(0, LONGEST));
    }
  }

  /**
   * Adds a name that a program was given or gave itself, without the ids of runs in it; one that is
   * nothing but an id names nothing.
   */
  public static void addWithoutRun(CallDraft draft, String source, String value) {
    if (value != null) {
      add(
          draft,
          source,
          RunIds.cut(value.length() <= LONGEST ? value : value.substring(0, LONGEST)));
    }
  }

  /** Whether a key of free metadata may be kept: it speaks of no person, secret or text. */
  public static boolean isKept(String key) {
    return key.length() <= LONGEST && !PRIVATE_KEY.matcher(key.toLowerCase(Locale.ROOT)).find();
  }

  /** Adds a key of free metadata, unless key or value looks like a person's. */
  public static void addMetadata(CallDraft draft, String key, String value) {
    if (value == null || value.indexOf('@') >= 0 || key.length() > LONGEST) {
      return;
    }
    if (!PRIVATE_KEY.matcher(key.toLowerCase(Locale.ROOT)).find()) {
      add(draft, "metadata." + key, NAMES_OF_PROGRAMS.contains(key) ? lasting(value) : value);
    }
  }

  // A name that is nothing but an id is somebody's choice, and stays.
  private static String lasting(String name) {
    String rest = name.length() <= LONGEST ? RunIds.cut(name) : name;
    return rest.isBlank() ? name : rest;
  }

  /**
   * Adds what an object of free metadata holds, or JSON of one in a text; the rest is passed over.
   */
  public static void addAllMetadata(CallDraft draft, JsonParser p) throws IOException {
    if (p.currentToken() == JsonToken.VALUE_STRING) {
      try (JsonParser inner = Json.FACTORY.createParser(p.getText())) {
        if (inner.nextToken() == JsonToken.START_OBJECT) {
          addAllMetadata(draft, inner);
        }
      } catch (JsonProcessingException e) {
        // A text of its own, not JSON: it names nothing.
        return;
      }
      return;
    }
    if (p.currentToken() != JsonToken.START_OBJECT) {
      p.skipChildren();
      return;
    }
    for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
      addMetadata(draft, key, Json.skippedScalar(p));
    }
  }

  /** Whether a name is one of a few. */
  public static boolean isOneOf(String name, String... few) {
    for (String one : few) {
      if (one.equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** The provider in the one spelling that policies and prices know. */
  public static String provider(String logged) {
    return logged == null || logged.isBlank() ? null : logged.strip().toLowerCase(Locale.ROOT);
  }

  /** The name of a working directory, unless that is a person's home; null if there is none. */
  public static String repository(String directory) {
    if (directory == null) {
      return null;
    }
    String path = directory.replace('\\', '/');
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    path = path.substring(0, end);
    int slash = path.lastIndexOf('/');
    String parent = path.substring(0, Math.max(slash, 0)).toLowerCase(Locale.ROOT);
    boolean home = parent.equals("/home") || parent.endsWith("/users");
    return home || parent.endsWith(":/users") ? null : path.substring(slash + 1);
  }

  /** Adds the workload that the user gave for the whole source, if any. */
  public static void addGivenWorkload(CallDraft draft, ReadContext context) {
    if (context.workload().isPresent()) {
      draft.attributes.add("workload", context.workload().get());
      draft.flags |= CallFlags.GIVEN_BY_USER;
    }
  }
}
