package dev.homeward.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.options.ColorScheme;
import dev.homeward.cli.HostileMonth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Reviews whose reports are looked at, made once and kept until something that they rest on
 * changes.
 */
final class Reports {
  private static final Path FOLDER = Path.of("target", "reviews").toAbsolutePath();
  private static Path hostile;
  private static Path many;

  private Reports() {}

  /** The review of the month with hostile names. */
  static synchronized Path hostile() {
    if (hostile == null) {
      try {
        hostile = HostileMonth.review(FOLDER.resolve("hostile"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return hostile;
  }

  /** A review of three hundred workloads. */
  static synchronized Path many() {
    if (many == null) {
      try {
        many = HostileMonth.reviewOfMany(FOLDER.resolve("many"), 300);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return many;
  }

  /**
   * What is looked at: the hostile month, and the sample's review where somebody has made it there
   * (.ci/run does).
   */
  static List<Path> shown() {
    Path sample =
        Path.of(System.getProperty("homeward.root", "../.."), "target", "ci-review")
            .toAbsolutePath();
    return Files.exists(page(sample)) ? List.of(hostile(), sample) : List.of(hostile());
  }

  /** Each of them at each width in each theme. */
  static Stream<Arguments> windows() {
    return shown().stream()
        .flatMap(
            review ->
                Stream.of(1280, 390)
                    .flatMap(
                        width ->
                            Stream.of(ColorScheme.LIGHT, ColorScheme.DARK)
                                .map(theme -> Arguments.of(review, width, theme))));
  }

  /** The page of a review. */
  static Path page(Path review) {
    return review.resolve("report.html");
  }

  /** The document of a review. */
  static JsonNode document(Path review) throws IOException {
    return new ObjectMapper().readTree(review.resolve("report.json").toFile());
  }
}
