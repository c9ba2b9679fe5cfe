package dev.homeward.policy;

import dev.homeward.config.Default;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * An evaluation as it stands in a file: scores of both models, or counts of the tasks that each got
 * right, or a file of scores (schemas/evaluations.schema.json allows exactly one of them).
 *
 * @param scores a CSV beside the file
 * @param n tasks evaluated; not with {@code scores}, which has a line a task
 */
record WrittenEvaluation(
    String workload,
    String localModel,
    @Default("\"score\"") String metric,
    OptionalDouble hostedScore,
    OptionalDouble localScore,
    OptionalLong bothRight,
    OptionalLong onlyHostedRight,
    OptionalLong onlyLocalRight,
    Optional<String> scores,
    OptionalLong n,
    Optional<LocalDate> date,
    Optional<String> note) {}
