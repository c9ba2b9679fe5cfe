package dev.homeward.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.config.Documents;
import dev.homeward.units.InvalidInput;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Reads somebody else's price file into the user's own book: a LiteLLM price map (dollars a token)
 * or a genai-prices v2 file (dollars a million tokens, with dates). Told by content.
 *
 * <p>A maker's price list has rows without a provider; every other host has rows of its own, by
 * area where the name says one, so that no host's price stands in for another's. A model is entered
 * under its canonical id where the catalog knows it, a maker's else under its name in the file.
 * Entries that cannot be used are counted by reason; prices of models that are kept, which the book
 * has no place for, are named. The same file gives the same book, byte by byte.
 */
public final class PriceImport {
  static final String NO_INPUT_PRICE = "no input price a token";
  static final String INPUT_PRICE_ZERO = "input price of 0";
  static final String NO_OUTPUT_PRICE = "no output price a token";
  static final String NOT_A_MODEL = "not a model";
  static final String ROUTE = "a model of another host that the catalog does not know";
  static final String OTHER_UNIT = "not priced by tokens";
  static final String OTHER_NAME = "another name of a model already read";
  static final String AMBIGUOUS = "other names of one model at different prices";
  static final String TIME_OF_DAY = "a price by time of day";
  static final String DOMESTIC = "a maker's platform at home, at prices of its own";
  static final String TOO_HIGH = "a price over $10,000 a million tokens";

  /** More than anybody charges: the file has another unit there. */
  private static final BigDecimal HIGHEST = BigDecimal.valueOf(10_000);

  private static final int NAMES_SHOWN = 5;

  private final Map<Key, ImportedModel> models = new TreeMap<>();
  private final Map<String, TreeSet<String>> dropped = new TreeMap<>();
  private final Map<String, Integer> skipped = new TreeMap<>();
  private final HostedModels known = Catalog.standard().hostedModels();

  private PriceImport() {}

  /**
   * What was imported.
   *
   * @param book the price book as YAML, ready to be given with --prices
   * @param rows price rows in it
   * @param skipped entries left out, by reason, in the order of the reasons
   * @param dropped prices that the book has no place for, by what they are of: the models that have
   *     them
   */
  public record Imported(
      String book, int rows, Map<String, Integer> skipped, Map<String, List<String>> dropped) {

    /** One line for each kind of price that was dropped. */
    public List<String> droppedInWords() {
      return dropped.entrySet().stream()
          .map(
              e ->
                  "%s (%d models: %s%s)"
                      .formatted(
                          e.getKey(),
                          e.getValue().size(),
                          String.join(", ", e.getValue().stream().limit(NAMES_SHOWN).toList()),
                          e.getValue().size() > NAMES_SHOWN ? ", ..." : ""))
          .toList();
    }
  }

  /** A model at a host, in an area of it; the maker's list where the host is empty. */
  private record Key(String model, String host, String area) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::model).thenComparing(Key::host).thenComparing(Key::area);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }

    String yaml() {
      return "model: "
          + quoted(model)
          + (host.isEmpty() ? "" : ", provider: " + quoted(host))
          + (area.isEmpty() ? "" : ", region: " + quoted(area));
    }
  }

  /** One model's rows as YAML, and whether the file names it by its canonical id. */
  private record ImportedModel(List<String> rows, boolean canonicalName) {}

  /**
   * Imports a file.
   *
   * @param file a LiteLLM price map or a genai-prices v2 file
   * @param day first day of prices that carry no date, ISO-8601
   * @throws InvalidInput if the file is neither
   */
  public static Imported read(Path file, String day) {
    JsonNode document = Documents.read(file);
    try {
      return read(file, document, LocalDate.parse(day));
    } catch (DateTimeParseException e) {
      throw new InvalidInput(
          "Cannot import %s: '%s' is not a day such as 2026-08-21"
              .formatted(file, e.getParsedString()),
          e);
    }
  }

  private static Imported read(Path file, JsonNode document, LocalDate from) {
    PriceImport reader = new PriceImport();
    String origin;
    if (document.isArray() && document.path(0).has("models")) {
      origin = "genai-prices";
      new GenaiPriceFile(from, reader).read(document);
    } else if (document.isObject()
        && document.properties().stream().anyMatch(e -> e.getValue().has("litellm_provider"))) {
      origin = "LiteLLM price map";
      new LiteLlmPriceMap(from, reader).read(document);
    } else {
      throw new InvalidInput(
          "Cannot import %s: neither a LiteLLM price map (an object of models with litellm_provider)"
                  .formatted(file)
              + " nor a genai-prices v2 file (an array of providers with models)");
    }
    return reader.imported(origin, String.valueOf(file.getFileName()), from.toString());
  }

  private Imported imported(String origin, String file, String day) {
    StringBuilder book = new StringBuilder();
    book.append("# Imported by homeward prices import. Micro-dollars per million tokens.\n");
    book.append("# Prices without a date hold from ").append(day).append(".\n");
    Map<String, List<String>> named = new TreeMap<>();
    dropped.forEach((what, of) -> named.put(what, List.copyOf(of)));
    Imported said = new Imported("", 0, Map.of(), named);
    said.droppedInWords().forEach(l -> book.append("# Not in this book: ").append(l).append(".\n"));
    book.append("sources:\n  import: { kind: published, reference: ")
        .append(quoted(origin + ", " + file))
        .append(", date: ")
        .append(quoted(day))
        .append(" }\nprices:");
    int rows = 0;
    for (ImportedModel model : models.values()) {
      for (String row : model.rows()) {
        book.append("\n  - { ").append(row).append(", source: import }");
        rows++;
      }
    }
    if (rows == 0) {
      book.append(" []");
    }
    return new Imported(
        book.append('\n').toString(), rows, Collections.unmodifiableMap(skipped), named);
  }

  /** The hosted model that a name means. */
  Optional<HostedModel> known(String name) {
    return known.resolve(name);
  }

  /**
   * Takes the rows of one entry, unless the model was read under its canonical name.
   *
   * @param host whose price it is; empty for the maker's own list
   * @return whether the model is in the book
   */
  boolean add(String host, String name, List<PriceEntry> entries) {
    Optional<String> found = known.resolve(name).map(HostedModel::id);
    if (found.isEmpty() && !host.isEmpty()) {
      skip(ROUTE);
      return false;
    }
    if (entries.stream().anyMatch(PriceImport::isTooHigh)) {
      skip(TOO_HIGH);
      return false;
    }
    String id = found.orElse(name);
    Key key = new Key(id, host, host.isEmpty() ? "" : area(host, name));
    boolean canonical = id.equals(name.substring(name.lastIndexOf('/') + 1));
    List<String> rows = new ArrayList<>();
    for (PriceEntry entry : entries) {
      rows.add(key.yaml() + ", " + yaml(entry));
    }
    ImportedModel other = models.get(key);
    if (other == null) {
      models.put(key, new ImportedModel(rows, canonical));
      return true;
    }
    boolean sameStandardPrice = startsAlike(other.rows(), rows);
    if (other.canonicalName() || sameStandardPrice) {
      skip(OTHER_NAME);
      return false;
    }
    if (canonical) {
      skip(OTHER_NAME);
      models.put(key, new ImportedModel(rows, true));
      return true;
    }
    // Snapshots of one model at different prices: which of them the name means is not said.
    skip(AMBIGUOUS);
    models.put(key, new ImportedModel(List.of(), false));
    return false;
  }

  private static boolean isTooHigh(PriceEntry entry) {
    return Stream.concat(entry.base().entrySet().stream(), entry.above().entrySet().stream())
        .anyMatch(
            price ->
                !price.getKey().equals("web-search") && price.getValue().compareTo(HIGHEST) > 0);
  }

  // The area that a name of a cloud's says; a bare one holds wherever no other row does.
  private String area(String host, String name) {
    String area = known.hosts().of(host, null, null, name, null).area();
    return area.equals(ServedBy.IN_REGION) ? "" : area;
  }

  /** A price of a model that is kept, which the book has no place for. */
  void drop(String what, String name) {
    dropped.computeIfAbsent(what, w -> new TreeSet<>()).add(name);
  }

  private static boolean startsAlike(List<String> rows, List<String> others) {
    return !rows.isEmpty() && rows.get(0).equals(others.get(0));
  }

  /** An entry that is left out. */
  void skip(String reason) {
    skipped.merge(reason, 1, Integer::sum);
  }

  private static String yaml(PriceEntry entry) {
    StringBuilder row = new StringBuilder();
    if (!entry.tier().equals("standard")) {
      row.append("tier: ").append(entry.tier()).append(", ");
    }
    row.append("from: ").append(quoted(entry.from().toString()));
    boolean exact = append(row, entry.base());
    if (!entry.above().isEmpty()) {
      StringBuilder above = new StringBuilder("tokens: " + entry.aboveTokens());
      exact &= append(above, entry.above());
      row.append(", above: { ").append(above).append(" }");
    }
    String note = exact ? entry.note() : entry.note() + " rounded to a micro-dollar a million";
    if (!note.isBlank()) {
      row.append(", note: ").append(quoted(note.strip()));
    }
    return row.toString();
  }

  /** Appends prices in micro-dollars; false if one had to be rounded (HALF_EVEN). */
  private static boolean append(StringBuilder row, Map<String, BigDecimal> dollarsPerMillion) {
    boolean exact = true;
    for (Map.Entry<String, BigDecimal> price : dollarsPerMillion.entrySet()) {
      BigDecimal micros = price.getValue().movePointRight(6);
      BigDecimal whole = micros.setScale(0, RoundingMode.HALF_EVEN);
      exact &= whole.compareTo(micros) == 0;
      row.append(", ").append(price.getKey()).append(": ").append(whole.toBigIntegerExact());
    }
    return exact;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
