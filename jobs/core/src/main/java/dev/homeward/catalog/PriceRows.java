package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Binding;
import dev.homeward.units.InvalidInput;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Rows of price books by what they hold for, and which of them holds for a call: the nearest to
 * where it was served, a user's before the program's.
 *
 * <p>A maker's list price (a row without a provider) holds at the maker, at hosts that a book says
 * sell at it ({@code list-prices}), and where the log does not say who served the call; in a user's
 * book it holds everywhere. At any other host a model without a row of that host has no price: what
 * others charge is not known from what the maker charges.
 */
public final class PriceRows {
  /** Marks a document of prices that a what-if announces. */
  static final String ANNOUNCED = "announced";

  /** In place of a model: any model of a provider in one of its areas. */
  private static final String ANY_MODEL = "*";

  private final Map<Key, Held> rows = new HashMap<>();
  private final List<Uplift> uplifts = new ArrayList<>();
  private final List<ListPrice> listPrices = new ArrayList<>();

  /** By model, made when first asked for: every decision asks for all models. */
  private volatile Map<String, LocalDate> firstDays;

  private record Key(String model, String provider, String region, String tier) {
    static Key of(PriceRow row) {
      return new Key(row.hostedModel(), row.provider(), row.region(), row.tier());
    }
  }

  /** Rows of one key by their first day, and whose they are. */
  private record Held(List<PriceRow> rows, boolean ofUser) {}

  /**
   * What a host charges more, or less, in some of its areas.
   *
   * @param provider the host
   * @param regions its areas; {@code in-region} stands for every single region
   * @param models ids of the models that it holds for
   * @param percent on top of every price
   */
  public record WrittenUplift(
      String provider,
      List<String> regions,
      List<String> models,
      BigDecimal percent,
      Source source) {}

  private record Uplift(WrittenUplift written, boolean ofUser) {
    boolean holds(String model, ServedBy where) {
      return written.models().contains(model)
          && Providers.canonical(written.provider()).equals(where.host())
          && (written.regions().contains(where.area())
              || (where.isInRegion() && written.regions().contains(ServedBy.IN_REGION)));
    }
  }

  /** A host that sells the models of some makers at their list prices. */
  public record ListPrice(String provider, List<String> makers, Source source) {}

  PriceRows() {}

  /**
   * These with the rows of a file over them. Where it has rows of a key, none of the others of that
   * key are used.
   *
   * @param name how messages name the file
   * @param ofUser whether it is a user's
   * @throws InvalidInput with every problem
   */
  PriceRows with(JsonNode file, String name, boolean ofUser) {
    PriceRows all = new PriceRows();
    all.rows.putAll(rows);
    all.uplifts.addAll(uplifts);
    all.listPrices.addAll(listPrices);
    List<String> problems = new ArrayList<>();
    Sources sources = Sources.of(file);
    Map<Key, List<PriceRow>> own = new HashMap<>();
    read(file, "prices", name, sources, WrittenPrice.class, problems)
        .forEach((where, written) -> add(own, written.row(), where, problems));
    read(file, "uplifts", name, sources, WrittenUplift.class, problems)
        .values()
        .forEach(uplift -> all.uplifts.add(0, new Uplift(uplift, ofUser)));
    read(file, "list-prices", name, sources, ListPrice.class, problems)
        .values()
        .forEach(all.listPrices::add);
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    // A price that a what-if announces is of the book whose price it changes.
    boolean announced = file.path(ANNOUNCED).asBoolean();
    own.forEach(
        (key, list) -> {
          list.sort(Comparator.comparing(PriceRow::validFrom));
          Held before = rows.get(key);
          boolean theirs = announced && before != null ? before.ofUser() : ofUser;
          all.rows.put(key, new Held(List.copyOf(list), theirs));
        });
    return all;
  }

  private static <T extends Record> Map<String, T> read(
      JsonNode file,
      String kind,
      String name,
      Sources sources,
      Class<T> type,
      List<String> problems) {
    Map<String, T> read = new LinkedHashMap<>();
    Binding plain = sources.binding();
    int index = 0;
    for (JsonNode node : file.path(kind)) {
      String where = "%s /%s/%d".formatted(name, kind, index++);
      try {
        read.put(
            where,
            (node.has("source") ? sources.inside(node).binding() : plain).bind(node, type, where));
      } catch (InvalidInput e) {
        problems.add(e.getMessage());
      } catch (IllegalArgumentException e) {
        problems.add("%s: %s".formatted(where, e.getMessage()));
      }
    }
    return read;
  }

  private static void add(
      Map<Key, List<PriceRow>> own, PriceRow row, String where, List<String> problems) {
    List<PriceRow> list = own.computeIfAbsent(Key.of(row), k -> new ArrayList<>());
    if (list.stream().anyMatch(other -> other.validFrom().equals(row.validFrom()))) {
      problems.add(
          "%s: Invalid price: %s %s from %s (stands twice for one provider and tier)"
              .formatted(where, row.hostedModel(), row.tier(), row.validFrom()));
    }
    list.add(row);
  }

  /** The rows that hold for a model where it was served, by first day; empty where it has none. */
  List<PriceRow> at(String model, ServedBy where, String tier) {
    if (where.isLocal()) {
      return List.of();
    }
    List<PriceRow> users = at(model, where, tier, true);
    return users.isEmpty() ? at(model, where, tier, false) : users;
  }

  private List<PriceRow> at(String model, ServedBy where, String tier, boolean ofUser) {
    String host = where.host();
    List<PriceRow> found = List.of();
    if (!where.area().isEmpty()) {
      found = held(model, host, where.area(), tier, ofUser);
      if (found.isEmpty()) {
        found = held(ANY_MODEL, host, where.area(), tier, ofUser);
      }
      if (found.isEmpty() && where.isInRegion()) {
        found = held(model, host, ServedBy.IN_REGION, tier, ofUser);
      }
      if (!found.isEmpty() || where.area().equals(ServedBy.FREE)) {
        return found;
      }
    }
    found = held(model, host, "", tier, ofUser);
    if (found.isEmpty() && (ofUser || isListPrice(model, host))) {
      found = held(model, Providers.ANY, "", tier, ofUser);
    }
    return found.isEmpty() ? found : uplifted(found, model, where, ofUser);
  }

  private List<PriceRow> held(
      String model, String host, String region, String tier, boolean ofUser) {
    Held held = rows.get(new Key(model, host, region, tier));
    return held == null || held.ofUser() != ofUser ? List.of() : held.rows();
  }

  /** Whether the maker's list price of a model holds at a host. */
  private boolean isListPrice(String model, String host) {
    if (host.isEmpty()) {
      return true;
    }
    String maker =
        Catalog.standard().hostedModels().byId(model).map(HostedModel::provider).orElse("");
    return host.equals(maker)
        || listPrices.stream()
            .anyMatch(l -> l.provider().equals(host) && l.makers().contains(maker));
  }

  private List<PriceRow> uplifted(
      List<PriceRow> found, String model, ServedBy where, boolean ofUser) {
    for (Uplift uplift : uplifts) {
      // What a user writes of a host is what that host charges the user.
      if (uplift.holds(model, where) && (uplift.ofUser() || !ofUser)) {
        BigDecimal factor = uplift.written().percent().movePointLeft(2).add(BigDecimal.ONE);
        String why =
            "%s %% on the price elsewhere, in %s"
                .formatted(uplift.written().percent().toPlainString(), where.area());
        return found.stream().map(row -> row.uplifted(factor, why)).toList();
      }
    }
    return found;
  }

  List<WrittenUplift> uplifts() {
    return uplifts.stream().map(Uplift::written).toList();
  }

  List<ListPrice> listPrices() {
    return List.copyOf(listPrices);
  }

  /** All rows of models, in no order. */
  Stream<PriceRow> all() {
    return rows.values().stream()
        .flatMap(held -> held.rows().stream())
        .filter(row -> !row.hostedModel().equals(ANY_MODEL));
  }

  /** The first day of any row of a model, by model. */
  Map<String, LocalDate> firstDays() {
    Map<String, LocalDate> days = firstDays;
    if (days == null) {
      Map<String, LocalDate> found = new HashMap<>();
      all()
          .forEach(
              row ->
                  found.merge(row.hostedModel(), row.validFrom(), (a, b) -> a.isBefore(b) ? a : b));
      days = Map.copyOf(found);
      firstDays = days;
    }
    return days;
  }

  /** All models that have a row, in the order of their ids. */
  Set<String> models() {
    Set<String> models = new TreeSet<>();
    all().forEach(row -> models.add(row.hostedModel()));
    return models;
  }
}
