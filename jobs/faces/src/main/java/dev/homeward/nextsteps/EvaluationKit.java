package dev.homeward.nextsteps;

import dev.homeward.calls.CallTable;
import dev.homeward.calls.WorkloadKey;
import dev.homeward.decision.Alternative;
import dev.homeward.decision.Evaluation;
import dev.homeward.decision.RankedWorkload;
import dev.homeward.report.Csv;
import dev.homeward.units.TimeUnits;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What an evaluation takes that a workload waits for: which calls to do it on, how many, the bar,
 * and a file of scores that {@code evaluations.yaml} names once it is filled in. Of the log it
 * holds files and lines, no text.
 */
final class EvaluationKit {
  private static final String SAMPLE =
      "task,screening,file,line,started_at,input_tokens,output_tokens\n";

  private final RankedWorkload row;
  private final Evaluation evaluation;
  private final String name;
  private final double margin;

  /**
   * @param name fit for files
   * @param margin the policy's: how far behind a model may be
   */
  EvaluationKit(RankedWorkload row, String name, double margin) {
    this.row = row;
    this.evaluation = row.evaluation().orElseThrow();
    this.name = name;
    this.margin = margin;
  }

  /** Name of the file of scores, beside the entry that names it. */
  private String scores() {
    return "scores-" + name + ".csv";
  }

  /** Writes the kit's files. */
  void write(Consumer<Consumer<CallTable>> calls, BiConsumer<String, String> sink) {
    CallSample sample = new CallSample(evaluation.tasks());
    if (evaluation.tasks() > 0) {
      calls.accept(sample::add);
    }
    sink.accept("README.md", readme(sample));
    if (evaluation.tasks() > 0) {
      sink.accept("sample.csv", sample(sample.drawn()));
      sink.accept(scores(), "hosted,local\n" + ",\n".repeat(sample.drawn().size()));
      sink.accept("evaluations.yaml", entry(sample));
    }
  }

  private static String sample(List<CallSample.Call> calls) {
    StringBuilder csv = new StringBuilder(SAMPLE);
    for (int task = 1; task <= calls.size(); task++) {
      CallSample.Call call = calls.get(task - 1);
      csv.append(task)
          .append(task <= Evaluation.SCREENING_TASKS ? ",yes," : ",,")
          .append(Csv.cell(call.file()))
          .append(',')
          .append(call.line())
          .append(',')
          .append(time(call.startedAtMicros()))
          .append(',')
          .append(known(call.inputTokens()))
          .append(',')
          .append(known(call.outputTokens()))
          .append('\n');
    }
    return csv.toString();
  }

  private static String known(OptionalLong count) {
    return count.isPresent() ? Long.toString(count.getAsLong()) : "";
  }

  private static String time(long micros) {
    return Instant.ofEpochSecond(
            Math.floorDiv(micros, TimeUnits.MICROS_PER_SECOND),
            Math.floorMod(micros, TimeUnits.MICROS_PER_SECOND) * TimeUnits.NANOS_PER_MICRO)
        .toString();
  }

  private String entry(CallSample sample) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("workload", row.workload().key().workload());
    entry.put("local-model", evaluation.localModel());
    entry.put("metric", "score");
    entry.put("scores", scores());
    return Comments.of(
            List.of(
                "For homeward/evaluations.yaml (copy %s beside it), once every line of the %,d has two"
                        .formatted(scores(), sample.drawn().size())
                    + " scores from 0 to 1: the hosted model's and the local one's. Lines that were not"
                    + " done are taken out. Format: schemas/evaluations.schema.json."))
        + Yaml.of(Map.of("evaluations", List.of(entry)));
  }

  private String readme(CallSample sample) {
    WorkloadKey key = row.workload().key();
    StringBuilder text = new StringBuilder();
    line(text, "# Evaluation of %s on %s", evaluation.localModel(), Markdown.text(key.workload()));
    line(
        text,
        "\nToday %s answers (data class %s). Tested is %s%s.",
        Markdown.text(key.hostedModel()),
        Markdown.text(key.dataClass()),
        evaluation.localModel(),
        how());
    if (evaluation.tasks() == 0) {
      line(
          text,
          "\nNo number of tasks would prove it while the scores of the last evaluation stay as they are:"
              + " they lie below the bar. Try another model or format.");
      return text.toString();
    }
    line(
        text,
        "\n**How many.** %,d tasks that both models do, about %.0f hours of people. `sample.csv` names"
            + " %,d calls by file and line, drawn at random from %,d that were answered, at most one of a"
            + " session while there are enough. In a file that has no lines, such as a table or one JSON document, the line is the number of the record.",
        evaluation.tasks(),
        evaluation.hours(),
        sample.drawn().size(),
        sample.eligible());
    if (sample.drawn().size() < evaluation.tasks()) {
      line(
          text,
          "The log has %,d tasks too few: take the rest from the next month.",
          evaluation.tasks() - sample.drawn().size());
    }
    line(
        text,
        "\n**Screen first.** The first %d are marked. %s",
        evaluation.screening().tasks(),
        screening());
    line(
        text,
        "\n**The bar.** The local model passes if, with 95 %% certainty, it is at most %s points of a"
            + " hundred behind the hosted one on the same tasks: the lower end of the 90 %% interval for"
            + " the mean of local less hosted lies above %s (policy: non-inferiority-margin). It fails if"
            + " all of the interval lies below; between the two it stays open.",
        number(100 * margin),
        number(-margin));
    line(
        text,
        "\n**How.**\n1. Fetch each call's prompt from your own log by file and line; no text is kept"
            + " here.\n2. Let both models answer it with the same settings, and judge the answers without"
            + " knowing whose they are: 1 for right, 0 for wrong, or any score between.\n3. Write the two"
            + " scores into `%s`, a line a task in the order of `sample.csv`.\n4. Put the entry of"
            + " `evaluations.yaml` into `homeward/evaluations.yaml` beside the log, `%s` beside it, and"
            + " review again.",
        scores(),
        scores());
    line(
        text,
        "\nInstead of scores, counts will do: `n`, `both-right`, `only-hosted-right`,"
            + " `only-local-right`.");
    return text.toString();
  }

  private String how() {
    if (row.waiting().isPresent()) {
      RankedWorkload.On on = row.waiting().get().on();
      return " as it would be served: %s under %s on %s"
          .formatted(
              Markdown.text(on.quantization()),
              Markdown.text(on.engine()),
              Markdown.text(on.hardware()));
    }
    return row.alternatives().stream()
        .filter(a -> a.model().id().equals(evaluation.localModel()) && a.isViable())
        .findFirst()
        .map(EvaluationKit::format)
        .orElse("");
  }

  private static String format(Alternative a) {
    return " in the format that would be served, %s under %s"
        .formatted(Markdown.text(a.quantization().name()), Markdown.text(a.engine().name()));
  }

  private String screening() {
    StringBuilder text = new StringBuilder();
    if (evaluation.screening().refutesFrom() <= 1) {
      text.append(
          "Behind on %.0f or more of them, counted as only-hosted-right less only-local-right, the model is out. "
              .formatted(evaluation.screening().refutesFrom() * evaluation.screening().tasks()));
    }
    if (evaluation.screening().provesFrom() <= 1) {
      text.append(
          "Ahead on %.0f or more, it has passed. "
              .formatted(evaluation.screening().provesFrom() * evaluation.screening().tasks()));
    }
    return text.append("Less than that tells nothing: go on.").toString();
  }

  private static String number(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
