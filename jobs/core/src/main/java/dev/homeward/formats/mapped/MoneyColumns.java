package dev.homeward.formats.mapped;

import static dev.homeward.formats.mapped.CountColumns.any;
import static dev.homeward.formats.mapped.CountColumns.lastKey;

import dev.homeward.formats.mapped.Draft.Entry;
import dev.homeward.formats.mapped.TableSample.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the column that says what a call cost, and in which unit. */
final class MoneyColumns {
  private static final Set<String> MONEY =
      Set.of(
          "cost",
          "costs",
          "spend",
          "spent",
          "price",
          "amount",
          "charge",
          "charged",
          "charges",
          "billed",
          "bill",
          "fee",
          "kosten",
          "preis",
          "betrag",
          "cout",
          "couts",
          "prix",
          "coste",
          "precio",
          "costo",
          "usd",
          "dollar",
          "dollars",
          "eur",
          "euro",
          "euros",
          "cents",
          "gbp",
          "billing",
          "custo",
          "ausgaben");
  private static final Set<String> NOT_MONEY =
      Set.of(
          "per",
          "rate",
          "unit",
          "budget",
          "limit",
          "saved",
          "saving",
          "savings",
          "remaining",
          "token",
          "center",
          "centre",
          "code",
          "id",
          "currency",
          "name",
          "million",
          "1k",
          "1m",
          "type",
          "model",
          "credit",
          "credits",
          "quota",
          "balance");

  private final Draft draft;

  MoneyColumns(Draft draft) {
    this.draft = draft;
  }

  void find() {
    List<Column> totals = new ArrayList<>();
    List<Column> parts = new ArrayList<>();
    for (Column column : draft.left()) {
      List<String> leaf = ColumnWords.of(column.leaf);
      List<String> above = ColumnWords.of(lastKey(column.above));
      boolean named = any(leaf, MONEY) || any(above, MONEY) && !any(leaf, NOT_MONEY);
      if (!named || any(leaf, NOT_MONEY) || !draft.values(column).isNumbers()) {
        continue;
      }
      boolean part =
          any(leaf, CountColumns.IN)
              || any(leaf, CountColumns.OUT)
              || any(leaf, CountColumns.CACHE)
              || any(leaf, CountColumns.REASON);
      (part ? parts : totals).add(column);
    }
    List<Column> chosen = totals.isEmpty() ? parts : List.of(dollars(totals));
    totals.forEach(draft::take);
    parts.forEach(draft::take);
    List<Column> rest = new ArrayList<>(totals);
    rest.addAll(parts);
    rest.removeAll(chosen);
    rest.forEach(column -> draft.notRead.add(column.name));
    Entry entry = null;
    for (Column column : chosen) {
      entry = draft.put(MappedField.COST, column);
    }
    if (entry != null) {
      unit(entry, chosen.get(0));
    }
  }

  private Column dollars(List<Column> totals) {
    for (Column column : totals) {
      if (ColumnWords.of(column.leaf).contains("usd") || draft.values(column).contains("$")) {
        return column;
      }
    }
    for (Column column : totals) {
      if (any(ColumnWords.of(column.leaf), CountColumns.TOTAL)) {
        return column;
      }
    }
    return totals.get(0);
  }

  private void unit(Entry entry, Column column) {
    List<String> words = new ArrayList<>(ColumnWords.of(column.leaf));
    words.addAll(ColumnWords.of(lastKey(column.above)));
    ColumnValues values = draft.values(column);
    boolean dollars =
        words.contains("usd") || words.contains("dollar") || words.contains("dollars");
    if (words.contains("cents") || words.contains("cent")) {
      entry.unit = Optional.of(MappedUnit.CENTS);
    } else if (words.contains("micros") || words.contains("micro") || words.contains("microusd")) {
      entry.unit = Optional.of(MappedUnit.MICRO_USD);
    } else if (words.contains("nano") || words.contains("nanousd")) {
      entry.unit = Optional.of(MappedUnit.NANO_USD);
    } else if (dollars || values.contains("$") || values.contains("USD")) {
      entry.unit = Optional.of(MappedUnit.USD);
      entry.why = dollars ? "" : "its values are in dollars";
    } else if (any(words, Set.of("eur", "euro", "euros"))
        || values.contains("€")
        || values.contains("EUR")) {
      currency(entry, column, "EUR");
    } else if (words.contains("gbp") || values.contains("£")) {
      currency(entry, column, "GBP");
    } else {
      draft.open(entry);
      draft.ask(
          false,
          "Is %s in dollars or in cents, or in another currency? It is not read until that is said; prices come from the price book."
              .formatted(MappingText.shown(column)),
          "columns: { cost: { column: %s, unit: usd } }, or cents, micro-usd; or usd: 1.08, the dollars that one unit is worth"
              .formatted(MappingText.yaml(column.name)));
    }
  }

  private void currency(Entry entry, Column column, String currency) {
    draft.open(entry);
    draft.ask(
        false,
        "How many dollars is one %s worth? %s is not read until that is said; prices come from the price book."
            .formatted(currency, MappingText.shown(column)),
        "columns: { cost: { column: %s, usd: 1.08 } }".formatted(MappingText.yaml(column.name)));
  }
}
