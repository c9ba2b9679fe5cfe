package dev.homeward.workbook;

import dev.homeward.economics.Assumptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the program's assumptions.yaml says of each key: the comment above it. Keys that follow one
 * another share the comment above the first of them.
 */
final class AssumptionReasons {
  private static final String FILE = "assumptions.yaml";
  private static final Pattern KEY = Pattern.compile("([a-z][a-z0-9-]*):.*");

  private AssumptionReasons() {}

  static Map<String, String> all() {
    Map<String, String> reasons = new LinkedHashMap<>();
    StringBuilder comment = new StringBuilder();
    boolean ended = false;
    for (String line : text().lines().toList()) {
      Matcher key = KEY.matcher(line);
      if (line.startsWith("#")) {
        if (ended) {
          comment.setLength(0);
          ended = false;
        }
        comment.append(comment.isEmpty() ? "" : " ").append(line.substring(1).strip());
      } else if (key.matches()) {
        reasons.put(key.group(1), comment.toString());
        ended = true;
      } else if (line.isBlank()) {
        comment.setLength(0);
        ended = false;
      }
    }
    return reasons;
  }

  private static String text() {
    try (InputStream in = Assumptions.class.getResourceAsStream(FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + FILE, e);
    }
  }
}
