package dev.homeward.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.homeward.calibration.Calibration;
import dev.homeward.calibration.CatalogNames;
import dev.homeward.calibration.EfficiencyYaml;
import dev.homeward.calibration.MeasuredFiles;
import dev.homeward.calibration.ServingFits;
import dev.homeward.catalog.EfficiencyParameter;
import dev.homeward.keeping.Codec;
import dev.homeward.units.InvalidInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code homeward calibrate}: fits engines' efficiency to measurements. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = {
      "Fits the efficiency parameters of engines to measurements and writes them as catalog"
          + " entries.",
      "Reads llama-bench (json, jsonl, csv), llama-batched-bench (jsonl, csv), results of vllm"
          + " bench serve,",
      "GenAI-Perf, AIPerf and GuideLLM (json), and CSV of serving points."
    },
    footer = {
      "",
      "Example: homeward calibrate my-bench.json --accelerator rtx-4090 --out my-4090.yaml",
      "         homeward calibrate vllm-*.json --engine vllm --accelerator l40s --weights fp8 --out"
          + " my-l40s.yaml",
      "then     homeward review LOG --hardware my-4090.yaml"
    })
final class CalibrateCommand implements Callable<Integer> {
  /** A fit that is further off its own points says so, on the console and in the file. */
  private static final double BAD_FIT = 0.25;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Measurements.")
  private List<Path> files;

  @Option(
      names = "--hold-out",
      paramLabel = "MODEL",
      description = "Test on this model and do not fit to it; repeatable.")
  private Set<String> heldOut = Set.of();

  @Option(
      names = "--reference",
      paramLabel = "TEXT",
      defaultValue = "own measurements",
      description = "Where the measurements come from, for the source; default ${DEFAULT-VALUE}.")
  private String reference;

  @Option(
      names = "--date",
      paramLabel = "DATE",
      description = "Day of the measurements, ISO-8601; default today.")
  private String date;

  @Option(names = "--out", paramLabel = "FILE", description = "Where to write the sets as YAML.")
  private Path out;

  @Mixin private MeasurementFlags flags;
  @Mixin private OutputFlags output;

  private final ObjectNode document = Codec.object();

  @Override
  public Integer call() throws IOException {
    CatalogNames names = flags.names();
    MeasuredFiles measured = MeasuredFiles.read(files, flags.server());
    Calibration calibration =
        new Calibration(names, measured, flags.accelerator(), flags.engineVersion(), heldOut);
    leftOut(measured, calibration);
    String day = date != null ? date : LocalDate.now(ZoneOffset.UTC).toString();
    List<Calibration.Fitted> sets = calibration.fit(reference, day);
    if (sets.isEmpty()) {
      throw new InvalidInput(
          "Cannot calibrate: none of %d points is of a model, accelerator and format of the catalog"
              .formatted(measured.serving().size() + measured.benches().size()));
    }
    List<EfficiencyYaml.FittedSet> entries = new ArrayList<>();
    ArrayNode fitted = document.putArray("sets");
    for (Calibration.Fitted set : sets) {
      EfficiencyYaml.FittedSet entry = said(set);
      entries.add(entry);
      fitted.add(document(set, entry.comment()));
    }
    if (out != null) {
      Files.writeString(out, EfficiencyYaml.of(entries, header()));
      say("%nWritten to %s; use it with --hardware %s", out, out);
      document.put("written_to", out.toString());
    }
    output.print("", document);
    return 0;
  }

  private String header() {
    return "Written by homeward calibrate; how much of a chip an engine gets (docs/method.md, step"
        + " time).";
  }

  private void say(String format, Object... values) {
    // At once: what is left out is said even if nothing is left to fit to.
    output.print(String.format(Locale.ROOT, format + "%n", values));
  }

  private void leaveOut(String what) {
    say("left out  %s", what);
    document.withArray("left_out").add(what);
  }

  private void leftOut(MeasuredFiles measured, Calibration calibration) {
    measured.problems().forEach(this::leaveOut);
    calibration
        .unknown()
        .forEach((what, n) -> leaveOut("%d points: unknown %s".formatted(n, what)));
    Map<String, Long> reasons = new TreeMap<>();
    calibration.serving().stream()
        .filter(c -> !c.exclusion().isEmpty())
        .forEach(c -> reasons.merge(c.exclusion().replaceAll(":.*", ""), 1L, Long::sum));
    reasons.forEach((reason, n) -> leaveOut("%d points: %s".formatted(n, reason)));
  }

  private static ObjectNode document(Calibration.Fitted set, List<String> comment) {
    ObjectNode n = Codec.object().put("engine", set.engine());
    n.set("accelerators", Codec.tree(set.accelerators()));
    n.set("errors", Codec.tree(set.lines()));
    n.put("residual", set.fit().efficiency().residual());
    ObjectNode parameters = n.putObject("parameters");
    set.fit().efficiency().values().forEach((p, value) -> parameters.put(p.key(), value));
    ArrayNode blind = n.putArray("not_identified");
    set.fit().notIdentified().forEach(p -> blind.add(p.key()));
    n.put("bad_fit", comment.stream().anyMatch(line -> line.startsWith("BAD FIT")));
    return n;
  }

  private EfficiencyYaml.FittedSet said(Calibration.Fitted set) {
    say("%n%s on %s", set.engine(), String.join(", ", set.accelerators()));
    List<String> comment = new ArrayList<>();
    for (ServingFits.Line tested : set.lines()) {
      String line =
          String.format(
              Locale.ROOT,
              "%-22s %5d points, mean error %5.1f %%, bias %+5.1f %%",
              tested.tested(),
              tested.points(),
              100 * tested.error(),
              100 * tested.bias());
      say("  %s", line);
      comment.add(line);
    }
    say("  residual (log standard deviation) %.3f", set.fit().efficiency().residual());
    set.fit()
        .efficiency()
        .values()
        .forEach(
            (parameter, value) -> {
              Double spread = set.fit().spreads().get(parameter);
              say(
                  "  %-22s %10s  %s",
                  parameter.key(),
                  value,
                  spread == null
                      ? "fixed"
                      : spread > 0.8 ? "not identified by these data" : "fitted");
            });
    for (ServingFits.Line line : set.lines()) {
      if (line.tested().startsWith("all") && line.error() > BAD_FIT) {
        String bad =
            String.format(
                Locale.ROOT,
                "BAD FIT: %s is %.0f %% off the very points it was fitted to; something in them is"
                    + " not in the model (another engine version? see --engine-version; throttling,"
                    + " a wrong label)",
                line.tested(),
                100 * line.error());
        say("  %s", bad);
        comment.add(bad);
      }
    }
    List<EfficiencyParameter> blind = set.fit().notIdentified();
    if (!blind.isEmpty()) {
      comment.add(
          "not identified, near the prior: "
              + blind.stream().map(EfficiencyParameter::key).collect(Collectors.joining(", ")));
    }
    return new EfficiencyYaml.FittedSet(
        set.engine(), set.accelerators(), set.fit().efficiency(), comment);
  }
}
