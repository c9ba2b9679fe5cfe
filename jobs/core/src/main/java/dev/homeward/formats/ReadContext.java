package dev.homeward.formats;

import java.util.Optional;

/**
 * What the user said about the source, for formats that do not say it themselves.
 *
 * @param workload name of the workload of every call ({@code --workload})
 * @param hostedModel hosted model of every call ({@code --hosted-model})
 * @param keepIds whether call ids are kept
 */
public record ReadContext(
    Optional<String> workload, Optional<String> hostedModel, boolean keepIds) {}
