package dev.homeward.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.files.Files;
import dev.homeward.report.ReviewDiff;
import dev.homeward.report.ReviewHistory;
import dev.homeward.report.Reviewed;
import dev.homeward.units.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The review that a new one follows: the one that it replaces, else the newest of an earlier month
 * beside it. It tells which files of settings were read then.
 *
 * @param path its directory
 * @param month the month under review
 * @param settingsFiles files of settings by the name such a file has, none where defaults held;
 *     empty of a review by a program that did not keep them
 */
public record EarlierReview(String path, YearMonth month, Map<String, List<String>> settingsFiles) {

  /** Of earlier months, two years at the most are told of. */
  private static final int MOST_MONTHS = 24;

  /** A file of settings that the earlier review read and that is not there now. */
  public record Missing(String name, String before) {}

  /**
   * The review before the one that is to be written.
   *
   * @param target where it goes
   * @param month its month
   */
  public static Optional<EarlierReview> before(Files files, String target, YearMonth month) {
    Optional<EarlierReview> replaced = read(files, target);
    if (replaced.isPresent()) {
      return replaced;
    }
    return allBefore(files, target, month).stream().findFirst();
  }

  /**
   * The reviews of earlier months beside the one that is to be written, the newest first.
   *
   * @param target where it goes
   * @param month its month
   */
  public static List<EarlierReview> allBefore(Files files, String target, YearMonth month) {
    List<EarlierReview> before = new ArrayList<>();
    for (Files.Entry beside : siblings(files, target)) {
      if (!beside.isFolder() || files.name(beside.path()).startsWith(".")) {
        continue;
      }
      read(files, beside.path()).filter(r -> r.month.isBefore(month)).ifPresent(before::add);
    }
    before.sort(
        Comparator.comparing(EarlierReview::month).thenComparing(EarlierReview::path).reversed());
    return before;
  }

  /**
   * What the reviews of earlier months beside a review on this machine tell: nothing where there is
   * none; one that cannot be read is left out.
   */
  public static Reviewed.Beside beside(Files files, String review) {
    Optional<EarlierReview> now = read(files, review);
    Optional<Path> here = local(files, review);
    if (now.isEmpty() || here.isEmpty()) {
      return Reviewed.Beside.NONE;
    }
    List<Path> before =
        allBefore(files, review, now.get().month()).stream().map(r -> Path.of(r.path())).toList();
    return before.isEmpty()
        ? Reviewed.Beside.NONE
        : new Reviewed.Beside(since(before.get(0), here.get()), months(before, here.get()));
  }

  private static Optional<Path> local(Files files, String review) {
    try {
      return files.local(review);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Reviewed.Since> since(Path before, Path now) {
    try {
      return Optional.of(Reviewed.Since.of(ReviewDiff.read(before), ReviewDiff.read(now)));
    } catch (IOException | InvalidInput | NumberFormatException e) {
      return Optional.empty();
    }
  }

  // The newest of them, and this one last.
  private static List<ReviewHistory.Month> months(List<Path> before, Path now) {
    List<ReviewHistory.Month> months = new ArrayList<>();
    before.stream().limit(MOST_MONTHS).map(EarlierReview::monthOf).forEach(months::addAll);
    Collections.reverse(months);
    List<ReviewHistory.Month> last = monthOf(now);
    if (months.isEmpty() || last.isEmpty()) {
      return List.of();
    }
    months.addAll(last);
    return months;
  }

  // One that cannot be read is left out, and the others are shown all the same.
  private static List<ReviewHistory.Month> monthOf(Path review) {
    try {
      return ReviewHistory.of(List.of(review)).months();
    } catch (IOException | InvalidInput | NumberFormatException e) {
      return List.of();
    }
  }

  /** What it read and a review with these files does not. */
  public List<Missing> missing(Map<String, List<String>> now) {
    List<Missing> missing = new ArrayList<>();
    settingsFiles.forEach(
        (name, before) -> {
          if (!before.isEmpty() && now.getOrDefault(name, List.of()).isEmpty()) {
            missing.add(new Missing(name, before.get(0)));
          }
        });
    return missing;
  }

  private static List<Files.Entry> siblings(Files files, String target) {
    try {
      return files.listReadable(files.parent(target));
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + files.parent(target), e);
    }
  }

  // What cannot be read, or is no manifest of a review, is no review to compare with: whatever is
  // wrong with it, it must not keep the new one from being made.
  private static Optional<EarlierReview> read(Files files, String review) {
    String manifest = files.child(review, Outputs.MANIFEST);
    try {
      if (!files.exists(manifest)) {
        return Optional.empty();
      }
      JsonNode config = Outputs.parse(files.read(manifest), manifest).path("configuration");
      Map<String, List<String>> settings = new LinkedHashMap<>();
      config
          .path("settings_files")
          .properties()
          .forEach(
              e -> {
                List<String> read = new ArrayList<>();
                e.getValue().forEach(file -> read.add(file.asText()));
                settings.put(e.getKey(), read);
              });
      return Optional.of(
          new EarlierReview(
              files.local(review).isPresent() ? files.plain(review) : review,
              YearMonth.parse(config.path("month").asText()),
              settings));
    } catch (IOException | InvalidInput | DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
