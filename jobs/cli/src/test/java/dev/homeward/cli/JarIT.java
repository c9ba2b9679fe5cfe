package dev.homeward.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The jar that people get. */
final class JarIT {
  private static final String LICENSES = "META-INF/licenses/";

  /** Who gives the jar away must give these along: every class lies in a package with a licence. */
  @Test
  void everyLibraryThatTheJarCarriesHasItsLicenceInIt() throws IOException {
    TreeSet<String> packages = new TreeSet<>();
    TreeSet<String> classes = new TreeSet<>();
    try (JarFile jar = new JarFile(Path.of("target", "homeward.jar").toFile())) {
      for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
        String name = all.nextElement().getName();
        if (name.startsWith(LICENSES) && name.endsWith(".txt")) {
          packages.add(name.substring(LICENSES.length(), name.length() - ".txt".length()));
        } else if (name.endsWith(".class") && !name.startsWith("dev/homeward/")) {
          classes.add(name.replaceFirst("^META-INF/versions/\\d+/", "").replace('/', '.'));
        }
      }
      assertTrue(text(jar, "META-INF/LICENSE").contains("Apache License"));
      assertTrue(text(jar, LICENSES + "org.jline.txt").contains("Redistribution and use"));
    }
    assertTrue(classes.size() > 100, "the jar carries libraries");
    classes.removeIf(name -> packages.stream().anyMatch(p -> name.startsWith(p + ".")));
    assertEquals(List.of(), List.copyOf(classes), "classes without a licence");
  }

  private static String text(JarFile jar, String name) throws IOException {
    return new String(
        jar.getInputStream(jar.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
  }
}
