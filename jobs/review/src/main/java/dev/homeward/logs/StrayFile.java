package dev.homeward.logs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.units.Columns;
import dev.homeward.units.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A file of a folder that is no log, and is passed over.
 *
 * @param name its path below what the user named
 * @param why why it is none
 */
public record StrayFile(String name, String why) {
  private static final int LONGEST = 110;

  public StrayFile {
    // A name may hold anything, as that of a log.
    name = VisibleText.nameOf(name);
  }

  /** Says which files are passed over: a line, and one for each of the first ones. */
  public static List<String> told(List<StrayFile> strays, int most) {
    if (strays.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        strays.size() == 1
            ? "Passed over 1 file that is no log:"
            : String.format(Locale.ROOT, "Passed over %,d files that are no logs:", strays.size()));
    lines(strays, most).forEach(line -> lines.add("  " + line));
    return lines;
  }

  /** Says in a manifest which files were passed over, if any were. */
  public static void write(List<StrayFile> strays, ObjectNode manifest) {
    if (!strays.isEmpty()) {
      ArrayNode all = manifest.putArray("passed_over");
      strays.forEach(file -> all.addObject().put("name", file.name).put("why", file.why));
    }
  }

  /** A line for each of the first ones, and how many more there are. */
  private static List<String> lines(List<StrayFile> strays, int most) {
    List<String> lines = new ArrayList<>();
    for (StrayFile stray : strays.subList(0, Math.min(most, strays.size()))) {
      lines.add(stray.line());
    }
    if (strays.size() > most) {
      lines.add(String.format(Locale.ROOT, "and %,d more", strays.size() - most));
    }
    return lines;
  }

  private String line() {
    // What else the nearest format has helps only whoever names the file.
    String first = why.split("; ", 2)[0];
    return VisibleText.of(name) + ": " + Columns.cut(VisibleText.of(first), LONGEST);
  }

  /** The message where nothing else was found. */
  static String nothingElse(String paths, List<StrayFile> strays) {
    return "Cannot read %s: no file in it is a known log (%s). Maybe name one of them alone, which says more"
        .formatted(paths, String.join("; ", lines(strays, 3)));
  }
}
