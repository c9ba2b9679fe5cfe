package dev.homeward.formats.mapped;

import dev.homeward.formats.mapped.Draft.Entry;
import dev.homeward.formats.mapped.TableSample.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the columns of names: the model, who asked, how it ended; all others are for rules. */
final class NameColumns {
  private static final Pattern MODEL =
      Pattern.compile(
          "(?i)(.*[/.:])?(gpt|chatgpt|o[1345](-|$)|claude|gemini|gemma|llama|mistral|mixtral|ministral|codestral|qwen|deepseek|command|text-embedding|grok|nova|titan|phi|kimi|glm|minimax|sonar|jamba|voyage|embed).*");
  private static final Set<String> MODEL_WORDS =
      Set.of(
          "model",
          "llm",
          "modell",
          "modele",
          "modelo",
          "modello",
          "engine",
          "deployment",
          "models");
  private static final Set<String> NOT_MODEL =
      Set.of(
          "provider",
          "vendor",
          "version",
          "family",
          "type",
          "group",
          "temperature",
          "class",
          "price",
          "cost",
          "hash",
          "params",
          "parameters",
          "size",
          "maker");
  private static final Set<String> ANSWERED =
      Set.of("response", "served", "actual", "used", "resolved", "returned", "answered");
  private static final Set<String> PROVIDER =
      Set.of("provider", "vendor", "anbieter", "fournisseur", "proveedor", "fornitore", "supplier");
  private static final Set<String> REGION = Set.of("region", "geo", "datacenter", "standort");
  private static final Set<String> STATUS =
      Set.of(
          "status",
          "state",
          "outcome",
          "success",
          "succeeded",
          "ok",
          "error",
          "failed",
          "failure",
          "result",
          "fehler",
          "erfolg",
          "successful",
          "errored",
          "statut",
          "estado");
  private static final Set<String> OF_SUCCESS =
      Set.of("success", "succeeded", "ok", "successful", "erfolg");
  private static final Set<String> OF_FAILURE =
      Set.of("error", "failed", "failure", "fehler", "errored");
  private static final Set<String> SESSION =
      Set.of("session", "conversation", "chat", "thread", "dialog", "dialogue", "sitzung", "conv");
  private static final Set<String> PARENT = Set.of("parent", "parents");

  /** Names of what a call was for, by how surely they are meant so. */
  private static final List<Set<String>> WORKLOAD =
      List.of(
          Set.of("workload", "usecase", "anwendungsfall"),
          Set.of(
              "app",
              "application",
              "feature",
              "anwendung",
              "aplicacion",
              "applicazione",
              "funktion",
              "appname"),
          Set.of(
              "task",
              "agent",
              "job",
              "pipeline",
              "workflow",
              "component",
              "scenario",
              "module",
              "product",
              "bot",
              "aufgabe",
              "tache",
              "produkt",
              "tool",
              "purpose",
              "zweck",
              "process"));

  private static final Map<String, Set<String>> RULES = rules();
  private static final int MOST_ATTRIBUTES = 200;
  private static final int MOST_WORDS = 20;

  private final Draft draft;

  NameColumns(Draft draft) {
    this.draft = draft;
  }

  private static Map<String, Set<String>> rules() {
    Map<String, Set<String>> rules = new LinkedHashMap<>();
    rules.put("project", Set.of("project", "projekt", "projet", "proyecto", "progetto"));
    rules.put(
        "team",
        Set.of(
            "team",
            "department",
            "dept",
            "squad",
            "abteilung",
            "equipe",
            "equipo",
            "departement",
            "departamento",
            "reparto"));
    rules.put("service", Set.of("service", "microservice", "dienst", "servicio"));
    rules.put("owner", Set.of("owner", "kostenstelle", "costcenter", "costcentre"));
    rules.put(
        "data-class", Set.of("classification", "dataclass", "sensitivity", "confidentiality"));
    rules.put("tag", Set.of("tag", "tags", "labels"));
    return rules;
  }

  private static boolean any(List<String> words, Set<String> of) {
    return words.stream().anyMatch(of::contains);
  }

  void model() {
    Column best = null;
    int most = 0;
    for (Column column : draft.left()) {
      List<String> words = ColumnWords.of(column.leaf);
      if (draft.values(column).isNames() && score(column, words) > most) {
        best = column;
        most = score(column, words);
      }
    }
    if (best != null) {
      draft.put(MappedField.REQUEST_MODEL, best);
    }
    for (Column column : draft.left()) {
      List<String> words = ColumnWords.of(column.leaf);
      boolean model = any(words, Set.of("model", "modell")) && !any(words, NOT_MODEL);
      if (model
          && any(words, ANSWERED)
          && draft.values(column).isNames()
          && !draft.has(MappedField.RESPONSE_MODEL)) {
        draft.put(MappedField.RESPONSE_MODEL, column);
      }
    }
  }

  private int score(Column column, List<String> words) {
    boolean named = any(words, MODEL_WORDS) && !any(words, NOT_MODEL);
    boolean known = draft.values(column).words().stream().anyMatch(v -> MODEL.matcher(v).matches());
    if (!named) {
      return known && !any(words, NOT_MODEL) && !PrivateNames.isId(column.leaf) ? 1 : 0;
    }
    int score =
        any(words, ANSWERED) ? 4 : words.contains("engine") || words.contains("deployment") ? 5 : 8;
    return score + (known ? 2 : 0) + (words.size() == 1 ? 1 : 0);
  }

  void others() {
    for (Column column : draft.left()) {
      List<String> words = ColumnWords.of(column.leaf);
      ColumnValues values = draft.values(column);
      if (any(words, PARENT) && !values.isEmpty()) {
        parents(column);
      } else if (any(words, PROVIDER) && values.isNames() && !draft.has(MappedField.PROVIDER)) {
        draft.put(MappedField.PROVIDER, column);
      } else if (any(words, REGION) && values.isNames() && !draft.has(MappedField.REGION)) {
        draft.put(MappedField.REGION, column);
      } else if (any(words, STATUS) && !draft.has(MappedField.STATUS) && !values.isEmpty()) {
        status(column, words);
      } else if (isTier(words) && isWords(values)) {
        tier(column);
      } else if (any(words, SESSION)
          && (PrivateNames.isId(column.leaf) || words.size() == 1)
          && !draft.has(MappedField.SESSION)) {
        draft.put(MappedField.SESSION, column);
      }
    }
    id();
    forRules();
    workload();
    rest();
  }

  private void parents(Column column) {
    draft.take(column);
    draft.notRead.add(column.name);
    draft.ask(
        true,
        "Do records repeat what stands in others? %s names parents, and a parent often repeats the counts of its children, which would count them twice."
            .formatted(MappingText.shown(column)),
        "row: call, if every row is a call of its own");
    draft.rowUnknown = true;
  }

  private static boolean isTier(List<String> words) {
    return words.contains("tier")
        || words.equals(List.of("batch"))
        || words.contains("batch") && words.contains("is");
  }

  private static boolean isWords(ColumnValues values) {
    return !values.isEmpty() && values.words().size() <= MOST_WORDS;
  }

  private void tier(Column column) {
    Set<String> known =
        Set.of(
            "standard",
            "default",
            "auto",
            "batch",
            "flex",
            "priority",
            "true",
            "false",
            "0",
            "1",
            "no",
            "yes",
            "on_demand");
    for (String word : draft.values(column).words()) {
      if (!known.contains(word.toLowerCase(Locale.ROOT))) {
        return;
      }
    }
    if (!draft.has(MappedField.SERVICE_TIER)) {
      draft.put(MappedField.SERVICE_TIER, column);
    }
  }

  private void status(Column column, List<String> words) {
    ColumnValues values = draft.values(column);
    boolean success = any(words, OF_SUCCESS);
    boolean failure =
        any(words, OF_FAILURE) && !words.contains("code") && !words.contains("message");
    if (!isWords(values) && !failure) {
      return;
    }
    if (!success && !failure) {
      boolean known =
          values.words().stream().allMatch(w -> StatusWords.isKnown(w.toLowerCase(Locale.ROOT)));
      if (!known) {
        return;
      }
      draft.put(MappedField.STATUS, column);
      return;
    }
    Entry entry = draft.put(MappedField.STATUS, column);
    if (success) {
      entry.failure = List.of("false", "0", "no", "n", "failed", "error");
    } else {
      entry.success = List.of("false", "0", "no", "n", "ok", "success");
    }
  }

  private void id() {
    for (Column column : draft.left()) {
      List<String> words = ColumnWords.of(column.leaf);
      boolean id = PrivateNames.isId(column.leaf) && !PrivateNames.isPerson(column.leaf);
      boolean many =
          any(words, Set.of("trace", "batch", "group", "user", "customer", "client", "run"));
      ColumnValues values = draft.values(column);
      // Numbers from 1 on tell rows of one table apart, not calls of several.
      boolean counted = values.isNumbers();
      if (id
          && !many
          && !counted
          && values.size() > 0
          && values.allDiffer()
          && !draft.has(MappedField.CALL_ID)) {
        draft.put(MappedField.CALL_ID, column);
      } else if (id) {
        draft.take(column);
        draft.notRead.add(column.name);
      }
    }
  }

  private void forRules() {
    for (Column column : draft.left()) {
      List<String> words = ColumnWords.of(column.leaf);
      if (!isKept(column) || draft.values(column).isEmpty()) {
        continue;
      }
      for (Map.Entry<String, Set<String>> rule : RULES.entrySet()) {
        boolean center =
            words.contains("cost") && (words.contains("center") || words.contains("centre"));
        boolean classed = words.contains("data") && words.contains("class");
        boolean fits =
            any(words, rule.getValue())
                || rule.getKey().equals("owner") && center
                || rule.getKey().equals("data-class") && classed;
        if (fits && !draft.attributes.containsKey(rule.getKey())) {
          draft.attributes.put(rule.getKey(), List.of(column.name));
          draft.take(column);
          break;
        }
      }
    }
  }

  private void workload() {
    for (Set<String> level : WORKLOAD) {
      List<Column> found = new ArrayList<>();
      for (Column column : draft.left()) {
        List<String> words = ColumnWords.of(column.leaf);
        boolean use = level.contains("usecase") && words.contains("use") && words.contains("case");
        if ((any(words, level) || use) && isKept(column) && draft.values(column).isNames()) {
          found.add(column);
        }
      }
      if (found.size() == 1) {
        draft.attributes.put("workload", List.of(found.get(0).name));
        draft.take(found.get(0));
        return;
      }
      if (found.size() > 1) {
        draft.ask(
            false,
            "Which column is the workload: %s? All are kept as names for policy rules until one is chosen."
                .formatted(MappingText.names(found)),
            "attributes: { workload: %s }".formatted(MappingText.yaml(found.get(0).name)));
        return;
      }
    }
  }

  private static boolean isKept(Column column) {
    return !PrivateNames.isPrivatePath(column.name) && !PrivateNames.isId(column.leaf);
  }

  private void rest() {
    int kept = draft.attributes.size();
    for (Column column : draft.left()) {
      boolean text = column.texts > 0;
      if (!isKept(column) || text || column.name.length() > MappingText.LONGEST_NAME) {
        draft.notRead.add(column.name);
      } else if (kept++ < MOST_ATTRIBUTES) {
        draft.attributes.putIfAbsent(PrivateNames.free(column.name), List.of(column.name));
      }
    }
  }
}
