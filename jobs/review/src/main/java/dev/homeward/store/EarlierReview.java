package dev.homeward.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.homeward.files.Files;
import dev.homeward.report.ReviewDiff;
import dev.homeward.report.Reviewed;
import dev.homeward.units.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
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
   * What changed in a review since the newest of an earlier month beside it; empty where there is
   * none, or one of the two cannot be read.
   */
  public static Optional<Reviewed.Since> since(Files files, String review) {
    try {
      Optional<EarlierReview> now = read(files, review);
      if (now.isEmpty()) {
        return Optional.empty();
      }
      List<EarlierReview> before = allBefore(files, review, now.get().month());
      if (before.isEmpty()) {
        return Optional.empty();
      }
      try (LocalReview then = LocalReview.of(() -> files, before.get(0).path());
          LocalReview here = LocalReview.of(() -> files, now.get().path())) {
        return Optional.of(
            Reviewed.Since.of(
                ReviewDiff.read(then.directory()), ReviewDiff.read(here.directory())));
      }
    } catch (IOException | UncheckedIOException | InvalidInput e) {
      return Optional.empty();
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
