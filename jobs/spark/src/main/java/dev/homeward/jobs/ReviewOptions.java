package dev.homeward.jobs;

import java.util.List;
import java.util.Optional;

/**
 * What the user asked of a review, as given.
 *
 * @param logs files, directories or globs
 * @param out review directory; empty: reviews/MONTH
 * @param month YYYY-MM; empty: the last complete month of the log
 * @param timezone business time zone
 * @param policy policy file; empty: homeward/policy.yaml beside the log, if there
 * @param evaluations likewise evaluations.yaml
 * @param assumptions likewise assumptions.yaml
 * @param prices user's price books, later ones over earlier ones; homeward/prices.yaml beside the
 *     log comes first, if there
 * @param hardware user's catalog files, likewise hardware.yaml
 * @param format format word or empty for auto
 * @param workload workload of every call
 * @param hostedModel hosted model of every call
 * @param master Spark master; empty: local, or what spark-submit says
 * @param partitions shuffle partitions; 0: by size
 * @param force write even if unchanged
 * @param keepIds keep call ids in calls/
 */
public record ReviewOptions(
    List<String> logs,
    Optional<String> out,
    Optional<String> month,
    String timezone,
    Optional<String> policy,
    Optional<String> evaluations,
    Optional<String> assumptions,
    List<String> prices,
    List<String> hardware,
    Optional<String> format,
    Optional<String> workload,
    Optional<String> hostedModel,
    Optional<String> master,
    int partitions,
    boolean force,
    boolean keepIds) {}
