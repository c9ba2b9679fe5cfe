package dev.homeward.validate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.catalog.HostedModels;
import dev.homeward.files.Compression;
import dev.homeward.files.Files;
import dev.homeward.logs.FileCounts;
import dev.homeward.logs.LogFile;
import dev.homeward.logs.LogInputs;
import dev.homeward.logs.LogOptions;
import dev.homeward.logs.NoCalls;
import dev.homeward.logs.StrayFile;
import dev.homeward.progress.Progress;
import dev.homeward.progress.Stage;
import dev.homeward.units.Columns;
import dev.homeward.units.InvalidInput;
import dev.homeward.units.NanoUsd;
import dev.homeward.units.TimeUnits;
import dev.homeward.units.VisibleText;
import dev.homeward.validate.LogScan.CallSums;
import dev.homeward.validate.LogScan.FileScan;
import dev.homeward.validate.LogScan.KeyMonth;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reports what logs hold and what is wrong with them, without a review: by file, then in all, then
 * the policy lines that would give unassigned calls a workload.
 */
public final class Validation {
  private static final int FILES_SHOWN = 40;
  private static final int NAMES_SHOWN = 5;
  private static final int REJECTS_SHOWN = 2;
  private static final int LONGEST_NAME = 40;
  private static final int RULES_SHOWN = 6;

  /** A call that costs more, ten thousand dollars, has a wrong price. */
  private static final long UNLIKELY_NANO_USD = 10_000_000_000_000L;

  private final Files files;
  private final LogOptions options;
  private final boolean copies;
  private final Values values;
  private final Progress progress;

  /**
   * Whether to show the attribute values of calls without a workload. They are the log's own texts,
   * and some tools put a prompt into a name or into metadata.
   */
  public enum Values {
    HIDDEN,
    SHOWN
  }

  /**
   * @param copies whether copies of calls are looked for, which takes memory
   */
  public Validation(
      Files files, LogOptions options, boolean copies, Values values, Progress progress) {
    this.files = files;
    this.options = options;
    this.copies = copies;
    this.values = values;
    this.progress = progress;
  }

  /**
   * How it ended.
   *
   * @param text what to show
   * @param document the same for programs
   * @param clean whether no record was rejected, and the log holds a call or a bucket at all
   */
  public record Findings(String text, ObjectNode document, boolean clean) {}

  /**
   * Writes the mapping that the columns of a table propose.
   *
   * @param file where to; empty: it is only shown
   */
  public Findings suggest(String file) {
    Suggestion suggestion = Suggestion.of(files, options);
    String text = suggestion.isEmpty() && file.isEmpty() ? none() : suggestion.text();
    return new Findings(
        file.isEmpty() ? text : text + suggestion.write(file),
        suggestion.document(),
        !suggestion.isOpen());
  }

  private static String none() {
    return "No file is a table of calls that is not of a known format: none needs a mapping.\n";
  }

  /** Reads the logs once and reports. */
  public Findings run() {
    LogInputs inputs;
    try {
      inputs = LogInputs.read(files, options, progress);
    } catch (InvalidInput e) {
      // A table that asks something is shown with its questions.
      Optional<Suggestion> asked = asked();
      if (asked.isEmpty()) {
        throw e;
      }
      return new Findings(asked.get().text(), asked.get().document(), false);
    }
    return run(inputs);
  }

  private Optional<Suggestion> asked() {
    try {
      Suggestion suggestion = Suggestion.of(files, options);
      return options.mappings().isEmpty() && suggestion.isOpen()
          ? Optional.of(suggestion)
          : Optional.empty();
    } catch (InvalidInput e) {
      // What was wrong before is said already.
      return Optional.empty();
    }
  }

  private Findings run(LogInputs inputs) {
    progress.done(Stage.SETTINGS, "read settings and looked at %,d files", inputs.files().size());
    int threads = Runtime.getRuntime().availableProcessors();
    LogScan log = new LogScan(files, inputs.settings(), ZoneOffset.UTC, threads, copies);
    List<FileScan> scans = log.run(inputs.files(), progress);
    long[] again = copies ? copies(scans) : null;
    FileScan all = new FileScan();
    FindingsDocument document = new FindingsDocument(inputs);
    NoCalls noCalls = new NoCalls();
    StringBuilder text = new StringBuilder();
    int notShown = 0;
    for (int i = 0; i < scans.size(); i++) {
      FileScan scan = scans.get(i);
      LogFile file = inputs.files().get(i);
      if (i < FILES_SHOWN || (scan.counts.rejected > 0 && i - notShown < 2 * FILES_SHOWN)) {
        line(text, "%s (%,d bytes%s)", file.name(), file.bytes(), compression(file));
        line(text, "  format      %s: %s", file.format(), file.why());
        describe(text, scan, again == null ? -1 : again[i], inputs);
        dearest(text, scan);
        NoCalls.note(scan.counts).ifPresent(note -> line(text, "  note        %s", note));
        examples(text, scan.counts);
      } else {
        notShown++;
      }
      document.add(file, scan, again == null ? -1 : again[i]);
      noCalls.add(file, scan.counts);
      all.add(scan);
      scan.ids = new long[0];
    }
    if (notShown > 0) {
      line(text, "%,d more files are not shown one by one.", notShown);
    }
    progress.done(Stage.READ, "read %,d records", all.counts.records);
    long copiesInAll = again == null ? -1 : Arrays.stream(again).sum();
    if (scans.size() > 1) {
      line(text, "All %,d files", scans.size());
      describe(text, all, copiesInAll, inputs);
    }
    if (again == null) {
      line(text, "Copies of calls were not looked for.");
    }
    if (log.hasTooManySpans()) {
      line(text, "Calls that repeat calls of other records were not looked for; a review does.");
    }
    rules(text, all);
    noCalls.lines().forEach(line -> line(text, "%s", line));
    StrayFile.told(inputs.passedOver(), FILES_SHOWN).forEach(line -> line(text, "%s", line));
    if (inputs.files().stream().anyMatch(LogFile::isReadByItsColumns)) {
      text.append(Suggestion.of(files, options).text());
    }
    boolean clean = all.counts.rejected == 0 && !NoCalls.isWithout(all.counts);
    return new Findings(text.toString(), document.whole(all, copiesInAll, clean), clean);
  }

  /** What usage reports say, as it stands in them: a review settles what overlaps. */
  private static void billed(StringBuilder text, CallSums buckets) {
    if (buckets.tokens() > 0) {
      tokens(text, "billed", buckets);
    }
    if (buckets.loggedCalls > 0) {
      line(text, "  billed cost $%s in %,d buckets", buckets.loggedUsd(), buckets.loggedCalls);
    }
  }

  private static void tokens(StringBuilder text, String title, CallSums sums) {
    line(
        text,
        "  %-11s %,d input + %,d read from cache + %,d written to cache + %,d output",
        title,
        sums.input,
        sums.cacheRead,
        sums.cacheWrite5m + sums.cacheWrite1h,
        sums.output);
  }

  private static String compression(LogFile file) {
    return file.compression() == Compression.NONE ? "" : ", " + file.compression().word();
  }

  private static void describe(StringBuilder text, FileScan scan, long again, LogInputs inputs) {
    FileCounts c = scan.counts;
    CallSums total = scan.total();
    line(
        text,
        "  records     %,d = %,d calls + %,d no calls + %,d rejected + %,d buckets of usage"
            + " reports",
        c.records,
        c.calls,
        c.ignored + c.nested,
        c.rejected,
        c.buckets);
    c.rejectedByReason.forEach((reason, n) -> line(text, "  rejected    %,d %s", n, reason));
    billed(text, scan.ofBuckets);
    if (c.calls == 0) {
      return;
    }
    line(text, "  span        %s to %s", instant(scan.firstMicros), instant(scan.lastMicros));
    tokens(text, "tokens", total);
    if (total.loggedCalls > 0) {
      line(text, "  logged cost $%s of %,d calls", total.loggedUsd(), total.loggedCalls);
    }
    if (again > 0) {
      line(
          text,
          "  copies      %,d of these calls have the id of another; a review drops them",
          again);
    }
    notes(text, scan);
    TreeMap<String, Long> models = new TreeMap<>();
    TreeMap<String, Long> workloads = new TreeMap<>();
    TreeMap<String, Long> months = new TreeMap<>();
    scan.sums.forEach(
        (key, sum) -> {
          models.merge(key.key().hostedModel(), sum.calls, Long::sum);
          workloads.merge(key.key().workload(), sum.calls, Long::sum);
          months.merge(month(key), sum.calls, Long::sum);
        });
    line(text, "  months      %s", names(months));
    line(text, "  models      %s", names(models));
    line(text, "  workloads   %s", names(workloads));
    models.forEach(
        (model, n) -> {
          if (HostedModels.isLocal(model)) {
            line(
                text,
                "  local       model %s (%,d calls) was served by a server of your own: no API"
                    + " price, not ranked",
                shown(model),
                n);
          } else if (inputs.catalog().hostedModels().byId(model).isEmpty()) {
            line(
                text,
                "  unknown     model %s (%,d calls) is not in the catalog; nearest: %s",
                shown(model),
                n,
                String.join(", ", inputs.catalog().hostedModels().nearest(model)));
          }
        });
  }

  private static void dearest(StringBuilder text, FileScan scan) {
    if (scan.dearestNanoUsd > UNLIKELY_NANO_USD) {
      line(
          text,
          "  note        line %,d: one call that costs $%s",
          scan.dearestLine,
          new NanoUsd(scan.dearestNanoUsd).toString(2));
    }
  }

  private static void examples(StringBuilder text, FileCounts counts) {
    for (String reason : counts.rejectedByReason.keySet()) {
      counts.samples.stream()
          .filter(s -> s.reason().equals(reason))
          .limit(REJECTS_SHOWN)
          .forEach(
              s ->
                  line(text, "  %-27s line %,d: %s  %s", reason, s.line(), s.detail(), s.sample()));
    }
  }

  private static void notes(StringBuilder text, FileScan scan) {
    note(text, scan.missingUsage, "calls without usage: kept, and never taken as zero tokens");
    FileCounts counts = scan.counts;
    note(text, counts.nested, "records repeat the usage of calls below them and are no calls");
    note(
        text,
        counts.unexplained,
        "calls hold counts that no rule of their source explains: these are left out");
    note(
        text,
        counts.cacheInDoubt,
        "calls do not say whether their input contains their cached tokens: taken as containing"
            + " them");
    note(text, scan.failures, "failures");
    note(text, scan.proxyCacheHits, "answers from a proxy's own cache: avoided volume");
    note(text, scan.retried, "retries or fallbacks");
    note(text, scan.interrupted, "answers broken off");
    note(text, scan.estimated, "calls whose tokens are the log's own estimate");
    note(
        text,
        scan.zoneAssumed,
        "calls whose times have no zone, read as UTC; --source-timezone changes that");
    note(text, scan.withoutId, "calls without an id: copies among them cannot be found");
  }

  private static void note(StringBuilder text, long n, String what) {
    if (n > 0) {
      line(text, "  note        %,d %s", n, what);
    }
  }

  static String month(KeyMonth key) {
    return "%04d-%02d".formatted(key.month() / 12, key.month() % 12 + 1);
  }

  static String instant(long micros) {
    return Instant.ofEpochSecond(
            Math.floorDiv(micros, TimeUnits.MICROS_PER_SECOND),
            Math.floorMod(micros, TimeUnits.MICROS_PER_SECOND) * TimeUnits.NANOS_PER_MICRO)
        .toString();
  }

  /** The names with most calls first. */
  private static String names(Map<String, Long> calls) {
    List<Map.Entry<String, Long>> most = new ArrayList<>(calls.entrySet());
    most.sort(
        Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
            .thenComparing(Map.Entry.comparingByKey()));
    List<String> shown = new ArrayList<>();
    for (Map.Entry<String, Long> e : most.subList(0, Math.min(NAMES_SHOWN, most.size()))) {
      shown.add(String.format(Locale.ROOT, "%s (%,d)", shown(e.getKey()), e.getValue()));
    }
    if (most.size() > NAMES_SHOWN) {
      shown.add(String.format(Locale.ROOT, "and %,d more", most.size() - NAMES_SHOWN));
    }
    return String.join(", ", shown);
  }

  private static String shown(String name) {
    return Columns.cut(VisibleText.of(name), LONGEST_NAME);
  }

  /**
   * For each file the calls whose id stands in an earlier file or earlier in its own. Copies here
   * are rows that share an id; a review also looks at request ids and sidechains.
   */
  private static long[] copies(List<FileScan> scans) {
    long ids = scans.stream().mapToLong(s -> s.idCount).sum();
    if (ids > LogScan.MOST_IDS) {
      return null;
    }
    int slots = Integer.highestOneBit((int) Math.max(ids, 8)) * 4;
    long[] seen = new long[slots];
    boolean zeroSeen = false;
    long[] copies = new long[scans.size()];
    for (int i = 0; i < copies.length; i++) {
      FileScan scan = scans.get(i);
      for (int k = 0; k < scan.idCount; k++) {
        long id = scan.ids[k];
        if (id == 0) {
          copies[i] += zeroSeen ? 1 : 0;
          zeroSeen = true;
          continue;
        }
        int slot = (int) (id * 0x9E3779B97F4A7C15L >>> 33) & slots - 1;
        while (seen[slot] != 0 && seen[slot] != id) {
          slot = slot + 1 & slots - 1;
        }
        copies[i] += seen[slot] == id ? 1 : 0;
        seen[slot] = id;
      }
    }
    return copies;
  }

  private void rules(StringBuilder text, FileScan all) {
    long unassigned =
        all.sums.entrySet().stream()
            .filter(e -> e.getKey().key().workload().equals(WorkloadKey.UNASSIGNED))
            .mapToLong(e -> e.getValue().calls)
            .sum();
    if (unassigned == 0) {
      return;
    }
    List<Rule> rules = new ArrayList<>();
    all.unassigned.forEach(
        (source, values) -> {
          TreeMap<String, Map<String, Long>> byPrefix = new TreeMap<>();
          values.forEach(
              (value, n) ->
                  byPrefix
                      .computeIfAbsent(prefix(source, value), p -> new TreeMap<>())
                      .put(value, n));
          byPrefix.forEach((prefix, of) -> rules.add(new Rule(source, prefix, of)));
        });
    rules.sort(
        Comparator.comparingLong(Rule::calls)
            .reversed()
            .thenComparing(Rule::source)
            .thenComparing(Rule::prefix));
    line(text, "%,d calls have no workload.", unassigned);
    if (rules.isEmpty()) {
      line(text, "They carry no names at all. Give the workload of the log with --workload NAME.");
      return;
    }
    line(text, "Add the line that names your workloads to workload-rules of homeward/policy.yaml:");
    line(text, "workload-rules:");
    for (Rule rule : rules.subList(0, Math.min(RULES_SHOWN, rules.size()))) {
      line(text, "%s", rule.yaml(values));
    }
    if (values == Values.HIDDEN) {
      line(
          text,
          "--show-values shows the values: they are texts of the log, prompts maybe among them.");
    }
  }

  /** Tags are often words with a prefix that says what they are. */
  private static String prefix(String source, String value) {
    int colon = value.indexOf(':');
    boolean word = colon > 0 && value.substring(0, colon).matches("[A-Za-z][A-Za-z0-9_.-]{0,23}");
    return source.equals("tag") && word ? value.substring(0, colon + 1) : "";
  }

  private record Rule(String source, String prefix, Map<String, Long> values) {
    long calls() {
      return values.values().stream().mapToLong(n -> n).sum();
    }

    String yaml(Values shown) {
      String from = quoted(source);
      String rule =
          prefix.isEmpty()
              ? "  - { from: %s }".formatted(from)
              : "  - { from: %s, prefix: %s }".formatted(from, quoted(prefix));
      String which =
          shown == Values.SHOWN
              ? ": " + names(values)
              : String.format(
                  Locale.ROOT, ", %,d %s", values.size(), values.size() == 1 ? "value" : "values");
      return String.format(Locale.ROOT, "%-48s # %,d calls%s", rule, calls(), which);
    }

    private static String quoted(String word) {
      boolean plain = word.matches("[A-Za-z][A-Za-z0-9_.-]*");
      return plain
          ? word
          : "\"" + VisibleText.of(word).replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(VisibleText.of(String.format(Locale.ROOT, format, values))).append('\n');
  }
}
