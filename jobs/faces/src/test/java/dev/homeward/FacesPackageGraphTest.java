package dev.homeward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Who may know whom among the files that a review hands out; all of them may know the core, which
 * knows none of them. A new line here is a decision.
 */
final class FacesPackageGraphTest {
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.of(
          "faces",
          Set.of("page", "workbook", "focus", "nextsteps", "metrics"),
          "page",
          Set.of(),
          "workbook",
          Set.of(),
          "metrics",
          Set.of(),
          "nextsteps",
          Set.of(),
          "focus",
          Set.of());

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("homeward-core"))
          .withImportOption(location -> !location.contains("/core/target/"))
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
  void theApplicationIsNotOnTheClasspath() {
    assertThrows(ClassNotFoundException.class, () -> Class.forName("dev.homeward.review.Review"));
  }

  private static String room(JavaClass c) {
    String name = c.getPackageName();
    return name.startsWith("dev.homeward.") ? name.split("\\.")[2] : "";
  }
}
