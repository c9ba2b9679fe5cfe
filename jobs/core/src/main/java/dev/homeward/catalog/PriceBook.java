package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.config.Binding;
import dev.homeward.config.Documents;
import dev.homeward.config.Schemas;
import dev.homeward.units.Confidence;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NearestNames;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What providers charge, by day. A row holds from its first day until the next row of the same
 * model, provider, region and tier. Of the rows that hold where a call was served the nearest wins:
 * of its area, of its host, the maker's list price; see {@link PriceRows}.
 *
 * <p>A user's book wins: where it has any row that holds for a model, where it was served and tier,
 * the program's rows are not used at all. A book is YAML (JSON where the name ends in {@code
 * .json}) in micro-dollars per million tokens:
 *
 * <pre>{@code
 * sources:
 *   contract: { kind: vendor, reference: "framework agreement 4711", date: "2026-09" }
 * prices:
 *   - { model: gpt-4o, from: "2026-10-01", input: 2000000, cache-read: 1000000, output: 8000000, source: contract }
 *   - { model: claude-sonnet-4-5, provider: bedrock, region: us, from: "2026-10-01", input: 3300000, output: 16500000, source: contract }
 * }</pre>
 */
public final class PriceBook {
  private static final List<String> STANDARD =
      List.of("dev/homeward/catalog/prices.yaml", "dev/homeward/catalog/host-prices.yaml");

  private static final String SCHEMA = "prices.schema.json";

  /** The tier of calls that no other is said of. */
  public static final String STANDARD_TIER = "standard";

  private static final int NEAREST = 3;
  private static final int WHOLE_DAY = 10;

  private final PriceRows rows;
  private final List<String> userDocuments;
  private final String version;

  /**
   * A price found.
   *
   * @param beforeFirst the day lies before the first known price, which is taken
   * @param standardInstead the tier asked for has no price; the row is the standard one
   */
  public record Found(PriceRow row, boolean beforeFirst, boolean standardInstead) {}

  private PriceBook(PriceRows rows, List<String> userDocuments) {
    this.rows = rows;
    this.userDocuments = List.copyOf(userDocuments);
    MessageDigest digest = Catalog.sha256();
    digest.update(OwnBook.TEXT.getBytes(StandardCharsets.UTF_8));
    userDocuments.forEach(text -> digest.update(text.getBytes(StandardCharsets.UTF_8)));
    this.version = HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  /** The program's own book, read once. */
  private static final class OwnBook {
    private static final String TEXT;
    private static final PriceBook BOOK;

    static {
      StringBuilder text = new StringBuilder();
      PriceRows rows = new PriceRows();
      for (String file : STANDARD) {
        JsonNode document = Documents.readResource(file);
        text.append(document);
        rows = rows.with(document, file, false);
      }
      TEXT = text.toString();
      BOOK = new PriceBook(rows, List.of());
    }
  }

  /** The program's own book. */
  public static PriceBook standard() {
    return OwnBook.BOOK;
  }

  /** The program's book with the user's books over it, later files over earlier ones. */
  public static PriceBook with(List<Path> userBooks) {
    PriceBook book = standard();
    for (Path file : userBooks) {
      book = book.with(Documents.read(file), file.toString());
    }
    return book;
  }

  /** The book of {@link #userDocuments} on another machine, or of a review made earlier. */
  public static PriceBook parse(List<String> userDocuments) {
    PriceRows rows = standard().rows;
    for (String text : userDocuments) {
      JsonNode document = Documents.parse(text.getBytes(StandardCharsets.UTF_8), "prices.json");
      rows = rows.with(document, "kept price book", true);
    }
    return new PriceBook(rows, userDocuments);
  }

  /** The user's books as JSON, to be sent to other machines and kept with a review. */
  public List<String> userDocuments() {
    return userDocuments;
  }

  /**
   * This book with another user's file over it.
   *
   * @param where how messages name it
   * @throws InvalidInput with every problem
   */
  public PriceBook with(JsonNode document, String where) {
    Schemas.check(SCHEMA, document, where);
    List<String> texts = new ArrayList<>(userDocuments);
    texts.add(document.toString());
    return new PriceBook(rows.with(document, where, true), texts);
  }

  /**
   * This book with one price of a model announced for a day: rows before that day stay, the last
   * one of each goes on with another price. The price is the one at standard tier, of the maker's
   * list or, where that has none, of the first provider; the model's other tiers, its other
   * providers and its prices of long contexts keep their proportion to it. Where a tier is named,
   * that tier alone gets another price.
   *
   * @param tier empty for all
   * @param key token kind as a book has it, such as {@code cache-read}
   * @param usdPerMillion dollars per million tokens; what is finer than a micro-dollar is cut off
   * @param where how messages name it
   * @throws InvalidInput if there is no such model, tier or kind, or the price is not one
   */
  public PriceBook announce(
      String model,
      Optional<String> tier,
      String key,
      BigDecimal usdPerMillion,
      LocalDate from,
      String where) {
    List<PriceRow> all = rowsOf(model);
    String leading = tier.orElse(STANDARD_TIER);
    PriceRow lead =
        all.stream()
            .filter(row -> row.tier().equals(leading))
            .findFirst()
            .flatMap(row -> last(all, row))
            .orElseThrow(() -> noSuchPrice(model, leading, all));
    BigInteger price = usdPerMillion.movePointRight(6).toBigInteger();
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    ArrayNode prices = document.putArray("prices");
    prices.add(Binding.tree(WrittenPrice.of(lead)).put(key, price));
    Schemas.check(SCHEMA, document, where);
    prices.removeAll();
    for (PriceRow row : all) {
      if (tier.isPresent() && !row.tier().equals(leading)) {
        continue;
      }
      if (row.validFrom().isBefore(from)) {
        prices.add(Binding.tree(WrittenPrice.of(row)));
      }
      if (last(all, row).equals(Optional.of(row))) {
        ObjectNode next = Binding.tree(WrittenPrice.of(row).announced(lead, key, price));
        next.put("from", from.toString());
        if (row.equals(lead)) {
          next.put(key, price);
        }
        next.set(
            "source", Binding.tree(new Source(Confidence.ASSUMED, "what-if", from.toString())));
        prices.add(next);
      }
    }
    Schemas.check(SCHEMA, document, where);
    // Not a user's prices: each is of the book whose price it changes.
    document.put(PriceRows.ANNOUNCED, true);
    List<String> texts = new ArrayList<>(userDocuments);
    texts.add(document.toString());
    return new PriceBook(rows.with(document, where, true), texts);
  }

  // The last row of the same provider, region and tier.
  private static Optional<PriceRow> last(List<PriceRow> rows, PriceRow like) {
    return rows.stream()
        .filter(r -> r.provider().equals(like.provider()) && r.tier().equals(like.tier()))
        .filter(r -> r.region().equals(like.region()))
        .reduce((first, second) -> second);
  }

  private InvalidInput noSuchPrice(String model, String tier, List<PriceRow> rows) {
    return new InvalidInput(
        rows.isEmpty()
            ? "Unknown hosted model: %s (nearest: %s)"
                .formatted(model, String.join(", ", nearest(model)))
            : "No price of %s at tier %s (it has: %s)"
                .formatted(
                    model,
                    tier,
                    String.join(
                        ", ", rows.stream().map(PriceRow::tier).distinct().sorted().toList())));
  }

  /** First 16 hex digits of the SHA-256 over all rows. */
  public String version() {
    return version;
  }

  /**
   * The price of a day at exactly this tier; empty if the model has none.
   *
   * @param servedBy where the call was served, as {@link ServedBy#text}; or who did, as a log names
   *     it; null where that is not known
   */
  public Optional<Found> at(String model, String servedBy, String tier, LocalDate day) {
    List<PriceRow> candidates = rows.at(model, ServedBy.parse(servedBy), tier);
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
  public Optional<Found> atOrStandard(String model, String servedBy, String tier, LocalDate day) {
    Optional<Found> own = at(model, servedBy, tier, day);
    if (own.isPresent() || tier.equals(STANDARD_TIER)) {
      return own;
    }
    return at(model, servedBy, STANDARD_TIER, day)
        .map(found -> new Found(found.row(), found.beforeFirst(), true));
  }

  /** The last price announced, or the one of a stated day, at exactly this tier. */
  public Optional<PriceRow> forecast(
      String model, String servedBy, String tier, Optional<LocalDate> day) {
    return at(model, servedBy, tier, day.orElse(LocalDate.MAX)).map(Found::row);
  }

  /** Whether a model costs the same in another book, wherever it is served. */
  public boolean pricesAlike(String model, PriceBook other) {
    return rowsOf(model).equals(other.rowsOf(model))
        && uplifts().equals(other.uplifts())
        && listPrices().equals(other.listPrices());
  }

  /** What hosts charge more in some of their areas, the user's before the program's. */
  public List<PriceRows.WrittenUplift> uplifts() {
    return rows.uplifts();
  }

  /** Hosts that sell models of some makers at the makers' prices. */
  public List<PriceRows.ListPrice> listPrices() {
    return rows.listPrices();
  }

  /**
   * The day of which the newest published prices of the book are, by their sources; a what-if's and
   * what is assumed do not count. Empty if no source names a whole day.
   */
  public Optional<LocalDate> newest() {
    return rows.all()
        .map(PriceRow::source)
        .filter(
            source -> source.kind() != Confidence.ASSUMED && source.date().length() == WHOLE_DAY)
        .map(Source::date)
        .filter(date -> date.matches("\\d{4}-\\d{2}-\\d{2}"))
        .max(Comparator.naturalOrder())
        .map(LocalDate::parse);
  }

  /** All models that have a price, in the order of their ids. */
  public Set<String> models() {
    return rows.models();
  }

  /** All long-context limits of the book, input tokens, rising. */
  public long[] contextLimits() {
    return rows.all()
        .mapToLong(PriceRow::longContextTokens)
        .filter(limit -> limit != Long.MAX_VALUE)
        .distinct()
        .sorted()
        .toArray();
  }

  /** The priced models with the names nearest to this one. */
  public List<String> nearest(String name) {
    return NearestNames.of(name.substring(name.lastIndexOf('/') + 1), models(), NEAREST);
  }

  /** All rows of a model, by provider, region, tier and first day. */
  public List<PriceRow> rowsOf(String model) {
    return rows.all()
        .filter(row -> row.hostedModel().equals(model))
        .sorted(
            Comparator.comparing(PriceRow::provider)
                .thenComparing(PriceRow::region)
                .thenComparing(PriceRow::tier)
                .thenComparing(PriceRow::validFrom))
        .toList();
  }

  /** The first day on which the model has a price, wherever it is served. */
  public Optional<LocalDate> firstPrice(String model) {
    return Optional.ofNullable(rows.firstDays().get(model));
  }

  /** Whether the model has a row at all, wherever it is served. */
  public boolean has(String model) {
    return rows.all().anyMatch(row -> row.hostedModel().equals(model));
  }
}
