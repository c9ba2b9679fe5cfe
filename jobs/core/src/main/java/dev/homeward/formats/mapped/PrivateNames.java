package dev.homeward.formats.mapped;

import dev.homeward.formats.records.CallNames;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Tells by its name a column that holds texts of calls, persons or secrets: its values are never
 * kept, and never looked at beyond whether they are numbers.
 */
final class PrivateNames {
  /** Texts that went to a model or came from it. */
  private static final Set<String> TEXTS =
      Set.of(
          "prompt",
          "prompts",
          "completion",
          "completions",
          "message",
          "messages",
          "content",
          "contents",
          "question",
          "answer",
          "query",
          "text",
          "body",
          "payload",
          "instruction",
          "instructions",
          "transcript",
          "input",
          "inputs",
          "output",
          "outputs",
          "response",
          "reply",
          "request",
          "system",
          "comment",
          "comments",
          "note",
          "notes",
          "description",
          "summary",
          "title",
          "subject",
          "frage",
          "antwort",
          "eingabe",
          "ausgabe",
          "reponse",
          "respuesta",
          "pregunta",
          "arguments",
          "args",
          "headers",
          "header",
          "stack",
          "traceback",
          "exception");

  /** People, and what tells who they are. */
  private static final Set<String> PEOPLE =
      Set.of(
          "user",
          "users",
          "username",
          "userid",
          "email",
          "mail",
          "phone",
          "person",
          "employee",
          "author",
          "login",
          "requester",
          "caller",
          "actor",
          "assignee",
          "firstname",
          "lastname",
          "fullname",
          "surname",
          "birthday",
          "ssn",
          "address",
          "ip",
          "ipaddress",
          "hostname",
          "useragent",
          "nutzer",
          "benutzer",
          "mitarbeiter",
          "utilisateur",
          "usuario",
          "utente",
          "member",
          "contact",
          "patient",
          "enduser",
          "creator",
          "createdby");

  /** Secrets. */
  private static final Set<String> SECRETS =
      Set.of(
          "key",
          "keys",
          "apikey",
          "secret",
          "secrets",
          "password",
          "passwort",
          "credential",
          "credentials",
          "auth",
          "authorization",
          "bearer",
          "cookie",
          "cookies",
          "jwt",
          "signature");

  /** What belongs to no person although its name has an id. */
  private static final Set<String> THINGS =
      Set.of(
          "project",
          "team",
          "app",
          "application",
          "tenant",
          "workload",
          "feature",
          "service",
          "org",
          "organization",
          "organisation",
          "workspace",
          "environment",
          "deployment",
          "product",
          "cluster",
          "department");

  /** Keys above names that say nothing of them. */
  private static final Set<String> FREE =
      Set.of(
          "meta",
          "metadata",
          "extra",
          "custom",
          "properties",
          "props",
          "attributes",
          "context",
          "dimensions",
          "labels",
          "tags",
          "info",
          "fields");

  private static final Set<String> IDS = Set.of("id", "ids", "uuid", "guid", "hash", "etag");

  private PrivateNames() {}

  /**
   * Whether a name is somebody's: {@code bob@acme.com}, {@code @bob}. Elasticsearch calls the time
   * of a record {@code @timestamp}.
   */
  static boolean isAddress(String column) {
    return column.replace("@timestamp", "").indexOf('@') >= 0;
  }

  /** Whether what a column of this name holds must never be kept. */
  static boolean isPrivate(String column) {
    if (isAddress(column)) {
      return true;
    }
    List<String> words = ColumnWords.of(column);
    boolean people = false;
    boolean count = false;
    for (String word : words) {
      people |= PEOPLE.contains(word) || SECRETS.contains(word);
      count |= ColumnWords.isToken(word) || ColumnWords.isMeasure(word);
    }
    String last = words.isEmpty() ? "" : words.get(words.size() - 1);
    boolean texts = TEXTS.contains(last);
    boolean person =
        last.equals("name")
            && words.size() > 1
            && Set.of(
                    "first",
                    "last",
                    "full",
                    "display",
                    "real",
                    "given",
                    "family",
                    "customer",
                    "client")
                .contains(words.get(words.size() - 2));
    return people || person || (texts && !count) || !CallNames.isKept(column) && !count;
  }

  /** The same of a value of JSON, by its key and the keys above it. */
  static boolean isPrivatePath(String path) {
    for (String key : path.split("/", -1)) {
      if (isPrivate(key)) {
        return true;
      }
    }
    return false;
  }

  /** The name under which policy rules find a column that no field has. */
  static String free(String path) {
    String name = path.strip();
    int slash = name.indexOf('/');
    if (slash > 0 && FREE.contains(name.substring(0, slash).toLowerCase(Locale.ROOT))) {
      name = name.substring(slash + 1);
    }
    return "metadata." + name.replace('/', '.');
  }

  /** Whether what stands below a key of this name is never looked into. */
  static boolean isPerson(String key) {
    for (String word : ColumnWords.of(key)) {
      if (PEOPLE.contains(word) || SECRETS.contains(word)) {
        return true;
      }
    }
    String last = key.toLowerCase(Locale.ROOT);
    return last.startsWith("message") || last.startsWith("content") || last.equals("tools");
  }

  /** Whether a column of this name tells one call, or one of many, from others. */
  static boolean isId(String path) {
    List<String> words = ColumnWords.of(path.substring(path.lastIndexOf('/') + 1));
    boolean id = false;
    boolean thing = false;
    for (String word : words) {
      id |= IDS.contains(word);
      thing |= THINGS.contains(word);
    }
    return id && !thing;
  }
}
