package dev.homeward.logs;

import dev.homeward.units.VisibleText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Files whose records were read, and none of which is a call or a bucket: a format may have been
 * told wrongly, so they are named.
 */
public final class NoCalls {
  private static final int SHOWN = 5;

  private final List<String> files = new ArrayList<>();
  private int all;

  /** Whether records were read, and none is a call, a bucket of a usage report or a rejection. */
  private static boolean isSilent(FileCounts counts) {
    return isWithout(counts) && counts.rejected == 0 && counts.records > 0;
  }

  /** Whether there is neither a call nor a bucket of a usage report. */
  public static boolean isWithout(FileCounts counts) {
    return counts.calls + counts.duplicates + counts.buckets == 0;
  }

  /** What to say of one file; nothing where it holds a call or says itself what is wrong. */
  public static Optional<String> note(FileCounts counts) {
    return isSilent(counts)
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "holds no call (%,d %s read): if it should hold calls, its format was told wrongly",
                counts.records,
                counts.records == 1 ? "record" : "records"))
        : Optional.empty();
  }

  public void add(LogFile file, FileCounts counts) {
    all++;
    if (isSilent(counts)) {
      files.add(VisibleText.of(file.name()) + " (read as " + file.format() + ")");
    }
  }

  /** What to say of all files; nothing where each holds a call. */
  public List<String> lines() {
    if (files.isEmpty()) {
      return List.of();
    }
    List<String> shown = new ArrayList<>(files.subList(0, Math.min(SHOWN, files.size())));
    if (files.size() > SHOWN) {
      shown.add(String.format(Locale.ROOT, "and %,d more", files.size() - SHOWN));
    }
    return List.of(
        all == files.size()
            ? "The log holds no call: no record of %s is one. Maybe another --format fits"
                .formatted(String.join(", ", shown))
            : String.format(
                Locale.ROOT,
                "No call in %,d of %,d files: %s",
                files.size(),
                all,
                String.join(", ", shown)));
  }
}
