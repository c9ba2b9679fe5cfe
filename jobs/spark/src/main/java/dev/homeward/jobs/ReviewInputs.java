package dev.homeward.jobs;

import dev.homeward.calls.ReviewPeriod;
import dev.homeward.catalog.Catalog;
import dev.homeward.catalog.PriceBook;
import dev.homeward.decision.CandidatePlanner;
import dev.homeward.economics.Assumptions;
import dev.homeward.formats.LogFormat;
import dev.homeward.policy.Evaluations;
import dev.homeward.policy.Policy;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.InputStream;
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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
  static ReviewInputs read(ReviewOptions o) {
    ZoneId zone;
    try {
      zone = ZoneId.of(o.timezone());
    } catch (DateTimeException e) {
      throw new InvalidInput(
          "Invalid --timezone: %s (a name such as Europe/Berlin, or UTC)".formatted(o.timezone()),
          e);
    }
    Optional<YearMonth> month = o.month().map(ReviewPeriod::parseMonth);
    Optional<LogFormat> format = o.format().map(LogFormat::parse);
    List<String> used = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Policy policy =
        load(
            settings(o, o.policy(), "policy.yaml", used), Policy::load, Policy::defaults, problems);
    Evaluations evaluations =
        load(
            settings(o, o.evaluations(), "evaluations.yaml", used),
            Evaluations::load,
            Evaluations::none,
            problems);
    Assumptions assumptions =
        load(
            settings(o, o.assumptions(), "assumptions.yaml", used),
            Assumptions::load,
            Assumptions::defaults,
            problems);
    List<Path> books = all(o, o.prices(), "prices.yaml", used);
    PriceBook prices = tryTo(() -> PriceBook.with(books), problems);
    List<Path> boxes = all(o, o.hardware(), "hardware.yaml", used);
    Catalog catalog = tryTo(() -> Catalog.with(boxes), problems);
    if (problems.isEmpty()) {
      tryTo(
          () -> {
            new CandidatePlanner(catalog, policy, evaluations).checkNames();
            return true;
          },
          problems);
    }
    if (!problems.isEmpty()) {
      throw new InvalidInput(problems);
    }
    List<LogFile> files = LogFiles.find(o.logs(), format);
    checkGiven(o, files);
    String code = ownVersion();
    StringBuilder all = new StringBuilder();
    files.forEach(f -> all.append(f.name()).append(f.sha256()).append(f.format()).append('\n'));
    all.append(policy.text()).append(evaluations).append(assumptions);
    all.append(catalog.version()).append(prices.version()).append(zone.getId()).append(month);
    all.append(o.workload()).append(o.hostedModel()).append(o.keepIds()).append(code);
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
        List.copyOf(used));
  }

  private static void checkGiven(ReviewOptions o, List<LogFile> files) {
    for (LogFile file : files) {
      LogFormat format = LogFormat.parse(file.format());
      List<String> missing = new ArrayList<>();
      if (format.needsWorkload() && o.workload().isEmpty()) {
        missing.add("--workload NAME");
      }
      if (format.needsHostedModel() && o.hostedModel().isEmpty()) {
        missing.add("--hosted-model NAME");
      }
      if (!missing.isEmpty()) {
        throw new InvalidInput(
            "Cannot review %s: its format %s does not say whose calls these are. Give %s"
                .formatted(file.name(), file.format(), String.join(" and ", missing)));
      }
    }
  }

  private static Optional<Path> settings(
      ReviewOptions o, Optional<String> given, String name, List<String> used) {
    Optional<Path> path = given.map(Path::of).or(() -> beside(o, name));
    path.ifPresent(p -> used.add(p.toString()));
    return path;
  }

  private static List<Path> all(
      ReviewOptions o, List<String> given, String name, List<String> used) {
    List<Path> paths = new ArrayList<>();
    beside(o, name).ifPresent(paths::add);
    given.forEach(g -> paths.add(Path.of(g)));
    paths.forEach(p -> used.add(p.toString()));
    return paths;
  }

  /** homeward/NAME in the directory of the first log. */
  private static Optional<Path> beside(ReviewOptions o, String name) {
    String first = o.logs().get(0);
    if (first.contains("://")) {
      return Optional.empty();
    }
    Path log = Path.of(first);
    Path folder = Files.isDirectory(log) ? log : log.toAbsolutePath().getParent();
    Path file = folder.resolve("homeward").resolve(name);
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  private static <T> T load(
      Optional<Path> file,
      Function<Path, T> load,
      java.util.function.Supplier<T> otherwise,
      List<String> problems) {
    return tryTo(() -> file.isPresent() ? load.apply(file.get()) : otherwise.get(), problems);
  }

  private static <T> T tryTo(java.util.function.Supplier<T> what, List<String> problems) {
    try {
      return what.get();
    } catch (InvalidInput e) {
      problems.add(e.getMessage());
      return null;
    }
  }

  /** The program's version and, when it runs from its jar, the jar's hash. */
  private static String ownVersion() {
    try {
      var source = ReviewInputs.class.getProtectionDomain().getCodeSource();
      Path jar = source == null ? null : Path.of(source.getLocation().toURI());
      if (jar != null && Files.isRegularFile(jar)) {
        try (InputStream in = Files.newInputStream(jar)) {
          return "0.1.0+" + sha256(in.readAllBytes()).substring(0, 12);
        }
      }
      return "0.1.0+classes";
    } catch (URISyntaxException e) {
      return "0.1.0+classes";
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the program's own jar", e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
