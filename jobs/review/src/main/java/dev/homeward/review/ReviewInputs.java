package dev.homeward.review;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.catalog.Situation;
import dev.homeward.decision.CandidatePlanner;
import dev.homeward.economics.Assumptions;
import dev.homeward.files.Files;
import dev.homeward.focus.FocusVersion;
import dev.homeward.ingest.IngestResult;
import dev.homeward.logs.LogFile;
import dev.homeward.logs.LogFiles;
import dev.homeward.logs.LogInputs;
import dev.homeward.logs.OwnTables;
import dev.homeward.logs.StrayFile;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.progress.Progress;
import dev.homeward.settings.ReviewSettings;
import dev.homeward.settings.SettingsFiles;
import dev.homeward.store.ProgramVersion;
import dev.homeward.store.ReviewDirectory;
import dev.homeward.units.InvalidInput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a review depends on, read and checked before workers start.
 *
 * @param passedOver files of the folders that are no logs
 * @param reviewId hash of it all: the same inputs give the same id
 * @param settingsFiles the files of settings that were read, by the name such a file has; nothing
 *     where defaults hold
 * @param settingsFolder where they are looked for; empty if the log can have no such folder
 */
record ReviewInputs(
    List<LogFile> files,
    List<StrayFile> passedOver,
    ReviewSettings settings,
    ZoneId zone,
    Optional<YearMonth> month,
    String codeVersion,
    String reviewId,
    Map<String, List<String>> settingsFiles,
    Optional<Path> settingsFolder) {

  /**
   * The settings of a review.
   *
   * @param files which files they were read from
   * @param tables how tables of one's own are read
   */
  record Checked(SettingsFiles files, ReviewSettings settings, OwnTables tables) {}

  /**
   * Reads and checks the settings and the flags; no log is looked at.
   *
   * @throws InvalidInput with the problems of all settings
   */
  static Checked check(Files storage, ReviewOptions o) {
    zone(o.timezone());
    o.month().ifPresent(ReviewPeriod::parseMonth);
    SettingsFiles settings = new SettingsFiles(o.log().settingsFolder());
    Policy policy = settings.read(o.log().policy(), "policy.yaml", Policy::load, Policy::defaults);
    Evaluations evaluations =
        settings.read(o.evaluations(), "evaluations.yaml", Evaluations::load, Evaluations::none);
    Assumptions file =
        settings.read(
            o.assumptions(), "assumptions.yaml", Assumptions::load, Assumptions::defaults);
    Assumptions assumptions = settings.isFine() ? inSituation(settings, file, o) : file;
    PriceBook prices = settings.readAll(o.prices(), "prices.yaml", PriceBook::with);
    Catalog catalog = settings.readAll(o.log().hardware(), "hardware.yaml", Catalog::with);
    if (settings.isFine()) {
      settings.tryTo(
          () -> {
            new CandidatePlanner(catalog, policy, evaluations).checkNames();
            return true;
          });
    }
    OwnTables tables = LogInputs.tables(settings, o.log());
    settings.check();
    LogInputs.checkFlags(o.log());
    o.promised().ifPresent(review -> promisedId(storage, review));
    return new Checked(
        settings, new ReviewSettings(policy, evaluations, assumptions, catalog, prices), tables);
  }

  /** Reads and checks. Problems of all settings are reported before any log is looked at. */
  public static ReviewInputs read(Files storage, ReviewOptions o, Progress progress) {
    Checked checked = check(storage, o);
    ZoneId zone = zone(o.timezone());
    Optional<YearMonth> month = o.month().map(ReviewPeriod::parseMonth);
    ReviewSettings settings = checked.settings();
    LogFiles.Found found = LogInputs.files(storage, o.log(), checked.tables(), true, progress);
    List<LogFile> files = found.files();
    String code = ProgramVersion.text();
    StringBuilder all = new StringBuilder();
    files.forEach(
        f ->
            all.append(f.name())
                .append(f.sha256())
                .append(f.format())
                .append(f.mapping())
                .append('\n'));
    all.append(settings.policy().text()).append(settings.evaluations());
    all.append(settings.assumptions().text()).append(settings.catalog().version());
    all.append(settings.prices().version()).append(zone.getId()).append(month);
    all.append(o.log().workload()).append(o.log().hostedModel()).append(o.log().keepIds());
    all.append(o.log().sourceTimezone()).append(o.log().samplingRate()).append(code);
    // Only where they are not as ever, so that what was reviewed before has the id it had.
    if (o.focus() != FocusVersion.DEFAULT) {
      all.append("focus ").append(o.focus().number());
    }
    o.promised().ifPresent(review -> all.append("promised ").append(promisedId(storage, review)));
    return new ReviewInputs(
        files,
        found.passedOver(),
        settings,
        zone,
        month,
        code,
        sha256(all.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16),
        checked.files().used(),
        o.log().settingsFolder());
  }

  /** The business time zone of a name. */
  static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new InvalidInput(
          "Invalid --timezone: %s (a name such as Europe/Berlin, or UTC)".formatted(name), e);
    }
  }

  private static String promisedId(Files storage, String review) {
    return new ReviewDirectory(storage, review)
        .reviewId()
        .orElseThrow(
            () ->
                new InvalidInput(
                    "Invalid --promised: %s is not a review directory (there is no manifest.json)"
                        .formatted(review)));
  }

  private static Assumptions inSituation(
      SettingsFiles settings, Assumptions file, ReviewOptions o) {
    return settings.tryTo(() -> o.situation().map(id -> file.in(Situation.of(id))).orElse(file));
  }

  /** Says what was read, to those who want to know more. */
  void tell(Progress progress) {
    progress.detail("review id %s", reviewId);
    progress.detail("program %s, catalog %s", codeVersion, settings.catalog().version());
    settingsFiles.forEach(
        (name, read) ->
            progress.detail("%s: %s", name, read.isEmpty() ? "defaults" : String.join(", ", read)));
    for (LogFile file : files) {
      progress.detail(
          "%s: %,d bytes, %s (%s)", file.name(), file.bytes(), file.format(), file.why());
    }
  }

  /** The month under review, where the log has it. */
  ReviewPeriod period(IngestResult ingested) {
    return ReviewPeriod.of(ingested.callDays(), month, zone);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
