package dev.homeward;

import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The package graph of the core: who may know whom. A new line here is a decision. */
final class PackageGraphTest {
  private static final Set<String> ADAPTERS_KNOW =
      Set.of("formats.records", "formats.scan", "calls", "units");

  private static final Map<String, Set<String>> MAY_KNOW =
      Map.ofEntries(
          Map.entry("units", Set.of()),
          Map.entry("measured", Set.of("units")),
          Map.entry(
              "calibration", Set.of("measured", "serving", "replay", "calls", "catalog", "units")),
          Map.entry("config", Set.of("units")),
          Map.entry("calls", Set.of("units")),
          Map.entry("formats.scan", Set.of("calls", "units")),
          Map.entry("formats.records", Set.of("formats.scan", "calls", "units")),
          Map.entry("formats.canonical", ADAPTERS_KNOW),
          Map.entry("formats.provider", ADAPTERS_KNOW),
          Map.entry("formats.gateway", ADAPTERS_KNOW),
          Map.entry("formats.cloud", ADAPTERS_KNOW),
          Map.entry("formats.agent", ADAPTERS_KNOW),
          Map.entry("formats.tracer", ADAPTERS_KNOW),
          Map.entry("formats.usage", ADAPTERS_KNOW),
          Map.entry("formats.trace", ADAPTERS_KNOW),
          Map.entry(
              "formats.mapped",
              Set.of("formats.records", "formats.scan", "calls", "config", "units")),
          Map.entry(
              "formats",
              Set.of(
                  "formats.scan",
                  "formats.records",
                  "formats.canonical",
                  "formats.provider",
                  "formats.gateway",
                  "formats.cloud",
                  "formats.agent",
                  "formats.tracer",
                  "formats.usage",
                  "formats.trace",
                  "formats.mapped",
                  "calls",
                  "units")),
          Map.entry("catalog", Set.of("units", "config")),
          Map.entry("serving", Set.of("catalog", "units")),
          Map.entry("replay", Set.of("serving", "calls", "catalog", "units")),
          Map.entry("pricing", Set.of("catalog", "calls", "units")),
          Map.entry("economics", Set.of("catalog", "units", "config")),
          Map.entry("policy", Set.of("calls", "catalog", "config", "units")),
          Map.entry(
              "decision",
              Set.of(
                  "economics",
                  "replay",
                  "serving",
                  "pricing",
                  "policy",
                  "catalog",
                  "calls",
                  "units")),
          Map.entry("keeping", Set.of("replay", "calls", "units")),
          Map.entry(
              "report",
              Set.of(
                  "keeping",
                  "decision",
                  "economics",
                  "replay",
                  "pricing",
                  "policy",
                  "catalog",
                  "calls",
                  "units")),
          Map.entry("generate", Set.of("calls", "units")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
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
          .map(d -> d.getTargetClass().getBaseComponentType())
          .filter(c -> c.getPackageName().startsWith("dev.homeward."))
          .map(PackageGraphTest::room)
          .filter(target -> !target.equals(mine) && !allowed.contains(target))
          .distinct()
          .forEach(target -> broken.add(from.getName() + " knows " + target));
    }
    Assertions.assertEquals(List.of(), broken);
  }

  @Test
  void coreUsesNoClockNoPrintingAndNoUnseededRandom() {
    List<String> broken = new ArrayList<>();
    for (JavaClass from : CLASSES) {
      from.getMethodCallsFromSelf().stream()
          .map(call -> call.getTargetOwner().getName() + "." + call.getTarget().getName())
          .filter(
              call ->
                  Set.of(
                          "java.lang.System.currentTimeMillis",
                          "java.lang.System.nanoTime",
                          "java.time.Instant.now",
                          "java.time.LocalDate.now",
                          "java.time.LocalDateTime.now",
                          "java.lang.Math.random",
                          "java.util.UUID.randomUUID")
                      .contains(call))
          .forEach(call -> broken.add(from.getName() + " calls " + call));
      from.getFieldAccessesFromSelf().stream()
          .filter(a -> a.getTargetOwner().getName().equals("java.lang.System"))
          .forEach(a -> broken.add(from.getName() + " uses System." + a.getTarget().getName()));
    }
    Assertions.assertEquals(List.of(), broken);
  }

  @Test
  void sparkIsNotOnTheClasspathOfTheCore() {
    assertThrows(ClassNotFoundException.class, () -> Class.forName("org.apache.spark.SparkConf"));
  }

  private static String room(JavaClass c) {
    String root = "dev.homeward.";
    return c.getPackageName().startsWith(root) ? c.getPackageName().substring(root.length()) : "";
  }
}
