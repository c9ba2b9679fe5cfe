package dev.homeward.focus;

import dev.homeward.calls.BillingMode;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.ServiceTier;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.HostedModels;
import dev.homeward.economics.Assumptions;
import dev.homeward.pricing.SpendOfDay;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;

/** Spend made by hand, and the files made of it. */
final class FocusBench {
  static final HostedModels MODELS = Catalog.standard().hostedModels();

  /** Everything that a charge can differ in. */
  static final List<SpendOfDay.OfWorkload> ALL =
      List.of(
          workload(
              "claims / claude-sonnet-4-5 / internal",
              day(
                  "2026-05-04",
                  "anthropic",
                  ServiceTier.STANDARD,
                  BillingMode.METERED,
                  "CC-1",
                  line("input", 10_000, 3_000_000, 2_700_000),
                  line("cache_read", 40_000, 300_000, 270_000),
                  line("cache_write_5m", 5_000, 3_750_000, 3_375_000),
                  line("cache_write_1h", 1, 6_000_000, 5_400_000),
                  line("output", 2_500, 15_000_000, 13_500_000),
                  line("web_search", 7, 10_000_000_000L, 9_000_000_000L)),
              day(
                  "2026-05-05",
                  "bedrock/eu-west-1",
                  ServiceTier.BATCH,
                  BillingMode.METERED,
                  "",
                  line("input", 333, 1_500_000, 1_500_000),
                  new SpendOfDay.Line("output", true, 1, 7_500_001, 7_500_001))),
          workload(
              "coder / claude-opus-4-6 / unclassified",
              day(
                  "2026-05-04",
                  "anthropic",
                  ServiceTier.STANDARD,
                  BillingMode.SUBSCRIPTION,
                  "CC-2",
                  line("input", 1_000_000, 5_000_000, 5_000_000)),
              day(
                  "2026-05-31",
                  "anthropic",
                  ServiceTier.STANDARD,
                  BillingMode.SUBSCRIPTION,
                  "CC-2",
                  line("input", 3_000_000, 5_000_000, 5_000_000))),
          workload(
              "voice / gpt-4o / public",
              day(
                  "2026-05-04",
                  "azure",
                  ServiceTier.PRIORITY,
                  BillingMode.PROVISIONED,
                  "CC-3",
                  line("audio_input", 9, 40_000_000, 40_000_000),
                  line("audio_output", 8, 80_000_000, 80_000_000))),
          workload(
              "own / acme-1 / internal",
              day(
                  "2026-05-04",
                  "",
                  ServiceTier.STANDARD,
                  BillingMode.METERED,
                  "",
                  line("input", 5, 1, 1))));

  private FocusBench() {}

  private static SpendOfDay.OfWorkload workload(String key, SpendOfDay... days) {
    String[] parts = key.split(" / ");
    return new SpendOfDay.OfWorkload(new WorkloadKey(parts[0], parts[1], parts[2]), List.of(days));
  }

  static SpendOfDay.OfWorkload of(WorkloadKey key, String owner, SpendOfDay.Line... lines) {
    return new SpendOfDay.OfWorkload(
        key,
        List.of(
            day("2026-05-04", "openai", ServiceTier.STANDARD, BillingMode.METERED, owner, lines)));
  }

  /** Calls that a subscription at the maker pays for. */
  static SpendOfDay.OfWorkload behindSeats(WorkloadKey key, SpendOfDay.Line... lines) {
    return new SpendOfDay.OfWorkload(
        key,
        List.of(
            day(
                "2026-05-04",
                "anthropic",
                ServiceTier.STANDARD,
                BillingMode.SUBSCRIPTION,
                "",
                lines)));
  }

  private static SpendOfDay day(
      String day,
      String place,
      ServiceTier tier,
      BillingMode mode,
      String owner,
      SpendOfDay.Line... lines) {
    return new SpendOfDay(
        LocalDate.parse(day),
        place,
        tier,
        mode,
        owner,
        new SpendOfDay.PriceName(
            place.contains("/") ? "bedrock" : "", "", tier.word(), LocalDate.parse("2026-01-01")),
        1,
        List.of(lines));
  }

  static SpendOfDay.Line line(String kind, long units, long list, long paid) {
    return new SpendOfDay.Line(kind, false, units, list, paid);
  }

  /** May 2026, of which the log covers this share. */
  static ReviewPeriod may(double coverage) {
    long from = 1_777_593_600_000_000L;
    long to = from + 31 * 86_400_000_000L;
    return new ReviewPeriod(YearMonth.of(2026, 5), ZoneOffset.UTC, from, to, from, to, coverage);
  }

  static Assumptions.Api api(String json) throws IOException {
    return Assumptions.defaults()
        .with(
            (com.fasterxml.jackson.databind.node.ObjectNode)
                new com.fasterxml.jackson.databind.ObjectMapper().readTree(json),
            "test")
        .api();
  }

  /** Both files. */
  record Files(byte[] csv, byte[] parquet) {
    FocusTable text() {
      return FocusTable.ofCsv(csv);
    }

    FocusTable table(Path folder) throws IOException {
      return FocusTable.ofParquet(parquet, folder);
    }
  }

  static Files files(FocusVersion version, List<SpendOfDay.OfWorkload> spend, String api)
      throws IOException {
    return files(version, spend, api, 1);
  }

  static Files files(
      FocusVersion version, List<SpendOfDay.OfWorkload> spend, String api, double coverage)
      throws IOException {
    FocusText text = new FocusText(version);
    FocusParquet parquet = new FocusParquet(version);
    try (parquet) {
      new FocusRows(may(coverage), MODELS, api(api), spend)
          .forEach(
              row -> {
                text.add(row);
                parquet.add(row);
              });
    }
    return new Files(text.bytes(), parquet.bytes());
  }
}
