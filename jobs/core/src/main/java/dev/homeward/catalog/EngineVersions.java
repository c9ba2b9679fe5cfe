package dev.homeward.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of an engine's versions in the catalog a build is. Tools and tables write a build as a
 * month ({@code 2026-02 build 7941}), a number ({@code b4589}) or a release ({@code 0.19.0}); of
 * the versions whose {@code since} is of that kind and not later, it is the last.
 */
public final class EngineVersions {
  private static final Pattern MONTH = Pattern.compile("(?<!\\d)(20\\d\\d)-(\\d\\d)(?!\\d)");
  private static final Pattern BUILD = Pattern.compile("(?:\\bb|build[ :#]*)(\\d{3,6})\\b");
  private static final Pattern RELEASE = Pattern.compile("(?<![\\w.])v?(\\d+(?:\\.\\d+){1,3})");

  private EngineVersions() {}

  /**
   * The version that a build is of.
   *
   * @param versions of one engine, today's among them
   * @param build as a file of measurements names it
   * @return empty if the text names no month, build or release that these versions go by
   */
  public static Optional<Engine> of(List<Engine> versions, String build) {
    for (Pattern kind : List.of(MONTH, BUILD, RELEASE)) {
      Optional<List<Integer>> wanted = numbers(kind, build);
      if (wanted.isEmpty()) {
        continue;
      }
      Engine last = null;
      List<Integer> lastSince = List.of();
      for (Engine version : versions) {
        for (String since : version.since()) {
          List<Integer> from = numbers(kind, since).orElse(List.of());
          if (!from.isEmpty()
              && compare(from, wanted.get()) <= 0
              && (last == null || compare(from, lastSince) > 0)) {
            last = version;
            lastSince = from;
          }
        }
      }
      if (last != null) {
        return Optional.of(last);
      }
    }
    return Optional.empty();
  }

  private static Optional<List<Integer>> numbers(Pattern kind, String text) {
    Matcher found = kind.matcher(text);
    if (!found.find()) {
      return Optional.empty();
    }
    List<Integer> numbers = new ArrayList<>();
    for (int i = 1; i <= found.groupCount(); i++) {
      for (String part : found.group(i).split("\\.")) {
        numbers.add(Integer.parseInt(part));
      }
    }
    return Optional.of(numbers);
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
      int difference = Integer.compare(i < a.size() ? a.get(i) : 0, i < b.size() ? b.get(i) : 0);
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }
}
