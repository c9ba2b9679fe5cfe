package dev.homeward.cli;

import dev.homeward.files.Files;
import dev.homeward.metrics.ReviewMetrics;
import dev.homeward.units.InvalidInput;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A copy of a review's metrics where a collector looks for them. A collector may read at any time,
 * so the file appears whole: it is written beside its place, under a name that no collector takes,
 * and renamed.
 */
final class MetricsCopy {
  private MetricsCopy() {}

  static void write(Files files, String review, Path target) {
    String text;
    try {
      text = files.read(files.child(review, ReviewMetrics.FILE));
    } catch (FileNotFoundException e) {
      throw new InvalidInput(
          "Cannot copy %s of %s: the review has none, an older Homeward made it (make it again with --force)"
              .formatted(ReviewMetrics.FILE, review),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot read %s of %s".formatted(ReviewMetrics.FILE, review), e);
    }
    Path place = target.toAbsolutePath();
    Path unfinished = place.resolveSibling(place.getFileName() + ".unfinished");
    try {
      java.nio.file.Files.writeString(unfinished, text);
      java.nio.file.Files.move(
          unfinished, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + target, e);
    }
  }
}
