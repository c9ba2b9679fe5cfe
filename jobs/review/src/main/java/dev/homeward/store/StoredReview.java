package dev.homeward.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.calls.ReviewPeriod;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.calls.WorkloadProfile;
import dev.homeward.decision.CachedReplays;
import dev.homeward.decision.MoneyBasis;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.keeping.Codec;
import dev.homeward.keeping.Fleet;
import dev.homeward.keeping.KeptFile;
import dev.homeward.keeping.KeptSettings;
import dev.homeward.keeping.Replayed;
import dev.homeward.policy.Evaluations;
import dev.homeward.pricing.SpendOfDay;
import dev.homeward.pricing.WorkloadSpend;
import dev.homeward.replay.Sizing;
import dev.homeward.serving.Deployment;
import dev.homeward.settings.ReviewSettings;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a review keeps so that it can be decided anew without its logs: settings as they were, what
 * each workload is and cost, which files hold its calls, and every replay.
 */
public record StoredReview(
    Settings settings,
    List<WorkloadProfile> profiles,
    List<WorkloadSpend> spend,
    List<CachedReplays.Entry> replays) {
  /**
   * The settings of a review.
   *
   * @param period the month
   * @param policy text of the policy, {@code Policy.parse}
   * @param assumptions text of the assumptions, {@code Assumptions.parse}
   * @param catalog the user's catalog files as JSON
   * @param prices the user's price books as JSON
   * @param parts files of calls/ by workload, absolute
   */
  public record Settings(
      ReviewPeriod period,
      String policy,
      String assumptions,
      Evaluations evaluations,
      List<String> catalog,
      List<String> prices,
      Map<WorkloadKey, List<String>> parts) {}

  /** Whether this very program has written a review. */
  public static boolean isOfThisProgram(String directory) {
    return tree(directory, KeptFile.MANIFEST)
        .path("code_version")
        .asText()
        .equals(ProgramVersion.text());
  }

  /**
   * The text of settings.json.
   *
   * @param keyParts files of calls/ by workload
   */
  public static String settings(
      ReviewSettings settings,
      ReviewPeriod period,
      Map<WorkloadKey, List<String>> keyParts,
      String directory) {
    List<KeptSettings.CallFiles> calls = new ArrayList<>();
    keyParts.forEach(
        (key, parts) ->
            calls.add(
                new KeptSettings.CallFiles(
                    key.workload(),
                    key.hostedModel(),
                    key.dataClass(),
                    parts.stream().map(part -> relative(part, directory)).toList())));
    return Codec.pretty(
        new KeptSettings(
            KeptFile.SETTINGS.version(),
            Codec.write(period),
            settings.policy().text(),
            settings.assumptions().text(),
            Codec.write(settings.evaluations()),
            settings.catalog().userDocuments(),
            settings.prices().userDocuments(),
            calls));
  }

  private static String relative(String part, String directory) {
    int at = part.lastIndexOf("/calls/");
    if (at < 0) {
      throw new IllegalStateException("%s is not in calls/ of %s".formatted(part, directory));
    }
    return part.substring(at + 1);
  }

  /** The text of replays.jsonl: a line an answer. */
  public static String replays(List<CachedReplays.Entry> entries) {
    return Codec.lines(entries.stream().map(StoredReview::answer).toList());
  }

  private static Replayed.Answer answer(CachedReplays.Entry e) {
    Deployment d = e.request().deployment();
    return new Replayed.Answer(
        e.fingerprint(),
        e.request().workloads().stream().map(w -> Replayed.Key.of(w.key())).toList(),
        new Replayed.On(d.model().id(), d.quantization().id(), d.engine().id(), d.hardware().id()),
        e.request().volume(),
        e.mostReplicas(),
        e.fleets().stream().map(f -> Fleet.of(f).withoutHours()).toList());
  }

  /**
   * Reads the settings of a review.
   *
   * @throws InvalidInput if there is none, or one of another version
   */
  public static Settings settings(String review) {
    return settings(review, review);
  }

  /**
   * The same of a copy.
   *
   * @param calls the review that holds the calls
   */
  public static Settings settings(String review, String calls) {
    Path directory = Path.of(review);
    Path file = directory.resolve(KeptFile.SETTINGS.path());
    if (!Files.isRegularFile(file)) {
      throw new InvalidInput(
          "Cannot read %s: it is not a review directory, or one of an older Homeward (make it again)"
              .formatted(review));
    }
    String where = file.toString();
    KeptSettings kept = Codec.file(KeptFile.SETTINGS, text(file), KeptSettings.class, where);
    Map<WorkloadKey, List<String>> parts = new TreeMap<>();
    for (KeptSettings.CallFiles of : kept.calls()) {
      parts.put(
          new WorkloadKey(of.workload(), of.hostedModel(), of.dataClass()),
          of.files().stream()
              .map(
                  name ->
                      calls.contains("://") ? calls + "/" + name : Path.of(calls, name).toString())
              .toList());
    }
    return new Settings(
        Codec.file(KeptFile.SETTINGS, kept.period(), ReviewPeriod.class, where + " /period"),
        kept.policy(),
        kept.assumptions(),
        Codec.file(
            KeptFile.SETTINGS, kept.evaluations(), Evaluations.class, where + " /evaluations"),
        kept.catalog(),
        kept.prices(),
        parts);
  }

  /** Reads the rest. */
  public static StoredReview read(String review, Settings settings) {
    Path directory = Path.of(review);
    List<CachedReplays.Entry> all = new ArrayList<>(entries(directory, KeptFile.REPLAYS));
    if (Files.exists(directory.resolve(KeptFile.LIKELY.path()))) {
      all.addAll(entries(directory, KeptFile.LIKELY));
    }
    return new StoredReview(
        settings,
        lines(directory, KeptFile.WORKLOADS, WorkloadProfile.class),
        lines(directory, KeptFile.SPEND, WorkloadSpend.class),
        all);
  }

  /** What the workloads of a review spent by UTC day; empty of a review that does not hold it. */
  public static Optional<List<SpendOfDay.OfWorkload>> spendOfDays(String review) {
    Path directory = Path.of(review);
    return Files.exists(directory.resolve(KeptFile.SPEND_OF_DAYS.path()))
        ? Optional.of(lines(directory, KeptFile.SPEND_OF_DAYS, SpendOfDay.OfWorkload.class))
        : Optional.empty();
  }

  /** The chosen fleets of a review by hour. */
  public static List<Replayed.Chosen> hours(String review) {
    return lines(Path.of(review), KeptFile.HOURS, Replayed.Chosen.class);
  }

  /** The replays of a review with what was asked. */
  public static List<MoneyBasis.Answered> answers(String review) {
    Path directory = Path.of(review);
    List<Replayed.Answer> all =
        new ArrayList<>(lines(directory, KeptFile.REPLAYS, Replayed.Answer.class));
    if (Files.exists(directory.resolve(KeptFile.LIKELY.path()))) {
      all.addAll(lines(directory, KeptFile.LIKELY, Replayed.Answer.class));
    }
    return all.stream()
        .filter(answer -> saysWhatWentToTheApi(entry(answer)))
        .map(StoredReview::answered)
        .toList();
  }

  private static MoneyBasis.Answered answered(Replayed.Answer kept) {
    List<Sizing.ReplayedFleet> fleets = kept.fleets().stream().map(Fleet::replayed).toList();
    Replayed.On on = kept.on();
    return new MoneyBasis.Answered(
        kept.workloads().stream().map(Replayed.Key::key).toList(),
        new RankedWorkload.On(on.localModel(), on.quantization(), on.engine(), on.hardware()),
        kept.volume(),
        kept.mostReplicas(),
        fleets.stream().findFirst().map(f -> f.options().prefixCache()),
        fleets);
  }

  /** What a review says in one of its files that hold a JSON object. */
  public static JsonNode tree(String review, KeptFile kept) {
    Path file = Path.of(review, kept.path());
    return Codec.tree(kept, text(file), file.toString());
  }

  private static <T> List<T> lines(Path review, KeptFile kept, Class<T> type) {
    Path file = review.resolve(kept.path());
    return Codec.lines(kept, text(file).lines().toList(), type, file.toString());
  }

  /**
   * The text of a kept file.
   *
   * @throws InvalidInput if it is missing or not UTF-8
   */
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new InvalidInput(
          "Cannot read %s: it is missing (take a copy of the review, or make it again)"
              .formatted(file),
          e);
    } catch (CharacterCodingException e) {
      throw new InvalidInput(
          "Cannot read %s: it is damaged (not UTF-8). Take a copy of the review, or make it again"
              .formatted(file),
          e);
    } catch (IOException e) {
      if (Files.isDirectory(file)) {
        throw new InvalidInput(
            "Cannot read %s: it is a folder (take a copy of the review, or make it again)"
                .formatted(file),
            e);
      }
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  private static List<CachedReplays.Entry> entries(Path review, KeptFile kept) {
    return lines(review, kept, Replayed.Answer.class).stream()
        .map(StoredReview::entry)
        .filter(StoredReview::saysWhatWentToTheApi)
        .toList();
  }

  // Reviews of older programs do not say it by line of the bill, only what it cost: such an answer
  // cannot be weighed at other prices, and is found anew.
  private static boolean saysWhatWentToTheApi(CachedReplays.Entry entry) {
    return entry.fleets().stream()
        .map(Sizing.ReplayedFleet::result)
        .allMatch(r -> r.apiUse().calls() == r.overflowCalls() + r.tooLongCalls());
  }

  private static CachedReplays.Entry entry(Replayed.Answer kept) {
    return new CachedReplays.Entry(
        kept.fingerprint(),
        kept.mostReplicas(),
        null,
        kept.fleets().stream().map(Fleet::replayed).toList());
  }
}
