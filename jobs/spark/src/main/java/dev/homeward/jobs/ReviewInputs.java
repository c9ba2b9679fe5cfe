package dev.homeward.jobs;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.decision.CandidatePlanner;
import dev.homeward.economics.Assumptions;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Everything a review depends on, read and checked before Spark starts.
 *
 * @param reviewId hash of it all: the same inputs give the same id
 */
record ReviewInputs(
    List<LogFile> files,
    Policy policy,
    Evaluations evaluations,
    Assumptions assumptions,
    Catalog catalog,
    PriceBook prices,
    ZoneId zone,
    Optional<YearMonth> month,
    String codeVersion,
    String reviewId,
    List<String> settingsFiles) {

  /** Reads and checks. Problems of all settings are reported before any log is looked at. */
  static ReviewInputs read(ReviewOptions o, Progress progress) {
    ZoneId zone;
    try {
      zone = ZoneId.of(o.timezone());
    } catch (DateTimeException e) {
      throw new InvalidInput(
          "Invalid --timezone: %s (a name such as Europe/Berlin, or UTC)".formatted(o.timezone()),
          e);
    }
    Optional<YearMonth> month = o.month().map(ReviewPeriod::parseMonth);
    SettingsFiles settings = new SettingsFiles(o.log().logs());
    Policy policy = settings.read(o.log().policy(), "policy.yaml", Policy::load, Policy::defaults);
    Evaluations evaluations =
        settings.read(o.evaluations(), "evaluations.yaml", Evaluations::load, Evaluations::none);
    Assumptions assumptions =
        settings.read(
            o.assumptions(), "assumptions.yaml", Assumptions::load, Assumptions::defaults);
    PriceBook prices = settings.readAll(o.prices(), "prices.yaml", PriceBook::with);
    Catalog catalog = settings.readAll(o.log().hardware(), "hardware.yaml", Catalog::with);
    if (settings.isFine()) {
      settings.tryTo(
          () -> {
            new CandidatePlanner(catalog, policy, evaluations).checkNames();
            return true;
          });
    }
    settings.check();
    List<LogFile> files = LogInputs.files(o.log(), true, progress);
    String code = ownVersion();
    StringBuilder all = new StringBuilder();
    files.forEach(f -> all.append(f.name()).append(f.sha256()).append(f.format()).append('\n'));
    all.append(policy.text()).append(evaluations).append(assumptions.text());
    all.append(catalog.version()).append(prices.version()).append(zone.getId()).append(month);
    all.append(o.log().workload()).append(o.log().hostedModel()).append(o.log().keepIds());
    all.append(o.log().sourceTimezone()).append(o.log().samplingRate()).append(code);
    return new ReviewInputs(
        files,
        policy,
        evaluations,
        assumptions,
        catalog,
        prices,
        zone,
        month,
        code,
        sha256(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16),
        settings.used());
  }

  /** The program's version and, when it runs from its jars, their hash. */
  static String ownVersion() {
    try {
      MessageDigest digest = sha256();
      for (Class<?> of : List.of(ReviewInputs.class, Catalog.class)) {
        var source = of.getProtectionDomain().getCodeSource();
        Path jar = source == null ? null : Path.of(source.getLocation().toURI());
        if (jar == null || !Files.isRegularFile(jar)) {
          return "0.1.0+classes";
        }
        digest.update(Files.readAllBytes(jar));
      }
      return "0.1.0+" + HexFormat.of().formatHex(digest.digest()).substring(0, 12);
    } catch (URISyntaxException e) {
      return "0.1.0+classes";
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the program's own jars", e);
    }
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
