package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NearestNames;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * What providers charge, by day. A row holds from its first day until the next row of the same
 * model, provider and tier. A row without a provider is the maker's list price and holds wherever
 * the model is bought; where the book has rows of the provider that sold the call, those win.
 *
 * <p>A user's book wins: where it has any row for a model, provider and tier, the program's rows of
 * that key are not used at all. A book is YAML (JSON where the name ends in {@code .json}) in
 * micro-dollars per million tokens:
 *
 * <pre>{@code
 * sources:
 *   contract: { kind: vendor, reference: "framework agreement 4711", date: "2026-09" }
 * prices:
 *   - { model: gpt-4o, from: "2026-10-01", input: 2000000, cache-read: 1000000, output: 8000000, source: contract }
 *   - { model: claude-sonnet-4-5, provider: bedrock, from: "2026-10-01", input: 3300000, output: 16500000, source: contract }
 * }</pre>
 */
public final class PriceBook {
  private static final String STANDARD = "dev/homeward/catalog/prices.yaml";
  private static final String SCHEMA = "prices.schema.json";
  private static final String STANDARD_TIER = "standard";
  private static final int NEAREST = 3;

  private final Map<Key, List<PriceRow>> rows = new HashMap<>();
  private final List<String> userDocuments;
  private final String version;

  private record Key(String model, String provider, String tier) {}

  /**
   * A price found.
   *
   * @param beforeFirst the day lies before the first known price, which is taken
   * @param standardInstead the tier asked for has no price; the row is the standard one
   */
  public record Found(PriceRow row, boolean beforeFirst, boolean standardInstead) {}

  private PriceBook(List<JsonNode> user, List<String> names) {
    MessageDigest digest = Catalog.sha256();
    JsonNode standard = Documents.readResource(STANDARD);
    digest.update(standard.toString().getBytes(StandardCharsets.UTF_8));
    add(standard, STANDARD);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < user.size(); i++) {
      digest.update(user.get(i).toString().getBytes(StandardCharsets.UTF_8));
      add(user.get(i), names.get(i));
      texts.add(user.get(i).toString());
    }
    this.userDocuments = List.copyOf(texts);
    this.version = HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  /** The program's own book. */
  public static PriceBook standard() {
    return new PriceBook(List.of(), List.of());
  }

  /** The program's book with the user's books over it, later files over earlier ones. */
  public static PriceBook with(List<Path> userBooks) {
    List<JsonNode> documents = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Path file : userBooks) {
      JsonNode document = Documents.read(file);
      Schemas.check(SCHEMA, document, file.toString());
      documents.add(document);
      names.add(file.toString());
    }
    return new PriceBook(documents, names);
  }

  /** The book of {@link #userDocuments} on another machine. */
  public static PriceBook parse(List<String> userDocuments) {
    List<JsonNode> documents = new ArrayList<>();
    for (String text : userDocuments) {
      documents.add(Documents.parse(text.getBytes(StandardCharsets.UTF_8), "prices.json"));
    }
    return new PriceBook(documents, userDocuments);
  }

  /** The user's books as JSON, to be sent to other machines. */
  public List<String> userDocuments() {
    return userDocuments;
  }

  /** This book with another user's file over it. */
  public PriceBook with(JsonNode document, String where) {
    Schemas.check("prices.schema.json", document, where);
    List<String> texts = new ArrayList<>(userDocuments);
    texts.add(document.toString());
    return parse(texts);
  }

  /** First 16 hex digits of the SHA-256 over all rows. */
  public String version() {
    return version;
  }

  /**
   * The price of a day at exactly this tier; empty if the model has none.
   *
   * @param provider as a log names it; null where it names none
   */
  public Optional<Found> at(String model, String provider, String tier, LocalDate day) {
    List<PriceRow> candidates = candidates(model, provider, tier);
    PriceRow found = null;
    for (PriceRow row : candidates) {
      if (!row.validFrom().isAfter(day)) {
        found = row;
      }
    }
    if (found != null) {
      return Optional.of(new Found(found, false, false));
    }
    return candidates.isEmpty()
        ? Optional.empty()
        : Optional.of(new Found(candidates.get(0), true, false));
  }

  /**
   * The price of a day at this tier, or at standard where the tier has no price of its own: that is
   * said in the result, never silent.
   */
  public Optional<Found> atOrStandard(String model, String provider, String tier, LocalDate day) {
    Optional<Found> own = at(model, provider, tier, day);
    if (own.isPresent() || tier.equals(STANDARD_TIER)) {
      return own;
    }
    return at(model, provider, STANDARD_TIER, day)
        .map(found -> new Found(found.row(), found.beforeFirst(), true));
  }

  /** The last price announced, or the one of a stated day, at exactly this tier. */
  public Optional<PriceRow> forecast(
      String model, String provider, String tier, Optional<LocalDate> day) {
    return at(model, provider, tier, day.orElse(LocalDate.MAX)).map(Found::row);
  }

  /** All models that have a price, in the order of their ids. */
  public Set<String> models() {
    Set<String> models = new TreeSet<>();
    rows.keySet().forEach(key -> models.add(key.model()));
    return models;
  }

  /** The priced models with the names nearest to this one. */
  public List<String> nearest(String name) {
    return NearestNames.of(name.substring(name.lastIndexOf('/') + 1), models(), NEAREST);
  }

  /** All rows of a model, by provider, tier and first day. */
  public List<PriceRow> rowsOf(String model) {
    List<PriceRow> found = new ArrayList<>();
    rows.forEach(
        (key, list) -> {
          if (key.model().equals(model)) {
            found.addAll(list);
          }
        });
    found.sort(
        Comparator.comparing(PriceRow::provider)
            .thenComparing(PriceRow::tier)
            .thenComparing(PriceRow::validFrom));
    return found;
  }

  private List<PriceRow> candidates(String model, String provider, String tier) {
    List<PriceRow> own = rows.get(new Key(model, Providers.canonical(provider), tier));
    return own != null ? own : rows.getOrDefault(new Key(model, Providers.ANY, tier), List.of());
  }

  private void add(JsonNode file, String name) {
    Map<String, Source> sources = Fields.sources(file);
    Set<Key> replaced = new HashSet<>();
    int index = 0;
    for (JsonNode node : file.path("prices")) {
      final PriceRow row;
      try {
        row = row(node, sources);
      } catch (IllegalArgumentException | DateTimeParseException e) {
        throw new InvalidInput("%s /prices/%d: %s".formatted(name, index, e.getMessage()), e);
      }
      Key key = new Key(row.hostedModel(), row.provider(), row.tier());
      if (replaced.add(key)) {
        rows.put(key, new ArrayList<>());
      }
      List<PriceRow> list = rows.get(key);
      if (list.stream().anyMatch(other -> other.validFrom().equals(row.validFrom()))) {
        throw new InvalidInput(
            "%s /prices/%d: Invalid price: %s %s from %s (stands twice for one provider and tier)"
                .formatted(name, index, row.hostedModel(), row.tier(), row.validFrom()));
      }
      list.add(row);
      list.sort(Comparator.comparing(PriceRow::validFrom));
      index++;
    }
  }

  private static PriceRow row(JsonNode node, Map<String, Source> sources) {
    Fields f = new Fields(node, sources);
    PriceRow.Rates base = rates(node);
    JsonNode above = node.get("above");
    return new PriceRow(
        f.text("model"),
        Providers.canonical(node.path("provider").textValue()),
        node.path("tier").asText(STANDARD_TIER),
        LocalDate.parse(f.text("from")),
        base,
        above == null ? Long.MAX_VALUE : above.get("tokens").longValue(),
        above == null ? base : over(base, rates(above)),
        f.source(),
        f.text("note"));
  }

  private static PriceRow.Rates rates(JsonNode node) {
    return new PriceRow.Rates(
        number(node, "input").orElse(-1),
        number(node, "cache-read"),
        number(node, "cache-write-5m"),
        number(node, "cache-write-1h"),
        number(node, "output"));
  }

  // A long-context entry may name only the kinds that differ.
  private static PriceRow.Rates over(PriceRow.Rates base, PriceRow.Rates above) {
    return new PriceRow.Rates(
        above.input() >= 0 ? above.input() : base.input(),
        above.cacheRead().isPresent() ? above.cacheRead() : base.cacheRead(),
        above.cacheWrite5m().isPresent() ? above.cacheWrite5m() : base.cacheWrite5m(),
        above.cacheWrite1h().isPresent() ? above.cacheWrite1h() : base.cacheWrite1h(),
        above.output().isPresent() ? above.output() : base.output());
  }

  private static OptionalLong number(JsonNode node, String key) {
    return node.has(key) ? OptionalLong.of(node.get(key).longValue()) : OptionalLong.empty();
  }
}
