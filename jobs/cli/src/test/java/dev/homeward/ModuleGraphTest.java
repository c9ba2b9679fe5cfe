package dev.homeward;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The modules over all of them: cli knows everything, spark the application, nobody cli. */
final class ModuleGraphTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.homeward");

  @Test
  void onlyOnePackageNamesSpark() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.homeward.spark")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..")
        .check(CLASSES);
  }

  @Test
  void nobodyButTheCommandLineChoosesSpark() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.homeward.spark", "dev.homeward.cli")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.homeward.spark")
        .check(CLASSES);
  }

  @Test
  void nobodyKnowsTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.homeward.cli")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.homeward.cli")
        .check(CLASSES);
  }

  /** Kept files are written and read by one mapper. */
  @Test
  void nobodyButTheCodecBuildsAMapperWhereReviewsAreKept() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.homeward.store",
            "dev.homeward.review",
            "dev.homeward.whatif",
            "dev.homeward.workers",
            "dev.homeward.spark",
            "dev.homeward.decision",
            "dev.homeward.replay",
            "dev.homeward.pricing",
            "dev.homeward.calls")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ObjectMapper.class)
        .check(CLASSES);
  }
}
