package dev.homeward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.homeward.review.Review;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Who may know whom among the packages of the application; all of them may know the core, which
 * knows none of them. A new line here is a decision.
 */
final class ReviewPackageGraphTest {
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          Map.entry("progress", Set.of()),
          Map.entry("files", Set.of()),
          Map.entry("settings", Set.of()),
          Map.entry("logs", Set.of("files", "progress", "settings")),
          Map.entry("databases", Set.of("logs", "files", "progress")),
          Map.entry("ingest", Set.of("logs", "files")),
          Map.entry("workers", Set.of("ingest", "logs", "files", "settings")),
          Map.entry("store", Set.of("files", "settings")),
          Map.entry("whatif", Set.of("workers", "store", "settings")),
          Map.entry("validate", Set.of("logs", "files", "progress", "settings")),
          Map.entry(
              "review",
              Set.of(
                  "workers",
                  "ingest",
                  "databases",
                  "logs",
                  "store",
                  "settings",
                  "files",
                  "progress")));

  /** Library packages that one room alone may name. */
  private static final Map<String, String> ONLY_IN =
      Map.of(
          "org.apache.hadoop.", "files",
          "org.apache.parquet.hadoop.", "files",
          "me.tongfei.progressbar.", "progress");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("homeward-core"))
          .withImportOption(location -> !location.contains("/core/target/"))
          .withImportOption(location -> !location.contains("homeward-faces"))
          .withImportOption(location -> !location.contains("/faces/target/"))
          .importPackages("dev.homeward");

  @Test
  void packagesKnowOnlyWhomTheyMay() {
    List<String> broken = new ArrayList<>();
    for (JavaClass from : CLASSES) {
      String mine = room(from);
      Set<String> allowed = MAY_KNOW.get(mine);
      if (allowed == null) {
        broken.add(from.getName() + " stands in a package that the graph does not name");
        continue;
      }
      from.getDirectDependenciesFromSelf().stream()
          .map(d -> room(d.getTargetClass().getBaseComponentType()))
          .filter(MAY_KNOW::containsKey)
          .filter(target -> !target.equals(mine) && !allowed.contains(target))
          .distinct()
          .forEach(target -> broken.add(from.getName() + " knows " + target));
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void librariesStandBehindOneRoomEach() {
    List<String> broken = new ArrayList<>();
    for (JavaClass from : CLASSES) {
      from.getDirectDependenciesFromSelf().stream()
          .map(d -> d.getTargetClass().getBaseComponentType().getName())
          .forEach(
              target ->
                  ONLY_IN.forEach(
                      (library, room) -> {
                        if (target.startsWith(library) && !room(from).equals(room)) {
                          broken.add(from.getName() + " knows " + target);
                        }
                      }));
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void theGraphHasNoCycle() {
    MAY_KNOW.keySet().forEach(room -> walk(room, List.of()));
  }

  private static void walk(String room, List<String> path) {
    if (path.contains(room)) {
      throw new AssertionError("A cycle: %s, %s".formatted(String.join(", ", path), room));
    }
    List<String> longer = new ArrayList<>(path);
    longer.add(room);
    MAY_KNOW.get(room).forEach(next -> walk(next, longer));
  }

  /** The sequence of a review reads as a paragraph: it knows its stages, not what they know. */
  @Test
  void aReviewKnowsAtMostTwentyClasses() {
    List<String> known =
        CLASSES.get(Review.class).getDirectDependenciesFromSelf().stream()
            .map(d -> d.getTargetClass().getBaseComponentType().getName())
            .filter(name -> name.startsWith("dev.homeward."))
            .map(name -> name.replaceFirst("\\$.*", ""))
            .filter(name -> !name.equals(Review.class.getName()))
            .distinct()
            .sorted()
            .toList();
    assertTrue(known.size() <= 20, () -> known.size() + ": " + known);
  }

  @Test
  void sparkIsNotOnTheClasspathOfTheApplication() {
    assertThrows(ClassNotFoundException.class, () -> Class.forName("org.apache.spark.SparkConf"));
  }

  private static String room(JavaClass c) {
    String name = c.getPackageName();
    return name.startsWith("dev.homeward.") ? name.split("\\.")[2] : "";
  }
}
