package dev.homeward.formats.usage;

import com.fasterxml.jackson.core.JsonParser;
import dev.homeward.calls.CallDraft;
import dev.homeward.formats.records.CallNames;
import dev.homeward.formats.records.CsvAdapter;
import dev.homeward.formats.records.CsvRecords;
import dev.homeward.formats.records.Ids;
import dev.homeward.formats.records.JsonAdapter;
import dev.homeward.formats.records.ReadContext;
import dev.homeward.formats.records.SourceTimes;
import dev.homeward.formats.scan.CsvRecord;
import dev.homeward.formats.scan.Json;
import dev.homeward.formats.scan.Reason;
import dev.homeward.formats.scan.RejectedRecord;
import dev.homeward.units.TimeUnits;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bill in the FinOps Open Cost and Usage Specification, versions 1.0 to 1.3: rows are charges,
 * hence buckets, not calls. Read are charges for the use of models (service category {@code AI and
 * Machine Learning}, or a unit of tokens) and the credits and adjustments of such; taxes, purchases
 * and other services are no usage of a model. A correction of what was charged before has negative
 * tokens or dollars or both: they are added as they stand, so that sums are what is paid in the
 * end.
 *
 * <p>A row is of one kind of tokens, which its price details name, or else its meter; the kinds it
 * does not name stay unknown, and cached input has rows of its own, so that the kinds are disjoint.
 * The amount is {@code BilledCost}, in dollars. Requests are not counted: exporters write 1 there.
 *
 * <pre>
 * BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,...
 * 0.03,USD,Usage,2026-05-04T00:00:00Z,2026-05-05T00:00:00Z,10000,Tokens,...
 * </pre>
 */
public final class Focus implements CsvAdapter, JsonAdapter {
  private static final String SOURCE = "focus";

  /** {@code Tokens}, {@code 1000 Tokens}, {@code 1K tokens}, {@code 1M Tokens}. */
  private static final Pattern UNIT =
      Pattern.compile("(?:([0-9][0-9,]{0,11})\\s?([km])?\\s)?tokens?", Pattern.CASE_INSENSITIVE);

  /** What tells one kind of tokens from another, in details, meters and descriptions. */
  private static final Pattern CACHE = Pattern.compile("cache|cchd");

  private static final Pattern WRITE = Pattern.compile("write|creation");
  private static final Pattern HOUR = Pattern.compile("1 ?h(our)?\\b");
  private static final Pattern OUTPUT = Pattern.compile("\\bout|output|completion|generated");
  private static final Pattern INPUT = Pattern.compile("\\binp|input|prompt");

  private final ReadContext context;
  private final SourceTimes times;

  // The fields of a row that are not empty, and its price details.
  private final Map<String, String> row = new LinkedHashMap<>();
  private final Map<String, String> details = new LinkedHashMap<>();
  private String[] header;

  public Focus(ReadContext context) {
    this.context = context;
    this.times = new SourceTimes(context);
  }

  @Override
  public void header(String[] columns) throws RejectedRecord {
    header = columns;
    CsvRecords.needed(columns, "BilledCost");
    CsvRecords.needed(columns, "ChargePeriodStart");
    CsvRecords.needed(columns, "ChargePeriodEnd");
  }

  @Override
  public boolean read(CsvRecord record, CallDraft into) throws RejectedRecord {
    row.clear();
    for (int i = 0; i < header.length; i++) {
      if (!record.isEmpty(i)) {
        row.put(header[i], record.text(i));
      }
    }
    return charge(into);
  }

  @Override
  public boolean read(JsonParser p, CallDraft into) throws IOException, RejectedRecord {
    row.clear();
    for (String field = Json.firstField(p); field != null; field = Json.nextField(p)) {
      if (field.equals("SkuPriceDetails") && Json.isObject(p)) {
        for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
          put("SkuPriceDetails." + key, Json.skippedScalar(p));
        }
      } else {
        put(field, Json.skippedScalar(p));
      }
    }
    return charge(into);
  }

  private void put(String field, String value) {
    if (value != null && !value.isEmpty()) {
      row.put(field, value);
    }
  }

  private boolean charge(CallDraft draft) throws RejectedRecord {
    details();
    BigDecimal tokens = tokens("ConsumedQuantity", "ConsumedUnit");
    tokens = tokens == null ? tokens("PricingQuantity", "PricingUnit") : tokens;
    String category = row.getOrDefault("ChargeCategory", "Usage");
    boolean usage = category.equals("Usage");
    boolean givenBack = category.equals("Credit") || category.equals("Adjustment");
    if (!usage && !givenBack || tokens == null && !isOfModels()) {
      return false;
    }
    draft.startedAtMicros = time("ChargePeriodStart");
    draft.bucketMicros = time("ChargePeriodEnd") - draft.startedAtMicros;
    draft.provider = provider();
    draft.region = row.get("RegionId");
    draft.requestModel = model();
    CallNames.add(draft, "project", row.getOrDefault("SubAccountName", row.get("SubAccountId")));
    cost(draft);
    if (tokens != null) {
      kind(draft, whole(tokens));
    } else if (givenBack) {
      // Money alone: the tokens stay what the other rows say. It has no hours of its own, and
      // counts
      // on its first day.
      draft.inputTokens = 0;
      draft.bucketMicros = Math.min(draft.bucketMicros, TimeUnits.MICROS_PER_DAY);
    }
    StringBuilder all = new StringBuilder();
    // Charges may agree in every dimension, so that their amounts are part of what they are.
    row.forEach((field, value) -> all.append('/').append(field).append('=').append(value));
    Ids.identify(draft, SOURCE, all.toString(), false);
    return true;
  }

  /** Reads the price details; names that are not released yet begin with {@code x_}. */
  private void details() throws RejectedRecord {
    details.clear();
    row.forEach(
        (field, value) -> {
          if (field.startsWith("SkuPriceDetails.")) {
            details.put(bare(field.substring("SkuPriceDetails.".length())), value);
          }
        });
    String text = row.get("SkuPriceDetails");
    if (text == null || !text.startsWith("{")) {
      return;
    }
    try (JsonParser p = Json.FACTORY.createParser(text)) {
      p.nextToken();
      for (String key = Json.firstField(p); key != null; key = Json.nextField(p)) {
        String value = Json.skippedScalar(p);
        if (value != null) {
          details.put(bare(key), value);
        }
      }
    } catch (IOException e) {
      throw new RejectedRecord(Reason.MALFORMED_JSON, "SkuPriceDetails is not JSON");
    }
  }

  private static String bare(String key) {
    return key.startsWith("x_") ? key.substring(2) : key;
  }

  private static long whole(BigDecimal tokens) throws RejectedRecord {
    String count = tokens.abs().setScale(0, RoundingMode.HALF_EVEN).toPlainString();
    return tokens.signum() * Json.sum(count, "quantity");
  }

  /** Tokens that a quantity means, or null if its unit is another one. */
  private BigDecimal tokens(String quantity, String unit) throws RejectedRecord {
    String amount = row.get(quantity);
    Matcher told = UNIT.matcher(row.getOrDefault(unit, "").strip());
    if (amount == null || !told.matches()) {
      return null;
    }
    BigDecimal each =
        told.group(1) == null ? BigDecimal.ONE : Json.decimal(told.group(1).replace(",", ""), unit);
    if (told.group(2) != null) {
      each = each.movePointRight(told.group(2).equalsIgnoreCase("k") ? 3 : 6);
    }
    BigDecimal count = Json.decimal(amount, quantity);
    // Looked at before it is written out: 1e999999999 must not be expanded.
    if ((long) count.precision() - count.scale() > 18 || count.scale() > 40) {
      throw new RejectedRecord(Reason.INVALID_NUMBER, quantity + " is no count of tokens");
    }
    return count.multiply(each);
  }

  private boolean isOfModels() {
    return "AI and Machine Learning".equals(row.get("ServiceCategory"))
        || "Generative AI".equals(row.get("ServiceSubcategory"))
        || details.containsKey("ModelId");
  }

  private long time(String field) throws RejectedRecord {
    String text = row.get(field);
    if (text == null) {
      throw new RejectedRecord(Reason.MISSING_TIME, field + " is missing");
    }
    return times.utc(text, field);
  }

  /** Who served it: the host, where a version of the format names one beside who sells it. */
  private String provider() {
    for (String column :
        new String[] {"HostProviderName", "ServiceProviderName", "ProviderName", "PublisherName"}) {
      String name = CallNames.provider(row.get(column));
      if (name != null) {
        return switch (name) {
          case "aws", "amazon web services", "amazon" -> "bedrock";
          case "microsoft", "microsoft azure", "azure" -> "azure";
          case "google", "google cloud", "gcp", "google cloud platform" -> "vertex_ai";
          default -> name;
        };
      }
    }
    return null;
  }

  private String model() {
    for (String detail : new String[] {"ModelId", "ModelVersion", "Model", "ModelFamily"}) {
      if (details.containsKey(detail)) {
        return details.get(detail);
      }
    }
    String described = row.getOrDefault("ChargeDescription", "");
    String meter = row.getOrDefault("SkuMeter", "");
    if (!meter.isEmpty() && described.length() > meter.length() && described.endsWith(meter)) {
      return described.substring(0, described.length() - meter.length()).strip();
    }
    String resource = row.getOrDefault("ResourceName", row.getOrDefault("ResourceId", ""));
    boolean address = resource.startsWith("arn:") || resource.startsWith("/");
    return resource.isEmpty() || address ? context.hostedModel().orElse(null) : resource;
  }

  private void cost(CallDraft draft) throws RejectedRecord {
    String currency = row.getOrDefault("BillingCurrency", "USD");
    if (!currency.equals("USD")) {
      throw new RejectedRecord(Reason.INVALID_WORD, "BillingCurrency is not USD");
    }
    String billed = row.get("BilledCost");
    if (billed != null) {
      BigDecimal dollars = Json.decimal(billed, "BilledCost");
      draft.loggedNanoUsd = dollars.signum() * Json.dollars(dollars.abs(), "BilledCost");
    }
  }

  private void kind(CallDraft draft, long tokens) {
    String told =
        "%s %s %s"
            .formatted(
                details.getOrDefault("TokenType", ""),
                details.getOrDefault("TokenCacheAction", ""),
                details.getOrDefault("TokenDirection", ""))
            .toLowerCase(Locale.ROOT);
    String meter = row.getOrDefault("SkuMeter", row.getOrDefault("ChargeDescription", ""));
    String all = told.isBlank() ? meter.toLowerCase(Locale.ROOT) : told;
    // "Uncached" is no cache.
    boolean cache = CACHE.matcher(all.replace("uncached", "")).find();
    if (cache && WRITE.matcher(all).find()) {
      if (HOUR.matcher(all + ' ' + meter.toLowerCase(Locale.ROOT)).find()) {
        draft.cacheWrite1hTokens = tokens;
      } else {
        draft.cacheWrite5mTokens = tokens;
      }
    } else if (cache) {
      draft.cacheReadTokens = tokens;
    } else if (OUTPUT.matcher(all).find()) {
      draft.outputTokens = tokens;
    } else if (INPUT.matcher(all).find()) {
      draft.inputTokens = tokens;
    }
  }
}
