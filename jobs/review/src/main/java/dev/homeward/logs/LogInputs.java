package dev.homeward.logs;

import dev.homeward.catalog.Catalog;
import dev.homeward.files.Files;
import dev.homeward.formats.LogFormat;
import dev.homeward.formats.mapped.Mapping;
import dev.homeward.keeping.Codec;
import dev.homeward.policy.Policy;
import dev.homeward.progress.Progress;
import dev.homeward.settings.SettingsFiles;
import dev.homeward.units.InvalidInput;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What reading a log depends on, read and checked: its files and the settings that name calls.
 *
 * @param passedOver files of the folders that are no logs
 */
public record LogInputs(
    LogOptions options,
    List<LogFile> files,
    List<StrayFile> passedOver,
    Policy policy,
    Catalog catalog) {
  private static final int STRAYS_SHOWN = 10;

  /**
   * The settings that name calls and say how tables of one's own are read.
   *
   * @param tables how tables of one's own are read
   */
  public record Checked(Policy policy, Catalog catalog, OwnTables tables) {}

  /**
   * Reads and checks the settings and what the command line says of the logs; none of them is
   * looked at.
   *
   * @throws InvalidInput with every problem
   */
  public static Checked check(LogOptions options) {
    SettingsFiles settings = new SettingsFiles(options.settingsFolder());
    Policy policy = settings.read(options.policy(), "policy.yaml", Policy::load, Policy::defaults);
    Catalog catalog = settings.readAll(options.hardware(), "hardware.yaml", Catalog::with);
    OwnTables tables = tables(settings, options);
    settings.check();
    checkFlags(options);
    return new Checked(policy, catalog, tables);
  }

  /** Reads and checks; problems of settings are reported before any log is looked at. */
  public static LogInputs read(Files storage, LogOptions options, Progress progress) {
    Checked checked = check(options);
    LogFiles.Found found = found(storage, options, checked.tables(), false, progress);
    return new LogInputs(
        options, found.files(), found.passedOver(), checked.policy(), checked.catalog());
  }

  /**
   * The files of the logs, checked against what their formats need; the progress says which are
   * passed over.
   *
   * @param tables how tables of one's own are read
   * @param hashed whether their SHA-256 is wanted, which costs reading them once
   */
  public static LogFiles.Found files(
      Files storage, LogOptions options, OwnTables tables, boolean hashed, Progress progress) {
    LogFiles.Found found = found(storage, options, tables, hashed, progress);
    ownTables(found.files()).forEach(progress::note);
    StrayFile.told(found.passedOver(), STRAYS_SHOWN).forEach(progress::note);
    return found;
  }

  /** The mappings of the user, those given before the one beside the log; null on problems. */
  public static OwnTables tables(SettingsFiles settings, LogOptions options) {
    List<Mapping> mappings =
        settings.readFirst(
            options.mappings(),
            "mapping.yaml",
            files -> files.stream().map(Mapping::load).toList());
    return new OwnTables(
        mappings == null ? List.of() : mappings, options.hostedModel().isPresent());
  }

  /** Says of each table of one's own how it is read. */
  public static List<String> ownTables(List<LogFile> files) {
    List<String> lines = new ArrayList<>();
    for (LogFile file : files) {
      if (!file.mapping().isEmpty() && lines.size() < STRAYS_SHOWN) {
        lines.add("%s is %s".formatted(file.name(), file.why()));
      }
    }
    return lines;
  }

  /** Checks what the command line says of the logs, before any is looked at. */
  public static void checkFlags(LogOptions options) {
    options.sourceTimezone().ifPresent(LogInputs::zone);
    options.format().ifPresent(LogFormat::parse);
    if (!(options.samplingRate() > 0 && options.samplingRate() <= 1)) {
      throw new InvalidInput(
          "Invalid --sampling-rate: %s (above 0 and at most 1: the share of calls that the log holds)"
              .formatted(options.samplingRate()));
    }
  }

  private static LogFiles.Found found(
      Files storage, LogOptions options, OwnTables tables, boolean hashed, Progress progress) {
    checkFlags(options);
    Optional<LogFormat> format = options.format().map(LogFormat::parse);
    LogFiles.Found found =
        LogFiles.look(storage, options.paths(), format, tables, hashed, progress);
    List<String> problems = new ArrayList<>();
    for (LogFile file : found.files()) {
      LogFormat of = LogFormat.parse(file.format());
      List<String> missing = new ArrayList<>();
      if (of.needsWorkload() && options.workload().isEmpty()) {
        missing.add("--workload NAME");
      }
      if (of.needsHostedModel() && options.hostedModel().isEmpty()) {
        missing.add("--hosted-model NAME");
      }
      if (!missing.isEmpty()) {
        problems.add(
            "Cannot review %s: its format %s does not say whose calls these are. Give %s"
                .formatted(file.name(), file.format(), String.join(" and ", missing)));
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    return found;
  }

  /** What the tasks of a job need besides their bytes. */
  public static LogSettings settings(
      LogOptions options, List<LogFile> files, Policy policy, Catalog catalog) {
    return new LogSettings(
        policy.text(),
        catalog.userDocuments(),
        options.workload().orElse(null),
        options.hostedModel().orElse(null),
        options.sourceTimezone().orElse(null),
        options.keepIds(),
        options.samplingRate(),
        SessionKey.of(files).text(),
        Codec.write(BucketPlan.none()),
        sources(files),
        FirstPass.NONE);
  }

  /** The sources of calls where there are several, gateways before providers before tracers. */
  public static List<String> sources(List<LogFile> files) {
    TreeMap<String, LogFormat.Vantage> vantages = new TreeMap<>();
    for (LogFile file : files) {
      LogFormat format = LogFormat.parse(file.format());
      if (!format.isAggregate()) {
        vantages.put(format.source(), format.vantage());
      }
    }
    List<String> sources = new ArrayList<>(vantages.keySet());
    sources.sort(
        Comparator.comparing((String source) -> vantages.get(source))
            .thenComparing(source -> source));
    return sources.size() > 1 ? sources : List.of();
  }

  public LogSettings settings() {
    return settings(options, files, policy, catalog);
  }

  public static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new InvalidInput(
          "Invalid --source-timezone: %s (a name such as Europe/Berlin, or UTC)".formatted(name),
          e);
    }
  }
}
